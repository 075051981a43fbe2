//! The binding's error type, and the one place where a failure becomes a value of JavaScript.

use napi::Env;
use napi::bindgen_prelude::Unknown;

use super::reply;
use crate::core::error::Failure;

/// Why a call from JavaScript has no result.
#[derive(Debug)]
pub enum Error {
    /// The caller's own code threw while we called it (a getter, a `toJSON`), or Node refused an operation. It is thrown on.
    Js(napi::Error),
    /// The core refused the arguments, or the request failed. JavaScript gets `{ failure }`, of which the wrapper makes an
    /// error of the caller's realm.
    Failure(Failure),
}

/// A result of the binding.
pub type Result<T> = std::result::Result<T, Error>;

impl From<napi::Error> for Error {
    fn from(error: napi::Error) -> Self {
        Self::Js(error)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

/// What JavaScript gets: the value, `{ failure }`, or an exception.
pub fn respond<'env, E: Into<Error>>(
    env: &'env Env,
    result: std::result::Result<Unknown<'env>, E>,
) -> napi::Result<Unknown<'env>> {
    result.or_else(|error| match error.into() {
        Error::Js(error) => Err(error),
        Error::Failure(failure) => reply::failure(env, &failure, None),
    })
}
