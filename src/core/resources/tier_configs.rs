//! Tier configurations.

#[macro_export]
#[doc(hidden)]
macro_rules! tier_configs {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Tier configurations.
            TierConfigResource<TierConfig> at "/tier/configs" as "tierConfigs" {}
        }
    };
}
