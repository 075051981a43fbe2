//! Filters, read by a walk over the caller's object: RQL tells apart what JSON does not (`undefined`, dates, NaN, bigints).

use napi::bindgen_prelude::{
    Array, FromNapiValue, Function, JsObjectValue, KeyCollectionMode, KeyConversion, KeyFilter, Object,
    ToNapiValue, Unknown,
};
use napi::{Env, JsValue, ValueType};
use napi_derive::napi;

use super::convert;
use super::error::{Result, respond};
use crate::core::error::Failure;
use crate::core::rql::{self, Dialect, Filter, FilterError, MAX_NESTING};

/// Reads a filter.
///
/// # Errors
/// A failure of kind `Input` for a filter that nests too deep, as one does that holds itself.
pub fn read(env: &Env, value: &Unknown) -> Result<Filter> {
    walk(env, value, MAX_NESTING)
}

fn walk(env: &Env, value: &Unknown, depth: usize) -> Result<Filter> {
    let depth = depth
        .checked_sub(1)
        .ok_or_else(|| Failure::input(format!("the filter nests deeper than {MAX_NESTING} levels")))?;
    Ok(match value.get_type()? {
        ValueType::Undefined => Filter::Undefined,
        ValueType::Null => Filter::Null,
        ValueType::Boolean => Filter::Bool(bool::from_unknown(*value)?),
        ValueType::String => Filter::Text(convert::text(value)?),
        ValueType::Object if value.is_array()? => return array(env, value, depth),
        ValueType::Object if value.is_date()? => {
            let date = Object::from_unknown(*value)?;
            // `toJSON` is null where `toISOString` would throw.
            let iso: Unknown = date
                .get_named_property::<Function<(), Unknown>>("toJSON")?
                .apply(date, ())?;
            let iso = if iso.get_type()? == ValueType::String {
                Some(convert::text(&iso)?)
            } else {
                None
            };
            Filter::Date(iso, convert::text(value)?)
        }
        ValueType::Object if convert::tag(env, value)? == "[object Object]" => {
            return object(env, value, depth);
        }
        // Numbers, bigints, functions, wrapped values, maps: as JavaScript prints them. Symbols throw.
        _ => Filter::Other(convert::text(value)?),
    })
}

fn array(env: &Env, value: &Unknown, depth: usize) -> Result<Filter> {
    let array = Array::from_unknown(*value)?;
    let mut list = Vec::new();
    for index in 0..array.len() {
        list.push(match array.get::<Unknown>(index)? {
            Some(value) => walk(env, &value, depth)?,
            None => Filter::Undefined,
        });
    }
    Ok(Filter::List(list))
}

fn object(env: &Env, value: &Unknown, depth: usize) -> Result<Filter> {
    let object = Object::from_unknown(*value)?;
    let mut map = Vec::new();
    let keys = object.get_all_property_names(
        KeyCollectionMode::OwnOnly,
        KeyFilter::Enumerable,
        KeyConversion::NumbersToStrings,
    )?;
    let keys = Array::from_unknown(keys.to_unknown())?;
    for index in 0..keys.len() {
        let Some(key) = keys.get::<Unknown>(index)? else {
            continue;
        };
        // A symbol is not a field; `for...in` skips it, too.
        if key.get_type()? != ValueType::String {
            continue;
        }
        let key = convert::text(&key)?;
        let value: Unknown = object.get_named_property_unchecked(&key)?;
        map.push((key, walk(env, &value, depth)?));
    }
    Ok(Filter::Map(map))
}

/// A filter as the original SDK writes it, or `{ failure }`.
#[napi(ts_return_type = "string | Failed")]
pub fn filter_to_query<'env>(env: &'env Env, filter: Unknown<'env>) -> napi::Result<Unknown<'env>> {
    write(env, &filter, |filter| rql::to_query(filter, Dialect::Original))
}

/// The operators of one field as the original SDK writes them, or `{ failure }`.
#[napi(ts_return_type = "string | Failed")]
pub fn operators_to_query<'env>(
    env: &'env Env,
    operators: Unknown<'env>,
    field: Unknown<'env>,
) -> napi::Result<Unknown<'env>> {
    let field = convert::text(&field)?;
    write(env, &operators, |operators| {
        rql::operators_to_query(operators, &field)
    })
}

/// The URL of a search as the original SDK writes it, or `{ failure }`.
#[napi(ts_return_type = "string | Failed")]
pub fn build_url<'env>(
    env: &'env Env,
    base: Unknown<'env>,
    filter: Unknown<'env>,
) -> napi::Result<Unknown<'env>> {
    let base = convert::text(&base)?;
    write(env, &filter, |filter| {
        rql::search_path(&base, filter, Dialect::Original)
    })
}

fn write<'env>(
    env: &'env Env,
    value: &Unknown,
    write: impl FnOnce(&Filter) -> std::result::Result<String, FilterError>,
) -> napi::Result<Unknown<'env>> {
    let text = read(env, value)
        .and_then(|filter| write(&filter).map_err(|error| Failure::input(error.to_string()).into()))
        .and_then(|text| Ok(text.into_unknown(env)?));
    respond(env, text)
}
