//! A call whose I/O is Node's: the core's state of the call, driven from JavaScript.

use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use napi::bindgen_prelude::{
    Array, ClassInstance, JavaScriptClassExt, JsObjectValue, Null, Object, ToNapiValue, Uint8Array, Unknown,
};
use napi::{Env, JsValue};
use napi_derive::napi;
use tokio::sync::Mutex as AsyncMutex;

use super::abort::Abort;
use super::error::{Result, respond};
use super::permit::PermitSlot;
use super::{action, call_options, convert, fetch, reply, settler};
use crate::core::environment::{Environment, Machine};
use crate::core::error::Failure;
use crate::core::http::headers;
use crate::core::http::limiter::node_permits;
use crate::core::http::request::BodyKind;
use crate::core::http::response::RawResponse;
use crate::core::http::response_body::IncomingBody;
use crate::core::retry::call;
use crate::core::retry::call_state::{self, Action};

/// A call between its first attempt and its end. Each method reports what has happened and returns what to do next:
/// `{ action: 'send' | 'read' | 'wait' | 'finish', ... }` or `{ failure }`.
#[napi]
pub struct CallState {
    state: SharedState,
    permit: PermitSlot,
    save_to: Option<PathBuf>,
    /// The response that is being received.
    incoming: Option<Arc<AsyncMutex<IncomingResponse>>>,
}

/// A response, and its body as far as it has been received.
struct IncomingResponse {
    response: RawResponse,
    body: IncomingBody,
}

/// Begins a call of `{ url, method, headers: [name, value, ...], hasBody, bodyLength, redirect, follow, compress, timeout,
/// readTimeout, connectTimeout, maxRetries, backOff, maxConnections, size, to }`; a body without a length is a stream.
///
/// Returns `{ call, timeouts: { connect, read, total } }`, in milliseconds, or `{ failure }`.
#[napi(
    ts_args_type = "request: RawRequest",
    ts_return_type = "Failed | { call: CallState; timeouts: { connect: number; read: number; total?: number } }"
)]
pub fn begin_call<'env>(env: &'env Env, request: Object<'env>) -> napi::Result<Unknown<'env>> {
    respond(env, begin(env, &request))
}

fn begin<'env>(env: &'env Env, request: &Object<'env>) -> Result<Unknown<'env>> {
    let limits = fetch::limits(request)?;
    let (mut head, kind) = (fetch::head(request)?, body_kind(request)?);
    head.has_body = kind != BodyKind::None;
    let save_to = convert::text_property(request, "to")?.map(PathBuf::from);
    let state = call_state::CallState::new(head, kind, save_to.is_some(), limits, Machine.now());
    let mut timeouts = Object::new(env)?;
    timeouts.set_named_property("connect", action::milliseconds(limits.deadlines.connect))?;
    timeouts.set_named_property("read", action::milliseconds(limits.deadlines.read_timeout))?;
    if let Some(total) = limits.deadlines.total {
        timeouts.set_named_property("total", action::milliseconds(total))?;
    }
    let call = CallState {
        state: SharedState(Arc::new(Mutex::new(state))),
        permit: PermitSlot::default(),
        save_to,
        incoming: None,
    };
    let mut begun = Object::new(env)?;
    begun.set_named_property("call", call.into_instance(env)?)?;
    begun.set_named_property("timeouts", timeouts)?;
    Ok(begun.to_unknown())
}

fn body_kind(request: &Object) -> Result<BodyKind> {
    if !request.get::<bool>("hasBody")?.unwrap_or(false) {
        return Ok(BodyKind::None);
    }
    let length = request.get::<f64>("bodyLength")?;
    Ok(length.map_or(BodyKind::Stream, |bytes| BodyKind::Bytes(bytes as u64)))
}

