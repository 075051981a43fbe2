//! From the core's responses and failures to JavaScript's values.

use std::time::Duration;

use napi::bindgen_prelude::{Array, Buffer, JsObjectValue, Object, ToNapiValue, Unknown};
use napi::{Env, JsString, JsValue, Result};
use napi_derive::napi;
use reqwest::StatusCode;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::convert;
use crate::core::error::Failure;
use crate::core::http::response::RawResponse;
use crate::core::resources::ResponseKind;

/// The first line of a request, for the error that names it.
pub struct RequestLine {
    /// The verb.
    pub method: &'static str,
    /// The path without its query.
    pub path: String,
}

/// `{ failure: { kind, message, code, status, maybeProcessed, isTransient, attempts, waitedMs, cause, method, path } }`.
pub fn failure<'env>(
    env: &'env Env,
    failure: &Failure,
    request: Option<&RequestLine>,
) -> Result<Unknown<'env>> {
    let mut inner = Object::new(env)?;
    inner.set_named_property("kind", failure.kind.name())?;
    inner.set_named_property("message", failure.message.as_str())?;
    inner.set_named_property("maybeProcessed", failure.maybe_processed)?;
    inner.set_named_property("isTransient", failure.kind.is_transient())?;
    set_attempts(&mut inner, failure.attempts, failure.waited)?;
    if let Some(cause) = &failure.cause {
        inner.set_named_property("cause", cause.as_str())?;
    }
    if let Some(code) = &failure.code {
        inner.set_named_property("code", &**code)?;
    }
    if let Some(status) = failure.status {
        inner.set_named_property("status", u32::from(status.get()))?;
    }
    if let Some(request) = request {
        inner.set_named_property("method", request.method)?;
        inner.set_named_property("path", request.path.as_str())?;
    }
    let mut outer = Object::new(env)?;
    outer.set_named_property("failure", inner)?;
    Ok(outer.to_unknown())
}

/// Why something cannot be used, as `{ failure }`; undefined if it can.
pub fn refusal<'env>(env: &'env Env, refused: Option<&Failure>) -> Result<Unknown<'env>> {
    match refused {
        Some(refused) => failure(env, refused, None),
        None => ().into_unknown(env),
    }
}

/// The failure for a response that is too large to be parsed: `{ failure }`.
#[napi(ts_return_type = "Failed")]
pub fn too_large(env: &Env, max_bytes: f64) -> Result<Unknown<'_>> {
    failure(env, &Failure::too_large(max_bytes as u64), None)
}

/// `{ foreign: true }`: the body is of a kind that only JavaScript can read (a form, a stream, a map). The wrapper
/// sends such a request through its pipeline.
pub fn foreign(env: &Env) -> Result<Unknown<'_>> {
    let mut object = Object::new(env)?;
    object.set_named_property("foreign", true)?;
    Ok(object.to_unknown())
}

/// What a resource's method resolves to, as far as it can be made off the main thread.
pub enum Reply {
    /// The text of a 200 that came at the first attempt, to be parsed as JSON: the usual case.
    Json(Text),
    /// A success that is a file, in memory or saved.
    File(RawResponse),
    /// Anything else, with what is needed to say what it was.
    Other(RawResponse, Option<Text>),
}

impl Reply {
    /// Reads a response; on the runtime's thread, since decoding and checking a large body takes time.
    ///
    /// * `is_detailed`: whether status and attempts of a success are wanted, too.
    pub fn new(mut response: RawResponse, kind: ResponseKind, is_detailed: bool) -> Self {
        if kind == ResponseKind::Bytes && response.is_success() {
            return Reply::File(response);
        }
        let is_plain = kind == ResponseKind::Json
            && !is_detailed
            && response.status == StatusCode::OK.as_u16()
            && response.attempts == 1;
        let is_read = kind != ResponseKind::Nothing || !response.is_success();
        let text = is_read.then(|| Text::of_body(&mut response));
        match text {
            Some(text) if is_plain => Reply::Json(text),
            text => Reply::Other(response, text),
        }
    }

    /// The size of the text that JavaScript may parse, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Reply::Json(text) | Reply::Other(_, Some(text)) => text.size(),
            Reply::File(_) | Reply::Other(_, None) => 0,
        }
    }

    /// The text, or `{ status, body, contentType, contentRange, retryAfter, method, path, attempts, waitedMs }`;
    /// `body` is left out where nobody will read it, and for a file there is `bytes` or `saved` in its place.
    pub fn value<'env>(self, env: &'env Env, request: &RequestLine) -> Result<Unknown<'env>> {
        let mut object = Object::new(env)?;
        let response = match self {
            Reply::Json(text) => return Ok(text.string(env)?.to_unknown()),
            Reply::File(mut response) => {
                match response.saved {
                    Some(bytes) => object.set_named_property("saved", bytes as f64)?,
                    None => {
                        let bytes = std::mem::take(&mut response.body);
                        object.set_named_property("bytes", Buffer::from(bytes))?;
                    }
                }
                response
            }
            Reply::Other(response, text) => {
                if let Some(text) = text {
                    object.set_named_property("body", text.string(env)?)?;
                }
                response
            }
        };
        object.set_named_property("status", u32::from(response.status))?;
        if let Some(content_type) = response.content_type() {
            object.set_named_property("contentType", content_type)?;
        }
        if let Some(range) = response.content_range() {
            object.set_named_property("contentRange", range)?;
        }
        if let Some(wait) = response.retry_after() {
            object.set_named_property("retryAfter", wait)?;
        }
        object.set_named_property("method", request.method)?;
        object.set_named_property("path", convert::string(env, &request.path)?)?;
        set_attempts(&mut object, response.attempts, response.waited)?;
        Ok(object.to_unknown())
    }
}

