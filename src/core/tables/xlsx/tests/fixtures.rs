//! The workbooks of `__test__/fixtures/tables/xlsx`, each with what must be read of it.

use std::fs;

use serde_json::Value;

use super::*;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/__test__/fixtures/tables/xlsx");

/// A row's number, whether it is hidden, and its cells.
type ReadRow = (u64, bool, Vec<Cell>);

/// What a workbook is as its expectation says it: the rows, or why it is refused.
fn describe(rows: Result<Vec<Row>, Failure>) -> Result<Vec<ReadRow>, String> {
    let rows = rows.map_err(|failure| failure.message)?;
    Ok(rows
        .into_iter()
        .map(|mut row| {
            while row.cells.last() == Some(&Cell::Text(String::new())) {
                row.cells.pop();
            }
            (row.number, row.is_hidden, row.cells)
        })
        .collect())
}

/// Whether a cell is as expected: the text, or part of the reason why it cannot be used.
fn is_as_expected(cell: &Cell, expected: &Value) -> bool {
    match cell {
        Cell::Text(text) => expected.as_str() == Some(text),
        Cell::Unusable(reason) => expected["unusable"]
            .as_str()
            .is_some_and(|part| reason.contains(part)),
    }
}

/// What is wrong with what was read.
fn difference(read: &Result<Vec<ReadRow>, String>, expected: &Value) -> Option<String> {
    let rows = match (read, expected["refused"].as_str()) {
        (Err(message), Some(part)) if message.contains(part) => return None,
        (Ok(rows), None) => rows,
        (read, _) => return Some(format!("{read:?}")),
    };
    let expected = expected["rows"].as_array().unwrap();
    if rows.len() != expected.len() {
        return Some(format!("{} rows: {rows:?}", rows.len()));
    }
    rows.iter()
        .zip(expected)
        .find_map(|((number, is_hidden, cells), expected)| {
            let expected_cells = expected["cells"].as_array().unwrap();
            let is_same = expected["number"] == *number
                && expected["hidden"].as_bool().unwrap_or(false) == *is_hidden
                && cells.len() == expected_cells.len()
                && cells
                    .iter()
                    .zip(expected_cells)
                    .all(|(cell, expected)| is_as_expected(cell, expected));
            (!is_same)
                .then(|| format!("row {number} (hidden: {is_hidden}): {cells:?}\n    expected: {expected}"))
        })
}

#[test]
fn every_workbook_is_read_as_expected() {
    let mut count = 0;
    let mut differences = Vec::new();
    for entry in fs::read_dir(FOLDER).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "xlsx") {
            continue;
        }
        count += 1;
        let expected = fs::read(path.with_extension("expected.json")).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        let options = Options {
            sheet: expected["options"]["sheet"].as_str().map(str::to_owned),
            include_hidden: expected["options"]["includeHidden"].as_bool().unwrap_or(false),
        };
        let read = describe(read_all(File::open(&path).unwrap(), &options, Limits::default()));
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        differences.extend(difference(&read, &expected).map(|difference| format!("{name}: {difference}")));
    }
    assert!(count > 100, "{count} workbooks");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
