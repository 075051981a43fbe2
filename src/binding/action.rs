//! What Node's transport does next, and why an exchange of it failed, as JavaScript's values.

use std::time::Duration;

use napi::bindgen_prelude::{JsObjectValue, Object, Unknown};
use napi::{Env, JsValue};

use super::convert;
use super::error::Result;
use super::permit::PermitSlot;
use super::reply::RawReply;
use crate::core::error::{Failure, Kind};
use crate::core::http::response::RawResponse;
use crate::core::retry::call_state::{Action, Retry};

/// An action as JavaScript reads it. The permit is released while the call waits.
pub fn describe<'env>(env: &'env Env, permit: &PermitSlot, action: Action) -> Result<Unknown<'env>> {
    match action {
        Action::Send => Ok(named(env, "send")?.to_unknown()),
        Action::Read(plan) => {
            let mut object = named(env, "read")?;
            object.set_named_property("hasBody", plan.has_body)?;
            Ok(object.to_unknown())
        }
        Action::Wait(retry) => {
            permit.put(None);
            wait(env, &retry)
        }
        // Only `CallState::read` finishes a call, with what was read.
        Action::Finish(Ok(_)) => Err(Failure::incomplete("the response was not read").into()),
        Action::Finish(Err(failure)) => Err(failure.into()),
    }
}

/// `{ action: 'wait', ms, attempt, status, code }`.
fn wait<'env>(env: &'env Env, retry: &Retry) -> Result<Unknown<'env>> {
    let mut object = named(env, "wait")?;
    object.set_named_property("ms", milliseconds(retry.wait))?;
    object.set_named_property("attempt", retry.attempt)?;
    match &retry.result {
        Ok(status) => object.set_named_property("status", u32::from(*status))?,
        Err(failure) => object.set_named_property("code", failure.code.as_deref())?,
    }
    Ok(object.to_unknown())
}

/// `{ action: 'finish', answer }`, where the answer is as `fetch` resolves to it.
pub fn finish(env: &Env, response: RawResponse) -> Result<Unknown<'_>> {
    let mut object = named(env, "finish")?;
    object.set_named_property("answer", RawReply::new(response).value(env)?)?;
    Ok(object.to_unknown())
}

fn named<'env>(env: &'env Env, action: &str) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set_named_property("action", action)?;
    Ok(object)
}

/// The failure of an exchange, from `{ kind, message, code, sent }`.
///
/// * `read_timeout`: the one that an exchange of kind `silent` has exceeded.
pub fn exchange_failure(object: &Object, read_timeout: Duration) -> napi::Result<Failure> {
    let text = |name| convert::text_property(object, name);
    let message = text("message")?.unwrap_or_default();
    let mut failure = match text("kind")?.as_deref() {
        Some("connect") => Failure::connect_timed_out(),
        Some("silent") => Failure::read_timed_out(read_timeout),
        Some("protocol") => Failure::not_http(message),
        Some("cut") => Failure::incomplete(message),
        _ => Failure::new(Kind::Connection, message),
    };
    if let Some(code) = text("code")? {
        failure = failure.with_code(code);
    }
    if let Some(sent) = object.get::<bool>("sent")? {
        failure.maybe_processed = sent;
    }
    Ok(failure)
}

/// A duration as JavaScript has it.
pub fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
