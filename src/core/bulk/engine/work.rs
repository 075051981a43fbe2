//! The pieces of a run: records under way, what is to be done with them, and the requests that do it.

use std::time::{Instant, SystemTime};

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::Road;
use crate::core::bulk::answers::{self, Answered, Read, Refusal};
use crate::core::bulk::journal::Journal;
use crate::core::bulk::records::Record;
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;
use crate::core::path::Id;
use crate::core::policy::Ending;
use crate::core::request::{Body, Request};
use crate::core::resources::Resource;

/// The resource whose records are closed.
pub(super) const RECORDS: Resource = crate::usage_records!(table);

/// A record under way.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) record: Record,
    /// How often it was sent.
    pub(super) tries: u32,
    /// Whether a request may have closed it without our knowing.
    pub(super) was_lost: bool,
    /// Why the API refused it, the last time.
    pub(super) refusal: Option<Refusal>,
    /// Whether what is to be done with it was tried before.
    pub(super) is_again: bool,
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Work {
    /// Close these with one request.
    Batch(Vec<Item>),
    /// Close one by itself.
    Single(Item),
    /// Read one back; so many times it was tried in vain.
    Read(Item, u32),
}

/// What has been done.
pub(super) struct Done {
    pub(super) work: Work,
    pub(super) sent: Instant,
    pub(super) result: Result<(Answer, Ending), Failure>,
}

/// The answer, as it was understood.
pub(super) enum Answer {
    Close(Answered),
    Read(Read),
}

impl Item {
    pub(super) fn new(record: Record) -> Self {
        Self {
            record,
            tries: 0,
            was_lost: false,
            refusal: None,
            is_again: false,
        }
    }
}

impl Work {
    pub(super) fn items(&self) -> &[Item] {
        match self {
            Work::Batch(items) => items,
            Work::Single(item) | Work::Read(item, _) => std::slice::from_ref(item),
        }
    }

    pub(super) fn into_items(self) -> Vec<Item> {
        match self {
            Work::Batch(items) => items,
            Work::Single(item) | Work::Read(item, _) => vec![item],
        }
    }

    /// The same work, of which a request may have been carried out.
    pub(super) fn lost_if(mut self, maybe_processed: bool) -> Self {
        if !matches!(self, Work::Read(..)) {
            for item in self.items_mut() {
                item.was_lost |= maybe_processed;
            }
        }
        self
    }

    pub(super) fn items_mut(&mut self) -> &mut [Item] {
        match self {
            Work::Batch(items) => items.as_mut_slice(),
            Work::Single(item) | Work::Read(item, _) => std::slice::from_mut(item),
        }
    }

    pub(super) fn is_repeated(&self) -> bool {
        match self {
            Work::Read(item, _) => item.is_again,
            _ => self.items().iter().any(|item| item.tries > 0 || item.is_again),
        }
    }
}

/// Sends what a piece of work asks for; an error where nothing may be sent at all.
pub(super) async fn carry_out(
    road: &dyn Road,
    base: &str,
    work: &Work,
    journal: Option<&Journal>,
    refused: &std::sync::Mutex<Option<Outcome>>,
) -> Result<(Answer, Ending), Failure> {
    let records: Vec<_> = work.items().iter().map(|item| &item.record).collect();
    if let (Some(journal), false) = (journal, matches!(work, Work::Read(..))) {
        journal.sending(&records).await?;
    }
    let result = road.send(request(base, work)?).await;
    if let Err(failure) = &result
        && failure.kind == Kind::Input
    {
        return Err(failure.clone());
    }
    let ending = Ending::of(&result, SystemTime::now());
    let answer = match work {
        Work::Batch(_) => Answer::Close(answers::of_batch(&result, &records)),
        Work::Single(_) => Answer::Close(answers::of_single(&result)),
        Work::Read(item, _) => Answer::Read(answers::of_read(
            &result,
            &item.record,
            item.refusal.as_ref(),
            item.was_lost,
        )),
    };
    let is_forbidden = matches!(
        answer,
        Answer::Close(Answered::Forbidden) | Answer::Read(Read::Forbidden)
    );
    if let (true, Ok(outcome), Ok(mut last)) = (is_forbidden, result, refused.lock()) {
        *last = Some(outcome);
    }
    Ok((answer, ending))
}

/// The request that a piece of work makes.
pub(super) fn request(base: &str, work: &Work) -> Result<Request, Failure> {
    let (name, ids, body) = match work {
        Work::Batch(items) => {
            let items: Vec<Value> = items.iter().map(|item| item.record.item()).collect();
            ("close_batch", vec![], Body::Json(Value::Array(items).to_string()))
        }
        Work::Single(item) => {
            let body = Value::Object(item.record.billing()).to_string();
            ("close", vec![Id::Text(item.record.id.clone())], Body::Json(body))
        }
        Work::Read(item, _) => ("get", vec![Id::Text(item.record.id.clone())], Body::Empty),
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
