//! What the server answered.

use reqwest::header::{CONTENT_TYPE, HeaderMap};

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
}

impl Outcome {
    /// Whether the status is one of the two hundreds.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The content type as the server gave it, if it is readable text.
    pub fn content_type(&self) -> Option<&str> {
        self.headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
    }

    /// The body as text: a byte order mark is dropped, broken UTF-8 becomes U+FFFD, as in `fetch`.
    pub fn text(&self) -> String {
        let bytes = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
        String::from_utf8_lossy(bytes).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(body: &[u8]) -> Outcome {
        let (headers, url) = (HeaderMap::new(), String::new());
        Outcome {
            status: 200,
            headers,
            body: body.to_vec(),
            saved: None,
            url,
            redirected: false,
            attempts: 1,
        }
    }

    #[test]
    fn text_is_read_as_fetch_reads_it() {
        assert_eq!(outcome(b"\xEF\xBB\xBF{}").text(), "{}");
        assert_eq!(outcome(b"a\xFFb").text(), "a\u{FFFD}b");
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
