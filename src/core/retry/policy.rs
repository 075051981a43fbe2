//! Decides whether and when a failed request is sent again. Pure functions: no clock, no randomness, no I/O.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::HeaderMap;

use crate::core::error::Failure;
use crate::core::http::response::RawResponse;
use crate::core::retry::retry_after;

/// How often a request is retried, and how long apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times a request is sent again. Default 2.
    pub max_retries: u32,
    /// The upper bound of the backoff after the first attempt; it doubles with each attempt. Default 0.5 s.
    pub initial_backoff: Duration,
    /// The longest backoff. Default 8 s.
    pub max_backoff: Duration,
    /// The longest `Retry-After` that is obeyed; a response that asks for more is returned to the caller. Default 60 s.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            initial_backoff: Duration::from_millis(500),
            max_backoff: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// The same policy with another initial backoff; the longest one is sixteen times as long, as by default.
    pub fn with_initial_backoff(self, initial_backoff: Duration) -> Self {
        Self {
            initial_backoff,
            max_backoff: initial_backoff.saturating_mul(16),
            ..self
        }
    }
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// Return what there is to the caller.
    Stop,
    /// Wait, then send the request again.
    Wait(Duration),
}

/// What the decision needs to know about an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AttemptResult {
    /// The status, if there was a response.
    pub status: Option<u16>,
    /// Whether the server may have processed a request that got no response.
    pub maybe_processed: bool,
    /// Whether the response came after a redirect: the server that redirected has received the request.
    pub redirected: bool,
    /// Whether retrying cannot help, as after invalid input, an abort or a redirect that cannot be followed.
    pub is_final: bool,
    /// How long the server asked to wait.
    pub retry_after: Option<Duration>,
}

impl AttemptResult {
    /// Describes an attempt.
    ///
    /// * `now`: the local time, for a `Retry-After` that is a date in a response without a `Date`.
    pub fn of(result: &Result<RawResponse, Failure>, now: SystemTime) -> Self {
        match result {
            Ok(response) => Self::from_response(response.status, response.redirected, &response.headers, now),
            Err(failure) => Self::from_failure(failure),
        }
    }

    /// Describes an attempt that got a response; `now` as for [`AttemptResult::of`].
    pub fn from_response(status: u16, redirected: bool, headers: &HeaderMap, now: SystemTime) -> Self {
        Self {
            status: Some(status),
            redirected,
            maybe_processed: true,
            is_final: false,
            retry_after: retry_after::from_headers(headers, now),
        }
    }

    /// Describes an attempt that got no response.
    pub fn from_failure(failure: &Failure) -> Self {
        Self {
            status: None,
            redirected: false,
            maybe_processed: failure.maybe_processed,
            is_final: !failure.kind.is_transient(),
            retry_after: None,
        }
    }

    /// Whether the request may have been processed. A server that answers 429 has not processed it, but one that
    /// redirected to it may have.
    pub fn may_have_been_processed(&self) -> bool {
        self.maybe_processed && (self.status != Some(429) || self.redirected)
    }
}

/// Decides whether a request is sent again.
///
/// * `attempt`: how many times it has been sent, from 1.
/// * `jitter`: a random number from 0 to 1, which spreads the retries of clients that failed together.
pub fn decide_retry(
    attempt: u32,
    method: &Method,
    result: AttemptResult,
    policy: &RetryPolicy,
    jitter: f64,
) -> RetryDecision {
    if attempt > policy.max_retries || result.is_final || !is_repeatable(method, result) {
        return RetryDecision::Stop;
    }
    match result.retry_after {
        Some(retry_after) if retry_after > policy.max_retry_after => RetryDecision::Stop,
        retry_after => RetryDecision::Wait(delay(attempt, retry_after, policy, jitter)),
    }
}

/// Whether sending the request again cannot do twice what should happen once.
fn is_repeatable(method: &Method, result: AttemptResult) -> bool {
    // Deleting twice has the effect of deleting once. PUT is not repeated: it could overwrite what another client wrote
    // between the attempts.
    let is_safe = method.is_safe() || method == Method::DELETE;
    match result.status {
        // Rejected before processing, unless another server received the request first.
        Some(429) => is_safe || !result.redirected,
        Some(408 | 502 | 503 | 504) => is_safe,
        Some(_) => false,
        None => !result.maybe_processed || is_safe,
    }
}

/// How long to wait after an attempt, counted from 1: what the server asked for, but at least the backoff. With
/// `Retry-After: 0` alone, all attempts would be sent at once.
pub fn delay(attempt: u32, retry_after: Option<Duration>, policy: &RetryPolicy, jitter: f64) -> Duration {
    retry_after
        .unwrap_or_default()
        .max(backoff(attempt, policy, jitter))
}

/// The backoff after an attempt, counted from 1: exponential with full jitter.
pub fn backoff(attempt: u32, policy: &RetryPolicy, jitter: f64) -> Duration {
    let doubled = policy
        .initial_backoff
        .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    let bound = doubled.min(policy.max_backoff);
    // `Duration::mul_f64` panics if rounding exceeds `Duration::MAX`.
    Duration::try_from_secs_f64(bound.as_secs_f64() * jitter.clamp(0.0, 1.0))
        .map_or(bound, |wait| wait.min(bound))
}

/// Whether a response with this status leaves open if the request was processed.
pub fn is_indeterminate(status: u16) -> bool {
    status >= 500 || status == 408
}

