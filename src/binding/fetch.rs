//! A request to any URL, as the default adapter sends it.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use napi::bindgen_prelude::{ClassInstance, Object, Unknown};
use napi::{Env, ValueType};
use napi_derive::napi;
use reqwest::Method;
use url::Url;

use super::abort::Abort;
use super::call_options::{self, JsRetryObserver};
use super::client::read_limits;
use super::error::{Error, Result};
use super::network::Network;
use super::reply::RawReply;
use super::streaming_body::StreamingBody;
use super::{convert, settler};
use crate::core::api::base_url;
use crate::core::error::Failure;
use crate::core::http::headers;
use crate::core::http::pool::NetworkSettings;
use crate::core::http::redirect::Redirect;
use crate::core::http::request::{Head, HttpRequest, Payload};
use crate::core::retry::call;
use crate::core::retry::limits::Limits;

/// What the requests of a client have in common, read once: to read a dozen options costs as much as all the rest of a
/// request.
#[napi]
pub struct RequestSettings {
    limits: Limits,
    network: Arc<NetworkSettings>,
}

#[napi]
impl RequestSettings {
    /// * `options`: `redirect`, `follow`, `compress`, `timeout`, `readTimeout`, `connectTimeout`, `maxRetries`, `backOff`,
    ///   `maxConnections`, `size`, `network`.
    #[napi(constructor, ts_args_type = "options: RequestOptions")]
    pub fn new(options: Object) -> napi::Result<Self> {
        let (limits, network) = (limits(&options)?, Network::of(&options)?);
        Ok(Self { limits, network })
    }
}

/// Sends a request.
///
/// * `headers`: names and values in turn, a part on each line, or an array of them.
/// * `options`: `to`, the file for the body of a success, `abort`, `onRetry`, `stream`, which is the body.
///
/// Resolves to the response, its head and body in one text or `{ head, body, saved, rewritten }`, or to
/// `{ failure: { kind, message, code, maybeProcessed } }`.
#[napi(
    ts_args_type = "url: string, method: string, headers: string | HeaderPairs, body: string | Uint8Array | null | undefined, settings: RequestSettings, options?: FetchOptions | null",
    ts_return_type = "Promise<PackedResponse | Failed>"
)]
pub fn fetch<'env>(
    env: &'env Env,
    url: Unknown<'env>,
    method: Unknown<'env>,
    headers: Unknown<'env>,
    body: Unknown<'env>,
    settings: ClassInstance<'env, RequestSettings>,
    options: Option<Object<'env>>,
) -> napi::Result<Unknown<'env>> {
    let (limits, network) = (settings.limits, settings.network.clone());
    let (mut abort, mut observer, mut save_to, mut stream) = (None, None, None, None);
    if let Some(options) = options {
        abort = call_options::abort(&options)?;
        observer = JsRetryObserver::of(&options)?;
        save_to = convert::text_property(&options, "to")?.map(PathBuf::from);
        stream = options.get::<ClassInstance<StreamingBody>>("stream")?;
    }
    let body = payload(&body, stream)?;
    let (url, method) = (convert::text(&url)?, convert::text(&method)?);
    let pairs = call_options::read_headers(headers)?;
    settler::promise_of_body(
        env,
        move || async move {
            let observed = observer.as_ref().map(JsRetryObserver::as_observer);
            // A request that cannot be made is a failure of the promise.
            let sending = pin!(async {
                let mut head = build(&url, &method, &pairs)?;
                head.has_body = body.is_some();
                let request = HttpRequest { head, body, save_to };
                call::send(request, limits, &network, observed).await
            });
            Abort::guard(abort, sending).await.map(RawReply::new)
        },
        |env, reply| Ok::<_, Error>(reply?.value(env)?),
        |reply| reply.as_ref().map_or(0, RawReply::size),
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

fn payload(body: &Unknown, stream: Option<ClassInstance<StreamingBody>>) -> napi::Result<Option<Payload>> {
    if let Some(stream) = stream.and_then(|mut stream| stream.take()) {
        return Ok(Some(Payload::Stream(stream)));
    }
    Ok(match body.get_type()? {
        ValueType::Undefined | ValueType::Null => None,
        ValueType::String => Some(Payload::Bytes(convert::text(body)?.into())),
        _ => Some(Payload::Bytes(match convert::bytes(body)? {
            Some(bytes) => bytes.into(),
            None => convert::text(body)?.into(),
        })),
    })
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
