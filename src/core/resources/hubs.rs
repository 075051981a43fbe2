//! Hubs: where products are sold.

/// Hubs; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! hubs {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* HubResource at "/hubs" as "hubs" {
        } }
    };
}
