//! Request headers: those of the caller, the defaults, and those that delimit the body.

use reqwest::Method;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
    USER_AGENT,
};

use crate::core::error::Failure;
use crate::core::http::decode::ACCEPTED_CODINGS;
use crate::core::http::request::BodyKind;

/// The default `User-Agent`: package and version.
pub const DEFAULT_USER_AGENT: &str = concat!("cloudblue-connect-native/", env!("CARGO_PKG_VERSION"));

/// Parses the caller's headers.
///
/// # Errors
/// A failure of kind `Input` that names the header. It never shows the value, which may be the API key.
pub fn parse(pairs: &[(String, String)]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(pairs.len() + 4);
    for (name, value) in pairs {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Failure::input(format!("'{name}' is not a valid header name")))?;
        let mut value = latin1(value)
            .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
            .ok_or_else(|| {
                Failure::input(format!(
                    "the value of the header '{name}' contains a character that is not allowed in a header"
                ))
            })?;
        value.set_sensitive(true);
        headers.append(header, value);
    }
    Ok(headers)
}

/// Parses the headers of a response; invalid ones are skipped.
pub fn parse_response(pairs: &[(String, String)]) -> HeaderMap {
    let parse = |(name, value): &(String, String)| {
        let value = HeaderValue::from_bytes(&latin1(value)?).ok()?;
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
    };
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs.iter().filter_map(parse) {
        headers.append(name, value);
    }
    headers
}

/// Whether a header delimits the body. These are set by [`set_body_length`] alone.
pub fn delimits_body(name: &str) -> bool {
    [CONTENT_LENGTH, TRANSFER_ENCODING]
        .iter()
        .any(|header| name.eq_ignore_ascii_case(header.as_str()))
}

/// Adds the headers that every request has, unless the caller has set them.
///
/// * `decompress`: whether to ask for the content codings that can be decoded.
pub fn add_defaults(headers: &mut HeaderMap, decompress: bool) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert_with(|| HeaderValue::from_static(value));
    };
    add(USER_AGENT, DEFAULT_USER_AGENT);
    add(ACCEPT, "*/*");
    if decompress {
        add(ACCEPT_ENCODING, ACCEPTED_CODINGS);
    }
}

/// Sets the headers that delimit the body, for every method: a server would take an unannounced body for the next request.
/// Those of the caller are dropped, except the length of a stream, which only the caller knows.
pub fn set_body_length(headers: &mut HeaderMap, method: &Method, body: BodyKind) {
    headers.remove(TRANSFER_ENCODING);
    let callers_length = headers.remove(CONTENT_LENGTH);
    let length = match body {
        // As node-fetch 2 does, which the original SDK uses.
        BodyKind::None => (method == Method::POST || method == Method::PUT).then_some(0),
        BodyKind::Bytes(length) => Some(length),
        BodyKind::Stream => {
            let length = callers_length.and_then(|text| text.to_str().ok()?.trim().parse::<u64>().ok());
            if length.is_none() {
                headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
            }
            length
        }
    };
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

/// The bytes of a header value: Latin-1, one byte per character.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|character| u8::try_from(u32::from(character)).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body_headers(method: &Method, body: BodyKind, callers: &[(&str, &str)]) -> Vec<String> {
        let callers: Vec<_> = callers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let mut headers = parse(&callers).unwrap();
        set_body_length(&mut headers, method, body);
        let text =
            |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", value.to_str().unwrap());
        headers.iter().map(text).collect()
    }

    #[test]
    fn every_body_has_a_length_or_is_chunked() {
        let wrong = [("Content-Length", "1"), ("transfer-encoding", "gzip")];
        for method in [
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
            Method::OPTIONS,
        ] {
            let is_empty = method == Method::POST || method == Method::PUT;
            let none: &[&str] = if is_empty { &["content-length: 0"] } else { &[] };
            assert_eq!(body_headers(&method, BodyKind::None, &wrong), none, "{method}");
            assert_eq!(
                body_headers(&method, BodyKind::Bytes(0), &wrong),
                ["content-length: 0"]
            );
            assert_eq!(
                body_headers(&method, BodyKind::Bytes(7), &wrong),
                ["content-length: 7"]
            );
            assert_eq!(
                body_headers(&method, BodyKind::Stream, &wrong),
                ["content-length: 1"]
            );
            for callers in [&[][..], &[("content-length", "ten")]] {
                assert_eq!(
                    body_headers(&method, BodyKind::Stream, callers),
                    ["transfer-encoding: chunked"]
                );
            }
        }
    }

    #[test]
    fn the_callers_headers_are_kept() {
        let mut headers = parse(&[("user-agent".into(), "mine".into())]).unwrap();
        add_defaults(&mut headers, false);
        assert_eq!(headers["user-agent"], "mine");
        assert_eq!(headers["accept"], "*/*");
        assert!(!headers.contains_key("accept-encoding"));
    }
}
