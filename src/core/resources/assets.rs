//! Assets: what customers subscribed to.

#[macro_export]
#[doc(hidden)]
macro_rules! assets {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Assets: what customers subscribed to.
            AssetResource<Asset> at "/assets" as "assets" {} with {
                /// What was consumed of an asset; the original asks at `/usage/agregates`, which the API does not have.
                usage_agregates(id): AssetUsageAgregatesResource at "/{}/usage/aggregates";
                /// What was consumed of an asset: `usageAgregates` in the right spelling.
                usage_aggregates(id): AssetUsageAgregatesResource at "/{}/usage/aggregates";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! asset_usage_agregates {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The usage aggregates of an asset.
            AssetUsageAgregatesResource<UsageAggregate> {}
        }
    };
}
