//! One call: the attempts that it takes, and the time that they have together.

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Method;
use tokio::time::Instant;

use super::environment::{Environment, Machine};
use super::error::{Failure, Kind};
use super::outcome::Outcome;
use super::policy::{Ending, Verdict, decide};
use super::pool::{Network, Pool};
use super::transport::{self, Limits, Payload, Wire, seconds, timed_out};

/// Whoever wants to know of attempts that failed.
pub trait Watch: Send + Sync {
    /// An attempt failed, and the next one follows.
    ///
    /// * `attempt`: the number of the one that failed, from 1.
    /// * `result`: what became of it.
    /// * `wait`: how long is waited before the next one.
    fn failed(&self, attempt: u32, result: &Result<Outcome, Failure>, wait: Duration);
}

/// A request that can be sent: over the network, or in a simulation.
pub trait Exchange: Send {
    /// Makes one attempt, redirects included.
    ///
    /// * `entering`: told when the request comes to its turn at its host; it says whether that is too late.
    fn attempt(
        &mut self,
        limits: &Limits,
        entering: impl Fn() -> Result<(), Failure> + Send + Sync,
    ) -> impl Future<Output = Result<Outcome, Failure>> + Send;

    /// The HTTP method.
    fn method(&self) -> &Method;

    /// Whether it can be sent again: not a stream that has been read.
    fn is_repeatable(&self) -> bool;
}

/// A request over the network.
struct OverNetwork {
    pool: Pool,
    wire: Wire,
}

impl Exchange for OverNetwork {
    async fn attempt(
        &mut self,
        limits: &Limits,
        entering: impl Fn() -> Result<(), Failure> + Send + Sync,
    ) -> Result<Outcome, Failure> {
        transport::attempt(&self.pool, &mut self.wire, limits, entering).await
    }

    fn method(&self) -> &Method {
        &self.wire.method
    }

    fn is_repeatable(&self) -> bool {
        !matches!(self.wire.body, Some(Payload::Spent))
    }
}

/// Sends a request over the network, as [`carry_out`] does.
///
/// # Errors
/// As [`transport::attempt`], for the last attempt.
pub async fn send(
    mut wire: Wire,
    limits: Limits,
    network: &Arc<Network>,
    watch: Option<&dyn Watch>,
) -> Result<Outcome, Failure> {
    transport::encode_query(&mut wire.url);
    let pool = Pool::of(network, &limits)?;
    carry_out(OverNetwork { pool, wire }, limits, &Machine, watch).await
}

/// Makes attempts, as the limits of a call say, until there is an answer to give or no time left.
///
/// * `watch`: is told of each attempt that is made again.
///
/// # Errors
/// The failure of the last attempt, or that the deadline has passed.
pub async fn carry_out(
    mut exchange: impl Exchange,
    limits: Limits,
    environment: &impl Environment,
    watch: Option<&dyn Watch>,
) -> Result<Outcome, Failure> {
    let course = Course::new(limits, environment.now());
    let all = pin!(attempts(&mut exchange, &course, environment, watch));
    match limits.deadlines.total {
        None => all.await,
        Some(total) => tokio::time::timeout(total, all)
            .await
            .unwrap_or_else(|_| Err(course.too_late(total))),
    }
}

/// Attempts, until one of them is what the caller gets.
async fn attempts(
    exchange: &mut impl Exchange,
    course: &Course,
    environment: &impl Environment,
    watch: Option<&dyn Watch>,
) -> Result<Outcome, Failure> {
    let limits = &course.limits;
    for attempt in 1.. {
        course.begin(attempt);
        let result = exchange.attempt(limits, || course.enter(environment.now())).await;
        let result = course.stamp(result, attempt);
        if result.as_ref().is_ok_and(|outcome| outcome.status < 400) {
            return result;
        }
        if exchange.method() == Method::DELETE && is_gone(&result) && course.was_maybe_processed() {
            return result.map(deleted);
        }
        if !exchange.is_repeatable() {
            return result;
        }
        let ending = Ending::of(&result, environment.wall_clock());
        let chance = environment.chance();
        let Verdict::Wait(wait) = decide(attempt, exchange.method(), ending, &limits.retry, chance) else {
            return result;
        };
        // What there is says more than a deadline that passes while nothing is done.
        if course.by.is_some_and(|by| environment.now() + wait >= by) {
            return result;
        }
        course.note(&result, ending.may_have_been_done(), wait);
        if let Some(watch) = watch {
            watch.failed(attempt, &result, wait);
        }
        tokio::time::sleep(wait).await;
    }
    // The policy ends before the numbers do: nobody comes here.
    Err(Failure::new(Kind::Connection, "too many attempts"))
}

