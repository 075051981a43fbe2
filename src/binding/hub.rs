//! Promises that are settled from the runtime's threads, in batches.
//!
//! napi's own way gives every promise a threadsafe function; making and closing one costs the main thread
//! several microseconds a call. Here an environment has one for as long as anything is in flight: it keeps
//! the process alive exactly that long, and a worker that ends takes it along. Completions that arrive while
//! the main thread is busy are settled together, in one wake-up.

use std::future::Future;
use std::ptr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use napi::bindgen_prelude::{Function, Unknown, spawn};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Error, JsError, JsValue, Result, Status, sys};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

/// Wakes the main thread; holding one keeps the process alive.
type Waker = ThreadsafeFunction<(), (), (), Status, false>;

/// What makes the promise's value, on the main thread.
type Settle = Box<dyn FnOnce(&Env) -> Result<sys::napi_value> + Send>;

/// An environment's completions that wait for its main thread.
#[derive(Default)]
struct Queue(Mutex<Vec<Completion>>);

/// A promise that is ready to be settled.
struct Completion {
    deferred: Deferred,
    settle: Settle,
}

/// The promise's other end.
struct Deferred(sys::napi_deferred);

// SAFETY: it is an opaque handle. Other threads only carry it; `Queue::settle` alone uses it, on the thread of
// its environment.
unsafe impl Send for Deferred {}

/// What an environment keeps: the queue, and the waker while something is in flight.
#[derive(Default)]
struct Hub {
    queue: Arc<Queue>,
    waker: Weak<Waker>,
    gone: Arc<Notify>,
}

impl Drop for Hub {
    /// The environment is torn down: nobody waits for its requests any more, which would hold their places at their
    /// hosts until they are answered.
    fn drop(&mut self) {
        self.gone.notify_waiters();
    }
}

/// Runs `work` on the runtime and gives a promise of what `settle` makes of its result on the main thread.
pub fn promise<'env, T: Send + 'static>(
    env: &'env Env,
    work: impl Future<Output = T> + Send + 'static,
    settle: impl for<'a> FnOnce(&'a Env, T) -> Result<Unknown<'a>> + Send + 'static,
) -> Result<Unknown<'env>> {
    let (queue, waker, gone) = join(env)?;
    let (mut deferred, mut promise) = (ptr::null_mut(), ptr::null_mut());
    // SAFETY: `env` is the environment that called us, on its own thread; both pointers are ours to be written.
    check(unsafe { sys::napi_create_promise(env.raw(), &mut deferred, &mut promise) })?;
    let ticket = Ticket {
        deferred: Some(Deferred(deferred)),
        queue,
        waker,
    };
    spawn(async move {
        tokio::select! {
            biased;
            result = work => {
                ticket.complete(Box::new(move |env| settle(env, result).map(|value| value.raw())));
            }
            () = gone => {}
        }
    });
    // SAFETY: `promise` was made above in this environment, and lives as long as the call we answer.
    Ok(unsafe { Unknown::from_raw_unchecked(env.raw(), promise) })
}

/// What a request needs of its environment: the queue, a waker that lives, and what tells that the environment is gone.
type Joined = (Arc<Queue>, Arc<Waker>, OwnedNotified);

/// The hub of an environment, made on first use.
fn join(env: &Env) -> Result<Joined> {
    if env.get_instance_data::<Hub>()?.is_none() {
        env.set_instance_data(Hub::default(), (), |_| {})?;
    }
    let hub = env
        .get_instance_data::<Hub>()?
        .ok_or_else(|| Error::from_reason("the environment has no hub"))?;
    let gone = hub.gone.clone().notified_owned();
    if let Some(waker) = hub.waker.upgrade() {
        return Ok((hub.queue.clone(), waker, gone));
    }
    let queue = hub.queue.clone();
    let nothing: Function<(), ()> = env.create_function_from_closure("wake", |_| Ok(()))?;
    let waker = nothing
        .build_threadsafe_function::<()>()
        .build_callback(move |context| {
            queue.settle(&context.env);
            Ok(())
        })?;
    let waker = Arc::new(waker);
    hub.waker = Arc::downgrade(&waker);
    Ok((hub.queue.clone(), waker, gone))
}

impl Queue {
    /// Adds a completion; tells whether the main thread has to be woken for it.
    fn push(&self, completion: Completion) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(completion);
        waiting.len() == 1
    }

    /// Settles what has arrived so far; on the main thread.
    fn settle(&self, env: &Env) {
        let ready = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for Completion { deferred, settle } in ready {
            let result = settle(env);
            // SAFETY: we are on the thread of the deferred's environment, within a handle scope that Node
            // opened for the threadsafe function, and each deferred is used once.
            unsafe {
                match result {
                    Ok(value) => sys::napi_resolve_deferred(env.raw(), deferred.0, value),
                    Err(error) => sys::napi_reject_deferred(env.raw(), deferred.0, error_value(env, error)),
                };
            }
        }
    }
}

/// The JavaScript error of a Rust one.
fn error_value(env: &Env, error: Error) -> sys::napi_value {
    // SAFETY: called by `Queue::settle`, on the environment's own thread.
    unsafe { JsError::from(error).into_value(env.raw()) }
}

/// A promise that is under way. Dropped without having been completed (the task panicked, or the runtime was
/// shut down), it rejects: a promise that never settles is the one outcome that must not be.
struct Ticket {
    deferred: Option<Deferred>,
    queue: Arc<Queue>,
    waker: Arc<Waker>,
}

impl Ticket {
    fn complete(mut self, settle: Settle) {
        self.deliver(settle);
    }

    fn deliver(&mut self, settle: Settle) {
        if let Some(deferred) = self.deferred.take()
            && self.queue.push(Completion { deferred, settle })
        {
            // It fails only while the environment is being torn down, when nobody waits any more.
            let _ = self.waker.call((), ThreadsafeFunctionCallMode::NonBlocking);
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.deliver(Box::new(|_| {
            Err(Error::from_reason(
                "the engine failed; this is a defect of cloudblue-connect-native",
            ))
        }));
    }
}

fn check(status: sys::napi_status) -> Result<()> {
    match Status::from(status) {
        Status::Ok => Ok(()),
        status => Err(Error::new(status, "a promise could not be made")),
    }
}
