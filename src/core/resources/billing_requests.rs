//! Billing requests: what recurring assets are billed.

/// Billing requests; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! billing_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* BillingRequestResource at "/subscriptions/requests" as "billingRequests" {
            /// Changes the attributes of a billing request.
            update_attributes(id) [attributes] => Put "/{}/attributes" -> Json;
        } }
    };
}
