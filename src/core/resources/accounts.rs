//! Accounts and their users.

#[macro_export]
#[doc(hidden)]
macro_rules! accounts {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Accounts, and the users of each.
            AccountResource<Account> at "/accounts" as "accounts" {} with {
                /// The users of an account.
                users(id): AccountUserResource at "/{}/users";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! account_users {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The users of an account.
            AccountUserResource<AccountUser> {}
        }
    };
}
