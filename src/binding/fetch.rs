//! A request to any URL, as the default adapter sends it.

use std::path::PathBuf;
use std::pin::pin;

use napi::Env;
use napi::bindgen_prelude::{ClassInstance, Object, Unknown};
use napi_derive::napi;
use reqwest::Method;
use url::Url;

use super::abort::Abort;
use super::call_options::{self, JsRetryObserver};
use super::client::read_limits;
use super::error::{Error, Result};
use super::network::Network;
use super::streaming_body::StreamingBody;
use super::{convert, reply, settler};
use crate::core::api::base_url;
use crate::core::error::Failure;
use crate::core::http::headers;
use crate::core::http::redirect::Redirect;
use crate::core::http::request::{Head, HttpRequest, Payload};
use crate::core::retry::call;
use crate::core::retry::limits::Limits;

/// Sends `{ url, method, headers: [name, value, ...], body, redirect, follow, compress, timeout, maxRetries, size, to,
/// network }`; with a `stream`, that is the body. `options` may hold `abort` and `onRetry`.
///
/// Resolves to `{ status, statusText, url, redirected, headers, body }` or to
/// `{ failure: { kind, message, code, maybeProcessed } }`.
#[napi(
    ts_args_type = "request: RawRequest, options: { abort?: Abort | null; onRetry?: OnRetry | null }, stream?: StreamingBody | null",
    ts_return_type = "Promise<RawResponse | Failed>"
)]
pub fn fetch<'env>(
    env: &'env Env,
    request: Object<'env>,
    options: Object<'env>,
    stream: Option<ClassInstance<'env, StreamingBody>>,
) -> napi::Result<Unknown<'env>> {
    let limits = limits(&request)?;
    let (network, abort) = (Network::of(&request)?, call_options::abort(&options)?);
    let observer = JsRetryObserver::of(&options)?;
    // A request that cannot be made is a failure of the promise.
    let request = match http_request(&request, stream) {
        Err(Error::Js(error)) => return Err(error),
        Err(Error::Failure(failure)) => Err(failure),
        Ok(request) => Ok(request),
    };
    settler::promise(
        env,
        move || async move {
            let observed = observer.as_ref().map(JsRetryObserver::as_observer);
            let sending = pin!(async { call::send(request?, limits, &network, observed).await });
            Abort::guard(abort, sending).await
        },
        |env, response| Ok::<_, Error>(reply::raw(env, response?)?),
    )
}

/// The limits among the options of a request.
pub fn limits(request: &Object) -> napi::Result<Limits> {
    let mut limits = Limits::default();
    read_limits(request, &mut limits)?;
    if let Some(bytes) = convert::number_property(request, "size")? {
        limits.max_bytes = Some(bytes as u64);
    }
    limits.redirect = match convert::text_property(request, "redirect")?.as_deref() {
        Some("manual") => Redirect::Manual,
        Some("error") => Redirect::Error,
        _ => match request.get::<u32>("follow")? {
            Some(max) => Redirect::Follow(max),
            None => Redirect::default(),
        },
    };
    limits.decompress = request.get::<bool>("compress")?.unwrap_or(true);
    Ok(limits)
}

fn http_request(request: &Object, stream: Option<ClassInstance<StreamingBody>>) -> Result<HttpRequest> {
    let stream = stream.and_then(|mut stream| stream.take());
    let body = match (stream, convert::property(request, "body")?) {
        (Some(stream), _) => Some(Payload::Stream(stream)),
        (None, Some(body)) => Some(Payload::Bytes(match convert::bytes(&body)? {
            Some(bytes) => bytes.into(),
            None => convert::text(&body)?.into(),
        })),
        (None, None) => None,
    };
    let save_to = convert::text_property(request, "to")?.map(PathBuf::from);
    let mut head = head(request)?;
    head.has_body = body.is_some();
    Ok(HttpRequest { head, body, save_to })
}

/// The method, the URL and the headers of a request.
pub fn head(request: &Object) -> Result<Head> {
    let url = convert::text_property(request, "url")?.unwrap_or_default();
    let method = convert::text_property(request, "method")?.unwrap_or_else(|| "GET".into());
    let pairs = call_options::pairs(request, "headers")?;
    Ok(build(&url, &method, &pairs)?)
}

fn build(url: &str, method: &str, pairs: &[(String, String)]) -> std::result::Result<Head, Failure> {
    let url = Url::parse(url)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            Failure::input(format!(
                "Only absolute http(s) URLs are supported; got '{}'",
                base_url::redacted(url)
            ))
        })?;
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| Failure::input(format!("'{method}' is not an HTTP method")))?;
    Ok(Head {
        method,
        url,
        headers: headers::parse(pairs)?,
        has_body: false,
    })
}
