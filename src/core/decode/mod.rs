//! Content codings (RFC 9110, 8.4), undone piece by piece, in little memory whatever they unpack to.
//!
//! Not the HTTP client's own: that one takes the end of a gzip member for the end of the body, reads `deflate` only as zlib,
//! does not know `x-gzip`, and takes the headers of a coding away where there is no body.

mod gzip;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use gzip::Members;

/// What is asked for where the caller asks for nothing else.
pub const ACCEPTED: &str = "gzip,deflate,br";

/// More codings than anybody has a use for, and few enough that undoing them stays cheap. The Fetch standard's
/// implementations have the same bound.
const MOST_CODINGS: usize = 5;

/// As much is unpacked at once, of each coding: a bomb takes no more than this before somebody looks at its size.
const PIECE: usize = 16 << 10;

/// A coded body may be so much larger than what it is decoded to, beyond an eighth of that. More is a body without end, of
/// members or of zeros that are nothing.
const SLACK: u64 = 1 << 20;

/// A content coding that can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// gzip, of any number of members.
    Gzip,
    /// deflate, with zlib's frame or without.
    Deflate,
    /// Brotli.
    Brotli,
}

impl Coding {
    fn named(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match name {
            _ if is("gzip") || is("x-gzip") => Some(Coding::Gzip),
            _ if is("deflate") => Some(Coding::Deflate),
            _ if is("br") => Some(Coding::Brotli),
            _ => None,
        }
    }
}

/// The codings of a body, in the order in which they were applied: the last one is undone first.
///
/// None where one of them is unknown, or where there are too many: such a body stays as it is.
fn codings(headers: &HeaderMap) -> Vec<Coding> {
    let mut codings = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let Ok(text) = value.to_str() else {
            return Vec::new();
        };
        for name in text.split(',').map(str::trim) {
            if name.is_empty() || name.eq_ignore_ascii_case("identity") {
                continue;
            }
            match Coding::named(name) {
                Some(coding) if codings.len() < MOST_CODINGS => codings.push(coding),
                _ => return Vec::new(),
            }
        }
    }
    codings
}

/// Why a coded body cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken(pub &'static str);

/// Undoes codings. Each piece that is fed is drawn to its end before the next one is.
pub struct Decoder {
    /// In the order in which they are undone.
    layers: Vec<Layer>,
    /// How many bytes were fed, and drawn.
    fed: u64,
    drawn: u64,
}

impl Decoder {
    /// A decoder for the body of an answer; `None` where there is nothing to be undone.
    ///
    /// * `decompress`: whether codings are to be undone at all.
    pub fn for_answer(headers: &HeaderMap, decompress: bool) -> Option<Self> {
        if decompress {
            Self::of(&codings(headers))
        } else {
            None
        }
    }

    /// A decoder of codings as [`codings`] gives them; `None` where there is nothing to be undone.
    fn of(codings: &[Coding]) -> Option<Self> {
        let layers: Vec<_> = codings.iter().rev().copied().map(Layer::of).collect();
        (!layers.is_empty()).then_some(Self {
            layers,
            fed: 0,
            drawn: 0,
        })
    }

    /// Whether there was anything to be undone.
    pub fn has_begun(&self) -> bool {
        self.fed > 0
    }

    /// Takes a piece of the coded body.
    pub fn feed(&mut self, piece: Bytes) {
        if let Some(first) = self.layers.first_mut() {
            self.fed += piece.len() as u64;
            first.input = piece;
        }
    }

    /// The next piece of what was coded; none when more has to be fed.
    pub fn draw(&mut self) -> Result<Option<Vec<u8>>, Broken> {
        let piece = draw(&mut self.layers)?;
        self.drawn += piece.as_ref().map_or(0, |piece| piece.len() as u64);
        if piece.is_none() && self.fed > self.drawn + self.drawn / 8 + SLACK {
            return Err(Broken("it has no end, and holds nothing"));
        }
        Ok(piece)
    }

    /// Says that nothing more is fed. A body without a byte is empty, whatever its coding is said to be.
    pub fn end(&self) -> Result<(), Broken> {
        let is_whole = |layer: &Layer| layer.undoing.is_whole();
        if self.has_begun() && !self.layers.iter().all(is_whole) {
            return Err(Broken("unexpected end of file"));
        }
        Ok(())
    }
}

/// What the last of some layers makes of what there is.
fn draw(layers: &mut [Layer]) -> Result<Option<Vec<u8>>, Broken> {
    let Some((last, before)) = layers.split_last_mut() else {
        return Ok(None);
    };
    loop {
        let piece = last.step()?;
        if !piece.is_empty() {
            return Ok(Some(piece));
        }
        if last.input.is_empty() {
            match draw(before)? {
                Some(more) => last.input = more.into(),
                None => return Ok(None),
            }
        }
    }
}

