//! What kind of file it is. Its first bytes tell, never its name: a report that is saved as `.csv` may be a web page.

use super::source::Source;
use crate::core::error::Failure;

/// How many bytes at the start are looked at.
const WINDOW: usize = 64 * 1024;

/// A kind of file that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Text with separators.
    Csv,
    /// A workbook as Excel has written it since 2007.
    Xlsx,
}

impl Format {
    /// Its name in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
        }
    }

    /// What messages call one of its rows, which have numbers.
    pub fn row_word(self) -> &'static str {
        match self {
            Format::Csv => "line",
            Format::Xlsx => "row",
        }
    }

    /// The format with a name.
    pub fn of_name(name: &str) -> Option<Self> {
        [Format::Csv, Format::Xlsx]
            .into_iter()
            .find(|format| format.name() == name)
    }
}

const SAVE_AS: &str = "open it in Excel and save it as .xlsx or .csv";

/// Tells what a file is.
///
/// # Errors
/// A failure of kind `Input` that says what it is if it is no table, or one of a kind that is not read.
pub fn detect(source: &Source) -> Result<Format, Failure> {
    let head = source.bytes_at(0, WINDOW)?;
    if head.is_empty() {
        return Err(Failure::input("the file is empty"));
    }
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        // The reader of workbooks says what a zip archive is that is none.
        return Ok(Format::Xlsx);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(Failure::input(old_excel(source, &head)?));
    }
    match other(&head) {
        Some(what) => Err(Failure::input(what)),
        None => Ok(Format::Csv),
    }
}

/// Which of the two kinds an OLE2 file is: a workbook of Excel 97, or the container of an encrypted one.
fn old_excel(source: &Source, head: &[u8]) -> Result<String, Failure> {
    let field = |at: usize, length: usize| head.get(at..at + length).unwrap_or_default();
    let number = |bytes: &[u8]| {
        bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| sum * 256 + u64::from(*byte))
    };
    // The header says how large a sector is, and in which one the directory begins, after the header's own sector.
    let shift = number(field(0x1E, 2)).min(16);
    let directory = number(field(0x30, 4)).saturating_add(1) << shift;
    let names = source.bytes_at(directory, 4096)?;
    let encrypted: Vec<u8> = "EncryptedPackage"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    Ok(if contains(&names, &encrypted) {
        "it is encrypted with a password; open it in Excel, remove the password (File, Info, Protect Workbook), and save it"
            .into()
    } else {
        format!("it is a file of an old Office version (.xls); {SAVE_AS}")
    })
}

/// What a file is that is no table; `None` for text that may be one.
fn other(head: &[u8]) -> Option<String> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if starts(b"%PDF-") {
        return Some("it is a PDF; get the table as .xlsx or .csv".into());
    }
    if starts(b"\x1F\x8B") {
        return Some("it is compressed with gzip; unpack it first".into());
    }
    if starts(b"7z\xBC\xAF\x27\x1C") || starts(b"Rar!\x1A\x07") || starts(b"BZh9") || starts(b"\xFD7zXZ\0") {
        return Some("it is a compressed archive; unpack it and read the file in it".into());
    }
    let text = head
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head)
        .trim_ascii_start();
    let lower = text
        .get(..text.len().min(4096))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_markup = lower.first() == Some(&b'<')
        && lower
            .get(1)
            .is_some_and(|next| next.is_ascii_alphabetic() || b"!?".contains(next));
    if is_markup
        && [&b"<html"[..], b"<!doctype html", b"<table", b"<body"]
            .iter()
            .any(|tag| contains(&lower, tag))
    {
        return Some(format!(
            "it is a web page (HTML), perhaps a login or error page saved as a file; {SAVE_AS}"
        ));
    }
    if is_markup {
        return Some(format!("it is XML; {SAVE_AS}"));
    }
    let is_json = matches!(lower.first(), Some(b'{' | b'['))
        && lower
            .get(1..)
            .is_some_and(|rest| matches!(rest.trim_ascii_start().first(), Some(b'"' | b'{' | b'}' | b']')));
    is_json.then(|| "it is JSON; parse it and pass the records to closeMany".into())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
