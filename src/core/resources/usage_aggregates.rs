//! Usage aggregates.

#[macro_export]
#[doc(hidden)]
macro_rules! usage_aggregates {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Usage aggregates: what was consumed of an item by an asset. Connect only lists them: use `search`.
            UsageAggregateResource<UsageAggregate> at "/usage/aggregates" as "usageAggregates" {}
        }
    };
}
