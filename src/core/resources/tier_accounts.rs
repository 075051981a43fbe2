//! Tier accounts: customers and resellers.

#[macro_export]
#[doc(hidden)]
macro_rules! tier_accounts {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Tier accounts: customers and resellers.
            TierAccountResource<TierAccount> at "/tier/accounts" as "tierAccounts" {} with {
                /// The versions of a tier account.
                versions(id): TierAccountVersionResource at "/{}/versions";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! tier_account_versions {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The versions of a tier account.
            TierAccountVersionResource<TierAccount> {}
        }
    };
}
