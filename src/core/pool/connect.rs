//! HTTP clients, and how they connect.

use std::cell::Cell;
use std::error::Error;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use reqwest::Client;
use tower_layer::Layer;
use tower_service::Service;

use crate::core::error::{Failure, Kind};

/// How long a connection without a request is kept: shorter than what load balancers allow (60 s and more), so that the
/// server seldom closes first.
const IDLE: Duration = Duration::from_secs(15);

/// As many headers as an answer may have. Node counts bytes, 16 KiB of them; this is as many as it hands to anybody who
/// does not ask for more.
const MOST_HEADERS: usize = 2000;

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
            .connector_layer(OnlyWhileWaited)
            .http1_max_headers(MOST_HEADERS)
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

thread_local! {
    /// Whether what is polled is a request that is waited for.
    static IS_WAITED_FOR: Cell<bool> = const { Cell::new(false) };
}

/// Lets a request connect for as long as it is waited for.
pub(super) async fn waiting_for<F: Future>(request: F) -> F::Output {
    let mut request = pin!(request);
    poll_fn(|context| {
        let before = IS_WAITED_FOR.replace(true);
        let polled = request.as_mut().poll(context);
        IS_WAITED_FOR.set(before);
        polled
    })
    .await
}

/// Connects only while the request that needs the connection is waited for.
///
/// A request takes the connection that another one has left where that is sooner to be had, and its own is made
/// nevertheless, in a task of the HTTP client's: one more than there are requests. And a connection that has just been
/// left is to be had only when the tasks that know of it have had their turn.
#[derive(Debug, Clone, Copy)]
struct OnlyWhileWaited;

impl<S> Layer<S> for OnlyWhileWaited {
    type Service = WhileWaited<S>;

    fn layer(&self, inner: S) -> WhileWaited<S> {
        WhileWaited(inner)
    }
}

#[derive(Debug, Clone)]
struct WhileWaited<S>(S);

type BoxError = Box<dyn Error + Send + Sync>;

impl<S, R> Service<R> for WhileWaited<S>
where
    S: Service<R, Error = BoxError>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let connecting = self.0.call(target);
        Box::pin(async move {
            tokio::task::yield_now().await;
            let mut connecting = pin!(connecting);
            poll_fn(|context| {
                if !IS_WAITED_FOR.get() {
                    return Poll::Ready(Err(NotNeeded.into()));
                }
                connecting.as_mut().poll(context)
            })
            .await
        })
    }
}

/// The request went another way.
#[derive(Debug)]
struct NotNeeded;

impl fmt::Display for NotNeeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nobody waits for this connection any more")
    }
}

impl Error for NotNeeded {}
