//! Webhooks.

/// Webhooks; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! webhooks {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* WebhookResource at "/notifications/webhooks" as "webhooks" {
        } }
    };
}
