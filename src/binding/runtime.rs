//! The thread that requests are made on.
//!
//! One for the process, with a tokio runtime of its own, instead of napi's pool: one core carries more requests than
//! JavaScript can start, tasks on one thread wake each other without a system call, and a second worker would only take
//! the processor from the main thread. Jobs come in and results go out in batches, each batch with one wake-up.

use std::cell::RefCell;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread::JoinHandle;

use tokio::runtime::{Builder, Runtime as TokioRuntime};
use tokio::sync::Notify;

use crate::core::http::pool::Pool;

/// A function that the runtime's thread calls.
type Job = Box<dyn FnOnce() + Send>;

/// The running thread. Whoever holds it keeps it running. Dropping the last reference stops the thread and waits for it,
/// because no thread may run in an addon that is being unloaded.
pub struct Runtime {
    queue: Arc<Queue>,
    thread: Option<JoinHandle<()>>,
}

static SHARED: Mutex<Weak<Runtime>> = Mutex::new(Weak::new());

thread_local! {
    /// On the runtime's thread: the jobs that `defer` was called with.
    static DEFERRED: RefCell<Option<Arc<Queue>>> = const { RefCell::new(None) };
}

impl Runtime {
    /// The process's runtime, started if there is none.
    ///
    /// # Errors
    /// When the system has no thread or no file descriptor left for it.
    pub fn shared() -> io::Result<Arc<Self>> {
        // Locked while the thread starts, so that there is never a second one.
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(runtime) = shared.upgrade() {
            return Ok(runtime);
        }
        let runtime = Arc::new(Self::start()?);
        *shared = Arc::downgrade(&runtime);
        Ok(runtime)
    }

    /// The process's runtime, if there is one.
    pub fn running() -> Option<Arc<Self>> {
        SHARED.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    fn start() -> io::Result<Self> {
        let tokio = Builder::new_current_thread()
            .thread_name("connect-worker")
            .enable_all()
            .build()?;
        let queue = Arc::<Queue>::default();
        let incoming = queue.clone();
        let thread = std::thread::Builder::new()
            .name("connect-engine".into())
            .spawn(move || thread_main(tokio, &incoming))?;
        Ok(Self {
            queue,
            thread: Some(thread),
        })
    }

    /// Runs a task on the runtime's thread.
    ///
    /// * `make`: called on that thread to make the future, which tokio copies several times, so that what is large in it must be boxed.
    pub fn spawn<F: Future<Output = ()> + Send + 'static>(&self, make: impl FnOnce() -> F + Send + 'static) {
        self.queue.push(Box::new(move || {
            tokio::spawn(make());
        }));
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        self.queue.close();
        if let Some(thread) = self.thread.take() {
            // It fails only if the thread panicked, and nobody is left to report that to.
            let _ = thread.join();
        }
    }
}

fn thread_main(tokio: TokioRuntime, queue: &Queue) {
    let deferred = Arc::<Queue>::default();
    DEFERRED.set(Some(deferred.clone()));
    tokio.spawn(async move { deferred.run().await });
    tokio.block_on(queue.run());
    DEFERRED.set(None);
    // The next runtime opens connections of its own.
    Pool::close_runtime(tokio.handle().id());
    // Does not wait for threads that read a file or resolve a name.
    tokio.shutdown_background();
}

/// Calls a function after all tasks that are ready now have run, so that what several of them leave to do is done
/// together. On any other thread than the runtime's it is called at once.
pub fn defer(job: impl FnOnce() + Send + 'static) {
    let deferred = DEFERRED.with_borrow(Clone::clone);
    match deferred {
        Some(queue) => queue.push(Box::new(job)),
        None => job(),
    }
}

/// Jobs that wait for the runtime's thread.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    notify: Notify,
}

#[derive(Default)]
struct State {
    jobs: Vec<Job>,
    is_closed: bool,
}

impl Queue {
    /// Adds a job. Only the first of several wakes the thread, because waking it costs a system call.
    fn push(&self, job: Job) {
        let is_first = {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.jobs.push(job);
            state.jobs.len() == 1
        };
        if is_first {
            self.notify.notify_one();
        }
    }

    fn close(&self) {
        self.state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_closed = true;
        self.notify.notify_one();
    }

    /// Runs jobs until the queue is closed.
    async fn run(&self) {
        loop {
            let (jobs, is_closed) = {
                let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
                (std::mem::take(&mut state.jobs), state.is_closed)
            };
            for job in jobs {
                job();
            }
            if is_closed {
                return;
            }
            self.notify.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_closed_queue_still_runs_the_jobs_that_were_pushed_before() {
        let ran = Arc::new(AtomicUsize::new(0));
        let queue = Queue::default();
        for _ in 0..3 {
            let ran = ran.clone();
            queue.push(Box::new(move || {
                ran.fetch_add(1, Ordering::Relaxed);
            }));
        }
        queue.close();
        Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(queue.run());
        assert_eq!(ran.load(Ordering::Relaxed), 3);
    }

    #[test]
    fn a_deferred_job_runs_at_once_on_another_thread() {
        let ran = Arc::new(AtomicUsize::new(0));
        let counter = ran.clone();
        defer(move || {
            counter.fetch_add(1, Ordering::Relaxed);
        });
        assert_eq!(ran.load(Ordering::Relaxed), 1);
    }
}
