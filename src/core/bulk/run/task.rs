//! The tasks of a run: each is one request.

use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::Instant;

use crate::core::api::path::Id;
use crate::core::api::request::{Body, Request};
use crate::core::bulk::journal::Journal;
use crate::core::bulk::read_back::PendingRecord;
use crate::core::bulk::records::Record;
use crate::core::bulk::responses::{self, BatchResult, LookupResult};
use crate::core::bulk::target::Target;
use crate::core::bulk::transport::{SendResult, Transport};
use crate::core::environment::Environment;
use crate::core::error::{Failure, Kind};
use crate::core::http::response::RawResponse;
use crate::core::retry::policy::AttemptResult;

/// What one request is to do.
#[derive(Debug, Clone)]
pub(super) enum Task {
    /// Close several records.
    Batch(Vec<PendingRecord>),
    /// Close one record by itself.
    Single(PendingRecord),
    /// Read one record back.
    Read(PendingRecord),
}

/// How a task ended.
pub(super) enum FinishedTask {
    /// With a response, or with a failure of its request.
    Responded(TaskResult, Box<Exchange>),
    /// With a failure that the next task would have as well, at this moment.
    Failed(Failure, Instant),
}

/// What a response says.
pub(super) enum TaskResult {
    Close(BatchResult),
    Read(LookupResult),
}

/// A request and its response, besides what the latter says of the records.
pub(super) struct Exchange {
    /// When the request was sent.
    pub(super) sent: Instant,
    /// When the response was complete.
    pub(super) ended: Instant,
    pub(super) attempt: AttemptResult,
    /// The response itself, if it says that no such request can succeed.
    pub(super) refusal: Option<RawResponse>,
}

impl Task {
    pub(super) fn records(&self) -> &[PendingRecord] {
        match self {
            Task::Batch(records) => records,
            Task::Single(record) | Task::Read(record) => std::slice::from_ref(record),
        }
    }

    pub(super) fn into_records(self) -> Vec<PendingRecord> {
        match self {
            Task::Batch(records) => records,
            Task::Single(record) | Task::Read(record) => vec![record],
        }
    }

    pub(super) fn records_mut(&mut self) -> &mut [PendingRecord] {
        match self {
            Task::Batch(records) => records.as_mut_slice(),
            Task::Single(record) | Task::Read(record) => std::slice::from_mut(record),
        }
    }

    pub(super) fn is_batch(&self) -> bool {
        matches!(self, Task::Batch(_))
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self, Task::Read(_))
    }

    /// Whether it can wait for the rest of the run: a read after a POST of unknown effect.
    pub(super) fn can_wait(&self) -> bool {
        matches!(self, Task::Read(pending) if pending.indeterminate.is_some())
    }

    pub(super) fn is_retry(&self) -> bool {
        match self {
            Task::Read(pending) => pending.is_retry,
            _ => self
                .records()
                .iter()
                .any(|pending| pending.tries > 0 || pending.unsent > 0 || pending.is_retry),
        }
    }
}

/// Sends the request of a task. A POST is written to the journal before it is sent.
pub(super) async fn execute(
    transport: &dyn Transport,
    target: &Target,
    task: &Task,
    journal: Option<&Journal>,
    environment: &dyn Environment,
) -> FinishedTask {
    let sent = environment.now();
    let response = send(transport, target, task, journal).await;
    let ended = environment.now();
    match response {
        Ok(response) => {
            let attempt = AttemptResult::of(&response, environment.wall_clock());
            let result = task_result(target, task, &response);
            let is_useless = matches!(
                result,
                TaskResult::Close(BatchResult::Forbidden | BatchResult::NotConnect)
                    | TaskResult::Read(LookupResult::Forbidden)
            );
            let exchange = Exchange {
                sent,
                ended,
                attempt,
                refusal: response.ok().filter(|_| is_useless),
            };
            FinishedTask::Responded(result, Box::new(exchange))
        }
        Err(failure) => FinishedTask::Failed(failure, ended),
    }
}

/// What a request came to; an error if nothing may be sent at all, or the caller's own code failed.
async fn send(
    transport: &dyn Transport,
    target: &Target,
    task: &Task,
    journal: Option<&Journal>,
) -> Result<SendResult, Failure> {
    let records: Vec<_> = task.records().iter().map(|pending| &pending.record).collect();
    let journal = journal.filter(|_| !task.is_read());
    if let (Some(journal), false) = (journal, has_fault!(LateIntent)) {
        journal.write_sending(&records).await?;
    }
    let response = transport.send(request(target, task)?).await;
    if let (Some(journal), true) = (journal, has_fault!(LateIntent)) {
        journal.write_sending(&records).await?;
    }
    match response {
        Err(failure) if failure.kind == Kind::Input => Err(failure),
        response => Ok(response),
    }
}

fn task_result(target: &Target, task: &Task, response: &SendResult) -> TaskResult {
    let closable = target.closable;
    match task {
        Task::Batch(batch) => {
            let records: Vec<_> = batch.iter().map(|pending| &pending.record).collect();
            TaskResult::Close(responses::batch_result(response, &records))
        }
        Task::Single(pending) => {
            TaskResult::Close(responses::single_result(response, &pending.record, closable))
        }
        Task::Read(pending) => {
            TaskResult::Read(responses::lookup_result(response, &pending.record, closable))
        }
    }
}

/// The request of a task.
fn request(target: &Target, task: &Task) -> Result<Request, Failure> {
    let one = |record: &Record| vec![Id::Text(record.id.clone())];
    let (name, ids, body) = match task {
        Task::Batch(batch) => {
            let items: Vec<Value> = batch.iter().map(|pending| pending.record.item()).collect();
            let name = target.closable.batch.unwrap_or_default();
            (name, vec![], Body::Json(Value::Array(items).to_string()))
        }
        Task::Single(pending) => {
            let body = Value::Object(pending.record.billing()).to_string();
            ("close", one(&pending.record), Body::Json(body))
        }
        Task::Read(pending) => ("get", one(&pending.record), Body::Empty),
    };
    let endpoint = target.closable.endpoint(name)?;
    Ok(Request {
        verb: endpoint.verb,
        path: endpoint.path_for(&target.base_path, &ids)?,
        body,
        headers: HeaderMap::new(),
        save_to: None,
    })
}
