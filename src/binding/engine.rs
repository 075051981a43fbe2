//! The thread that requests are made on.
//!
//! One for the process, with a loop of its own, instead of napi's pool: one core carries more requests than JavaScript
//! can ask for, tasks on one thread wake each other without a system call, and a second worker would only take the
//! processor from the main thread. Jobs come in and results go out by the batch, each batch with one wake-up.
//!
//! Waking a thread that sleeps takes longer than a near server's answer. While somebody calls such a server again and
//! again, one call at a time, the engine therefore stays awake from one call to the next. With more of them under way there
//! is always something to do, and with a server that is further away it would only burn the processor.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;
use std::thread::{JoinHandle, available_parallelism};
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::core::pool::Pool;

/// Something to be done on the engine's thread.
type Job = Box<dyn FnOnce() + Send>;

/// How long the engine stays awake for the next job: a little longer than a call over the loopback takes.
const VIGIL: Duration = Duration::from_micros(250);

/// How many jobs it sleeps for after having stayed awake for nothing: calls a little too slow for it cost it little.
const REST: u32 = 8;

/// The running engine. Who holds it keeps it running; the last one that lets go stops it and waits until it has, for
/// no thread may run in an addon that is being unloaded.
pub struct Engine {
    mailbox: Arc<Mailbox>,
    thread: Option<JoinHandle<()>>,
}

static RUNNING: Mutex<Weak<Engine>> = Mutex::new(Weak::new());

thread_local! {
    /// On the engine's thread: what is to be done soon.
    static SOON: RefCell<Option<Arc<Mailbox>>> = const { RefCell::new(None) };
    /// On the engine's thread: how many tasks there are.
    static UNDER_WAY: Cell<usize> = const { Cell::new(0) };
}

/// One of the tasks, for as long as it lives.
struct UnderWay;

impl UnderWay {
    fn begin() -> Self {
        UNDER_WAY.set(UNDER_WAY.get() + 1);
        Self
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        UNDER_WAY.set(UNDER_WAY.get().saturating_sub(1));
    }
}

impl Engine {
    /// The engine, started if there is none.
    ///
    /// # Errors
    /// When the system has no thread or no descriptors left for it.
    pub fn shared() -> io::Result<Arc<Self>> {
        // Held while it is started, so that there is never a second one.
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(engine) = running.upgrade() {
            return Ok(engine);
        }
        let engine = Arc::new(Self::start()?);
        *running = Arc::downgrade(&engine);
        Ok(engine)
    }

    /// The engine, if there is one.
    pub fn running() -> Option<Arc<Self>> {
        RUNNING.lock().unwrap_or_else(PoisonError::into_inner).upgrade()
    }

    fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .thread_name("connect-worker")
            .enable_all()
            .build()?;
        let mailbox = Arc::<Mailbox>::default();
        let ours = mailbox.clone();
        let thread = std::thread::Builder::new()
            .name("connect-engine".into())
            .spawn(move || live(runtime, &ours))?;
        Ok(Self {
            mailbox,
            thread: Some(thread),
        })
    }

    /// Runs a task on the engine's thread; the future is made there, for a request's is some kilobytes large and would
    /// be copied on its way.
    pub fn run<F: Future<Output = ()> + Send + 'static>(&self, make: impl FnOnce() -> F + Send + 'static) {
        self.mailbox.post(Box::new(move || {
            // In a box at once: by value, tokio would copy it three times on its way into the task.
            tokio::spawn(Box::pin(async move {
                let _under_way = UnderWay::begin();
                make().await;
            }));
        }));
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.mailbox.close();
        if let Some(thread) = self.thread.take() {
            // It can only have panicked, of which there is nobody to be told.
            let _ = thread.join();
        }
    }
}

