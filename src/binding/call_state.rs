//! A call whose I/O is Node's: the state of the core, driven from JavaScript.

use std::time::Duration;

use bytes::Bytes;
use napi::bindgen_prelude::{
    Array, Buffer, ClassInstance, JavaScriptClassExt, JsObjectValue, Null, Object, ToNapiValue, Uint8Array,
    Unknown,
};
use napi::{Env, Error, JsValue, Result};
use napi_derive::napi;

use super::abort::Abort;
use super::{call as call_options, convert, fetch, hub, reply};
use crate::core::call::{self, Action, BodyKind, Ended, ReadPlan, Retry};
use crate::core::decode::{Broken, Decoder};
use crate::core::environment::{Environment, Machine};
use crate::core::error::Failure;
use crate::core::headers;
use crate::core::limiter::{self, Limiter};

/// The permission to send a request to a host.
#[napi]
pub struct Permit(Option<limiter::Permit>);

#[napi]
impl Permit {
    /// Gives it back unused.
    #[napi]
    pub fn release(&mut self) {
        self.0 = None;
    }
}

/// A call between its first attempt and its end. Each method says what has happened and gives what is to be done next:
/// `{ action: 'send' | 'read' | 'wait' | 'finish', ... }` or `{ failure }`.
#[napi]
pub struct CallState {
    core: call::CallState,
    permit: Option<limiter::Permit>,
    /// What undoes the coding of the answer that is read.
    decoder: Option<Decoder>,
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
    let saves = convert::property(&request, "to")?.is_some();
    let core = call::CallState::new(head, kind, saves, limits, Machine.now());
    let mut timeouts = Object::new(env)?;
    timeouts.set_named_property("connect", millis(limits.deadlines.connect))?;
    timeouts.set_named_property("read", millis(limits.deadlines.silence))?;
    if let Some(total) = limits.deadlines.total {
        timeouts.set_named_property("total", millis(total))?;
    }
    let mut begun = Object::new(env)?;
    let state = CallState {
        core,
        permit: None,
        decoder: None,
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
    /// Enters with a permit: `{ url, method, headers: [name, value, ...], hasBody }` to be sent, `null` where no permit is
    /// free, or `{ failure }`.
    ///
    /// * `permit`: what [`CallState::acquire`] gave; without one, a free one is taken.
    #[napi(ts_args_type = "permit?: Permit", ts_return_type = "object | null")]
    pub fn enter<'env>(
        &mut self,
        env: &'env Env,
        permit: Option<ClassInstance<'env, Permit>>,
    ) -> Result<Unknown<'env>> {
        // That of the request before, where a redirect leads on.
        self.permit = None;
        self.permit = match permit {
            Some(mut permit) => permit.0.take(),
            None => self.permits().try_acquire_owned().ok(),
        };
        if self.permit.is_none() {
            return Null.into_unknown(env);
        }
        let head = match self.core.enter(Machine.now()) {
            Ok(head) => head,
            Err(failure) => {
                self.permit = None;
                return reply::failure(env, &failure, None);
            }
        };
        let mut object = Object::new(env)?;
        object.set_named_property("url", head.url.as_str())?;
        object.set_named_property("method", head.method.as_str())?;
        object.set_named_property("hasBody", head.has_body)?;
        object.set_named_property("headers", reply::headers(env, &head.headers)?)?;
        Ok(object.to_unknown())
    }

    /// Waits for a permit, first come first served: resolves to a `Permit`, or to `{ failure }`.
    #[napi(ts_return_type = "Promise<Permit | object>")]
    pub fn acquire<'env>(
        &self,
        env: &'env Env,
        abort: Option<ClassInstance<'env, Abort>>,
    ) -> Result<Unknown<'env>> {
        let (permits, deadline) = (self.permits(), self.core.deadline());
        let (abort, late) = (abort.map(|abort| (*abort).clone()), self.core.expired());
        hub::promise(
            env,
            move || async move {
                let acquired = std::pin::pin!(async {
                    let acquired = call::within(deadline, permits.acquire_owned()).await;
                    acquired.ok_or(late).map(|permit| Permit(permit.ok()))
                });
                Abort::guard(abort, acquired).await
            },
            |env, result| match result {
                Ok(permit) => Ok(permit.into_instance(env)?.to_unknown()),
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
        let action = self.core.answered(status, &headers, &Machine);
        if let Action::Read(plan) = &action {
            self.decoder = Decoder::for_answer(&headers, plan.decompress);
        }
        self.action(env, action)
    }

    /// Takes a piece of a coded body.
    #[napi]
    pub fn feed(&mut self, piece: Uint8Array) {
        if let Some(decoder) = &mut self.decoder {
            decoder.feed(Bytes::copy_from_slice(&piece));
        }
    }

    /// The next piece of what was coded, or nothing until more is fed. Throws where the coding is broken.
    #[napi]
    pub fn draw(&mut self) -> Result<Option<Buffer>> {
        let Some(decoder) = &mut self.decoder else {
            return Ok(None);
        };
        match decoder.draw() {
            Ok(piece) => Ok(piece.map(Buffer::from)),
            Err(Broken(why)) => Err(Error::from_reason(why)),
        }
    }

    /// Says that a coded body has ended; tells whether there was anything of it. Throws where there should be more.
    #[napi]
    pub fn end_body(&mut self) -> Result<bool> {
        let Some(decoder) = &self.decoder else {
            return Ok(false);
        };
        match decoder.end() {
            Ok(()) => Ok(decoder.has_begun()),
            Err(Broken(why)) => Err(Error::from_reason(why)),
        }
    }

    /// The answer's body was read to its end.
    #[napi(ts_return_type = "object")]
    pub fn read<'env>(&mut self, env: &'env Env) -> Result<Unknown<'env>> {
        let action = self.core.read(&Machine);
        self.action(env, action)
    }

    /// The exchange failed with an incident: `{ kind, message, code, sent }`, where `kind` is `connection`, `connect`,
    /// `protocol`, `silent`, `cut`, `coding`, `size` or `file`, and `sent` whether anything may have left.
    #[napi(ts_args_type = "incident: object", ts_return_type = "object")]
    pub fn failed<'env>(&mut self, env: &'env Env, incident: Object<'env>) -> Result<Unknown<'env>> {
        let failure = self.failure(&incident)?;
        let action = self.core.failed(failure, &Machine);
        self.action(env, action)
    }

    /// The deadline has passed, or the caller called it off: gives back the permit, and says why as `{ failure }`.
    #[napi(ts_return_type = "object")]
    pub fn expired<'env>(&mut self, env: &'env Env) -> Result<Unknown<'env>> {
        self.permit = None;
        reply::failure(env, &self.core.expired(), None)
    }

    /// Gives back the permit.
    #[napi]
    pub fn release(&mut self) {
        self.permit = None;
    }
}

