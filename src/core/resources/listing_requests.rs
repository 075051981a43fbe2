//! Listing requests: putting products on sale.

#[macro_export]
#[doc(hidden)]
macro_rules! listing_requests {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Listing requests: putting products on sale.
            ListingRequestResource<ListingRequest> at "/listing-requests" as "listingRequests" {
                /// Cancels a request.
                cancel(id) => Post "/{}/cancel" -> Nothing;
                /// Completes a request.
                complete(id) => Post "/{}/complete" -> Nothing;
                /// Deploys a request.
                deploy(id) => Post "/{}/deploy" -> Nothing;
                /// Sends a request back to be refined.
                refine(id) => Post "/{}/refine" -> Nothing;
                /// Submits a request.
                submit(id) => Post "/{}/submit" -> Nothing;
            }
        }
    };
}
