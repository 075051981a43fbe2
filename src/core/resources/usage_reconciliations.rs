//! Usage reconciliations.

#[macro_export]
#[doc(hidden)]
macro_rules! usage_reconciliations {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Reconciliations of usage files: what a provider says became of the records.
            ///
            /// @example
            /// const { id } = await client.usageReconciliations.create({ path: 'billed.xlsx' }, 'January');
            /// await client.usageReconciliations.waitFor(id, 'processed');
            UsageReconciliationResource<Reconciliation> at "/usage/reconciliations" as "usageReconciliations" {
                /// Uploads a reconciliation.
                ///
                /// @param reconFile The file: xlsx. A path stands in an object: a string that names a file is a TypeError.
                /// @param [uploadNote] A note. Left out of the form if undefined or null.
                /// @returns The reconciliation, which Connect then processes: see `waitFor`. With anything but a file `create`
                ///   sends JSON, as the original does, which the API does not take.
                ///
                /// @example
                /// await client.usageReconciliations.create({ path: 'billed.xlsx' }, 'January');
                create_from_file(; recon_file, upload_note)
                    => Post "" File(&["recon_file", "upload_note"]) -> Json<Reconciliation> as create;
                /// Downloads the processed file.
                ///
                /// @returns Its bytes.
                processed_file(id) => Get "/{}/processedfile" -> Bytes;
                /// Downloads the uploaded file.
                ///
                /// @returns Its bytes.
                uploaded_file(id) => Get "/{}/uploadedfile" -> Bytes;
            }
        }
    };
}