impl CallState {
    fn permits(&self) -> std::sync::Arc<tokio::sync::Semaphore> {
        Limiter::of_node().permits(&self.core.head().url, self.core.limits().max_connections)
    }

    fn failure(&self, incident: &Object) -> Result<Failure> {
        let text = |name| convert::text_property(incident, name);
        let message = text("message")?.unwrap_or_default();
        let failure = match text("kind")?.as_deref() {
            Some("connect") => Failure::not_connected(),
            Some("silent") => Failure::silent(self.core.limits().deadlines.silence),
            Some("protocol") => Failure::not_http(message),
            Some("cut") => Failure::cut(message),
            Some("coding") => Failure::undecodable(message),
            Some("size") => {
                Failure::too_large(convert::number_property(incident, "maxBytes")?.unwrap_or_default() as u64)
            }
            Some("file") => Failure::not_saved(&text("path")?.unwrap_or_default(), message),
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

    fn action<'env>(&mut self, env: &'env Env, action: Action) -> Result<Unknown<'env>> {
        match action {
            Action::Send => Ok(named(env, "send")?.to_unknown()),
            Action::Read(plan) => read(env, plan, self.decoder.is_some()),
            Action::Wait(retry) => {
                self.permit = None;
                wait(env, &retry)
            }
            Action::Finish(Ok(ended)) => {
                self.permit = None;
                finish(env, &ended)
            }
            Action::Finish(Err(failure)) => {
                self.permit = None;
                reply::failure(env, &failure, None)
            }
        }
    }
}

fn named<'env>(env: &'env Env, action: &str) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set_named_property("action", action)?;
    Ok(object)
}

/// `{ action: 'read', maxBytes, toFile, hasBody, isCoded }`.
fn read(env: &Env, plan: ReadPlan, is_coded: bool) -> Result<Unknown<'_>> {
    let mut object = named(env, "read")?;
    object.set_named_property("maxBytes", plan.max_bytes as f64)?;
    object.set_named_property("toFile", plan.to_file)?;
    object.set_named_property("hasBody", plan.has_body)?;
    object.set_named_property("isCoded", is_coded)?;
    Ok(object.to_unknown())
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

/// `{ action: 'finish', url, redirected, attempts, waitedMs, location, isDeleted, rewritten }`.
fn finish<'env>(env: &'env Env, ended: &Ended) -> Result<Unknown<'env>> {
    let mut object = named(env, "finish")?;
    reply::end(env, &mut object, ended)?;
    if let Some(location) = &ended.location {
        object.set_named_property("location", location.as_str())?;
    }
    object.set_named_property("isDeleted", ended.is_deleted)?;
    Ok(object.to_unknown())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
