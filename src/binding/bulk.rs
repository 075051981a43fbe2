//! `closeMany` as JavaScript drives it.
//!
//! JavaScript hands records over in chunks of JSON, and gets progress and a report; nothing crosses per record. On a
//! customised client the run's requests come back out, one by one, for JavaScript to send through its pipeline.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use napi::bindgen_prelude::{JsObjectValue, Null, Object, ToNapiValue, Unknown};
use napi::{Env, JsValue, Result};
use napi_derive::napi;
use tokio::sync::{Mutex as AsyncMutex, Notify, mpsc, oneshot};

use super::bulk_input;
use super::bulk_report::{self, JobResult};
use super::client::ConnectClient;
use super::{reply, settler};
use crate::core::api::request::{Body, Request};
use crate::core::bulk::closable::Closable;
use crate::core::bulk::input::{InputGauge, MAX_QUEUED_CHUNKS, PushResult, RecordInput};
use crate::core::bulk::job::Job;
use crate::core::bulk::progress::Progress;
use crate::core::bulk::transport::PipelineRequests;

/// A run of `closeMany`.
#[napi]
pub struct BulkRun {
    closable: &'static Closable,
    pub(super) input: Arc<AsyncMutex<RecordInput>>,
    gauge: InputGauge,
    /// Until the run starts.
    job: Option<(Job, oneshot::Sender<JobResult>)>,
    result: Arc<AsyncMutex<oneshot::Receiver<JobResult>>>,
    progress: Progress,
    abort: Arc<Notify>,
    requests: Arc<PipelineRequests>,
}

