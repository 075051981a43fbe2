//! Closing many records: the run as JavaScript drives it.
//!
//! JavaScript hands records over in chunks of JSON, and gets progress and a report; nothing per record in between. On
//! a customised client the run's requests come back out, one by one, for the face to send through its pipeline.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use napi::bindgen_prelude::{JsObjectValue, Object, ToNapiValue, Unknown};
use napi::{Env, JsValue, Result};
use napi_derive::napi;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc};

use super::client::ConnectClient;
use super::intake::{Intake, MOST_CHUNKS, Taken};
use super::reply::Asked;
use super::roads::{Direct, Pipeline, Reply};
use super::{convert, hub, reply};
use crate::core::bulk::engine::{Options, Road, Run, Stopped};
use crate::core::bulk::journal::Journal;
use crate::core::bulk::progress::Progress;
use crate::core::bulk::records::{Defaults, Record};
use crate::core::bulk::report::Report;
use crate::core::bulk::seen::{Seed, Seen};
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;
use crate::core::request::{Body, Request};

/// What a run needs to begin; taken by `run`.
struct Start {
    records: mpsc::Receiver<Vec<Record>>,
    road: Arc<dyn Road>,
    options: Options,
    journal: Option<PathBuf>,
    place: std::result::Result<String, Failure>,
    base: String,
}

/// A run.
#[napi]
pub struct BulkRun {
    intake: Arc<AsyncMutex<Intake>>,
    checked: Arc<AsyncMutex<Intake>>,
    duplicates: Arc<AtomicU64>,
    start: Option<Start>,
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
    /// * `options`: `batchSize`, `concurrency`, `backOff`, `stopOnError`, `dryRun`, `journal`, `externalBillingId`,
    ///   `externalBillingNote`, `isListed` (the records are the API's own), `pipeline` (requests come out by `next`),
    ///   `endpoint` (of a client that is not ours).
    #[napi(constructor)]
    pub fn new(client: &ConnectClient, base_uri: String, options: Object) -> Result<Self> {
        let flag = |name| Ok::<_, napi::Error>(options.get::<bool>(name)?.unwrap_or(false));
        let number =
            |name| Ok::<_, napi::Error>(convert::number_property(&options, name)?.map(|size| size as usize));
        let defaults = Defaults {
            billing_id: convert::text_property(&options, "externalBillingId")?,
            note: convert::text_property(&options, "externalBillingNote")?,
            requires_billing_id: !flag("isListed")?,
        };
        let usual = Options::default();
        let first = convert::duration_property(&options, "backOff")?.unwrap_or(usual.policy.first);
        let run_options = Options {
            batch_size: number("batchSize")?.unwrap_or(usual.batch_size),
            concurrency: number("concurrency")?.unwrap_or(usual.concurrency),
            stop_on_error: flag("stopOnError")?,
            dry_run: flag("dryRun")?,
            policy: usual.policy.starting_with(first),
            ..usual
        };
        let (run, records) = mpsc::channel(MOST_CHUNKS);
        let (out, requests) = mpsc::channel(1);
        let is_piped = flag("pipeline")?;
        let road: Arc<dyn Road> = if is_piped {
            Arc::new(Pipeline(out))
        } else {
            Arc::new(Direct(client.core.clone()))
        };
        let endpoint = if is_piped {
            Ok(convert::text_property(&options, "endpoint")?.unwrap_or_default())
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
            intake: intake(Some(run)),
            checked: intake(None),
            duplicates: Arc::default(),
            start: Some(Start {
                records,
                road,
                options: run_options,
                journal: convert::text_property(&options, "journal")?.map(PathBuf::from),
                place: endpoint.map(|endpoint| format!("{}{base_uri}", endpoint.trim_end_matches('/'))),
                base: base_uri,
            }),
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

    /// Says how many records there will be.
    #[napi]
    pub fn expect(&self, total: f64) {
        self.progress.expect(total as u64);
    }

    /// Calls the run off: what is under way is dropped.
    #[napi]
    pub fn abort(&self) {
        self.abort.notify_one();
    }

    /// How far the run is: `{ done, total, closed, failed, rate, etaMs }`.
    #[napi(ts_return_type = "object")]
    pub fn progress<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let now = self.progress.now();
        let mut object = Object::new(env)?;
        object.set_named_property("done", now.done as f64)?;
        if let Some(total) = now.total {
            object.set_named_property("total", total as f64)?;
        }
        object.set_named_property("closed", now.closed as f64)?;
        object.set_named_property("failed", now.failed as f64)?;
        object.set_named_property("rate", now.rate)?;
        if let Some(left) = now.remaining {
            object.set_named_property("etaMs", left.as_secs_f64() * 1000.0)?;
        }
        Ok(object.to_unknown())
    }

    /// Runs. Resolves to the report, with `failure`, `refusal` or `aborted` if the run ended before its records did;
    /// to `{ failure }` alone if it could not begin.
    #[napi(ts_return_type = "Promise<object>")]
    pub fn run<'env>(&mut self, env: &'env Env) -> Result<Unknown<'env>> {
        let start = self.start.take();
        let (progress, abort, duplicates) =
            (self.progress.clone(), self.abort.clone(), self.duplicates.clone());
        hub::promise(
            env,
            move || async move {
                let start = start.ok_or_else(|| Failure::input("a run runs once"))?;
                let place = start.place?;
                let journal = match &start.journal {
                    // Looking on writes nothing, not even a journal.
                    Some(path) if start.options.dry_run && !path.exists() => None,
                    Some(path) => Some(Journal::open(path, &place, Seed::random()).await?),
                    None => None,
                };
                let run = Run::new(start.road, start.base, start.options, journal, progress.clone());
                let (mut report, stopped) = run.close_all(start.records, abort.notified()).await;
                report.duplicates = duplicates.load(Ordering::Relaxed);
                Ok((report, stopped, progress.now().elapsed))
            },
            |env, result: std::result::Result<_, Failure>| match result {
                Ok((report, stopped, elapsed)) => {
                    let mut object = report_object(env, report)?;
                    object.set_named_property("elapsedMs", elapsed.as_secs_f64() * 1000.0)?;
                    match stopped {
                        None => {}
                        Some(Stopped::Aborted) => object.set_named_property("aborted", true)?,
                        Some(Stopped::Failed(failure)) => {
                            object.set_named_property("stopped", reply::failure(env, &failure, None)?)?;
                        }
                        Some(Stopped::Forbidden(outcome)) => {
                            let asked = Asked {
                                method: "POST",
                                path: "/usage/records/close-records".into(),
                            };
                            object.set_named_property("refusal", reply::answer(env, outcome, &asked)?)?;
                        }
                    }
                    Ok(object.to_unknown())
                }
                Err(failure) => reply::failure(env, &failure, None),
            },
        )
    }

    /// The next request for the pipeline: `{ number, path, method, body }`, or null when there will be none.
    #[napi(ts_return_type = "Promise<object | null>")]
    pub fn next<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let (requests, waiting, numbers) =
            (self.requests.clone(), self.waiting.clone(), self.numbers.clone());
        hub::promise(
            env,
            move || async move {
                let (request, reply) = requests.lock().await.recv().await?;
                let number = numbers.fetch_add(1, Ordering::Relaxed) as u32;
                waiting
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(number, reply);
                Some((number, request))
            },
            |env, next| {
                let Some((number, request)) = next else {
                    return napi::bindgen_prelude::Null.into_unknown(env);
                };
                let mut object = Object::new(env)?;
                object.set_named_property("number", number)?;
                object.set_named_property("path", request.path)?;
                object.set_named_property("method", request.verb.as_str())?;
                if let Body::Json(text) = request.body {
                    object.set_named_property("body", text)?;
                }
                Ok(object.to_unknown())
            },
        )
    }

    /// What became of a request of `next`: `{ status, body, retryAfter }`, or `{ message, maybeProcessed, input }`.
    #[napi]
    pub fn answer(&self, number: u32, result: Object) -> Result<()> {
        let reply = self
            .waiting
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
        let Some(reply) = reply else { return Ok(()) };
        let result = match result.get::<u32>("status")? {
            Some(status) => {
                let body = convert::text_property(&result, "body")?.unwrap_or_default();
                let wait = convert::text_property(&result, "retryAfter")?;
                Ok(
                    Outcome::plain(u16::try_from(status).unwrap_or(0), body.into_bytes())
                        .asking_to_wait(wait),
                )
            }
            None => {
                let message = convert::text_property(&result, "message")?.unwrap_or_default();
                let kind = if result.get::<bool>("input")?.unwrap_or(false) {
                    Kind::Input
                } else {
                    Kind::Connection
                };
                let failure = Failure::new(kind, message);
                Err(if result.get::<bool>("maybeProcessed")?.unwrap_or(true) {
                    failure.after_sending()
                } else {
                    failure
                })
            }
        };
        // The run may have been called off meanwhile.
        let _ = reply.send(result);
        Ok(())
    }
}

