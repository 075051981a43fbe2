//! What the body of an unsuccessful response says, and why the effect of a request is not known.

use super::Refusal;
use super::fields::Fields;
use crate::core::bulk::report::Cause;
use crate::core::error::Failure;
use crate::core::http::response::RawResponse;
use crate::core::json;

/// The body of an unsuccessful response.
pub(super) struct Body {
    /// Connect's code and message, or the beginning of the text.
    pub(super) refusal: Refusal,
    /// Whether it has the form of Connect's errors.
    pub(super) is_connects: bool,
    /// Whether it says that the record is closed.
    pub(super) says_closed: bool,
}

impl Body {
    pub(super) fn of(response: &RawResponse) -> Self {
        let text = json::readable(&response.body);
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
            .get_or_insert_with(|| format!("HTTP {}", response.status));
        Self {
            refusal,
            is_connects: fields.has_error_code,
            says_closed,
        }
    }
}

/// Why the effect of a request is not known.
///
/// * `defect`: what is wrong with the response if its status is a success.
pub fn indeterminate_cause(result: &Result<RawResponse, Failure>, defect: &str) -> Cause {
    match result {
        Err(failure) => Cause::from(failure),
        Ok(response) => {
            let status = response.status;
            let after = if response.redirected {
                ", after a redirect"
            } else {
                ""
            };
            let body = Body::of(response);
            let defect = if response.is_success() {
                format!("; {defect}")
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
                message: format!("the server answered {status}{after}{defect}{details}"),
            }
        }
    }
}
