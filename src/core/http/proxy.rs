//! Which proxy a request goes through. By default none, as in the original SDK.

use std::fmt;
use std::num::NonZeroU16;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use rustls::ClientConfig;
use url::{Host, Url};

use crate::core::error::{ERR_PROXY_TUNNEL, Failure, Kind};
use crate::core::http::no_proxy::NoProxy;

/// The proxies of a client, as they were configured.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProxySettings {
    /// For `http:` URLs.
    pub http: Option<ProxyServer>,
    /// For `https:` URLs.
    pub https: Option<ProxyServer>,
    /// The hosts that are reached without a proxy, as in the environment variable `NO_PROXY`.
    pub no_proxy: String,
}

/// A proxy as it was configured.
///
/// `Debug` hides the user name and the password of the address.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyServer {
    /// Its address.
    pub address: String,
    /// The environment variable that it was read from, if it was.
    pub variable: Option<String>,
}

impl fmt::Debug for ProxyServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = parse(&self.address)
            .map(|url| without_credentials(&url))
            .unwrap_or_default();
        f.debug_struct("ProxyServer")
            .field("address", &address)
            .field("variable", &self.variable)
            .finish()
    }
}

/// The parsed settings.
#[derive(Default)]
pub struct ProxyRules {
    http: Option<Result<Url, Failure>>,
    https: Option<Result<Url, Failure>>,
    no_proxy: NoProxy,
}

impl fmt::Debug for ProxyRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |proxy: &Option<Result<Url, Failure>>| {
            proxy
                .as_ref()
                .map(|url| url.as_ref().map(without_credentials).ok())
        };
        f.debug_struct("ProxyRules")
            .field("http", &shown(&self.http))
            .field("https", &shown(&self.https))
            .field("no_proxy", &self.no_proxy)
            .finish()
    }
}

impl ProxyRules {
    /// Parses the settings. An invalid address is reported by the requests that need it.
    pub fn new(settings: &ProxySettings) -> Self {
        let read = |server: &Option<ProxyServer>| {
            server
                .as_ref()
                .map(|server| parse(&server.address).ok_or_else(|| invalid_address(server)))
        };
        Self {
            http: read(&settings.http),
            https: read(&settings.https),
            no_proxy: NoProxy::parse(&settings.no_proxy),
        }
    }

    /// The proxy for a URL, if there is one.
    ///
    /// # Errors
    /// A failure of kind `Input` if its address is invalid. The address is not shown, as it may contain a password.
    pub fn proxy_for(&self, url: &Url) -> Result<Option<&Url>, Failure> {
        let proxy = match url.scheme() {
            "http" => &self.http,
            _ => &self.https,
        };
        match proxy {
            Some(_) if self.no_proxy.contains(url) => Ok(None),
            // The HTTP client would take the brackets for part of the name that the certificate must have.
            Some(Ok(_)) if url.scheme() == "https" && matches!(url.host(), Some(Host::Ipv6(_))) => {
                Err(unsupported_ipv6())
            }
            Some(proxy) => proxy.as_ref().map(Some).map_err(Clone::clone),
            None => Ok(None),
        }
    }

    /// The rules for the HTTP client; `None` without any proxy.
    pub fn to_reqwest(self: &Arc<Self>) -> Option<reqwest::Proxy> {
        if self.http.is_none() && self.https.is_none() {
            return None;
        }
        let rules = self.clone();
        // Failures need no handling here: they are reported before the request is sent.
        Some(reqwest::Proxy::custom(move |url| {
            rules.proxy_for(url).ok().flatten().cloned()
        }))
    }

    /// Adds the status of the proxy to a failure, if the proxy has refused to connect.
    pub async fn add_status(
        &self,
        failure: Failure,
        url: &Url,
        tls: impl Fn() -> Result<ClientConfig, Failure>,
        timeout: Duration,
    ) -> Failure {
        if failure.code.as_deref() != Some(ERR_PROXY_TUNNEL) || failure.kind == Kind::Proxy {
            return failure;
        }
        let Ok(tls) = tls() else { return failure };
        match self.status_of_refusal(url, tls, timeout).await {
            Some(status) => refusal(status),
            None => failure,
        }
    }

    /// Asks the proxy again to connect to the host of a URL, and returns the status if it refuses. The HTTP client reports no
    /// status but 407.
    async fn status_of_refusal(&self, url: &Url, mut tls: ClientConfig, timeout: Duration) -> Option<u16> {
        let proxy = self.proxy_for(url).ok()??;
        // For the HTTP client this is a plain request, which the proxy answers itself.
        let target = format!("http://{}:{}/", url.host_str()?, url.port_or_known_default()?);
        // CONNECT works differently over HTTP/2.
        tls.alpn_protocols.clear();
        let client = reqwest::Client::builder()
            .no_proxy()
            .proxy(reqwest::Proxy::all(proxy.clone()).ok()?)
            .tls_backend_preconfigured(tls)
            .timeout(timeout)
            .build();
        let request = client.ok()?.request(Method::CONNECT, target);
        let response = request.send().await.ok()?;
        Some(response.status().as_u16()).filter(|status| !(200..300).contains(status))
    }
}

