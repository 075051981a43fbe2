//! Tier configuration requests.

#[macro_export]
#[doc(hidden)]
macro_rules! tier_config_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Tier configuration requests.
            TierConfigRequestResource<TierConfigRequest> at "/tier/config-requests" as "tierConfigRequests" {
                /// Fails a request, for a reason.
                ///
                /// @param [reason] The reason.
                fail(id; reason) => Post "/{}/fail" Fields(&["reason"]) -> Nothing;
                /// Asks for more.
                inquire(id) => Post "/{}/inquire" -> Nothing;
                /// Puts a request back to pending.
                pending(id) => Post "/{}/pend" -> Nothing;
                /// Approves a request.
                ///
                /// @param [request] For example `{ template: { id } }`.
                approve(id; request) => Post "/{}/approve" Value -> Json<any>;
            }
        }
    };
}
