//! A call whose I/O is Node's: the state of the core, driven from JavaScript.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use napi::bindgen_prelude::{
    Array, ClassInstance, JavaScriptClassExt, JsObjectValue, Null, Object, ToNapiValue, Uint8Array, Unknown,
};
use napi::{Env, JsValue, Result};
use napi_derive::napi;
use tokio::sync::Mutex as AsyncMutex;

use super::abort::Abort;
use super::{call as call_options, convert, fetch, hub, reply};
use crate::core::call::{self, Action, Retry};
use crate::core::environment::{Environment, Machine};
use crate::core::error::Failure;
use crate::core::headers;
use crate::core::limiter::{Permit, node_permits};
use crate::core::outcome::Outcome;
use crate::core::request::BodyKind;
use crate::core::response_body::IncomingBody;

/// A call between its first attempt and its end. Each method says what has happened and gives what is to be done next:
/// `{ action: 'send' | 'read' | 'wait' | 'finish', ... }` or `{ failure }`.
#[napi]
pub struct CallState {
    core: Shared,
    permit: Held,
    save_to: Option<PathBuf>,
    /// The answer that comes in.
    answer: Option<Arc<AsyncMutex<Answer>>>,
}

/// Begins a call of `{ url, method, headers: [name, value, ...], hasBody, bodyLength, redirect, follow, compress, timeout,
/// readTimeout, connectTimeout, maxRetries, backOff, maxConnections, size, to }`; a body without a length is a stream.
///
/// Gives `{ call, timeouts: { connect, read, total } }`, in milliseconds, or `{ failure }`.
#[napi(ts_args_type = "request: object", ts_return_type = "object")]
pub fn begin_call<'env>(env: &'env Env, request: Object<'env>) -> Result<Unknown<'env>> {
    let limits = fetch::limits(&request)?;
    let (mut head, kind) = match fetch::head(&request)? {
        Ok(head) => (head, body_kind(&request)?),
        Err(failure) => return reply::failure(env, &failure, None),
    };
    head.has_body = kind != BodyKind::None;
    let save_to = convert::text_property(&request, "to")?.map(PathBuf::from);
    let core = call::CallState::new(head, kind, save_to.is_some(), limits, Machine.now());
    let mut timeouts = Object::new(env)?;
    timeouts.set_named_property("connect", millis(limits.deadlines.connect))?;
    timeouts.set_named_property("read", millis(limits.deadlines.silence))?;
    if let Some(total) = limits.deadlines.total {
        timeouts.set_named_property("total", millis(total))?;
    }
    let mut begun = Object::new(env)?;
    let state = CallState {
        core: Shared(Arc::new(Mutex::new(core))),
        permit: Held::default(),
        save_to,
        answer: None,
    };
    begun.set_named_property("call", state.into_instance(env)?)?;
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
    /// Waits for a permit of the host, first come first served, and gives what is to be sent: `{ url, method, headers:
    /// [name, value, ...], hasBody }` or `{ failure }`; a promise of it where no permit is free.
    ///
    /// * `abort`: ends the waiting.
    #[napi(ts_return_type = "object | Promise<object>")]
    pub fn enter<'env>(
        &mut self,
        env: &'env Env,
        abort: ClassInstance<'env, Abort>,
    ) -> Result<Unknown<'env>> {
        // That of the request before, where a redirect leads on.
        self.permit.put(None);
        let permits = {
            let core = self.core.lock();
            node_permits(&core.head().url, core.limits().max_connections)
        };
        if let Ok(permit) = permits.clone().try_acquire_owned() {
            self.permit.put(Some(permit));
            return request(env, &self.core);
        }
        let (deadline, late) = {
            let core = self.core.lock();
            // Where the deadline passes while it waits, it is that of a call that has not been sent.
            (core.deadline(), core.expired(true))
        };
        let (core, held, abort) = (self.core.clone(), self.permit.clone(), (*abort).clone());
        hub::promise(
            env,
            move || async move {
                let acquired = std::pin::pin!(async {
                    let acquired = call::within(deadline, permits.acquire_owned()).await;
                    acquired.ok_or(late)
                });
                Abort::guard(Some(abort), acquired).await
            },
            move |env, result| match result {
                Ok(permit) => {
                    held.put(permit.ok());
                    request(env, &core)
                }
                Err(failure) => reply::failure(env, &failure, None),
            },
        )
    }

    /// An answer has come: its status and headers, `[name, value, ...]`.
    #[napi(ts_args_type = "status: number, headers: string[]", ts_return_type = "object")]
    pub fn answered<'env>(
        &mut self,
        env: &'env Env,
        status: u32,
        headers: Array<'env>,
    ) -> Result<Unknown<'env>> {
        let headers = headers::of_answer(&call_options::read_pairs(headers.to_unknown())?);
        let status = u16::try_from(status).unwrap_or_default();
        let action = self.core.lock().answered(status, &headers, &Machine);
        if let Action::Read(plan) = &action {
            // Node sees to it that as many bytes come as were announced.
            let body = IncomingBody::new(&headers, None, *plan, self.save_to.clone());
            let mut outcome = Outcome::plain(status, Vec::new());
            outcome.headers = headers;
            self.answer = Some(Arc::new(AsyncMutex::new(Answer { outcome, body })));
        }
        action_of(env, &self.permit, action)
    }

    /// Takes a piece of the answer's body: resolves to `null`, or to the next action where the body cannot be used.
    #[napi(ts_return_type = "Promise<object | null>")]
    pub fn push<'env>(&self, env: &'env Env, piece: Uint8Array) -> Result<Unknown<'env>> {
        let (core, permit, answer) = (self.core.clone(), self.permit.clone(), self.answer.clone());
        let piece = Bytes::copy_from_slice(&piece);
        hub::promise(
            env,
            move || async move {
                match answer {
                    Some(answer) => answer.lock().await.body.push(piece).await,
                    None => Ok(()),
                }
            },
            move |env, result| match result {
                Ok(()) => Null.into_unknown(env),
                Err(failure) => {
                    let action = core.lock().failed(failure, &Machine);
                    action_of(env, &permit, action)
                }
            },
        )
    }

    /// The answer's body was read to its end: resolves to the next action.
    #[napi(ts_return_type = "Promise<object>")]
    pub fn read<'env>(&mut self, env: &'env Env) -> Result<Unknown<'env>> {
        let (core, permit, answer) = (self.core.clone(), self.permit.clone(), self.answer.take());
        hub::promise(
            env,
            move || async move {
                let answer = answer.and_then(Arc::into_inner).map(AsyncMutex::into_inner);
                let Some(Answer { mut outcome, body }) = answer else {
                    return Err(Failure::cut("it was read twice"));
                };
                body.finish(&mut outcome).await.map(|()| outcome)
            },
            move |env, result| match result {
                Ok(outcome) => {
                    let action = core.lock().read(&Machine);
                    match action {
                        Action::Finish(Ok(ended)) => finish(env, call::completed(outcome, ended)),
                        action => action_of(env, &permit, action),
                    }
                }
                Err(failure) => {
                    let action = core.lock().failed(failure, &Machine);
                    action_of(env, &permit, action)
                }
            },
        )
    }

    /// The exchange failed with an incident: `{ kind, message, code, sent }`, where `kind` is `connection`, `connect`,
    /// `protocol`, `silent` or `cut`, and `sent` whether anything may have left.
    #[napi(ts_args_type = "incident: object", ts_return_type = "object")]
    pub fn failed<'env>(&mut self, env: &'env Env, incident: Object<'env>) -> Result<Unknown<'env>> {
        let failure = self.failure(&incident)?;
        self.answer = None;
        let action = self.core.lock().failed(failure, &Machine);
        action_of(env, &self.permit, action)
    }

    /// The deadline has passed: `{ failure }`.
    ///
    /// * `sent`: whether anything of the request under way may have left.
    #[napi(ts_return_type = "object")]
    pub fn expired<'env>(&self, env: &'env Env, sent: bool) -> Result<Unknown<'env>> {
        reply::failure(env, &self.core.lock().expired(sent), None)
    }

    /// Gives back the permit, one that comes later, too, and removes what was written of a file.
    #[napi]
    pub fn release(&mut self) {
        self.permit.close();
        self.answer = None;
    }
}

