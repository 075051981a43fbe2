//! CSV files of records.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{Either, ToNapiValue, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::{hub, reply};
use crate::core::bulk::csv::{self, Rows};
use crate::core::error::Failure;

/// The first line of a file.
#[napi]
pub fn csv_header() -> String {
    csv::header()
}

/// The lines of records: a JSON array, as the API lists them. Text, or `{ failure }`.
///
/// * `billingId`: the invoice of records that have none.
#[napi(ts_return_type = "string | object")]
pub fn csv_lines<'env>(
    env: &'env Env,
    records: String,
    billing_id: Option<String>,
) -> Result<Either<String, Unknown<'env>>> {
    match csv::lines(&records, billing_id.as_deref()) {
        Ok(text) => Ok(Either::A(text)),
        Err(failure) => Ok(Either::B(reply::failure(env, &failure, None)?)),
    }
}

/// The records of a CSV file, a chunk at a time.
#[napi]
pub struct CsvRecords {
    path: PathBuf,
    rows: Arc<Mutex<Option<Rows>>>,
}

#[napi]
impl CsvRecords {
    /// * `path`: the file; it is opened with the first chunk.
    #[napi(constructor)]
    pub fn new(path: String) -> Self {
        Self {
            path: path.into(),
            rows: Arc::default(),
        }
    }

    /// The next chunk of records, at most so many: a JSON array, null at the end, or `{ failure }`.
    #[napi(ts_return_type = "Promise<string | null | object>")]
    pub fn next<'env>(&self, env: &'env Env, most: u32) -> Result<Unknown<'env>> {
        let (path, rows) = (self.path.clone(), self.rows.clone());
        hub::promise(
            env,
            move || async move {
                let read = move || {
                    let mut rows = rows.lock().unwrap_or_else(PoisonError::into_inner);
                    if rows.is_none() {
                        *rows = Some(Rows::open(&path)?);
                    }
                    rows.as_mut().map_or(Ok(None), |rows| rows.next(most as usize))
                };
                tokio::task::spawn_blocking(read)
                    .await
                    .unwrap_or_else(|error| Err(Failure::input(error.to_string())))
            },
            |env, chunk| match chunk {
                Ok(Some(text)) => text.into_unknown(env),
                Ok(None) => napi::bindgen_prelude::Null.into_unknown(env),
                Err(failure) => reply::failure(env, &failure, None),
            },
        )
    }
}
