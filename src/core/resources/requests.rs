//! Requests: what vendors fulfil.

#[macro_export]
#[doc(hidden)]
macro_rules! requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Requests: what vendors fulfil.
            RequestResource<Request> at "/requests" as "requests" {
                /// Fails a request, for a reason.
                ///
                /// @param [reason] The reason.
                fail(id; reason) => Post "/{}/fail" Fields(&["reason"]) -> Json<Request>;
                /// Asks the customer for more.
                ///
                /// @param [request] For example `{ template_id }`.
                inquire(id; request) => Post "/{}/inquire" Value -> Json<Request>;
                /// Approves a request.
                ///
                /// @param [request] `{ template_id }` or `{ activation_tile }`.
                approve(id; request) => Post "/{}/approve" Value -> Json<Request>;
                /// Puts a request back to pending.
                pending(id) => Post "/{}/pend" -> Json<Request>;
                /// Plans a request for a date.
                ///
                /// @param {{ planned_date: string } | unknown} [data] `{ planned_date }`, ISO 8601, as Connect documents it.
                ///   Anything but an object is sent as the original does, as `{ data }`.
                schedule(id; data) => Post "/{}/schedule" ValueOrField("data") -> Json<Request>;
                /// Takes the planned date back.
                ///
                /// @param {{ reason: string } | unknown} [data] `{ reason }`, as Connect documents it. Anything but an object
                ///   is sent as the original does, as `{ data }`.
                revoke(id; data) => Post "/{}/revoke" ValueOrField("data") -> Json<Request>;
                /// Confirms the planned date.
                confirm(id) => Post "/{}/confirm" -> Json<Request>;
            }
        }
    };
}
