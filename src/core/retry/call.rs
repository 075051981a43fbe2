//! Carries out a call over the network: its requests, redirects and retries.

use std::future::Future;
use std::path::PathBuf;
use std::pin::{Pin, pin};
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use tokio::time::{Instant, timeout_at};

use crate::core::environment::{Environment, Machine};
use crate::core::error::{Failure, Kind};
use crate::core::http::pool::{NetworkSettings, Pool, PooledConnection};
use crate::core::http::request::{BodyKind, Head, HttpRequest, Payload};
use crate::core::http::response::RawResponse;
use crate::core::http::response_body::{self, ReadPlan};
use crate::core::http::transport;
use crate::core::retry::call_state::{Action, CallState, CompletedCall, Retry};
use crate::core::retry::limits::Limits;

/// Is notified of retries.
pub trait RetryObserver: Send + Sync {
    /// An attempt failed, and another one follows.
    fn on_retry(&self, retry: &Retry);
}

/// The I/O of a call: the network, or a simulation of it.
pub trait Exchange: Send {
    /// A response whose body has not been read.
    type Response: Send;

    /// Releases the permit of the previous request and waits for one of this request's host.
    fn acquire(&mut self, head: &Head, limits: &Limits) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Sends the request and waits for the head of the response.
    fn send(
        &mut self,
        head: &Head,
        limits: &Limits,
    ) -> impl Future<Output = Result<Self::Response, Failure>> + Send;

    /// Status and headers of a response.
    fn parts(response: &Self::Response) -> (u16, &HeaderMap);

    /// Reads the body of a response.
    fn read(
        &mut self,
        response: Self::Response,
        plan: ReadPlan,
        limits: &Limits,
    ) -> impl Future<Output = Result<RawResponse, Failure>> + Send;
}

/// Sends requests over the network.
struct NetworkExchange {
    pool: Pool,
    connection: Option<PooledConnection>,
    body: Option<Payload>,
    save_to: Option<PathBuf>,
}

impl Exchange for NetworkExchange {
    type Response = reqwest::Response;

    async fn acquire(&mut self, head: &Head, limits: &Limits) -> Result<(), Failure> {
        self.connection = None;
        self.connection = Some(self.pool.acquire(&head.url, limits.max_connections).await?);
        Ok(())
    }

    async fn send(&mut self, head: &Head, limits: &Limits) -> Result<reqwest::Response, Failure> {
        let body = self.body.as_mut().filter(|_| head.has_body);
        self.pool.proxies.proxy_for(&head.url)?;
        let connection = self.connection.as_mut().ok_or_else(missing_response)?;
        match transport::exchange(connection, head, body, limits.deadlines.read_timeout).await {
            // Boxed, as few calls need it: otherwise each would have room for it.
            Err(failure) => Err(Box::pin(self.pool.add_proxy_status(failure, &head.url)).await),
            response => response,
        }
    }

    fn parts(response: &reqwest::Response) -> (u16, &HeaderMap) {
        (response.status().as_u16(), response.headers())
    }

    async fn read(
        &mut self,
        response: reqwest::Response,
        plan: ReadPlan,
        limits: &Limits,
    ) -> Result<RawResponse, Failure> {
        let save_to = self.save_to.clone();
        let result = response_body::read(response, plan, save_to, limits.deadlines.read_timeout).await;
        self.connection = None;
        result
    }
}

/// Sends a request over the network, with the redirects and retries of [`run`].
///
/// # Errors
/// As [`run`]; a failure of kind `Input` if the certificates or the proxy cannot be used.
pub async fn send(
    request: HttpRequest,
    limits: Limits,
    network: &Arc<NetworkSettings>,
    observer: Option<&dyn RetryObserver>,
) -> Result<RawResponse, Failure> {
    let pool = Pool::of(network, limits.deadlines.connect)?;
    let HttpRequest { head, body, save_to } = request;
    let kind = body.as_ref().map_or(BodyKind::None, Payload::kind);
    let mut state = CallState::new(head, kind, save_to.is_some(), limits, Machine.now());
    let mut exchange = NetworkExchange {
        pool,
        connection: None,
        body,
        save_to,
    };
    run(&mut exchange, &mut state, &Machine, observer).await
}

/// Does what the state of a call asks for, until the call is finished.
///
/// * `exchange`, `state`: by reference, as a future has room twice for what it is given.
/// * `observer`: is notified of each retry.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Certificate`, `Timeout`, `Redirect`, `Size` or `File`: that of the last attempt, or
/// that the deadline has passed. A response of any status is a [`RawResponse`].
pub async fn run<E: Exchange>(
    exchange: &mut E,
    state: &mut CallState,
    environment: &impl Environment,
    observer: Option<&dyn RetryObserver>,
) -> Result<RawResponse, Failure> {
    let (limits, deadline) = (*state.limits(), state.deadline());
    let (mut head, mut response) = (None, None);
    let mut action = Action::Send;
    loop {
        action = match action {
            Action::Send => {
                let acquired = until(deadline, pin!(exchange.acquire(state.head(), &limits))).await;
                acquired.ok_or_else(|| state.deadline_exceeded(true))??;
                let request = state.on_permit(environment.now())?;
                let sent = until(deadline, pin!(exchange.send(request, &limits))).await;
                match sent.ok_or_else(|| state.deadline_exceeded(true))? {
                    Ok(received) => {
                        let (status, headers) = E::parts(&received);
                        let next = state.on_response(status, headers, environment);
                        head = Some(received);
                        next
                    }
                    Err(failure) => state.on_failure(failure, environment),
                }
            }
            Action::Read(plan) => {
                let received = head.take().ok_or_else(missing_response)?;
                let read = until(deadline, pin!(exchange.read(received, plan, &limits))).await;
                match read.ok_or_else(|| state.deadline_exceeded(true))? {
                    Ok(complete) => {
                        response = Some(complete);
                        state.on_body_read(environment)
                    }
                    Err(failure) => state.on_failure(failure, environment),
                }
            }
            Action::Wait(retry) => {
                if let Some(observer) = observer {
                    observer.on_retry(&retry);
                }
                tokio::time::sleep(retry.wait).await;
                Action::Send
            }
            Action::Finish(call) => {
                let call = call?;
                return response
                    .map(|response| finish(response, call))
                    .ok_or_else(missing_response);
            }
        };
    }
}

/// The state asks only for what the exchange has delivered, so this cannot happen.
fn missing_response() -> Failure {
    Failure::new(Kind::Connection, "internal error: the response is missing").after_sending()
}

/// Awaits a future until a deadline; `None` if the deadline passes first.
///
/// * `future`: pinned by the caller; by value, it would take its size several times.
pub async fn until<T>(deadline: Option<Instant>, future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    match deadline {
        None => Some(future.await),
        Some(deadline) => timeout_at(deadline, future).await.ok(),
    }
}

/// Adds to a response what is known of its call.
pub fn finish(mut response: RawResponse, call: CompletedCall) -> RawResponse {
    if call.is_deleted {
        response.status = 204;
        response.body = Vec::new();
    }
    let location = call.location.and_then(|text| HeaderValue::from_str(&text).ok());
    if let Some(location) = location {
        response.headers.insert(LOCATION, location);
    }
    RawResponse {
        url: call.url,
        redirected: call.redirected,
        attempts: call.attempts,
        waited: call.waited,
        rewritten: call.rewritten,
        ..response
    }
}