/// The failure of a proxy that refuses to connect to the host. A retry may help only after a 5xx.
pub fn refusal(status: u16) -> Failure {
    let kind = if status < 500 {
        Kind::Proxy
    } else {
        Kind::Connection
    };
    let reason = match status {
        407 => " (proxy authentication required)",
        _ => "",
    };
    let message = format!("the proxy did not open a tunnel to the host: status {status}{reason}");
    Failure {
        status: NonZeroU16::new(status),
        ..Failure::new(kind, message).with_code(ERR_PROXY_TUNNEL)
    }
}

/// Parses an address. Environment variables often leave out the scheme.
fn parse(address: &str) -> Option<Url> {
    let address = address.trim();
    let with_scheme = if address.contains("://") {
        address.to_string()
    } else {
        format!("http://{address}")
    };
    Url::parse(&with_scheme)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h") && url.has_host())
}

fn without_credentials(url: &Url) -> String {
    format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default())
}

fn unsupported_ipv6() -> Failure {
    Failure::input(
        "an https: URL with an IPv6 address cannot be reached through a proxy; use a host name, or exclude the address with \
         NO_PROXY",
    )
}

fn invalid_address(server: &ProxyServer) -> Failure {
    let source = match &server.variable {
        Some(name) => format!("the environment variable {name} must be a proxy URL"),
        None => "the option proxy must be a URL".to_string(),
    };
    Failure::input(format!(
        "{source} such as 'http://proxy.example:3128' or 'socks5h://proxy.example:1080'"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(address: &str) -> Option<ProxyServer> {
        let (address, variable) = (address.into(), None);
        Some(ProxyServer { address, variable })
    }

    fn proxy_of(rules: &ProxyRules, url: &str) -> Result<Option<String>, Failure> {
        let proxy = rules.proxy_for(&Url::parse(url).unwrap())?;
        Ok(proxy.map(|url| url.host_str().unwrap().to_string()))
    }

    #[test]
    fn an_address_without_a_scheme_is_http() {
        for (address, is_valid) in [
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
            let settings = ProxySettings {
                http: server(address),
                ..ProxySettings::default()
            };
            let proxy = proxy_of(&ProxyRules::new(&settings), "http://a.test");
            assert_eq!(proxy.is_ok(), is_valid, "{address}");
            if let Err(failure) = proxy {
                assert!(!failure.message.contains("secret"));
            }
        }
    }

    #[test]
    fn an_invalid_address_fails_only_the_requests_that_need_it() {
        let rules = ProxyRules::new(&ProxySettings {
            http: server("proxy.test"),
            https: Some(ProxyServer {
                address: "ftp://u:secret@proxy.test".into(),
                variable: Some("ALL_PROXY".into()),
            }),
            no_proxy: "near.test".into(),
        });
        assert_eq!(proxy_of(&rules, "http://a.test").unwrap().unwrap(), "proxy.test");
        assert_eq!(proxy_of(&rules, "https://near.test").unwrap(), None);
        let failure = proxy_of(&rules, "https://a.test").unwrap_err();
        assert!(failure.message.starts_with("the environment variable ALL_PROXY"));
        assert!(!failure.message.contains("secret"));
    }

    #[test]
    fn an_https_url_with_an_ipv6_address_is_rejected() {
        let rules = |no_proxy: &str| {
            let (http, https, no_proxy) = (server("a.test"), server("a.test"), no_proxy.into());
            ProxyRules::new(&ProxySettings {
                http,
                https,
                no_proxy,
            })
        };
        assert!(
            proxy_of(&rules(""), "https://[::1]")
                .unwrap_err()
                .message
                .contains("IPv6")
        );
        assert_eq!(proxy_of(&rules("::1"), "https://[::1]").unwrap(), None);
        assert_eq!(proxy_of(&rules(""), "http://[::1]").unwrap().unwrap(), "a.test");
        assert_eq!(proxy_of(&ProxyRules::default(), "https://[::1]").unwrap(), None);
    }

    #[test]
    fn debug_shows_no_password() {
        let proxy = ProxySettings {
            http: server("http://user:secret@proxy.test:3128"),
            ..ProxySettings::default()
        };
        let shown = format!("{proxy:?} {:?}", ProxyRules::new(&proxy));
        assert!(shown.contains("proxy.test") && !shown.contains("secret") && !shown.contains("user"));
    }
}
