//! Tier accounts: customers and resellers.

/// Tier accounts; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! tier_accounts {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* TierAccountResource at "/tier/accounts" as "tierAccounts" {
        } with {
            /// The versions of a tier account.
            versions(id): TierAccountVersionResource at "/{}/versions";
        } }
    };
}

/// The versions of a tier account; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! tier_account_versions {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* TierAccountVersionResource {
        } }
    };
}
