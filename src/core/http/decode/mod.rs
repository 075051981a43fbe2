//! Decodes content codings (RFC 9110, 8.4) in chunks, so that a small body that decodes to a huge one takes little memory.
//!
//! The HTTP client's own decoders are not used: they end a gzip body after its first member, accept `deflate` only with a zlib
//! header, do not know `x-gzip`, and remove `Content-Encoding` from a response without a body.

mod gzip;

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};
use bytes::{Buf, Bytes};
use flate2::{Decompress, FlushDecompress, Status};
use reqwest::header::{CONTENT_ENCODING, HeaderMap};

use gzip::GzipDecoder;

/// The default `Accept-Encoding`.
pub const ACCEPTED_CODINGS: &str = "gzip,deflate,br";

/// How many codings of one body are decoded: each costs time, and nobody needs more. Implementations of `fetch` have the same
/// limit.
const MAX_CODINGS: usize = 5;

/// The size of a decoded chunk. Each coding holds at most one, so the caller can check the size before more is decoded.
const CHUNK_BYTES: usize = 16 << 10;

/// By how much an encoded body may be larger than 9/8 of the decoded one. Beyond that it is taken for an endless body that
/// decodes to nothing, such as one of empty gzip members.
const MAX_OVERHEAD_BYTES: u64 = 1 << 20;

/// A content coding that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// gzip with any number of members.
    Gzip,
    /// deflate, with or without a zlib header.
    Deflate,
    /// Brotli.
    Brotli,
}

impl Coding {
    fn from_name(name: &str) -> Option<Self> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match name {
            _ if is("gzip") || is("x-gzip") => Some(Coding::Gzip),
            _ if is("deflate") => Some(Coding::Deflate),
            _ if is("br") => Some(Coding::Brotli),
            _ => None,
        }
    }
}

/// The codings of a body in the order in which they were applied: the last one is decoded first.
///
/// Empty if one of them is unknown or there are too many: such a body is passed on as it is.
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
            match Coding::from_name(name) {
                Some(coding) if codings.len() < MAX_CODINGS => codings.push(coding),
                _ => return Vec::new(),
            }
        }
    }
    codings
}

/// Why a body cannot be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecodeError(pub &'static str);

/// Decodes a body. All decoded chunks are taken with [`Decoder::next_chunk`] before the next encoded one is pushed.
pub struct Decoder {
    /// In the order in which they are decoded.
    layers: Vec<Layer>,
    bytes_in: u64,
    bytes_out: u64,
}

impl Decoder {
    /// A decoder for the body of a response; `None` if there is nothing to decode.
    ///
    /// * `decompress`: whether to decode anything.
    pub fn for_response(headers: &HeaderMap, decompress: bool) -> Option<Self> {
        if decompress {
            Self::of(&codings(headers))
        } else {
            None
        }
    }

    /// A decoder of the codings that [`codings`] returns; `None` if there are none.
    fn of(codings: &[Coding]) -> Option<Self> {
        let layers: Vec<_> = codings.iter().rev().copied().map(Layer::of).collect();
        (!layers.is_empty()).then_some(Self {
            layers,
            bytes_in: 0,
            bytes_out: 0,
        })
    }

    /// Whether the body has had any bytes.
    pub fn has_input(&self) -> bool {
        self.bytes_in > 0
    }

    /// Adds a chunk of the encoded body.
    pub fn push(&mut self, chunk: Bytes) {
        if let Some(first) = self.layers.first_mut() {
            self.bytes_in += chunk.len() as u64;
            first.input = chunk;
        }
    }

    /// The next decoded chunk; `None` when more has to be pushed.
    pub fn next_chunk(&mut self) -> Result<Option<Vec<u8>>, DecodeError> {
        let chunk = next_chunk(&mut self.layers)?;
        self.bytes_out += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        if chunk.is_none() && self.bytes_in > self.bytes_out + self.bytes_out / 8 + MAX_OVERHEAD_BYTES {
            return Err(DecodeError("the compressed data never produces output"));
        }
        Ok(chunk)
    }

    /// Checks that the body is complete. An empty body is, whatever its codings.
    pub fn finish(&self) -> Result<(), DecodeError> {
        let is_complete = |layer: &Layer| layer.decoding.is_complete();
        if self.has_input() && !self.layers.iter().all(is_complete) {
            return Err(DecodeError("unexpected end of file"));
        }
        Ok(())
    }
}

/// The next chunk of the last of some layers, each of which reads from the one before.
fn next_chunk(layers: &mut [Layer]) -> Result<Option<Vec<u8>>, DecodeError> {
    let Some((last, before)) = layers.split_last_mut() else {
        return Ok(None);
    };
    loop {
        let chunk = last.step()?;
        if !chunk.is_empty() {
            return Ok(Some(chunk));
        }
        if last.input.is_empty() {
            match next_chunk(before)? {
                Some(more) => last.input = more.into(),
                None => return Ok(None),
            }
        }
    }
}

