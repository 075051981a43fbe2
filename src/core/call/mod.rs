//! One call: its exchanges over the network, until there is an answer to give or no time left.

mod state;
#[cfg(test)]
mod tests;

use std::future::Future;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use tokio::time::{Instant, timeout_at};

use super::environment::{Environment, Machine};
use super::error::Failure;
use super::outcome::Outcome;
use super::pool::{Network, Place, Pool};
use super::request::{BodyKind, Head};
use super::response_body::{self, ReadPlan};
use super::transport::{self, Limits, Payload, Wire};

pub use state::{Action, CallState, Ended, Retry};

/// Whoever wants to know of attempts that failed.
pub trait RetryObserver: Send + Sync {
    /// An attempt failed, and the next one follows.
    fn on_retry(&self, retry: &Retry);
}

/// What does the I/O of a call: the network, or a simulation.
pub trait Exchange: Send {
    /// An answer of which the body is not read yet.
    type Answer: Send;

    /// Waits for a permit of the request's host; the one of the exchange before is given back first.
    fn acquire(&mut self, head: &Head, limits: &Limits) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Sends the request and waits for its answer's head.
    fn send(
        &mut self,
        head: &Head,
        limits: &Limits,
    ) -> impl Future<Output = Result<Self::Answer, Failure>> + Send;

    /// Status and headers of an answer.
    fn parts(answer: &Self::Answer) -> (u16, &HeaderMap);

    /// Reads an answer's body.
    fn read(
        &mut self,
        answer: Self::Answer,
        plan: ReadPlan,
        limits: &Limits,
    ) -> impl Future<Output = Result<Outcome, Failure>> + Send;
}

/// Requests over the network.
struct OverNetwork {
    pool: Pool,
    place: Option<Place>,
    body: Option<Payload>,
    save_to: Option<std::path::PathBuf>,
}

impl Exchange for OverNetwork {
    type Answer = reqwest::Response;

    async fn acquire(&mut self, head: &Head, limits: &Limits) -> Result<(), Failure> {
        self.place = None;
        self.place = Some(self.pool.enter(&head.url, limits.max_connections).await?);
        Ok(())
    }

    async fn send(&mut self, head: &Head, limits: &Limits) -> Result<reqwest::Response, Failure> {
        let body = self.body.as_mut().filter(|_| head.has_body);
        self.pool.routes.to(&head.url)?;
        let place = self.place.as_mut().ok_or_else(lost)?;
        match transport::exchange(place, head, body, limits.deadlines.silence).await {
            Err(failure) => Err(self.pool.explain(failure, &head.url).await),
            answer => answer,
        }
    }

    fn parts(answer: &reqwest::Response) -> (u16, &HeaderMap) {
        (answer.status().as_u16(), answer.headers())
    }

    async fn read(
        &mut self,
        answer: reqwest::Response,
        plan: ReadPlan,
        limits: &Limits,
    ) -> Result<Outcome, Failure> {
        let result = response_body::read(answer, plan, self.save_to.clone(), limits.deadlines.silence).await;
        self.place = None;
        result
    }
}

/// Sends a request over the network, as [`carry_out`] does.
///
/// # Errors
/// As [`carry_out`]; of kind `Input` where certificates or proxy cannot be used.
pub async fn send(
    wire: Wire,
    limits: Limits,
    network: &Arc<Network>,
    observer: Option<&dyn RetryObserver>,
) -> Result<Outcome, Failure> {
    let pool = Pool::of(network, &limits)?;
    let Wire { head, body, save_to } = wire;
    let kind = body.as_ref().map_or(BodyKind::None, Payload::kind);
    let state = CallState::new(head, kind, save_to.is_some(), limits, Machine.now());
    let exchange = OverNetwork {
        pool,
        place: None,
        body,
        save_to,
    };
    carry_out(exchange, state, &Machine, observer).await
}

/// Makes attempts, as the state of a call says, until it is over.
///
/// * `observer`: is told of each attempt that is made again.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Certificate`, `Timeout`, `Redirect`, `Size` or `File`: that of the last attempt, or
/// that the deadline has passed. Any answer with a status is an [`Outcome`], whatever the status says.
pub async fn carry_out<E: Exchange>(
    mut exchange: E,
    mut state: CallState,
    environment: &impl Environment,
    observer: Option<&dyn RetryObserver>,
) -> Result<Outcome, Failure> {
    let (limits, by) = (*state.limits(), state.deadline());
    let (mut answer, mut outcome) = (None, None);
    let mut action = Action::Send;
    loop {
        action = match action {
            Action::Send => {
                let acquired = within(by, exchange.acquire(state.head(), &limits)).await;
                acquired.ok_or_else(|| state.expired(true))??;
                let head = state.enter(environment.now())?;
                let sent = within(by, exchange.send(head, &limits)).await;
                match sent.ok_or_else(|| state.expired(true))? {
                    Ok(received) => {
                        let (status, headers) = E::parts(&received);
                        let next = state.answered(status, headers, environment);
                        answer = Some(received);
                        next
                    }
                    Err(failure) => state.failed(failure, environment),
                }
            }
            Action::Read(plan) => {
                let Some(received) = answer.take() else {
                    return Err(lost());
                };
                let read = within(by, exchange.read(received, plan, &limits)).await;
                match read.ok_or_else(|| state.expired(true))? {
                    Ok(whole) => {
                        outcome = Some(whole);
                        state.read(environment)
                    }
                    Err(failure) => state.failed(failure, environment),
                }
            }
            Action::Wait(retry) => {
                if let Some(observer) = observer {
                    observer.on_retry(&retry);
                }
                tokio::time::sleep(retry.wait).await;
                Action::Send
            }
            Action::Finish(ended) => {
                let ended = ended?;
                return outcome.map(|outcome| completed(outcome, ended)).ok_or_else(lost);
            }
        };
    }
}

/// The state asks for what only comes after an answer: nobody comes here.
fn lost() -> Failure {
    Failure::new(super::error::Kind::Connection, "the answer is gone").after_sending()
}

/// Does work until a deadline; nothing where that passes first.
pub async fn within<T>(by: Option<Instant>, work: impl Future<Output = T>) -> Option<T> {
    match by {
        None => Some(work.await),
        Some(by) => timeout_at(by, work).await.ok(),
    }
}

/// An answer, with what the call knows of it.
pub fn completed(mut outcome: Outcome, ended: Ended) -> Outcome {
    if ended.is_deleted {
        outcome.status = 204;
        outcome.body = Vec::new();
    }
    let location = ended.location.and_then(|text| HeaderValue::from_str(&text).ok());
    if let Some(location) = location {
        outcome.headers.insert(LOCATION, location);
    }
    Outcome {
        url: ended.url,
        redirected: ended.redirected,
        attempts: ended.attempts,
        waited: ended.waited,
        rewritten: ended.rewritten,
        ..outcome
    }
}
