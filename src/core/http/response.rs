//! A complete response.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use crate::core::error::Failure;
use crate::core::json;
use crate::core::secret::ApiKey;

/// A complete response of any status: headers, body, and what is known of its call.
#[derive(Debug, Clone)]
pub struct RawResponse {
    /// The HTTP status.
    pub status: u16,
    /// The headers, without those of a content coding that was decoded (gzip, deflate, Brotli).
    pub headers: HeaderMap,
    /// The decoded body.
    pub body: Vec<u8>,
    /// How many bytes were written to the file of the request; `body` is then empty.
    pub saved: Option<u64>,
    /// The URL of the response, after redirects.
    pub url: String,
    /// Whether a redirect was followed.
    pub redirected: bool,
    /// How many times the request was sent.
    pub attempts: u32,
    /// The total wait between the attempts.
    pub waited: Duration,
    /// Set if a redirect turned the POST into a GET, so that the response says nothing about the POST.
    pub rewritten: Option<Failure>,
}

impl RawResponse {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A response with nothing but a status and a body.
    pub fn plain(status: u16, body: Vec<u8>) -> Self {
        Self {
            status,
            headers: HeaderMap::new(),
            body,
            saved: None,
            url: String::new(),
            redirected: false,
            attempts: 1,
            waited: Duration::ZERO,
            rewritten: None,
        }
    }

    /// Sets the header `Retry-After`.
    pub fn with_retry_after(self, retry_after: Option<String>) -> Self {
        self.with_header(RETRY_AFTER, retry_after)
    }

    /// Sets the header `Date`.
    pub fn with_date(self, date: Option<String>) -> Self {
        self.with_header(DATE, date)
    }

    fn with_header(mut self, name: HeaderName, text: Option<String>) -> Self {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            self.headers.insert(name, value);
        }
        self
    }

    /// A header as `fetch` gives it: all of its values, whose bytes are Latin-1.
    fn header(&self, name: HeaderName) -> Option<String> {
        let mut values = self.headers.get_all(name).iter();
        let mut text = latin1_text(values.next()?);
        for value in values {
            text.push_str(", ");
            text.push_str(&latin1_text(value));
        }
        Some(text)
    }

    /// The header `Content-Type`.
    pub fn content_type(&self) -> Option<String> {
        self.header(CONTENT_TYPE)
    }

    /// The header `Content-Range`, which says what part of a list the response is.
    pub fn content_range(&self) -> Option<String> {
        self.header(CONTENT_RANGE)
    }

    /// The header `Retry-After`, unless it is empty.
    pub fn retry_after(&self) -> Option<String> {
        self.header(RETRY_AFTER).filter(|text| !text.is_empty())
    }

    /// Masks the key in the body, for a response that is shown to people: the server may have sent the key back.
    pub fn redacted(mut self, key: &ApiKey) -> Self {
        let redacted = match std::str::from_utf8(&self.body) {
            Ok(text) => key.redact(text),
            Err(_) => Cow::Owned(key.redact(&self.text()).into_owned()),
        };
        if let Cow::Owned(redacted) = redacted {
            self.body = redacted.into_bytes();
        }
        self
    }

    /// The body as text, as `fetch` decodes it: without a byte order mark, and with U+FFFD for invalid UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(json::without_byte_order_mark(&self.body)).into_owned()
    }

    /// Takes the body as [`RawResponse::text`] gives it, without copying what is text already.
    pub fn take_text(&mut self) -> String {
        let body = std::mem::take(&mut self.body);
        let text = json::without_byte_order_mark(&body);
        if text.len() < body.len() {
            return String::from_utf8_lossy(text).into_owned();
        }
        String::from_utf8(body)
            .unwrap_or_else(|invalid| String::from_utf8_lossy(invalid.as_bytes()).into_owned())
    }
}

/// The text of a header value, a character for each byte.
fn latin1_text(value: &HeaderValue) -> String {
    value.as_bytes().iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(body: &[u8]) -> RawResponse {
        RawResponse::plain(200, body.to_vec())
    }

    #[test]
    fn text_is_decoded_as_fetch_does() {
        for (body, text) in [
            (&b"\xEF\xBB\xBF{}"[..], "{}"),
            (b"a\xFFb", "a\u{FFFD}b"),
            (b"\xEF\xBB\xBF\xFF", "\u{FFFD}"),
            (b"\xEF\xBB", "\u{FFFD}"),
            ("\u{E9}".as_bytes(), "\u{E9}"),
            (b"", ""),
        ] {
            assert_eq!(response(body).text(), text);
            assert_eq!(response(body).take_text(), text);
        }
    }

    #[test]
    fn a_key_in_the_body_is_masked() {
        let key = ApiKey::new("ApiKey SU-000-000:topsecret-token".into());
        let redacted = |body: &[u8]| response(body).redacted(&key).body;
        assert_eq!(
            redacted(b"got SU-000-000:topsecret-token"),
            b"got SU-000-000:****"
        );
        assert_eq!(redacted(b"\xFF topsecret-token"), "\u{FFFD} ****".as_bytes());
        assert_eq!(redacted(b"\xEF\xBB\xBF{}"), b"\xEF\xBB\xBF{}");
    }

    #[test]
    fn a_header_is_all_of_its_values_in_latin1() {
        let of = |values: &[&[u8]]| {
            let mut response = response(b"");
            for value in values {
                let value = HeaderValue::from_bytes(value).unwrap();
                response.headers.append(RETRY_AFTER, value.clone());
                response.headers.append(CONTENT_TYPE, value);
            }
            (response.content_type(), response.retry_after())
        };
        let both = |text: &str| (Some(text.to_string()), Some(text.to_string()));
        assert_eq!(of(&[]), (None, None));
        assert_eq!(of(&[b""]), (Some(String::new()), None));
        assert_eq!(of(&[b"a; b=\xE9\x80"]), both("a; b=\u{E9}\u{80}"));
        assert_eq!(of(&[b"1", b"", b"2"]), both("1, , 2"));
    }

    #[test]
    fn every_2xx_status_is_a_success() {
        for (status, expected) in [
            (199, false),
            (200, true),
            (206, true),
            (299, true),
            (300, false),
            (304, false),
        ] {
            let response = RawResponse {
                status,
                ..response(b"")
            };
            assert_eq!(response.is_success(), expected, "{status}");
        }
    }
}
