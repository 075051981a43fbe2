//! Simulated calls: in any order of events, a write that may have been processed is not sent again.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::environment::Environment;
use cloudblue_connect_native::core::error::{Failure, Kind};
use cloudblue_connect_native::core::http::request::{BodyKind, Head};
use cloudblue_connect_native::core::http::response::RawResponse;
use cloudblue_connect_native::core::http::response_body::ReadPlan;
use cloudblue_connect_native::core::retry::call::{Exchange, run};
use cloudblue_connect_native::core::retry::call_state::CallState;
use cloudblue_connect_native::core::retry::limits::{Deadlines, Limits};
use cloudblue_connect_native::core::retry::policy::RetryPolicy;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use url::Url;

use super::check;

/// How many calls are simulated.
const CALLS: u32 = 20_000;

/// An attempt of the simulation.
#[derive(Debug, Clone)]
struct Attempt {
    /// How long it takes, in ms.
    takes: u64,
    outcome: Outcome,
}

#[derive(Debug, Clone)]
enum Outcome {
    Response {
        status: u16,
        is_redirected: bool,
        retry_after: Option<&'static str>,
    },
    /// Nothing was sent.
    NotSent(Kind),
    /// The server may have received the request.
    Lost(Kind),
}

/// A call with the outcomes of its attempts.
#[derive(Debug, Clone)]
struct Call {
    method: Method,
    is_stream: bool,
    max_retries: u32,
    total: Option<u64>,
    /// When the caller aborts it.
    abort: Option<u64>,
    jitter: f64,
    attempts: Vec<Attempt>,
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let response = (
        select(vec![200, 204, 302, 400, 404, 408, 429, 500, 502, 503, 504]),
        prop::bool::weighted(0.2),
        select(vec![
            None,
            Some("0"),
            Some("1"),
            Some("61"),
            Some("-1"),
            Some("Thu, 01 Jan 1970 00:00:00 GMT"),
        ]),
    )
        .prop_map(|(status, is_redirected, retry_after)| Outcome::Response {
            status,
            is_redirected,
            retry_after,
        });
    let not_sent =
        select(vec![Kind::Connection, Kind::Certificate, Kind::Timeout]).prop_map(Outcome::NotSent);
    let lost =
        select(vec![Kind::Connection, Kind::Timeout, Kind::Redirect, Kind::Size]).prop_map(Outcome::Lost);
    (0..3000_u64, prop_oneof![3 => response, 1 => not_sent, 2 => lost])
        .prop_map(|(takes, outcome)| Attempt { takes, outcome })
}

fn call() -> impl Strategy<Value = Call> {
    (
        select(vec![
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ]),
        prop::bool::weighted(0.1),
        0..5_u32,
        prop::option::weighted(0.3, 1..6000_u64),
        prop::option::weighted(0.2, 1..6000_u64),
        0.0..=1.0_f64,
        vec(attempt(), 5),
    )
        .prop_map(
            |(method, is_stream, max_retries, total, abort, jitter, attempts)| Call {
                method,
                is_stream,
                max_retries,
                total,
                abort,
                jitter,
                attempts,
            },
        )
}

/// An environment with a constant random number and a constant wall clock.
struct FixedEnvironment(f64);

impl Environment for FixedEnvironment {
    fn wall_clock(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_259_800)
    }

    fn random(&self) -> f64 {
        self.0
    }
}

/// Plays the attempts, and records for each whether it may have been processed.
struct SimulatedExchange<'a> {
    call: &'a Call,
    maybe_processed: &'a Mutex<Vec<bool>>,
    /// The response to the request after a redirect.
    redirected: Option<RawResponse>,
}

impl SimulatedExchange<'_> {
    fn not_processed(&self) {
        *self.maybe_processed.lock().unwrap().last_mut().unwrap() = false;
    }
}

