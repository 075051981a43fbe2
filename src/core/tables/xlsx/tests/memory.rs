//! How much memory a process takes that writes and reads 100,000 rows.

use std::env;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{self, Command};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::bounds::MAIN;
use super::*;
use crate::core::tables::xlsx::parts;

const ROWS: u32 = 100_000;
const COLUMNS: u32 = 8;
const FILE: &str = "XLSX_MEMORY_FILE";

/// A folder for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("xlsx-memory-{name}-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(row: u32, column: u32) -> String {
    format!("UR-2026-11-0012-{row:08}-{column:02}")
}

fn write(path: &Path) {
    let mut writer = Writer::new(BufWriter::new(File::create(path).unwrap())).unwrap();
    for row in 1..=ROWS {
        let cells: Vec<String> = (1..=COLUMNS).map(|column| text(row, column)).collect();
        let cells: Vec<Option<&str>> = cells.iter().map(|text| Some(text.as_str())).collect();
        writer.append(&cells).unwrap();
    }
    writer.finish().unwrap();
}

/// Writes a workbook as Excel does, with texts in a part of their own; here each is used once.
fn write_with_shared_texts(path: &Path) {
    let mut zip = ZipWriter::new(BufWriter::new(File::create(path).unwrap()));
    let relationships = parts::workbook_relationships(1).replace(
        "</Relationships>",
        r#"<Relationship Id="rId3" Target="sharedStrings.xml" Type="x/sharedStrings"/></Relationships>"#,
    );
    let workbook = parts::workbook(&[("records", "")]);
    for (name, content) in [
        ("_rels/.rels", parts::RELATIONSHIPS),
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", &relationships),
        ("xl/styles.xml", &parts::styles()),
    ] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.start_file("xl/sharedStrings.xml", SimpleFileOptions::default())
        .unwrap();
    write!(zip, r#"<sst xmlns="{MAIN}">"#).unwrap();
    for row in 1..=ROWS {
        let texts: String = (1..=COLUMNS)
            .map(|column| format!("<si><t>{}</t></si>", text(row, column)))
            .collect();
        zip.write_all(texts.as_bytes()).unwrap();
    }
    zip.write_all(b"</sst>").unwrap();
    zip.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
        .unwrap();
    write!(zip, r#"<worksheet xmlns="{MAIN}"><sheetData>"#).unwrap();
    for row in 0..ROWS {
        let indexes = row * COLUMNS..(row + 1) * COLUMNS;
        let cells: String = indexes
            .map(|index| format!(r#"<c s="1" t="s"><v>{index}</v></c>"#))
            .collect();
        writeln!(zip, r#"<row r="{}">{cells}</row>"#, row + 1).unwrap();
    }
    zip.write_all(b"</sheetData></worksheet>").unwrap();
    zip.finish().unwrap().into_inner().unwrap();
}

/// Reads a workbook in a process of its own, and returns the most memory that the process took, in kB.
fn peak_of_reading(path: &Path) -> u64 {
    let name = "core::tables::xlsx::tests::memory::reads_a_large_workbook";
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--ignored", "--nocapture"])
        .env(FILE, path)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let peak = output
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .expect(&output);
    peak.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[ignore = "run by the other tests in a process of its own"]
#[allow(clippy::print_stdout, reason = "the other tests read it")]
fn reads_a_large_workbook() {
    let path = env::var_os(FILE).unwrap();
    let mut sheet = open(Path::new(&path), &Options::default()).unwrap();
    let mut rows = 0;
    while let Some(row) = sheet.next_row().unwrap() {
        rows += 1;
        assert_eq!(row.cells.len(), COLUMNS as usize);
        assert_eq!(row.cells[7], Cell::Text(text(rows, 8)));
    }
    assert_eq!(rows, ROWS);
    let status = fs::read_to_string("/proc/self/status").unwrap();
    println!(
        "\n{}",
        status.lines().find(|line| line.starts_with("VmHWM:")).unwrap()
    );
}

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_thousand_rows_are_read_in_little_memory() {
    let folder = Folder::new("own");
    let path = folder.0.join("own.xlsx");
    write(&path);
    let peak = peak_of_reading(&path);
    assert!(peak < 50_000, "{peak} kB");
}

#[test]
#[cfg(target_os = "linux")]
fn a_hundred_thousand_rows_of_shared_texts_are_read_within_the_bound() {
    let folder = Folder::new("shared");
    let path = folder.0.join("shared.xlsx");
    write_with_shared_texts(&path);
    let peak = peak_of_reading(&path);
    assert!(peak < 100_000, "{peak} kB");
}
