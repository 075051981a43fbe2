//! A row of a table, whatever kind of file it comes from.

use crate::core::error::Failure;

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// What a person sees in it; empty if there is nothing.
    Text(String),
    /// What a person sees in it is not what it means, or cannot be told: why, in plain words, and what to do about it. Only
    /// a cell of a column that is needed is refused.
    Unusable(String),
}

impl Cell {
    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if text.is_empty())
    }

    /// The cell without the blanks around its text.
    fn trimmed(self) -> Self {
        match self {
            Cell::Text(text) if text.trim().len() < text.len() => Cell::Text(text.trim().into()),
            cell => cell,
        }
    }
}

/// A cell that is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    /// A text; an empty one is the same as nothing.
    Text(&'a str),
    /// A number that is finite.
    Number(f64),
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number as a person counts it: the line of a CSV file on which it begins, or Excel's number of the row.
    pub number: u64,
    /// Its cells, from the first column on. Those that are missing at the end are empty.
    pub cells: Vec<Cell>,
    /// Whether Excel does not show it: it is hidden, or a filter leaves it out.
    pub is_hidden: bool,
}

impl Row {
    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }
}

/// Where the rows of a table come from. Rows without any text may be left out.
pub trait RowSource: Send {
    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// A failure of kind `Input` if this is no table, or a damaged one.
    fn next_row(&mut self) -> Result<Option<Row>, Failure>;
}

/// The rows of another source without the blanks around their texts, and without rows of nothing else.
pub struct TrimmedRows<S>(pub S);

impl<S: RowSource> RowSource for TrimmedRows<S> {
    fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        while let Some(mut row) = self.0.next_row()? {
            row.cells = row.cells.into_iter().map(Cell::trimmed).collect();
            if !row.is_blank() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}
