//! What the rows of a table are read as.

use serde::Serialize;
use serde_json::{Map, Value};

use super::detect::Format;
use super::record::{Record, Refusals};
use super::row::Row;
use super::subject::Subject;
use crate::core::error::Failure;

/// How a table is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The worksheet, if there are several.
    pub sheet: Option<String>,
    /// What the rows are about, unless they are of any columns.
    pub subject: Subject,
    /// Whether what Excel does not show is read, too: sheets, columns, and rows as records.
    pub takes_hidden: bool,
    /// What kind of file it must be.
    pub format: Option<Format>,
    /// Whether each row must have an invoice, if the rows are records.
    pub requires_billing_id: bool,
}

/// What the rows of a table are read as, once the columns are known.
pub trait Meaning: Send + Sized + Clone {
    /// What a row is read as.
    type Item: Serialize;

    /// Reads the header row.
    ///
    /// # Errors
    /// A failure of kind `Input` if the columns cannot be used.
    fn of_header(header: &Row, format: Format, options: &Options) -> Result<Self, Failure>;

    /// Reads a row; `None` if it has no text, or is refused.
    fn read(&self, row: Row, refusals: &mut Refusals) -> Option<Self::Item>;

    /// An item as a record; `None` if the rows are of any columns.
    fn into_record(item: Self::Item) -> Option<Record>;

    /// What the columns are, for a description of the table.
    fn describe(&self) -> Map<String, Value>;
}
