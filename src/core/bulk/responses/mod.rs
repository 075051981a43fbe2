//! What a response says about the records of its request. No I/O.
//!
//! A record is closed if the response says `status: "closed"` of its id, without an error and without another invoice.
//! (Whether it is a usage record or a usage chunk, it is called a record here.)
//! Whatever else a response says of a single record, or does not say, is clarified by reading the record.

mod body;
mod fields;
mod lookup;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use super::closable::Closable;
use super::records::Record;
use super::report::{Cause, RecordOutcome};
use crate::core::bulk::transport::SendResult;
use crate::core::error::Failure;
use crate::core::http::response::RawResponse;
use crate::core::json;
use crate::core::retry::policy::is_indeterminate;
use body::Body;
pub use body::indeterminate_cause;
use fields::Fields;
pub use lookup::{LookupResult, lookup_result};

/// What the response to a close says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemResult {
    /// This request closed it.
    Closed,
    /// This request did not close it. It may have been closed before, which a read tells.
    Refused(Refusal),
    /// It is closed, but perhaps not with our invoice: the item has an error, or another invoice.
    ClosedUnverified(Refusal),
    /// The request may have closed it: nothing certain is said, perhaps an error that is not the API's own.
    Indeterminate(Option<Refusal>),
}

/// Why the API refuses to close a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// The error code.
    pub codes: Option<String>,
    /// The error message.
    pub details: Option<String>,
}

impl Refusal {
    /// A refusal with a message of ours.
    pub fn with_details(details: impl Into<String>) -> Self {
        Self {
            codes: None,
            details: Some(details.into()),
        }
    }

    /// The refusal as the cause of an unknown outcome.
    ///
    /// * `status`: the status of the response.
    pub fn into_cause(self, status: Option<u16>) -> Cause {
        Cause {
            message: self
                .details
                .or_else(|| self.codes.clone())
                .unwrap_or_else(|| "it names another invoice, or says two things at once".into()),
            code: self.codes,
            status,
        }
    }
}

impl From<Refusal> for RecordOutcome {
    fn from(Refusal { codes, details }: Refusal) -> Self {
        Self::Failed { codes, details }
    }
}

/// What a request that was to close records came to: of a batch, or of a single record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchResult {
    /// What is said of each record, and the cause of those that are indeterminate.
    PerRecord(Vec<ItemResult>, Cause),
    /// The request was rejected as a whole: the records are sent one by one.
    Rejected(Refusal),
    /// The server throttled the request; nothing was done.
    Throttled,
    /// Nothing was sent.
    NotSent(Failure),
    /// The API key is not authorized: no such request can succeed.
    Forbidden,
    /// Something else than Connect answered that there is no such path.
    NotConnect,
}

/// What is wrong with a successful response that says nothing of a record.
const SILENT: &str = "it did not say what became of it";

/// What a response or a failure means for a request of any kind.
fn shared_result(result: &SendResult) -> Option<BatchResult> {
    match result {
        Err(failure) if failure.maybe_processed => None,
        Err(failure) => Some(BatchResult::NotSent(failure.clone())),
        Ok(response) if response.redirected && !has_fault!(RedirectTrusted) => None,
        Ok(response) => match response.status {
            429 => Some(BatchResult::Throttled),
            401 | 403 => Some(BatchResult::Forbidden),
            _ => None,
        },
    }
}

/// A response that says that the request was carried out; not one after a redirect, which may have been to another request.
fn success(result: &SendResult) -> Option<&RawResponse> {
    result
        .as_ref()
        .ok()
        .filter(|response| response.is_success() && (!response.redirected || has_fault!(RedirectTrusted)))
}

/// A response that says that nothing was done.
fn refused(result: &SendResult) -> Option<&RawResponse> {
    result.as_ref().ok().filter(|response| {
        let is_open = is_indeterminate(response.status) && !has_fault!(TimeoutTrusted);
        let is_redirected = response.redirected && !has_fault!(RedirectTrusted);
        (400..500).contains(&response.status) && !is_open && !is_redirected
    })
}

/// Interprets the response to `POST /usage/records/close-records`.
pub fn batch_result(result: &SendResult, records: &[&Record]) -> BatchResult {
    if let Some(shared) = shared_result(result) {
        return shared;
    }
    if let Some(response) = refused(result) {
        let Body {
            refusal, is_connects, ..
        } = Body::of(response);
        return match response.status {
            404 if !is_connects => BatchResult::NotConnect,
            _ => BatchResult::Rejected(refusal),
        };
    }
    let items = success(result)
        .and_then(|response| item_results(&json::readable(&response.body), records))
        .unwrap_or_else(|| vec![ItemResult::Indeterminate(None); records.len()]);
    BatchResult::PerRecord(items, indeterminate_cause(result, SILENT))
}

