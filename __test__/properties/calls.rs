//! A call in a simulated world: whatever the order of events, what may have been carried out is not sent again.

use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::call::{CallState, Exchange, carry_out};
use cloudblue_connect_native::core::environment::Environment;
use cloudblue_connect_native::core::error::{Failure, Kind};
use cloudblue_connect_native::core::outcome::Outcome;
use cloudblue_connect_native::core::policy::RetryPolicy;
use cloudblue_connect_native::core::request::{BodyKind, Deadlines, Head};
use cloudblue_connect_native::core::response_body::ReadPlan;
use cloudblue_connect_native::core::transport::Limits;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderValue, LOCATION};
use url::Url;

use super::hold;

/// How many calls are simulated.
const CALLS: u32 = 20_000;

/// What becomes of an attempt.
#[derive(Debug, Clone)]
struct Event {
    /// How long it takes, in ms.
    takes: u64,
    what: What,
}

#[derive(Debug, Clone)]
enum What {
    Answered {
        status: u16,
        is_redirected: bool,
        retry_after: Option<&'static str>,
    },
    /// Nothing left.
    NotSent(Kind),
    /// Something may have arrived.
    Lost(Kind),
}

/// A call, and what happens to it.
#[derive(Debug, Clone)]
struct Call {
    method: Method,
    is_stream: bool,
    max_retries: u32,
    total: Option<u64>,
    /// When the caller calls it off.
    abort: Option<u64>,
    chance: f64,
    events: Vec<Event>,
}

fn event() -> impl Strategy<Value = Event> {
    let answered = (
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
        .prop_map(|(status, is_redirected, retry_after)| What::Answered {
            status,
            is_redirected,
            retry_after,
        });
    let not_sent = select(vec![Kind::Connection, Kind::Certificate, Kind::Timeout]).prop_map(What::NotSent);
    let lost = select(vec![Kind::Connection, Kind::Timeout, Kind::Redirect, Kind::Size]).prop_map(What::Lost);
    (0..3000_u64, prop_oneof![3 => answered, 1 => not_sent, 2 => lost])
        .prop_map(|(takes, what)| Event { takes, what })
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
        vec(event(), 5),
    )
        .prop_map(
            |(method, is_stream, max_retries, total, abort, chance, events)| Call {
                method,
                is_stream,
                max_retries,
                total,
                abort,
                chance,
                events,
            },
        )
}

/// A world with one chance, in which it is half past nine for ever.
struct World(f64);

impl Environment for World {
    fn wall_clock(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_259_800)
    }

    fn chance(&self) -> f64 {
        self.0
    }
}

/// Attempts by script; notes when each was begun, and whether it may have been carried out so far.
struct Script<'a> {
    call: &'a Call,
    begun: &'a Mutex<Vec<bool>>,
    /// What is answered where the request is sent after a redirect.
    redirected: Option<Outcome>,
}

impl Script<'_> {
    fn was_not_carried_out(&self) {
        *self.begun.lock().unwrap().last_mut().unwrap() = false;
    }
}

impl Exchange for Script<'_> {
    type Answer = Outcome;

    async fn acquire(&mut self, _head: &Head, _limits: &Limits) -> Result<(), Failure> {
        Ok(())
    }

    async fn send(&mut self, _head: &Head, _limits: &Limits) -> Result<Outcome, Failure> {
        if let Some(moved) = self.redirected.take() {
            return Ok(moved);
        }
        let Event { takes, what } = {
            let mut begun = self.begun.lock().unwrap();
            let event = self.call.events[begun.len().min(4)].clone();
            // Until it is known what became of it, it may have been carried out.
            begun.push(true);
            event
        };
        tokio::time::sleep(Duration::from_millis(takes)).await;
        match what {
            What::Answered {
                status,
                is_redirected,
                retry_after,
            } => {
                if status == 429 && !is_redirected {
                    self.was_not_carried_out();
                }
                let answer = Outcome::plain(status, Vec::new()).asking_to_wait(retry_after.map(Into::into));
                if !is_redirected {
                    return Ok(answer);
                }
                self.redirected = Some(answer);
                let mut elsewhere = Outcome::plain(307, Vec::new());
                let target = HeaderValue::from_static("/elsewhere");
                elsewhere.headers.insert(LOCATION, target);
                Ok(elsewhere)
            }
            What::NotSent(kind) => {
                self.was_not_carried_out();
                Err(Failure::new(kind, "not sent"))
            }
            What::Lost(kind) => Err(Failure::new(kind, "lost").after_sending()),
        }
    }

    fn parts(answer: &Outcome) -> (u16, &HeaderMap) {
        (answer.status, &answer.headers)
    }

    async fn read(&mut self, answer: Outcome, _plan: ReadPlan, _limits: &Limits) -> Result<Outcome, Failure> {
        Ok(answer)
    }
}

/// What became of a call: its result unless it was called off, of each attempt whether it may have been carried out, and
/// how long it took.
fn simulate(call: &Call) -> (Option<Result<Outcome, Failure>>, Vec<bool>, Duration) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let begun = Mutex::default();
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
        let script = Script {
            call,
            begun: &begun,
            redirected: None,
        };
        let world = World(call.chance);
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
        let state = CallState::new(head, body, false, limits, world.now());
        let sending = carry_out(script, state, &world, None);
        let result = match call.abort {
            None => Some(sending.await),
            Some(after) => tokio::time::timeout(Duration::from_millis(after), sending)
                .await
                .ok(),
        };
        (result, started.elapsed())
    });
    (result, begun.into_inner().unwrap(), took)
}

#[test]
fn what_may_have_been_carried_out_is_not_sent_again() {
    hold(CALLS, &call(), |call| {
        let (result, begun, took) = simulate(&call);
        let is_safe = call.method.is_safe() || call.method == Method::DELETE;
        assert!(begun.len() <= call.max_retries as usize + 1, "{begun:?}");
        assert!(!call.is_stream || begun.len() <= 1, "a stream is sent once");
        if !is_safe && let Some((_, before)) = begun.split_last() {
            assert!(
                !before.contains(&true),
                "{} was sent again: {begun:?}",
                call.method
            );
        }
        for bound in [call.total, call.abort].into_iter().flatten() {
            assert!(took <= Duration::from_millis(bound + 1), "{took:?}");
        }
        if let Some(Err(failure)) = result {
            let may_be = begun.contains(&true);
            assert_eq!(failure.maybe_processed, may_be, "{failure:?} after {begun:?}");
        }
    });
}
