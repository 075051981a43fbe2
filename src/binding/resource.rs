//! How a resource's method is carried out; `classes.rs` writes the `#[napi]` classes around it.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;

use napi::bindgen_prelude::{Array, FnArgs, FromNapiValue, Function, Object, Unknown};
use napi::{Env, JsValue, Result, ValueType};
use reqwest::header::HeaderMap;

use super::abort::Abort;
use super::call::{self, Watcher};
use super::client::{ConnectClient, bounds};
use super::reply::{Asked, Reply};
use super::{convert, filter, hub, reply};
use crate::core::bulk;
use crate::core::bulk::records::{Defaults, Record};
use crate::core::client::Client;
use crate::core::error::Failure;
use crate::core::headers;
use crate::core::request::{Body, Request, json_object};
use crate::core::resources::{Child, Endpoint, Shape};
use crate::core::rql::{self, Dialect};
use crate::core::transport::Limits;

/// A resource's client and path: what every class below holds.
pub struct Bound {
    core: Arc<Client>,
    dialect: Dialect,
    /// The resource's path below the endpoint.
    pub base: String,
    /// Why nothing can be sent: the object that this resource is below has no usable id.
    pub refused: Option<Failure>,
}

/// The arguments of a call: those that become segments of the path, and the others.
pub struct Arguments<'a, 'env> {
    pub ids: &'a [Unknown<'env>],
    pub rest: &'a [Unknown<'env>],
}

/// What the face adds behind a method's own arguments: `pipeline` on a customised client, else what is said of the call:
/// `to`, `timeout`, `maxRetries`, `headers` or `start`, `abort`, `again`.
pub type Call<'env> = Option<Object<'env>>;

/// How a call is to go.
struct Told {
    limits: Limits,
    abort: Option<Abort>,
    watch: Option<Watcher>,
}

impl Bound {
    pub fn new(client: &ConnectClient, base: String) -> Self {
        Self {
            core: client.core.clone(),
            dialect: client.dialect,
            base,
            refused: None,
        }
    }

    /// The resource below one of this one's objects. It never fails; what is wrong with the id is said by the
    /// child's methods.
    pub fn child(&self, child: &Child, id: &Unknown) -> Result<Self> {
        let made = child.path_for(&self.base, &convert::id(id)?);
        let refused = self.refused.clone().or_else(|| made.as_ref().err().cloned());
        Ok(Self {
            core: self.core.clone(),
            dialect: self.dialect,
            base: made.unwrap_or_else(|_| self.base.clone()),
            refused,
        })
    }

    /// Carries out one method: validates, then sends, or hands the request to the face's pipeline.
    pub fn call<'env>(
        &self,
        env: &'env Env,
        endpoint: &'static Endpoint,
        arguments: &Arguments<'_, 'env>,
        call: Call<'env>,
    ) -> Result<Unknown<'env>> {
        let path = match self.path(env, endpoint, arguments)? {
            Ok(path) => path,
            Err(failure) => return reply::failure(env, &failure, None),
        };
        if let (Shape::File(_), Some(value)) = (endpoint.shape, arguments.rest.first())
            && value.get_type()? == ValueType::String
            && let Err(failure) = endpoint.check_file(&convert::text(value)?)
        {
            return reply::failure(env, &failure, None);
        }
        if let Some(call) = &call
            && let Some(pipeline) = convert::property(call, "pipeline")?
        {
            return hand_over(env, pipeline, endpoint, path, arguments);
        }
        let body = match read_body(env, endpoint, arguments)? {
            Ok(body) => body,
            Err(failure) => return reply::failure(env, &failure, None),
        };
        let Some(body) = body else {
            return reply::foreign(env);
        };
        let mut request = Request {
            verb: endpoint.verb,
            path,
            body,
            headers: HeaderMap::new(),
            save_to: None,
        };
        let mut told = Told {
            limits: self.core.limits(),
            abort: None,
            watch: None,
        };
        if let Some(call) = &call {
            let pairs = call::headers(call, request.bare_path())?;
            request.headers = match headers::read(&pairs) {
                Ok(headers) => headers,
                Err(failure) => return reply::failure(env, &failure, None),
            };
            request.save_to = convert::text_property(call, "to")?.map(PathBuf::from);
            bounds(call, &mut told.limits)?;
            told.abort = call::abort(call)?;
            told.watch = Watcher::of(call)?;
        }
        self.send(env, endpoint, request, told)
    }

    fn path(
        &self,
        env: &Env,
        endpoint: &Endpoint,
        arguments: &Arguments,
    ) -> Result<std::result::Result<String, Failure>> {
        if let Some(failure) = &self.refused {
            return Ok(Err(failure.clone()));
        }
        let mut ids = Vec::with_capacity(arguments.ids.len());
        for id in arguments.ids {
            ids.push(convert::id(id)?);
        }
        let path = match endpoint.path_for(&self.base, &ids) {
            Ok(path) => path,
            Err(failure) => return Ok(Err(failure)),
        };
        match (endpoint.shape, arguments.rest.first()) {
            (Shape::Query, Some(filters)) => {
                let filters = match filter::read(env, filters)? {
                    Ok(filters) => filters,
                    Err(failure) => return Ok(Err(failure)),
                };
                Ok(rql::search_path(&path, &filters, self.dialect)
                    .map_err(|error| Failure::input(error.to_string())))
            }
            _ => Ok(Ok(path)),
        }
    }

    fn send<'env>(
        &self,
        env: &'env Env,
        endpoint: &'static Endpoint,
        request: Request,
        told: Told,
    ) -> Result<Unknown<'env>> {
        let Told { limits, abort, watch } = told;
        let limits = Limits {
            usual_bytes: endpoint.answer.most_bytes(),
            ..limits
        };
        let core = self.core.clone();
        let asked = Asked {
            method: request.verb.as_str(),
            path: request.bare_path().to_string(),
        };
        hub::promise(
            env,
            move || async move {
                let sending = pin!(core.send(request, limits, watch.as_ref().map(Watcher::as_observer)));
                let outcome = Abort::guard(abort, sending).await;
                outcome.map(|outcome| Reply::new(outcome, endpoint.answer, watch.is_some()))
            },
            move |env, result| match result {
                Ok(reply) => reply.value(env, &asked),
                Err(failure) => reply::failure(env, &failure, Some(&asked)),
            },
        )
    }
}

