//! One `#[napi]` class per resource, written by a macro from the resource's own table.

use std::sync::Arc;

use napi::bindgen_prelude::{Array, FnArgs, FromNapiValue, Function, Object, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::client::ConnectClient;
use super::reply::{Asked, Reply};
use super::{convert, filter, hub, reply};
use crate::core::client::Client;
use crate::core::error::Failure;
use crate::core::request::{Body, Request, json_object};
use crate::core::resources::{Endpoint, Shape};
use crate::core::rql::{self, Dialect};

/// A resource's client and path: what every class below holds.
pub struct Bound {
    core: Arc<Client>,
    dialect: Dialect,
    base: String,
}

/// The arguments of a call: those that become segments of the path, and the others.
struct Arguments<'a, 'env> {
    ids: &'a [Unknown<'env>],
    rest: &'a [Unknown<'env>],
}

/// What the face adds behind a method's own arguments: `{ pipeline }` on a customised client, nothing else.
type Call<'env> = Option<Object<'env>>;

impl Bound {
    fn new(client: &ConnectClient, base: String) -> Self {
        Self {
            core: client.core.clone(),
            dialect: client.dialect,
            base,
        }
    }

    /// Carries out one method: validates, then sends, or hands the request to the face's pipeline.
    fn call<'env>(
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
        if let Some(call) = &call
            && let Some(pipeline) = convert::property(call, "pipeline")?
        {
            return hand_over(env, pipeline, endpoint, path, arguments);
        }
        let verb = endpoint.verb;
        match read_body(env, endpoint, arguments)? {
            Some(body) => self.send(env, endpoint, Request { verb, path, body }),
            None => reply::foreign(env),
        }
    }

    fn path(
        &self,
        env: &Env,
        endpoint: &Endpoint,
        arguments: &Arguments,
    ) -> Result<std::result::Result<String, Failure>> {
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
    ) -> Result<Unknown<'env>> {
        let limits = self.core.limits();
        let core = self.core.clone();
        let asked = Asked {
            method: request.verb.as_str(),
            path: request.bare_path().to_string(),
        };
        hub::promise(
            env,
            async move {
                let outcome = core.send(request, limits).await;
                outcome.map(|outcome| Reply::new(outcome, endpoint.answer))
            },
            move |env, result| match result {
                Ok(reply) => reply.value(env, &asked),
                Err(failure) => reply::failure(env, &failure, Some(&asked)),
            },
        )
    }
}

/// The body of a request that the engine sends; none where only JavaScript can read it.
fn read_body(env: &Env, endpoint: &Endpoint, arguments: &Arguments) -> Result<Option<Body>> {
    match endpoint.shape {
        Shape::Empty | Shape::Query => Ok(Some(Body::Empty)),
        Shape::Value => arguments
            .rest
            .first()
            .map_or(Ok(Some(Body::Empty)), |value| convert::body(env, value)),
        Shape::Fields(keys) => {
            let mut fields = Vec::with_capacity(keys.len());
            for (key, value) in keys.iter().zip(arguments.rest) {
                fields.push((*key, convert::json(env, value)?));
            }
            Ok(Some(Body::Json(json_object(fields))))
        }
    }
}

/// Calls `pipeline(path, method, fields, hasBody, body)` with the caller's own untouched values (facts 19 and
/// 25): `fields` is `[key, value, ...]`, of which the face makes an object of its own realm.
fn hand_over<'env>(
    env: &'env Env,
    pipeline: Unknown<'env>,
    endpoint: &Endpoint,
    path: String,
    arguments: &Arguments<'_, 'env>,
) -> Result<Unknown<'env>> {
    let method = endpoint.verb.as_str();
    let mut body = None;
    let mut fields = None;
    match endpoint.shape {
        Shape::Empty | Shape::Query => {}
        Shape::Value => body = arguments.rest.first().copied(),
        Shape::Fields(keys) => {
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

/// Writes the methods of a resource's table as `#[napi]` methods of a class.
#[doc(hidden)]
#[macro_export]
macro_rules! methods {
    ($to:ident: $class:ident at $base:literal as $property:literal {
        $($(#[$doc:meta])* $name:ident ($($segment:ident),*) $({$($key:literal : $field:ident),+})? $([$value:ident])? $(?($filters:ident))?
            => $verb:ident $path:literal -> $answer:ident;)*
    }) => {
        #[napi]
        impl $to {
            $(
                $(#[$doc])*
                #[napi]
                #[allow(clippy::too_many_arguments)]
                pub fn $name<'env>(
                    &self,
                    env: &'env Env,
                    $($segment: Unknown<'env>,)*
                    $($($field: Unknown<'env>,)+)?
                    $($value: Unknown<'env>,)?
                    $($filters: Unknown<'env>,)?
                    call: Option<Object<'env>>,
                ) -> Result<Unknown<'env>> {
                    const ENDPOINT: Endpoint = $crate::endpoint!(
                        $name ($($segment),*) $({$($key: $field),+})? $([$value])? $(?($filters))? => $verb $path -> $answer);
                    self.0.call(
                        env,
                        &ENDPOINT,
                        &Arguments { ids: &[$($segment),*], rest: &[$($($field),+)? $($value)? $($filters)?] },
                        call,
                    )
                }
            )*
        }
    };
}

/// Writes the `#[napi]` class of a resource: its constructor, the methods of every resource, and its own.
#[doc(hidden)]
#[macro_export]
macro_rules! class {
    ($class:ident at $base:literal as $property:literal { $($methods:tt)* }) => {
        #[doc = concat!("The resource at `", $base, "`.")]
        #[napi]
        pub struct $class(Bound);

        #[napi]
        impl $class {
            /// * `client`: the client to send with.
            /// * `baseUri`: the resource's path below the endpoint, if not its usual one.
            #[napi(constructor)]
            pub fn new(client: &ConnectClient, base_uri: Option<String>) -> Self {
                Self(Bound::new(client, base_uri.unwrap_or_else(|| $base.to_string())))
            }
        }

        $crate::methods! { $class: $class at $base as $property { $($methods)* } }
    };
}

crate::generic!(class);
crate::usage_records!(class);
crate::generic!(methods UsageRecordResource:);
