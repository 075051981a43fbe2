//! Writes a workbook.

use std::fmt::{self, Write as _};
use std::io::{Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::limits::{Limits, MAX_CHARACTERS, MAX_COLUMNS, MAX_ROWS};
use super::output::{Guard, Output};
use super::reference::column_letters;
use super::sheet_choice::RECORDS;
use super::written_number::WrittenNumber;
use super::{parts, sheet_names, text};
use crate::core::error::{Failure, Kind};
use crate::core::tables::row::Value;

/// Writes a workbook, row by row in constant memory. Texts stay texts: Excel changes none of them. The first row of a sheet is
/// bold, stays in sight, and can be filtered by.
///
/// What is written is read back as it was, except that texts of nothing and cells of nothing are the same.
///
/// ```
/// use cloudblue_connect_native::core::tables::xlsx::Writer;
///
/// let mut writer = Writer::new(std::io::Cursor::new(Vec::new()))?;
/// writer.append(&[Some("id"), Some("external_billing_id")])?;
/// writer.append(&[Some("UR-1"), Some("000123")])?;
/// let workbook = writer.finish()?.into_inner();
/// assert!(workbook.starts_with(b"PK"));
/// # Ok::<(), cloudblue_connect_native::core::error::Failure>(())
/// ```
pub struct Writer<W: Write + Seek> {
    /// Dropped before `zip`, which would complete the archive.
    guard: Guard,
    zip: ZipWriter<Output<W>>,
    /// The row that is being written.
    xml: String,
    names: Vec<String>,
    /// The cells of each sheet that is complete, as `$A$1:$C$9`.
    areas: Vec<String>,
    /// Of the sheet that is being written.
    rows: u32,
    columns: u32,
    bytes_left: u64,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins a workbook of one sheet, `records`. One that is not finished is no workbook.
    ///
    /// * `output`: where it is written to; a file should be buffered.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn new(output: W) -> Result<Self, Failure> {
        Self::with_sheets(output, &[RECORDS])
    }

    /// Begins a workbook of several sheets; what is appended is on the first of them.
    ///
    /// * `names`: their names, at least one.
    ///
    /// # Errors
    /// As [`Writer::new`], or if Excel does not allow these names.
    pub fn with_sheets(output: W, names: &[&str]) -> Result<Self, Failure> {
        sheet_names::check(names)?;
        let (output, guard) = Output::new(output);
        let mut writer = Self {
            guard,
            zip: ZipWriter::new(output),
            xml: String::new(),
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            areas: Vec::new(),
            rows: 0,
            columns: 0,
            bytes_left: 0,
        };
        let sheets = names.len();
        writer.write_part("[Content_Types].xml", &parts::content_types(sheets))?;
        writer.write_part("_rels/.rels", parts::RELATIONSHIPS)?;
        writer.write_part(
            "xl/_rels/workbook.xml.rels",
            &parts::workbook_relationships(sheets),
        )?;
        writer.write_part("xl/styles.xml", &parts::styles())?;
        writer.start_sheet()?;
        Ok(writer)
    }

    /// Completes a sheet, and goes on to the next one.
    ///
    /// # Errors
    /// If it cannot be written, or there is no other one.
    pub fn next_sheet(&mut self) -> Result<(), Failure> {
        if self.areas.len().saturating_add(1) >= self.names.len() {
            return Err(Failure::input("all sheets have been written"));
        }
        self.end_sheet()?;
        self.start_sheet()
    }

    fn start_sheet(&mut self) -> Result<(), Failure> {
        (self.rows, self.columns) = (0, 0);
        self.bytes_left = Limits::default().sheet_bytes;
        let number = self.areas.len().saturating_add(1);
        self.start_part(&format!("xl/worksheets/sheet{number}.xml"))
    }

    fn end_sheet(&mut self) -> Result<(), Failure> {
        let (rows, columns) = (self.rows, column_letters(self.columns));
        self.xml.clear();
        if rows == 0 {
            self.xml.push_str(&parts::sheet_start(self.areas.is_empty(), 1));
        }
        let (area, absolute_area) = if columns.is_empty() {
            (String::new(), String::new())
        } else {
            (format!("A1:{columns}{rows}"), format!("$A$1:${columns}${rows}"))
        };
        self.xml.push_str(&parts::sheet_end(&area));
        self.areas.push(absolute_area);
        self.write_xml()
    }

    /// Writes a row of texts.
    ///
    /// * `cells`: its texts, from the first column on; the first row has the names of the columns.
    ///
    /// # Errors
    /// As [`Writer::append_values`].
    pub fn append(&mut self, cells: &[Option<&str>]) -> Result<(), Failure> {
        let cells: Vec<_> = cells
            .iter()
            .map(|text| Value::Text(text.unwrap_or_default()))
            .collect();
        self.append_values(&cells)
    }

    /// Writes a row.
    ///
    /// * `cells`: from the first column on; the first row has the names of the columns.
    ///
    /// # Errors
    /// If a workbook cannot hold it (more than 1,048,576 rows, 16,384 columns or 32,767 characters in a cell, a number that is
    /// too large, or more than is read again), in which case nothing of the row is written, or if writing fails.
    pub fn append_values(&mut self, cells: &[Value]) -> Result<(), Failure> {
        self.check_size(cells)?;
        self.xml.clear();
        let columns = u32::try_from(cells.len()).unwrap_or(MAX_COLUMNS);
        if self.rows == 0 {
            self.xml
                .push_str(&parts::sheet_start(self.areas.is_empty(), columns));
        }
        append_row(self.rows.saturating_add(1), cells, &mut self.xml)?;
        self.bytes_left = self
            .bytes_left
            .checked_sub(self.xml.len() as u64)
            .ok_or_else(|| {
                Failure::input(
                    "the table is larger than a workbook can be; write it as .csv, or in several parts",
                )
            })?;
        self.write_xml()?;
        self.rows = self.rows.saturating_add(1);
        self.columns = self.columns.max(columns);
        Ok(())
    }

    /// Completes the workbook, whose other sheets stay empty, and returns what it was written to.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn finish(mut self) -> Result<W, Failure> {
        while self.areas.len().saturating_add(1) < self.names.len() {
            self.next_sheet()?;
        }
        self.end_sheet()?;
        let sheets: Vec<_> = self.names.iter().zip(&self.areas).collect();
        let workbook = parts::workbook(&sheets);
        self.write_part("xl/workbook.xml", &workbook)?;
        let mut output = self.zip.finish().map_err(|error| not_written(&error))?;
        output.flush().map_err(|error| not_written(&error))?;
        if self.guard.is_given_up() {
            return Err(not_written(&"it could not be written to before"));
        }
        Ok(output.into_inner())
    }

    fn write_part(&mut self, name: &str, content: &str) -> Result<(), Failure> {
        self.start_part(name)?;
        self.xml.clear();
        self.xml.push_str(content);
        self.write_xml()
    }

    fn start_part(&mut self, name: &str) -> Result<(), Failure> {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        self.zip
            .start_file(name, options)
            .map_err(|error| not_written(&error))
    }

    fn write_xml(&mut self) -> Result<(), Failure> {
        if self.guard.is_given_up() {
            return Err(not_written(&"it could not be written to before"));
        }
        self.zip
            .write_all(self.xml.as_bytes())
            .map_err(|error| not_written(&error))
    }

    /// Refuses a row that a sheet cannot hold.
    fn check_size(&self, cells: &[Value]) -> Result<(), Failure> {
        if self.rows == MAX_ROWS {
            return Err(Failure::input(format!(
                "a sheet has at most {MAX_ROWS} rows; write the table as .csv, or in several parts"
            )));
        }
        let row = self.rows.saturating_add(1);
        if cells.len() > MAX_COLUMNS as usize {
            return Err(Failure::input(format!(
                "row {row} has {} cells, and a sheet has at most {MAX_COLUMNS} columns",
                cells.len()
            )));
        }
        for (column, cell) in (1..).zip(cells) {
            let Value::Text(text) = cell else { continue };
            let characters = text.encode_utf16().count();
            if characters > MAX_CHARACTERS {
                return Err(Failure::input(format!(
                    "cell {}{row} has {characters} characters, and a cell has at most {MAX_CHARACTERS}",
                    column_letters(column)
                )));
            }
        }
        Ok(())
    }
}

