//! From JavaScript's values to the core's.

use std::time::Duration;

use napi::bindgen_prelude::{Buffer, FromNapiValue, Function, JsObjectValue, Object, Uint8Array, Unknown};
use napi::{Env, JsString, JsValue, Result, ValueType, sys};

use crate::core::api::argument::StringArgument;
use crate::core::api::path::Id;
use crate::core::api::request::Body;

/// The size of the buffer for a short text, in bytes: enough for an id.
const SHORT: usize = 128;

/// The text of a value, as JavaScript makes a string of it.
pub fn text(value: &Unknown) -> Result<String> {
    match short_text(value) {
        Some(text) => Ok(text),
        None => value.coerce_to_string()?.into_utf8()?.into_owned(),
    }
}

/// The text of a short string; it takes one call into Node, where a value of any kind takes three.
fn short_text(value: &Unknown) -> Option<String> {
    let (mut buffer, mut length) = ([0_u8; SHORT], 0);
    let handle = value.value();
    // SAFETY: the value belongs to its environment, on whose thread we are. Node writes at most `SHORT` bytes into `buffer`,
    // and their number into `length`; for any other value it writes neither, and both stay zero.
    let status = unsafe {
        sys::napi_get_value_string_utf8(
            handle.env,
            handle.value,
            buffer.as_mut_ptr().cast(),
            SHORT,
            &mut length,
        )
    };
    // If less is left than a character and the final NUL take, the text may have been cut off.
    let is_whole = status == sys::Status::napi_ok && length + 4 < SHORT;
    let text = std::str::from_utf8(buffer.get(..length)?).ok()?;
    is_whole.then(|| text.to_string())
}

/// What a value is called in an error message.
pub fn describe(value: &Unknown) -> Result<&'static str> {
    Ok(match value.get_type()? {
        ValueType::Undefined => "undefined",
        ValueType::Null => "null",
        ValueType::Boolean => "a boolean",
        ValueType::Number => "a number",
        ValueType::String => "a string",
        ValueType::Symbol => "a symbol",
        ValueType::Function => "a function",
        ValueType::BigInt => "a bigint",
        _ if value.is_array()? => "an array",
        _ => "an object",
    })
}

/// Reads an id: text, a finite number or a bigint, the latter two as JavaScript prints them.
pub fn id(value: &Unknown) -> Result<Id> {
    Ok(match value.get_type()? {
        ValueType::String | ValueType::BigInt => Id::Text(text(value)?),
        ValueType::Number => match text(value)?.as_str() {
            "NaN" => Id::Unusable("NaN"),
            "Infinity" | "-Infinity" => Id::Unusable("an infinite number"),
            finite => Id::Text(finite.to_string()),
        },
        _ => Id::Unusable(describe(value)?),
    })
}

/// Reads an endpoint or a key: text, or what was passed instead.
pub fn given(value: &Unknown) -> Result<StringArgument> {
    Ok(match value.get_type()? {
        ValueType::String => Ok(text(value)?),
        _ => Err(describe(value)?),
    })
}

/// The JSON text of a value as `JSON.stringify` writes it; `None` where it writes nothing.
///
/// Text, not an object walk: `toJSON`, `undefined`, key order and numbers are exactly JavaScript's, and it is several times
/// cheaper.
pub fn json(env: &Env, value: &Unknown) -> Result<Option<String>> {
    match value.get_type()? {
        ValueType::Undefined => return Ok(None),
        ValueType::Null => return Ok(Some("null".into())),
        ValueType::String => {
            let text = text(value)?;
            // U+FFFD may stand for a lone surrogate, which `JSON.stringify` writes as an escape.
            if !text.contains('\u{FFFD}') {
                return Ok(serde_json::to_string(&text).ok());
            }
        }
        _ => {}
    }
    let stringify: Function<Unknown, Unknown> = env
        .get_global()?
        .get_named_property_unchecked::<Object>("JSON")?
        .get_named_property("stringify")?;
    let text = stringify.call(value.to_unknown())?;
    match text.get_type()? {
        ValueType::String => Ok(Some(self::text(&text)?)),
        _ => Ok(None),
    }
}

/// A value that the caller passed as a body, encoded as the original SDK does: objects and arrays as JSON, bytes as they
/// are, text and numbers as text. `None` for anything else, which only JavaScript can send.
pub fn body(env: &Env, value: &Unknown) -> Result<Option<Body>> {
    Ok(match value.get_type()? {
        ValueType::Undefined | ValueType::Null => Some(Body::Empty),
        ValueType::Object => match bytes(value)? {
            Some(bytes) => Some(Body::Bytes(bytes)),
            None if value.is_array()? || is_plain(env, value)? => {
                Some(json(env, value)?.map_or(Body::Empty, Body::Json))
            }
            None => None,
        },
        ValueType::Symbol | ValueType::Function => None,
        _ => Some(Body::Text(text(value)?)),
    })
}

/// `Object.prototype.toString.call(value)`, by which the original SDK recognises objects.
pub fn tag(env: &Env, value: &Unknown) -> Result<String> {
    let prototype: Object = env
        .get_global()?
        .get_named_property_unchecked::<Object>("Object")?
        .get_named_property_unchecked("prototype")?;
    let to_string: Function<(), Unknown> = prototype.get_named_property("toString")?;
    text(&to_string.apply(*value, ())?)
}

/// Whether a value is a plain object, not an array, date, buffer, form or map.
pub fn is_plain(env: &Env, value: &Unknown) -> Result<bool> {
    Ok(value.get_type()? == ValueType::Object && tag(env, value)? == "[object Object]")
}

/// The bytes of a Buffer or Uint8Array.
pub fn bytes(value: &Unknown) -> Result<Option<Vec<u8>>> {
    Ok(if value.is_buffer()? {
        Some(Buffer::from_unknown(value.to_unknown())?.to_vec())
    } else if value.is_typedarray()? {
        let bytes = Uint8Array::from_unknown(value.to_unknown());
        bytes.ok().map(|bytes| bytes.to_vec())
    } else {
        None
    })
}

/// A property that may be absent.
pub fn property<'env>(object: &Object<'env>, name: &str) -> Result<Option<Unknown<'env>>> {
    let value: Unknown = object.get_named_property_unchecked(name)?;
    Ok(match value.get_type()? {
        ValueType::Undefined | ValueType::Null => None,
        _ => Some(value),
    })
}

/// A property as text; `None` if it is absent.
pub fn text_property(object: &Object, name: &str) -> Result<Option<String>> {
    property(object, name)?.map(|value| text(&value)).transpose()
}

/// A property that is a positive number; `None` for any other value.
pub fn number_property(object: &Object, name: &str) -> Result<Option<f64>> {
    let Some(value) = property(object, name)? else {
        return Ok(None);
    };
    let number = f64::from_unknown(value)?;
    Ok((number.is_finite() && number > 0.0).then_some(number))
}

/// A property that is a positive number of milliseconds; `None` for any other value.
pub fn duration_property(object: &Object, name: &str) -> Result<Option<Duration>> {
    // What a `Duration` cannot hold is as good as no limit.
    Ok(number_property(object, name)?.and_then(|ms| Duration::try_from_secs_f64(ms / 1000.0).ok()))
}

/// A JavaScript string, made by the cheaper of Node's two functions.
pub fn string<'env>(env: &'env Env, text: &str) -> Result<JsString<'env>> {
    if text.is_ascii() {
        env.create_string_latin1(text.as_bytes())
    } else {
        env.create_string(text)
    }
}
