use super::super::cancellation::Cancellation;
use super::super::source::Spool;
use super::super::table::{Table, TableFailure};
use super::*;

fn check(text: &str) -> Result<Table<AnyColumns>, TableFailure> {
    let mut spool = Spool::new("x.csv".into(), 1 << 20).unwrap();
    spool.write(text.as_bytes()).unwrap();
    Table::check(
        spool.finish().unwrap(),
        &Options::default(),
        &Cancellation::default(),
    )
}

fn rows(text: &str) -> Vec<Value> {
    let mut items = check(text).unwrap().items().unwrap();
    std::iter::from_fn(|| items.next_item().unwrap())
        .map(|row| serde_json::to_value(row).unwrap())
        .collect()
}

#[test]
fn rows_have_the_texts_of_all_columns_with_a_header() {
    assert_eq!(
        rows("\n Item ; ;amount;\n\na;left out;'7;\n\"b\nc\";;=1+1;\nd\n"),
        [
            json!({ "row": 4, "cells": { "Item": "a", "amount": "7" } }),
            json!({
                "row": 5,
                "cells": { "Item": "b\nc" },
                "unusable": { "amount": "is a formula, not its result; save the file with the results of its formulas" },
            }),
            json!({ "row": 7, "cells": { "Item": "d", "amount": "" } }),
        ]
    );
    assert_eq!(rows("a\n"), [json!(null); 0]);
}

#[test]
fn a_hidden_row_is_marked() {
    let text = |text: &str| Cell::Text(text.into());
    let row = |number, cells, is_hidden| Row {
        number,
        cells,
        is_hidden,
    };
    let header = row(1, vec![text("a")], false);
    let columns = AnyColumns::of_header(&header, Format::Xlsx, &Options::default()).unwrap();
    let mut refusals = Refusals::default();
    let read = columns.read(row(2, vec![text("x"), text("no header")], true), &mut refusals);
    assert_eq!(
        serde_json::to_value(read).unwrap(),
        json!({ "row": 2, "hidden": true, "cells": { "a": "x" } })
    );
    assert!(
        columns
            .read(row(3, vec![text("")], false), &mut refusals)
            .is_none()
    );
    assert_eq!(refusals.count, 0);
}

#[test]
fn headers_that_are_equal_or_unusable_are_refused() {
    for (text, says) in [
        (
            "Amount,b, amount \n",
            "two columns have the same header, 'Amount' (column 1) and 'amount' (column 3); rename one of them",
        ),
        ("a,=b\n", "the header of column 2 is a formula"),
    ] {
        let message = check(text).unwrap_err().failure.message;
        assert!(message.starts_with("cannot use x.csv: "), "{message}");
        assert!(message.contains(says), "{message}");
    }
    assert_eq!(place(27, Format::Xlsx), "column AB");
}

#[test]
fn rows_with_more_cells_than_the_header_are_refused() {
    let TableFailure { failure, refusals } = check("a,b\n1,2\n1,2,\n1,2,3\n").unwrap_err();
    assert_eq!(refusals.count, 1);
    let says = "line 4 has more columns than the header";
    assert!(failure.message.contains(says), "{}", failure.message);
}
