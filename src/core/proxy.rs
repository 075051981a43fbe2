//! Which way requests go: straight, unless the client says otherwise.

use std::fmt;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use rustls::ClientConfig;
use url::{Host, Url};

use super::error::{Failure, Kind, NO_TUNNEL};
use super::no_proxy::Exceptions;

/// The proxies of a client; none by default, as in the original SDK.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxy {
    /// For `http:` addresses.
    pub http: Option<Hop>,
    /// For `https:` addresses.
    pub https: Option<Hop>,
    /// The hosts that are reached without, as in the variable `NO_PROXY`.
    pub except: String,
}

/// A proxy as it was given.
///
/// `Debug` hides what an address may hold: a user name and a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Hop {
    /// Its address.
    pub address: String,
    /// The variable of the environment that names it, if one does.
    pub variable: Option<String>,
}

impl fmt::Debug for Hop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = parse(&self.address).map(|url| bare(&url)).unwrap_or_default();
        f.debug_struct("Hop")
            .field("address", &address)
            .field("variable", &self.variable)
            .finish()
    }
}

/// The proxies, read.
#[derive(Default)]
pub struct Routes {
    http: Option<Result<Url, Failure>>,
    https: Option<Result<Url, Failure>>,
    except: Exceptions,
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown =
            |proxy: &Option<Result<Url, Failure>>| proxy.as_ref().map(|url| url.as_ref().map(bare).ok());
        f.debug_struct("Routes")
            .field("http", &shown(&self.http))
            .field("https", &shown(&self.https))
            .field("except", &self.except)
            .finish()
    }
}

impl Routes {
    /// Reads them. What is wrong with one of them is kept for the request that needs it.
    pub fn new(proxy: &Proxy) -> Self {
        let read = |hop: &Option<Hop>| {
            hop.as_ref()
                .map(|hop| parse(&hop.address).ok_or_else(|| refused(hop)))
        };
        Self {
            http: read(&proxy.http),
            https: read(&proxy.https),
            except: Exceptions::read(&proxy.except),
        }
    }

    /// The proxy on the way to a URL, if there is one.
    ///
    /// # Errors
    /// A failure of kind `Input` for an address that is none; it is not shown, for it may hold a password.
    pub fn to(&self, url: &Url) -> Result<Option<&Url>, Failure> {
        let proxy = match url.scheme() {
            "http" => &self.http,
            _ => &self.https,
        };
        match proxy {
            Some(_) if self.except.contain(url) => Ok(None),
            // The HTTP client takes the brackets for a part of the name, and finds no certificate for that.
            Some(Ok(_)) if url.scheme() == "https" && matches!(url.host(), Some(Host::Ipv6(_))) => {
                Err(no_name())
            }
            Some(proxy) => proxy.as_ref().map(Some).map_err(Clone::clone),
            None => Ok(None),
        }
    }

    /// The same as the HTTP client asks for it; nothing if there is no proxy at all.
    pub fn rule(self: &Arc<Self>) -> Option<reqwest::Proxy> {
        if self.http.is_none() && self.https.is_none() {
            return None;
        }
        let routes = self.clone();
        // Who sends looks for failures first.
        Some(reqwest::Proxy::custom(move |url| {
            routes.to(url).ok().flatten().cloned()
        }))
    }

    /// Asks the proxy once more for a connection to the host of a URL: what it answers. The HTTP client tells the status
    /// of no refusal but 407.
    async fn status_of_refusal(&self, url: &Url, mut tls: ClientConfig, patience: Duration) -> Option<u16> {
        let proxy = self.to(url).ok()??;
        // To the HTTP client it is a request like any other, which the proxy is to answer itself.
        let target = format!("http://{}:{}/", url.host_str()?, url.port_or_known_default()?);
        // CONNECT is another thing in HTTP/2.
        tls.alpn_protocols.clear();
        let client = reqwest::Client::builder()
            .no_proxy()
            .proxy(reqwest::Proxy::all(proxy.clone()).ok()?)
            .tls_backend_preconfigured(tls)
            .timeout(patience)
            .build();
        let request = client.ok()?.request(Method::CONNECT, target);
        let answer = request.send().await.ok()?;
        Some(answer.status().as_u16()).filter(|status| !(200..300).contains(status))
    }

    /// Adds to a failure what can be learnt of a proxy that refused.
    pub async fn explain(
        &self,
        failure: Failure,
        url: &Url,
        tls: impl Fn() -> Result<ClientConfig, Failure>,
        patience: Duration,
    ) -> Failure {
        if failure.code.as_deref() != Some(NO_TUNNEL) || failure.kind == Kind::Proxy {
            return failure;
        }
        let Ok(tls) = tls() else { return failure };
        match self.status_of_refusal(url, tls, patience).await {
            Some(status) => refusal(status),
            None => failure,
        }
    }
}

