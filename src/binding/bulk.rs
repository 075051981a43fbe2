//! Closing many records: the run as JavaScript drives it.
//!
//! JavaScript hands records over in chunks of JSON, and gets progress and a report; nothing per record in between. On
//! a customised client the run's requests come back out, one by one, for the face to send through its pipeline.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{JsObjectValue, Null, Object, ToNapiValue, Unknown};
use napi::{Env, JsValue, Result};
use napi_derive::napi;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc, oneshot};

use super::bulk_input;
use super::bulk_report::{self, Ended, Finished};
use super::client::ConnectClient;
use super::intake::{Intake, MOST_CHUNKS, Taken};
use super::roads::{Direct, Pipeline, Reply};
use super::{convert, hub, reply};
use crate::core::bulk::engine::{Options, Place, Road, Run};
use crate::core::bulk::journal::Journal;
use crate::core::bulk::progress::Progress;
use crate::core::bulk::records::{Defaults, Record};
use crate::core::bulk::seen::{Seed, Seen};
use crate::core::endpoint;
use crate::core::environment::Machine;
use crate::core::error::Failure;
use crate::core::request::{Body, Request};

/// What a run needs to begin; taken by `start`.
struct Start {
    records: mpsc::Receiver<Vec<Record>>,
    road: Arc<dyn Road>,
    options: Options,
    journal: Option<PathBuf>,
    place: std::result::Result<Place, Failure>,
    finished: oneshot::Sender<Finished>,
}

/// A run.
#[napi]
pub struct BulkRun {
    intake: Arc<AsyncMutex<Intake>>,
    checked: Arc<AsyncMutex<Intake>>,
    /// What records come in by; gone when there will be no more.
    input: mpsc::WeakSender<Vec<Record>>,
    duplicates: Arc<AtomicU64>,
    start: Option<Start>,
    finished: Arc<AsyncMutex<oneshot::Receiver<Finished>>>,
    progress: Progress,
    abort: Arc<Notify>,
    requests: Arc<AsyncMutex<mpsc::Receiver<(Request, Reply)>>>,
    waiting: Arc<Mutex<HashMap<u32, Reply>>>,
    numbers: Arc<AtomicU64>,
}

#[napi]
impl BulkRun {
    /// * `client`: the client to send with.
    /// * `baseUri`: the path of the usage records.
    /// * `options`: `batchSize`, `concurrency`, `backOff`, `maxTries`, `window`, `readBackTimeout`, `stopOnError`, `dryRun`,
    ///   `journal`, `externalBillingId`, `externalBillingNote`, `isListed` (the records are the API's own), `pipeline`
    ///   (requests come out by `next`), `endpoint` (of a client that is not ours).
    #[napi(constructor)]
    pub fn new(client: &ConnectClient, base_uri: String, options: Object) -> Result<Self> {
        let flag = |name| Ok::<_, napi::Error>(options.get::<bool>(name)?.unwrap_or(false));
        let defaults = Defaults {
            billing_id: convert::text_property(&options, "externalBillingId")?,
            note: convert::text_property(&options, "externalBillingNote")?,
            requires_billing_id: !flag("isListed")?,
        };
        let (run, records) = mpsc::channel(MOST_CHUNKS);
        let (out, requests) = mpsc::channel(1);
        let (finished, when_finished) = oneshot::channel();
        let is_piped = flag("pipeline")?;
        let road: Arc<dyn Road> = if is_piped {
            Arc::new(Pipeline::new(out, client.core.api_key()))
        } else {
            Arc::new(Direct::new(client.core.clone()))
        };
        let endpoint = if is_piped {
            // A client whose arguments were given the other way round has the key there, which the journal would hold.
            let given = convert::text_property(&options, "endpoint")?.unwrap_or_default();
            Ok(endpoint::shown(&given).into_owned())
        } else {
            client.core.endpoint().map(Into::into)
        };
        let intake = |run| {
            Arc::new(AsyncMutex::new(Intake {
                defaults: defaults.clone(),
                seen: Seen::new(Seed::random()),
                count: 0,
                run,
            }))
        };
        Ok(Self {
            input: run.downgrade(),
            intake: intake(Some(run)),
            checked: intake(None),
            duplicates: Arc::default(),
            start: Some(Start {
                records,
                road,
                options: bulk_input::options(&options)?,
                journal: convert::text_property(&options, "journal")?.map(PathBuf::from),
                place: endpoint.map(|endpoint| Place {
                    endpoint: endpoint::without_slash(&endpoint).into(),
                    base: base_uri,
                }),
                finished,
            }),
            finished: Arc::new(AsyncMutex::new(when_finished)),
            progress: Progress::default(),
            abort: Arc::default(),
            requests: Arc::new(AsyncMutex::new(requests)),
            waiting: Arc::default(),
            numbers: Arc::default(),
        })
    }

