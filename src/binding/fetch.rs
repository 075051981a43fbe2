//! A request to any URL: what the default adapter sends with.

use std::path::PathBuf;
use std::pin::pin;

use napi::bindgen_prelude::{ClassInstance, Object, Unknown};
use napi::{Env, Result};
use napi_derive::napi;
use reqwest::Method;
use url::Url;

use super::abort::Abort;
use super::call::{self, Watcher};
use super::feed::BodyFeed;
use super::network::Network;
use super::{convert, hub, reply};
use crate::core;
use crate::core::endpoint;
use crate::core::error::Failure;
use crate::core::headers;
use crate::core::redirect::Redirect;
use crate::core::request::Head;
use crate::core::transport::{Limits, Payload, Wire};

/// Sends `{ url, method, headers: [name, value, ...], body, redirect, follow, compress, timeout, maxRetries, size, to,
/// network }`; with a `feed`, that is the body. `call` may hold `abort` and `again`.
///
/// Never rejects: resolves to `{ status, statusText, url, redirected, headers, body }` or to
/// `{ failure: { kind, message, code, maybeProcessed } }`.
#[napi(
    ts_args_type = "request: object, call: object, feed?: BodyFeed | null",
    ts_return_type = "Promise<object>"
)]
pub fn fetch<'env>(
    env: &'env Env,
    request: Object<'env>,
    call: Object<'env>,
    feed: Option<ClassInstance<'env, BodyFeed>>,
) -> Result<Unknown<'env>> {
    let limits = limits(&request)?;
    let mut wire = wire(&request)?;
    if let (Ok(wire), Some(mut feed)) = (&mut wire, feed) {
        wire.body = feed.take().map(Payload::Stream);
        wire.head.has_body = true;
    }
    let network = Network::of(&request)?;
    let (abort, watch) = (call::abort(&call)?, Watcher::of(&call)?);
    hub::promise(
        env,
        move || async move {
            let sending = pin!(async {
                core::call::send(wire?, limits, &network, watch.as_ref().map(Watcher::as_observer)).await
            });
            Abort::guard(abort, sending).await
        },
        |env, result| match result {
            Ok(outcome) => reply::raw(env, outcome),
            Err(failure) => reply::failure(env, &failure, None),
        },
    )
}

pub fn limits(request: &Object) -> Result<Limits> {
    let mut limits = Limits::default();
    super::client::bounds(request, &mut limits)?;
    if let Some(bytes) = convert::number_property(request, "size")? {
        limits.max_bytes = Some(bytes as u64);
    }
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
    let body = match convert::property(request, "body")? {
        None => None,
        Some(body) => Some(Payload::Bytes(match convert::bytes(&body)? {
            Some(bytes) => bytes.into(),
            None => convert::text(&body)?.into(),
        })),
    };
    let save_to = convert::text_property(request, "to")?.map(PathBuf::from);
    Ok(head(request)?.map(|head| Wire {
        head: Head {
            has_body: body.is_some(),
            ..head
        },
        body,
        save_to,
    }))
}

/// The method, the URL and the headers of a request.
pub fn head(request: &Object) -> Result<std::result::Result<Head, Failure>> {
    let url = convert::text_property(request, "url")?.unwrap_or_default();
    let method = convert::text_property(request, "method")?.unwrap_or_else(|| "GET".into());
    let pairs = call::pairs(request, "headers")?;
    Ok(build(&url, &method, &pairs))
}

fn build(url: &str, method: &str, pairs: &[(String, String)]) -> std::result::Result<Head, Failure> {
    let url = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            Failure::input(format!(
                "Only absolute http(s) URLs are supported; got '{}'",
                endpoint::shown(url)
            ))
        })?;
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Failure::input(format!("'{method}' is not an HTTP method")))?;
    Ok(Head {
        method,
        url,
        headers: headers::read(pairs)?,
        has_body: false,
    })
}
