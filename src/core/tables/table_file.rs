//! A file whose kind is known: its rows can be read again and again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cancellation::Cancellation;
use super::checked::{CheckedFile, Checksums};
use super::csv::encoding;
use super::csv::{self, Dialect};
use super::detect::{Format, detect};
use super::meaning::Options;
use super::row::{Row, RowSource, TrimmedRows};
use super::shared_file::changed;
use super::source::Source;
use super::xlsx;
use crate::core::error::Failure;

/// What is in the file, as far as its kind decides how rows are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A CSV file.
    Csv(Dialect),
    /// A workbook, of which this sheet is read.
    Xlsx {
        /// The sheet's name.
        sheet: String,
        /// Whether what Excel does not show is read, too.
        takes_hidden: bool,
    },
}

impl Content {
    /// The kind of file.
    pub fn format(&self) -> Format {
        match self {
            Content::Csv(_) => Format::Csv,
            Content::Xlsx { .. } => Format::Xlsx,
        }
    }
}

/// A file whose kind is known, and which later passes compare with what it was in the first.
#[derive(Debug)]
pub struct TableFile {
    source: Source,
    checksums: Checksums,
    content: Content,
}

impl TableFile {
    /// Reads a file once, to tell what it is.
    ///
    /// # Errors
    /// A failure of kind `Input` if it is no table, or another than the options say; of kind `File` if it cannot be read, or
    /// `Abort`.
    pub fn open(source: Source, options: &Options, cancellation: &Cancellation) -> Result<Self, Failure> {
        let format = detect(&source)?;
        if let Some(expected) = options.format.filter(|expected| *expected != format) {
            let (is, expected) = (format.name(), expected.name());
            return Err(Failure::input(format!(
                "it is {is}, and the option format says {expected}"
            )));
        }
        let (content, checksums) = match format {
            Format::Csv => {
                if let Some(sheet) = &options.sheet {
                    return Err(Failure::input(format!(
                        "it is a CSV file, which has no sheets such as '{sheet}'; leave out the option sheet"
                    )));
                }
                let (encoding, checksums) = encoding::scan(&source, || cancellation.check())?;
                let dialect = Dialect::find(&source, &checksums, encoding)?;
                (Content::Csv(dialect), checksums)
            }
            Format::Xlsx => {
                let checksums = source.scan(|_| cancellation.check())?;
                let takes_hidden = options.takes_hidden;
                let sheet = SheetRows::open(&source, &checksums, options.sheet.as_deref(), takes_hidden)?;
                let sheet = sheet.sheet.name().to_string();
                (Content::Xlsx { sheet, takes_hidden }, checksums)
            }
        };
        Ok(Self {
            source,
            checksums,
            content,
        })
    }

    /// What kind of file it is.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// Its rows, with the header.
    ///
    /// # Errors
    /// A failure of kind `Input` if the file changed, of kind `File` if it cannot be read.
    pub fn rows(&self) -> Result<Box<dyn RowSource>, Failure> {
        match &self.content {
            Content::Csv(dialect) => csv::open(&self.source, &self.checksums, *dialect),
            Content::Xlsx { sheet, takes_hidden } => {
                let sheet = SheetRows::open(&self.source, &self.checksums, Some(sheet), *takes_hidden)?;
                Ok(Box::new(TrimmedRows(sheet)))
            }
        }
    }
}

/// The rows of a workbook's sheet. What damages a workbook may be that the file changed.
struct SheetRows {
    sheet: xlsx::Sheet<CheckedFile>,
    has_changed: Arc<AtomicBool>,
}

impl SheetRows {
    fn open(
        source: &Source,
        checksums: &Checksums,
        sheet: Option<&str>,
        takes_hidden: bool,
    ) -> Result<Self, Failure> {
        let options = xlsx::Options {
            sheet: sheet.map(Into::into),
            include_hidden: takes_hidden,
        };
        let file = source.checked(checksums)?;
        let has_changed = file.has_changed();
        match xlsx::open_from(file, &options, xlsx::limits::Limits::default()) {
            Ok(sheet) => Ok(Self { sheet, has_changed }),
            Err(_) if has_changed.load(Ordering::Relaxed) => Err(changed()),
            Err(failure) => Err(failure),
        }
    }
}

impl RowSource for SheetRows {
    fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        self.sheet
            .next_row()
            .map_err(|failure| match self.has_changed.load(Ordering::Relaxed) {
                true => changed(),
                false => failure,
            })
    }
}
