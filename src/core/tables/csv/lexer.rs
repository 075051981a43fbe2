//! From text to rows of raw cells: separators, quotes and line ends.

use super::encoding::TextReader;
use super::lines::LineCounter;
use crate::core::error::Failure;

/// How long a row may be, in bytes of UTF-8.
const MAX_ROW: usize = 1024 * 1024;

/// How many cells a row may have: as many as a worksheet of Excel.
const MAX_CELLS: usize = 16_384;

/// A cell as it is written, without its quotes.
#[derive(Debug, PartialEq, Eq)]
pub struct RawCell {
    /// Its text.
    pub text: String,
    /// Whether it begins with a quote.
    pub is_quoted: bool,
    /// Whether text follows the closing quote.
    pub has_text_after_quotes: bool,
}

impl RawCell {
    /// Whether it has quotes that do not enclose it: if the separator is another one, they may enclose what is a cell then.
    pub fn has_odd_quotes(&self) -> bool {
        self.has_text_after_quotes || (!self.is_quoted && self.text.contains('"'))
    }
}

/// A row.
#[derive(Debug, PartialEq, Eq)]
pub struct RawRow {
    /// The line on which it begins.
    pub line: u64,
    /// Its cells, at least one.
    pub cells: Vec<RawCell>,
}

/// How a cell ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Separator,
    Line,
    File,
}

/// Reads rows.
pub struct Lexer {
    source: TextReader,
    text: Vec<u8>,
    at: usize,
    /// None: each line is one cell.
    separator: Option<u8>,
    lines: LineCounter,
    /// How many bytes the current row has so far.
    row_length: usize,
}

impl Lexer {
    /// * `separator`: an ASCII character; `None` if each line is one cell.
    pub fn new(source: TextReader, separator: Option<u8>) -> Self {
        Self {
            source,
            text: Vec::new(),
            at: 0,
            separator,
            lines: LineCounter::default(),
            row_length: 0,
        }
    }

    /// The next row, however blank; `None` at the end.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the line: a quote is not closed, a row is too long, or there is a NUL.
    pub fn next_row(&mut self) -> Result<Option<RawRow>, Failure> {
        if self.peek()?.is_none() {
            return Ok(None);
        }
        self.row_length = 0;
        let line = self.lines.line();
        let mut cells = Vec::new();
        loop {
            let (cell, end) = self.next_cell(line)?;
            cells.push(cell);
            if end != End::Separator {
                return Ok(Some(RawRow { line, cells }));
            }
            if cells.len() == MAX_CELLS {
                return Err(Failure::input(format!(
                    "line {line} has more than {MAX_CELLS} columns"
                )));
            }
        }
    }

    fn next_cell(&mut self, line: u64) -> Result<(RawCell, End), Failure> {
        let mut text = Vec::new();
        let is_quoted = self.skip_blanks(&mut text)? == Some(b'"');
        let mut has_text_after_quotes = false;
        if is_quoted {
            text.clear();
            self.advance();
            self.quoted(&mut text)?;
            let quoted = text.len();
            self.plain(&mut text, line)?;
            let rest = text.get(quoted..).unwrap_or_default();
            has_text_after_quotes = !rest.trim_ascii().is_empty();
            if !has_text_after_quotes {
                text.truncate(quoted);
            }
        } else {
            self.plain(&mut text, line)?;
        }
        let end = self.end()?;
        // The decoder gives valid UTF-8, and it is split at ASCII characters only.
        let text = String::from_utf8(text).unwrap_or_default();
        Ok((
            RawCell {
                text,
                is_quoted,
                has_text_after_quotes,
            },
            end,
        ))
    }

    /// Reads blanks before a cell, and tells what follows.
    fn skip_blanks(&mut self, text: &mut Vec<u8>) -> Result<Option<u8>, Failure> {
        loop {
            match self.peek()? {
                Some(byte @ (b' ' | b'\t')) if Some(byte) != self.separator => {
                    text.push(byte);
                    self.row_length += 1;
                    self.advance();
                    if self.row_length > MAX_ROW {
                        return Ok(Some(byte));
                    }
                }
                next => return Ok(next),
            }
        }
    }

