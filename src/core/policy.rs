//! When a request is sent again: a pure function of what happened. No clock, no randomness, no I/O.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

use super::error::{Failure, Kind};
use super::outcome::Outcome;

/// How often, and how long apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How many times a request is sent again. Default 2.
    pub max_retries: u32,
    /// The back-off after the first attempt, which doubles from then on. Default 0.5 s.
    pub first: Duration,
    /// The longest back-off. Default 8 s.
    pub longest: Duration,
    /// The longest `Retry-After` that is obeyed; a server that asks for more is told to the caller. Default 60 s.
    pub most_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_retries: 2,
            first: Duration::from_millis(500),
            longest: Duration::from_secs(8),
            most_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// The same with another first back-off, and a longest one that is sixteen times as long.
    pub fn starting_with(self, first: Duration) -> Self {
        Self {
            first,
            longest: first.saturating_mul(16),
            ..self
        }
    }
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is over: the caller gets what there is.
    Stop,
    /// Send again after this.
    Wait(Duration),
}

/// What a policy needs to know of an attempt's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending {
    /// The status, if there was an answer.
    pub status: Option<u16>,
    /// Whether the request may have been carried out, where there was none.
    pub maybe_processed: bool,
    /// Whether the answer came after a redirect: whoever redirected has had the request.
    pub redirected: bool,
    /// Whether trying again could help at all: not after bad input, an abort, or a redirect that goes astray.
    pub is_final: bool,
    /// What the server asked to wait.
    pub retry_after: Option<Duration>,
}

impl Ending {
    /// The end of an attempt. `now` only serves to read a `Retry-After` that is a date, in an answer without a `Date`.
    pub fn of(result: &Result<Outcome, Failure>, now: SystemTime) -> Self {
        match result {
            Ok(outcome) => Self::answered(outcome.status, outcome.redirected, &outcome.headers, now),
            Err(failure) => Self::failed(failure),
        }
    }

    /// The end of an attempt that was answered; `now` as for [`Ending::of`].
    pub fn answered(status: u16, redirected: bool, headers: &HeaderMap, now: SystemTime) -> Self {
        Self {
            status: Some(status),
            redirected,
            maybe_processed: true,
            is_final: false,
            retry_after: asked_to_wait(headers, now),
        }
    }

    /// The end of an attempt without an answer.
    pub fn failed(failure: &Failure) -> Self {
        Self {
            status: None,
            redirected: false,
            maybe_processed: failure.maybe_processed,
            is_final: !matches!(failure.kind, Kind::Connection | Kind::Timeout),
            retry_after: None,
        }
    }
}

/// What an answer asks to wait. The server's clock need not agree with ours: its dates are reckoned from its own `Date`.
fn asked_to_wait(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let asked = text(RETRY_AFTER)?;
    let date = text(DATE).and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    retry_after(asked, date.unwrap_or(now))
}

impl Ending {
    /// Whether the request may have been carried out: who asks for patience has done nothing, unless somebody else has had
    /// the request before.
    pub fn may_have_been_done(&self) -> bool {
        self.maybe_processed && (self.status != Some(429) || self.redirected)
    }
}

/// Reads a `Retry-After`: seconds (fractions are no standard, but sent) or a date.
///
/// * `now`: what time it is, by the clock that the date is of.
pub fn retry_after(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // More than a `Duration` holds is still a wish to wait.
        let is_endless = seconds.is_sign_positive() && !seconds.is_nan();
        return Duration::try_from_secs_f64(seconds)
            .ok()
            .or_else(|| is_endless.then_some(Duration::MAX));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // A date that has passed asks for nothing.
    Some(date.duration_since(now).unwrap_or_default())
}

/// Decides whether a request is sent again.
///
/// * `attempt`: how many times it has been sent, from 1.
/// * `chance`: a random number from 0 to 1, which spreads clients that failed together over the back-off.
pub fn decide(attempt: u32, method: &Method, ending: Ending, policy: &RetryPolicy, chance: f64) -> Verdict {
    if attempt > policy.max_retries || ending.is_final || !may_repeat(method, ending) {
        return Verdict::Stop;
    }
    match ending.retry_after {
        Some(asked) if asked > policy.most_retry_after => Verdict::Stop,
        asked => Verdict::Wait(pause(attempt, asked, policy, chance)),
    }
}