/// One coding, with the input that is not decoded yet.
struct Layer {
    decoding: Decoding,
    input: Bytes,
}

type Brotli = BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>;

enum Decoding {
    Gzip(Box<GzipDecoder>),
    /// `None` before the first byte, which shows whether there is a zlib header.
    Deflate(Option<Box<Inflate>>),
    Brotli {
        state: Box<Brotli>,
        is_finished: bool,
    },
}

impl Layer {
    fn of(coding: Coding) -> Self {
        let decoding = match coding {
            Coding::Gzip => Decoding::Gzip(Box::default()),
            Coding::Deflate => Decoding::Deflate(None),
            Coding::Brotli => {
                let allocate = StandardAlloc::default;
                // Brotli in HTTP (RFC 7932) has no windows larger than 16 MiB.
                Decoding::Brotli {
                    state: Box::new(Brotli::new_strict(allocate(), allocate(), allocate())),
                    is_finished: false,
                }
            }
        };
        Self {
            decoding,
            input: Bytes::new(),
        }
    }

    /// Decodes a chunk; an empty one if more input is needed.
    fn step(&mut self) -> Result<Vec<u8>, DecodeError> {
        let mut output = Vec::new();
        // One step without progress can be the transition from one part of the format to the next; a second one cannot.
        let mut idle_steps = 0;
        while output.is_empty() && idle_steps < 2 {
            let length_before = self.input.len();
            self.decoding.step(&mut self.input, &mut output)?;
            let is_idle = self.input.len() == length_before;
            idle_steps = if is_idle { idle_steps + 1 } else { 0 };
        }
        if output.is_empty() && !self.input.is_empty() {
            return Err(DecodeError("the decoder makes no progress"));
        }
        Ok(output)
    }
}

impl Decoding {
    /// Consumes some of the input and may produce some output.
    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), DecodeError> {
        match self {
            Decoding::Gzip(gzip) => gzip.step(input, output),
            Decoding::Deflate(inflate) => {
                let Some(first) = input.first() else {
                    return inflate
                        .as_mut()
                        .map_or(Ok(()), |inflate| inflate.step(input, output));
                };
                // The low bits of a zlib header are the method, 8; no deflate block begins like that.
                let has_zlib_header = first & 0x0f == 8;
                let inflate = inflate.get_or_insert_with(|| Box::new(Inflate::new(has_zlib_header)));
                if inflate.is_finished {
                    input.clear();
                }
                inflate.step(input, output)
            }
            Decoding::Brotli {
                is_finished: true, ..
            } => {
                input.clear();
                Ok(())
            }
            Decoding::Brotli { state, is_finished } => step_brotli(state, is_finished, input, output),
        }
    }

    /// Whether the body may end here.
    fn is_complete(&self) -> bool {
        match self {
            Decoding::Gzip(gzip) => gzip.is_complete(),
            Decoding::Deflate(inflate) => inflate.as_ref().is_some_and(|inflate| inflate.is_finished),
            Decoding::Brotli { is_finished, .. } => *is_finished,
        }
    }
}

fn step_brotli(
    state: &mut Brotli,
    is_finished: &mut bool,
    input: &mut Bytes,
    output: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    output.resize(CHUNK_BYTES, 0);
    let (mut unread, mut read) = (input.len(), 0);
    let (mut unwritten, mut written) = (output.len(), 0);
    let result = BrotliDecompressStream(
        &mut unread,
        &mut read,
        input,
        &mut unwritten,
        &mut written,
        output,
        &mut 0,
        state,
    );
    input.advance(read);
    output.truncate(written);
    match result {
        BrotliResult::ResultFailure => Err(DecodeError("corrupt brotli stream")),
        BrotliResult::ResultSuccess => {
            *is_finished = true;
            Ok(())
        }
        BrotliResult::NeedsMoreInput | BrotliResult::NeedsMoreOutput => Ok(()),
    }
}

/// A deflate stream.
struct Inflate {
    state: Decompress,
    is_finished: bool,
}

impl Inflate {
    fn new(has_zlib_header: bool) -> Self {
        Self {
            state: Decompress::new(has_zlib_header),
            is_finished: false,
        }
    }

    fn step(&mut self, input: &mut Bytes, output: &mut Vec<u8>) -> Result<(), DecodeError> {
        if self.is_finished {
            return Ok(());
        }
        output.reserve_exact(CHUNK_BYTES);
        let total_before = self.state.total_in();
        let status = self
            .state
            .decompress_vec(input, output, FlushDecompress::None)
            .map_err(|_| DecodeError("corrupt deflate stream"))?;
        let read = usize::try_from(self.state.total_in() - total_before).unwrap_or(usize::MAX);
        input.advance(read.min(input.len()));
        self.is_finished = status == Status::StreamEnd;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
