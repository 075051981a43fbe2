//! What an answer says about the records of its request. Pure.
//!
//! A record is closed where its answer says `status: "closed"` of that very id, without an error and without another
//! invoice. Whatever else an answer says, or does not say, is found out by reading the record.

mod body;
mod fields;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use super::records::Record;
use super::report::{Cause, Fate};
use crate::core::error::Failure;
use crate::core::json;
use crate::core::outcome::Outcome;
use crate::core::policy::leaves_open;
use body::Body;
pub use body::cause;
use fields::Fields;

/// What an answer to a close says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// It is closed, by this request.
    Closed,
    /// It is not closed by this request. Whether it was closed before, reading it tells.
    Refused(Refusal),
    /// It is closed, but perhaps not with our invoice: the answer names an error, or another invoice.
    ClosedSomehow(Refusal),
    /// Nothing that is certain, perhaps an error that is none of the API's: the request may have closed it.
    Unclear(Option<Refusal>),
}

/// Why the API refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Its code.
    pub codes: Option<String>,
    /// Its words.
    pub details: Option<String>,
}

impl Refusal {
    /// A refusal in our own words.
    pub fn saying(details: impl Into<String>) -> Self {
        Self {
            codes: None,
            details: Some(details.into()),
        }
    }

    /// It as the reason why something is not known.
    ///
    /// * `status`: of the answer.
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

/// What a whole request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Something was said about each record, be it nothing that is certain.
    Each(Vec<Said>, Cause),
    /// The request was refused as a whole: the records are to be closed one by one.
    Whole(Refusal),
    /// The server asked for patience; nothing was done.
    Throttled,
    /// Nothing was sent.
    NotSent(Failure),
    /// Nobody may do this with this key: going on would only repeat it.
    Forbidden,
    /// Whoever answered is not Connect: there is no such path.
    Elsewhere,
}

/// What is said of an answer that is a success, and says nothing of a record.
const SILENT: &str = "it did not say what became of the record";

/// What an outcome or a failure without one means, whatever the request was.
fn common(result: &Result<Outcome, Failure>) -> Option<Answered> {
    match result {
        Err(failure) if failure.maybe_processed => None,
        Err(failure) => Some(Answered::NotSent(failure.clone())),
        Ok(outcome) if outcome.redirected && !has_fault!(RedirectTrusted) => None,
        Ok(outcome) => match outcome.status {
            429 => Some(Answered::Throttled),
            401 | 403 => Some(Answered::Forbidden),
            _ => None,
        },
    }
}

/// An answer that says that the request was done; not one to whom the request was passed on by a redirect, for that may
/// have been another request.
fn success(result: &Result<Outcome, Failure>) -> Option<&Outcome> {
    result
        .as_ref()
        .ok()
        .filter(|outcome| outcome.is_success() && (!outcome.redirected || has_fault!(RedirectTrusted)))
}

/// An answer that says that nothing was done.
fn refused(result: &Result<Outcome, Failure>) -> Option<&Outcome> {
    result.as_ref().ok().filter(|outcome| {
        let is_open = leaves_open(outcome.status) && !has_fault!(TimeoutTrusted);
        let is_redirected = outcome.redirected && !has_fault!(RedirectTrusted);
        (400..500).contains(&outcome.status) && !is_open && !is_redirected
    })
}

/// Reads the answer to `POST /usage/records/close-records`.
pub fn of_batch(result: &Result<Outcome, Failure>, records: &[&Record]) -> Answered {
    if let Some(answered) = common(result) {
        return answered;
    }
    if let Some(outcome) = refused(result) {
        let Body {
            refusal, is_connects, ..
        } = Body::of(outcome);
        return match outcome.status {
            404 if !is_connects => Answered::Elsewhere,
            _ => Answered::Whole(refusal),
        };
    }
    let said = success(result)
        .and_then(|outcome| of_items(&json::readable(&outcome.body), records))
        .unwrap_or_else(|| vec![Said::Unclear(None); records.len()]);
    Answered::Each(said, cause(result, SILENT))
}

/// What the items of an answer say of the records; nothing if they cannot be read.
fn of_items(text: &str, records: &[&Record]) -> Option<Vec<Said>> {
    let places: HashMap<&str, usize> = records
        .iter()
        .enumerate()
        .map(|(place, record)| (record.id.as_str(), place))
        .collect();
    let mut said: Vec<Option<Said>> = vec![None; records.len()];
    let read = fields::each_of(text, |item| {
        let place = item.id.as_deref().and_then(|id| places.get(id)).copied();
        let Some((place, record)) = place.and_then(|place| Some((place, records.get(place)?))) else {
            return;
        };
        if let Some(slot) = said.get_mut(place) {
            let one = of_item(item, record);
            *slot = Some(match slot.take() {
                Some(earlier) => together(earlier, one),
                None => one,
            });
        }
    });
    read.ok()?;
    Some(
        said.into_iter()
            .map(|said| said.unwrap_or(Said::Unclear(None)))
            .collect(),
    )
}

