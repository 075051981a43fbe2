//! Assets: what customers subscribed to.

/// Assets; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! assets {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* AssetResource at "/assets" as "assets" {
        } with {
            /// What was consumed of an asset; the original asks at `/usage/agregates`, which the API does not have.
            usage_agregates(id): AssetUsageAgregatesResource at "/{}/usage/aggregates";
        } }
    };
}

/// The usage aggregates of an asset; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! asset_usage_agregates {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* AssetUsageAgregatesResource {
        } }
    };
}
