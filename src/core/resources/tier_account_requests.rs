//! Tier account requests: changes of customers and resellers.

#[macro_export]
#[doc(hidden)]
macro_rules! tier_account_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Tier account requests: changes of customers and resellers.
            TierAccountRequestResource<TierAccountRequest> at "/tier/account-requests" as "tierAccountRequests" {
                /// Accepts a change.
                accept(id) => Post "/{}/accept" -> Json<TierAccountRequest>;
                /// Ignores a change, for a reason.
                ///
                /// @param [reason] The reason.
                ignore(id; reason) => Post "/{}/ignore" Fields(&["reason"]) -> Json<TierAccountRequest>;
            }
        }
    };
}
