//! Usage records: what a customer used, and the invoice that billed it.

#[macro_export]
#[doc(hidden)]
macro_rules! usage_records {
    ($emit:ident $($with:tt)*) => {
        $crate::$emit! { $($with)*
            /// Usage records: what a customer used, and the invoice that billed it. Connect has no way to create or delete
            /// one by itself: the inherited `create` and `delete` are refused by it.
            ///
            /// @example
            /// const records = new UsageRecordResource(client); // or: client.usageRecords
            /// const approved = await records.search({ status: 'approved' });
            UsageRecordResource<UsageRecord, UsageRecordFilter> at "/usage/records" as "usageRecords" {
                /// Closes one usage record with the number of the invoice that billed it, and a note.
                ///
                /// The original's documentation names a `UsageChunkResource` as the result; its code resolves to the parsed
                /// answer, and so does this.
                ///
                /// @param id The id of the usage record, such as `UR-2021-01-2023-8696-9408-6767`.
                /// @param [externalBillingId] The number of the invoice. Left out of the request if undefined, sent if null.
                /// @param [externalBillingNote] A note. Left out of the request if undefined, sent if null.
                /// @returns The closed record (undefined if Connect answers without a body). Rejects with APIError if Connect
                ///   refuses, as for a record that is not approved; with ConnectionError or TimeoutError if there was no
                ///   answer: `maybeProcessed` then says whether the record may have been closed nevertheless.
                ///
                /// @example
                /// await client.usageRecords.close('UR-2021-01-2023-8696-9408-6767', 'INV-7', 'January');
                close(id; external_billing_id, external_billing_note)
                    => Post "/{}/close" Fields(&["external_billing_id", "external_billing_note"])
                    -> Json<UsageRecord>;
                /// Closes the record of a usage file, as the JavaScript SDK documents it. Connect's own documentation does not
                /// have this call and may answer 404; to close one record use `close`.
                ///
                /// The original's documentation names a `UsageChunkResource` as the result; its code resolves to the parsed
                /// answer, and so does this.
                ///
                /// @param id The id of the usage file, such as `UF-2021-01-3453-7567`.
                /// @param [recordId] The id of the usage record. Left out of the request if undefined.
                /// @param [externalBillingId] The number of the invoice. Left out of the request if undefined, sent if null.
                /// @param [externalBillingNote] A note. Left out of the request if undefined, sent if null.
                /// @returns What Connect answers. Rejects as `close` does.
                ///
                /// @example
                /// const answer = await client.usageRecords.closeRecords('UF-2021-01-3453-7567', 'UR-2021-01-2023-8696-9408-6767', 'INV-7');
                /// const failed = Array.isArray(answer) ? answer.filter((item) => item.error_codes) : [];
                close_records(id; record_id, external_billing_id, external_billing_note)
                    => Post "/{}/close-records" Fields(&["id", "external_billing_id", "external_billing_note"])
                    -> Json<RecordOrResults>;
                /// Closes records with one request. Connect responds with 206 whether all were closed or not: look at each item.
                ///
                /// @param {readonly RecordToClose[]} records The records, a few hundred at most; for more, and to be sure of
                ///   each, use `closeMany`.
                /// @returns What became of each, as Connect says it: `error_codes` where a record was not closed. Rejects with
                ///   a TypeError that names the record if one cannot be used.
                ///
                /// @example
                /// const items = await client.usageRecords.closeRecords([{ id: 'UR-2021-01-2023-8696-9408-6767', externalBillingId: 'INV-7' }]);
                /// const failed = items.filter((item) => item.error_codes);
                close_batch(; records) => Post "/close-records" Records -> Json<[CloseRecordResult]> as close_records;
            }
        }
    };
}
