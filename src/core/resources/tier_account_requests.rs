//! Tier account requests: changes of customers and resellers.

/// Tier account requests; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! tier_account_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* TierAccountRequestResource at "/tier/account-requests" as "tierAccountRequests" {
            /// Accepts a change.
            accept(id) => Post "/{}/accept" -> Json;
            /// Ignores a change, for a reason.
            ignore(id) { "reason": reason } => Post "/{}/ignore" -> Json;
        } }
    };
}