/// A proxy that answered the request for a connection with this status. One that does not want to will not want to soon;
/// one that could not (502, 503, 504) may be able to.
pub fn refusal(status: u16) -> Failure {
    let kind = if status < 500 {
        Kind::Proxy
    } else {
        Kind::Connection
    };
    let why = match status {
        407 => ", it wants a user name and a password",
        _ => "",
    };
    Failure {
        status: NonZeroU16::new(status),
        ..Failure::new(
            kind,
            format!("the proxy made no connection to the host: {status}{why}"),
        )
        .with_code(NO_TUNNEL)
    }
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
        .filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.has_host())
}

/// An address without what nobody should see.
fn bare(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
}

fn no_name() -> Failure {
    Failure::input(
        "an https: URL whose host is an IPv6 address cannot be reached through a proxy; give it a name, or except it by \
         NO_PROXY",
    )
}

fn refused(hop: &Hop) -> Failure {
    let what = match &hop.variable {
        Some(name) => format!("the variable {name}, which the proxy is read from,"),
        None => "the option proxy".to_string(),
    };
    Failure::input(format!(
        "{what} must be a URL such as 'http://proxy.example:3128' or 'socks5h://proxy.example:1080'; what was given is none"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop(address: &str) -> Option<Hop> {
        let (address, variable) = (address.into(), None);
        Some(Hop { address, variable })
    }

    fn to(routes: &Routes, url: &str) -> Result<Option<String>, Failure> {
        let found = routes.to(&Url::parse(url).unwrap())?;
        Ok(found.map(|url| url.host_str().unwrap().to_string()))
    }

    #[test]
    fn addresses_have_a_scheme_or_are_of_http() {
        for (address, is_one) in [
            ("http://proxy.test:3128", true),
            ("https://user:secret@proxy.test", true),
            ("proxy.test:3128", true),
            ("127.0.0.1:8080", true),
            ("socks5://proxy.test", true),
            ("socks5h://user:secret@proxy.test:1080", true),
            ("socks4://proxy.test", false),
            ("ftp://proxy.test", false),
            ("http://", false),
            ("socks5h://", false),
            ("", false),
            ("http://user:secret@", false),
        ] {
            let proxy = Proxy {
                http: hop(address),
                ..Proxy::default()
            };
            let found = to(&Routes::new(&proxy), "http://a.test");
            assert_eq!(found.is_ok(), is_one, "{address}");
            if let Err(failure) = found {
                assert!(!failure.message.contains("secret"));
            }
        }
    }

    #[test]
    fn only_who_needs_an_address_is_told_that_it_is_none() {
        let routes = Routes::new(&Proxy {
            http: hop("proxy.test"),
            https: Some(Hop {
                address: "ftp://u:secret@proxy.test".into(),
                variable: Some("ALL_PROXY".into()),
            }),
            except: "near.test".into(),
        });
        assert_eq!(to(&routes, "http://a.test").unwrap().unwrap(), "proxy.test");
        assert_eq!(to(&routes, "https://near.test").unwrap(), None);
        let failure = to(&routes, "https://a.test").unwrap_err();
        assert!(failure.message.starts_with("the variable ALL_PROXY"));
        assert!(!failure.message.contains("secret"));
    }

    #[test]
    fn an_ipv6_address_is_refused_where_it_would_fail() {
        let routes = |except: &str| {
            let (http, https, except) = (hop("a.test"), hop("a.test"), except.into());
            Routes::new(&Proxy { http, https, except })
        };
        assert!(
            to(&routes(""), "https://[::1]")
                .unwrap_err()
                .message
                .contains("IPv6")
        );
        assert_eq!(to(&routes("::1"), "https://[::1]").unwrap(), None);
        assert_eq!(to(&routes(""), "http://[::1]").unwrap().unwrap(), "a.test");
        assert_eq!(to(&Routes::default(), "https://[::1]").unwrap(), None);
    }

    #[test]
    fn debug_shows_no_password() {
        let proxy = Proxy {
            http: hop("http://user:secret@proxy.test:3128"),
            ..Proxy::default()
        };
        let shown = format!("{proxy:?} {:?}", Routes::new(&proxy));
        assert!(shown.contains("proxy.test") && !shown.contains("secret") && !shown.contains("user"));
    }
}
