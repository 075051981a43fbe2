//! How a resource's method is carried out; `classes.rs` writes the `#[napi]` classes around it.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{Array, FnArgs, FromNapiValue, Function, Object, Unknown};
use reqwest::header::HeaderMap;

use super::abort::Abort;
use super::call_options::{self, JsRetryObserver};
use super::client::{ConnectClient, read_limits};
use super::error::{Error, Result, respond};
use super::reply::{self, Reply, RequestLine};
use super::request_body::{self, RequestBody};
use super::{convert, filter, settler};
use crate::core::api::client::Client;
use crate::core::api::request::Request;
use crate::core::error::Failure;
use crate::core::http::headers;
use crate::core::resources::{BodyEncoding, Child, Endpoint};
use crate::core::retry::limits::Limits;
use crate::core::rql::{self, Dialect};

/// A resource's client and path: what each class of `classes.rs` holds.
pub struct ResourceHandle {
    client: Arc<Client>,
    dialect: Dialect,
    /// The resource's path below the endpoint.
    pub base: String,
    /// Why nothing can be sent: the id of the object that this resource belongs to cannot be used.
    refused: Option<Failure>,
}

/// The arguments of a call: those that become segments of the path, and the others.
pub struct Arguments<'a, 'env> {
    pub ids: &'a [Unknown<'env>],
    pub others: &'a [Unknown<'env>],
}

impl ResourceHandle {
    pub fn new(client: &ConnectClient, base: String) -> Self {
        Self {
            client: client.core.clone(),
            dialect: client.dialect,
            base,
            refused: None,
        }
    }

    /// The resource below one of this one's objects. It never fails: if the id cannot be used, the methods of the child
    /// say so.
    pub fn child(&self, child: &Child, id: &Unknown) -> napi::Result<Self> {
        let path = child.path_for(&self.base, &convert::id(id)?);
        let refused = self.refused.clone().or_else(|| path.as_ref().err().cloned());
        Ok(Self {
            client: self.client.clone(),
            dialect: self.dialect,
            base: path.unwrap_or_else(|_| self.base.clone()),
            refused,
        })
    }

    /// Why nothing can be sent, as `{ failure }`; undefined if nothing keeps it.
    pub fn refusal<'env>(&self, env: &'env Env) -> napi::Result<Unknown<'env>> {
        reply::refusal(env, self.refused.as_ref())
    }

    /// Carries out a method: validates its arguments, then sends the request, or hands it to the wrapper's pipeline.
    ///
    /// * `options`: `pipeline`, a function, on a customised client; otherwise those of the call: `to`, `timeout`,
    ///   `maxRetries`, `headers` or `start`, `abort`, `onRetry`.
    pub fn invoke<'env>(
        &self,
        env: &'env Env,
        endpoint: &'static Endpoint,
        arguments: &Arguments<'_, 'env>,
        options: Option<Object<'env>>,
    ) -> napi::Result<Unknown<'env>> {
        respond(env, self.try_invoke(env, endpoint, arguments, options))
    }

    fn try_invoke<'env>(
        &self,
        env: &'env Env,
        endpoint: &'static Endpoint,
        arguments: &Arguments<'_, 'env>,
        options: Option<Object<'env>>,
    ) -> Result<Unknown<'env>> {
        let path = self.path(env, endpoint, arguments)?;
        let is_file = request_body::is_file(endpoint, arguments.others)?;
        let body = RequestBody::of(env, endpoint, arguments.others)?;
        if let Some(options) = &options
            && let Some(pipeline) = convert::property(options, "pipeline")?
        {
            return call_pipeline(env, pipeline, endpoint, path, body);
        }
        let encoded = if is_file { None } else { body.encode(env)? };
        let Some(body) = encoded else {
            return Ok(reply::foreign(env)?);
        };
        let request = Request {
            verb: endpoint.verb,
            path,
            body,
            headers: HeaderMap::new(),
            save_to: None,
        };
        self.send(env, endpoint, request, options.as_ref())
    }

    fn path(&self, env: &Env, endpoint: &Endpoint, arguments: &Arguments) -> Result<String> {
        if let Some(failure) = &self.refused {
            return Err(failure.clone().into());
        }
        let ids = arguments.ids.iter().map(convert::id);
        let path = endpoint.path_for(&self.base, &ids.collect::<napi::Result<Vec<_>>>()?)?;
        match (endpoint.encoding, arguments.others.first()) {
            (BodyEncoding::Query, Some(filters)) => {
                let filters = filter::read(env, filters)?;
                rql::search_path(&path, &filters, self.dialect)
                    .map_err(|error| Failure::input(error.to_string()).into())
            }
            _ => Ok(path),
        }
    }

    fn send<'env>(
        &self,
        env: &'env Env,
        endpoint: &'static Endpoint,
        mut request: Request,
        options: Option<&Object<'env>>,
    ) -> Result<Unknown<'env>> {
        let mut limits = Limits {
            default_max_bytes: endpoint.response.max_bytes(),
            ..self.client.limits()
        };
        let (mut abort, mut observer) = (None, None);
        if let Some(options) = options {
            let pairs = call_options::headers(options, request.path_without_query())?;
            request.headers = headers::parse(&pairs)?;
            request.save_to = convert::text_property(options, "to")?.map(PathBuf::from);
            read_limits(options, &mut limits)?;
            abort = call_options::abort(options)?;
            observer = JsRetryObserver::of(options)?;
        }
        let client = self.client.clone();
        let request_line = RequestLine {
            method: request.verb.as_str(),
            path: request.path_without_query().to_string(),
        };
        let promise = settler::promise_of_body(
            env,
            move || async move {
                let observed = observer.as_ref().map(JsRetryObserver::as_observer);
                let sending = pin!(client.send(request, limits, observed));
                let response = Abort::guard(abort, sending).await?;
                Ok(Reply::new(response, endpoint.response, observer.is_some()))
            },
            move |env, result: std::result::Result<Reply, Failure>| match result {
                Ok(reply) => reply.value(env, &request_line),
                Err(failure) => reply::failure(env, &failure, Some(&request_line)),
            },
            |result| result.as_ref().map_or(0, Reply::size),
        );
        promise.map_err(Error::from)
    }
}

/// Calls `pipeline(path, method, fields, hasBody, body)` with the caller's own values, so that hooks and adapters see the
/// very objects that were passed.
fn call_pipeline<'env>(
    env: &'env Env,
    pipeline: Unknown<'env>,
    endpoint: &'static Endpoint,
    path: String,
    body: RequestBody<'env>,
) -> Result<Unknown<'env>> {
    type Input<'a> = (String, &'static str, Option<Array<'a>>, bool, Option<Unknown<'a>>);
    let (fields, has_body, body) = body.for_pipeline(env)?;
    let pipeline = Function::<FnArgs<Input>, Unknown>::from_unknown(pipeline)?;
    let input = (path, endpoint.verb.as_str(), fields, has_body, body);
    Ok(pipeline.call(FnArgs::from(input))?)
}
