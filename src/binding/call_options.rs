//! The options of one call, and the notifications while it is under way.

use std::borrow::Cow;

use napi::bindgen_prelude::{Array, ClassInstance, FnArgs, FromNapiValue, Function, Object, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Result, Status, ValueType};
use napi_derive::napi;

use super::abort::Abort;
use super::convert;
use crate::core;
use crate::core::retry::call::RetryObserver;
use crate::core::retry::call_state::Retry;

/// `onRetry(attempt, waitMs, status, code)`, where either `status` or `code` may be missing.
type OnRetry = FnArgs<(u32, f64, Option<u16>, Option<String>)>;

/// Notifies JavaScript of retries. It does not keep the process alive: the request itself does.
pub struct JsRetryObserver(ThreadsafeFunction<OnRetry, Unknown<'static>, OnRetry, Status, false, true>);

impl JsRetryObserver {
    /// The observer among the options of a call, if there is one.
    pub fn of(options: &Object) -> Result<Option<Self>> {
        let Some(on_retry) = convert::property(options, "onRetry")? else {
            return Ok(None);
        };
        let on_retry = Function::<OnRetry, Unknown>::from_unknown(on_retry)?;
        let function = on_retry
            .build_threadsafe_function::<OnRetry>()
            .weak::<true>()
            .build()?;
        Ok(Some(Self(function)))
    }

    /// The observer as the core takes it.
    pub fn as_observer(&self) -> &dyn RetryObserver {
        self
    }
}

impl RetryObserver for JsRetryObserver {
    fn on_retry(&self, retry: &Retry) {
        let (status, code) = match &retry.result {
            Ok(status) => (Some(*status), None),
            Err(failure) => (None, failure.code.clone().map(Cow::into_owned)),
        };
        let arguments = FnArgs::from((retry.attempt, retry.wait.as_secs_f64() * 1000.0, status, code));
        // It fails only while the environment is being torn down, when nobody waits for it any more.
        let _ = self.0.call(arguments, ThreadsafeFunctionCallMode::NonBlocking);
    }
}

/// What aborts the call, if anything can.
pub fn abort(options: &Object) -> Result<Option<Abort>> {
    let abort = options.get::<ClassInstance<Abort>>("abort")?;
    Ok(abort.map(|abort| (*abort).clone()))
}

/// Headers as `[name, value, ...]`.
pub fn pairs(object: &Object, name: &str) -> Result<Vec<(String, String)>> {
    match convert::property(object, name)? {
        Some(list) => read_pairs(list),
        None => Ok(Vec::new()),
    }
}

/// The headers of a call's request: those that `start(path)` returns, where the call is traced, otherwise `headers`.
pub fn headers(options: &Object, path: &str) -> Result<Vec<(String, String)>> {
    match convert::property(options, "start")? {
        Some(start) => {
            let start = Function::<FnArgs<(&str,)>, Unknown>::from_unknown(start)?;
            read_pairs(start.call(FnArgs::from((path,)))?)
        }
        None => pairs(options, "headers"),
    }
}

/// Headers from an array of names and values in turn.
pub fn read_pairs(list: Unknown) -> Result<Vec<(String, String)>> {
    let list = Array::from_unknown(list)?;
    let mut pairs = Vec::new();
    for index in 0..list.len() / 2 {
        let (name, value) = (list.get::<String>(index * 2)?, list.get::<String>(index * 2 + 1)?);
        pairs.push((name.unwrap_or_default(), value.unwrap_or_default()));
    }
    Ok(pairs)
}

/// Headers as a text, a part on each line, or as an array: for a part that may hold the end of a line.
pub fn read_headers(headers: Unknown) -> Result<Vec<(String, String)>> {
    if headers.get_type()? != ValueType::String {
        return read_pairs(headers);
    }
    let text = convert::text(&headers)?;
    let mut parts = text.split('\n').map(str::to_string);
    let mut pairs = Vec::new();
    while let (Some(name), Some(value)) = (parts.next(), parts.next()) {
        pairs.push((name, value));
    }
    Ok(pairs)
}

/// Whether a header says where a body ends, which no caller may set.
#[napi]
pub fn is_framing(name: String) -> bool {
    core::http::headers::delimits_body(&name)
}
