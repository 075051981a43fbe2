//! The container of a workbook: a zip archive with parts.

use std::io::{self, Read, Seek, SeekFrom};

use zip::read::ZipFileEntry;
use zip::result::ZipError;
use zip::{CompressionMethod, ZipArchive};

use super::limits::Limits;
use super::part::{Declared, Part};
use crate::core::error::Failure;

/// The most bytes of a part's name.
const MAX_NAME_BYTES: usize = 1024;

/// The bytes of an entry's header before its name, and where in it the lengths of its two variable fields are.
const LOCAL_HEADER_BYTES: u64 = 30;
const LOCAL_HEADER_LENGTHS: u64 = 26;

/// The container of a workbook.
pub struct Package<S> {
    source: S,
    entries: Vec<Entry>,
    limits: Limits,
}

/// A part in the archive.
struct Entry {
    name: String,
    header_start: u64,
    method: CompressionMethod,
    is_encrypted: bool,
    declared: Declared,
}

impl<S: Read + Seek> Package<S> {
    /// Reads the directory of an archive.
    ///
    /// # Errors
    /// If this is none, or one that no program makes of a workbook: with too many entries, or with two of one name.
    pub fn open(mut source: S, limits: Limits) -> Result<Self, Failure> {
        reject_other_formats(&mut source)?;
        let bytes = source
            .seek(SeekFrom::End(0))
            .map_err(|error| cannot_read(&error))?;
        if bytes > limits.file_bytes {
            return Err(Failure::input(format!(
                "the workbook is larger than {} bytes, the most that is read; save the table as .csv",
                limits.file_bytes
            )));
        }
        let directory = Metered {
            source,
            bytes_left: limits.directory_bytes,
        };
        let archive = ZipArchive::new(directory).map_err(|error| broken(&error))?;
        if archive.has_duplicate_names() {
            return Err(Failure::input(
                "the workbook is damaged: it has two parts of the same name",
            ));
        }
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            entries.push(to_entry(
                &archive.by_index_data(index).map_err(|error| broken(&error))?,
            )?);
        }
        let source = archive.into_inner().source;
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        let same = entries.windows(2).find_map(|pair| match pair {
            [one, other] if one.name == other.name => Some(&one.name),
            _ => None,
        });
        if let Some(name) = same {
            return Err(Failure::input(format!(
                "the workbook is damaged: it has two parts '{name}'"
            )));
        }
        Ok(Self {
            source,
            entries,
            limits,
        })
    }

    /// Whether there is a part.
    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// A part, if there is one of this name.
    ///
    /// * `max_bytes`: the most unpacked bytes.
    ///
    /// # Errors
    /// If it cannot be unpacked: encrypted, or compressed in an unusual way.
    pub fn part(&mut self, name: &str, max_bytes: u64) -> Result<Option<Part<&mut S>>, Failure> {
        let Some(declared) = self.seek_to(name)? else {
            return Ok(None);
        };
        let max_event_bytes = self.limits.event_bytes;
        Ok(Some(Part::new(
            &mut self.source,
            declared,
            max_bytes,
            max_event_bytes,
        )))
    }

    /// The last part that is needed, if there is one of this name.
    ///
    /// # Errors
    /// As `part`.
    pub fn into_part(mut self, name: &str, max_bytes: u64) -> Result<Option<Part<S>>, Failure> {
        let declared = self.seek_to(name)?;
        Ok(declared.map(|declared| Part::new(self.source, declared, max_bytes, self.limits.event_bytes)))
    }

    fn find(&self, name: &str) -> Option<&Entry> {
        let name = normalized(name);
        let index = self
            .entries
            .binary_search_by(|entry| entry.name.cmp(&name))
            .ok()?;
        self.entries.get(index)
    }

    /// Seeks the first byte of a part's content.
    fn seek_to(&mut self, name: &str) -> Result<Option<Declared>, Failure> {
        let Some(entry) = self.find(name) else {
            return Ok(None);
        };
        if entry.is_encrypted {
            return Err(Failure::input(
                "the workbook is encrypted; open it in Excel, remove the password, and save it",
            ));
        }
        if !matches!(
            entry.method,
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(Failure::input(format!(
                "the workbook is compressed in a way that Excel does not use ({}); open it in Excel and save it",
                entry.method
            )));
        }
        let (header_start, declared) = (entry.header_start, entry.declared);
        seek_content(&mut self.source, header_start).map_err(|error| {
            Failure::input(format!("the workbook is damaged: cannot read '{name}': {error}"))
        })?;
        Ok(Some(declared))
    }
}