/// Sets `attempts`, and `waitedMs` if there was more than one.
fn set_attempts(object: &mut Object, attempts: u32, waited: Duration) -> Result<()> {
    object.set_named_property("attempts", attempts)?;
    if attempts > 1 {
        object.set_named_property("waitedMs", milliseconds(waited))?;
    }
    Ok(())
}

/// A response that is no success, as [`Reply::value`] gives it.
pub fn answer<'env>(env: &'env Env, response: RawResponse, request: &RequestLine) -> Result<Unknown<'env>> {
    Reply::new(response, ResponseKind::Json, true).value(env, request)
}

/// The text of a body. What kind it is takes time with a large one, and is found out off the main thread.
pub enum Text {
    /// ASCII, of which Node makes a string without decoding it.
    Ascii(Vec<u8>),
    /// Any other text.
    Unicode(String),
}

impl Text {
    /// Takes the body of a response.
    fn of_body(response: &mut RawResponse) -> Self {
        if response.body.is_ascii() {
            Self::Ascii(std::mem::take(&mut response.body))
        } else {
            Self::Unicode(response.take_text())
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Ascii(bytes) => bytes.len(),
            Self::Unicode(text) => text.len(),
        }
    }

    /// JavaScript's string.
    fn string<'env>(&self, env: &'env Env) -> Result<JsString<'env>> {
        match self {
            Self::Ascii(bytes) => env.create_string_latin1(bytes),
            Self::Unicode(text) => env.create_string(text),
        }
    }
}

/// Up to this size, in bytes, a body of ASCII is passed as text: a `Buffer` costs the main thread more than a short text.
const MAX_TEXT_BYTES: usize = 1 << 20;

/// What a request to any URL resolves to, as far as it can be made off the main thread.
pub enum RawReply {
    /// The head and, behind a NUL, the body, which is short ASCII: the usual case.
    Text(Vec<u8>),
    /// The head of any other response.
    Other(Vec<u8>, Box<RawResponse>),
}

impl RawReply {
    /// Packs a response.
    pub fn new(response: RawResponse) -> Self {
        let is_text = response.saved.is_none()
            && response.rewritten.is_none()
            && response.body.len() <= MAX_TEXT_BYTES
            && response.body.is_ascii();
        if !is_text {
            return Self::Other(head(&response, 0), Box::new(response));
        }
        let mut text = head(&response, response.body.len() + 1);
        text.push(0);
        text.extend_from_slice(&response.body);
        Self::Text(text)
    }

    /// The size of the body that JavaScript may parse, in bytes.
    pub fn size(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Other(_, response) => response.body.len(),
        }
    }

    /// The text, or `{ head, body: Buffer }`, and `saved`, the number of bytes, where the body was written to a file,
    /// `rewritten`, a failure, where a redirect made a GET of a POST.
    pub fn value(self, env: &Env) -> Result<Unknown<'_>> {
        let (head, response) = match self {
            Self::Text(text) => return Ok(env.create_string_latin1(text)?.to_unknown()),
            Self::Other(head, response) => (head, response),
        };
        let mut object = Object::new(env)?;
        object.set_named_property("head", env.create_string_latin1(head)?)?;
        if let Some(rewritten) = &response.rewritten {
            object.set_named_property("rewritten", failure(env, rewritten, None)?)?;
        }
        if let Some(bytes) = response.saved {
            object.set_named_property("saved", bytes as f64)?;
        }
        object.set_named_property("body", Buffer::from(response.body))?;
        Ok(object.to_unknown())
    }
}

/// The head of a response, a part on each line, for no part can hold the end of a line or a NUL: status, whether a
/// redirect was followed (1 or 0), attempts, the wait between them in ms, reason, URL, then name and value of each header.
/// It is Latin-1, as which Node reads the bytes of header values.
///
/// * `additional`: how many bytes the caller adds.
fn head(response: &RawResponse, additional: usize) -> Vec<u8> {
    let reason = StatusCode::from_u16(response.status)
        .ok()
        .and_then(|status| status.canonical_reason());
    let start = format!(
        "{}\n{}\n{}\n{}\n{}\n{}",
        response.status,
        u8::from(response.redirected),
        response.attempts,
        milliseconds(response.waited),
        reason.unwrap_or_default(),
        response.url,
    );
    let length = |(name, value): (&HeaderName, &HeaderValue)| name.as_str().len() + value.len() + 2;
    let headers: usize = response.headers.iter().map(length).sum();
    let mut head = Vec::with_capacity(start.len() + headers + additional);
    head.extend_from_slice(start.as_bytes());
    for (name, value) in &response.headers {
        for part in [name.as_str().as_bytes(), value.as_bytes()] {
            head.push(b'\n');
            head.extend_from_slice(part);
        }
    }
    head
}

/// A wait as JavaScript has it.
fn milliseconds(waited: Duration) -> f64 {
    (waited.as_secs_f64() * 1000.0).round()
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
