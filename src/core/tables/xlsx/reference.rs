//! References to cells: `B12`, `A1:C3`.

use super::limits::{MAX_COLUMNS, MAX_ROWS};

/// A cell; both are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The row.
    pub row: u32,
    /// The column.
    pub column: u32,
}

/// Cells from a first one to a last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    /// The upper left one.
    pub first: Reference,
    /// The lower right one.
    pub last: Reference,
}

impl Reference {
    /// Reads `B12`. Nothing if it is none, or beyond `XFD1048576`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.find(|character: char| character.is_ascii_digit())?;
        let (letters, digits) = text.split_at_checked(digits)?;
        if letters.is_empty()
            || digits.starts_with('0')
            || !digits.bytes().all(|digit| digit.is_ascii_digit())
        {
            return None;
        }
        let mut column: u32 = 0;
        for letter in letters.bytes() {
            if !letter.is_ascii_alphabetic() {
                return None;
            }
            let value = u32::from(letter.to_ascii_uppercase() - b'A') + 1;
            column = column.checked_mul(26)?.checked_add(value)?;
        }
        let row = digits.parse().ok()?;
        (row <= MAX_ROWS && column <= MAX_COLUMNS).then_some(Self { row, column })
    }
}

impl Area {
    /// Reads `A1:C3`, or one cell.
    pub fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once(':').unwrap_or((text, text));
        let (one, other) = (Reference::parse(first)?, Reference::parse(last)?);
        Some(Self {
            first: Reference {
                row: one.row.min(other.row),
                column: one.column.min(other.column),
            },
            last: Reference {
                row: one.row.max(other.row),
                column: one.column.max(other.column),
            },
        })
    }
}

/// The letters of a column, which is counted from 1.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while let Some(index) = rest.checked_sub(1) {
        letters.push(char::from(b'A' + (index % 26) as u8));
        rest = index / 26;
    }
    letters.iter().rev().collect()
}
