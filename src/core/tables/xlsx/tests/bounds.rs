//! Workbooks that would take too much memory or time.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;

pub const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// A workbook with these parts besides those that all have.
pub fn workbook(parts: &[(&str, &str)]) -> Cursor<Vec<u8>> {
    let fixed = [
        ("_rels/.rels", crate::core::tables::xlsx::parts::RELATIONSHIPS.to_owned()),
        ("xl/workbook.xml", crate::core::tables::xlsx::parts::workbook(&[("records", "")])),
        (
            "xl/_rels/workbook.xml.rels",
            crate::core::tables::xlsx::parts::workbook_relationships(1).replace(
                "</Relationships>",
                r#"<Relationship Id="rId3" Target="sharedStrings.xml" Type="x/sharedStrings"/></Relationships>"#,
            ),
        ),
    ];
    let fixed = fixed.iter().map(|(name, content)| (*name, content.as_str()));
    archive(fixed.chain(parts.iter().copied()))
}

fn archive<'a>(parts: impl Iterator<Item = (&'a str, &'a str)>) -> Cursor<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap()
}

/// A sheet's part with these rows.
pub fn sheet(rows: &str, behind: &str) -> String {
    format!(r#"<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{behind}</worksheet>"#)
}

fn read_sheet(rows: &str, behind: &str, limits: Limits) -> Result<Vec<Row>, Failure> {
    let sheet = sheet(rows, behind);
    read_all(
        workbook(&[("xl/worksheets/sheet1.xml", &sheet)]),
        &Options::default(),
        limits,
    )
}

/// Asserts that something is refused, and why.
#[track_caller]
fn assert_refused(read: Result<Vec<Row>, Failure>, part: &str) {
    let failure = read.unwrap_err();
    assert!(failure.message.contains(part), "{failure}");
}

#[test]
fn a_bomb_is_refused_while_it_is_unpacked() {
    let limits = Limits {
        sheet_bytes: 100_000,
        ..Limits::default()
    };
    let rows = "<row/>".repeat(100_000);
    assert_refused(
        read_sheet(&rows, "", limits),
        "too large: 'xl/worksheets/sheet1.xml' unpacks to more than 100000 bytes",
    );
}

#[test]
fn what_the_archive_says_of_its_size_does_not_count() {
    let rows = "<row/>".repeat(10_000);
    let sheet = sheet(&rows, "");
    let mut bytes = workbook(&[("xl/worksheets/sheet1.xml", &sheet)]).into_inner();
    let size = u32::try_from(sheet.len()).unwrap().to_le_bytes();
    let places: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, window)| *window == size)
        .map(|(place, _)| place)
        .collect();
    assert_eq!(places.len(), 2, "in the entry's own header and in the directory");
    for place in places {
        bytes[place..place + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let limits = Limits {
        sheet_bytes: 10_000,
        ..Limits::default()
    };
    let read = read_all(Cursor::new(bytes.clone()), &Options::default(), limits);
    assert_refused(read, "unpacks to more than 10000 bytes");
    let read = read_all(Cursor::new(bytes), &Options::default(), Limits::default());
    assert_refused(read, "its length or its checksum is wrong");
}

#[test]
fn a_small_part_is_bounded_too() {
    let limits = Limits {
        part_bytes: 1000,
        ..Limits::default()
    };
    let styles = format!(r#"<styleSheet xmlns="{MAIN}">{}</styleSheet>"#, " ".repeat(1000));
    let sheet = sheet("", "");
    let parts = [
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
        ("xl/styles.xml", styles.as_str()),
    ];
    assert_refused(
        read_all(workbook(&parts), &Options::default(), limits),
        "'xl/styles.xml' unpacks to more than 1000 bytes",
    );
}

#[test]
fn shared_texts_are_bounded_in_number_and_in_bytes() {
    let texts = format!(
        r#"<sst xmlns="{MAIN}">{}</sst>"#,
        "<si><t>text</t></si>".repeat(100)
    );
    let sheet = sheet(r#"<row><c t="s"><v>99</v></c></row>"#, "");
    let parts = [
        ("xl/worksheets/sheet1.xml", sheet.as_str()),
        ("xl/sharedStrings.xml", texts.as_str()),
    ];
    let read = |texts, text_bytes| {
        let limits = Limits {
            texts,
            text_bytes,
            ..Limits::default()
        };
        read_all(workbook(&parts), &Options::default(), limits)
    };
    assert_eq!(read(100, 400).unwrap()[0].cells, [Cell::Text("text".to_owned())]);
    assert_refused(read(99, 400), "more text than is read");
    assert_refused(read(100, 399), "more text than is read");
}

#[test]
fn cells_are_counted_with_those_between_them() {
    let limits = Limits {
        cells: 30_000,
        ..Limits::default()
    };
    let rows = r#"<row r="1"><c r="XFD1"><v>1</v></c></row><row r="2"><c r="XFD2"><v>1</v></c></row>"#;
    assert_eq!(read_sheet(rows, "", Limits::default()).unwrap().len(), 2);
    assert_refused(read_sheet(rows, "", limits), "more cells than are read");
}

#[test]
fn joined_cells_are_bounded_in_number_and_in_what_they_cover() {
    let joined = |area: &str, count| {
        format!(
            "<mergeCells>{}</mergeCells>",
            format!(r#"<mergeCell ref="{area}"/>"#).repeat(count)
        )
    };
    let limits = Limits {
        ranges: 10,
        cells: 1000,
        ..Limits::default()
    };
    let rows = "<row><c><v>1</v></c><c><v>1</v></c></row>".repeat(100);
    assert_refused(
        read_sheet(&rows, &joined("A1:B2", 11), limits),
        "too many joined cells",
    );
    assert_refused(
        read_sheet(&rows, &joined("A1:XFD1048576", 10), limits),
        "more cells than are read",
    );
    assert_eq!(
        read_sheet(&rows, &joined("A1:B2", 10), limits).unwrap().len(),
        100
    );
}

#[test]
fn an_archive_of_very_many_parts_is_refused() {
    let names: Vec<String> = (0..60_000).map(|number| format!("{number:050}")).collect();
    let bytes = archive(names.iter().map(|name| (name.as_str(), "")));
    assert_refused(
        read_all(bytes, &Options::default(), Limits::default()),
        "it has too many parts",
    );
}

#[test]
fn a_large_file_is_refused_before_it_is_read() {
    let limits = Limits {
        file_bytes: 10,
        ..Limits::default()
    };
    assert_refused(read_sheet("", "", limits), "larger than 10 bytes");
}

#[test]
fn limits_are_far_from_what_people_have() {
    let rows =
        r#"<row><c t="inlineStr"><is><t>UR-2026-01-0000-0001-000001</t></is></c></row>"#.repeat(20_000);
    assert_eq!(read_sheet(&rows, "", Limits::default()).unwrap().len(), 20_000);
}
