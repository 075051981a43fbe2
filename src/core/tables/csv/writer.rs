//! Writing CSV, as RFC 4180 has it, so that a spreadsheet runs nothing and [`super::open`] reads the same.

use std::io::{self, Write};

use csv::{QuoteStyle, Terminator, WriterBuilder};

use super::SEPARATORS;
use crate::core::tables::row::Value;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// What stands between two cells.
    pub separator: u8,
    /// Whether it begins with a byte order mark and has CRLF at the ends of lines. Excel takes a file without a mark for
    /// Windows-1252.
    pub is_for_excel: bool,
}

impl Style {
    /// For a pipe: commas, and lines as other programs expect them.
    pub const PLAIN: Style = Style {
        separator: b',',
        is_for_excel: false,
    };
}

/// Writes rows.
pub struct Writer<W: Write>(csv::Writer<W>);

impl<W: Write> Writer<W> {
    /// * `is_begin`: whether this is the beginning of the file.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn new(mut target: W, style: Style, is_begin: bool) -> io::Result<Self> {
        if style.is_for_excel && is_begin {
            target.write_all("\u{FEFF}".as_bytes())?;
        }
        let terminator = if style.is_for_excel {
            Terminator::CRLF
        } else {
            Terminator::Any(b'\n')
        };
        let writer = WriterBuilder::new()
            .delimiter(style.separator)
            .terminator(terminator)
            .quote_style(QuoteStyle::Never)
            .from_writer(target);
        Ok(Self(writer))
    }

    /// Writes a row of texts.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn write_row(&mut self, cells: &[&str]) -> io::Result<()> {
        let cells: Vec<_> = cells.iter().map(|text| Value::Text(text)).collect();
        self.write_values(&cells)
    }

    /// Writes a row.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn write_values(&mut self, cells: &[Value]) -> io::Result<()> {
        let cells = cells.iter().map(|cell| match cell {
            Value::Text(text) => quoted(as_text(text)),
            // Never with an exponent, in which spreadsheets lose digits.
            Value::Number(number) => format!("{}", number + 0.0),
        });
        self.0.write_record(cells).map_err(io::Error::other)
    }

    /// Writes what is left, and returns the target.
    ///
    /// # Errors
    /// What writing fails with.
    pub fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(|error| error.into_error())
    }
}

/// A cell that stays the text that it is. A spreadsheet would run what begins like a formula; the apostrophe before it makes it
/// text, and is dropped when the file is read.
fn as_text(cell: &str) -> String {
    let text = cell.trim();
    let is_formula = text.starts_with(['=', '+', '-', '@', '\'', '＝', '＋', '－', '＠']);
    // At the beginning of a file it would name the separator.
    let names_separator = text
        .trim_start_matches([' ', '\u{FEFF}'])
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("sep="));
    if is_formula || names_separator {
        format!("'{text}")
    } else {
        text.into()
    }
}

/// A cell in quotes if it needs them. With any of the separators it does, so that the one of the file is found in its header line;
/// and with what JSON or XML begins with, so that a file is not taken for either.
fn quoted(text: String) -> String {
    let needs_quotes = |byte: u8| SEPARATORS.contains(&byte) || matches!(byte, b'"' | b'\r' | b'\n');
    if text.starts_with(['<', '{', '[']) || text.bytes().any(needs_quotes) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}
