//! Tables that are read from files and streams.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, Null, Object, ToNapiValue, Uint8Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::{convert, reply, settler};
use crate::core::error::Failure;
use crate::core::tables::cancellation::Cancellation;
use crate::core::tables::detect::Format;
use crate::core::tables::reader::{Options, Reader};
use crate::core::tables::subject::Subject;
use crate::core::tables::table::{self, TableFailure};

/// A table that is read: records, or rows of any columns. Its methods are called one after the other.
#[napi]
pub struct TableReader {
    pub(super) reader: Arc<Mutex<Reader>>,
    cancellation: Cancellation,
}

#[napi]
impl TableReader {
    /// * `path`: the file; null for a stream, whose chunks follow by `push`.
    /// * `options`: `sheet`, `hidden`, `format`, `maxBytes`, `subject` (`chunks`), `requireBillingId`, `anyColumns`.
    #[napi(constructor, ts_args_type = "path: string | null, options: TableOptions")]
    pub fn new(path: Option<String>, options: Object) -> Result<Self> {
        let flag = |name| Ok::<_, napi::Error>(options.get::<bool>(name)?.unwrap_or(false));
        let format = convert::text_property(&options, "format")?;
        let subject = convert::text_property(&options, "subject")?;
        let options = Options {
            table: table::Options {
                sheet: convert::text_property(&options, "sheet")?,
                subject: subject.as_deref().and_then(Subject::of_name).unwrap_or_default(),
                takes_hidden: flag("hidden")?,
                format: format.as_deref().and_then(Format::of_name),
                requires_billing_id: flag("requireBillingId")?,
            },
            max_bytes: convert::number_property(&options, "maxBytes")?.map(|bytes| bytes as u64),
            has_any_columns: flag("anyColumns")?,
        };
        let cancellation = Cancellation::default();
        let reader = Reader::new(path.map(PathBuf::from), options, cancellation.clone());
        Ok(Self {
            reader: Arc::new(Mutex::new(reader)),
            cancellation,
        })
    }

    /// Adds a chunk of a stream. Resolves to undefined, or to `{ failure }`.
    #[napi(
        ts_args_type = "chunk: Uint8Array",
        ts_return_type = "Promise<undefined | Failed>"
    )]
    pub fn push<'env>(&self, env: &'env Env, chunk: Unknown) -> Result<Unknown<'env>> {
        let chunk = Uint8Array::from_unknown(chunk)?.to_vec();
        self.work(env, move |reader| reader.push(&chunk), nothing)
    }

    /// Checks the whole table. Resolves to its description in JSON, to `{ failure }`, or to
    /// `{ failure, refused, refusedCount }`, in which `refused` is a JSON array.
    #[napi(ts_return_type = "Promise<string | TableFailed>")]
    pub fn check<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        self.work(env, Reader::check, |env, result| match result {
            Ok(description) => description.into_unknown(env),
            Err(error) => table_failure(env, &error),
        })
    }

    /// The next records or rows of a table that was checked, at most `max`: a JSON array, null at the end, or `{ failure }`.
    #[napi(ts_return_type = "Promise<string | null | Failed>")]
    pub fn next<'env>(&self, env: &'env Env, max: u32) -> Result<Unknown<'env>> {
        self.work(
            env,
            move |reader| reader.next(max as usize),
            |env, result| match result {
                Ok(Some(records)) => records.into_unknown(env),
                Ok(None) => Null.into_unknown(env),
                Err(failure) => reply::failure(env, &failure, None),
            },
        )
    }

    /// Ends what is under way, and everything after it, with a failure of kind `abort`.
    #[napi]
    pub fn abort(&self) {
        self.cancellation.cancel();
    }

    /// Closes the file; the copy of a stream is removed. Resolves when that is done.
    #[napi(ts_return_type = "Promise<undefined>")]
    pub fn close<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        self.cancellation.cancel();
        self.work(env, Reader::close, |env, ()| ().into_unknown(env))
    }

    /// Works with the reader off the main thread and the runtime's.
    fn work<'env, T: Send + 'static>(
        &self,
        env: &'env Env,
        work: impl FnOnce(&mut Reader) -> T + Send + 'static,
        settle: impl for<'a> FnOnce(&'a Env, T) -> Result<Unknown<'a>> + Send + 'static,
    ) -> Result<Unknown<'env>> {
        self::work(env, self.reader.clone(), work, settle)
    }
}

impl Drop for TableReader {
    /// The object is gone, or its environment: a pass over a large file would go on for nothing.
    fn drop(&mut self) {
        self.cancellation.cancel();
    }
}

/// Works with a file off the main thread and the runtime's.
pub fn work<'env, F: Send + 'static, T: Send + 'static>(
    env: &'env Env,
    file: Arc<Mutex<F>>,
    work: impl FnOnce(&mut F) -> T + Send + 'static,
    settle: impl for<'a> FnOnce(&'a Env, T) -> Result<Unknown<'a>> + Send + 'static,
) -> Result<Unknown<'env>> {
    let work = move || work(&mut file.lock().unwrap_or_else(PoisonError::into_inner));
    settler::promise(
        env,
        move || tokio::task::spawn_blocking(work),
        |env, result| match result {
            Ok(value) => settle(env, value),
            Err(error) => Err(napi::Error::from_reason(error.to_string())),
        },
    )
}

/// Undefined, or `{ failure }`.
pub fn nothing<'env>(env: &'env Env, result: std::result::Result<(), Failure>) -> Result<Unknown<'env>> {
    reply::refusal(env, result.err().as_ref())
}

/// `{ failure, refused, refusedCount }`.
pub fn table_failure<'env>(
    env: &'env Env,
    TableFailure { failure, refusals }: &TableFailure,
) -> Result<Unknown<'env>> {
    let reply = reply::failure(env, failure, None)?;
    if refusals.count == 0 {
        return Ok(reply);
    }
    let refused =
        serde_json::to_string(&refusals.kept).map_err(|error| napi::Error::from_reason(error.to_string()))?;
    let mut object = Object::from_unknown(reply)?;
    object.set_named_property("refused", refused)?;
    object.set_named_property("refusedCount", refusals.count as f64)?;
    object.into_unknown(env)
}
