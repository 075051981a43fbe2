//! Headers that the caller gives, as text.

use reqwest::Method;
use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
    USER_AGENT,
};

use super::decode::ACCEPTED;
use super::error::Failure;
use super::request::BodyKind;
use super::transport::USER_AGENT as OUR_NAME;

/// Reads names and values.
///
/// # Errors
/// A failure of kind `Input` that names the header; a value is never shown, for it may be the key.
pub fn read(pairs: &[(String, String)]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(pairs.len() + 4);
    for (name, value) in pairs {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Failure::input(format!("'{name}' is not a legal header name")))?;
        let mut value = latin1(value)
            .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
            .ok_or_else(|| {
                Failure::input(format!(
                    "the value of the header '{name}' has a character that no header may hold"
                ))
            })?;
        value.set_sensitive(true);
        headers.append(header, value);
    }
    Ok(headers)
}

/// Reads the headers of an answer; what cannot be a header is passed over.
pub fn of_answer(pairs: &[(String, String)]) -> HeaderMap {
    let read = |(name, value): &(String, String)| {
        let value = HeaderValue::from_bytes(&latin1(value)?).ok()?;
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, value))
    };
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs.iter().filter_map(read) {
        headers.append(name, value);
    }
    headers
}

/// Whether a header says where a body ends. Only who writes the body knows: [`frame`] does it.
pub fn is_framing(name: &str) -> bool {
    [CONTENT_LENGTH, TRANSFER_ENCODING]
        .iter()
        .any(|header| name.eq_ignore_ascii_case(header.as_str()))
}

/// Adds the headers that every request has, unless the caller gave them.
///
/// * `decompress`: whether to ask for the codings that are undone.
pub fn complete(headers: &mut HeaderMap, decompress: bool) {
    let mut add = |name: HeaderName, value: &'static str| {
        headers
            .entry(name)
            .or_insert_with(|| HeaderValue::from_static(value));
    };
    add(USER_AGENT, OUR_NAME);
    add(ACCEPT, "*/*");
    if decompress {
        add(ACCEPT_ENCODING, ACCEPTED);
    }
}

/// Writes the headers that say where a body ends, whatever the method: a receiver takes what is not announced for the
/// next request. Those of the caller are dropped, but for the length of a stream, which only the caller knows.
pub fn frame(headers: &mut HeaderMap, method: &Method, body: BodyKind) {
    headers.remove(TRANSFER_ENCODING);
    let given = headers.remove(CONTENT_LENGTH);
    let length = match body {
        // A POST or PUT without a body says so (fact 28).
        BodyKind::None => (method == Method::POST || method == Method::PUT).then_some(0),
        BodyKind::Bytes(length) => Some(length),
        BodyKind::Stream => {
            let given = given.and_then(|text| text.to_str().ok()?.trim().parse::<u64>().ok());
            if given.is_none() {
                headers.insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
            }
            given
        }
    };
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
}

/// Header values travel as Latin-1, one byte a character.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(method: &Method, body: BodyKind, given: &[(&str, &str)]) -> Vec<String> {
        let given: Vec<_> = given
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_string()))
            .collect();
        let mut headers = read(&given).unwrap();
        frame(&mut headers, method, body);
        let text =
            |(name, value): (&HeaderName, &HeaderValue)| format!("{name}: {}", value.to_str().unwrap());
        headers.iter().map(text).collect()
    }

    #[test]
    fn whatever_has_a_body_says_how_long_it_is() {
        let lie = [("Content-Length", "1"), ("transfer-encoding", "gzip")];
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
            assert_eq!(framed(&method, BodyKind::None, &lie), none, "{method}");
            assert_eq!(framed(&method, BodyKind::Bytes(0), &lie), ["content-length: 0"]);
            assert_eq!(framed(&method, BodyKind::Bytes(7), &lie), ["content-length: 7"]);
            assert_eq!(framed(&method, BodyKind::Stream, &lie), ["content-length: 1"]);
            for given in [&[][..], &[("content-length", "ten")]] {
                assert_eq!(
                    framed(&method, BodyKind::Stream, given),
                    ["transfer-encoding: chunked"]
                );
            }
        }
    }

    #[test]
    fn what_the_caller_says_of_itself_stays() {
        let mut headers = read(&[("user-agent".into(), "mine".into())]).unwrap();
        complete(&mut headers, false);
        assert_eq!(headers["user-agent"], "mine");
        assert_eq!(headers["accept"], "*/*");
        assert!(!headers.contains_key("accept-encoding"));
    }
}