/// What the items of a response say of the records; `None` if they cannot be parsed.
fn item_results(text: &str, records: &[&Record]) -> Option<Vec<ItemResult>> {
    let indices: HashMap<&str, usize> = records
        .iter()
        .enumerate()
        .map(|(index, record)| (record.id.as_str(), index))
        .collect();
    let mut results: Vec<Option<ItemResult>> = vec![None; records.len()];
    let read = fields::each_of(text, |item| {
        let index = item.id.as_deref().and_then(|id| indices.get(id)).copied();
        let Some((index, record)) = index.and_then(|index| Some((index, records.get(index)?))) else {
            return;
        };
        if let Some(slot) = results.get_mut(index) {
            let result = item_result(item, record);
            *slot = Some(match slot.take() {
                Some(earlier) => combine(earlier, result),
                None => result,
            });
        }
    });
    read.ok()?;
    Some(
        results
            .into_iter()
            .map(|result| result.unwrap_or(ItemResult::Indeterminate(None)))
            .collect(),
    )
}

/// What an item says of the record with its id.
fn item_result(item: Fields, record: &Record) -> ItemResult {
    let names_another =
        item.billing_id.is_some() && item.billing_id.as_deref() != record.billing_id.as_deref();
    match (item.is("closed"), item.refusal) {
        (true, Some(_)) if has_fault!(ErrorClosed) => ItemResult::Closed,
        (false, None) if has_fault!(SilentItem) => ItemResult::Closed,
        (true, None) if !names_another => ItemResult::Closed,
        (true, refusal) => ItemResult::ClosedUnverified(refusal.unwrap_or_default()),
        (false, Some(refusal)) if item.is_refused => ItemResult::Refused(refusal),
        // An error that is not the API's own does not say what the API did.
        (false, error) => ItemResult::Indeterminate(error),
    }
}

/// What two items with one id say: what both say, or else the less certain.
fn combine(first: ItemResult, second: ItemResult) -> ItemResult {
    match (first, second) {
        (ItemResult::Closed, ItemResult::Closed) => ItemResult::Closed,
        (ItemResult::Refused(refusal), ItemResult::Refused(_)) => ItemResult::Refused(refusal),
        (
            ItemResult::Closed | ItemResult::ClosedUnverified(_),
            ItemResult::Refused(refusal) | ItemResult::ClosedUnverified(refusal),
        )
        | (
            ItemResult::Refused(refusal) | ItemResult::ClosedUnverified(refusal),
            ItemResult::Closed | ItemResult::ClosedUnverified(_),
        ) => ItemResult::ClosedUnverified(refusal),
        (ItemResult::Closed | ItemResult::ClosedUnverified(_), ItemResult::Indeterminate(error))
        | (ItemResult::Indeterminate(error), ItemResult::Closed | ItemResult::ClosedUnverified(_)) => {
            ItemResult::ClosedUnverified(error.unwrap_or_default())
        }
        (ItemResult::Indeterminate(error), _) | (_, ItemResult::Indeterminate(error)) => {
            ItemResult::Indeterminate(error)
        }
    }
}

/// Interprets the response to the close of one record, such as `POST /usage/records/{id}/close`.
pub fn single_result(result: &SendResult, record: &Record, closable: &Closable) -> BatchResult {
    if let Some(shared) = shared_result(result) {
        return shared;
    }
    let item = match (success(result), refused(result)) {
        (Some(response), _) => Fields::of(&json::readable(&response.body))
            .filter(|fields| fields.id.as_ref() == Some(&record.id))
            .map_or(ItemResult::Indeterminate(None), |fields| {
                item_result(fields, record)
            }),
        (None, Some(response)) => {
            let body = Body::of(response);
            match response.status {
                // After a batch the endpoint is known to be right.
                404 if !body.is_connects && closable.batch.is_none() => return BatchResult::NotConnect,
                404 if !body.is_connects && !has_fault!(ProxyTrusted) => ItemResult::Indeterminate(None),
                _ if body.says_closed => ItemResult::ClosedUnverified(body.refusal),
                _ => ItemResult::Refused(body.refusal),
            }
        }
        (None, None) => ItemResult::Indeterminate(None),
    };
    BatchResult::PerRecord(vec![item], indeterminate_cause(result, SILENT))
}
