//! Promises that the runtime's thread settles, in batches.
//!
//! napi gives every promise a threadsafe function of its own; making and closing one costs the main thread several
//! microseconds a call. Here an environment has a waker for as long as anything is in flight, and until the callbacks of
//! what was settled last have run: a loop that awaits one call after the other keeps it. It keeps the process alive exactly
//! that long, and a worker that ends takes it along. Completions of one turn of the runtime, and those that arrive while
//! the main thread is busy, are settled together, with one wake-up. Large bodies are spread over several turns of the event
//! loop: JavaScript parses all that was settled in a turn before anything else can happen.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::Unknown;
use napi::{Env, Error, JsError, JsValue, Result, Status, sys};
use tokio::sync::Notify;

use super::error::{self, respond};
use super::runtime::{self, Runtime};
use super::waker::{Turn, Waker};

/// What makes the promise's value, on the main thread.
type Settle = Box<dyn FnOnce(&Env) -> Result<sys::napi_value> + Send>;

/// A batch is full once its bodies have this many bytes, which take one or two milliseconds to parse.
const BATCH_BYTES: usize = 256 << 10;

/// An environment's completions that wait for its main thread.
#[derive(Default)]
struct Queue(Mutex<VecDeque<Completion>>);

/// A promise that is ready to be settled.
struct Completion {
    deferred: Deferred,
    settle: Settle,
    /// The size of the body that JavaScript is going to parse.
    bytes: usize,
}

/// The handle that settles a promise.
struct Deferred(sys::napi_deferred);

// SAFETY: it is an opaque handle. Other threads only carry it; `Completion::settle` alone uses it, on the thread of
// its environment.
unsafe impl Send for Deferred {}

/// What an environment keeps, used on its thread alone: the runtime, the queue, and the waker while something is in flight.
struct PromiseSettler {
    runtime: Arc<Runtime>,
    queue: Arc<Queue>,
    waker: Option<Arc<Waker>>,
    /// How many promises are not settled.
    in_flight: usize,
    gone: Arc<Notify>,
}

impl Drop for PromiseSettler {
    /// The environment is torn down. Nobody waits for its requests any more, which would hold their permits until they are
    /// answered.
    fn drop(&mut self) {
        self.gone.notify_waiters();
    }
}

/// Does work on the runtime's thread and returns a promise of what `settle` makes of its result on the main thread. A
/// failure becomes `{ failure }`.
///
/// * `work`: called on the runtime's thread; returns the future that is the work.
pub fn promise<'env, T, F, E>(
    env: &'env Env,
    work: impl FnOnce() -> F + Send + 'static,
    settle: impl for<'a> FnOnce(&'a Env, T) -> std::result::Result<Unknown<'a>, E> + Send + 'static,
) -> Result<Unknown<'env>>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
    E: Into<error::Error>,
{
    promise_of_body(env, work, settle, |_| 0)
}

/// As [`promise`], for a result with a body that JavaScript is going to parse.
///
/// * `size`: the size of that body, in bytes.
pub fn promise_of_body<'env, T, F, E>(
    env: &'env Env,
    work: impl FnOnce() -> F + Send + 'static,
    settle: impl for<'a> FnOnce(&'a Env, T) -> std::result::Result<Unknown<'a>, E> + Send + 'static,
    size: fn(&T) -> usize,
) -> Result<Unknown<'env>>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
    E: Into<error::Error>,
{
    let settler = settler(env)?;
    let waker = settler.waker(env)?;
    let (mut deferred, mut promise) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: `env` is the environment that called us, on its own thread; both pointers are ours to be written.
    check(unsafe { sys::napi_create_promise(env.raw(), &mut deferred, &mut promise) })?;
    settler.in_flight += 1;
    let gone = settler.gone.clone().notified_owned();
    let pending = PendingPromise {
        deferred: Some(Deferred(deferred)),
        queue: settler.queue.clone(),
        waker,
    };
    settler.runtime.spawn(move || {
        let work = boxed(work);
        async move {
            tokio::select! {
                biased;
                result = work => {
                    let bytes = size(&result);
                    let settle = move |env: &Env| respond(env, settle(env, result)).map(|value| value.raw());
                    pending.complete(Box::new(settle), bytes);
                }
                () = gone => {}
            }
        }
    });
    // SAFETY: `promise` was made above in this environment, and lives as long as the call we answer.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), promise) })
}

/// Does work on the runtime's thread that has no promise and does not keep the process alive; it ends with the
/// environment.
///
/// * `work`: as in [`promise`].
pub fn detached<F>(env: &Env, work: impl FnOnce() -> F + Send + 'static) -> Result<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let settler = settler(env)?;
    let gone = settler.gone.clone().notified_owned();
    settler.runtime.spawn(move || {
        let work = boxed(work);
        async move {
            tokio::select! {
                biased;
                () = work => {}
                () = gone => {}
            }
        }
    });
    Ok(())
}