/// What an object says of a record whose id it has.
fn of_item(item: Fields, record: &Record) -> Said {
    let names_another = item.billing_id.is_some() && item.billing_id != record.billing_id;
    match (item.is("closed"), item.refusal) {
        (true, Some(_)) if has_fault!(ErrorClosed) => Said::Closed,
        (false, None) if has_fault!(SilentItem) => Said::Closed,
        (true, None) if !names_another => Said::Closed,
        (true, refusal) => Said::ClosedSomehow(refusal.unwrap_or_default()),
        (false, Some(refusal)) if item.is_refused => Said::Refused(refusal),
        // An error of somebody else does not say what the API did.
        (false, error) => Said::Unclear(error),
    }
}

/// What two items of one id say: what both say, or else the less certain.
fn together(first: Said, second: Said) -> Said {
    match (first, second) {
        (Said::Closed, Said::Closed) => Said::Closed,
        (Said::Refused(refusal), Said::Refused(_)) => Said::Refused(refusal),
        (Said::Closed | Said::ClosedSomehow(_), Said::Refused(refusal) | Said::ClosedSomehow(refusal))
        | (Said::Refused(refusal) | Said::ClosedSomehow(refusal), Said::Closed | Said::ClosedSomehow(_)) => {
            Said::ClosedSomehow(refusal)
        }
        (Said::Closed | Said::ClosedSomehow(_), Said::Unclear(error))
        | (Said::Unclear(error), Said::Closed | Said::ClosedSomehow(_)) => {
            Said::ClosedSomehow(error.unwrap_or_default())
        }
        (Said::Unclear(error), _) | (_, Said::Unclear(error)) => Said::Unclear(error),
    }
}

/// Reads the answer to `POST /usage/records/{id}/close`.
pub fn of_single(result: &Result<Outcome, Failure>, record: &Record) -> Answered {
    if let Some(answered) = common(result) {
        return answered;
    }
    let said = match (success(result), refused(result)) {
        (Some(outcome), _) => Fields::of(&json::readable(&outcome.body))
            .filter(|fields| fields.id.as_ref() == Some(&record.id))
            .map_or(Said::Unclear(None), |fields| of_item(fields, record)),
        (None, Some(outcome)) => {
            let body = Body::of(outcome);
            match outcome.status {
                404 if !body.is_connects && !has_fault!(ProxyTrusted) => Said::Unclear(None),
                _ if body.says_closed => Said::ClosedSomehow(body.refusal),
                _ => Said::Refused(body.refusal),
            }
        }
        (None, None) => Said::Unclear(None),
    };
    Answered::Each(vec![said], cause(result, SILENT))
}

/// What reading a record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It is closed, with this invoice.
    Closed(Option<String>),
    /// It is approved: it can be closed.
    Open,
    /// It is invalid or rejected, from where no close leads.
    Dead(Refusal),
    /// Connect knows no such record, or it is in another status: it cannot be closed as it is now.
    NotNow(Refusal),
    /// It could not be read; trying again may help.
    Unreadable(Arc<Cause>),
    /// As in [`Answered`].
    Throttled,
    /// As in [`Answered`].
    Forbidden,
}

/// Reads the answer to `GET /usage/records/{id}`.
pub fn of_read(result: &Result<Outcome, Failure>, record: &Record) -> Read {
    match common(result) {
        Some(Answered::Throttled) => return Read::Throttled,
        Some(Answered::Forbidden) => return Read::Forbidden,
        _ => {}
    }
    let unreadable = || Read::Unreadable(Arc::new(cause(result, "it was not the record")));
    match result {
        Ok(outcome) if outcome.status == 503 => Read::Throttled,
        // The API's own word that there is no such record; what a proxy says of it means nothing.
        Ok(outcome) if outcome.status == 404 => match Body::of(outcome) {
            Body {
                is_connects: true,
                refusal,
                ..
            } => Read::NotNow(refusal),
            _ => unreadable(),
        },
        Ok(outcome) if outcome.is_success() => {
            let fields = Fields::of(&json::readable(&outcome.body))
                .filter(|fields| fields.id.as_ref() == Some(&record.id) || has_fault!(OtherId));
            match fields {
                Some(fields) => of_fields(fields).unwrap_or_else(unreadable),
                None => unreadable(),
            }
        }
        _ => unreadable(),
    }
}

fn of_fields(fields: Fields) -> Option<Read> {
    let status = fields.status?;
    let refusal = || {
        Refusal::saying(format!(
            "the record is {status}; only an approved one can be closed"
        ))
    };
    Some(match status.as_str() {
        "closed" => Read::Closed(fields.billing_id),
        "approved" => Read::Open,
        "invalid" | "rejected" => Read::Dead(refusal()),
        _ => Read::NotNow(refusal()),
    })
}

/// The fate of a record that the API refuses to close.
pub fn failed(Refusal { codes, details }: Refusal) -> Fate {
    Fate::Failed { codes, details }
}
