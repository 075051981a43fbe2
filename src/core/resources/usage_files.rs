//! Usage files: reports of usage.

/// Usage files; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! usage_files {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* UsageFileResource at "/usage/files" as "usageFiles" {
            /// Accepts a usage file, with a note.
            accept(id) { "acceptance_note": acceptance_note } => Post "/{}/accept" -> Json;
            /// Approves all records of a usage file.
            approve_all(id) => Put "/{}/approve-all" -> Json;
            /// Closes a usage file.
            close(id) => Post "/{}/close" -> Json;
            /// Deletes a usage file; the API answers with what was deleted.
            delete(id) => Post "/{}/delete" -> Json;
            /// Processes an uploaded file again.
            reprocess(id) => Post "/{}/reprocess" -> Json;
            /// Submits a usage file.
            submit(id) => Post "/{}/submit" -> Json;
            /// Rejects a usage file, with a note.
            reject(id) { "rejection_note": rejection_note } => Post "/{}/reject" -> Json;
            /// Uploads the reconciliation of a usage file.
            reconciliation(id) [file "recon_file": recon_file] => Post "/{}/reconciliation" -> Json;
            /// Uploads the usage of a usage file.
            upload(id) [file "usage_file": usage_file] => Post "/{}/upload" -> Json;
        } with {
            /// The categories of a usage file.
            categories(id): CategoryUsageFileResource at "/{}/categories";
        } }
    };
}

/// The categories of a usage file; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! usage_file_categories {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* CategoryUsageFileResource {
        } }
    };
}
