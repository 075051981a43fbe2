//! Any bytes as a workbook: no panic, and no more memory than the bounds allow.

#![no_main]

use std::io::Cursor;

use cloudblue_connect_native::core::tables::row::RowSource;
use cloudblue_connect_native::core::tables::xlsx::limits::Limits;
use cloudblue_connect_native::core::tables::xlsx::{Options, open_from};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = Options {
        sheet: None,
        include_hidden: true,
    };
    let Ok(mut sheet) = open_from(Cursor::new(bytes), &options, Limits::default()) else {
        return;
    };
    while let Ok(Some(row)) = sheet.next_row() {
        assert!((1..=1_048_576).contains(&row.number));
        assert!(row.cells.len() <= 16_384);
    }
});