/// Appends a row as XML.
fn append_row(row: u32, cells: &[Value], xml: &mut String) -> Result<(), Failure> {
    let text_style = if row == 1 {
        parts::HEADER_STYLE
    } else {
        parts::TEXT_STYLE
    };
    // Writing to a string does not fail.
    let _ = write!(xml, r#"<row r="{row}">"#);
    for (column, cell) in (1..).zip(cells) {
        let column = column_letters(column);
        match cell {
            Value::Text("") => {}
            Value::Text(text) => {
                let _ = write!(
                    xml,
                    r#"<c r="{column}{row}" s="{text_style}" t="inlineStr"><is><t xml:space="preserve">"#
                );
                text::encode(text, xml);
                xml.push_str("</t></is></c>");
            }
            Value::Number(number) => {
                let WrittenNumber { digits, style } = WrittenNumber::of(*number)
                    .map_err(|reason| Failure::input(format!("cell {column}{row} {reason}")))?;
                let _ = write!(xml, r#"<c r="{column}{row}" s="{style}"><v>{digits}</v></c>"#);
            }
        }
    }
    xml.push_str("</row>");
    Ok(())
}

/// The workbook could not be written.
fn not_written(error: &impl fmt::Display) -> Failure {
    Failure::new(Kind::File, format!("cannot write the workbook: {error}"))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn the_last_row_is_written_and_one_more_is_refused() {
        let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
        writer.append(&[Some("id")]).unwrap();
        writer.rows = MAX_ROWS - 1;
        writer.append(&[Some("UR-1")]).unwrap();
        let failure = writer.append(&[Some("UR-2")]).unwrap_err();
        assert_eq!(failure.kind, Kind::Input);
        assert!(
            failure.message.starts_with("a sheet has at most 1048576 rows"),
            "{failure}"
        );
    }

    #[test]
    fn a_sheet_that_could_not_be_read_again_is_refused() {
        let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
        writer.append(&[Some("id")]).unwrap();
        writer.bytes_left = 50;
        let failure = writer.append(&[Some("UR-1")]).unwrap_err();
        assert!(failure.message.starts_with("the table is larger"), "{failure}");
    }
}
