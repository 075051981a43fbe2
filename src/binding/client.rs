//! `ConnectClient`: endpoint, key and options.

use std::sync::Arc;

use napi::bindgen_prelude::{Object, ToNapiValue, Unknown};
use napi::{Env, Result};
use napi_derive::napi;
use reqwest::Method;

use super::network::Network;
use super::{convert, reply};
use crate::core::client::Client;
use crate::core::endpoint;
use crate::core::policy;
use crate::core::rql::Dialect;
use crate::core::secret::ApiKey;
use crate::core::transport::Limits;

/// Connect's client: where to send, with which key, within which limits.
///
/// Cheap to make: it opens nothing. What is wrong with endpoint or key is said by the first request.
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
        ts_args_type = "endpoint: string, apiKey: string, options?: object"
    )]
    pub fn new(endpoint: Unknown, api_key: Unknown, options: Option<Object>) -> Result<Self> {
        let mut limits = Limits::default();
        let mut dialect = Dialect::Server;
        let mut network = Arc::default();
        if let Some(options) = options {
            network = Network::of(&options)?;
            bounds(&options, &mut limits)?;
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

/// Reads the bounds among the options of a client, a request or a call; what is absent stays as it is.
pub fn bounds(options: &Object, limits: &mut Limits) -> Result<()> {
    if let Some(connect) = convert::duration_property(options, "connectTimeout")? {
        limits.deadlines.connect = connect;
    }
    if let Some(silence) = convert::duration_property(options, "readTimeout")? {
        limits.deadlines.silence = silence;
    }
    if let Some(total) = convert::duration_property(options, "timeout")? {
        limits.deadlines.total = Some(total);
    }
    if let Some(most) = convert::number_property(options, "maxConnections")? {
        limits.max_connections = most as usize;
    }
    if let Some(most) = convert::number_property(options, "maxResponseBytes")? {
        limits.max_bytes = Some(most as u64);
    }
    if let Some(most) = options.get::<u32>("maxRetries")? {
        limits.retry.max_retries = most;
    }
    if let Some(first) = convert::duration_property(options, "backOff")? {
        limits.retry = limits.retry.starting_with(first);
    }
    Ok(())
}

/// What is wrong with a key, as `{ failure }`; undefined if it can be sent.
#[napi(ts_return_type = "undefined | object")]
pub fn check_key<'env>(env: &'env Env, key: Unknown) -> Result<Unknown<'env>> {
    match ApiKey::header(convert::given(&key)?) {
        Ok(_) => ().into_unknown(env),
        Err(failure) => reply::failure(env, &failure, None),
    }
}

/// Whether a request may have been carried out though it was answered with this status.
#[napi]
pub fn may_have_been_done(status: u32, method: String) -> bool {
    let status = u16::try_from(status).unwrap_or_default();
    Method::from_bytes(method.as_bytes()).is_ok_and(|method| policy::may_have_been_done(status, &method))
}

/// A text that is meant for people, without this key.
#[napi]
pub fn hide_key(key: Unknown, text: String) -> Result<String> {
    Ok(match convert::given(&key)? {
        Ok(key) => ApiKey::new(key).hide(&text).into_owned(),
        Err(_) => text,
    })
}

/// An address as it may be shown, without a query, a user's name, or a key in its place.
#[napi]
pub fn shown_url(url: String) -> String {
    endpoint::shown(&url).into_owned()
}

/// A key as it may be shown: `ApiKey SU-000-000:****`.
#[napi]
pub fn mask_key(key: Unknown) -> Result<String> {
    let key = convert::given(&key)?;
    Ok(format!("{:?}", ApiKey::new(key.unwrap_or_default())))
}
