//! Reading and writing workbooks.

mod bounds;
mod fixtures;
mod memory;
mod properties;
mod writing;

use super::*;
use crate::core::tables::row::Cell;

/// All rows of a workbook.
fn read_all<S: Read + Seek + Send>(
    source: S,
    options: &Options,
    limits: Limits,
) -> Result<Vec<Row>, Failure> {
    let mut sheet = open_from(source, options, limits)?;
    let mut rows = Vec::new();
    while let Some(row) = sheet.next_row()? {
        rows.push(row);
    }
    Ok(rows)
}
