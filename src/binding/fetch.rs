//! A request to any URL: what the default adapter sends with.

use std::path::PathBuf;

use napi::bindgen_prelude::{Array, ClassInstance, FromNapiValue, Object, Unknown};
use napi::{Env, Result};
use napi_derive::napi;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::abort::Abort;
use super::feed::BodyFeed;
use super::{convert, hub, reply};
use crate::core::error::Failure;
use crate::core::redirect::Redirect;
use crate::core::transport::{self, Limits, Payload, Wire};

/// Sends `{ url, method, headers: [name, value, ...], body, redirect, follow, compress, timeout, size, to }`; with a
/// `feed`, that is the body.
///
/// Never rejects: resolves to `{ status, statusText, url, redirected, headers, body }` or to
/// `{ failure: { kind, message, code, maybeProcessed } }`.
#[napi(
    ts_args_type = "request: object, abort?: Abort | null, feed?: BodyFeed | null",
    ts_return_type = "Promise<object>"
)]
pub fn fetch<'env>(
    env: &'env Env,
    request: Object<'env>,
    abort: Option<ClassInstance<'env, Abort>>,
    feed: Option<ClassInstance<'env, BodyFeed>>,
) -> Result<Unknown<'env>> {
    let limits = limits(&request)?;
    let mut wire = wire(&request)?;
    if let (Ok(wire), Some(mut feed)) = (&mut wire, feed) {
        wire.body = feed.take().map(Payload::Stream);
    }
    let abort = abort.map(|abort| (*abort).clone());
    hub::promise(
        env,
        async move { Abort::guard(abort, async { transport::send(wire?, limits).await }).await },
        |env, result| match result {
            Ok(outcome) => reply::raw(env, outcome),
            Err(failure) => reply::failure(env, &failure, None),
        },
    )
}

fn limits(request: &Object) -> Result<Limits> {
    let mut limits = Limits::default();
    super::client::bounds(request, &mut limits)?;
    limits.max_bytes = convert::number_property(request, "size")?.map(|bytes| bytes as u64);
    limits.redirect = match convert::text_property(request, "redirect")?.as_deref() {
        Some("manual") => Redirect::Manual,
        Some("error") => Redirect::Error,
        _ => match request.get::<u32>("follow")? {
            Some(most) => Redirect::Follow(most),
            None => Redirect::default(),
        },
    };
    limits.decompress = request.get::<bool>("compress")?.unwrap_or(true);
    Ok(limits)
}

fn wire(request: &Object) -> Result<std::result::Result<Wire, Failure>> {
    let url = convert::text_property(request, "url")?.unwrap_or_default();
    let method = convert::text_property(request, "method")?.unwrap_or_else(|| "GET".into());
    let body = match convert::property(request, "body")? {
        None => None,
        Some(body) => Some(Payload::Bytes(match convert::bytes(&body)? {
            Some(bytes) => bytes,
            None => convert::text(&body)?.into_bytes(),
        })),
    };
    let mut pairs = Vec::new();
    if let Some(headers) = convert::property(request, "headers")? {
        let headers = Array::from_unknown(headers)?;
        for index in 0..headers.len() / 2 {
            let (name, value) = (
                headers.get::<String>(index * 2)?,
                headers.get::<String>(index * 2 + 1)?,
            );
            pairs.push((name.unwrap_or_default(), value.unwrap_or_default()));
        }
    }
    let save_to = convert::text_property(request, "to")?.map(PathBuf::from);
    Ok(build(&url, &method, &pairs).map(|wire| Wire {
        body,
        save_to,
        ..wire
    }))
}

fn build(url: &str, method: &str, pairs: &[(String, String)]) -> std::result::Result<Wire, Failure> {
    let url = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| Failure::input(format!("Only absolute http(s) URLs are supported; got '{url}'")))?;
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Failure::input(format!("'{method}' is not an HTTP method")))?;
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Failure::input(format!("'{name}' is not a legal header name")))?;
        // The value is never shown: it may be the key.
        let mut value = latin1(value)
            .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
            .ok_or_else(|| {
                Failure::input(format!(
                    "the value of the header '{name}' has a character that no header may hold"
                ))
            })?;
        value.set_sensitive(true);
        headers.append(header, value);
    }
    Ok(Wire {
        method,
        url,
        headers,
        body: None,
        save_to: None,
    })
}

/// Header values travel as Latin-1, one byte a character.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).ok())
        .collect()
}
