//! What a read of a record says.

use std::sync::Arc;

use super::body::{Body, indeterminate_cause};
use super::fields::Fields;
use super::{BatchResult, Refusal, shared_result};
use crate::core::bulk::closable::Closable;
use crate::core::bulk::records::Record;
use crate::core::bulk::report::Cause;
use crate::core::bulk::transport::SendResult;
use crate::core::json;

/// What a read of a record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LookupResult {
    /// It is closed, with this billing id.
    Closed(Option<String>),
    /// It is closed; the API does not show with which invoice.
    ClosedUnshown,
    /// It can be closed.
    Open,
    /// It will never be closed: a record that is invalid or rejected.
    Final(Refusal),
    /// It cannot be closed now: it does not exist, or has another status.
    NotClosable(Refusal),
    /// It cannot be closed now, and says itself why: a chunk that failed, or is outdated.
    Broken(Refusal),
    /// It could not be read; a retry may help.
    Unreadable(Arc<Cause>),
    /// As in [`BatchResult`].
    Throttled,
    /// As in [`BatchResult`].
    Forbidden,
}

/// Interprets the response to a read, such as `GET /usage/records/{id}`.
pub fn lookup_result(result: &SendResult, record: &Record, closable: &Closable) -> LookupResult {
    match shared_result(result) {
        Some(BatchResult::Throttled) => return LookupResult::Throttled,
        Some(BatchResult::Forbidden) => return LookupResult::Forbidden,
        _ => {}
    }
    let unreadable = || {
        let defect = format!("it was not the {}", closable.noun);
        LookupResult::Unreadable(Arc::new(indeterminate_cause(result, &defect)))
    };
    match result {
        Ok(response) if response.status == 503 => LookupResult::Throttled,
        // Only Connect itself can say that there is no such record; a proxy's 404 means nothing.
        Ok(response) if response.status == 404 => match Body::of(response) {
            Body {
                is_connects: true,
                refusal,
                ..
            } => LookupResult::NotClosable(refusal),
            _ => unreadable(),
        },
        Ok(response) if response.is_success() => {
            let fields = Fields::of(&json::readable(&response.body))
                .filter(|fields| fields.id.as_ref() == Some(&record.id) || has_fault!(OtherId));
            match fields {
                Some(fields) => lookup_of_fields(fields, closable).unwrap_or_else(unreadable),
                None => unreadable(),
            }
        }
        _ => unreadable(),
    }
}

fn lookup_of_fields(fields: Fields, closable: &Closable) -> Option<LookupResult> {
    let status = fields.status?;
    if status == "closed" {
        return Some(match fields.billing_id {
            None if !closable.shows_invoice => LookupResult::ClosedUnshown,
            billing_id => LookupResult::Closed(billing_id),
        });
    }
    if status == closable.open_status {
        return Some(match fields.is_outdated {
            true => LookupResult::Broken(Refusal::with_details(closable.outdated())),
            false => LookupResult::Open,
        });
    }
    let details = closable.not_closable(&status);
    let is_final =
        closable.final_statuses.contains(&status.as_str()) || (has_fault!(FailedFinal) && status == "failed");
    Some(match fields.refusal.and_then(|refusal| refusal.details) {
        _ if is_final => LookupResult::Final(Refusal::with_details(details)),
        Some(error) => LookupResult::Broken(Refusal::with_details(format!("{details}: {error}"))),
        None => LookupResult::NotClosable(Refusal::with_details(details)),
    })
}
