//! From the core's outcomes and failures to JavaScript's values.

use std::time::Duration;

use napi::bindgen_prelude::{Array, Buffer, JsObjectValue, Object, Unknown};
use napi::{Env, JsValue, Result};
use napi_derive::napi;
use reqwest::header::HeaderMap;

use super::convert;
use crate::core::error::Failure;
use crate::core::outcome::Outcome;
use crate::core::resources::Answer;

/// What a request was, for those who have to say it in an error.
pub struct Asked {
    /// The verb.
    pub method: &'static str,
    /// The path without its query.
    pub path: String,
}

/// `{ failure: { kind, message, code, status, maybeProcessed, attempts, waitedMs, cause, method, path } }`.
pub fn failure<'env>(env: &'env Env, failure: &Failure, asked: Option<&Asked>) -> Result<Unknown<'env>> {
    let mut inner = Object::new(env)?;
    inner.set_named_property("kind", failure.kind.name())?;
    inner.set_named_property("message", failure.message.as_str())?;
    inner.set_named_property("maybeProcessed", failure.maybe_processed)?;
    inner.set_named_property("attempts", failure.attempts)?;
    if failure.attempts > 1 {
        inner.set_named_property("waitedMs", milliseconds(failure.waited))?;
    }
    if let Some(cause) = &failure.cause {
        inner.set_named_property("cause", cause.as_str())?;
    }
    if let Some(code) = &failure.code {
        inner.set_named_property("code", &**code)?;
    }
    if let Some(status) = failure.status {
        inner.set_named_property("status", u32::from(status.get()))?;
    }
    if let Some(asked) = asked {
        inner.set_named_property("method", asked.method)?;
        inner.set_named_property("path", asked.path.as_str())?;
    }
    let mut outer = Object::new(env)?;
    outer.set_named_property("failure", inner)?;
    Ok(outer.to_unknown())
}

/// The failure of an answer that is larger than may be parsed: `{ failure }`.
#[napi(ts_return_type = "object")]
pub fn too_large(env: &Env, max_bytes: f64) -> Result<Unknown<'_>> {
    failure(env, &Failure::too_large(max_bytes as u64), None)
}

/// `{ foreign: true }`: the body is of a kind that only JavaScript can read (a form, a stream, a map). The face
/// sends such a request through its pipeline.
pub fn foreign(env: &Env) -> Result<Unknown<'_>> {
    let mut object = Object::new(env)?;
    object.set_named_property("foreign", true)?;
    Ok(object.to_unknown())
}

/// What a resource's method resolves to, as far as it can be made off the main thread.
pub enum Reply {
    /// The text of a success that is JSON: all that the face needs, and the usual case.
    Json(String),
    /// A success that is a file, in memory or saved.
    File(Outcome),
    /// Anything else, with what is needed to say what it was.
    Other(Outcome, Option<String>),
}

impl Reply {
    /// Reads an outcome; on the runtime's thread, since decoding and checking a large body takes time.
    ///
    /// * `is_detailed`: whether somebody wants to know status and attempts of a success too.
    pub fn new(outcome: Outcome, answer: Answer, is_detailed: bool) -> Self {
        if answer == Answer::Bytes && outcome.is_success() {
            return Reply::File(outcome);
        }
        let is_read = answer != Answer::Nothing || !outcome.is_success();
        let text = is_read.then(|| outcome.text());
        match text {
            Some(text)
                if answer == Answer::Json && !is_detailed && outcome.is_success() && is_json(&text) =>
            {
                Reply::Json(text)
            }
            text => Reply::Other(outcome, text),
        }
    }

    /// The JSON text, or `{ status, body, contentType, contentRange, retryAfter, method, path, attempts, waitedMs }`;
    /// `body` is left out where nobody will read it, and for a file there is `bytes` or `saved` in its place.
    pub fn value<'env>(self, env: &'env Env, asked: &Asked) -> Result<Unknown<'env>> {
        let mut object = Object::new(env)?;
        let outcome = match self {
            Reply::Json(text) => return Ok(convert::string(env, &text)?.to_unknown()),
            Reply::File(mut outcome) => {
                match outcome.saved {
                    Some(bytes) => object.set_named_property("saved", bytes as f64)?,
                    None => {
                        let bytes = std::mem::take(&mut outcome.body);
                        object.set_named_property("bytes", Buffer::from(bytes))?;
                    }
                }
                outcome
            }
            Reply::Other(outcome, text) => {
                if let Some(text) = text {
                    object.set_named_property("body", convert::string(env, &text)?)?;
                }
                outcome
            }
        };
        object.set_named_property("status", u32::from(outcome.status))?;
        if let Some(content_type) = outcome.content_type() {
            object.set_named_property("contentType", content_type)?;
        }
        if let Some(range) = outcome.content_range() {
            object.set_named_property("contentRange", range)?;
        }
        if let Some(wait) = outcome.retry_after() {
            object.set_named_property("retryAfter", wait)?;
        }
        object.set_named_property("method", asked.method)?;
        object.set_named_property("path", convert::string(env, &asked.path)?)?;
        object.set_named_property("attempts", outcome.attempts)?;
        if outcome.attempts > 1 {
            object.set_named_property("waitedMs", milliseconds(outcome.waited))?;
        }
        Ok(object.to_unknown())
    }
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1000.0).round()
}

/// An answer that says no, as [`Reply::value`] gives it.
pub fn answer<'env>(env: &'env Env, outcome: Outcome, asked: &Asked) -> Result<Unknown<'env>> {
    Reply::new(outcome, Answer::Json, true).value(env, asked)
}

/// Whether a text is JSON. What this refuses and `JSON.parse` takes (a lone surrogate's escape) only goes the
/// longer way.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

/// `{ status, statusText, url, redirected, headers: [name, value, ...], body: Buffer, attempts }`, and `saved`, the
/// number of bytes, where the body was written to a file, `rewritten`, a failure, where a redirect made a GET of a POST.
pub fn raw<'env>(env: &'env Env, outcome: Outcome) -> Result<Unknown<'env>> {
    let mut object = Object::new(env)?;
    let reason = reqwest::StatusCode::from_u16(outcome.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    object.set_named_property("status", u32::from(outcome.status))?;
    object.set_named_property("statusText", reason.unwrap_or(""))?;
    object.set_named_property("url", outcome.url.as_str())?;
    object.set_named_property("redirected", outcome.redirected)?;
    object.set_named_property("attempts", outcome.attempts)?;
    if outcome.attempts > 1 {
        object.set_named_property("waitedMs", milliseconds(outcome.waited))?;
    }
    if let Some(rewritten) = &outcome.rewritten {
        object.set_named_property("rewritten", failure(env, rewritten, None)?)?;
    }
    object.set_named_property("headers", headers(env, &outcome.headers)?)?;
    if let Some(bytes) = outcome.saved {
        object.set_named_property("saved", bytes as f64)?;
    }
    object.set_named_property("body", Buffer::from(outcome.body))?;
    Ok(object.to_unknown())
}

/// Headers as `[name, value, ...]`.
pub fn headers<'env>(env: &'env Env, headers: &HeaderMap) -> Result<Array<'env>> {
    let mut list = env.create_array(0)?;
    for (name, value) in headers {
        list.insert(name.as_str())?;
        // Header values are bytes; Node reads them as Latin-1.
        list.insert(env.create_string_latin1(value.as_bytes())?)?;
    }
    Ok(list)
}
