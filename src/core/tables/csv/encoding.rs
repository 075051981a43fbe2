//! From bytes to text. The encoding is decided from the whole file, so that a first non-ASCII letter on the last line is
//! read like one on the first.

use encoding_rs::{DecoderResult, Encoding as Charset, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::lines::LineCounter;
use crate::core::error::Failure;
use crate::core::tables::checked::{BlockReader, Checksums};
use crate::core::tables::source::Source;

/// How a file is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding {
    charset: &'static Charset,
    /// How many bytes the byte order mark has.
    mark: usize,
}

impl Encoding {
    /// Its name as the Encoding Standard has it, in lower case.
    pub fn name(self) -> String {
        self.charset.name().to_ascii_lowercase()
    }
}

/// Finds out how a file is encoded: by its byte order mark; as UTF-16 if each second one of its first bytes is zero; as UTF-8
/// if all of it is valid UTF-8; otherwise as Windows-1252, the code page of Western Excel.
///
/// # Errors
/// A failure of kind `Input` that names the first line that is wrong: the file is not what its mark says, or it is UTF-8 for
/// the greater part and damaged. Of kind `File` if it cannot be read.
pub fn scan(
    source: &Source,
    mut each: impl FnMut() -> Result<(), Failure>,
) -> Result<(Encoding, Checksums), Failure> {
    let mut survey: Option<Survey> = None;
    let checksums = source.scan(|block| {
        each()?;
        survey
            .get_or_insert_with(|| Survey::new(guess(block)))
            .add(block, false);
        Ok(())
    })?;
    let mut survey = survey.unwrap_or_else(|| Survey::new(guess(b"")));
    survey.add(b"", true);
    Ok((survey.encoding()?, checksums))
}

/// The encoding as far as the first bytes tell.
fn guess(head: &[u8]) -> Encoding {
    let encoding = |charset, mark| Encoding { charset, mark };
    match head {
        [0xEF, 0xBB, 0xBF, ..] => encoding(UTF_8, 3),
        [0xFF, 0xFE, ..] => encoding(UTF_16LE, 2),
        [0xFE, 0xFF, ..] => encoding(UTF_16BE, 2),
        [1..=255, 0, 1..=255, 0, ..] => encoding(UTF_16LE, 0),
        [0, 1..=255, 0, 1..=255, ..] => encoding(UTF_16BE, 0),
        _ => encoding(UTF_8, 0),
    }
}

/// What a first reading of the file finds.
struct Survey {
    guess: Encoding,
    decoder: Decoder,
    text: Vec<u8>,
    lines: LineCounter,
    /// How many characters are beyond ASCII, and how many sequences are malformed.
    beyond_ascii: u64,
    malformed: u64,
    first_malformed: u64,
}

impl Survey {
    fn new(guess: Encoding) -> Self {
        Self {
            guess,
            decoder: Decoder::new(guess),
            text: Vec::new(),
            lines: LineCounter::default(),
            beyond_ascii: 0,
            malformed: 0,
            first_malformed: 0,
        }
    }

    fn add(&mut self, mut block: &[u8], is_last: bool) {
        loop {
            self.text.clear();
            let step = self.decoder.decode(&mut block, &mut self.text, is_last);
            let starts = self.text.iter().filter(|byte| **byte >= 0xC0).count();
            self.beyond_ascii += starts as u64;
            self.lines.add(&self.text);
            if step == Step::Malformed {
                if self.malformed == 0 {
                    self.first_malformed = self.lines.line();
                }
                self.malformed += 1;
            } else if step == Step::NeedsInput {
                return;
            }
        }
    }

    fn encoding(&self) -> Result<Encoding, Failure> {
        let Encoding { charset, mark } = self.guess;
        if self.malformed == 0 {
            return Ok(self.guess);
        }
        let line = self.first_malformed;
        if charset != UTF_8 || mark > 0 {
            let name = charset.name();
            return Err(Failure::input(format!(
                "line {line} is not valid {name}, as which the file begins; save it again as CSV UTF-8"
            )));
        }
        if self.beyond_ascii > self.malformed {
            return Err(Failure::input(format!(
                "line {line} is not valid UTF-8, and other lines are; save the file again as CSV UTF-8"
            )));
        }
        Ok(Encoding {
            charset: WINDOWS_1252,
            mark: 0,
        })
    }
}

/// How far decoding went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    NeedsInput,
    NeedsRoom,
    Malformed,
}

/// A decoder that drops the byte order mark.
struct Decoder {
    decoder: encoding_rs::Decoder,
    mark: usize,
}

impl Decoder {
    fn new(encoding: Encoding) -> Self {
        Self {
            decoder: encoding.charset.new_decoder_without_bom_handling(),
            mark: encoding.mark,
        }
    }

    /// Decodes as much as there is room for; what was used is taken off the input.
    fn decode(&mut self, input: &mut &[u8], text: &mut Vec<u8>, is_last: bool) -> Step {
        let skipped = self.mark.min(input.len());
        self.mark -= skipped;
        *input = input.get(skipped..).unwrap_or_default();
        // Not all at once: a block of UTF-16 may be half as long again in UTF-8.
        text.resize(ROOM, 0);
        let (result, read, written) = self
            .decoder
            .decode_to_utf8_without_replacement(input, text, is_last);
        text.truncate(written);
        *input = input.get(read..).unwrap_or_default();
        match result {
            DecoderResult::InputEmpty => Step::NeedsInput,
            DecoderResult::OutputFull => Step::NeedsRoom,
            DecoderResult::Malformed(..) => Step::Malformed,
        }
    }
}

/// How many bytes of text are decoded at once.
const ROOM: usize = 32 * 1024;

/// The text of a file whose encoding is known.
pub struct TextReader {
    bytes: BlockReader,
    decoder: Decoder,
    block: Vec<u8>,
    used: usize,
    is_last: bool,
    is_over: bool,
}

impl TextReader {
    /// * `bytes`: the file that the encoding was found in.
    pub fn new(bytes: BlockReader, encoding: Encoding) -> Self {
        Self {
            bytes,
            decoder: Decoder::new(encoding),
            block: Vec::new(),
            used: 0,
            is_last: false,
            is_over: false,
        }
    }

    /// Puts the next part of the text, in UTF-8, into `text`; it is empty at the end.
    ///
    /// # Errors
    /// As [`BlockReader::next_block`].
    pub fn read(&mut self, text: &mut Vec<u8>) -> Result<(), Failure> {
        text.clear();
        while text.is_empty() && !self.is_over {
            if self.used == self.block.len() && !self.is_last {
                let block = self.bytes.next_block()?;
                self.is_last = block.is_empty();
                self.block.clear();
                self.block.extend_from_slice(block);
                self.used = 0;
            }
            let mut rest = self.block.get(self.used..).unwrap_or_default();
            let step = self.decoder.decode(&mut rest, text, self.is_last);
            self.used = self.block.len() - rest.len();
            // The scan has read the same bytes, so none is malformed.
            self.is_over = self.is_last && step == Step::NeedsInput;
        }
        Ok(())
    }
}
