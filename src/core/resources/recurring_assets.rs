//! Recurring assets: assets that are billed again and again.

/// Recurring assets; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! recurring_assets {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* RecurringAssetResource at "/subscriptions/assets" as "recurringAssets" {
        } }
    };
}
