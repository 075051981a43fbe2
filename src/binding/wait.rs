//! Waiting for an object to be in a state, as JavaScript drives it: it polls, sleeps and tells what came of it.

use std::time::SystemTime;

use napi::bindgen_prelude::{Object, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::action::milliseconds;
use super::{convert, reply};
use crate::core::environment::{Environment, Machine};
use crate::core::error::Failure;
use crate::core::resources::wait::{PollFailure, Schedule, Step, Wait};
use crate::core::retry::retry_after;

/// What follows a poll.
#[napi(object, object_from_js = false)]
pub struct WaitStep {
    /// `reached`: the object is in one of the states. `poll`: wait, then poll again. `unreachable`: it cannot come to any of
    /// them. `fail`: the error of the poll ends the wait.
    #[napi(ts_type = "'reached' | 'poll' | 'unreachable' | 'fail'")]
    pub action: &'static str,
    /// How long to wait, in ms; 0 for the other actions.
    pub ms: f64,
    /// The names of the nested fields, from the outside, in which an object that is `unreachable` says why; empty if it does
    /// not.
    pub detail: Vec<&'static str>,
}

/// Why a poll gave no object.
#[napi(object, object_to_js = false)]
pub struct FailedPoll {
    /// The status, if there was a response.
    pub status: Option<u32>,
    /// Without a response: whether the next request may get one.
    pub is_transient: bool,
    /// Without a response: whether the request may have reached the server.
    pub maybe_sent: bool,
    /// The response's `Retry-After`.
    pub retry_after: Option<String>,
}

/// A wait for one object of a resource.
#[napi(js_name = "Wait")]
pub struct JsWait(std::result::Result<Wait, Failure>);

#[napi]
impl JsWait {
    /// * `class_name`: the class of the resource, as Rust declares it.
    /// * `states`: the states to wait for.
    /// * `options`: `interval`, `maxInterval` and `timeout`, in ms.
    #[napi(constructor)]
    pub fn new(class_name: String, states: Vec<String>, options: Object) -> Result<Self> {
        let duration = |name| convert::duration_property(&options, name);
        let schedule = Schedule::new(
            duration("interval")?,
            duration("maxInterval")?,
            duration("timeout")?,
        );
        Ok(Self(
            schedule.and_then(|schedule| Wait::new(&class_name, states, schedule)),
        ))
    }

    /// Why it cannot begin: a state or an option cannot be used.
    #[napi(getter, ts_return_type = "Failed | undefined")]
    pub fn refusal<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        reply::refusal(env, self.0.as_ref().err())
    }

    /// How long to wait at most, in ms.
    #[napi(getter)]
    pub fn timeout(&self) -> f64 {
        self.0.as_ref().map_or(0.0, |wait| milliseconds(wait.timeout()))
    }

    /// What follows a poll that gave the object.
    ///
    /// * `status`: its state, if it has one.
    #[napi]
    pub fn on_object(&mut self, status: Option<String>) -> WaitStep {
        self.step(|wait, jitter| wait.on_object(status.as_deref(), jitter))
    }

    /// What follows a poll that failed.
    #[napi]
    pub fn on_failure(&mut self, failure: FailedPoll) -> WaitStep {
        let now = Machine.wall_clock();
        self.step(|wait, jitter| wait.on_failure(poll_failure(&failure, now), jitter))
    }

    fn step(&mut self, decide: impl FnOnce(&mut Wait, f64) -> Step) -> WaitStep {
        let step = match &mut self.0 {
            Ok(wait) => decide(wait, Machine.random()),
            Err(_) => Step::Fail,
        };
        let (action, ms, detail) = match step {
            Step::Reached => ("reached", 0.0, vec![]),
            Step::Poll(delay) => ("poll", milliseconds(delay), vec![]),
            Step::Unreachable(detail) => ("unreachable", 0.0, detail.to_vec()),
            Step::Fail => ("fail", 0.0, vec![]),
        };
        WaitStep { action, ms, detail }
    }
}

fn poll_failure(failure: &FailedPoll, now: SystemTime) -> PollFailure {
    PollFailure {
        status: failure.status.and_then(|status| u16::try_from(status).ok()),
        is_transient: failure.is_transient,
        maybe_sent: failure.maybe_sent,
        retry_after: failure
            .retry_after
            .as_deref()
            .and_then(|text| retry_after::parse(text, now)),
    }
}
