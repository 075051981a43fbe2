//! What happens around the exchanges of one call, without I/O: redirects, attempts, the deadline.
//!
//! Whoever does the I/O (reqwest in [`super::carry_out`], Node's `http` in JavaScript) reports what happened and is told
//! what to do next. So a rule holds over every transport, and a simulation can put each order of events to it.

use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderMap, LOCATION};
use tokio::time::Instant;

use crate::core::environment::Environment;
use crate::core::error::{Failure, Kind, seconds, timed_out};
use crate::core::headers;
use crate::core::policy::{Ending, Verdict, decide};
use crate::core::redirect::{self, Redirect};
use crate::core::request::{BodyKind, Head, encode_query};
use crate::core::response_body::ReadPlan;
use crate::core::transport::{Limits, MOST_JSON_BYTES};

/// What is to be done next.
#[derive(Debug)]
pub enum Action {
    /// Wait for a permit of the host of [`CallState::head`], call [`CallState::enter`], and send it.
    Send,
    /// Read the body of the answer.
    Read(ReadPlan),
    /// Wait, and then send the request again.
    Wait(Retry),
    /// The call is over: the answer that was read is the caller's, or there is none.
    Finish(Result<Ended, Failure>),
}

/// An attempt that failed and is made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// The number of the attempt that failed, from 1.
    pub attempt: u32,
    /// Its status, or why there was none.
    pub result: Result<u16, Failure>,
    /// How long is waited.
    pub wait: Duration,
}

/// What a call's answer does not say of itself.
#[derive(Debug, Default, Clone)]
pub struct Ended {
    /// How many times the request was sent.
    pub attempts: u32,
    /// How long was waited between the attempts.
    pub waited: Duration,
    /// Where the answer came from, after redirects.
    pub url: String,
    /// Whether a redirect was followed.
    pub redirected: bool,
    /// The target of a redirect that was not to be followed, made absolute.
    pub location: Option<String>,
    /// Whether the answer is to be taken for a 204: an earlier attempt deleted what this one did not find.
    pub is_deleted: bool,
    /// Why the answer is not one to the request that was made: a redirect turned the POST into a GET.
    pub rewritten: Option<Failure>,
}

/// The answer that is being read.
#[derive(Debug)]
struct Answer {
    status: u16,
    ending: Ending,
    location: Option<String>,
}

/// What the attempts before the one under way have left.
#[derive(Debug, Default)]
struct Before {
    maybe_processed: bool,
    waited: Duration,
    cause: Option<String>,
}

/// A call between its first attempt and its end.
#[derive(Debug)]
pub struct CallState {
    limits: Limits,
    original: Head,
    body: BodyKind,
    saves: bool,
    by: Option<Instant>,
    attempt: u32,
    /// The request that a redirect asks for.
    elsewhere: Option<Head>,
    followed: u32,
    rewritten: Option<Failure>,
    /// Whether the request under way has its permit.
    is_entered: bool,
    is_spent: bool,
    answer: Option<Answer>,
    before: Before,
}

impl CallState {
    /// Begins a call; its first action is [`Action::Send`].
    ///
    /// * `head`: the request; headers that every request has are added, those that say where its body ends are written.
    /// * `saves`: whether the body of a success goes to a file.
    /// * `now`: the moment from which the deadline counts.
    pub fn new(mut head: Head, body: BodyKind, saves: bool, limits: Limits, now: Instant) -> Self {
        encode_query(&mut head.url);
        headers::complete(&mut head.headers, limits.decompress);
        headers::frame(&mut head.headers, &head.method, body);
        Self {
            // One that no clock can hold is none.
            by: limits.deadlines.total.and_then(|total| now.checked_add(total)),
            limits,
            original: head,
            body,
            saves,
            attempt: 1,
            elsewhere: None,
            followed: 0,
            rewritten: None,
            is_entered: false,
            is_spent: false,
            answer: None,
            before: Before::default(),
        }
    }

    /// The request to be sent.
    pub fn head(&self) -> &Head {
        self.elsewhere.as_ref().unwrap_or(&self.original)
    }

    /// The bounds of the call.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// When the call has to be over.
    pub fn deadline(&self) -> Option<Instant> {
        self.by
    }

    /// The request has its permit and is sent.
    ///
    /// # Errors
    /// The deadline has passed. The permit of one that comes too late is free at the same moment.
    pub fn enter(&mut self, now: Instant) -> Result<&Head, Failure> {
        if self.by.is_some_and(|by| now >= by) {
            return Err(self.expired(true));
        }
        self.is_entered = true;
        self.is_spent |= self.body == BodyKind::Stream;
        Ok(self.head())
    }

    /// An answer has come, of which the body is still to be read.
    pub fn answered(&mut self, status: u16, headers: &HeaderMap, environment: &impl Environment) -> Action {
        let mut location = None;
        if let Some(target) = headers.get(LOCATION).filter(|_| redirect::is_redirect(status)) {
            match self.limits.redirect {
                Redirect::Manual => {
                    let target = redirect::absolute(&self.head().url, target.as_bytes());
                    location = target.ok().map(String::from);
                }
                _ => match self.follow(status, target.as_bytes()) {
                    Ok(()) => return Action::Send,
                    Err(failure) => return self.failed(failure, environment),
                },
            }
        }
        let ending = Ending::answered(status, self.followed > 0, headers, environment.wall_clock());
        self.answer = Some(Answer {
            status,
            ending,
            location,
        });
        Action::Read(self.plan(status))
    }

