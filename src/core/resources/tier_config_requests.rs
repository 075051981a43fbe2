//! Tier configuration requests.

/// Tier configuration requests; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! tier_config_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* TierConfigRequestResource at "/tier/config-requests" as "tierConfigRequests" {
            /// Fails a request, for a reason.
            fail(id) { "reason": reason } => Post "/{}/fail" -> Nothing;
            /// Asks for more.
            inquire(id) => Post "/{}/inquire" -> Nothing;
            /// Puts a request back to pending.
            pending(id) => Post "/{}/pend" -> Nothing;
            /// Approves a request, with a template or an activation tile.
            approve(id) [request] => Post "/{}/approve" -> Json;
        } }
    };
}
