//! What a caller says of one call, and what it is told while the call is under way.

use std::borrow::Cow;

use napi::bindgen_prelude::{Array, ClassInstance, FnArgs, FromNapiValue, Function, Object, Unknown};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Result, Status};
use napi_derive::napi;

use super::abort::Abort;
use super::convert;
use crate::core;
use crate::core::call::{Retry, RetryObserver};

/// `again(attempt, waitMs, status, code)`, where either `status` or `code` may be missing.
type Again = FnArgs<(u32, f64, Option<u16>, Option<String>)>;

/// Tells JavaScript of attempts that are made again. It keeps no process alive: the request itself does.
pub struct Watcher(ThreadsafeFunction<Again, Unknown<'static>, Again, Status, false, true>);

impl Watcher {
    /// The watcher of a call, if there is one.
    pub fn of(call: &Object) -> Result<Option<Self>> {
        let Some(again) = convert::property(call, "again")? else {
            return Ok(None);
        };
        let again = Function::<Again, Unknown>::from_unknown(again)?;
        let function = again
            .build_threadsafe_function::<Again>()
            .weak::<true>()
            .build()?;
        Ok(Some(Self(function)))
    }

    /// It as the core knows it.
    pub fn as_observer(&self) -> &dyn RetryObserver {
        self
    }
}

impl RetryObserver for Watcher {
    fn on_retry(&self, retry: &Retry) {
        let (status, code) = match &retry.result {
            Ok(status) => (Some(*status), None),
            Err(failure) => (None, failure.code.clone().map(Cow::into_owned)),
        };
        let told = FnArgs::from((retry.attempt, retry.wait.as_secs_f64() * 1000.0, status, code));
        // It fails only while the environment is being torn down, when nobody listens any more.
        let _ = self.0.call(told, ThreadsafeFunctionCallMode::NonBlocking);
    }
}

/// The switch of a call, if there is one.
pub fn abort(call: &Object) -> Result<Option<Abort>> {
    let abort = call.get::<ClassInstance<Abort>>("abort")?;
    Ok(abort.map(|abort| (*abort).clone()))
}

/// Headers as `[name, value, ...]`.
pub fn pairs(object: &Object, name: &str) -> Result<Vec<(String, String)>> {
    match convert::property(object, name)? {
        Some(list) => read_pairs(list),
        None => Ok(Vec::new()),
    }
}

/// The headers that a call's request carries: those that `start(path)` gives, where somebody wants to know of it, else
/// `headers`.
pub fn headers(call: &Object, path: &str) -> Result<Vec<(String, String)>> {
    match convert::property(call, "start")? {
        Some(start) => {
            let start = Function::<FnArgs<(&str,)>, Unknown>::from_unknown(start)?;
            read_pairs(start.call(FnArgs::from((path,)))?)
        }
        None => pairs(call, "headers"),
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

/// Whether a header says where a body ends, which no caller does.
#[napi]
pub fn is_framing(name: String) -> bool {
    core::headers::is_framing(&name)
}
