//! Records of `closeMany` that never come to JavaScript: those of a table, and those of a list of a client that is not
//! customised.

use std::pin::pin;
use std::sync::PoisonError;

use napi::bindgen_prelude::{FromNapiValue, JsObjectValue, Object, ToNapiValue, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::abort::Abort;
use super::bulk::BulkRun;
use super::client::{ConnectClient, read_limits};
use super::error::{self, respond};
use super::reply::{self, Reply, RequestLine};
use super::tables::TableReader;
use super::{call_options, filter, settler};
use crate::core::api::request::Verb;
use crate::core::bulk::input::TableInputError;
use crate::core::bulk::listing::{Listing, ListingError};
use crate::core::http::headers;
use crate::core::resources::ResponseKind;
use crate::core::rql::Filter;

#[napi]
impl BulkRun {
    /// Checks the records of a table that has been checked as one, and keeps them until `pushChecked`.
    ///
    /// Resolves to how many there are; to `{ failure }` if one is invalid, and with `table` if the table cannot be read.
    #[napi(ts_return_type = "Promise<number | TableInputFailed>")]
    pub fn check_table<'env>(&self, env: &'env Env, table: &TableReader) -> Result<Unknown<'env>> {
        let (input, reader) = (self.input.clone(), table.reader.clone());
        settler::promise(
            env,
            move || async move {
                let mut input = input.lock_owned().await;
                let work = move || {
                    let mut reader = reader.lock().unwrap_or_else(PoisonError::into_inner);
                    input.check_table(&mut reader)
                };
                tokio::task::spawn_blocking(work).await
            },
            |env, checked| match checked {
                Ok(Ok(count)) => (count as f64).into_unknown(env),
                Ok(Err(TableInputError::Record(failure))) => reply::failure(env, &failure, None),
                Ok(Err(TableInputError::Table(failure))) => {
                    let mut object = Object::from_unknown(reply::failure(env, &failure, None)?)?;
                    object.set_named_property("table", true)?;
                    object.into_unknown(env)
                }
                Err(error) => Err(napi::Error::from_reason(error.to_string())),
            },
        )
    }

    /// Reads a list, page by page, and keeps its records until `pushChecked`.
    ///
    /// * `client`, `baseUri`: those of the list's resource.
    /// * `filters`: its filter, without `limit` and `offset`.
    /// * `options`: `pageSize`, `limit`, and those of each page's request: `timeout`, `maxRetries`, `headers`, `abort`.
    ///
    /// Resolves to how many there are; to `{ failure }`, or to the response that is no page.
    #[napi(
        ts_args_type = "client: ConnectClient, baseUri: string, filters: object, options: ListingOptions",
        ts_return_type = "Promise<number | MethodResponse | Failed>"
    )]
    pub fn collect<'env>(
        &self,
        env: &'env Env,
        client: &ConnectClient,
        base_uri: String,
        filters: Unknown<'env>,
        options: Object<'env>,
    ) -> Result<Unknown<'env>> {
        let listing = listing(env, client, base_uri, &filters, &options);
        respond(
            env,
            listing.and_then(|(listing, abort)| Ok(self.read(env, listing, abort)?)),
        )
    }

    fn read<'env>(&self, env: &'env Env, listing: Listing, abort: Option<Abort>) -> Result<Unknown<'env>> {
        let input = self.input.clone();
        let request_line = RequestLine {
            method: Verb::Get.as_str(),
            path: listing.base.clone(),
        };
        settler::promise(
            env,
            move || async move {
                let mut input = input.lock_owned().await;
                let defaults = input.defaults().clone();
                let reading = listing.read(&defaults, |page| input.keep_listed(page));
                Abort::guard(abort, pin!(reading)).await
            },
            move |env, read| match read {
                Ok(count) => (count as f64).into_unknown(env),
                Err(ListingError::Failure(failure)) => reply::failure(env, &failure, Some(&request_line)),
                Err(ListingError::Response(response)) => {
                    Reply::new(*response, ResponseKind::Page, true).value(env, &request_line)
                }
            },
        )
    }
}

/// The list that `collect` reads, and what aborts it.
fn listing(
    env: &Env,
    client: &ConnectClient,
    base: String,
    filters: &Unknown,
    options: &Object,
) -> error::Result<(Listing, Option<Abort>)> {
    // Not `number_property`, for which 0 is as if there were none: a list of at most 0 is empty.
    let number = |name| Ok::<_, napi::Error>(options.get::<f64>(name)?.map(|number| number as u64));
    let mut limits = client.core.limits();
    read_limits(options, &mut limits)?;
    let listing = Listing {
        client: client.core.clone(),
        base,
        dialect: client.dialect,
        filter: match filter::read(env, filters)? {
            Filter::Map(fields) => fields,
            _ => Vec::new(),
        },
        page_size: number("pageSize")?.unwrap_or(1),
        max_records: number("limit")?.unwrap_or(u64::MAX),
        headers: headers::parse(&call_options::pairs(options, "headers")?)?,
        limits,
    };
    Ok((listing, call_options::abort(options)?))
}