/// How long is waited after the attempt of this number, from 1: what the server asked for, but never less than the
/// back-off. A server that asks for no time at all would have all attempts in an instant.
pub fn pause(attempt: u32, asked: Option<Duration>, policy: &RetryPolicy, chance: f64) -> Duration {
    asked.unwrap_or_default().max(back_off(attempt, policy, chance))
}

/// The back-off after the attempt of this number, from 1: anything up to a bound that doubles ("full jitter").
pub fn back_off(attempt: u32, policy: &RetryPolicy, chance: f64) -> Duration {
    let doubled = policy
        .first
        .saturating_mul(2_u32.saturating_pow(attempt.saturating_sub(1)));
    let bound = doubled.min(policy.longest);
    // `mul_f64` panics where a bound without end is rounded up beyond it.
    Duration::try_from_secs_f64(bound.as_secs_f64() * chance.clamp(0.0, 1.0))
        .map_or(bound, |wait| wait.min(bound))
}

/// Whether an answer of this status leaves it open whether a request was carried out that something is done by.
pub fn leaves_open(status: u16) -> bool {
    status >= 500 || status == 408
}

/// The same of a request: whether it may have been carried out, though it was answered with a failure.
pub fn may_have_been_done(status: u16, method: &Method) -> bool {
    leaves_open(status) && matches!(*method, Method::POST | Method::PUT | Method::PATCH)
}

