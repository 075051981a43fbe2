//! Tables as people keep them: CSV and xlsx files, read and written row by row, as usage records or with any columns.
//!
//! - [`row`]: a row of a table, and where rows come from.
//! - [`shared_file`]: an open file.
//! - [`source`]: the file, or the stream copied to a [`temporary_file`], and whether it is still the same in a later pass.
//! - [`checked`]: the file in a later pass, if it is still the same.
//! - [`detect`]: what kind of file it is, by its content.
//! - [`csv`]: the rows of a CSV file, and how they are written.
//! - [`xlsx`]: the rows of a workbook, and how one is written.
//! - [`table_file`]: a file whose kind is known, and its rows.
//! - [`meaning`]: what the rows are read as: [`records`], or [`rows`] of any columns.
//! - [`headers`], [`cell`], [`record`]: what the columns, the cells and the rows of records, or of another [`subject`], mean.
//! - [`table`]: a table that is checked as a whole before a row of it is used.
//! - [`reader`]: a table as its reader goes through it, until its [`cancellation`].
//! - [`writer`]: records written as a table; [`sheets`]: rows of any columns, in one or several sheets.
//! - [`output`]: the file, or memory, that they are written to.

pub mod cancellation;
pub mod cell;
pub mod checked;
pub mod csv;
pub mod detect;
pub mod headers;
pub mod meaning;
pub mod output;
pub mod reader;
pub mod record;
pub mod records;
pub mod row;
pub mod rows;
pub mod shared_file;
pub mod sheets;
pub mod source;
pub mod subject;
pub mod table;
pub mod table_file;
pub mod temporary_file;
pub mod writer;
pub mod xlsx;

#[cfg(test)]
mod tests;
