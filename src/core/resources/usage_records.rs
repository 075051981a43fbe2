//! Usage records: what a customer used, and the invoice that billed it.

/// The methods of `UsageRecordResource` (facts 55 and 56); see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! usage_records {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* UsageRecordResource at "/usage/records" as "usageRecords" {
            /// Closes one usage record with the number of the invoice that billed it, and a note.
            close(id) {
                "external_billing_id": external_billing_id,
                "external_billing_note": external_billing_note
            } => Post "/{}/close" -> Json;
            /// Closes the record of a usage file, as the original SDK documents it.
            close_records(id) {
                "id": record_id,
                "external_billing_id": external_billing_id,
                "external_billing_note": external_billing_note
            } => Post "/{}/close-records" -> Json;
            /// Closes many records with one request; each item of the answer says what became of one.
            close_batch() [records records] => Post "/close-records" -> Json;
        } }
    };
}
