//! Usage aggregates.

/// Usage aggregates; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! usage_aggregates {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* UsageAggregateResource at "/usage/aggregates" as "usageAggregates" {
        } }
    };
}
