//! Which redirects are followed and what of the request survives them (fact 33), as a pure function.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap};
use url::Url;

/// What to do when the server answers with a redirect; the names are those of `fetch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// Follow, at most so many times.
    Follow(u32),
    /// Hand the redirect itself to the caller.
    Manual,
    /// Treat it as a failure.
    Error,
}

impl Default for Redirect {
    /// Twenty, as in the original SDK.
    fn default() -> Self {
        Redirect::Follow(20)
    }
}

/// Whether a status is a redirect that names a place to go to.
pub fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Whether a request that is redirected with `status` goes on as a GET without its body.
pub fn becomes_get(status: u16, method: &Method) -> bool {
    status == 303 || (matches!(status, 301 | 302) && method == Method::POST)
}

/// Takes from the headers what must not travel on.
///
/// The key goes to no other origin than the one it was given for. This is stricter than the original,
/// which let it pass to other ports and to subdomains.
pub fn strip(headers: &mut HeaderMap, from: &Url, to: &Url, body_dropped: bool) {
    if from.origin() != to.origin() {
        headers.remove(AUTHORIZATION);
        headers.remove(COOKIE);
    }
    if body_dropped {
        headers.remove(CONTENT_LENGTH);
        headers.remove(CONTENT_TYPE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn post_becomes_get_where_browsers_do_it() {
        let table = [
            (301, Method::POST, true),
            (302, Method::POST, true),
            (303, Method::POST, true),
            (303, Method::PUT, true),
            (302, Method::PUT, false),
            (307, Method::POST, false),
            (308, Method::POST, false),
        ];
        for (status, method, expected) in table {
            assert_eq!(becomes_get(status, &method), expected, "{status} {method}");
        }
    }

    #[test]
    fn the_key_stays_with_its_origin() {
        let table = [
            ("https://api.test/b", true),
            ("https://api.test:444/b", false),
            ("http://api.test/b", false),
            ("https://sub.api.test/b", false),
            ("https://evil.test/b", false),
        ];
        for (to, kept) in table {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static("ApiKey x"));
            strip(&mut headers, &url("https://api.test/a"), &url(to), false);
            assert_eq!(headers.contains_key(AUTHORIZATION), kept, "{to}");
        }
    }
}
