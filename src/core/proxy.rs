//! Which way requests go: straight, unless the client says otherwise.

use std::fmt;

use reqwest::NoProxy;
use url::Url;

use super::error::Failure;

/// The proxies of a client; none by default, as in the original SDK.
///
/// `Debug` hides what an address may hold: a user name and a password.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Proxy {
    /// For `http:` addresses.
    pub http: Option<String>,
    /// For `https:` addresses.
    pub https: Option<String>,
    /// The hosts that are reached without, as in the variable `NO_PROXY`.
    pub except: String,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |address: &Option<String>| address.as_deref().map(|text| bare(text).unwrap_or_default());
        f.debug_struct("Proxy")
            .field("http", &shown(&self.http))
            .field("https", &shown(&self.https))
            .field("except", &self.except)
            .finish()
    }
}

/// The proxies as the HTTP client knows them.
///
/// # Errors
/// A failure of kind `Input` for an address that is none; it is not shown, for it may hold a password.
pub fn rules(proxy: &Proxy) -> Result<Vec<reqwest::Proxy>, Failure> {
    let mut rules = Vec::new();
    // The HTTP client reads it as any name, but not as any address.
    if proxy.except.split(',').any(|name| name.trim() == "*") {
        return Ok(rules);
    }
    if let Some(address) = &proxy.http {
        rules.push(rule(address, &proxy.except, reqwest::Proxy::http)?);
    }
    if let Some(address) = &proxy.https {
        rules.push(rule(address, &proxy.except, reqwest::Proxy::https)?);
    }
    Ok(rules)
}

fn rule(
    address: &str,
    except: &str,
    make: fn(Url) -> reqwest::Result<reqwest::Proxy>,
) -> Result<reqwest::Proxy, Failure> {
    let url = parse(address).ok_or_else(refused)?;
    let rule = make(url).map_err(|_| refused())?;
    Ok(rule.no_proxy(NoProxy::from_string(except)))
}

/// Reads an address; the variables of the environment often leave out its scheme.
fn parse(address: &str) -> Option<Url> {
    let text = address.trim();
    let whole = if text.contains("://") {
        text.to_string()
    } else {
        format!("http://{text}")
    };
    Url::parse(&whole)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// An address without what nobody should see.
fn bare(address: &str) -> Option<String> {
    let url = parse(address)?;
    Some(format!("{}://{}", url.scheme(), url.host_str()?))
}

fn refused() -> Failure {
    Failure::input(
        "the proxy must be an http(s) URL such as 'http://proxy.example:3128' (given by the option proxy or, with \
         proxy: 'env', by HTTP_PROXY and HTTPS_PROXY); what was given is none",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn both(address: &str) -> Proxy {
        Proxy {
            http: Some(address.into()),
            https: Some(address.into()),
            except: String::new(),
        }
    }

    #[test]
    fn addresses_are_http_with_or_without_their_scheme() {
        for (address, is_one) in [
            ("http://proxy.test:3128", true),
            ("https://user:secret@proxy.test", true),
            ("proxy.test:3128", true),
            ("127.0.0.1:8080", true),
            ("socks5://proxy.test", false),
            ("http://", false),
            ("", false),
            ("http://user:secret@", false),
        ] {
            let rules = rules(&both(address));
            assert_eq!(rules.is_ok(), is_one, "{address}");
            if let Err(failure) = rules {
                assert!(!failure.message.contains("secret"));
            }
        }
    }

    #[test]
    fn debug_shows_no_password() {
        let shown = format!("{:?}", both("http://user:secret@proxy.test:3128"));
        assert!(shown.contains("proxy.test") && !shown.contains("secret") && !shown.contains("user"));
    }
}
