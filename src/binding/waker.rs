//! Wakes the main thread of an environment, which has a turn of its event loop between two wake-ups.

use std::sync::atomic::{AtomicBool, Ordering};

use napi::bindgen_prelude::Function;
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Result, Status};

/// What Node calls on the main thread.
type Callback = ThreadsafeFunction<(), (), (), Status, false>;

/// Two functions that are called by turns; holding them keeps the process alive.
///
/// What a threadsafe function is called with while it runs, Node calls it with at once, up to a thousand times. If the main
/// thread is busier than the engine, then no timer and no socket would get its turn. The other function waits for the event
/// loop.
pub struct Waker {
    first: Callback,
    second: Callback,
    /// Whether the second is to be called next.
    is_second: AtomicBool,
}

/// One of the two functions.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    First,
    Second,
}

impl Waker {
    /// A waker of the environment's main thread.
    ///
    /// * `woken`: called on the main thread, with the function that was called.
    pub fn new(env: &Env, woken: fn(&Env, Turn) -> Result<()>) -> Result<Self> {
        let nothing: Function<(), ()> = env.create_function_from_closure("wake", |_| Ok(()))?;
        let callback = |turn| {
            nothing
                .build_threadsafe_function::<()>()
                .build_callback(move |context| woken(&context.env, turn))
        };
        Ok(Self {
            first: callback(Turn::First)?,
            second: callback(Turn::Second)?,
            is_second: AtomicBool::new(false),
        })
    }

    /// Wakes the main thread, in a later turn of its event loop than the one that has begun.
    pub fn wake(&self) {
        self.call(self.next());
    }

    /// Begins a turn: wake-ups from now on are for another one. False if it has begun already.
    pub fn begin(&self, turn: Turn) -> bool {
        let is_new = turn == self.next();
        if is_new {
            self.is_second.store(turn == Turn::First, Ordering::Release);
        }
        is_new
    }

    /// Calls the function of a turn that has begun once more, after the callbacks of promises.
    pub fn repeat(&self, turn: Turn) {
        self.call(turn);
    }

    fn next(&self) -> Turn {
        match self.is_second.load(Ordering::Acquire) {
            false => Turn::First,
            true => Turn::Second,
        }
    }

    fn call(&self, turn: Turn) {
        let callback = match turn {
            Turn::First => &self.first,
            Turn::Second => &self.second,
        };
        // It fails only while the environment is being torn down, when nobody waits any more.
        let _ = callback.call((), ThreadsafeFunctionCallMode::NonBlocking);
    }
}
