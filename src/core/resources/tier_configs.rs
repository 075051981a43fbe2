//! Tier configurations.

/// Tier configurations; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! tier_configs {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* TierConfigResource at "/tier/configs" as "tierConfigs" {
        } }
    };
}
