//! Decides which redirects are followed, and what of the request is sent on: in particular, when the API key is dropped.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap};
use url::Url;

use crate::core::error::{Failure, Kind};
use crate::core::http::request::{Head, encode_query, without_query};

/// The code of a redirect that cannot be followed, as node-fetch has it.
const UNSUPPORTED: &str = "unsupported-redirect";

/// What to do with a redirect; the names are those of `fetch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// Follow at most this many in a row.
    Follow(u32),
    /// Return it to the caller.
    Manual,
    /// Fail.
    Error,
}

impl Default for Redirect {
    /// Twenty, as node-fetch 2 follows for the original SDK.
    fn default() -> Self {
        Redirect::Follow(20)
    }
}

/// Whether a status is a redirect to the URL in `Location`.
pub fn is_redirect(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// Whether a redirect turns the request into a GET without a body, as browsers and node-fetch 2 do.
fn becomes_get(status: u16, method: &Method) -> bool {
    status == 303 || (matches!(status, 301 | 302) && method == Method::POST)
}

/// The request that a redirect asks for.
#[derive(Debug)]
pub struct RedirectedRequest {
    /// The request, without its body.
    pub head: Head,
    /// Set if a POST became a GET, so that the response says nothing about the POST.
    pub rewritten: Option<Failure>,
}

/// Makes the request that a redirect asks for.
///
/// * `location`: the header `Location`.
/// * `is_stream`: whether the body is a stream, which cannot be sent again.
///
/// # Errors
/// A failure of kind `Redirect` if the target is not an http(s) URL, or a stream would have to be sent again.
pub fn follow(
    head: &Head,
    status: u16,
    location: &[u8],
    is_stream: bool,
) -> Result<RedirectedRequest, Failure> {
    let target = absolute(&head.url, location)?;
    let is_get = becomes_get(status, &head.method);
    if head.has_body && !is_get && is_stream {
        let message = "cannot follow the redirect: the request body was a stream and cannot be sent again";
        return Err(not_followed(message, UNSUPPORTED));
    }
    // A 303 says that the request was processed and where its result is. After a 301 or 302, the POST is lost.
    let rewritten = (is_get && status != 303).then(|| post_became_get(status, &target));
    let mut headers = head.headers.clone();
    drop_key_and_body_headers(&mut headers, &head.url, &target, is_get);
    let head = Head {
        method: if is_get { Method::GET } else { head.method.clone() },
        url: target,
        headers,
        has_body: head.has_body && !is_get,
    };
    Ok(RedirectedRequest { head, rewritten })
}

/// Removes the headers that must not be sent to the target.
///
/// The API key is sent to no other origin than the endpoint's. node-fetch 2, which the original SDK uses, sends it to other
/// ports and to subdomains, too.
fn drop_key_and_body_headers(headers: &mut HeaderMap, from: &Url, to: &Url, drops_body: bool) {
    if from.origin() != to.origin() {
        headers.remove(AUTHORIZATION);
        headers.remove(COOKIE);
    }
    if drops_body {
        headers.remove(CONTENT_LENGTH);
        headers.remove(CONTENT_TYPE);
    }
}

/// The absolute URL of a `Location`.
///
/// # Errors
/// A failure of kind `Redirect` if it is not an http(s) URL.
pub fn absolute(base: &Url, location: &[u8]) -> Result<Url, Failure> {
    let mut target = base
        .join(&String::from_utf8_lossy(location))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            let message = "cannot follow the redirect: its target is not an http(s) URL";
            not_followed(message, UNSUPPORTED)
        })?;
    encode_query(&mut target);
    Ok(target)
}

/// The failure of a request that is redirected more than `max` times.
pub fn too_many(max: u32) -> Failure {
    not_followed(format!("too many redirects: more than {max}"), "max-redirect")
}

/// The failure of a request that is redirected although the caller forbids it.
pub fn forbidden() -> Failure {
    let message = "the server redirected the request, which `redirect: 'error'` forbids";
    not_followed(message, "no-redirect")
}

fn post_became_get(status: u16, target: &Url) -> Failure {
    // The message leaves out what may be confidential: user name, password and query.
    let mut shown = target.clone();
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    let shown = without_query(shown.as_str());
    let message = format!(
        "the server redirected this POST ({status}) to {shown}, which would turn it into a GET; check the endpoint"
    );
    not_followed(message, UNSUPPORTED)
}

fn not_followed(message: impl Into<String>, code: &'static str) -> Failure {
    Failure::new(Kind::Redirect, message)
        .with_code(code)
        .after_sending()
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_post_becomes_a_get_as_in_browsers() {
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
    fn the_key_is_dropped_for_another_origin() {
        let table = [
            ("https://api.test/b", true),
            ("https://api.test:444/b", false),
            ("http://api.test/b", false),
            ("https://sub.api.test/b", false),
            ("https://evil.test/b", false),
        ];
        for (to, is_kept) in table {
            let mut headers = HeaderMap::new();
            headers.insert(AUTHORIZATION, HeaderValue::from_static("ApiKey x"));
            drop_key_and_body_headers(&mut headers, &url("https://api.test/a"), &url(to), false);
            assert_eq!(headers.contains_key(AUTHORIZATION), is_kept, "{to}");
        }
    }
}
