//! Accounts and their users.

/// Accounts; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! accounts {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* AccountResource at "/accounts" as "accounts" {
        } with {
            /// The users of an account.
            users(id): AccountUserResource at "/{}/users";
        } }
    };
}

/// The users of an account; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! account_users {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* AccountUserResource {
        } }
    };
}
