//! What the state of a call returns: the next action, and what is known of a retry or of the finished call.

use std::time::Duration;

use crate::core::error::Failure;
use crate::core::http::response_body::ReadPlan;

/// What to do next.
#[derive(Debug)]
pub enum Action {
    /// Acquire a permit for the host of `CallState::head`, call `CallState::on_permit`, and send the request.
    Send,
    /// Read the body of the response.
    Read(ReadPlan),
    /// Wait, and then send the request again.
    Wait(Retry),
    /// The call is over: return the response that was read, or the failure.
    Finish(Result<CompletedCall, Failure>),
}

/// A failed attempt that is followed by another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// The number of the failed attempt, from 1.
    pub attempt: u32,
    /// Its status, or why there was no response.
    pub result: Result<u16, Failure>,
    /// How long to wait before the next attempt.
    pub wait: Duration,
}

/// What is known of a finished call besides its response.
#[derive(Debug, Default, Clone)]
pub struct CompletedCall {
    /// How many times the request was sent.
    pub attempts: u32,
    /// The total wait between the attempts.
    pub waited: Duration,
    /// The URL of the response, after redirects.
    pub url: String,
    /// Whether a redirect was followed.
    pub redirected: bool,
    /// The absolute target of a redirect that is returned to the caller.
    pub location: Option<String>,
    /// Whether to treat the response as a 204: this attempt got a 404 because an earlier one deleted the object.
    pub is_deleted: bool,
    /// Set if a redirect turned the POST into a GET, so that the response says nothing about the POST.
    pub rewritten: Option<Failure>,
}