    /// Looks a chunk of records over without taking it: for a list that is to be right as a whole before anything is
    /// sent.
    ///
    /// * `chunk`: a JSON array in UTF-8, as for `push`.
    ///
    /// Resolves to undefined, or to `{ failure }`.
    #[napi(ts_return_type = "Promise<undefined | object>")]
    pub fn check<'env>(&self, env: &'env Env, chunk: &[u8]) -> Result<Unknown<'env>> {
        let (checked, chunk) = (self.checked.clone(), chunk.to_vec());
        hub::promise(
            env,
            move || async move { checked.lock().await.read(&chunk, &AtomicU64::new(0)).1 },
            |env, failure| match failure {
                Some(failure) => reply::failure(env, &failure, None),
                None => ().into_unknown(env),
            },
        )
    }

    /// Hands a chunk of records over.
    ///
    /// * `chunk`: a JSON array in UTF-8. As bytes, for Node copies them several times as fast as it reads out a string.
    ///
    /// Resolves when there is room for the next one: to true, to false if the run takes no more, or to `{ failure }`, when
    /// the records before the wrong one have been taken.
    #[napi(ts_return_type = "Promise<boolean | object>")]
    pub fn push<'env>(&self, env: &'env Env, chunk: &[u8]) -> Result<Unknown<'env>> {
        let (intake, duplicates) = (self.intake.clone(), self.duplicates.clone());
        let chunk = chunk.to_vec();
        hub::promise(
            env,
            move || async move { intake.lock().await.take(&chunk, &duplicates).await },
            |env, taken| match taken {
                Taken::All => true.into_unknown(env),
                Taken::Over => false.into_unknown(env),
                Taken::Wrong(failure) => reply::failure(env, &failure, None),
            },
        )
    }

    /// Says that all records have been handed over.
    #[napi(ts_return_type = "Promise<undefined>")]
    pub fn end<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let intake = self.intake.clone();
        hub::promise(
            env,
            move || async move { intake.lock().await.run = None },
            |env, ()| ().into_unknown(env),
        )
    }

    /// Says that all records are there: each of them is handed over, even if the run ends early.
    ///
    /// * `total`: how many there are, for the progress.
    #[napi]
    pub fn expect(&self, total: Option<f64>) {
        self.progress.all_records_are_there();
        if let Some(total) = total {
            self.progress.expect(total as u64);
        }
    }

    /// Calls the run off: what is under way is dropped.
    #[napi]
    pub fn abort(&self) {
        self.abort.notify_one();
    }

    /// How far the run is: `{ done, total, closed, failed, rate, etaMs }`.
    #[napi(ts_return_type = "object")]
    pub fn progress<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        bulk_report::progress(env, &self.progress)
    }

    /// Begins. Nothing is kept alive by it: `settled` does that.
    #[napi]
    pub fn start(&mut self, env: &Env) -> Result<()> {
        let Some(start) = self.start.take() else {
            return Ok(());
        };
        let (progress, abort, duplicates) =
            (self.progress.clone(), self.abort.clone(), self.duplicates.clone());
        hub::detached(env, move || async move {
            let (ended, finished) = run(start, progress, &abort, &duplicates).await;
            // Nobody waits for it any more: the environment is being torn down.
            let _ = finished.send(ended);
        })
    }

    /// Waits for the run, which is what keeps the process alive.
    ///
    /// * `untilTheEnd`: whether no more records will come, or the run has been called off.
    ///
    /// Resolves to the report, with `stopped`, `refusal` or `aborted` if the run ended before its records did; to `{ failure }`
    /// alone if it could not begin; to null once it has nothing to do until more records come.
    #[napi(ts_return_type = "Promise<object | null>")]
    pub fn settled<'env>(&self, env: &'env Env, until_the_end: bool) -> Result<Unknown<'env>> {
        let (finished, progress, input) = (self.finished.clone(), self.progress.clone(), self.input.clone());
        hub::promise(
            env,
            move || async move {
                let mut finished = finished.lock().await;
                tokio::select! {
                    biased;
                    ended = &mut *finished => Some(ended.unwrap_or_else(|_| Err(bulk_report::broken_down()))),
                    () = resting(&progress, &input), if !until_the_end => None,
                }
            },
            |env, ended| match ended {
                Some(ended) => bulk_report::ended(env, ended),
                None => Null.into_unknown(env),
            },
        )
    }

    /// The next request for the pipeline: `{ number, path, method, body }`; null when there will be none, undefined while
    /// the run has nothing to do until more records come.
    ///
    /// * `untilTheEnd`: as for `settled`.
    #[napi(ts_return_type = "Promise<object | null | undefined>")]
    pub fn next<'env>(&self, env: &'env Env, until_the_end: bool) -> Result<Unknown<'env>> {
        let (requests, waiting, numbers) =
            (self.requests.clone(), self.waiting.clone(), self.numbers.clone());
        let (progress, input) = (self.progress.clone(), self.input.clone());
        hub::promise(
            env,
            move || async move {
                let mut requests = requests.lock().await;
                let next = tokio::select! {
                    biased;
                    next = requests.recv() => next,
                    () = resting(&progress, &input), if !until_the_end => return Err(()),
                };
                Ok(next.map(|(request, reply)| {
                    let number = numbers.fetch_add(1, Ordering::Relaxed) as u32;
                    waiting
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .insert(number, reply);
                    (number, request)
                }))
            },
            |env, next| match next {
                Err(()) => ().into_unknown(env),
                Ok(None) => Null.into_unknown(env),
                Ok(Some((number, request))) => {
                    let mut object = Object::new(env)?;
                    object.set_named_property("number", number)?;
                    object.set_named_property("path", request.path)?;
                    object.set_named_property("method", request.verb.as_str())?;
                    if let Body::Json(text) = request.body {
                        object.set_named_property("body", text)?;
                    }
                    Ok(object.to_unknown())
                }
            },
        )
    }

    /// What became of a request of `next`: `{ status, body, retryAfter, date, redirected }`, or
    /// `{ message, code, maybeProcessed, input }`.
    #[napi]
    pub fn answer(&self, number: u32, result: Object) -> Result<()> {
        let reply = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
        let Some(reply) = reply else { return Ok(()) };
        // The run may have been called off meanwhile.
        let _ = reply.send(bulk_input::answer(&result)?);
        Ok(())
    }
}

/// Completes when a run has nothing to do, and nothing to take.
async fn resting(progress: &Progress, input: &mpsc::WeakSender<Vec<Record>>) {
    let is_waiting = || {
        input
            .upgrade()
            .is_some_and(|input| input.capacity() == input.max_capacity())
    };
    progress.idle(is_waiting).await;
}

async fn run(
    start: Start,
    progress: Progress,
    abort: &Notify,
    duplicates: &AtomicU64,
) -> (Finished, oneshot::Sender<Finished>) {
    let Start {
        records,
        road,
        options,
        journal,
        place,
        finished,
    } = start;
    let ended = async {
        let place = place?;
        let journal = match journal {
            // Looking on writes nothing, not even a journal.
            Some(path) if options.dry_run && !path.exists() => None,
            Some(path) => Some(Journal::open(&path, &place.url(), Seed::random()).await?),
            None => None,
        };
        let run = Run::new(road, place, options, journal, progress.clone(), Arc::new(Machine));
        let (mut report, stopped) = run.close_all(records, abort.notified()).await;
        report.duplicates = duplicates.load(Ordering::Relaxed);
        Ok(Ended {
            report,
            stopped,
            elapsed: progress.now().elapsed,
        })
    };
    (ended.await, finished)
}