/// Whether sending again cannot do twice what should be done once.
fn may_repeat(method: &Method, ending: Ending) -> bool {
    // What is deleted twice is deleted. Not PUT: who else wrote between two of them would be overwritten.
    let is_safe = method.is_safe() || method == Method::DELETE;
    match ending.status {
        // Refused before anything was done, unless somebody else has had it before.
        Some(429) => is_safe || !ending.redirected,
        Some(408 | 502 | 503 | 504) => is_safe,
        Some(_) => false,
        None => !ending.maybe_processed || is_safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy {
        max_retries: 2,
        first: Duration::from_millis(500),
        longest: Duration::from_secs(8),
        most_retry_after: Duration::from_secs(60),
    };

    fn status(status: u16) -> Ending {
        Ending {
            status: Some(status),
            redirected: false,
            maybe_processed: true,
            is_final: false,
            retry_after: None,
        }
    }

    fn lost(maybe_processed: bool) -> Ending {
        Ending {
            status: None,
            redirected: false,
            maybe_processed,
            is_final: false,
            retry_after: None,
        }
    }

    #[test]
    fn what_may_be_sent_again() {
        let (get, delete, post, put) = (Method::GET, Method::DELETE, Method::POST, Method::PUT);
        for (method, ending, again) in [
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
            (&get, lost(true), true),
            (&delete, lost(true), true),
            (&post, lost(true), false),
            (&put, lost(true), false),
            (&post, lost(false), true),
            (&put, lost(false), true),
        ] {
            let verdict = decide(1, method, ending, &POLICY, 1.0);
            assert_eq!(verdict != Verdict::Stop, again, "{method} {ending:?}");
        }
    }

    #[test]
    fn what_a_failure_leaves_open() {
        for (status, method, expected) in [
            (500, Method::POST, true),
            (503, Method::PUT, true),
            (408, Method::PATCH, true),
            (400, Method::POST, false),
            (429, Method::POST, false),
            (500, Method::GET, false),
            (502, Method::DELETE, false),
        ] {
            assert_eq!(may_have_been_done(status, &method), expected, "{status} {method}");
        }
    }

    #[test]
    fn the_back_off_doubles_up_to_its_bound_and_is_spread() {
        let waits: Vec<_> = (1..=6).map(|attempt| back_off(attempt, &POLICY, 1.0)).collect();
        let millis: Vec<_> = waits.iter().map(Duration::as_millis).collect();
        assert_eq!(millis, [500, 1000, 2000, 4000, 8000, 8000]);
        assert_eq!(back_off(1, &POLICY, 0.5), Duration::from_millis(250));
        assert_eq!(back_off(99, &POLICY, 0.0), Duration::ZERO);
        let endless = RetryPolicy {
            first: Duration::MAX,
            longest: Duration::MAX,
            ..POLICY
        };
        assert_eq!(back_off(1, &endless, 1.0), Duration::MAX);
    }

    #[test]
    fn it_ends() {
        assert_eq!(decide(3, &Method::GET, status(503), &POLICY, 1.0), Verdict::Stop);
        let is_final = Ending {
            is_final: true,
            ..lost(false)
        };
        assert_eq!(decide(1, &Method::GET, is_final, &POLICY, 1.0), Verdict::Stop);
    }

    #[test]
    fn who_redirected_has_had_the_request() {
        let redirected = Ending {
            redirected: true,
            ..status(429)
        };
        for (method, again) in [(Method::GET, true), (Method::DELETE, true), (Method::POST, false)] {
            let verdict = decide(1, &method, redirected, &POLICY, 1.0);
            assert_eq!(verdict != Verdict::Stop, again, "{method}");
        }
    }

    #[test]
    fn retry_after_is_obeyed_within_reason() {
        let after = |seconds| Ending {
            retry_after: Some(Duration::from_secs(seconds)),
            ..status(429)
        };
        let decide = |seconds| decide(1, &Method::POST, after(seconds), &POLICY, 0.0);
        assert_eq!(decide(60), Verdict::Wait(Duration::from_secs(60)));
        assert_eq!(decide(61), Verdict::Stop);
    }

    #[test]
    fn who_asks_for_less_than_the_back_off_gets_the_back_off() {
        for (attempt, asked, chance, expected) in [
            (1, 0, 1.0, 500),
            (2, 0, 1.0, 1000),
            (1, 0, 0.5, 250),
            (2, 300, 1.0, 1000),
            (2, 3000, 1.0, 3000),
        ] {
            let ending = Ending {
                retry_after: Some(Duration::from_millis(asked)),
                ..status(503)
            };
            let verdict = decide(attempt, &Method::GET, ending, &POLICY, chance);
            assert_eq!(
                verdict,
                Verdict::Wait(Duration::from_millis(expected)),
                "{attempt} {asked}"
            );
        }
    }

    #[test]
    fn a_date_is_reckoned_by_the_clock_of_the_server() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let ours = "Sun, 06 Nov 1994 08:49:37 GMT";
        let theirs = "Mon, 06 Nov 1995 08:49:37 GMT";
        for (date, retry_after, expected) in [
            (Some(theirs), "Mon, 06 Nov 1995 08:49:40 GMT", Some(3)),
            (Some(theirs), theirs, Some(0)),
            (Some(theirs), "Mon, 06 Nov 1995 08:49:30 GMT", Some(0)),
            // By our clock it would lie in the future.
            (Some(theirs), "Sun, 06 Nov 1994 08:49:40 GMT", Some(0)),
            (Some(ours), "Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            (Some("today"), "Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            (None, "Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            // Seconds need no clock.
            (Some(theirs), "3", Some(3)),
            (Some(theirs), "soon", None),
        ] {
            let mut outcome = Outcome::plain(429, Vec::new()).asking_to_wait(Some(retry_after.into()));
            if let Some(date) = date {
                outcome
                    .headers
                    .insert(reqwest::header::DATE, date.parse().unwrap());
            }
            let asked = Ending::of(&Ok(outcome), now).retry_after;
            assert_eq!(asked, expected.map(Duration::from_secs), "{date:?} {retry_after}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, expected) in [
            ("3", Some(3000)),
            (" 0.25 ", Some(250)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3000)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("1e999", Some(Duration::MAX.as_millis())),
            ("99999999999999999999999", Some(Duration::MAX.as_millis())),
            ("NaN", None),
        ] {
            let read = retry_after(text, now).map(|wait| wait.as_millis());
            assert_eq!(read, expected, "{text}");
        }
    }
}
