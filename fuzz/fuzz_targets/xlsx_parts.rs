//! Any text as the parts of a workbook, in an archive whose checksums are right.

#![no_main]

use std::io::{Cursor, Write};

use cloudblue_connect_native::core::tables::row::RowSource;
use cloudblue_connect_native::core::tables::xlsx::limits::Limits;
use cloudblue_connect_native::core::tables::xlsx::{Options, open_from};
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The input has the sheet's rows, the shared texts and the styles, separated by zeros.
fn workbook(input: &str) -> Option<Vec<u8>> {
    let mut inputs = input.split('\0');
    let mut next = || inputs.next().unwrap_or_default();
    let related = |kind: &str, target: &str| {
        format!(r#"<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{target}"/>"#)
    };
    let relationships = |items: &str| format!(r#"<Relationships xmlns="{PACKAGE}">{items}</Relationships>"#);
    let sheet = r#"<sheets><sheet name="records" r:id="worksheet"/></sheets>"#;
    let of_workbook = related("worksheet", "sheet.xml")
        + &related("sharedStrings", "texts.xml")
        + &related("styles", "styles.xml");
    let parts = [
        (
            "_rels/.rels",
            relationships(&related("officeDocument", "xl/workbook.xml")),
        ),
        ("xl/_rels/workbook.xml.rels", relationships(&of_workbook)),
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{sheet}</workbook>"#),
        ),
        (
            "xl/sheet.xml",
            format!(
                r#"<worksheet xmlns="{MAIN}"><sheetData>{}</sheetData></worksheet>"#,
                next()
            ),
        ),
        ("xl/texts.xml", format!(r#"<sst xmlns="{MAIN}">{}</sst>"#, next())),
        (
            "xl/styles.xml",
            format!(r#"<styleSheet xmlns="{MAIN}">{}</styleSheet>"#, next()),
        ),
    ];
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, content) in parts {
        zip.start_file(name, options).ok()?;
        zip.write_all(content.as_bytes()).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fuzz_target!(|input: &str| {
    let Some(bytes) = workbook(input) else { return };
    let Ok(mut sheet) = open_from(Cursor::new(bytes), &Options::default(), Limits::default()) else {
        return;
    };
    let mut last = 0;
    while let Ok(Some(row)) = sheet.next_row() {
        assert!(row.number > last && row.number <= 1_048_576);
        assert!(row.cells.len() <= 16_384);
        last = row.number;
    }
});
