//! The state of one call, without I/O: redirects, attempts, the deadline.
//!
//! The code that does the I/O (reqwest in [`super::call::run`], Node's `http` in JavaScript) reports each event and gets the
//! next action. The rules are thus the same over every transport, and a simulation can try any order of events.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, LOCATION};
use tokio::time::Instant;

use crate::core::environment::Environment;
use crate::core::error::{Failure, Kind, format_seconds};
use crate::core::http::headers;
use crate::core::http::redirect::{self, Redirect};
use crate::core::http::request::{BodyKind, Head, encode_query};
use crate::core::http::response_body::{MAX_JSON_BYTES, ReadPlan};
use crate::core::retry::limits::Limits;
use crate::core::retry::policy::{AttemptResult, RetryDecision, decide_retry};

pub use super::action::{Action, CompletedCall, Retry};

/// A response whose body is being read.
#[derive(Debug)]
struct PendingResponse {
    status: u16,
    result: AttemptResult,
    location: Option<String>,
}

/// What the earlier attempts of the call have left behind.
#[derive(Debug, Default)]
struct EarlierAttempts {
    maybe_processed: bool,
    waited: Duration,
    /// Why the last of them failed.
    cause: Option<String>,
}

/// A call between its first attempt and its end.
#[derive(Debug)]
pub struct CallState {
    limits: Limits,
    original: Head,
    body: BodyKind,
    saves_to_file: bool,
    deadline: Option<Instant>,
    attempt: u32,
    /// The request after a redirect.
    redirect: Option<Head>,
    redirects_followed: u32,
    rewritten: Option<Failure>,
    /// Whether the current request has its permit.
    has_permit: bool,
    /// Whether the body is a stream that has been sent, and so cannot be sent again.
    is_stream_consumed: bool,
    response: Option<PendingResponse>,
    earlier: EarlierAttempts,
}

impl CallState {
    /// Begins a call; its first action is [`Action::Send`].
    ///
    /// * `head`: the request. Default headers and those that delimit the body are added.
    /// * `saves_to_file`: whether the body of a success is written to a file.
    /// * `now`: the start of the deadline.
    pub fn new(mut head: Head, body: BodyKind, saves_to_file: bool, limits: Limits, now: Instant) -> Self {
        encode_query(&mut head.url);
        headers::add_defaults(&mut head.headers, limits.decompress);
        headers::set_body_length(&mut head.headers, &head.method, body);
        Self {
            // A deadline that is too far away for the clock is none.
            deadline: limits.deadlines.total.and_then(|total| now.checked_add(total)),
            limits,
            original: head,
            body,
            saves_to_file,
            attempt: 1,
            redirect: None,
            redirects_followed: 0,
            rewritten: None,
            has_permit: false,
            is_stream_consumed: false,
            response: None,
            earlier: EarlierAttempts::default(),
        }
    }

    /// The request to send.
    pub fn head(&self) -> &Head {
        self.redirect.as_ref().unwrap_or(&self.original)
    }

    /// The limits of the call.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// When the call has to be over.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// The request has its permit; returns what to send.
    ///
    /// # Errors
    /// The deadline has passed.
    pub fn on_permit(&mut self, now: Instant) -> Result<&Head, Failure> {
        if self.deadline.is_some_and(|deadline| now >= deadline) {
            return Err(self.deadline_exceeded(true));
        }
        self.has_permit = true;
        self.is_stream_consumed |= self.body == BodyKind::Stream;
        Ok(self.head())
    }

    /// The head of a response has arrived.
    pub fn on_response(
        &mut self,
        status: u16,
        headers: &HeaderMap,
        environment: &impl Environment,
    ) -> Action {
        let mut location = None;
        if let Some(target) = headers.get(LOCATION).filter(|_| redirect::is_redirect(status)) {
            match self.limits.redirect {
                Redirect::Manual => {
                    let target = redirect::absolute(&self.head().url, target.as_bytes());
                    location = target.ok().map(String::from);
                }
                _ => match self.follow_redirect(status, target.as_bytes()) {
                    Ok(()) => return Action::Send,
                    Err(failure) => return self.on_failure(failure, environment),
                },
            }
        }
        let redirected = self.redirects_followed > 0;
        let result = AttemptResult::from_response(status, redirected, headers, environment.wall_clock());
        self.response = Some(PendingResponse {
            status,
            result,
            location,
        });
        Action::Read(self.read_plan(status))
    }

    /// How to read the body of a response, and how large it may be.
    fn read_plan(&self, status: u16) -> ReadPlan {
        let is_success = (200..300).contains(&status);
        let default = if is_success {
            self.limits.default_max_bytes
        } else {
            MAX_JSON_BYTES
        };
        ReadPlan {
            max_bytes: self.limits.max_bytes.unwrap_or(default),
            to_file: self.saves_to_file && is_success,
            has_body: self.head().method != Method::HEAD && !matches!(status, 100..200 | 204 | 304),
            decompress: self.limits.decompress,
        }
    }