/// Makes the future that is the work, boxed at once: a request's is some kilobytes large, and would be copied on its way
/// between threads and into the task.
fn boxed<F: Future>(work: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::pin(work())
}

/// The settler of an environment, which is made on first use.
fn settler(env: &Env) -> Result<&mut PromiseSettler> {
    match env.get_instance_data::<PromiseSettler>()? {
        Some(settler) => Ok(settler),
        None => make_settler(env),
    }
}

fn make_settler(env: &Env) -> Result<&mut PromiseSettler> {
    let failed = |reason: String| Error::from_reason(format!("the engine cannot be started: {reason}"));
    let settler = PromiseSettler {
        runtime: Runtime::shared().map_err(|error| failed(error.to_string()))?,
        queue: Arc::default(),
        waker: None,
        in_flight: 0,
        gone: Arc::default(),
    };
    env.set_instance_data(settler, (), |_| {})?;
    env.get_instance_data::<PromiseSettler>()?
        .ok_or_else(|| failed("the environment stores no instance data".into()))
}

/// Settles the next batch of what has arrived; on the main thread.
fn settle(env: &Env, turn: Turn) -> Result<()> {
    let Some(settler) = env.get_instance_data::<PromiseSettler>()? else {
        return Ok(());
    };
    let Some(waker) = settler.waker.clone() else {
        return Ok(());
    };
    if !waker.begin(turn) {
        // The call of `repeat`, below: JavaScript has gone on with what was settled last. What has arrived since has woken the
        // main thread for the next turn.
        if settler.in_flight == 0 {
            settler.waker = None;
        }
        return Ok(());
    }
    let (ready, is_last) = settler.queue.take();
    settler.in_flight -= ready.len();
    if !is_last {
        waker.wake();
    }
    if settler.in_flight == 0 {
        // Not dropped yet: a call that follows needs it again. Node runs the callbacks of promises in between.
        waker.repeat(turn);
    }
    for completion in ready {
        completion.settle(env);
    }
    Ok(())
}

impl PromiseSettler {
    /// The waker, made if nothing is in flight.
    fn waker(&mut self, env: &Env) -> Result<Arc<Waker>> {
        if let Some(waker) = &self.waker {
            return Ok(waker.clone());
        }
        let waker = Arc::new(Waker::new(env, settle)?);
        self.waker = Some(waker.clone());
        Ok(waker)
    }
}

impl Queue {
    /// Adds a completion; tells whether the main thread has to be woken for it.
    fn push(&self, completion: Completion) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push_back(completion);
        waiting.len() == 1
    }

    /// Takes the next batch; tells whether it was the last one.
    fn take(&self) -> (Vec<Completion>, bool) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while bytes < BATCH_BYTES
            && let Some(completion) = waiting.pop_front()
        {
            bytes += completion.bytes;
            batch.push(completion);
        }
        (batch, waiting.is_empty())
    }
}

impl Completion {
    /// Settles the promise; on the main thread.
    fn settle(self, env: &Env) {
        let result = (self.settle)(env);
        // SAFETY: we are on the thread of the deferred's environment, within a handle scope that Node
        // opened for the threadsafe function, and each deferred is used once.
        unsafe {
            match result {
                Ok(value) => sys::napi_resolve_deferred(env.raw(), self.deferred.0, value),
                Err(error) => sys::napi_reject_deferred(env.raw(), self.deferred.0, error_value(env, error)),
            };
        }
    }
}

/// The JavaScript error of a Rust one.
fn error_value(env: &Env, error: Error) -> sys::napi_value {
    // SAFETY: called by `Completion::settle`, on the environment's own thread.
    unsafe { JsError::from(error).into_value(env.raw()) }
}

/// A promise that is not yet settled. Dropped without having been completed (the task panicked, or the runtime was shut
/// down), it rejects, so that no promise stays pending for ever.
struct PendingPromise {
    deferred: Option<Deferred>,
    queue: Arc<Queue>,
    waker: Arc<Waker>,
}

impl PendingPromise {
    fn complete(mut self, settle: Settle, bytes: usize) {
        self.deliver(settle, bytes);
    }

    fn deliver(&mut self, settle: Settle, bytes: usize) {
        let Some(deferred) = self.deferred.take() else {
            return;
        };
        let completion = Completion {
            deferred,
            settle,
            bytes,
        };
        if self.queue.push(completion) {
            let waker = self.waker.clone();
            runtime::defer(move || waker.wake());
        }
    }
}

impl Drop for PendingPromise {
    fn drop(&mut self) {
        let settle = |_: &Env| {
            Err(Error::from_reason(
                "the engine failed; this is a defect of cloudblue-connect-native",
            ))
        };
        self.deliver(Box::new(settle), 0);
    }
}

fn check(status: sys::napi_status) -> Result<()> {
    match Status::from(status) {
        Status::Ok => Ok(()),
        status => Err(Error::new(status, "a promise could not be made")),
    }
}