#[napi]
impl CallState {
    /// Acquires a permit of the host, first come first served, and returns what to send: `{ url, method, headers:
    /// [name, value, ...], hasBody }` or `{ failure }`; a promise of it if no permit is free.
    ///
    /// * `abort`: ends the waiting.
    #[napi(ts_return_type = "RequestHead | Failed | Promise<RequestHead | Failed>")]
    pub fn acquire<'env>(
        &mut self,
        env: &'env Env,
        abort: ClassInstance<'env, Abort>,
    ) -> napi::Result<Unknown<'env>> {
        // That of the request before, where a redirect is followed.
        self.permit.put(None);
        let permits = {
            let state = self.state.lock();
            node_permits(&state.head().url, state.limits().max_connections)
        };
        if let Ok(permit) = permits.clone().try_acquire_owned() {
            self.permit.put(Some(permit));
            return respond(env, self.state.request(env));
        }
        let (deadline, expired) = {
            let state = self.state.lock();
            // A call whose deadline passes while it waits has not been sent.
            (state.deadline(), state.deadline_exceeded(true))
        };
        let (state, slot, abort) = (self.state.clone(), self.permit.clone(), (*abort).clone());
        settler::promise(
            env,
            move || async move {
                let acquiring = pin!(async {
                    let permit = call::until(deadline, pin!(permits.acquire_owned())).await;
                    permit.ok_or(expired)
                });
                Abort::guard(Some(abort), acquiring).await
            },
            move |env, acquired| {
                slot.put(acquired?.ok());
                state.request(env)
            },
        )
    }

    /// The head of a response has arrived: its status and headers, `[name, value, ...]`.
    #[napi(
        ts_args_type = "status: number, headers: HeaderPairs",
        ts_return_type = "Action"
    )]
    pub fn answered<'env>(
        &mut self,
        env: &'env Env,
        status: u32,
        headers: Array<'env>,
    ) -> napi::Result<Unknown<'env>> {
        let headers = headers::parse_response(&call_options::read_pairs(headers.to_unknown())?);
        let status = u16::try_from(status).unwrap_or_default();
        let action = self.state.lock().on_response(status, &headers, &Machine);
        if let Action::Read(plan) = &action {
            // Node checks that as many bytes arrive as were announced.
            let body = IncomingBody::new(&headers, None, *plan, self.save_to.clone());
            let mut response = RawResponse::plain(status, Vec::new());
            response.headers = headers;
            self.incoming = Some(Arc::new(AsyncMutex::new(IncomingResponse { response, body })));
        }
        respond(env, action::describe(env, &self.permit, action))
    }

    /// A chunk of the response's body has arrived. Resolves to `null`, or to the next action if the body cannot be used.
    #[napi(ts_return_type = "Promise<Action | null>")]
    pub fn push<'env>(&self, env: &'env Env, chunk: Uint8Array) -> napi::Result<Unknown<'env>> {
        let (state, permit, incoming) = (self.state.clone(), self.permit.clone(), self.incoming.clone());
        let chunk = Bytes::copy_from_slice(&chunk);
        settler::promise(
            env,
            move || async move {
                match incoming {
                    Some(incoming) => incoming.lock().await.body.push(chunk).await,
                    None => Ok(()),
                }
            },
            move |env, pushed| match pushed {
                Ok(()) => Ok(Null.into_unknown(env)?),
                Err(failure) => action::describe(env, &permit, state.lock().on_failure(failure, &Machine)),
            },
        )
    }

    /// The response's body has been read to its end. Resolves to the next action.
    #[napi(ts_return_type = "Promise<Action>")]
    pub fn read<'env>(&mut self, env: &'env Env) -> napi::Result<Unknown<'env>> {
        let (state, permit, incoming) = (self.state.clone(), self.permit.clone(), self.incoming.take());
        settler::promise(
            env,
            move || async move {
                let incoming = incoming.and_then(Arc::into_inner).map(AsyncMutex::into_inner);
                let IncomingResponse { mut response, body } =
                    incoming.ok_or_else(|| Failure::incomplete("the response was read twice"))?;
                body.finish(&mut response).await.map(|()| response)
            },
            move |env, read| match read {
                Ok(response) => {
                    let action = state.lock().on_body_read(&Machine);
                    match action {
                        Action::Finish(Ok(completed)) => {
                            action::finish(env, call::finish(response, completed))
                        }
                        action => action::describe(env, &permit, action),
                    }
                }
                Err(failure) => action::describe(env, &permit, state.lock().on_failure(failure, &Machine)),
            },
        )
    }

    /// The exchange has failed with `{ kind, message, code, sent }`, where `kind` is `connection`, `connect`, `protocol`,
    /// `silent` or `cut`, and `sent` says whether anything may have been sent.
    #[napi(ts_args_type = "failure: ExchangeFailure", ts_return_type = "Action")]
    pub fn failed<'env>(&mut self, env: &'env Env, failure: Object<'env>) -> napi::Result<Unknown<'env>> {
        self.incoming = None;
        let read_timeout = self.state.lock().limits().deadlines.read_timeout;
        let failure = action::exchange_failure(&failure, read_timeout)?;
        let action = self.state.lock().on_failure(failure, &Machine);
        respond(env, action::describe(env, &self.permit, action))
    }

    /// The deadline has passed. Returns `{ failure }`.
    ///
    /// * `sent`: whether anything of the request under way may have been sent.
    #[napi(ts_return_type = "Failed")]
    pub fn expired<'env>(&self, env: &'env Env, sent: bool) -> napi::Result<Unknown<'env>> {
        respond(env, Err(self.state.lock().deadline_exceeded(sent)))
    }

    /// Releases the permit, one that arrives later, too, and removes what was written of a file.
    #[napi]
    pub fn release(&mut self) {
        self.permit.close();
        self.incoming = None;
    }
}

/// The core's state, for as long as a promise of the call is pending; used on the main thread alone.
#[derive(Clone)]
struct SharedState(Arc<Mutex<call_state::CallState>>);

impl SharedState {
    fn lock(&self) -> MutexGuard<'_, call_state::CallState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The request that has got its permit: `{ url, method, headers: [name, value, ...], hasBody }`.
    fn request<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let mut state = self.lock();
        let head = state.on_permit(Machine.now())?;
        let mut object = Object::new(env)?;
        object.set_named_property("url", head.url.as_str())?;
        object.set_named_property("method", head.method.as_str())?;
        object.set_named_property("hasBody", head.has_body)?;
        object.set_named_property("headers", reply::headers(env, &head.headers)?)?;
        Ok(object.to_unknown())
    }
}
