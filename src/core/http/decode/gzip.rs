//! The gzip format (RFC 1952): members one after the other, each with a header, a deflate stream and a trailer.

use bytes::{Buf, Bytes};
use crc32fast::Hasher;

use super::{DecodeError, Inflate};

/// The first bytes of every member.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

// The bits of the flags in a header.
const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
const RESERVED_FLAGS: u8 = 0b1110_0000;

/// Decodes the members of a body.
#[derive(Default)]
pub(super) struct GzipDecoder {
    stage: Stage,
    /// Whether a member is complete: what follows then need not be gzip.
    has_member: bool,
}

#[derive(Default)]
enum Stage {
    /// Before a member.
    #[default]
    Start,
    /// After the first byte of [`MAGIC`].
    Magic,
    Header(Header),
    Body(Body),
    Trailer(Trailer),
    /// After the last member; the rest is ignored.
    Ignore,
}

impl GzipDecoder {
    /// Consumes some of the input and may produce some output.
    pub(super) fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), DecodeError> {
        if let Stage::Body(body) = &mut self.stage {
            body.step(input, output)?;
            if body.inflate.is_finished {
                self.stage = Stage::Trailer(body.trailer());
            }
            return Ok(());
        }
        if matches!(self.stage, Stage::Ignore) {
            input.clear();
        }
        if input.has_remaining() {
            self.read(input.get_u8())?;
        }
        Ok(())
    }

    /// Reads a byte outside the deflate streams.
    fn read(&mut self, byte: u8) -> Result<(), DecodeError> {
        let [first, second] = MAGIC;
        match &mut self.stage {
            Stage::Start if byte == first => self.stage = Stage::Magic,
            Stage::Magic if byte == second => self.stage = Stage::Header(Header::default()),
            // Padding, or other data after the last member.
            Stage::Start | Stage::Magic if self.has_member => self.stage = Stage::Ignore,
            Stage::Start | Stage::Magic => return Err(DecodeError("incorrect header check")),
            Stage::Header(header) => {
                if header.read(byte)? {
                    self.stage = Stage::Body(Body::default());
                }
            }
            Stage::Trailer(trailer) => {
                if trailer.read(byte)? {
                    self.has_member = true;
                    self.stage = Stage::Start;
                }
            }
            Stage::Body(_) | Stage::Ignore => {}
        }
        Ok(())
    }

    /// Whether the body may end here.
    pub(super) fn is_complete(&self) -> bool {
        self.has_member && matches!(self.stage, Stage::Start | Stage::Magic | Stage::Ignore)
    }
}

/// A header after [`MAGIC`]. Its fields are skipped.
#[derive(Default)]
struct Header {
    field: Field,
    flags: u8,
    checksum: Hasher,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Field {
    #[default]
    Method,
    Flags,
    /// Time, extra flags and operating system: the number of bytes left.
    Fixed(u8),
    ExtraLength,
    /// The second byte of the length, after this first one.
    ExtraLengthHigh(u8),
    /// The number of bytes left.
    Extra(u16),
    Name,
    Comment,
    Checksum,
    /// The second byte of the checksum, after this first one.
    ChecksumHigh(u8),
    Done,
}

impl Header {
    /// Reads a byte. True if it was the last one.
    fn read(&mut self, byte: u8) -> Result<bool, DecodeError> {
        let field = self.field_after(byte)?;
        if !matches!(self.field, Field::Checksum | Field::ChecksumHigh(_)) {
            self.checksum.update(&[byte]);
        }
        self.field = field;
        Ok(field == Field::Done)
    }

    fn field_after(&mut self, byte: u8) -> Result<Field, DecodeError> {
        Ok(match self.field {
            Field::Method if byte != 8 => return Err(DecodeError("unknown compression method")),
            Field::Method => {
                self.checksum.update(&MAGIC);
                Field::Flags
            }
            Field::Flags if byte & RESERVED_FLAGS != 0 => {
                return Err(DecodeError("unknown header flags set"));
            }
            Field::Flags => {
                self.flags = byte;
                Field::Fixed(6)
            }
            Field::Fixed(left) if left > 1 => Field::Fixed(left - 1),
            Field::Fixed(_) if self.flags & HAS_EXTRA != 0 => Field::ExtraLength,
            Field::ExtraLength => Field::ExtraLengthHigh(byte),
            Field::ExtraLengthHigh(low) => match u16::from_le_bytes([low, byte]) {
                0 => self.name_or_next(),
                length => Field::Extra(length),
            },
            Field::Extra(left) if left > 1 => Field::Extra(left - 1),
            Field::Fixed(_) | Field::Extra(_) => self.name_or_next(),
            Field::Name | Field::Comment if byte != 0 => self.field,
            Field::Name => self.comment_or_next(),
            Field::Comment => self.checksum_or_done(),
            Field::Checksum => Field::ChecksumHigh(byte),
            Field::ChecksumHigh(low) => {
                let sum = self.checksum.clone().finalize() & 0xffff;
                if sum != u32::from(u16::from_le_bytes([low, byte])) {
                    return Err(DecodeError("header crc mismatch"));
                }
                Field::Done
            }
            Field::Done => Field::Done,
        })
    }

    fn name_or_next(&self) -> Field {
        if self.flags & HAS_NAME != 0 {
            return Field::Name;
        }
        self.comment_or_next()
    }

    fn comment_or_next(&self) -> Field {
        if self.flags & HAS_COMMENT != 0 {
            return Field::Comment;
        }
        self.checksum_or_done()
    }

    fn checksum_or_done(&self) -> Field {
        if self.flags & HAS_CHECKSUM != 0 {
            return Field::Checksum;
        }
        Field::Done
    }
}

/// The deflate stream of a member, with what its trailer must contain.
struct Body {
    inflate: Inflate,
    checksum: Hasher,
    length: u32,
}

impl Default for Body {
    fn default() -> Self {
        Self {
            inflate: Inflate::new(false),
            checksum: Hasher::new(),
            length: 0,
        }
    }
}

impl Body {
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), DecodeError> {
        self.inflate.step(input, output)?;
        self.checksum.update(output);
        // The trailer has the length modulo 2^32.
        self.length = self.length.wrapping_add(output.len() as u32);
        Ok(())
    }

    fn trailer(&self) -> Trailer {
        let [sum, length] = [self.checksum.clone().finalize(), self.length].map(u64::from);
        Trailer {
            expected: (sum | length << 32).to_le_bytes(),
            position: 0,
        }
    }
}

/// The trailer that must follow: checksum and length.
struct Trailer {
    expected: [u8; 8],
    position: usize,
}

impl Trailer {
    /// Reads a byte. True if it was the last one.
    fn read(&mut self, byte: u8) -> Result<bool, DecodeError> {
        if self.expected.get(self.position) != Some(&byte) {
            let is_length = self.position >= 4;
            return Err(DecodeError(if is_length {
                "incorrect length check"
            } else {
                "incorrect data check"
            }));
        }
        self.position += 1;
        Ok(self.position == self.expected.len())
    }
}
