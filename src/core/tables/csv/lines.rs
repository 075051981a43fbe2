//! Counting lines as an editor does: CR, LF and CRLF each end one.

/// Counts the lines of a text that comes in pieces.
#[derive(Debug, Clone, Default)]
pub struct LineCounter {
    ends: u64,
    is_after_cr: bool,
}

impl LineCounter {
    /// Reads the next piece.
    pub fn add(&mut self, text: &[u8]) {
        for byte in text {
            let is_end = *byte == b'\r' || *byte == b'\n' && !self.is_after_cr;
            self.ends += u64::from(is_end);
            self.is_after_cr = *byte == b'\r';
        }
    }

    /// The number of the line that is being read; the first is 1.
    pub fn line(&self) -> u64 {
        self.ends + 1
    }
}
