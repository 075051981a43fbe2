//! gzip's frame (RFC 1952): members one after the other, each with a header, a stream of deflate and a trailer.

use bytes::{Buf, Bytes};
use crc32fast::Hasher;

use super::{Broken, Inflate};

/// What every member begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The bits of a header's flags.
const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// The members of a body.
#[derive(Default)]
pub(super) struct Members {
    stage: Stage,
    /// Whether one has been read to its end: what follows then need not be gzip.
    has_one: bool,
}

#[derive(Default)]
enum Stage {
    /// Before a member, of whose magic the first byte may be there.
    #[default]
    Between,
    Magic,
    Header(Header),
    Body(Body),
    Trailer(Trailer),
    /// What follows is no member.
    Over,
}

impl Members {
    /// Takes some of the input, and gives some output, or none.
    pub(super) fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        if let Stage::Body(body) = &mut self.stage {
            body.step(input, output)?;
            if body.inflate.is_over {
                self.stage = Stage::Trailer(body.trailer());
            }
            return Ok(());
        }
        if matches!(self.stage, Stage::Over) {
            input.clear();
        }
        if input.has_remaining() {
            self.take(input.get_u8())?;
        }
        Ok(())
    }

    /// Takes a byte of what stands around the streams.
    fn take(&mut self, byte: u8) -> Result<(), Broken> {
        let [first, second] = MAGIC;
        match &mut self.stage {
            Stage::Between if byte == first => self.stage = Stage::Magic,
            Stage::Magic if byte == second => self.stage = Stage::Header(Header::default()),
            // Padding, or whatever else somebody hung on.
            Stage::Between | Stage::Magic if self.has_one => self.stage = Stage::Over,
            Stage::Between | Stage::Magic => return Err(Broken("incorrect header check")),
            Stage::Header(header) => {
                if header.take(byte)? {
                    self.stage = Stage::Body(Body::default());
                }
            }
            Stage::Trailer(trailer) => {
                if trailer.take(byte)? {
                    self.has_one = true;
                    self.stage = Stage::Between;
                }
            }
            Stage::Body(_) | Stage::Over => {}
        }
        Ok(())
    }

    /// Whether a body may end here.
    pub(super) fn is_whole(&self) -> bool {
        self.has_one && matches!(self.stage, Stage::Between | Stage::Magic | Stage::Over)
    }
}

/// A header after its magic, of which nothing is needed.
#[derive(Default)]
struct Header {
    part: Part,
    flags: u8,
    checksum: Hasher,
}

#[derive(Default, Clone, Copy, PartialEq)]
enum Part {
    #[default]
    Method,
    Flags,
    /// Time, extra flags and system: so many bytes are left.
    Rest(u8),
    ExtraLength,
    ExtraLengthEnd(u8),
    Extra(u16),
    Name,
    Comment,
    Checksum,
    ChecksumEnd(u8),
    Done,
}

impl Header {
    /// Takes a byte; whether it was the last one.
    fn take(&mut self, byte: u8) -> Result<bool, Broken> {
        let part = self.after(byte)?;
        if !matches!(self.part, Part::Checksum | Part::ChecksumEnd(_)) {
            self.checksum.update(&[byte]);
        }
        self.part = part;
        Ok(part == Part::Done)
    }

    fn after(&mut self, byte: u8) -> Result<Part, Broken> {
        Ok(match self.part {
            Part::Method if byte != 8 => return Err(Broken("unknown compression method")),
            Part::Method => {
                self.checksum.update(&MAGIC);
                Part::Flags
            }
            Part::Flags if byte & RESERVED != 0 => return Err(Broken("unknown header flags set")),
            Part::Flags => {
                self.flags = byte;
                Part::Rest(6)
            }
            Part::Rest(left) if left > 1 => Part::Rest(left - 1),
            Part::Rest(_) if self.flags & HAS_EXTRA != 0 => Part::ExtraLength,
            Part::ExtraLength => Part::ExtraLengthEnd(byte),
            Part::ExtraLengthEnd(low) => match u16::from_le_bytes([low, byte]) {
                0 => self.names(),
                length => Part::Extra(length),
            },
            Part::Extra(left) if left > 1 => Part::Extra(left - 1),
            Part::Rest(_) | Part::Extra(_) => self.names(),
            Part::Name | Part::Comment if byte != 0 => self.part,
            Part::Name => self.comment(),
            Part::Comment => self.end(),
            Part::Checksum => Part::ChecksumEnd(byte),
            Part::ChecksumEnd(low) => {
                let sum = self.checksum.clone().finalize() & 0xffff;
                if sum != u32::from(u16::from_le_bytes([low, byte])) {
                    return Err(Broken("header crc mismatch"));
                }
                Part::Done
            }
            Part::Done => Part::Done,
        })
    }

    fn names(&self) -> Part {
        if self.flags & HAS_NAME != 0 {
            return Part::Name;
        }
        self.comment()
    }

    fn comment(&self) -> Part {
        if self.flags & HAS_COMMENT != 0 {
            return Part::Comment;
        }
        self.end()
    }

    fn end(&self) -> Part {
        if self.flags & HAS_CHECKSUM != 0 {
            return Part::Checksum;
        }
        Part::Done
    }
}

/// A member's stream, and what its trailer has to say of it.
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
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        self.inflate.step(input, output)?;
        self.checksum.update(output);
        // The trailer has the length's lowest 32 bits, too.
        self.length = self.length.wrapping_add(output.len() as u32);
        Ok(())
    }

    fn trailer(&self) -> Trailer {
        let [sum, length] = [self.checksum.clone().finalize(), self.length].map(u64::from);
        Trailer {
            expected: (sum | length << 32).to_le_bytes(),
            seen: 0,
        }
    }
}

/// The checksum and the length, as they must stand there.
struct Trailer {
    expected: [u8; 8],
    seen: usize,
}

impl Trailer {
    /// Takes a byte; whether it was the last one.
    fn take(&mut self, byte: u8) -> Result<bool, Broken> {
        if self.expected.get(self.seen) != Some(&byte) {
            let is_of_length = self.seen >= 4;
            return Err(Broken(if is_of_length {
                "incorrect length check"
            } else {
                "incorrect data check"
            }));
        }
        self.seen += 1;
        Ok(self.seen == self.expected.len())
    }
}
