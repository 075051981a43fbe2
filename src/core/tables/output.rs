//! Where a table is written to: a file, which has a temporary name until it is complete, or memory.

use std::fs::File;
use std::io::{self, BufWriter, Cursor, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::csv::writer::{Style, Writer as CsvWriter};
use super::detect::Format;
use super::row::Value;
use super::shared_file::with_code;
use super::xlsx;
use crate::core::error::Failure;
use crate::core::file_target::FileTarget;

/// The kind of file to write: the one that was asked for, or what the end of the name says.
///
/// # Errors
/// A failure of kind `Input` if neither says it.
pub fn format(path: Option<&Path>, asked: Option<Format>) -> Result<Format, Failure> {
    let end = path
        .and_then(Path::extension)
        .and_then(|end| end.to_str())
        .unwrap_or_default();
    let by_name = || Format::of_name(&end.to_ascii_lowercase());
    asked.or_else(by_name).ok_or_else(|| {
        Failure::input(match path {
            Some(path) => format!(
                "cannot tell how to write {}: its name must end in .csv or .xlsx, or the option format be given",
                path.display()
            ),
            None => "the option format must be given: csv or xlsx".into(),
        })
    })
}

/// A table that is being written. If it is dropped before it is finished, nothing is left of it.
pub struct Output {
    rows: RowWriter,
    /// None: in memory.
    file: Option<(PathBuf, FileTarget)>,
}

/// Writes the rows of a kind of file.
enum RowWriter {
    Csv(Box<CsvWriter<Sink>>),
    Xlsx(Box<xlsx::Writer<Sink>>),
}

impl Output {
    /// * `path`: the file, which is replaced in the end if it exists; `None` for memory.
    /// * `separator`: what separates the cells of CSV; by default a comma.
    /// * `sheets`: the names of a workbook's sheets.
    ///
    /// # Errors
    /// A failure of kind `File` with Node's code, or of kind `Input` if Excel does not allow the names.
    pub fn create(
        path: Option<&Path>,
        format: Format,
        separator: Option<u8>,
        sheets: &[&str],
    ) -> Result<Self, Failure> {
        let wrong = |error: io::Error| not_written(path, &error);
        let (sink, file) = match path {
            Some(path) => {
                let (file, target) = FileTarget::create(path).map_err(wrong)?;
                (
                    Sink::File(BufWriter::new(file)),
                    Some((path.to_path_buf(), target)),
                )
            }
            None => (Sink::Memory(Cursor::default()), None),
        };
        let rows = match format {
            Format::Csv => {
                let style = Style {
                    separator: separator.unwrap_or(b','),
                    is_for_excel: true,
                };
                RowWriter::Csv(Box::new(CsvWriter::new(sink, style, true).map_err(wrong)?))
            }
            Format::Xlsx => RowWriter::Xlsx(Box::new(xlsx::Writer::with_sheets(sink, sheets)?)),
        };
        Ok(Self { rows, file })
    }

    /// Writes a row.
    ///
    /// # Errors
    /// A failure of kind `File`, or of kind `Input` if a workbook cannot hold it.
    pub fn write_row(&mut self, cells: &[Value]) -> Result<(), Failure> {
        match &mut self.rows {
            RowWriter::Csv(writer) => writer
                .write_values(cells)
                .map_err(|error| not_written(self.file.as_ref().map(|(path, _)| path.as_path()), &error)),
            RowWriter::Xlsx(writer) => writer.append_values(cells),
        }
    }

    /// Goes on to the next sheet of a workbook.
    ///
    /// # Errors
    /// A failure of kind `File`, or of kind `Input` if there is no other one.
    pub fn next_sheet(&mut self) -> Result<(), Failure> {
        match &mut self.rows {
            RowWriter::Csv(_) => Err(Failure::input("a CSV file has no sheets")),
            RowWriter::Xlsx(writer) => writer.next_sheet(),
        }
    }

    /// Gives the file its name, or returns the bytes in memory.
    ///
    /// # Errors
    /// A failure of kind `File`.
    pub fn finish(self) -> Result<Option<Vec<u8>>, Failure> {
        let Self { rows, file } = self;
        let path = file.as_ref().map(|(path, _)| path.clone());
        let wrong = |error: io::Error| not_written(path.as_deref(), &error);
        let sink = match rows {
            RowWriter::Csv(writer) => writer.finish().map_err(wrong)?,
            RowWriter::Xlsx(writer) => writer.finish()?,
        };
        match sink {
            Sink::File(sink) => drop(sink.into_inner().map_err(|error| wrong(error.into_error()))?),
            Sink::Memory(bytes) => return Ok(Some(bytes.into_inner())),
        }
        match file {
            Some((_, target)) => target.rename().map_err(wrong).map(|()| None),
            None => Ok(None),
        }
    }
}

/// What bytes are written to.
enum Sink {
    File(BufWriter<File>),
    Memory(Cursor<Vec<u8>>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::File(file) => file.write(bytes),
            Sink::Memory(memory) => memory.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::File(file) => file.flush(),
            Sink::Memory(memory) => memory.flush(),
        }
    }
}

impl Seek for Sink {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        match self {
            Sink::File(file) => file.seek(position),
            Sink::Memory(memory) => memory.seek(position),
        }
    }
}

fn not_written(path: Option<&Path>, error: &io::Error) -> Failure {
    let what = path.map_or("the table".into(), |path| path.display().to_string());
    with_code(format!("cannot write {what}: {error}"), error)
}
