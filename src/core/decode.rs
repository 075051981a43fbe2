//! The codings of an answer's body.

use reqwest::header::{CONTENT_ENCODING, HeaderMap};

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coding {
    /// gzip, of one member or several.
    Gzip,
    /// zlib, or raw deflate, which some servers send for it.
    Deflate,
    /// Brotli.
    Brotli,
}

impl Coding {
    /// Its name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Coding::Gzip => "gzip",
            Coding::Deflate => "deflate",
            Coding::Brotli => "br",
        }
    }
}

/// The codings of an answer.
pub fn codings(headers: &HeaderMap) -> Vec<Coding> {
    let text = headers
        .get(CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.split(',')
        .filter_map(|name| match name.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Some(Coding::Gzip),
            "deflate" => Some(Coding::Deflate),
            "br" => Some(Coding::Brotli),
            _ => None,
        })
        .collect()
}
