//! Usage chunks: the parts of a usage file that go to one hub each.

/// Usage chunks; see [`super`] for how the lines read.
#[macro_export]
#[doc(hidden)]
macro_rules! usage_chunks {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)* UsageChunkResource at "/usage/chunks" as "usageChunks" {
            /// Closes a chunk with the number of the invoice that billed it, and a note.
            close(id) { "external_billing_id": external_billing_id, "external_billing_note": external_billing_note } => Post "/{}/close" -> Json;
            /// Downloads a chunk.
            download(id) => Get "/{}/download" -> Bytes;
            /// Makes a chunk anew.
            regenerate(id) => Post "/{}/regenerate" -> Json;
        } }
    };
}
