//! Requests: what vendors fulfil.

/// Requests; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* RequestResource at "/requests" as "requests" {
            /// Fails a request, for a reason.
            fail(id) { "reason": reason } => Post "/{}/fail" -> Json;
            /// Asks the customer for more, with a template or an activation tile.
            inquire(id) [request] => Post "/{}/inquire" -> Json;
            /// Approves a request, with a template or an activation tile.
            approve(id) [request] => Post "/{}/approve" -> Json;
            /// Puts a request back to pending.
            pending(id) => Post "/{}/pend" -> Json;
            /// Plans a request for a date.
            schedule(id) ["data": data] => Post "/{}/schedule" -> Json;
            /// Takes the planned date back.
            revoke(id) ["data": data] => Post "/{}/revoke" -> Json;
            /// Confirms the planned date.
            confirm(id) => Post "/{}/confirm" -> Json;
        } }
    };
}
