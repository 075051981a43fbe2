//! Recurring assets: assets that are billed again and again.

#[macro_export]
#[doc(hidden)]
macro_rules! recurring_assets {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Recurring assets: those that are billed again and again.
            RecurringAssetResource<Asset> at "/subscriptions/assets" as "recurringAssets" {}
        }
    };
}