/// How a method's argument that is neither an id nor a filter goes out.
enum Form {
    /// As the whole body.
    Whole,
    /// As fields under these keys.
    Fields(&'static [&'static str]),
    /// As the text of the API's list of records.
    Text(String),
}

/// The form of the body; none where there is no body at all.
fn form(
    env: &Env,
    shape: &'static Shape,
    arguments: &Arguments,
) -> Result<std::result::Result<Option<Form>, Failure>> {
    Ok(Ok(match shape {
        Shape::Records => return records(env, arguments),
        Shape::Empty | Shape::Query => None,
        Shape::Value => Some(Form::Whole),
        Shape::Fields(keys) => Some(Form::Fields(keys)),
        Shape::File(key) => Some(Form::Fields(std::slice::from_ref(key))),
        Shape::Wrapped(key) => match arguments.rest.first() {
            Some(value) if convert::is_plain(env, value)? => Some(Form::Whole),
            _ => Some(Form::Fields(std::slice::from_ref(key))),
        },
    }))
}

/// The records among the arguments, in the API's own spelling.
fn records(env: &Env, arguments: &Arguments) -> Result<std::result::Result<Option<Form>, Failure>> {
    let text = match arguments.rest.first() {
        Some(list) => convert::json(env, list)?.unwrap_or_default(),
        None => String::new(),
    };
    let defaults = Defaults {
        requires_billing_id: true,
        ..Defaults::default()
    };
    let items = |records: Vec<Record>| {
        let items: Vec<_> = records.iter().map(Record::item).collect();
        Some(Form::Text(serde_json::Value::Array(items).to_string()))
    };
    Ok(bulk::records::read(text.as_bytes(), 0, &defaults)
        .map(items)
        .map_err(|(_, failure)| failure))
}

/// The body of a request that the engine sends; none where only JavaScript can read it.
fn read_body(
    env: &Env,
    endpoint: &'static Endpoint,
    arguments: &Arguments,
) -> Result<std::result::Result<Option<Body>, Failure>> {
    if let (Shape::File(_), Some(value)) = (endpoint.shape, arguments.rest.first())
        && value.get_type()? == ValueType::Object
    {
        return Ok(Ok(None));
    }
    let form = match form(env, &endpoint.shape, arguments)? {
        Ok(form) => form,
        Err(failure) => return Ok(Err(failure)),
    };
    Ok(Ok(match form {
        None => Some(Body::Empty),
        Some(Form::Whole) => match arguments.rest.first() {
            Some(value) => convert::body(env, value)?,
            None => Some(Body::Empty),
        },
        Some(Form::Text(text)) => Some(Body::Json(text)),
        Some(Form::Fields(keys)) => {
            let mut fields = Vec::with_capacity(keys.len());
            for (key, value) in keys.iter().zip(arguments.rest) {
                fields.push((*key, convert::json(env, value)?));
            }
            Some(Body::Json(json_object(fields)))
        }
    }))
}

/// Calls `pipeline(path, method, fields, hasBody, body)` with the caller's own untouched values (facts 19 and
/// 25): `fields` is `[key, value, ...]`, of which the face makes an object of its own realm.
fn hand_over<'env>(
    env: &'env Env,
    pipeline: Unknown<'env>,
    endpoint: &'static Endpoint,
    path: String,
    arguments: &Arguments<'_, 'env>,
) -> Result<Unknown<'env>> {
    let method = endpoint.verb.as_str();
    let mut body = None;
    let mut fields = None;
    let form = match form(env, &endpoint.shape, arguments)? {
        Ok(form) => form,
        Err(failure) => return reply::failure(env, &failure, None),
    };
    match form {
        None => {}
        Some(Form::Whole) => body = arguments.rest.first().copied(),
        Some(Form::Text(text)) => body = Some(convert::string(env, &text)?.to_unknown()),
        Some(Form::Fields(keys)) => {
            let mut pairs = env.create_array(0)?;
            for (key, value) in keys.iter().zip(arguments.rest) {
                pairs.insert(*key)?;
                pairs.insert(*value)?;
            }
            fields = Some(pairs);
        }
    }
    type Given<'a> = (String, &'static str, Option<Array<'a>>, bool, Option<Unknown<'a>>);
    let pipeline = Function::<FnArgs<Given>, Unknown>::from_unknown(pipeline)?;
    pipeline.call(FnArgs::from((path, method, fields, body.is_some(), body)))
}
