//! Which redirects are followed and what of the request survives them (fact 33), as a pure function.

use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap};
use url::Url;

use super::error::{Failure, Kind};
use super::path;
use super::request::{Head, encode_query};

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
fn becomes_get(status: u16, method: &Method) -> bool {
    status == 303 || (matches!(status, 301 | 302) && method == Method::POST)
}

/// The request that a redirect asks for.
#[derive(Debug)]
pub struct Next {
    /// It, without its body.
    pub head: Head,
    /// Why the answer to it will not be one to the request that was made: it makes a GET of a POST.
    pub rewritten: Option<Failure>,
}

/// Makes the request that a redirect asks for.
///
/// * `location`: where to, as the server wrote it.
/// * `is_stream`: whether the body is one, which cannot be sent again.
///
/// # Errors
/// A failure of kind `Redirect` where it leads nowhere, or the body would have to be sent again and cannot.
pub fn follow(head: &Head, status: u16, location: &[u8], is_stream: bool) -> Result<Next, Failure> {
    let target = absolute(&head.url, location)?;
    let is_get = becomes_get(status, &head.method);
    if head.has_body && !is_get && is_stream {
        let message = "the server redirects a request whose body was a stream, which cannot be sent again";
        return Err(astray(message.into(), "unsupported-redirect"));
    }
    // A 303 says that the answer is elsewhere; the others say that the request is, and it is not made there.
    let rewritten = (is_get && status != 303).then(|| rewritten(status, &target));
    let mut headers = head.headers.clone();
    strip(&mut headers, &head.url, &target, is_get);
    let head = Head {
        method: if is_get { Method::GET } else { head.method.clone() },
        url: target,
        headers,
        has_body: head.has_body && !is_get,
    };
    Ok(Next { head, rewritten })
}

/// The absolute URL of a location.
///
/// # Errors
/// A failure of kind `Redirect` where it is no http(s) URL.
pub fn absolute(base: &Url, location: &[u8]) -> Result<Url, Failure> {
    let mut target = base
        .join(&String::from_utf8_lossy(location))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            let message = "the server redirects to something that is not an http(s) URL";
            astray(message.into(), "unsupported-redirect")
        })?;
    encode_query(&mut target);
    Ok(target)
}

/// More redirects than are followed.
pub fn too_many(max: u32) -> Failure {
    astray(format!("more than {max} redirects"), "max-redirect")
}

/// A redirect where the caller wants none.
pub fn forbidden() -> Failure {
    let message = "the server redirects, which `redirect: 'error'` forbids";
    astray(message.into(), "no-redirect")
}

/// A redirect that is not followed.
fn astray(message: String, code: &'static str) -> Failure {
    Failure::new(Kind::Redirect, message)
        .with_code(code)
        .after_sending()
}

/// A POST of which a redirect makes a GET: the answer to that says nothing of the POST.
fn rewritten(status: u16, target: &Url) -> Failure {
    // Without a user's name and the query, which may hold what is nobody's business.
    let mut place = target.clone();
    let _ = place.set_username("");
    let _ = place.set_password(None);
    let place = path::bare(place.as_str());
    let message = format!(
        "the server redirects this POST with {status} to {place}, where it would become a GET; the endpoint is probably not the right one"
    );
    astray(message, "unsupported-redirect")
}

/// Takes from the headers what must not travel on.
///
/// The key goes to no other origin than the one it was given for. This is stricter than the original,
/// which let it pass to other ports and to subdomains.
fn strip(headers: &mut HeaderMap, from: &Url, to: &Url, body_dropped: bool) {
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
