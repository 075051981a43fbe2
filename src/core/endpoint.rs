//! The endpoint of a client: read once, and put before the path of every request.

use std::borrow::Cow;

use url::Url;

use super::error::Failure;
use super::path;
use super::secret::MASK;

/// What the caller gave as endpoint or key: text, or the name of what was given instead.
pub type Given = Result<String, &'static str>;

/// The absolute http(s) URL that all paths start from.
#[derive(Debug, Clone)]
pub struct Endpoint {
    text: String,
    /// As it was parsed, if it was written the way a URL is written.
    base: Option<Url>,
}

impl Endpoint {
    /// Reads an endpoint; a trailing slash is dropped.
    ///
    /// # Errors
    /// A failure of kind `Input` that says what was wrong, without a password that may be in it.
    pub fn read(given: Given) -> Result<Self, Failure> {
        let refused = |got: String| {
            Err(Failure::input(format!(
                "endpoint must be an absolute http(s) URL, such as 'https://api.connect.cloudblue.com/public/v1'; got {got}"
            )))
        };
        let text = match given {
            Err(what) => return refused(what.to_string()),
            // A slash more or less at its end makes no difference.
            Ok(text) => without_slash(text.trim()).to_string(),
        };
        match Url::parse(&text) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                // Of what is no URL at all it may be the first part: of a key in the endpoint's place, say.
                let is_known = matches!(
                    url.scheme(),
                    "ftp" | "ws" | "wss" | "file" | "data" | "mailto" | "localhost"
                );
                refused(if is_known {
                    format!("the scheme '{}'", url.scheme())
                } else {
                    "another scheme".into()
                })
            }
            // A query or fragment would swallow the paths that are appended; a password would end up in logs.
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                refused("a URL with a query or fragment".into())
            }
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                refused("a URL with a user name".into())
            }
            Ok(url) => {
                let is_canonical = without_slash(url.as_str()) == text;
                let base = is_canonical.then_some(url);
                Ok(Self { text, base })
            }
            Err(error) => refused(format!("something that is not one ({error})")),
        }
    }

    /// The endpoint, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path below the endpoint: what parsing the two together gives.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the path.
    pub fn join(&self, path: &str) -> Result<Url, Failure> {
        let Some(base) = self.base.as_ref().filter(|_| is_plain(path)) else {
            return Url::parse(&format!("{}{path}", self.text)).map_err(|error| {
                let bare = path::bare(path);
                Failure::input(format!("the path {bare} makes no valid URL: {error}"))
            });
        };
        // Reading the host again for every request costs as much as all the rest of making a URL.
        let mut url = base.clone();
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(path, query)| (path, Some(query)));
        match base.path() {
            "/" => url.set_path(path),
            base => url.set_path(&[base, path].concat()),
        }
        if query.is_some() {
            url.set_query(query);
        }
        Ok(url)
    }
}

/// An endpoint without the slashes at its end, which a path begins with.
pub fn without_slash(endpoint: &str) -> &str {
    endpoint.trim_end_matches('/')
}

/// An address as it may be shown: without a query, which may hold personal data, and without a user's name. What is none may
/// be the key, where the arguments of a client were given the other way round; of that only a path is shown.
pub fn shown(address: &str) -> Cow<'_, str> {
    let bare = path::bare(address);
    let scheme = bare.split_once("://").filter(|(scheme, _)| {
        ["http", "https"]
            .iter()
            .any(|known| scheme.eq_ignore_ascii_case(known))
    });
    if let Some((scheme, rest)) = scheme {
        let (host, path) = rest
            .find('/')
            .map_or((rest, ""), |at| rest.split_at_checked(at).unwrap_or((rest, "")));
        return match host.rsplit_once('@') {
            Some((_, host)) => Cow::Owned(format!("{scheme}://{host}{path}")),
            None => Cow::Borrowed(bare),
        };
    }
    if bare.starts_with('/') || bare.is_empty() {
        Cow::Borrowed(bare)
    } else {
        Cow::Borrowed(MASK)
    }
}

/// Whether a path can be put behind any endpoint without a look at the whole: it begins with a slash, and has nothing
/// in it that parsing drops or that ends a path.
fn is_plain(path: &str) -> bool {
    path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_of_an_address_holds_no_secret() {
        for (address, expected) in [
            (
                "https://api.test/public/v1/a?email=x#y",
                "https://api.test/public/v1/a",
            ),
            ("HTTP://user:secret@api.test:8080/a@b", "HTTP://api.test:8080/a@b"),
            ("https://api.test", "https://api.test"),
            ("/usage/records?x=1", "/usage/records"),
            ("ApiKey SU-000-000:secret/usage/records", "****"),
            ("secret/usage/records", "****"),
            ("ftp://user:secret@api.test/", "****"),
            ("", ""),
        ] {
            assert_eq!(shown(address), expected, "{address}");
        }
        for key in ["ApiKey SU-000-000:secret", "secret:x", "SU-000-000:secret"] {
            let message = Endpoint::read(Ok(key.into())).unwrap_err().message;
            assert!(
                !message.to_lowercase().contains("secret") && !message.contains("SU-"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_path_goes_behind_the_endpoint() {
        for (endpoint, path, url) in [
            (
                "https://api.test/public/v1/",
                "/a/b?c=d",
                "https://api.test/public/v1/a/b?c=d",
            ),
            ("https://api.test", "/a", "https://api.test/a"),
            ("http://127.0.0.1:8080", "/a?", "http://127.0.0.1:8080/a?"),
            ("https://api.test/v1", "/a/../b", "https://api.test/v1/b"),
            (
                "https://api.test/v1",
                "/ä b#c",
                "https://api.test/v1/%C3%A4%20b#c",
            ),
            (
                "https://api.test:443/v1",
                "/a?b=' |?",
                "https://api.test/v1/a?b=%27%20|?",
            ),
        ] {
            let endpoint = Endpoint::read(Ok(endpoint.into())).unwrap();
            assert_eq!(endpoint.join(path).unwrap().as_str(), url);
        }
    }

    #[test]
    fn a_bad_endpoint_is_named() {
        for (given, says) in [
            (Err("undefined"), "got undefined"),
            (Ok("api.test".to_string()), "endpoint must be"),
            (Ok("ftp://api.test".to_string()), "scheme 'ftp'"),
            (Ok("/relative".to_string()), "endpoint must be"),
            (Ok("https://api.test/?a=b".to_string()), "query"),
            (Ok("https://user:pass@api.test".to_string()), "user name"),
        ] {
            let message = Endpoint::read(given).unwrap_err().message;
            assert!(message.contains(says), "{message}");
            assert!(!message.contains("pass@"), "{message}");
        }
    }
}
