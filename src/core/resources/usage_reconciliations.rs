//! Usage reconciliations.

/// Usage reconciliations; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! usage_reconciliations {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* UsageReconciliationResource at "/usage/reconciliations" as "usageReconciliations" {
            /// Downloads the processed file.
            processed_file(id) => Get "/{}/processedfile" -> Bytes;
            /// Downloads the uploaded file.
            uploaded_file(id) => Get "/{}/uploadedfile" -> Bytes;
        } }
    };
}
