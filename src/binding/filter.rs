//! Filters: a walk over the caller's object, since RQL tells apart what JSON does not (`undefined`, dates,
//! NaN, bigints).

use napi::bindgen_prelude::{
    Array, Either, FromNapiValue, Function, JsObjectValue, KeyCollectionMode, KeyConversion, KeyFilter,
    Object, Unknown,
};
use napi::{Env, JsValue, Result, ValueType};
use napi_derive::napi;

use super::{convert, reply};
use crate::core::error::Failure;
use crate::core::rql::{self, Dialect, Filter, FilterError, MOST_NESTING};

/// Reads a filter; a failure of kind `input` where it nests too deep, as a circle does.
pub fn read(env: &Env, value: &Unknown) -> Result<std::result::Result<Filter, Failure>> {
    match walk(env, value, MOST_NESTING)? {
        Some(filter) => Ok(Ok(filter)),
        None => Ok(Err(Failure::input(format!(
            "the filter nests deeper than {MOST_NESTING} levels"
        )))),
    }
}

fn walk(env: &Env, value: &Unknown, depth: usize) -> Result<Option<Filter>> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(None);
    };
    Ok(Some(match value.get_type()? {
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
    }))
}

fn array(env: &Env, value: &Unknown, depth: usize) -> Result<Option<Filter>> {
    let array = Array::from_unknown(*value)?;
    let mut list = Vec::new();
    for index in 0..array.len() {
        let Some(element) = array
            .get::<Unknown>(index)?
            .map_or(Ok(Some(Filter::Undefined)), |value| walk(env, &value, depth))?
        else {
            return Ok(None);
        };
        list.push(element);
    }
    Ok(Some(Filter::List(list)))
}

fn object(env: &Env, value: &Unknown, depth: usize) -> Result<Option<Filter>> {
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
        // Symbols are no fields; JavaScript's own loops over an object pass them by.
        if key.get_type()? != ValueType::String {
            continue;
        }
        let key = convert::text(&key)?;
        let value: Unknown = object.get_named_property_unchecked(&key)?;
        let Some(value) = walk(env, &value, depth)? else {
            return Ok(None);
        };
        map.push((key, value));
    }
    Ok(Some(Filter::Map(map)))
}

/// The original's text of a filter, or `{ failure }`.
#[napi(ts_return_type = "string | object")]
pub fn filter_to_query<'env>(env: &'env Env, filter: Unknown<'env>) -> Result<Either<String, Unknown<'env>>> {
    respond(env, &filter, |filter| rql::to_query(filter, Dialect::Original))
}

/// The original's text of the operators of one field, or `{ failure }`.
#[napi(ts_return_type = "string | object")]
pub fn operators_to_query<'env>(
    env: &'env Env,
    operators: Unknown<'env>,
    field: Unknown<'env>,
) -> Result<Either<String, Unknown<'env>>> {
    let field = convert::text(&field)?;
    respond(env, &operators, |operators| {
        rql::operators_to_query(operators, &field)
    })
}

/// The original's URL of a search, or `{ failure }`.
#[napi(ts_return_type = "string | object")]
pub fn build_url<'env>(
    env: &'env Env,
    base: Unknown<'env>,
    filter: Unknown<'env>,
) -> Result<Either<String, Unknown<'env>>> {
    let base = convert::text(&base)?;
    respond(env, &filter, |filter| {
        rql::search_path(&base, filter, Dialect::Original)
    })
}

fn respond<'env>(
    env: &'env Env,
    value: &Unknown,
    write: impl FnOnce(&Filter) -> std::result::Result<String, FilterError>,
) -> Result<Either<String, Unknown<'env>>> {
    let written = match read(env, value)? {
        Ok(filter) => write(&filter).map_err(|error| Failure::input(error.to_string())),
        Err(failure) => Err(failure),
    };
    match written {
        Ok(text) => Ok(Either::A(text)),
        Err(failure) => Ok(Either::B(reply::failure(env, &failure, None)?)),
    }
}
