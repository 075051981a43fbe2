//! Webhooks.

#[macro_export]
#[doc(hidden)]
macro_rules! webhooks {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Webhooks.
            WebhookResource<Webhook> at "/notifications/webhooks" as "webhooks" {}
        }
    };
}
