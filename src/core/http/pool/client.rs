//! Makes the HTTP clients of a pool.

use std::time::Duration;

use reqwest::Client;

use crate::core::error::{Failure, Kind};

/// How long an idle connection is kept. Load balancers keep theirs for 60 s and longer, so the server seldom closes first.
const IDLE_TIMEOUT: Duration = Duration::from_secs(15);

/// How many headers a response may have. Node bounds their size (16 KiB) instead of their number, and passes at most 2000 of
/// them on by default.
const MAX_HEADERS: usize = 2000;

/// The same limit over HTTP/2, which counts the bytes of the headers and 32 more for each.
const MAX_HEADER_BYTES: u32 = (16 << 10) + 32 * MAX_HEADERS as u32;

/// Makes HTTP clients with the same settings, which resume each other's TLS sessions.
#[derive(Debug)]
pub(super) struct ClientFactory {
    tls: rustls::ClientConfig,
    proxy: Option<reqwest::Proxy>,
    connect_timeout: Duration,
}

impl ClientFactory {
    pub(super) fn new(
        tls: rustls::ClientConfig,
        proxy: Option<reqwest::Proxy>,
        connect_timeout: Duration,
    ) -> Self {
        Self {
            tls,
            proxy,
            connect_timeout,
        }
    }

    /// A client without a connection.
    pub(super) fn make(&self) -> Result<Client, Failure> {
        // Ignores the proxies of the environment: the SDK's own rules apply.
        let mut builder = Client::builder().no_proxy();
        if let Some(proxy) = &self.proxy {
            builder = builder.proxy(proxy.clone());
        }
        builder
            .tls_backend_preconfigured(self.tls.clone())
            .connect_timeout(self.connect_timeout)
            .http1_max_headers(MAX_HEADERS)
            .http2_max_header_list_size(MAX_HEADER_BYTES)
            // Retries and redirects are decided by the state of the call.
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .tcp_keepalive(Duration::from_secs(15))
            .build()
            .map_err(|error| {
                Failure::new(
                    Kind::Connection,
                    format!("cannot create the HTTP client: {error}"),
                )
                .with_code("EPROTO")
            })
    }
}
