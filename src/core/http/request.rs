//! An HTTP request as a value: method, URL, headers and body. Nothing here does I/O.

use std::path::PathBuf;

use bytes::Bytes;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::core::http::streaming_body::StreamingBody;

/// A request without its body.
#[derive(Debug, Clone)]
pub struct Head {
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL.
    pub url: Url,
    /// The headers. The API key among them is marked as sensitive, so that no `Debug` output shows it.
    pub headers: HeaderMap,
    /// Whether the body is sent with it; false after a redirect that turned the request into a GET.
    pub has_body: bool,
}

/// A request with everything that is sent.
#[derive(Debug)]
pub struct HttpRequest {
    /// Everything but the body.
    pub head: Head,
    /// The body, if there is one.
    pub body: Option<Payload>,
    /// The file that the body of a success is written to; without it, the body is read into memory.
    pub save_to: Option<PathBuf>,
}

/// The body of a request.
#[derive(Debug)]
pub enum Payload {
    /// Bytes in memory, which can be sent again.
    Bytes(Bytes),
    /// Bytes that arrive while they are sent.
    Stream(StreamingBody),
    /// A stream that has been sent.
    Consumed,
}

impl Payload {
    /// The kind of body.
    pub fn kind(&self) -> BodyKind {
        match self {
            Payload::Bytes(bytes) => BodyKind::Bytes(bytes.len() as u64),
            Payload::Stream(_) | Payload::Consumed => BodyKind::Stream,
        }
    }
}

/// The kind of a request's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// No body.
    None,
    /// This many bytes, which can be sent again.
    Bytes(u64),
    /// A stream, which can be sent once. Its length, if known, is the caller's `Content-Length`.
    Stream,
}

/// Characters that URL parsers leave as they are in a query although RFC 3986 does not allow them there. node-fetch 2, which
/// the original SDK uses, encodes them, and some proxies refuse a URL that contains them.
const NOT_ALLOWED_IN_QUERY: &AsciiSet = &percent_encoding::CONTROLS
    .add(b'|')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'^')
    .add(b'\\');

/// Percent-encodes the characters of the query that the URL parser has left although they are not allowed there.
pub fn encode_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
    if query.contains(['|', '`', '{', '}', '^', '\\']) {
        let encoded = utf8_percent_encode(query, NOT_ALLOWED_IN_QUERY).to_string();
        url.set_query(Some(&encoded));
    }
}

/// A path or URL without its query and fragment: filters may contain personal data, so errors and logs leave them out.
pub fn without_query(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}