    fn plan(&self, status: u16) -> ReadPlan {
        let is_success = (200..300).contains(&status);
        // A refusal is parsed.
        let usual = if is_success {
            self.limits.usual_bytes
        } else {
            MOST_JSON_BYTES
        };
        ReadPlan {
            max_bytes: self.limits.max_bytes.unwrap_or(usual),
            to_file: self.saves && is_success,
            has_body: self.head().method != Method::HEAD && !matches!(status, 100..200 | 204 | 304),
            decompress: self.limits.decompress,
        }
    }

    /// The answer's body has been read to its end.
    pub fn read(&mut self, environment: &impl Environment) -> Action {
        let Some(answer) = self.answer.take() else {
            return Action::Finish(Err(Failure::new(
                Kind::Connection,
                "an answer was read before it came",
            )));
        };
        let Answer {
            status,
            ending,
            location,
        } = answer;
        let is_deleted =
            status == 404 && self.before.maybe_processed && self.original.method == Method::DELETE;
        if status >= 400
            && !is_deleted
            && let Some(wait) = self.pause(ending, environment)
        {
            return self.again(Ok(status), ending, wait);
        }
        Action::Finish(Ok(Ended {
            attempts: self.attempt,
            waited: self.before.waited,
            url: self.head().url.to_string(),
            redirected: self.followed > 0,
            location,
            is_deleted,
            rewritten: self.rewritten.take(),
        }))
    }

    /// The attempt under way has come to nothing.
    pub fn failed(&mut self, failure: Failure, environment: &impl Environment) -> Action {
        // Who redirected has had the request, whatever becomes of the next one.
        let failure = if self.followed > 0 {
            failure.after_sending()
        } else {
            failure
        };
        let ending = Ending::failed(&failure);
        match self.pause(ending, environment) {
            Some(wait) => self.again(Err(self.stamped(failure)), ending, wait),
            None => Action::Finish(Err(self.stamped(failure))),
        }
    }

    /// How long is waited before the next attempt; nothing where there is none.
    fn pause(&self, ending: Ending, environment: &impl Environment) -> Option<Duration> {
        if self.is_spent {
            return None;
        }
        let (method, policy) = (&self.original.method, &self.limits.retry);
        let Verdict::Wait(wait) = decide(self.attempt, method, ending, policy, environment.chance()) else {
            return None;
        };
        // What there is says more than a deadline that passes while nothing is done.
        let is_late = self.by.is_some_and(|by| environment.now() + wait >= by);
        (!is_late).then_some(wait)
    }

    /// Writes down what became of an attempt that is made again.
    fn again(&mut self, result: Result<u16, Failure>, ending: Ending, wait: Duration) -> Action {
        self.before.maybe_processed |= ending.may_have_been_done();
        self.before.waited += wait;
        self.before.cause = Some(match &result {
            Ok(status) => format!("the attempt before was answered with {status}"),
            Err(failure) => format!("the attempt before failed: {}", failure.message),
        });
        let attempt = self.attempt;
        self.attempt += 1;
        self.elsewhere = None;
        self.followed = 0;
        self.rewritten = None;
        self.is_entered = false;
        Action::Wait(Retry {
            attempt,
            result,
            wait,
        })
    }

    /// Says in a failure how many attempts it took.
    fn stamped(&self, failure: Failure) -> Failure {
        if self.attempt == 1 {
            return failure;
        }
        Failure {
            attempts: self.attempt,
            waited: self.before.waited,
            maybe_processed: failure.maybe_processed || self.before.maybe_processed,
            ..failure
        }
    }

    /// The deadline has passed.
    ///
    /// * `may_be_sent`: whether anything of the request under way may have left, for all that its transport knows.
    pub fn expired(&self, may_be_sent: bool) -> Failure {
        let total = self.limits.deadlines.total.unwrap_or_default();
        let failure = if self.is_entered || self.followed > 0 {
            timed_out(format!("no complete answer within {}", seconds(total)))
        } else {
            let others = self.limits.max_connections;
            let waited = seconds(total);
            let message = format!("no turn within {waited}: {others} requests at once go to one host");
            Failure::new(Kind::Timeout, message).with_code("ETIMEDOUT")
        };
        let is_of_this = failure.maybe_processed && (may_be_sent || self.followed > 0);
        Failure {
            attempts: self.attempt,
            maybe_processed: is_of_this || self.before.maybe_processed,
            waited: self.before.waited,
            cause: self.before.cause.clone(),
            ..failure
        }
    }

    /// Turns to the place that a redirect names.
    fn follow(&mut self, status: u16, location: &[u8]) -> Result<(), Failure> {
        match self.limits.redirect {
            Redirect::Follow(max) if self.followed >= max => return Err(redirect::too_many(max)),
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
        self.elsewhere = Some(next.head);
        self.followed += 1;
        self.is_entered = false;
        Ok(())
    }
}
