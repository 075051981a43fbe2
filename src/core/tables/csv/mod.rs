//! CSV files: [`encoding`] makes text of bytes, [`lexer`] rows of text, and this module finds the separator and says what a
//! person sees in a cell. [`writer`] writes them.

pub mod encoding;
pub mod lexer;
pub mod lines;
pub mod writer;

use encoding::{Encoding, TextReader};
use lexer::{Lexer, RawCell, RawRow};

use super::checked::Checksums;
use super::headers;
use super::row::{Cell, Row, RowSource};
use super::source::Source;
use crate::core::error::Failure;

/// The separators, the likeliest first.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// Its encoding.
    pub encoding: Encoding,
    /// What stands between two cells.
    pub separator: u8,
    /// Whether the first line only names the separator (`sep=;`).
    has_separator_line: bool,
}

impl Dialect {
    /// Finds the separator: the one that the first line names (`sep=;`), else the one with which the header line has the most
    /// columns that are understood, all quotes in their places, or the most columns.
    ///
    /// # Errors
    /// A failure of kind `Input` if the first line names none that is read, or is no line of a CSV file.
    pub fn find(source: &Source, checksums: &Checksums, encoding: Encoding) -> Result<Self, Failure> {
        let dialect = |separator, has_separator_line| Self {
            encoding,
            separator,
            has_separator_line,
        };
        let reader = || Ok(TextReader::new(source.blocks(checksums), encoding));
        if let Ok(Some(first)) = Lexer::new(reader()?, None).next_row()
            && let Some(named) = first.cells.first().and_then(|cell| named_separator(&cell.text))
        {
            return named.map(|separator| dialect(separator, true));
        }
        let mut best: Option<((usize, bool, usize), u8)> = None;
        let mut failure = None;
        for separator in SEPARATORS {
            match header(&mut Lexer::new(reader()?, Some(separator))) {
                Ok(Some((row, has_odd_quotes))) => {
                    let score = (headers::count_known(&row), !has_odd_quotes, row.cells.len());
                    if best.is_none_or(|(most, _)| score > most) {
                        best = Some((score, separator));
                    }
                }
                Ok(None) => {}
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        match (best, failure) {
            (Some((_, separator)), _) => Ok(dialect(separator, false)),
            (None, Some(failure)) => Err(failure),
            (None, None) => Err(Failure::input("the file is blank")),
        }
    }
}

/// The first row that is not blank, and whether it has quotes that do not enclose a cell.
fn header(lexer: &mut Lexer) -> Result<Option<(Row, bool)>, Failure> {
    while let Some(raw) = lexer.next_row()? {
        let has_odd_quotes = raw.cells.iter().any(RawCell::has_odd_quotes);
        let row = row(raw);
        if !row.is_blank() {
            return Ok(Some((row, has_odd_quotes)));
        }
    }
    Ok(None)
}

/// The separator that a line like `sep=;` names. Excel may have filled the line up with separators.
fn named_separator(line: &str) -> Option<Result<u8, Failure>> {
    let line = line.trim_start_matches([' ', '\u{FEFF}']);
    let (key, rest) = line.split_at_checked(4)?;
    if !key.eq_ignore_ascii_case("sep=") {
        return None;
    }
    let named = rest.bytes().next().filter(|byte| SEPARATORS.contains(byte));
    let is_known = rest
        .bytes()
        .all(|byte| SEPARATORS.contains(&byte) || byte == b' ');
    Some(named.filter(|_| is_known).ok_or_else(|| {
        let shown = super::cell::shown(rest);
        Failure::input(format!(
            "its first line names the separator '{shown}'; only a comma, a semicolon or a tab is read"
        ))
    }))
}

/// The rows of a file.
///
/// # Errors
/// A failure of kind `Input` or `File`.
pub fn open(source: &Source, checksums: &Checksums, dialect: Dialect) -> Result<Box<dyn RowSource>, Failure> {
    let text = TextReader::new(source.blocks(checksums), dialect.encoding);
    Ok(Box::new(rows(text, dialect)?))
}

fn rows(text: TextReader, dialect: Dialect) -> Result<CsvRows, Failure> {
    let mut lexer = Lexer::new(text, Some(dialect.separator));
    if dialect.has_separator_line {
        lexer.next_row()?;
    }
    Ok(CsvRows { lexer })
}

struct CsvRows {
    lexer: Lexer,
}

impl RowSource for CsvRows {
    fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        while let Some(raw) = self.lexer.next_row()? {
            let row = row(raw);
            if !row.is_blank() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}

fn row(RawRow { line, cells }: RawRow) -> Row {
    Row {
        number: line,
        cells: cells.into_iter().map(cell).collect(),
        is_hidden: false,
    }
}

fn cell(
    RawCell {
        text,
        has_text_after_quotes,
        ..
    }: RawCell,
) -> Cell {
    // An apostrophe before it makes it text.
    let is_escaped = text.trim_start().starts_with('\'');
    if has_text_after_quotes {
        return Cell::Unusable(
            "has text after its closing quote; put the whole text in quotes, and write quotes within it twice".into(),
        );
    }
    let text = plain_text(text);
    if text.starts_with('=') && !is_escaped {
        return Cell::Unusable(
            "is a formula, not its result; save the file with the results of its formulas".into(),
        );
    }
    Cell::Text(text)
}

/// What a person sees in a cell: without the blanks around it, and without what makes a spreadsheet take it for text (a leading
/// apostrophe, or `="..."`).
fn plain_text(text: String) -> String {
    let trimmed = text.trim();
    if let Some(rest) = trimmed.strip_prefix('\'') {
        return rest.trim().into();
    }
    let formula = trimmed
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = formula.filter(|inner| !inner.replace("\"\"", "").contains('"')) {
        return inner.replace("\"\"", "\"").trim().into();
    }
    if trimmed.len() == text.len() {
        text
    } else {
        trimmed.into()
    }
}

#[cfg(test)]
mod tests;
