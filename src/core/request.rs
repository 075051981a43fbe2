//! A request as a value: verb, path, body. Nothing here does I/O.

use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::{AsciiSet, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use super::path::bare;

/// The HTTP verbs that Connect's API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads; may be repeated.
    Get,
    /// Creates, or does something to an object; never repeated once it may have been processed.
    Post,
    /// Changes an object; never repeated once it may have been processed.
    Put,
    /// Deletes an object.
    Delete,
}

impl Verb {
    /// The verb as it stands on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Delete => "DELETE",
        }
    }
}

/// A request's body, with the content type that it implies (facts 27 to 30).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// No body at all; a POST or PUT then says `Content-Length: 0`.
    Empty,
    /// JSON text, as `application/json`.
    Json(String),
    /// Text that the caller gave where an object is due: sent as it is, as `text/plain;charset=UTF-8`.
    Text(String),
    /// Bytes that the caller gave: sent as they are, without a content type.
    Bytes(Vec<u8>),
}

/// A request to Connect, relative to the client's endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub verb: Verb,
    /// The path below the endpoint, encoded, with its query: `/usage/records?limit=1`.
    pub path: String,
    /// The body.
    pub body: Body,
    /// Headers of the caller's own; read by [`super::headers::read`].
    pub headers: HeaderMap,
    /// Where a success is written to, instead of into memory.
    pub save_to: Option<PathBuf>,
}

impl Request {
    /// The path without its query: what errors and logs may show, as filters can hold personal data.
    pub fn bare_path(&self) -> &str {
        bare(&self.path)
    }
}

/// A request without its body.
#[derive(Debug, Clone)]
pub struct Head {
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL.
    pub url: Url,
    /// The headers; the key among them is marked as sensitive, so that no `Debug` shows it.
    pub headers: HeaderMap,
    /// Whether the call's body goes with it: not any more where a redirect made a GET of it.
    pub has_body: bool,
}

/// What a request carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// No body.
    None,
    /// So many bytes, which can be sent again.
    Bytes(u64),
    /// Bytes that arrive while they are sent, once. Their number, where it is known, is the `Content-Length` of the caller's.
    Stream,
}

/// What URL parsers leave alone in a query and RFC 3986 does not allow there; node-fetch 2 encodes it, and some
/// proxies refuse it as it is (fact 53).
const NOT_IN_A_QUERY: &AsciiSet = &percent_encoding::CONTROLS
    .add(b'|')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'^')
    .add(b'\\');

/// Encodes what is left.
pub fn encode_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
    if query.contains(['|', '`', '{', '}', '^', '\\']) {
        let encoded = utf8_percent_encode(query, NOT_IN_A_QUERY).to_string();
        url.set_query(Some(&encoded));
    }
}

/// How long a request may take. The defaults are those of Connect's official Python client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For a connection to stand, name look-up and TLS included. Default 15 s.
    pub connect: Duration,
    /// For the server to stay silent, both before its answer and within it. Default 180 s.
    pub silence: Duration,
    /// For the whole call; none by default.
    pub total: Option<Duration>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            silence: Duration::from_secs(180),
            total: None,
        }
    }
}

/// Joins `{"key":value,...}` from JSON texts, in order; a missing value is left out as
/// `JSON.stringify` leaves out `undefined` (fact 55).
pub fn json_object(fields: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    let mut text = String::with_capacity(128);
    text.push('{');
    for (key, value) in fields {
        let Some(value) = value else { continue };
        if text.len() > 1 {
            text.push(',');
        }
        // Keys are our own constants: plain names that need no escaping.
        text.push('"');
        text.push_str(key);
        text.push_str("\":");
        text.push_str(&value);
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_keep_their_order_and_leave_out_what_is_missing() {
        let text = |id: Option<&str>, note: Option<&str>| {
            json_object([
                ("external_billing_id", id.map(Into::into)),
                ("external_billing_note", note.map(Into::into)),
            ])
        };
        assert_eq!(
            text(Some("\"INV-7\""), Some("null")),
            r#"{"external_billing_id":"INV-7","external_billing_note":null}"#
        );
        assert_eq!(text(None, Some("\"n\"")), r#"{"external_billing_note":"n"}"#);
        assert_eq!(text(None, None), "{}");
    }

    #[test]
    fn errors_never_show_a_query() {
        let request = Request {
            verb: Verb::Get,
            path: "/a/b?email=x".into(),
            body: Body::Empty,
            headers: HeaderMap::new(),
            save_to: None,
        };
        assert_eq!(request.bare_path(), "/a/b");
    }
}
