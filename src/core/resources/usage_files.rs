//! Usage files: reports of usage.

#[macro_export]
#[doc(hidden)]
macro_rules! usage_files {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Usage files: reports of usage, made and uploaded by vendors, accepted and closed by providers.
            ///
            /// @example
            /// const file = await client.usageFiles.create({
            ///   name: 'January',
            ///   product: { id: 'PRD-1' },
            ///   contract: { id: 'CRD-1' },
            /// });
            /// await client.usageFiles.upload(file.id, { path: 'january.xlsx' });
            /// await client.usageFiles.submit(file.id);
            UsageFileResource<UsageFile, Filter, UsageFile> at "/usage/files" as "usageFiles" {
                /// Accepts a usage file.
                ///
                /// @param [acceptanceNote] A note.
                accept(id; acceptance_note)
                    => Post "/{}/accept" Fields(&["acceptance_note"]) -> Json<UsageFile>;
                /// Approves all records of a usage file.
                approve_all(id) => Put "/{}/approve-all" -> Json<UsageFile>;
                /// Closes a usage file.
                close(id) => Post "/{}/close" -> Json<UsageFile>;
                /// Deletes a usage file.
                ///
                /// @returns The usage file, as Connect gives it.
                delete(id) => Post "/{}/delete" -> Json<UsageFile>;
                /// Processes an uploaded file again.
                reprocess(id) => Post "/{}/reprocess" -> Json<UsageFile>;
                /// Submits a usage file to the provider.
                submit(id) => Post "/{}/submit" -> Json<UsageFile>;
                /// Rejects a usage file.
                ///
                /// @param [rejectionNote] A note.
                reject(id; rejection_note)
                    => Post "/{}/reject" Fields(&["rejection_note"]) -> Json<UsageFile>;
                /// Uploads the reconciliation of a usage file.
                ///
                /// @param reconFile The file: xlsx.
                reconciliation(id; recon_file) => Post "/{}/reconciliation" File(&["recon_file"]) -> Json<any>;
                /// Uploads the usage of a usage file.
                ///
                /// @param usageFile The file: xlsx. A path stands in an object: a string that names a file is a TypeError.
                ///
                /// @example
                /// await client.usageFiles.upload('UF-2021-01-3453-7567', { path: 'january.xlsx' });
                upload(id; usage_file) => Post "/{}/upload" File(&["usage_file"]) -> Json<UsageFile>;
            } with {
                /// The categories of a usage file.
                categories(id): CategoryUsageFileResource at "/{}/categories";
            }
        }
    };
}

#[macro_export]
#[doc(hidden)]
macro_rules! usage_file_categories {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// The categories of a usage file.
            CategoryUsageFileResource<UsageCategory> {}
        }
    };
}
