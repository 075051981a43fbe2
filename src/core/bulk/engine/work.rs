//! The pieces of a run: what is to be done with records, and the requests that do it.

use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::Instant;

use super::Road;
use crate::core::bulk::answers::{self, Answered, Read};
use crate::core::bulk::journal::Journal;
use crate::core::bulk::read_back::Item;
use crate::core::bulk::records::Record;
use crate::core::environment::Environment;
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;
use crate::core::path::Id;
use crate::core::policy::Ending;
use crate::core::request::{Body, Request};
use crate::core::resources::Resource;

/// The resource whose records are closed.
const RECORDS: Resource = crate::usage_records!(table);

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// Close these with one request.
    Batch(Vec<Item>),
    /// Close one by itself.
    Single(Item),
    /// Read one back.
    Read(Item),
}

/// What has been done.
pub(super) struct Done {
    /// When the request was sent, and when its answer was there.
    pub(super) sent: Instant,
    pub(super) ended: Instant,
    pub(super) result: Result<Answer, Failure>,
}

/// The answer.
pub(super) struct Answer {
    pub(super) meaning: Meaning,
    pub(super) ending: Ending,
    /// The answer itself, where it says that no request of the kind can be done.
    pub(super) refusal: Option<Outcome>,
}

/// The answer, as it was understood.
pub(super) enum Meaning {
    Close(Answered),
    Read(Read),
}

impl Work {
    pub(super) fn items(&self) -> &[Item] {
        match self {
            Work::Batch(items) => items,
            Work::Single(item) | Work::Read(item) => std::slice::from_ref(item),
        }
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        match self {
            Work::Batch(items) => items,
            Work::Single(item) | Work::Read(item) => vec![item],
        }
    }

    pub(super) fn items_mut(&mut self) -> &mut [Item] {
        match self {
            Work::Batch(items) => items.as_mut_slice(),
            Work::Single(item) | Work::Read(item) => std::slice::from_mut(item),
        }
    }

    pub(super) fn is_read(&self) -> bool {
        matches!(self, Work::Read(_))
    }

    /// Whether it reads a record of which a POST may have been carried out: that can wait for the rest of the run.
    pub(super) fn is_patient(&self) -> bool {
        matches!(self, Work::Read(item) if item.doubt.is_some())
    }

    pub(super) fn is_repeated(&self) -> bool {
        match self {
            Work::Read(item) => item.is_again,
            _ => self
                .items()
                .iter()
                .any(|item| item.tries > 0 || item.unsent > 0 || item.is_again),
        }
    }
}

/// Sends what a piece of work asks for; an error where nothing may be sent at all, or the caller's own code failed.
pub(super) async fn carry_out(
    road: &dyn Road,
    base: &str,
    work: &Work,
    journal: Option<&Journal>,
    environment: &dyn Environment,
) -> Result<Answer, Failure> {
    let records: Vec<_> = work.items().iter().map(|item| &item.record).collect();
    if let (Some(journal), false) = (journal, work.is_read() || has_fault!(LateIntent)) {
        journal.sending(&records).await?;
    }
    let result = road.send(request(base, work)?).await;
    if let (Some(journal), true) = (journal, has_fault!(LateIntent) && !work.is_read()) {
        journal.sending(&records).await?;
    }
    if let Err(failure) = &result
        && failure.kind == Kind::Input
    {
        return Err(failure.clone());
    }
    let ending = Ending::of(&result, environment.wall_clock());
    let meaning = match work {
        Work::Batch(_) => Meaning::Close(answers::of_batch(&result, &records)),
        Work::Single(item) => Meaning::Close(answers::of_single(&result, &item.record)),
        Work::Read(item) => Meaning::Read(answers::of_read(&result, &item.record)),
    };
    let ends_the_run = matches!(
        meaning,
        Meaning::Close(Answered::Forbidden | Answered::Elsewhere) | Meaning::Read(Read::Forbidden)
    );
    Ok(Answer {
        meaning,
        ending,
        refusal: result.ok().filter(|_| ends_the_run),
    })
}

/// The request that a piece of work makes.
fn request(base: &str, work: &Work) -> Result<Request, Failure> {
    let one = |record: &Record| vec![Id::Text(record.id.clone())];
    let (name, ids, body) = match work {
        Work::Batch(items) => {
            let items: Vec<Value> = items.iter().map(|item| item.record.item()).collect();
            ("close_batch", vec![], Body::Json(Value::Array(items).to_string()))
        }
        Work::Single(item) => {
            let body = Value::Object(item.record.billing()).to_string();
            ("close", one(&item.record), Body::Json(body))
        }
        Work::Read(item) => ("get", one(&item.record), Body::Empty),
    };
    let endpoint = RECORDS
        .endpoint(name)
        .ok_or_else(|| Failure::input(format!("there is no endpoint {name}")))?;
    Ok(Request {
        verb: endpoint.verb,
        path: endpoint.path_for(base, &ids)?,
        body,
        headers: HeaderMap::new(),
        save_to: None,
    })
}
