//! Usage chunks: the parts of a usage file that go to one hub each.

#[macro_export]
#[doc(hidden)]
macro_rules! usage_chunks {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Usage chunks: the parts of a usage file, one for each hub.
            ///
            /// @example
            /// const { bytes } = await client.usageChunks.download('UFC-2020-07-8349-4102-001', { to: 'chunk.xlsx' });
            UsageChunkResource<UsageChunk> at "/usage/chunks" as "usageChunks" {
                /// Closes a chunk with the number of the invoice that billed it, and a note. To close many, and to be sure of
                /// each, use `closeMany`.
                ///
                /// @param [externalBillingId] The number of the invoice.
                /// @param [externalBillingNote] A note.
                close(id; external_billing_id, external_billing_note)
                    => Post "/{}/close" Fields(&["external_billing_id", "external_billing_note"])
                    -> Json<UsageChunk>;
                /// Downloads a chunk.
                ///
                /// @returns Its bytes: xlsx.
                download(id) => Get "/{}/download" -> Bytes;
                /// Makes a chunk anew.
                regenerate(id) => Post "/{}/regenerate" -> Json<UsageChunk>;
            }
        }
    };
}
