//! `ConnectClient`: endpoint, key and options.

use std::sync::Arc;

use napi::bindgen_prelude::{Object, ToNapiValue, Unknown};
use napi::{Env, Result};
use napi_derive::napi;
use reqwest::Method;

use super::convert;
use super::error::respond;
use super::network::Network;
use crate::core::api::authorization::authorization;
use crate::core::api::base_url;
use crate::core::api::client::Client;
use crate::core::retry::limits::Limits;
use crate::core::retry::policy;
use crate::core::rql::Dialect;
use crate::core::secret::ApiKey;

/// Connect's client: where to send, with which key, within which limits.
///
/// Cheap to make: it opens nothing. An invalid endpoint or key is reported by the first request.
#[napi]
#[derive(Clone)]
pub struct ConnectClient {
    pub(super) core: Arc<Client>,
    pub(super) dialect: Dialect,
}

#[napi]
impl ConnectClient {
    /// * `endpoint`: an absolute http(s) URL, such as `https://api.connect.cloudblue.com/public/v1`.
    /// * `apiKey`: the key as it goes into the `Authorization` header.
    /// * `options`: `connectTimeout`, `readTimeout`, `timeout`, `backOff` in milliseconds, `maxRetries`,
    ///   `maxConnections`, `maxResponseBytes`, `network`, `rql: 'original'`.
    #[napi(
        constructor,
        ts_args_type = "endpoint: unknown, apiKey: unknown, options?: NativeClientOptions"
    )]
    pub fn new(endpoint: Unknown, api_key: Unknown, options: Option<Object>) -> Result<Self> {
        let mut limits = Limits::default();
        let mut dialect = Dialect::Server;
        let mut network = Arc::default();
        if let Some(options) = options {
            network = Network::of(&options)?;
            read_limits(&options, &mut limits)?;
            if convert::text_property(&options, "rql")?.as_deref() == Some("original") {
                dialect = Dialect::Original;
            }
        }
        let (endpoint, key) = (convert::given(&endpoint)?, convert::given(&api_key)?);
        let core = Client::new(endpoint, key, limits, network);
        Ok(Self {
            core: Arc::new(core),
            dialect,
        })
    }
}

/// Reads the limits among the options of a client, a request or a call; what is absent stays as it is.
pub fn read_limits(options: &Object, limits: &mut Limits) -> Result<()> {
    if let Some(connect) = convert::duration_property(options, "connectTimeout")? {
        limits.deadlines.connect = connect;
    }
    if let Some(read_timeout) = convert::duration_property(options, "readTimeout")? {
        limits.deadlines.read_timeout = read_timeout;
    }
    if let Some(total) = convert::duration_property(options, "timeout")? {
        limits.deadlines.total = Some(total);
    }
    if let Some(max) = convert::number_property(options, "maxConnections")? {
        limits.max_connections = max as usize;
    }
    if let Some(max) = convert::number_property(options, "maxResponseBytes")? {
        limits.max_bytes = Some(max as u64);
    }
    if let Some(max) = options.get::<u32>("maxRetries")? {
        limits.retry.max_retries = max;
    }
    if let Some(first) = convert::duration_property(options, "backOff")? {
        limits.retry = limits.retry.with_initial_backoff(first);
    }
    Ok(())
}

/// Returns `{ failure }` for a key that cannot be sent, otherwise undefined.
#[napi(ts_return_type = "undefined | Failed")]
pub fn check_key<'env>(env: &'env Env, key: Unknown) -> Result<Unknown<'env>> {
    match authorization(convert::given(&key)?) {
        Ok(_) => ().into_unknown(env),
        Err(failure) => respond(env, Err(failure)),
    }
}

/// Whether a request may have been processed although its response is an error, or cannot be read.
#[napi]
pub fn may_have_been_done(status: u32, method: String) -> bool {
    let status = u16::try_from(status).unwrap_or_default();
    Method::from_bytes(method.as_bytes()).is_ok_and(|method| policy::may_have_been_processed(status, &method))
}

/// A text in which the key is masked.
#[napi]
pub fn hide_key(key: Unknown, text: String) -> Result<String> {
    Ok(match convert::given(&key)? {
        Ok(key) => ApiKey::new(key).redact(&text).into_owned(),
        Err(_) => text,
    })
}

/// A URL as it may be printed: without query and user name; masked if it is not a URL but may be a key.
#[napi]
pub fn shown_url(url: String) -> String {
    base_url::redacted(&url).into_owned()
}

/// A key as it may be printed: `ApiKey SU-000-000:****`.
#[napi]
pub fn mask_key(key: Unknown) -> Result<String> {
    let key = convert::given(&key)?;
    Ok(format!("{:?}", ApiKey::new(key.unwrap_or_default())))
}