/// Seeks the content of an entry, behind its header.
fn seek_content(source: &mut (impl Read + Seek), header_start: u64) -> io::Result<()> {
    let overflow = || io::Error::other("it begins beyond the end of the file");
    let lengths = header_start
        .checked_add(LOCAL_HEADER_LENGTHS)
        .ok_or_else(overflow)?;
    source.seek(SeekFrom::Start(lengths))?;
    let mut fields = [0; 4];
    source.read_exact(&mut fields)?;
    let [name_low, name_high, extra_low, extra_high] = fields;
    let name = u64::from(u16::from_le_bytes([name_low, name_high]));
    let extra = u64::from(u16::from_le_bytes([extra_low, extra_high]));
    let content = header_start
        .checked_add(LOCAL_HEADER_BYTES + name + extra)
        .ok_or_else(overflow)?;
    source.seek(SeekFrom::Start(content))?;
    Ok(())
}

fn to_entry(entry: &ZipFileEntry<'_>) -> Result<Entry, Failure> {
    let name = entry.name().map_err(|error| broken(&error))?;
    if name.len() > MAX_NAME_BYTES {
        return Err(Failure::input(format!(
            "this is no workbook: it has a part whose name is longer than {MAX_NAME_BYTES} bytes"
        )));
    }
    Ok(Entry {
        name: normalized(&name),
        header_start: entry.header_start(),
        method: entry.compression(),
        is_encrypted: entry.encrypted(),
        declared: Declared {
            is_deflated: entry.compression() == CompressionMethod::Deflated,
            packed: entry.compressed_size(),
            unpacked: entry.size(),
            crc32: entry.crc32(),
        },
    })
}

/// A part's name as it is compared: without a leading slash, with slashes for backslashes, and without regard to case.
fn normalized(name: &str) -> String {
    name.replace('\\', "/")
        .trim_start_matches('/')
        .to_ascii_lowercase()
}

/// Reads no more than so many bytes: each entry takes some of them, so that their number is bounded before any is kept.
struct Metered<S> {
    source: S,
    bytes_left: u64,
}

impl<S: Read> Read for Metered<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.bytes_left = self
            .bytes_left
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::other("it has too many parts"))?;
        Ok(read)
    }
}

impl<S: Seek> Seek for Metered<S> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.source.seek(position)
    }
}

/// The file cannot be read.
fn cannot_read(error: &io::Error) -> Failure {
    Failure::input(format!("cannot read the workbook: {error}"))
}

/// The archive cannot be read.
fn broken(error: &ZipError) -> Failure {
    Failure::input(format!(
        "this is no Excel workbook (.xlsx), or it is damaged or cut off: {error}"
    ))
}

/// The formats for which people most often take another file, by their first bytes.
const OTHER_FORMATS: [(&[u8], &str); 6] = [
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "it is an old .xls, or a workbook with a password; open it in Excel, remove the password, and save it as .xlsx",
    ),
    (b"%PDF", "it is a PDF; save the table itself as .xlsx or .csv"),
    (b"<", "it is HTML or XML; save the table as .xlsx or .csv"),
    (
        b"\xEF\xBB\xBF<",
        "it is HTML or XML; save the table as .xlsx or .csv",
    ),
    (
        b"{\\rtf",
        "it is a text document (RTF); save the table as .xlsx or .csv",
    ),
    (b"\x1F\x8B", "it is compressed with gzip; unpack it first"),
];

/// Refuses what is no zip archive with a better word than that.
fn reject_other_formats(source: &mut (impl Read + Seek)) -> Result<(), Failure> {
    let mut start = Vec::new();
    source
        .seek(SeekFrom::Start(0))
        .and_then(|_| source.by_ref().take(8).read_to_end(&mut start))
        .map_err(|error| cannot_read(&error))?;
    if start.is_empty() {
        return Err(Failure::input("the file is empty"));
    }
    for (signature, what) in OTHER_FORMATS {
        if start.starts_with(signature) {
            return Err(Failure::input(format!(
                "this is no Excel workbook (.xlsx): {what}"
            )));
        }
    }
    if !start.starts_with(b"PK") {
        return Err(Failure::input(
            "this is no Excel workbook (.xlsx); open it in the program that it belongs to, and save it as .xlsx or .csv",
        ));
    }
    Ok(())
}
