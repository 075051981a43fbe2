//! A table as its reader goes through it: first what comes by a stream, then a check of the whole, then the rows.

use std::path::PathBuf;

use serde_json::json;

use super::cancellation::Cancellation;
use super::detect::Format;
use super::meaning::Meaning;
use super::record::Record;
use super::records::RecordColumns;
use super::rows::AnyColumns;
use super::source::{DEFAULT_MAX_BYTES, Source, Spool};
use super::table::{self, Items, Table, TableFailure};
use super::table_file::Content;
use crate::core::error::Failure;

/// What messages call a stream.
const STREAM: &str = "the stream";

/// A chunk ends with the row that makes it this long, in bytes: rows may be wide.
const CHUNK_BYTES: usize = 1 << 20;

/// How a table is read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What its rows must be.
    pub table: table::Options,
    /// How large it may be; by default [`DEFAULT_MAX_BYTES`].
    pub max_bytes: Option<u64>,
    /// Whether the rows are read as they are, whatever their columns, instead of as records.
    pub has_any_columns: bool,
}

/// A table that is being read.
pub struct Reader {
    /// None: a stream.
    path: Option<PathBuf>,
    max_bytes: u64,
    options: table::Options,
    cancellation: Cancellation,
    has_any_columns: bool,
    spool: Option<Spool>,
    table: Option<Box<dyn CheckedTable>>,
}

impl Reader {
    /// * `path`: the file; `None` for a stream, whose chunks follow.
    /// * `cancellation`: ends what is under way.
    pub fn new(path: Option<PathBuf>, options: Options, cancellation: Cancellation) -> Self {
        Self {
            path,
            max_bytes: options.max_bytes.unwrap_or(DEFAULT_MAX_BYTES),
            options: options.table,
            cancellation,
            has_any_columns: options.has_any_columns,
            spool: None,
            table: None,
        }
    }

    /// Adds a chunk of a stream.
    ///
    /// # Errors
    /// A failure of kind `File`: it is too large, or the copy cannot be written.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.cancellation.check()?;
        self.spool()?.write(chunk)
    }

    fn spool(&mut self) -> Result<&mut Spool, Failure> {
        let spool = match self.spool.take() {
            Some(spool) => spool,
            None => Spool::new(STREAM.into(), self.max_bytes)?,
        };
        Ok(self.spool.insert(spool))
    }

    /// Checks the whole table and describes it: a JSON object.
    ///
    /// # Errors
    /// As [`Table::check`].
    pub fn check(&mut self) -> Result<String, TableFailure> {
        self.cancellation.check()?;
        let source = match &self.path {
            Some(path) => Source::open(path, self.max_bytes)?,
            None => {
                self.spool()?;
                match self.spool.take() {
                    Some(spool) => spool.finish()?,
                    None => return Err(Failure::input("the stream has been read").into()),
                }
            }
        };
        let table = match self.has_any_columns {
            false => self.checked::<RecordColumns>(source)?,
            true => self.checked::<AnyColumns>(source)?,
        };
        let description = table.describe();
        self.table = Some(table);
        Ok(description)
    }

    fn checked<M: Meaning + 'static>(&self, source: Source) -> Result<Box<dyn CheckedTable>, TableFailure> {
        let table = Table::<M>::check(source, &self.options, &self.cancellation)?;
        Ok(Box::new(OpenTable { table, items: None }))
    }

    /// The next rows, at most `max`, as a JSON array; `None` at the end.
    ///
    /// # Errors
    /// As [`Items::next_item`]; or a failure of kind `Input` if the table was not checked.
    pub fn next(&mut self, max: usize) -> Result<Option<String>, Failure> {
        self.checked_table()?.next(max)
    }

    /// The next records, at most `max`; `None` at the end, and of a table of any columns.
    ///
    /// # Errors
    /// As [`Reader::next`].
    pub fn next_records(&mut self, max: usize) -> Result<Option<Vec<Record>>, Failure> {
        self.checked_table()?.next_records(max)
    }

    fn checked_table(&mut self) -> Result<&mut dyn CheckedTable, Failure> {
        self.cancellation.check()?;
        match &mut self.table {
            Some(table) => Ok(&mut **table),
            None => Err(Failure::input("the table must be checked before it is read")),
        }
    }

    /// What messages call the row with this number: `line 7`.
    pub fn place(&self, row: u64) -> String {
        let word = self.table.as_ref().map_or("row", |table| table.row_word());
        format!("{word} {row}")
    }

    /// Closes the file; the copy of a stream is removed.
    pub fn close(&mut self) {
        self.table = None;
        self.spool = None;
    }
}

/// A table that was checked, whatever its rows are.
trait CheckedTable: Send {
    /// A JSON object.
    fn describe(&self) -> String;

    /// What messages call a row.
    fn row_word(&self) -> &'static str;

    /// The next rows, at most `max`, as a JSON array; `None` at the end.
    fn next(&mut self, max: usize) -> Result<Option<String>, Failure>;

    /// The next records, at most `max`; `None` at the end.
    fn next_records(&mut self, max: usize) -> Result<Option<Vec<Record>>, Failure>;
}

struct OpenTable<M> {
    table: Table<M>,
    /// Opened for the first rows.
    items: Option<Items<M>>,
}

impl<M: Meaning> OpenTable<M> {
    /// The rows from where they were left.
    fn items(&mut self) -> Result<&mut Items<M>, Failure> {
        match &mut self.items {
            Some(items) => Ok(items),
            none => Ok(none.insert(self.table.items()?)),
        }
    }
}

impl<M: Meaning> CheckedTable for OpenTable<M> {
    fn describe(&self) -> String {
        let mut description = match self.table.content() {
            Content::Csv(dialect) => json!({
                "format": Format::Csv.name(),
                "encoding": dialect.encoding.name(),
                "separator": char::from(dialect.separator).to_string(),
            }),
            Content::Xlsx { sheet, .. } => json!({ "format": Format::Xlsx.name(), "sheet": sheet }),
        };
        if let Some(fields) = description.as_object_mut() {
            fields.extend(self.table.meaning().describe());
            fields.insert("rows".into(), json!(self.table.rows()));
        }
        description.to_string()
    }

    fn next(&mut self, max: usize) -> Result<Option<String>, Failure> {
        let items = self.items()?;
        let mut chunk = Vec::new();
        for number in 0..max {
            let Some(item) = items.next_item()? else { break };
            chunk.push(if number == 0 { b'[' } else { b',' });
            serde_json::to_writer(&mut chunk, &item).map_err(|error| Failure::input(error.to_string()))?;
            if chunk.len() >= CHUNK_BYTES {
                break;
            }
        }
        if chunk.is_empty() {
            return Ok(None);
        }
        chunk.push(b']');
        let text = String::from_utf8(chunk).map_err(|error| Failure::input(error.to_string()))?;
        Ok(Some(text))
    }

    fn row_word(&self) -> &'static str {
        self.table.content().format().row_word()
    }

    fn next_records(&mut self, max: usize) -> Result<Option<Vec<Record>>, Failure> {
        let items = self.items()?;
        let mut records = Vec::new();
        while records.len() < max {
            let Some(item) = items.next_item()? else { break };
            records.extend(M::into_record(item));
        }
        Ok(Some(records).filter(|records| !records.is_empty()))
    }
}
