//! Hubs: where products are sold.

#[macro_export]
#[doc(hidden)]
macro_rules! hubs {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Hubs: where products are sold.
            HubResource<Hub> at "/hubs" as "hubs" {}
        }
    };
}
