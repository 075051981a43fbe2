//! Any bytes as a table: they are read or refused. What is read has an id and a line, and comes in the order of lines.

#![no_main]

use cloudblue_connect_native::core::tables::cancellation::Cancellation;
use cloudblue_connect_native::core::tables::reader::{Options, Reader};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut reader = Reader::new(None, Options::default(), Cancellation::default());
    reader.push(bytes).expect("the copy can be written");
    if let Err(error) = reader.check() {
        assert!(!error.failure.message.is_empty());
        return;
    }
    // What was checked is read without a failure.
    let mut last = 1;
    while let Some(chunk) = reader.next(2).expect("the table was checked") {
        let records: serde_json::Value = serde_json::from_str(&chunk).expect("it is JSON");
        for record in records.as_array().expect("an array") {
            assert!(record["id"].as_str().is_some_and(|id| id.starts_with("UR-")));
            let row = record["row"].as_u64().expect("a number");
            assert!(row > last);
            last = row;
        }
    }
});