fn report_object(env: &Env, report: Report) -> Result<Object<'_>> {
    let mut object = Object::new(env)?;
    object.set_named_property("closed", report.closed as f64)?;
    object.set_named_property("alreadyClosed", report.already_closed as f64)?;
    let mut failed = env.create_array(0)?;
    for refused in report.failed {
        let mut item = Object::new(env)?;
        item.set_named_property("id", refused.id)?;
        if let Some(codes) = refused.codes {
            item.set_named_property("errorCodes", codes)?;
        }
        if let Some(details) = refused.details {
            item.set_named_property("errorDetails", details)?;
        }
        failed.insert(item)?;
    }
    object.set_named_property("failed", failed)?;
    let mut conflicts = env.create_array(0)?;
    for conflict in report.conflicts {
        let mut item = Object::new(env)?;
        item.set_named_property("id", conflict.id)?;
        item.set_named_property("externalBillingId", conflict.billing_id)?;
        conflicts.insert(item)?;
    }
    object.set_named_property("conflicts", conflicts)?;
    object.set_named_property("unknown", report.unknown)?;
    object.set_named_property("duplicates", report.duplicates as f64)?;
    object.set_named_property("notSent", report.not_sent as f64)?;
    object.set_named_property("requests", report.requests as f64)?;
    object.set_named_property("retries", report.retries as f64)?;
    Ok(object)
}