    /// Reads up to a separator or the end of the line.
    fn plain(&mut self, text: &mut Vec<u8>, line: u64) -> Result<(), Failure> {
        let separator = self.separator.unwrap_or(b'\n');
        loop {
            let stops = |byte: &u8| *byte == separator || matches!(*byte, b'\r' | b'\n' | 0);
            match self.take_until(text, false, stops)? {
                Some(0) => return Err(self.nul()),
                _ if self.row_length > MAX_ROW => {
                    return Err(Failure::input(format!(
                        "line {line} is longer than {MAX_ROW} bytes"
                    )));
                }
                None if self.peek()?.is_some() => {}
                _ => return Ok(()),
            }
        }
    }

    /// Reads to behind the closing quote.
    fn quoted(&mut self, text: &mut Vec<u8>) -> Result<(), Failure> {
        let line = self.lines.line();
        let unclosed = |what: &str| {
            Failure::input(format!(
                "the quote (\") that opens on line {line} is not closed{what}; a quote within a text is written twice"
            ))
        };
        loop {
            match self.take_until(text, true, |byte| matches!(*byte, b'"' | 0))? {
                Some(0) => return Err(self.nul()),
                _ if self.row_length > MAX_ROW => {
                    return Err(unclosed(&format!(" within {MAX_ROW} bytes")));
                }
                Some(_) => {
                    self.advance();
                    if self.peek()? != Some(b'"') {
                        return Ok(());
                    }
                    text.push(b'"');
                    self.row_length += 1;
                    self.advance();
                }
                None if self.peek()?.is_none() => return Err(unclosed("")),
                None => {}
            }
        }
    }

    /// Takes the text before the next byte at which to stop, as far as it has been read; `None` if that is not there yet.
    ///
    /// * `is_quoted`: whether there may be line ends in it.
    fn take_until(
        &mut self,
        text: &mut Vec<u8>,
        is_quoted: bool,
        stops: impl Fn(&u8) -> bool,
    ) -> Result<Option<u8>, Failure> {
        self.peek()?;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let found = rest.iter().position(stops);
        let length = found.unwrap_or(rest.len());
        let stop = rest.get(length).copied();
        let taken = rest.get(..length).unwrap_or_default();
        // Without line ends the last byte tells the counter all that it must know.
        let from = if is_quoted { 0 } else { length.saturating_sub(1) };
        self.lines.add(taken.get(from..).unwrap_or_default());
        text.extend_from_slice(taken);
        self.row_length += length;
        self.at += length;
        Ok(stop)
    }

    /// Reads what ends a cell.
    fn end(&mut self) -> Result<End, Failure> {
        match self.peek()? {
            None => Ok(End::File),
            Some(b'\r') => {
                self.advance();
                if self.peek()? == Some(b'\n') {
                    self.advance();
                }
                Ok(End::Line)
            }
            Some(b'\n') => {
                self.advance();
                Ok(End::Line)
            }
            Some(_) => {
                self.advance();
                Ok(End::Separator)
            }
        }
    }

    fn peek(&mut self) -> Result<Option<u8>, Failure> {
        if self.at == self.text.len() {
            self.source.read(&mut self.text)?;
            self.at = 0;
        }
        Ok(self.text.get(self.at).copied())
    }

    /// Passes a byte that was looked at.
    fn advance(&mut self) {
        let passed = self.text.get(self.at..self.at + 1).unwrap_or_default();
        self.lines.add(passed);
        self.at += passed.len();
    }

    fn nul(&self) -> Failure {
        let line = self.lines.line();
        Failure::input(format!(
            "line {line} contains a NUL byte, so this is no text file, or it is damaged; save it again as CSV UTF-8"
        ))
    }
}
