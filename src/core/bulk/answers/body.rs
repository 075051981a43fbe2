//! What an answer as a whole says: why it is a no, or why it leaves open what was done.

use super::Refusal;
use super::fields::Fields;
use crate::core::bulk::report::Cause;
use crate::core::error::Failure;
use crate::core::json;
use crate::core::outcome::Outcome;

/// The body of an answer that is no success.
pub(super) struct Body {
    /// Connect's code and words, or the beginning of its text.
    pub(super) refusal: Refusal,
    /// Whether it is in Connect's form.
    pub(super) is_connects: bool,
    /// Whether it says that the record is closed.
    pub(super) says_closed: bool,
}

impl Body {
    pub(super) fn of(outcome: &Outcome) -> Self {
        let text = json::readable(&outcome.body);
        let fields = Fields::of(&text);
        let is_object = fields.is_some();
        let fields = fields.unwrap_or_default();
        let says_closed = fields.is("closed");
        let mut refusal = fields.refusal.unwrap_or_default();
        if refusal.details.is_none() && !is_object && !text.trim().is_empty() {
            refusal.details = Some(text.trim().chars().take(200).collect());
        }
        refusal
            .codes
            .get_or_insert_with(|| format!("HTTP {}", outcome.status));
        Self {
            refusal,
            is_connects: fields.has_error_code,
            says_closed,
        }
    }
}

/// Why it is not known what became of a request.
///
/// * `silence`: what is wrong with an answer whose status is a success.
pub fn cause(result: &Result<Outcome, Failure>, silence: &str) -> Cause {
    match result {
        Err(failure) => Cause::from(failure),
        Ok(outcome) => {
            let status = outcome.status;
            let after = if outcome.redirected {
                ", after a redirect"
            } else {
                ""
            };
            let body = Body::of(outcome);
            let silence = if outcome.is_success() {
                format!("; {silence}")
            } else {
                String::new()
            };
            let details = body
                .refusal
                .details
                .map_or_else(String::new, |details| format!(": {details}"));
            Cause {
                code: body.is_connects.then_some(body.refusal.codes).flatten(),
                status: Some(status),
                message: format!("the server answered {status}{after}{silence}{details}"),
            }
        }
    }
}