/// Whether a request may have changed something, although its response could not be read, or is an error. A status of
/// success says that it has, unless something on the way answered.
pub fn may_have_been_processed(status: u16, method: &Method) -> bool {
    match status {
        200..=299 => !method.is_safe(),
        _ => is_indeterminate(status) && matches!(*method, Method::POST | Method::PUT | Method::PATCH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 2,
        initial_backoff: Duration::from_millis(500),
        max_backoff: Duration::from_secs(8),
        max_retry_after: Duration::from_secs(60),
    };

    fn status(status: u16) -> AttemptResult {
        AttemptResult {
            status: Some(status),
            redirected: false,
            maybe_processed: true,
            is_final: false,
            retry_after: None,
        }
    }

    fn no_response(maybe_processed: bool) -> AttemptResult {
        AttemptResult {
            status: None,
            redirected: false,
            maybe_processed,
            is_final: false,
            retry_after: None,
        }
    }

    #[test]
    fn a_request_is_repeated_only_if_that_cannot_do_harm() {
        let (get, delete, post, put) = (Method::GET, Method::DELETE, Method::POST, Method::PUT);
        for (method, result, is_repeated) in [
            (&get, status(200), false),
            (&get, status(404), false),
            (&get, status(500), false),
            (&get, status(503), true),
            (&get, status(408), true),
            (&Method::HEAD, status(504), true),
            (&Method::PATCH, status(504), false),
            (&delete, status(502), true),
            (&post, status(503), false),
            (&put, status(504), false),
            (&post, status(429), true),
            (&put, status(429), true),
            (&get, no_response(true), true),
            (&delete, no_response(true), true),
            (&post, no_response(true), false),
            (&put, no_response(true), false),
            (&post, no_response(false), true),
            (&put, no_response(false), true),
        ] {
            let decision = decide_retry(1, method, result, &POLICY, 1.0);
            assert_eq!(
                decision != RetryDecision::Stop,
                is_repeated,
                "{method} {result:?}"
            );
        }
    }

    #[test]
    fn a_status_tells_whether_a_write_may_have_been_processed() {
        for (status, method, expected) in [
            (500, Method::POST, true),
            (503, Method::PUT, true),
            (408, Method::PATCH, true),
            (400, Method::POST, false),
            (429, Method::POST, false),
            (500, Method::GET, false),
            (502, Method::DELETE, false),
            (200, Method::POST, true),
            (204, Method::DELETE, true),
            (200, Method::GET, false),
            (200, Method::HEAD, false),
        ] {
            assert_eq!(
                may_have_been_processed(status, &method),
                expected,
                "{status} {method}"
            );
        }
    }

    #[test]
    fn the_backoff_doubles_up_to_its_maximum_and_has_jitter() {
        let waits: Vec<_> = (1..=6).map(|attempt| backoff(attempt, &POLICY, 1.0)).collect();
        let millis: Vec<_> = waits.iter().map(Duration::as_millis).collect();
        assert_eq!(millis, [500, 1000, 2000, 4000, 8000, 8000]);
        assert_eq!(backoff(1, &POLICY, 0.5), Duration::from_millis(250));
        assert_eq!(backoff(99, &POLICY, 0.0), Duration::ZERO);
        let endless = RetryPolicy {
            initial_backoff: Duration::MAX,
            max_backoff: Duration::MAX,
            ..POLICY
        };
        assert_eq!(backoff(1, &endless, 1.0), Duration::MAX);
    }

    #[test]
    fn retries_end_with_the_policy_and_after_a_final_result() {
        assert_eq!(
            decide_retry(3, &Method::GET, status(503), &POLICY, 1.0),
            RetryDecision::Stop
        );
        let is_final = AttemptResult {
            is_final: true,
            ..no_response(false)
        };
        assert_eq!(
            decide_retry(1, &Method::GET, is_final, &POLICY, 1.0),
            RetryDecision::Stop
        );
    }

    #[test]
    fn a_post_is_not_repeated_after_a_redirect() {
        let redirected = AttemptResult {
            redirected: true,
            ..status(429)
        };
        for (method, is_repeated) in [(Method::GET, true), (Method::DELETE, true), (Method::POST, false)] {
            let decision = decide_retry(1, &method, redirected, &POLICY, 1.0);
            assert_eq!(decision != RetryDecision::Stop, is_repeated, "{method}");
        }
    }

    #[test]
    fn a_retry_after_above_the_maximum_ends_the_retries() {
        let after = |seconds| AttemptResult {
            retry_after: Some(Duration::from_secs(seconds)),
            ..status(429)
        };
        let decide_retry = |seconds| decide_retry(1, &Method::POST, after(seconds), &POLICY, 0.0);
        assert_eq!(decide_retry(60), RetryDecision::Wait(Duration::from_secs(60)));
        assert_eq!(decide_retry(61), RetryDecision::Stop);
    }

    #[test]
    fn a_retry_after_below_the_backoff_is_raised_to_it() {
        for (attempt, retry_after, jitter, expected) in [
            (1, 0, 1.0, 500),
            (2, 0, 1.0, 1000),
            (1, 0, 0.5, 250),
            (2, 300, 1.0, 1000),
            (2, 3000, 1.0, 3000),
        ] {
            let result = AttemptResult {
                retry_after: Some(Duration::from_millis(retry_after)),
                ..status(503)
            };
            assert_eq!(
                decide_retry(attempt, &Method::GET, result, &POLICY, jitter),
                RetryDecision::Wait(Duration::from_millis(expected)),
                "{attempt} {retry_after}"
            );
        }
    }
}