impl Exchange for SimulatedExchange<'_> {
    type Response = RawResponse;

    async fn acquire(&mut self, _head: &Head, _limits: &Limits) -> Result<(), Failure> {
        Ok(())
    }

    async fn send(&mut self, _head: &Head, _limits: &Limits) -> Result<RawResponse, Failure> {
        if let Some(response) = self.redirected.take() {
            return Ok(response);
        }
        let Attempt { takes, outcome } = {
            let mut maybe_processed = self.maybe_processed.lock().unwrap();
            let attempt = self.call.attempts[maybe_processed.len().min(4)].clone();
            // Until the outcome is known.
            maybe_processed.push(true);
            attempt
        };
        tokio::time::sleep(Duration::from_millis(takes)).await;
        match outcome {
            Outcome::Response {
                status,
                is_redirected,
                retry_after,
            } => {
                if status == 429 && !is_redirected {
                    self.not_processed();
                }
                let response =
                    RawResponse::plain(status, Vec::new()).with_retry_after(retry_after.map(Into::into));
                if !is_redirected {
                    return Ok(response);
                }
                self.redirected = Some(response);
                let mut redirect = RawResponse::plain(307, Vec::new());
                let target = HeaderValue::from_static("/elsewhere");
                redirect.headers.insert(LOCATION, target);
                Ok(redirect)
            }
            Outcome::NotSent(kind) => {
                self.not_processed();
                Err(Failure::new(kind, "not sent"))
            }
            Outcome::Lost(kind) => Err(Failure::new(kind, "lost").after_sending()),
        }
    }

    fn parts(response: &RawResponse) -> (u16, &HeaderMap) {
        (response.status, &response.headers)
    }

    async fn read(
        &mut self,
        response: RawResponse,
        _plan: ReadPlan,
        _limits: &Limits,
    ) -> Result<RawResponse, Failure> {
        Ok(response)
    }
}

/// Carries out a call. Returns its result unless it was aborted, for each attempt whether it may have been processed, and how
/// long the call took.
fn simulate(call: &Call) -> (Option<Result<RawResponse, Failure>>, Vec<bool>, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let maybe_processed = Mutex::default();
    let limits = Limits {
        deadlines: Deadlines {
            total: call.total.map(Duration::from_millis),
            ..Deadlines::default()
        },
        retry: RetryPolicy {
            max_retries: call.max_retries,
            ..RetryPolicy::default()
        },
        ..Limits::default()
    };
    let (result, took) = runtime.block_on(async {
        let started = tokio::time::Instant::now();
        let mut exchange = SimulatedExchange {
            call,
            maybe_processed: &maybe_processed,
            redirected: None,
        };
        let environment = FixedEnvironment(call.jitter);
        let head = Head {
            method: call.method.clone(),
            url: Url::parse("http://api.test/here").unwrap(),
            headers: HeaderMap::new(),
            has_body: call.is_stream,
        };
        let body = if call.is_stream {
            BodyKind::Stream
        } else {
            BodyKind::None
        };
        let mut state = CallState::new(head, body, false, limits, environment.now());
        let sending = run(&mut exchange, &mut state, &environment, None);
        let result = match call.abort {
            None => Some(sending.await),
            Some(after) => tokio::time::timeout(Duration::from_millis(after), sending)
                .await
                .ok(),
        };
        (result, started.elapsed())
    });
    (result, maybe_processed.into_inner().unwrap(), took)
}

#[test]
fn a_write_that_may_have_been_processed_is_not_sent_again() {
    check(CALLS, &call(), |call| {
        let (result, attempts, took) = simulate(&call);
        let is_safe = call.method.is_safe() || call.method == Method::DELETE;
        assert!(attempts.len() <= call.max_retries as usize + 1, "{attempts:?}");
        assert!(!call.is_stream || attempts.len() <= 1, "a stream is sent once");
        if !is_safe && let Some((_, before)) = attempts.split_last() {
            assert!(
                !before.contains(&true),
                "{} was sent again: {attempts:?}",
                call.method
            );
        }
        for bound in [call.total, call.abort].into_iter().flatten() {
            assert!(took <= Duration::from_millis(bound + 1), "{took:?}");
        }
        if let Some(Err(failure)) = result {
            let may_be = attempts.contains(&true);
            assert_eq!(failure.maybe_processed, may_be, "{failure:?} after {attempts:?}");
        }
    });
}
