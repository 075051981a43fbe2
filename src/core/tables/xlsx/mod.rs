//! Excel's workbooks: `.xlsx` files, read and written row by row.
//!
//! A cell is read as a person sees it, or refused with a reason: what looks like `000123` but is the number 123, a date, or a
//! formula without a result would be another text in the API than on the screen.
//!
//! - Text is read as it is, numbers if what Excel shows of them is their value (a decimal point is always `.`), `TRUE` and
//!   `FALSE` as these words, formulas by the result that the file has.
//! - Dates are refused, whatever they count from, so that the workbook's date system does not matter.
//! - Conditional formats and colours are not looked at.
//! - A row is hidden if Excel does not show it: by hand, by a filter, or since it has no height. (`zeroHeight` hides the rows
//!   that are not in the file.) Cells of hidden columns are refused, except for those of the first row, which
//!   name the columns.
//! - A cell that lies under a joined one of several rows is refused.
//! - The sheet is the one that is named, the one called `records`, or the only one that is visible and has cells.
//!
//! [`Writer`] writes sheets of texts and numbers.
//!
//! The file is read in bounded memory, within the bounds of [`limits`]: a part's XML is never in memory as a whole. The sheet
//! is read twice, because joined cells come behind the rows; the first time also finds damage, before any row is used.

mod cell;
mod element;
mod format_code;
mod layout;
pub mod limits;
mod number;
mod number_format;
mod output;
mod package;
mod part;
mod parts;
mod reference;
mod relationships;
mod shared_texts;
mod sheet_choice;
mod sheet_names;
mod sheet_rows;
mod styles;
#[cfg(test)]
mod tests;
mod text;
mod workbook;
mod writer;
mod written_number;
mod xml;

use std::fs::File;
use std::io::{Read, Seek};
use std::path::Path;

use cell::Shared;
use layout::Layout;
use limits::Limits;
use package::Package;
use shared_texts::SharedTexts;
pub use sheet_choice::RECORDS;
use sheet_rows::SheetRows;
use styles::Styles;
use workbook::Workbook;
pub use writer::Writer;

use super::row::{Row, RowSource};
use crate::core::error::Failure;

/// How a workbook is read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The sheet, in any case; without it, the one named `records`, or the only one.
    pub sheet: Option<String>,
    /// Whether a sheet and columns that Excel does not show may be read. (Hidden rows are always read, and marked.)
    pub include_hidden: bool,
}

/// A sheet of a workbook, read row by row.
pub struct Sheet<S: Read> {
    name: String,
    rows: SheetRows<S>,
}

impl<S: Read> Sheet<S> {
    /// The sheet's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<S: Read + Send> RowSource for Sheet<S> {
    fn next_row(&mut self) -> Result<Option<Row>, Failure> {
        self.rows.next_row()
    }
}

/// Opens the sheet of a workbook that has the records.
///
/// # Errors
/// If the file cannot be read, is no workbook, is damaged or encrypted, or if it is not clear which sheet is meant.
pub fn open(path: &Path, options: &Options) -> Result<Box<dyn RowSource>, Failure> {
    let file =
        File::open(path).map_err(|error| Failure::input(format!("cannot open the workbook: {error}")))?;
    Ok(Box::new(open_from(file, options, Limits::default())?))
}

/// Opens the sheet of a workbook that has the records.
///
/// * `source`: the bytes of the file.
/// * `limits`: the bounds within which it is read.
///
/// # Errors
/// As [`open`].
pub fn open_from<S: Read + Seek>(source: S, options: &Options, limits: Limits) -> Result<Sheet<S>, Failure> {
    let mut package = Package::open(source, limits)?;
    let workbook = Workbook::read(&mut package, &limits)?;
    let sheet = sheet_choice::choose(&workbook.sheets, options.sheet.as_deref(), options.include_hidden)?;
    let missing = || {
        Failure::input(format!(
            "the workbook is damaged: the cells of the sheet '{}' are missing, or in another file",
            text::excerpt(&sheet.name, 40)
        ))
    };
    let part_name = sheet.part.as_deref().ok_or_else(missing)?;
    let part = package.part(part_name, limits.sheet_bytes)?.ok_or_else(missing)?;
    let layout = Layout::read(part_name, part, &limits)?;
    let shared = read_shared(&mut package, &workbook, &limits)?;
    let part = package
        .into_part(part_name, limits.sheet_bytes)?
        .ok_or_else(missing)?;
    Ok(Sheet {
        name: sheet.name.clone(),
        rows: SheetRows::new(part_name, part, shared, layout, options.include_hidden, &limits)?,
    })
}

/// Reads what cells refer to.
fn read_shared<S: Read + Seek>(
    package: &mut Package<S>,
    workbook: &Workbook,
    limits: &Limits,
) -> Result<Shared, Failure> {
    let mut shared = Shared::default();
    if let Some(name) = &workbook.styles
        && let Some(part) = package.part(name, limits.part_bytes)?
    {
        shared.styles = Styles::read(name, part, limits)?;
    }
    if let Some(name) = &workbook.shared_texts
        && let Some(part) = package.part(name, limits.shared_texts_bytes)?
    {
        shared.texts = SharedTexts::read(name, part, limits)?;
    }
    Ok(shared)
}