/// The life of the engine's thread.
fn live(runtime: Runtime, mailbox: &Mailbox) {
    let soon = Arc::<Mailbox>::default();
    SOON.set(Some(soon.clone()));
    runtime.spawn(async move { soon.work_off(false).await });
    // On a single processor it would keep from working whoever it waits for.
    let may_stay_awake = available_parallelism().is_ok_and(|count| count.get() > 1);
    runtime.block_on(mailbox.work_off(may_stay_awake));
    SOON.set(None);
    // The next engine makes connections of its own.
    Pool::forget_all_of(runtime.handle().id());
    // Who reads a file or looks up a name is not waited for.
    runtime.shutdown_background();
}

/// Does something when the tasks that are ready now have had their turn, which may have more of the kind to be done in
/// one go; at once on any other thread than the engine's.
pub fn soon(job: impl FnOnce() + Send + 'static) {
    let outbox = SOON.with_borrow(Clone::clone);
    match outbox {
        Some(outbox) => outbox.post(Box::new(job)),
        None => job(),
    }
}

/// Jobs that wait, and whoever works them off.
#[derive(Default)]
struct Mailbox {
    letters: Mutex<Letters>,
    news: Notify,
}

#[derive(Default)]
struct Letters {
    jobs: Vec<Job>,
    is_closed: bool,
}

impl Mailbox {
    /// Adds a job. Only the first of several wakes whoever works them off: it costs a system call.
    fn post(&self, job: Job) {
        let is_first = {
            let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
            letters.jobs.push(job);
            letters.jobs.len() == 1
        };
        if is_first {
            self.news.notify_one();
        }
    }

    fn close(&self) {
        self.letters
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_closed = true;
        self.news.notify_one();
    }

    /// Does what there is to be done, until there will be no more.
    async fn work_off(&self, may_stay_awake: bool) {
        let (mut is_brisk, mut rest) = (false, 0);
        loop {
            let (jobs, is_closed) = {
                let mut letters = self.letters.lock().unwrap_or_else(PoisonError::into_inner);
                (std::mem::take(&mut letters.jobs), letters.is_closed)
            };
            for job in jobs {
                job();
            }
            if is_closed {
                return;
            }
            let idle = Instant::now();
            if may_stay_awake && is_brisk && rest == 0 {
                if self.news_soon().await {
                    continue;
                }
                if UNDER_WAY.get() <= 1 {
                    rest = REST;
                }
            }
            self.news.notified().await;
            rest = rest.saturating_sub(1);
            // Twice, for it has taken the waking up, too.
            is_brisk = idle.elapsed() < 2 * VIGIL;
        }
    }

    /// Waits for news for a moment, without letting the thread go to sleep, unless several tasks are under way, which a
    /// new one is only with its first turn; all have their turns meanwhile. Whether there were any news.
    async fn news_soon(&self) -> bool {
        let until = Instant::now() + VIGIL;
        let mut news = pin!(self.news.notified());
        while UNDER_WAY.get() <= 1 && Instant::now() < until {
            let is_there = poll_fn(|context| Poll::Ready(news.as_mut().poll(context).is_ready())).await;
            if is_there {
                return true;
            }
            tokio::task::yield_now().await;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone<T>(work: impl Future<Output = T>) -> T {
        Builder::new_current_thread().build().unwrap().block_on(work)
    }

    #[test]
    fn a_vigil_ends_by_itself_and_with_news() {
        let mailbox = Mailbox::default();
        assert!(!alone(mailbox.news_soon()));
        mailbox.post(Box::new(|| ()));
        assert!(alone(mailbox.news_soon()));
    }

    #[test]
    fn a_task_is_under_way_until_it_ends_or_is_dropped() {
        let first = UnderWay::begin();
        let second = UnderWay::begin();
        assert_eq!(UNDER_WAY.get(), 2);
        drop(second);
        assert!(
            std::panic::catch_unwind(move || {
                let _first = first;
                panic!("as a task may")
            })
            .is_err()
        );
        assert_eq!(UNDER_WAY.get(), 0);
    }
}
