//! HTTP clients that are alike.

use std::time::Duration;

use reqwest::Client;

use crate::core::error::{Failure, Kind};

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
    proxy: Option<reqwest::Proxy>,
    timeout: Duration,
}

impl Maker {
    pub(super) fn new(tls: rustls::ClientConfig, proxy: Option<reqwest::Proxy>, timeout: Duration) -> Self {
        Self { tls, proxy, timeout }
    }

    /// A client without a connection.
    pub(super) fn make(&self) -> Result<Client, Failure> {
        // Once a proxy of ours is set, the environment's are not asked for.
        let mut builder = Client::builder().no_proxy();
        if let Some(rule) = &self.proxy {
            builder = builder.proxy(rule.clone());
        }
        builder
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