impl CallState {
    fn failure(&self, incident: &Object) -> Result<Failure> {
        let text = |name| convert::text_property(incident, name);
        let message = text("message")?.unwrap_or_default();
        let failure = match text("kind")?.as_deref() {
            Some("connect") => Failure::not_connected(),
            Some("silent") => Failure::silent(self.core.lock().limits().deadlines.silence),
            Some("protocol") => Failure::not_http(message),
            Some("cut") => Failure::cut(message),
            _ => Failure::new(crate::core::error::Kind::Connection, message),
        };
        let failure = match text("code")? {
            Some(code) => failure.with_code(code),
            None => failure,
        };
        let sent = incident.get::<bool>("sent")?;
        Ok(Failure {
            maybe_processed: sent.unwrap_or(failure.maybe_processed),
            ..failure
        })
    }
}

/// An answer, and its body as far as that has come.
struct Answer {
    outcome: Outcome,
    body: IncomingBody,
}

fn action_of<'env>(env: &'env Env, permit: &Held, action: Action) -> Result<Unknown<'env>> {
    match action {
        Action::Send => Ok(named(env, "send")?.to_unknown()),
        Action::Read(plan) => {
            let mut object = named(env, "read")?;
            object.set_named_property("hasBody", plan.has_body)?;
            Ok(object.to_unknown())
        }
        Action::Wait(retry) => {
            permit.put(None);
            wait(env, &retry)
        }
        // Only what was read can be finished, which `read` does.
        Action::Finish(Ok(_)) => reply::failure(env, &Failure::cut("it was not read"), None),
        Action::Finish(Err(failure)) => reply::failure(env, &failure, None),
    }
}

