//! What a run closes: usage records or usage chunks. Everything in which the two differ stands here; the run is the same.

use crate::core::error::Failure;
use crate::core::resources::{Endpoint, Resource};

/// A kind of object that a run can close.
#[derive(Debug, PartialEq, Eq)]
pub struct Closable {
    /// Its resource, which has the endpoints `close` and `get`.
    pub resource: Resource,
    /// Its name in messages.
    pub noun: &'static str,
    /// Several of them, in messages.
    pub plural: &'static str,
    /// The endpoint that closes several with one request; without one, each is closed with a request of its own.
    pub batch: Option<&'static str>,
    /// The status in which it can be closed.
    pub open_status: &'static str,
    /// The statuses in which it never can be any more, besides `closed`.
    pub final_statuses: &'static [&'static str],
    /// Whether a read shows with which invoice it is closed, and one without an invoice was closed without. If not, one that
    /// reads as closed and shows no invoice may be ours or not.
    pub shows_invoice: bool,
    /// Whether the API requires the number of an invoice.
    pub requires_invoice: bool,
    /// The order in which a list of them is read before they are closed: one that the API documents.
    pub list_ordering: &'static str,
    /// The fields of a listed one that a run looks at.
    pub listed_fields: &'static [&'static str],
}

/// Usage records.
pub static RECORDS: Closable = Closable {
    resource: crate::usage_records!(table),
    noun: "record",
    plural: "records",
    batch: Some("close_batch"),
    open_status: "approved",
    final_statuses: &["invalid", "rejected"],
    shows_invoice: true,
    requires_invoice: false,
    // New records come last: none is skipped.
    list_ordering: "created_time",
    listed_fields: &["id"],
};

/// Usage chunks.
pub static CHUNKS: Closable = Closable {
    resource: crate::usage_chunks!(table),
    noun: "chunk",
    plural: "chunks",
    batch: None,
    open_status: "ready",
    // One that failed can be made anew.
    final_statuses: &[],
    shows_invoice: false,
    requires_invoice: true,
    // The only ordering that the API documents.
    list_ordering: "usagefile.id",
    listed_fields: &["id", "outdated"],
};

impl Closable {
    /// What a resource's class closes.
    ///
    /// # Errors
    /// A failure of kind `Input` if its objects cannot be closed in a run.
    pub fn of_class(class: &str) -> Result<&'static Self, Failure> {
        [&RECORDS, &CHUNKS]
            .into_iter()
            .find(|closable| closable.resource.class == class)
            .ok_or_else(|| Failure::input(format!("{class} has no closeMany")))
    }

    /// The endpoint of this name.
    ///
    /// # Errors
    /// If there is none, which is a mistake in this file.
    pub fn endpoint(&self, name: &str) -> Result<&'static Endpoint, Failure> {
        self.resource
            .endpoint(name)
            .ok_or_else(|| Failure::input(format!("there is no endpoint {name}")))
    }

    /// The endpoint that closes, whether several or one.
    ///
    /// # Errors
    /// As for `endpoint`.
    fn closing_endpoint(&self) -> Result<&'static Endpoint, Failure> {
        self.endpoint(self.batch.unwrap_or("close"))
    }

    /// The path below the resource's own of the request that closes, as messages name it.
    pub fn closing_path(&self) -> String {
        self.closing_endpoint()
            .map_or_else(|_| String::new(), |endpoint| endpoint.path.replace("{}", "{id}"))
    }

    /// The same below the endpoint.
    pub fn closing_url_path(&self) -> String {
        format!("{}{}", self.resource.path, self.closing_path())
    }

    /// What is known of one that reads as closed, and does not show with which invoice.
    pub fn invoice_not_shown(&self) -> String {
        let noun = self.noun;
        format!("the {noun} is closed, and Connect does not show with which invoice: look it up")
    }

    /// Why one that is outdated is not closed.
    pub fn outdated(&self) -> String {
        let noun = self.noun;
        format!("the {noun} is outdated: regenerate it, and bill what it then contains")
    }

    /// Why one with this status cannot be closed now.
    pub fn not_closable(&self, status: &str) -> String {
        let Self {
            noun,
            plural,
            open_status,
            ..
        } = self;
        format!("the {noun} is {status}; only {open_status} {plural} can be closed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_the_endpoints_that_a_run_calls() {
        for (closable, path) in [
            (&RECORDS, "/usage/records/close-records"),
            (&CHUNKS, "/usage/chunks/{id}/close"),
        ] {
            assert_eq!(closable.closing_url_path(), path);
            for name in ["close", "get"].into_iter().chain(closable.batch) {
                assert!(closable.endpoint(name).is_ok(), "{name}");
            }
            assert_eq!(Closable::of_class(closable.resource.class), Ok(closable));
        }
        let message = Closable::of_class("UsageFileResource").unwrap_err().message;
        assert_eq!(message, "UsageFileResource has no closeMany");
    }
}
