//! The bounds within which a workbook is read.

/// The bounds within which a workbook is read, so that no file takes more memory or time than the largest real ones. What is
/// unpacked is measured, not what the file says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of the zip archive's directory, which bound the number of entries.
    pub directory_bytes: u64,
    /// Unpacked bytes of a part other than the two below.
    pub part_bytes: u64,
    /// Unpacked bytes of the part with the shared texts.
    pub shared_texts_bytes: u64,
    /// Unpacked bytes of the sheet.
    pub sheet_bytes: u64,
    /// Bytes of one tag, or of one text between two tags.
    pub event_bytes: usize,
    /// How deep elements may be nested.
    pub depth: usize,
    /// Shared texts.
    pub texts: usize,
    /// Bytes of all shared texts together, in memory.
    pub text_bytes: usize,
    /// Sheets, and relationships of a part.
    pub sheets: usize,
    /// Number formats, and cell styles.
    pub styles: usize,
    /// Joined cells, and groups of columns.
    pub ranges: usize,
    /// Cells of all rows together, also those between and below others that the file does not contain.
    pub cells: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 256 << 20,
            directory_bytes: 4 << 20,
            part_bytes: 16 << 20,
            shared_texts_bytes: 256 << 20,
            sheet_bytes: 1 << 30,
            event_bytes: 1 << 20,
            depth: 64,
            texts: 4_000_000,
            text_bytes: 64 << 20,
            sheets: 10_000,
            styles: 100_000,
            ranges: 65_536,
            cells: 100_000_000,
        }
    }
}

/// The most rows of a sheet.
pub const MAX_ROWS: u32 = 1_048_576;

/// The most columns of a sheet.
pub const MAX_COLUMNS: u32 = 16_384;

/// The most characters of a cell's text, in UTF-16 units, as Excel counts.
pub const MAX_CHARACTERS: usize = 32_767;