#[napi]
impl BulkRun {
    /// * `client`: the client to send with.
    /// * `baseUri`: the path of the resource.
    /// * `options`: `resource` (the class whose objects are closed), `batchSize`, `concurrency`, `backOff`, `maxTries`, `window`, `readBackTimeout`, `stopOnError`, `dryRun`, `listClosed`,
    ///   `journal`, `externalBillingId`, `externalBillingNote`, `isListed` (the records are the API's own), `pipeline`
    ///   (requests come out by `next`), `endpoint` (of a client that is not ours).
    #[napi(
        constructor,
        ts_args_type = "client: ConnectClient, baseUri: string, options: BulkOptions"
    )]
    pub fn new(client: &ConnectClient, base_uri: String, options: Object) -> Result<Self> {
        let (sender, records) = mpsc::channel(MAX_QUEUED_CHUNKS);
        let duplicates = Arc::new(AtomicU64::default());
        let closable = bulk_input::closable(&options)?;
        let defaults = bulk_input::defaults(closable, &options)?;
        let (transport, requests) = bulk_input::transport(client, &options)?;
        let job = Job {
            transport,
            target: bulk_input::target(closable, client, base_uri, &options)?,
            options: bulk_input::options(&options)?,
            journal: bulk_input::journal(&options)?,
            records,
            duplicates: duplicates.clone(),
        };
        let (done, result) = oneshot::channel();
        let input = RecordInput::new(defaults, duplicates, sender);
        let gauge = InputGauge::of(&input);
        Ok(Self {
            closable,
            input: Arc::new(AsyncMutex::new(input)),
            gauge,
            job: Some((job, done)),
            result: Arc::new(AsyncMutex::new(result)),
            progress: Progress::default(),
            abort: Arc::default(),
            requests: Arc::new(requests),
        })
    }

    /// What the objects are called in messages: `records`, `chunks`.
    #[napi(getter)]
    pub fn plural(&self) -> &'static str {
        self.closable.plural
    }

    /// The order in which a list of them is read before they are closed.
    #[napi(getter)]
    pub fn list_ordering(&self) -> &'static str {
        self.closable.list_ordering
    }

    /// The fields of a listed one that the run looks at.
    #[napi(getter)]
    pub fn listed_fields(&self) -> Vec<&'static str> {
        self.closable.listed_fields.to_vec()
    }

    /// Checks a chunk of records and keeps it until `pushChecked`, for a list that must be valid as a whole before anything
    /// is sent.
    ///
    /// * `chunk`: a JSON array in UTF-8, as for `push`.
    ///
    /// Resolves to undefined, or to `{ failure }`, when the records before the invalid one are kept.
    #[napi(ts_return_type = "Promise<undefined | Failed>")]
    pub fn check<'env>(&self, env: &'env Env, chunk: &[u8]) -> Result<Unknown<'env>> {
        let (input, chunk) = (self.input.clone(), chunk.to_vec());
        settler::promise(
            env,
            move || async move { input.lock().await.check(&chunk) },
            |env, checked| match checked {
                Ok(()) => ().into_unknown(env),
                Err(failure) => reply::failure(env, &failure, None),
            },
        )
    }

    /// Hands over all that `check`, `checkTable` and `collect` have kept.
    ///
    /// Resolves when the run has them: to true, or to false if it takes no more.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn push_checked<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let input = self.input.clone();
        settler::promise(
            env,
            move || async move { input.lock().await.push_checked().await },
            |env, is_taken| is_taken.into_unknown(env),
        )
    }

    /// Hands a chunk of records over.
    ///
    /// * `chunk`: a JSON array in UTF-8. As bytes, because Node copies them several times as fast as it reads a string.
    ///
    /// Resolves when there is room for the next one: to true, to false if the run takes no more, or to `{ failure }`, when
    /// the records before the invalid one have been taken.
    #[napi(ts_return_type = "Promise<boolean | Failed>")]
    pub fn push<'env>(&self, env: &'env Env, chunk: &[u8]) -> Result<Unknown<'env>> {
        let (input, chunk) = (self.input.clone(), chunk.to_vec());
        settler::promise(
            env,
            move || async move { input.lock().await.push(&chunk).await },
            |env, pushed| match pushed {
                PushResult::Accepted => true.into_unknown(env),
                PushResult::Closed => false.into_unknown(env),
                PushResult::Invalid(failure) => reply::failure(env, &failure, None),
            },
        )
    }

    /// Says that all records have been handed over.
    #[napi(ts_return_type = "Promise<undefined>")]
    pub fn end<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        let input = self.input.clone();
        settler::promise(
            env,
            move || async move { input.lock().await.end() },
            |env, ()| ().into_unknown(env),
        )
    }

    /// Says that all records are known: each of them is handed over, even if the run ends early.
    ///
    /// * `total`: how many there are, for the progress.
    #[napi]
    pub fn expect(&self, total: Option<f64>) {
        self.progress.set_all_records_known();
        if let Some(total) = total {
            self.progress.set_total(total as u64);
        }
    }

    /// Aborts the run: requests under way are dropped.
    #[napi]
    pub fn abort(&self) {
        self.abort.notify_one();
    }

    /// How far the run is: `{ done, total, closed, failed, rate, etaMs }`.
    #[napi(ts_return_type = "BulkProgress")]
    pub fn progress<'env>(&self, env: &'env Env) -> Result<Unknown<'env>> {
        bulk_report::progress(env, &self.progress)
    }

    /// Starts the run. This does not keep the process alive; `settled` does.
    #[napi]
    pub fn start(&mut self, env: &Env) -> Result<()> {
        let Some((job, done)) = self.job.take() else {
            return Ok(());
        };
        let (progress, abort) = (self.progress.clone(), self.abort.clone());
        settler::detached(env, move || async move {
            let result = job.run(progress, &abort).await;
            // Nobody waits for it any more if the environment is being torn down.
            let _ = done.send(result);
        })
    }

    /// Waits for the run, which keeps the process alive.
    ///
    /// * `untilTheEnd`: whether no more records will come, or the run has been aborted.
    ///
    /// Resolves to the report, with `stopped`, `refusal` or `aborted` if the run ended before its records did; to `{ failure }`
    /// alone if it could not start; to null once it has nothing to do until more records come.
    #[napi(ts_return_type = "Promise<BulkResult | Failed | null>")]
    pub fn settled<'env>(&self, env: &'env Env, until_the_end: bool) -> Result<Unknown<'env>> {
        let (result, progress, gauge) = (self.result.clone(), self.progress.clone(), self.gauge.clone());
        settler::promise(
            env,
            move || async move {
                let mut result = result.lock().await;
                tokio::select! {
                    biased;
                    result = &mut *result => Some(result.unwrap_or_else(|_| Err(bulk_report::broken_down()))),
                    () = progress.idle(|| gauge.is_empty()), if !until_the_end => None,
                }
            },
            |env, result| match result {
                Some(result) => bulk_report::result(env, result),
                None => Null.into_unknown(env),
            },
        )
    }

    /// The next request for the pipeline: `{ number, path, method, body }`; null when there will be none, undefined while
    /// the run has nothing to do until more records come.
    ///
    /// * `untilTheEnd`: as for `settled`.
    #[napi(ts_return_type = "Promise<BulkRequest | null | undefined>")]
    pub fn next<'env>(&self, env: &'env Env, until_the_end: bool) -> Result<Unknown<'env>> {
        let (requests, progress, gauge) = (self.requests.clone(), self.progress.clone(), self.gauge.clone());
        settler::promise(
            env,
            move || async move {
                tokio::select! {
                    biased;
                    next = requests.next() => Some(next),
                    () = progress.idle(|| gauge.is_empty()), if !until_the_end => None,
                }
            },
            |env, next| match next {
                None => ().into_unknown(env),
                Some(None) => Null.into_unknown(env),
                Some(Some((number, request))) => request_object(env, number, request),
            },
        )
    }

    /// The response to a request of `next`: `{ status, body, retryAfter, date, redirected }`, or
    /// `{ message, code, maybeProcessed, input }`.
    #[napi(ts_args_type = "number: number, result: BulkResponse")]
    pub fn answer(&self, number: u32, result: Object) -> Result<()> {
        self.requests.respond(number, bulk_input::response(&result)?);
        Ok(())
    }
}

/// `{ number, path, method, body }`.
fn request_object(env: &Env, number: u32, request: Request) -> Result<Unknown<'_>> {
    let mut object = Object::new(env)?;
    object.set_named_property("number", number)?;
    object.set_named_property("path", request.path)?;
    object.set_named_property("method", request.verb.as_str())?;
    if let Body::Json(text) = request.body {
        object.set_named_property("body", text)?;
    }
    Ok(object.to_unknown())
}
