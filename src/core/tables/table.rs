//! A table that is checked as a whole before a row of it is used.

use super::cancellation::Cancellation;
use super::meaning::Meaning;
pub use super::meaning::Options;
use super::record::Refusals;
use super::records::RecordColumns;
use super::row::RowSource;
use super::shared_file::changed;
use super::source::Source;
use super::table_file::{Content, TableFile};
use crate::core::error::{Failure, Kind};

/// How often a pass looks whether it was ended: every so many rows.
const ROWS_PER_CHECK: u64 = 1024;

/// Why a table cannot be used.
#[derive(Debug)]
pub struct TableFailure {
    /// The failure; its message names the first refused rows.
    pub failure: Box<Failure>,
    /// The refused rows, if that is why.
    pub refusals: Refusals,
}

impl From<Failure> for TableFailure {
    fn from(failure: Failure) -> Self {
        Self {
            failure: Box::new(failure),
            refusals: Refusals::default(),
        }
    }
}

/// A table, all of whose rows can be used.
#[derive(Debug)]
pub struct Table<M = RecordColumns> {
    file: TableFile,
    meaning: M,
    rows: u64,
}

impl<M: Meaning> Table<M> {
    /// Checks a file.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the file: it is no table, or rows of it are refused; of kind `File` if it cannot
    /// be read, or `Abort`.
    pub fn check(
        source: Source,
        options: &Options,
        cancellation: &Cancellation,
    ) -> Result<Self, TableFailure> {
        let name = source.name().to_string();
        check(source, options, cancellation).map_err(|error| named(error, &name))
    }

    /// What kind of file it is.
    pub fn content(&self) -> &Content {
        self.file.content()
    }

    /// What its columns are.
    pub fn meaning(&self) -> &M {
        &self.meaning
    }

    /// How many rows it has, without the header.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Reads the rows.
    ///
    /// # Errors
    /// A failure of kind `Input` if the file changed, of kind `File` if it cannot be read.
    pub fn items(&self) -> Result<Items<M>, Failure> {
        let mut rows = self.file.rows()?;
        // The header.
        rows.next_row()?;
        Ok(Items {
            rows,
            meaning: self.meaning.clone(),
        })
    }
}

/// What the rows of a table that was checked are read as.
pub struct Items<M> {
    rows: Box<dyn RowSource>,
    meaning: M,
}

impl<M: Meaning> Items<M> {
    /// The next one; `None` at the end.
    ///
    /// # Errors
    /// A failure of kind `Input` if the file changed, of kind `File` if it cannot be read.
    pub fn next_item(&mut self) -> Result<Option<M::Item>, Failure> {
        while let Some(row) = self.rows.next_row()? {
            let mut refusals = Refusals::default();
            let item = self.meaning.read(row, &mut refusals);
            if refusals.count > 0 {
                return Err(changed());
            }
            if item.is_some() {
                return Ok(item);
            }
        }
        Ok(None)
    }
}

fn check<M: Meaning>(
    source: Source,
    options: &Options,
    cancellation: &Cancellation,
) -> Result<Table<M>, TableFailure> {
    let file = TableFile::open(source, options, cancellation)?;
    let mut rows = file.rows()?;
    let header = rows
        .next_row()?
        .ok_or_else(|| Failure::input("the table is empty"))?;
    let meaning = M::of_header(&header, file.content().format(), options)?;
    let mut refusals = Refusals::default();
    let counted = count(&mut *rows, &meaning, &mut refusals, cancellation);
    match counted.and_then(|count| refusals.failure().map_or(Ok(count), Err)) {
        Ok(rows) => Ok(Table { file, meaning, rows }),
        Err(failure) => Err(TableFailure {
            failure: Box::new(failure),
            refusals,
        }),
    }
}

fn count(
    rows: &mut dyn RowSource,
    meaning: &impl Meaning,
    refusals: &mut Refusals,
    cancellation: &Cancellation,
) -> Result<u64, Failure> {
    let (mut count, mut until_check) = (0, ROWS_PER_CHECK);
    while let Some(row) = rows.next_row()? {
        count += u64::from(meaning.read(row, refusals).is_some());
        until_check -= 1;
        if until_check == 0 {
            cancellation.check()?;
            until_check = ROWS_PER_CHECK;
        }
    }
    Ok(count)
}

/// The failure with the name of the file before it.
fn named(mut error: TableFailure, name: &str) -> TableFailure {
    if error.failure.kind == Kind::Input {
        error.failure.message = format!("cannot use {name}: {}", error.failure.message);
    }
    error
}