    /// The body of the response has been read to its end.
    pub fn on_body_read(&mut self, environment: &impl Environment) -> Action {
        let Some(response) = self.response.take() else {
            return Action::Finish(Err(Failure::new(
                Kind::Connection,
                "internal error: the response was read before it arrived",
            )));
        };
        let PendingResponse {
            status,
            result,
            location,
        } = response;
        let is_deleted =
            status == 404 && self.earlier.maybe_processed && self.original.method == Method::DELETE;
        if status >= 400
            && !is_deleted
            && let Some(wait) = self.retry_delay(result, environment)
        {
            return self.retry(Ok(status), result, wait);
        }
        Action::Finish(Ok(CompletedCall {
            attempts: self.attempt,
            waited: self.earlier.waited,
            url: self.head().url.to_string(),
            redirected: self.redirects_followed > 0,
            location,
            is_deleted,
            rewritten: self.rewritten.take(),
        }))
    }

    /// The current attempt has failed without a response.
    pub fn on_failure(&mut self, failure: Failure, environment: &impl Environment) -> Action {
        // The server that redirected has received the request, whatever happens to the next one.
        let failure = if self.redirects_followed > 0 {
            failure.after_sending()
        } else {
            failure
        };
        let result = AttemptResult::from_failure(&failure);
        match self.retry_delay(result, environment) {
            Some(wait) => self.retry(Err(self.with_attempts(failure)), result, wait),
            None => Action::Finish(Err(self.with_attempts(failure))),
        }
    }

    /// How long to wait before the next attempt; `None` if there is none.
    fn retry_delay(&self, result: AttemptResult, environment: &impl Environment) -> Option<Duration> {
        if self.is_stream_consumed {
            return None;
        }
        let (method, policy) = (&self.original.method, &self.limits.retry);
        let RetryDecision::Wait(wait) =
            decide_retry(self.attempt, method, result, policy, environment.random())
        else {
            return None;
        };
        // If the deadline would pass during the wait, the result at hand says more than a timeout.
        let is_too_late = self
            .deadline
            .is_some_and(|deadline| environment.now() + wait >= deadline);
        (!is_too_late).then_some(wait)
    }

    /// Records the failed attempt and starts the next one.
    fn retry(&mut self, outcome: Result<u16, Failure>, result: AttemptResult, wait: Duration) -> Action {
        self.earlier.maybe_processed |= result.may_have_been_processed();
        self.earlier.waited += wait;
        self.earlier.cause = Some(match &outcome {
            Ok(status) => format!("the previous attempt returned status {status}"),
            Err(failure) => format!("the previous attempt failed: {}", failure.message),
        });
        let attempt = self.attempt;
        self.attempt += 1;
        self.redirect = None;
        self.redirects_followed = 0;
        self.rewritten = None;
        self.has_permit = false;
        Action::Wait(Retry {
            attempt,
            result: outcome,
            wait,
        })
    }

    /// Adds to a failure what the earlier attempts have left behind.
    fn with_attempts(&self, failure: Failure) -> Failure {
        if self.attempt == 1 {
            return failure;
        }
        Failure {
            attempts: self.attempt,
            waited: self.earlier.waited,
            maybe_processed: failure.maybe_processed || self.earlier.maybe_processed,
            ..failure
        }
    }

    /// The failure of a call whose deadline has passed.
    ///
    /// * `may_be_sent`: whether any part of the current request may have been sent, as far as its transport knows.
    pub fn deadline_exceeded(&self, may_be_sent: bool) -> Failure {
        let total = format_seconds(self.limits.deadlines.total.unwrap_or_default());
        let failure = if self.has_permit || self.redirects_followed > 0 {
            Failure::timed_out(format!(
                "timed out after {total} without a complete response (timeout)"
            ))
        } else {
            let max = self.limits.max_connections;
            let message = format!("timed out after {total} waiting for a connection (maxConnections: {max})");
            Failure::new(Kind::Timeout, message).with_code("ETIMEDOUT")
        };
        let current_maybe_processed = failure.maybe_processed && (may_be_sent || self.redirects_followed > 0);
        Failure {
            attempts: self.attempt,
            maybe_processed: current_maybe_processed || self.earlier.maybe_processed,
            waited: self.earlier.waited,
            cause: self.earlier.cause.clone(),
            ..failure
        }
    }

    /// Makes the request that a redirect asks for the current one.
    fn follow_redirect(&mut self, status: u16, location: &[u8]) -> Result<(), Failure> {
        match self.limits.redirect {
            Redirect::Follow(max) if self.redirects_followed >= max => return Err(redirect::too_many(max)),
            Redirect::Follow(_) => {}
            Redirect::Manual | Redirect::Error => return Err(redirect::forbidden()),
        }
        let next = redirect::follow(self.head(), status, location, self.body == BodyKind::Stream)?;
        if let Some(failure) = next.rewritten {
            if self.limits.keeps_method {
                return Err(failure);
            }
            self.rewritten = Some(failure);
        }
        self.redirect = Some(next.head);
        self.redirects_followed += 1;
        self.has_permit = false;
        Ok(())
    }
}