/// One coding that is undone, and what it has not looked at yet.
struct Layer {
    undoing: Undoing,
    input: Bytes,
}

type Brotli = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

enum Undoing {
    Gzip(Box<Members>),
    /// Nothing before the first byte, which tells what it is.
    Deflate(Option<Box<Inflate>>),
    Brotli {
        state: Box<Brotli>,
        is_over: bool,
    },
}

impl Layer {
    fn of(coding: Coding) -> Self {
        let undoing = match coding {
            Coding::Gzip => Undoing::Gzip(Box::default()),
            Coding::Deflate => Undoing::Deflate(None),
            Coding::Brotli => {
                let allocate = StandardAlloc::default;
                // HTTP's Brotli (RFC 7932) has no windows beyond 16 MiB.
                Undoing::Brotli {
                    state: Box::new(Brotli::new_strict(allocate(), allocate(), allocate())),
                    is_over: false,
                }
            }
        };
        Self {
            undoing,
            input: Bytes::new(),
        }
    }

    /// Unpacks a piece; an empty one where it takes more to go on.
    fn step(&mut self) -> Result<Vec<u8>, Broken> {
        let mut output = Vec::new();
        // Once it may only have come from one part to the next.
        let mut times_nothing_taken = 0;
        while output.is_empty() && times_nothing_taken < 2 {
            let before = self.input.len();
            self.undoing.step(&mut self.input, &mut output)?;
            let took = self.input.len() < before;
            times_nothing_taken = if took { 0 } else { times_nothing_taken + 1 };
        }
        if output.is_empty() && !self.input.is_empty() {
            return Err(Broken("the decoder does not go on"));
        }
        Ok(output)
    }
}

impl Undoing {
    /// Takes some of the input, all of it sooner or later, and gives some output, or none.
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        match self {
            Undoing::Gzip(members) => members.step(input, output),
            Undoing::Deflate(inflate) => {
                let Some(first) = input.first() else {
                    return inflate
                        .as_mut()
                        .map_or(Ok(()), |inflate| inflate.step(input, output));
                };
                // zlib's first byte names its method, which is 8; no block of deflate begins so.
                let has_frame = first & 0x0f == 8;
                let inflate = inflate.get_or_insert_with(|| Box::new(Inflate::new(has_frame)));
                if inflate.is_over {
                    input.clear();
                }
                inflate.step(input, output)
            }
            Undoing::Brotli { is_over: true, .. } => {
                input.clear();
                Ok(())
            }
            Undoing::Brotli { state, is_over } => unpack_brotli(state, is_over, input, output),
        }
    }

    /// Whether what it has been given may end here.
    fn is_whole(&self) -> bool {
        match self {
            Undoing::Gzip(members) => members.is_whole(),
            Undoing::Deflate(inflate) => inflate.as_ref().is_some_and(|inflate| inflate.is_over),
            Undoing::Brotli { is_over, .. } => *is_over,
        }
    }
}

fn unpack_brotli(
    state: &mut Brotli,
    is_over: &mut bool,
    input: &mut Bytes,
    output: &mut Vec<u8>,
) -> Result<(), Broken> {
    output.resize(PIECE, 0);
    let (mut left, mut taken, mut room, mut given) = (input.len(), 0, output.len(), 0);
    let result = BrotliDecompressStream(
        &mut left, &mut taken, input, &mut room, &mut given, output, &mut 0, state,
    );
    input.advance(taken);
    output.truncate(given);
    match result {
        BrotliResult::ResultFailure => Err(Broken("corrupt brotli stream")),
        BrotliResult::ResultSuccess => {
            *is_over = true;
            Ok(())
        }
        BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok(()),
    }
}

/// A stream of deflate.
struct Inflate {
    state: Decompress,
    is_over: bool,
}

impl Inflate {
    fn new(has_frame: bool) -> Self {
        Self {
            state: Decompress::new(has_frame),
            is_over: false,
        }
    }

    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), Broken> {
        if self.is_over {
            return Ok(());
        }
        output.reserve_exact(PIECE);
        let before = self.state.total_in();
        let status = self
            .state
            .decompress_vec(input, output, FlushDecompress::None)
            .map_err(|_| Broken("corrupt deflate stream"))?;
        let taken = usize::try_from(self.state.total_in() - before).unwrap_or(usize::MAX);
        input.advance(taken.min(input.len()));
        self.is_over = status == Status::StreamEnd;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
