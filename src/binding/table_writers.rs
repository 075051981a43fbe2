//! Tables that are written.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use napi::bindgen_prelude::{
    Buffer, Either, FromNapiValue, JsObjectValue, Object, ToNapiValue, Uint8Array, Unknown,
};
use napi::{Env, Result};
use napi_derive::napi;

use super::tables::{nothing, work};
use super::{convert, reply};
use crate::core::tables::detect::Format;
use crate::core::tables::sheets;
use crate::core::tables::writer::{self, Defaults, Writer};

/// A table of records that is written. Its methods are called one after the other.
#[napi]
pub struct TableWriter(Arc<Mutex<Writer>>);

#[napi]
impl TableWriter {
    /// * `path`: the file.
    /// * `options`: `format`, `separator`, `externalBillingId`, `externalBillingNote`.
    #[napi(constructor, ts_args_type = "path: string, options: TableWriterOptions")]
    pub fn new(path: String, options: Object) -> Result<Self> {
        let (format, separator) = format_and_separator(&options)?;
        let options = writer::Options {
            format,
            separator,
            defaults: Defaults {
                billing_id: convert::text_property(&options, "externalBillingId")?,
                note: convert::text_property(&options, "externalBillingNote")?,
            },
        };
        Ok(Self(Arc::new(Mutex::new(Writer::new(path.into(), options)))))
    }

    /// Writes a chunk of records, a JSON array in UTF-8. Resolves to undefined, or to `{ failure }`.
    #[napi(
        ts_args_type = "chunk: Uint8Array",
        ts_return_type = "Promise<undefined | Failed>"
    )]
    pub fn write<'env>(&self, env: &'env Env, chunk: Unknown) -> Result<Unknown<'env>> {
        let chunk = Uint8Array::from_unknown(chunk)?.to_vec();
        let write = move |writer: &mut Writer| writer.write(&chunk);
        work(env, self.0.clone(), write, nothing)
    }

    /// Gives the file its name. Resolves to `{ format, rows }`, or to `{ failure }`.
    #[napi(ts_return_type = "Promise<{ format: 'csv' | 'xlsx', rows: number } | Failed>")]
    pub fn finish<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        work(env, self.0.clone(), Writer::finish, |env, result| match result {
            Ok((format, rows)) => written(env, format, rows, None),
            Err(failure) => reply::failure(env, &failure, None),
        })
    }

    /// Removes what has been written. Resolves when that is done.
    #[napi(ts_return_type = "Promise<undefined>")]
    pub fn discard<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        work(env, self.0.clone(), Writer::discard, |env, ()| {
            ().into_unknown(env)
        })
    }
}

/// Sheets of rows of any columns that are written, one after the other. Its methods are called one after the other.
#[napi]
pub struct SheetsWriter(Arc<Mutex<sheets::SheetsWriter>>);

#[napi]
impl SheetsWriter {
    /// * `path`: the file; null for bytes in memory.
    /// * `names`, `columns`: the name of each sheet, and the headers of its columns.
    /// * `options`: `format`, `separator`.
    #[napi(
        constructor,
        ts_args_type = "path: string | null, names: string[], columns: string[][], options: SheetsWriterOptions"
    )]
    pub fn new(
        path: Option<String>,
        names: Vec<String>,
        columns: Vec<Vec<String>>,
        options: Object,
    ) -> Result<Self> {
        let (format, separator) = format_and_separator(&options)?;
        let sheets = names
            .into_iter()
            .zip(columns)
            .map(|(name, columns)| sheets::Sheet { name, columns })
            .collect();
        let options = sheets::Options { format, separator };
        let writer = sheets::SheetsWriter::new(path.map(PathBuf::from), sheets, options);
        Ok(Self(Arc::new(Mutex::new(writer))))
    }

    /// Writes a chunk of rows, a JSON array of arrays in UTF-8. Resolves to undefined, or to `{ failure }`.
    #[napi(
        ts_args_type = "chunk: Uint8Array",
        ts_return_type = "Promise<undefined | Failed>"
    )]
    pub fn write<'env>(&self, env: &'env Env, chunk: Unknown) -> Result<Unknown<'env>> {
        let chunk = Uint8Array::from_unknown(chunk)?.to_vec();
        let write = move |writer: &mut sheets::SheetsWriter| writer.write(&chunk);
        work(env, self.0.clone(), write, nothing)
    }

    /// Goes on to the next sheet. Resolves to undefined, or to `{ failure }`.
    #[napi(ts_return_type = "Promise<undefined | Failed>")]
    pub fn next_sheet<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        work(env, self.0.clone(), sheets::SheetsWriter::next_sheet, nothing)
    }

    /// Gives the file its name. Resolves to `{ format, rows }`, with the `bytes` in memory, or to `{ failure }`.
    #[napi(ts_return_type = "Promise<{ format: 'csv' | 'xlsx', rows: number, bytes?: Buffer } | Failed>")]
    pub fn finish<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let finish = sheets::SheetsWriter::finish;
        work(env, self.0.clone(), finish, |env, result| match result {
            Ok(written) => self::written(env, written.format, written.rows, written.bytes),
            Err(failure) => reply::failure(env, &failure, None),
        })
    }

    /// Removes what has been written. Resolves when that is done.
    #[napi(ts_return_type = "Promise<undefined>")]
    pub fn discard<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        work(env, self.0.clone(), sheets::SheetsWriter::discard, |env, ()| {
            ().into_unknown(env)
        })
    }
}

/// `{ format, rows, bytes }`.
fn written(env: &Env, format: Format, rows: u64, bytes: Option<Vec<u8>>) -> Result<Unknown<'_>> {
    let mut object = Object::new(env)?;
    object.set_named_property("format", format.name())?;
    object.set_named_property("rows", rows as f64)?;
    if let Some(bytes) = bytes {
        object.set_named_property("bytes", Buffer::from(bytes))?;
    }
    object.into_unknown(env)
}

/// The options of all that is written.
fn format_and_separator(options: &Object) -> Result<(Option<Format>, Option<u8>)> {
    let format = convert::text_property(options, "format")?;
    let separator = convert::text_property(options, "separator")?;
    Ok((
        format.as_deref().and_then(Format::of_name),
        separator.and_then(|text| text.bytes().next()),
    ))
}

/// The header line of a CSV file that goes through a pipe.
#[napi]
pub fn csv_header() -> String {
    writer::plain_header()
}

/// The lines of records, which are a JSON array as the API lists them. Returns text, or `{ failure }`.
///
/// * `billingId`: the billing id of records without one.
#[napi(ts_return_type = "string | Failed")]
pub fn csv_lines<'env>(
    env: &'env Env,
    records: String,
    billing_id: Option<String>,
) -> Result<Either<String, Unknown<'env>>> {
    let defaults = Defaults {
        billing_id,
        note: None,
    };
    match writer::plain_lines(&records, &defaults) {
        Ok(text) => Ok(Either::A(text)),
        Err(failure) => Ok(Either::B(reply::failure(env, &failure, None)?)),
    }
}