/// The state, for as long as somebody has to do with the call; on the main thread alone.
#[derive(Clone)]
struct Shared(Arc<Mutex<call::CallState>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, call::CallState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The permit of the exchange under way. Shared with whoever waits for it, and closed when the call is over.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<Holding>>);

#[derive(Default)]
struct Holding {
    permit: Option<Permit>,
    /// Whether the call is over: a permit that comes now is given back.
    is_over: bool,
}

impl Held {
    fn lock(&self) -> MutexGuard<'_, Holding> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a permit in the place of the one before.
    fn put(&self, permit: Option<Permit>) {
        let mut holding = self.lock();
        holding.permit = permit.filter(|_| !holding.is_over);
    }

    fn close(&self) {
        *self.lock() = Holding {
            permit: None,
            is_over: true,
        };
    }
}

/// The request that has its permit, `{ url, method, headers: [name, value, ...], hasBody }`, or `{ failure }`.
fn request<'env>(env: &'env Env, core: &Shared) -> Result<Unknown<'env>> {
    let mut core = core.lock();
    let head = match core.enter(Machine.now()) {
        Ok(head) => head,
        Err(failure) => return reply::failure(env, &failure, None),
    };
    let mut object = Object::new(env)?;
    object.set_named_property("url", head.url.as_str())?;
    object.set_named_property("method", head.method.as_str())?;
    object.set_named_property("hasBody", head.has_body)?;
    object.set_named_property("headers", reply::headers(env, &head.headers)?)?;
    Ok(object.to_unknown())
}

fn named<'env>(env: &'env Env, action: &str) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set_named_property("action", action)?;
    Ok(object)
}

/// `{ action: 'wait', ms, attempt, status, code }`.
fn wait<'env>(env: &'env Env, retry: &Retry) -> Result<Unknown<'env>> {
    let mut object = named(env, "wait")?;
    object.set_named_property("ms", millis(retry.wait))?;
    object.set_named_property("attempt", retry.attempt)?;
    match &retry.result {
        Ok(status) => object.set_named_property("status", u32::from(*status))?,
        Err(failure) => object.set_named_property("code", failure.code.as_deref())?,
    }
    Ok(object.to_unknown())
}

/// `{ action: 'finish', answer }`, where the answer is as the engine's `fetch` gives it.
fn finish(env: &Env, outcome: Outcome) -> Result<Unknown<'_>> {
    let mut object = named(env, "finish")?;
    object.set_named_property("answer", reply::raw(env, outcome)?)?;
    Ok(object.to_unknown())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
