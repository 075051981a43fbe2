//! HTTP clients that are alike.

use std::time::Duration;

use reqwest::Client;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};

use super::Network;
use crate::core::decode;
use crate::core::error::{Failure, Kind};
use crate::core::transport::USER_AGENT;
use crate::core::{proxy, tls};

/// How long a connection without a request is kept: shorter than what load balancers allow (60 s and more), so that the
/// server seldom closes first.
const IDLE: Duration = Duration::from_secs(15);

/// As many headers as an answer may have. Node counts bytes, 16 KiB of them, and hands no more than so many headers to
/// anybody who does not ask for it.
const MOST_HEADERS: usize = 2000;

/// The same over HTTP/2, which counts bytes, and 32 more for each header.
const MOST_HEADER_BYTES: u32 = (16 << 10) + 32 * MOST_HEADERS as u32;

/// Makes HTTP clients that are alike: they trust the same, go the same way and resume each other's TLS sessions.
#[derive(Debug)]
pub(super) struct Maker {
    tls: rustls::ClientConfig,
    proxies: Vec<reqwest::Proxy>,
    timeout: Duration,
    decompress: bool,
}

impl Maker {
    pub(super) fn new(network: &Network, timeout: Duration, decompress: bool) -> Result<Self, Failure> {
        Ok(Self {
            tls: tls::config(&network.trust)?,
            proxies: proxy::rules(&network.proxy)?,
            timeout,
            decompress,
        })
    }

    /// A client without a connection.
    pub(super) fn make(&self) -> Result<Client, Failure> {
        // Once a proxy of ours is set, the environment's are not asked for.
        let mut builder = Client::builder().no_proxy();
        for rule in &self.proxies {
            builder = builder.proxy(rule.clone());
        }
        if self.decompress {
            // Where the caller asks for something else, that is what is sent.
            let accepted = HeaderValue::from_static(decode::ACCEPTED);
            builder = builder.default_headers(HeaderMap::from_iter([(ACCEPT_ENCODING, accepted)]));
        }
        builder
            .user_agent(USER_AGENT)
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.timeout)
            .http1_max_headers(MOST_HEADERS)
            .http2_max_header_list_size(MOST_HEADER_BYTES)
            // The transport follows redirects itself, and a call counts its own attempts.
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(IDLE)
            .tcp_keepalive(Duration::from_secs(15))
            .build()
            .map_err(|error| {
                Failure::new(
                    Kind::Connection,
                    format!("the HTTP client cannot be set up: {error}"),
                )
                .with_code("EPROTO")
            })
    }
}