/// Whether an answer says that there is no such object.
fn is_gone(result: &Result<Outcome, Failure>) -> bool {
    result.as_ref().is_ok_and(|outcome| outcome.status == 404)
}

/// A deletion that an earlier attempt had carried out already, though its answer was lost.
fn deleted(outcome: Outcome) -> Outcome {
    Outcome {
        status: 204,
        body: Vec::new(),
        ..outcome
    }
}

/// How far a call is: what its deadline has to say, whenever it passes.
struct Course {
    limits: Limits,
    by: Option<Instant>,
    attempt: AtomicU32,
    /// Whether the attempt under way has come to its turn.
    has_turn: AtomicBool,
    before: Mutex<Before>,
}

/// What the attempts before the one under way have left.
#[derive(Default)]
struct Before {
    maybe_processed: bool,
    waited: Duration,
    cause: Option<String>,
}

impl Course {
    fn new(limits: Limits, now: Instant) -> Self {
        Self {
            // One that no clock can hold is none.
            by: limits.deadlines.total.and_then(|total| now.checked_add(total)),
            limits,
            attempt: AtomicU32::new(1),
            has_turn: AtomicBool::new(false),
            before: Mutex::default(),
        }
    }

    fn before(&self) -> std::sync::MutexGuard<'_, Before> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, attempt: u32) {
        self.attempt.store(attempt, Ordering::Relaxed);
        self.has_turn.store(false, Ordering::Relaxed);
    }

    /// The attempt has come to its turn; the place of one that comes too late is free at the same moment.
    fn enter(&self, now: Instant) -> Result<(), Failure> {
        match self.limits.deadlines.total {
            Some(total) if self.by.is_some_and(|by| now >= by) => Err(self.too_late(total)),
            _ => {
                self.has_turn.store(true, Ordering::Relaxed);
                Ok(())
            }
        }
    }

    /// Writes down what became of an attempt that is made again.
    fn note(&self, result: &Result<Outcome, Failure>, maybe_processed: bool, wait: Duration) {
        let mut before = self.before();
        before.maybe_processed |= maybe_processed;
        before.waited += wait;
        before.cause = Some(match result {
            Ok(outcome) => format!("the attempt before was answered with {}", outcome.status),
            Err(failure) => format!("the attempt before failed: {}", failure.message),
        });
    }

    fn was_maybe_processed(&self) -> bool {
        self.before().maybe_processed
    }

    /// Says in a result how many attempts it took.
    fn stamp(&self, result: Result<Outcome, Failure>, attempt: u32) -> Result<Outcome, Failure> {
        if attempt == 1 {
            return result;
        }
        let before = self.before();
        match result {
            Ok(outcome) => Ok(Outcome {
                attempts: attempt,
                waited: before.waited,
                ..outcome
            }),
            Err(failure) => Err(Failure {
                attempts: attempt,
                waited: before.waited,
                maybe_processed: failure.maybe_processed || before.maybe_processed,
                ..failure
            }),
        }
    }

    /// The deadline has passed.
    fn too_late(&self, total: Duration) -> Failure {
        let before = self.before();
        let failure = if self.has_turn.load(Ordering::Relaxed) {
            timed_out(format!("no complete answer within {}", seconds(total)))
        } else {
            let others = self.limits.max_connections;
            let waited = seconds(total);
            let message = format!("no turn within {waited}: {others} requests at once go to one host");
            Failure::new(Kind::Timeout, message).with_code("ETIMEDOUT")
        };
        Failure {
            attempts: self.attempt.load(Ordering::Relaxed),
            maybe_processed: failure.maybe_processed || before.maybe_processed,
            waited: before.waited,
            cause: before.cause.clone(),
            ..failure
        }
    }
}
