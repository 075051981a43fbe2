//! Which sheet of a workbook has the records.

use super::text::excerpt;
use super::workbook::Sheet;
use crate::core::error::Failure;

/// The name of the sheet that Connect's own files keep records in.
pub const RECORDS: &str = "records";

/// Chooses the sheet with the records: the one that was asked for, the one named `records`, or the only one.
///
/// * `name`: the sheet that was asked for, in any case.
/// * `includes_hidden`: whether it may be one that Excel does not show.
///
/// # Errors
/// If there is no such sheet, or if there are several; the message names them.
pub fn choose<'a>(
    sheets: &'a [Sheet],
    name: Option<&str>,
    includes_hidden: bool,
) -> Result<&'a Sheet, Failure> {
    let sheet = match name {
        Some(name) => named(sheets, name)?,
        None => unnamed(sheets)?,
    };
    if sheet.is_hidden && !includes_hidden {
        return Err(Failure::input(format!(
            "the sheet '{}' is hidden; show it in Excel, or read hidden ones too (hidden)",
            shortened(&sheet.name)
        )));
    }
    Ok(sheet)
}

fn named<'a>(sheets: &'a [Sheet], name: &str) -> Result<&'a Sheet, Failure> {
    match find(sheets, name)? {
        Some(sheet) if sheet.is_table => Ok(sheet),
        Some(sheet) => Err(Failure::input(format!(
            "the sheet '{}' is a chart and has no cells",
            shortened(&sheet.name)
        ))),
        None => Err(Failure::input(format!(
            "the workbook has no sheet '{}'; it has {}",
            shortened(name),
            list(sheets.iter())
        ))),
    }
}

fn unnamed(sheets: &[Sheet]) -> Result<&Sheet, Failure> {
    if let Some(sheet) = find(sheets, RECORDS)?.filter(|sheet| sheet.is_table) {
        return Ok(sheet);
    }
    let mut visible = sheets.iter().filter(|sheet| sheet.is_table && !sheet.is_hidden);
    match (visible.next(), visible.next()) {
        (Some(sheet), None) => Ok(sheet),
        (Some(_), Some(_)) => Err(Failure::input(format!(
            "the workbook has several sheets, and none is named '{RECORDS}'; choose one (sheet) of {}",
            list(sheets.iter().filter(|sheet| sheet.is_table))
        ))),
        (None, _) => Err(Failure::input(match sheets {
            [] => "the workbook has no sheet".to_owned(),
            _ => format!(
                "the workbook has no visible sheet with cells; it has {}",
                list(sheets.iter())
            ),
        })),
    }
}

/// The sheet of a name, as Excel compares names: in any case.
fn find<'a>(sheets: &'a [Sheet], name: &str) -> Result<Option<&'a Sheet>, Failure> {
    let comparable = |name: &str| name.trim().to_lowercase();
    let wanted = comparable(name);
    let mut found = sheets.iter().filter(|sheet| comparable(&sheet.name) == wanted);
    match (found.next(), found.next()) {
        (sheet, None) => Ok(sheet),
        (_, Some(_)) => Err(Failure::input(format!(
            "the workbook has two sheets '{}'; rename or delete one",
            shortened(name)
        ))),
    }
}

/// The most sheets that a message names.
const MAX_NAMED: usize = 20;

fn list<'a>(sheets: impl Iterator<Item = &'a Sheet>) -> String {
    let names: Vec<String> = sheets
        .take(MAX_NAMED)
        .map(|sheet| {
            format!(
                "'{}'{}",
                shortened(&sheet.name),
                if sheet.is_hidden { " (hidden)" } else { "" }
            )
        })
        .collect();
    names.join(", ")
}

/// A name in a message: Excel allows 31 characters, a file any number.
fn shortened(name: &str) -> String {
    excerpt(name, 40)
}
