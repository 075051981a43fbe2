//! What the server answered.

use std::borrow::Cow;
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};

use super::error::Failure;
use super::json;
use super::secret::ApiKey;

/// A whole answer: status, headers and body, whatever the status is.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The HTTP status.
    pub status: u16,
    /// The headers; a coding that was undone (gzip, brotli) is no longer among them.
    pub headers: HeaderMap,
    /// The body, decoded.
    pub body: Vec<u8>,
    /// How many bytes were written to the file that the request named, instead of into `body`.
    pub saved: Option<u64>,
    /// Where the answer came from, after redirects.
    pub url: String,
    /// Whether a redirect was followed.
    pub redirected: bool,
    /// How many times the request was sent.
    pub attempts: u32,
    /// How long was waited between the attempts.
    pub waited: Duration,
    /// Why it answers another request than the one that was made: a redirect turned the POST into a GET.
    pub rewritten: Option<Failure>,
}

impl Outcome {
    /// Whether the status is one of the two hundreds.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// An answer of which only status and body are known.
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

    /// The same, with a server's wish to wait, if it has one.
    pub fn asking_to_wait(self, retry_after: Option<String>) -> Self {
        self.with_header(RETRY_AFTER, retry_after)
    }

    /// The same, with the server's time, if it is known.
    pub fn dated(self, date: Option<String>) -> Self {
        self.with_header(DATE, date)
    }

    fn with_header(mut self, name: HeaderName, text: Option<String>) -> Self {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            self.headers.insert(name, value);
        }
        self
    }

    fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The content type as the server gave it, if it is readable text.
    pub fn content_type(&self) -> Option<&str> {
        self.header(CONTENT_TYPE)
    }

    /// What the server says of how much of a list this is.
    pub fn content_range(&self) -> Option<&str> {
        self.header(CONTENT_RANGE)
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<&str> {
        self.header(RETRY_AFTER)
    }

    /// The same without the key, which the server may have sent back, in its body: for what is only told to people.
    pub fn without(mut self, key: &ApiKey) -> Self {
        let shown = match std::str::from_utf8(&self.body) {
            Ok(text) => key.hide(text),
            Err(_) => Cow::Owned(key.hide(&self.text()).into_owned()),
        };
        if let Cow::Owned(shown) = shown {
            self.body = shown.into_bytes();
        }
        self
    }

    /// The body as text: a byte order mark is dropped, broken UTF-8 becomes U+FFFD, as in `fetch`.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(json::without_mark(&self.body)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(body: &[u8]) -> Outcome {
        Outcome::plain(200, body.to_vec())
    }

    #[test]
    fn text_is_read_as_fetch_reads_it() {
        assert_eq!(outcome(b"\xEF\xBB\xBF{}").text(), "{}");
        assert_eq!(outcome(b"a\xFFb").text(), "a\u{FFFD}b");
    }

    #[test]
    fn a_key_that_was_sent_back_is_no_longer_in_the_body() {
        let key = ApiKey::new("ApiKey SU-000-000:topsecret-token".into());
        let without = |body: &[u8]| outcome(body).without(&key).body;
        assert_eq!(without(b"got SU-000-000:topsecret-token"), b"got SU-000-000:****");
        assert_eq!(without(b"\xFF topsecret-token"), "\u{FFFD} ****".as_bytes());
        assert_eq!(without(b"\xEF\xBB\xBF{}"), b"\xEF\xBB\xBF{}");
    }

    #[test]
    fn success_is_the_two_hundreds() {
        for (status, expected) in [
            (199, false),
            (200, true),
            (206, true),
            (299, true),
            (300, false),
            (304, false),
        ] {
            assert_eq!(
                Outcome {
                    status,
                    ..outcome(b"")
                }
                .is_success(),
                expected,
                "{status}"
            );
        }
    }
}
