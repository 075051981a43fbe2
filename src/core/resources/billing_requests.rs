//! Billing requests: what recurring assets are billed.

#[macro_export]
#[doc(hidden)]
macro_rules! billing_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Billing requests: what recurring assets are billed.
            BillingRequestResource<BillingRequest> at "/subscriptions/requests" as "billingRequests" {
                /// Changes the attributes of a billing request.
                ///
                /// @param [attributes] The attributes.
                update_attributes(id; attributes) => Put "/{}/attributes" Value -> Json<any>;
            }
        }
    };
}
