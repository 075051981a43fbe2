//! The endpoint of a client, which every path is appended to.

use std::borrow::Cow;

use url::Url;

use crate::core::api::argument::StringArgument;
use crate::core::error::Failure;
use crate::core::http::request::without_query;
use crate::core::secret::MASK;

/// The absolute http(s) URL that every path is appended to.
#[derive(Debug, Clone)]
pub struct BaseUrl {
    text: String,
    /// The parsed URL, if `text` is its normal form.
    parsed: Option<Url>,
}

impl BaseUrl {
    /// Parses an endpoint; a trailing slash is dropped.
    ///
    /// # Errors
    /// A failure of kind `Input` that says what is wrong, without showing a password in the URL.
    pub fn parse(endpoint: StringArgument) -> Result<Self, Failure> {
        let invalid = |got: String| {
            Err(Failure::input(format!(
                "endpoint must be an absolute http(s) URL, such as 'https://api.connect.cloudblue.com/public/v1'; got {got}"
            )))
        };
        let text = match endpoint {
            Err(description) => return invalid(description.to_string()),
            Ok(text) => without_trailing_slash(text.trim()).to_string(),
        };
        match Url::parse(&text) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                // Other schemes are not shown: if the arguments are swapped, the scheme is the first part of the key.
                let is_known = matches!(
                    url.scheme(),
                    "ftp" | "ws" | "wss" | "file" | "data" | "mailto" | "localhost"
                );
                invalid(if is_known {
                    format!("a URL with the scheme '{}'", url.scheme())
                } else {
                    "a URL with another scheme".into()
                })
            }
            // The appended path would become part of a query or fragment; a password would be logged.
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                invalid("a URL with a query or fragment".into())
            }
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                invalid("a URL with a user name".into())
            }
            Ok(url) => {
                let is_canonical = without_trailing_slash(url.as_str()) == text;
                let parsed = is_canonical.then_some(url);
                Ok(Self { text, parsed })
            }
            Err(error) => invalid(format!("an invalid URL ({error})")),
        }
    }

    /// The endpoint, without a trailing slash.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL of a path: the same as parsing endpoint and path together, but cheaper.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the path.
    pub fn join(&self, path: &str) -> Result<Url, Failure> {
        let Some(base) = self.parsed.as_ref().filter(|_| is_plain(path)) else {
            return Url::parse(&format!("{}{path}", self.text)).map_err(|error| {
                let path = without_query(path);
                Failure::input(format!("the path {path} does not form a valid URL: {error}"))
            });
        };
        // Parsing the host again for every request would double the cost.
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

/// An endpoint without the slashes at its end, as a path begins with one.
pub fn without_trailing_slash(endpoint: &str) -> &str {
    endpoint.trim_end_matches('/')
}

/// A URL or path as errors and logs may show it: without the query, which may contain personal data, and without user name and
/// password. Any other text is masked: it may be the key, if the arguments of a client were swapped.
pub fn redacted(url: &str) -> Cow<'_, str> {
    let url = without_query(url);
    let scheme = url.split_once("://").filter(|(scheme, _)| {
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
            None => Cow::Borrowed(url),
        };
    }
    if url.starts_with('/') || url.is_empty() {
        Cow::Borrowed(url)
    } else {
        Cow::Borrowed(MASK)
    }
}

/// Whether a path can be appended without parsing the whole URL: it begins with a slash, and contains nothing that the parser
/// would drop or take for the end of the path.
fn is_plain(path: &str) -> bool {
    path.starts_with('/') && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redacted_url_contains_no_secret() {
        for (url, expected) in [
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
            assert_eq!(redacted(url), expected, "{url}");
        }
        for key in ["ApiKey SU-000-000:secret", "secret:x", "SU-000-000:secret"] {
            let message = BaseUrl::parse(Ok(key.into())).unwrap_err().message;
            assert!(
                !message.to_lowercase().contains("secret") && !message.contains("SU-"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_path_is_appended_to_the_endpoint() {
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
            let endpoint = BaseUrl::parse(Ok(endpoint.into())).unwrap();
            assert_eq!(endpoint.join(path).unwrap().as_str(), url);
        }
    }

    #[test]
    fn an_invalid_endpoint_is_described() {
        for (endpoint, expected) in [
            (Err("undefined"), "got undefined"),
            (Ok("api.test".to_string()), "endpoint must be"),
            (Ok("ftp://api.test".to_string()), "scheme 'ftp'"),
            (Ok("/relative".to_string()), "endpoint must be"),
            (Ok("https://api.test/?a=b".to_string()), "query"),
            (Ok("https://user:pass@api.test".to_string()), "user name"),
        ] {
            let message = BaseUrl::parse(endpoint).unwrap_err().message;
            assert!(message.contains(expected), "{message}");
            assert!(!message.contains("pass@"), "{message}");
        }
    }
}
