//! The body of a resource's request, made of the method's arguments.

use napi::bindgen_prelude::{Array, Unknown};
use napi::{Env, JsValue, ValueType};

use super::convert;
use super::error::Result;
use crate::core::api::request::{Body, json_object};
use crate::core::bulk;
use crate::core::bulk::records::{Defaults, Record};
use crate::core::resources::{BodyEncoding, Endpoint};

/// A body before it is encoded: the caller's own values.
pub enum RequestBody<'env> {
    /// There is none.
    Empty,
    /// One value, as it is.
    Value(Option<Unknown<'env>>),
    /// Fields of an object: key and value.
    Fields(Vec<(&'static str, Unknown<'env>)>),
    /// JSON text that Rust has written.
    Json(String),
}

impl<'env> RequestBody<'env> {
    /// The body that an endpoint makes of the arguments that are not in its path.
    ///
    /// # Errors
    /// A failure of kind `Input` for records that cannot be closed.
    pub fn of(env: &Env, endpoint: &'static Endpoint, arguments: &[Unknown<'env>]) -> Result<Self> {
        let first = arguments.first();
        let fields = |keys: &'static [&'static str]| {
            Self::Fields(keys.iter().copied().zip(arguments.iter().copied()).collect())
        };
        Ok(match &endpoint.encoding {
            BodyEncoding::Empty | BodyEncoding::Query => Self::Empty,
            BodyEncoding::Value => Self::Value(first.copied()),
            BodyEncoding::Fields(keys) | BodyEncoding::File(keys) => fields(keys),
            BodyEncoding::ValueOrField(key) => match first {
                Some(value) if convert::is_plain(env, value)? => Self::Value(Some(*value)),
                _ => fields(std::slice::from_ref(key)),
            },
            BodyEncoding::Records => Self::Json(records(env, first)?),
        })
    }

    /// The body as the core sends it. `None` for a value that only JavaScript can read: a form, a stream, a map.
    pub fn encode(self, env: &Env) -> Result<Option<Body>> {
        Ok(match self {
            Self::Empty | Self::Value(None) => Some(Body::Empty),
            Self::Value(Some(value)) => convert::body(env, &value)?,
            Self::Json(text) => Some(Body::Json(text)),
            Self::Fields(fields) => {
                let mut encoded = Vec::with_capacity(fields.len());
                for (key, value) in fields {
                    encoded.push((key, convert::json(env, &value)?));
                }
                Some(Body::Json(json_object(encoded)))
            }
        })
    }

    /// The body as the wrapper's pipeline takes it: `fields`, `hasBody` and `body`, of which either `fields`
    /// (`[key, value, ...]`, of which the wrapper makes an object of the caller's realm) or `body` counts.
    pub fn for_pipeline(self, env: &'env Env) -> Result<(Option<Array<'env>>, bool, Option<Unknown<'env>>)> {
        Ok(match self {
            Self::Empty => (None, false, None),
            Self::Value(value) => (None, value.is_some(), value),
            Self::Json(text) => (None, true, Some(convert::string(env, &text)?.to_unknown())),
            Self::Fields(fields) => {
                let mut pairs = env.create_array(0)?;
                for (key, value) in fields {
                    pairs.insert(key)?;
                    pairs.insert(value)?;
                }
                (Some(pairs), false, None)
            }
        })
    }
}

/// Whether an argument that may be a file is one, which only JavaScript can read. Text in its place is refused where it
/// names or holds a file: it would go out as JSON. The other fields of the form must be texts.
///
/// # Errors
/// A failure of kind `Input` that says what a file is, or which argument is not a text.
pub fn is_file(endpoint: &Endpoint, arguments: &[Unknown]) -> Result<bool> {
    let (BodyEncoding::File(_), Some(value)) = (endpoint.encoding, arguments.first()) else {
        return Ok(false);
    };
    match value.get_type()? {
        ValueType::Object => {
            check_texts(endpoint, arguments)?;
            return Ok(true);
        }
        ValueType::String => endpoint.check_file(&convert::text(value)?)?,
        _ => {}
    }
    Ok(false)
}

/// Checks the arguments behind the file: a form has texts besides, or leaves a field out.
fn check_texts(endpoint: &Endpoint, arguments: &[Unknown]) -> Result<()> {
    for (at, value) in arguments.iter().enumerate().skip(1) {
        if !matches!(
            value.get_type()?,
            ValueType::String | ValueType::Undefined | ValueType::Null
        ) {
            return Err(endpoint.not_a_text(at, convert::describe(value)?).into());
        }
    }
    Ok(())
}

/// A list of records in the API's own spelling.
fn records(env: &Env, list: Option<&Unknown>) -> Result<String> {
    let text = match list {
        Some(list) => convert::json(env, list)?.unwrap_or_default(),
        None => String::new(),
    };
    let defaults = Defaults {
        requires_billing_id: true,
        ..Defaults::default()
    };
    let records = bulk::records::read(text.as_bytes(), 0, &defaults).map_err(|(_, failure)| failure)?;
    let items: Vec<_> = records.iter().map(Record::item).collect();
    Ok(serde_json::Value::Array(items).to_string())
}
