use super::*;
use crate::core::bulk::closable::{CHUNKS, RECORDS};
use crate::core::error::Kind;

fn record(id: &str) -> Record {
    Record {
        id: id.into(),
        billing_id: Some("INV-7".into()),
        note: None,
        is_outdated: false,
    }
}

fn answer(status: u16, body: &str) -> Result<RawResponse, Failure> {
    Ok(RawResponse::plain(status, body.as_bytes().to_vec()))
}

fn redirected(status: u16, body: &str) -> Result<RawResponse, Failure> {
    Ok(RawResponse {
        redirected: true,
        ..RawResponse::plain(status, body.as_bytes().to_vec())
    })
}

fn lost() -> Result<RawResponse, Failure> {
    Err(Failure::new(Kind::Connection, "cut off")
        .with_code("ECONNRESET")
        .after_sending())
}

/// What is said of each record; panics on any other result.
fn said(answered: BatchResult) -> Vec<ItemResult> {
    match answered {
        BatchResult::PerRecord(said, _) => said,
        other => panic!("{other:?}"),
    }
}

fn refused(codes: &str, details: &str) -> ItemResult {
    ItemResult::Refused(Refusal {
        codes: Some(codes.into()),
        details: Some(details.into()),
    })
}

/// What the response to a batch of UR-1 alone, with these items, says of it.
fn of_one(items: &str) -> ItemResult {
    let one = record("UR-1");
    said(batch_result(&answer(206, items), &[&one])).remove(0)
}

#[test]
fn a_batch_is_read_record_by_record() {
    let records = ["UR-1", "UR-2", "UR-3", "UR-4"].map(record);
    let records: Vec<_> = records.iter().collect();
    let body = r#"[{"id":"UR-3","error_codes":"VAL_001","error_details":["a","b"]},{"id":"UR-1","status":"closed"},
        {"id":"UR-2","status":"approved","error_codes":null}]"#;
    assert_eq!(
        said(batch_result(&answer(206, body), &records)),
        [
            ItemResult::Closed,
            ItemResult::Indeterminate(None),
            refused("VAL_001", "a; b"),
            ItemResult::Indeterminate(None)
        ]
    );
}

#[test]
fn only_the_status_closed_closes() {
    for item in [
        r#"{"id":"UR-1"}"#,
        r#"{"id":"UR-1","external_billing_id":"INV-7","external_billing_note":null}"#,
        r#"{"id":"UR-1","status":null}"#,
        r#"{"id":"UR-1","status":7}"#,
        r#"{"id":"UR-1","status":["closed"]}"#,
        r#"{"id":"UR-1","status":"Closed"}"#,
        r#"{"id":"UR-1","status":"approved"}"#,
        r#"{"id":"UR-2","status":"closed"}"#,
        r#"{"status":"closed"}"#,
        r#"["UR-1","closed"]"#,
    ] {
        assert_eq!(
            of_one(&format!("[{item}]")),
            ItemResult::Indeterminate(None),
            "{item}"
        );
    }
    for item in [
        r#"{"id":"UR-1","status":"closed"}"#,
        r#"{"id":"UR-1","status":"closed","error_codes":null,"error_details":"","errors":[]}"#,
        r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-7"}"#,
        r#"{"id":"UR-1","status":"closed","external_billing_id":null}"#,
    ] {
        assert_eq!(of_one(&format!("[{item}]")), ItemResult::Closed, "{item}");
    }
}

#[test]
fn an_error_refuses_and_with_status_closed_leaves_the_invoice_open() {
    for item in [
        r#"{"id":"UR-1","error_code":"X","errors":["no"]}"#,
        r#"{"id":"UR-1","error":"no"}"#,
    ] {
        let said = of_one(&format!("[{item}]"));
        assert!(
            matches!(said, ItemResult::Indeterminate(Some(_))),
            "somebody's error: {item}"
        );
    }
    for item in [
        r#"{"id":"UR-1","error_codes":"X"}"#,
        r#"{"id":"UR-1","status":"approved","error_details":"no"}"#,
    ] {
        assert!(
            matches!(of_one(&format!("[{item}]")), ItemResult::Refused(_)),
            "{item}"
        );
    }
    for item in [
        r#"{"id":"UR-1","status":"closed","error_codes":"X"}"#,
        r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-8"}"#,
    ] {
        assert!(
            matches!(of_one(&format!("[{item}]")), ItemResult::ClosedUnverified(_)),
            "{item}"
        );
    }
}

#[test]
fn of_two_items_with_one_id_the_less_certain_counts() {
    let (closed, error, silent) = (
        r#"{"id":"UR-1","status":"closed"}"#,
        r#"{"id":"UR-1","error_codes":"X"}"#,
        r#"{"id":"UR-1"}"#,
    );
    let twice = |first: &str, second: &str| of_one(&format!("[{first},{second}]"));
    assert_eq!(twice(closed, closed), ItemResult::Closed);
    for (first, second) in [
        (closed, error),
        (error, closed),
        (closed, silent),
        (silent, closed),
    ] {
        assert!(matches!(twice(first, second), ItemResult::ClosedUnverified(_)));
    }
    assert!(matches!(twice(error, error), ItemResult::Refused(_)));
    assert_eq!(twice(error, silent), ItemResult::Indeterminate(None));
    assert_eq!(twice(silent, error), ItemResult::Indeterminate(None));
}

#[test]
fn half_a_surrogate_pair_does_not_make_a_response_unreadable() {
    let items = r#"[{"id":"UR-1","status":"closed","external_billing_note":"a\ud83d"}]"#;
    assert_eq!(of_one(items), ItemResult::Closed);
}

#[test]
fn a_batch_response_has_one_of_these_results() {
    let one = record("UR-1");
    let records = [&one];
    for result in [
        answer(206, "{}"),
        answer(206, "[{"),
        answer(206, ""),
        answer(200, "<html>"),
        answer(500, "oops"),
        answer(503, ""),
        answer(408, ""),
        lost(),
        redirected(400, r#"{"error_code":"VAL_001"}"#),
        redirected(429, ""),
        redirected(206, r#"[{"id":"UR-1","status":"closed"}]"#),
    ] {
        assert_eq!(
            said(batch_result(&result, &records)),
            [ItemResult::Indeterminate(None)],
            "{result:?}"
        );
    }
    let refused = Failure::new(Kind::Connection, "refused");
    for (result, expected) in [
        (answer(429, ""), BatchResult::Throttled),
        (answer(401, ""), BatchResult::Forbidden),
        (answer(404, "<html>"), BatchResult::NotConnect),
        (answer(404, r#"{"detail":"Not found"}"#), BatchResult::NotConnect),
        (Err(refused.clone()), BatchResult::NotSent(refused)),
    ] {
        assert_eq!(batch_result(&result, &records), expected, "{result:?}");
    }
    for result in [
        answer(413, "too large"),
        answer(404, r#"{"error_code":"NFND_000","errors":["no"]}"#),
    ] {
        assert!(
            matches!(batch_result(&result, &records), BatchResult::Rejected(_)),
            "{result:?}"
        );
    }
}

#[test]
fn a_single_close_is_interpreted() {
    let one = record("UR-1");
    let said = |result| said(single_result(&result, &one, &RECORDS)).remove(0);
    assert_eq!(
        said(answer(200, r#"{"id":"UR-1","status":"closed"}"#)),
        ItemResult::Closed
    );
    for unclear in [
        answer(200, r#"{"id":"UR-9","status":"closed"}"#),
        answer(200, r#"{"status":"closed"}"#),
        answer(204, ""),
        answer(404, "<html>"),
        answer(502, ""),
        lost(),
    ] {
        assert_eq!(
            said(unclear.clone()),
            ItemResult::Indeterminate(None),
            "{unclear:?}"
        );
    }
    let no = answer(400, r#"{"error_code":"VAL_001","errors":["only approved"]}"#);
    assert_eq!(said(no), refused("VAL_001", "only approved"));
    let closed = answer(400, r#"{"error_code":"VAL_001","status":"closed"}"#);
    assert!(matches!(said(closed), ItemResult::ClosedUnverified(_)));
}

#[test]
fn a_read_is_interpreted() {
    let one = record("UR-1");
    let read = |body: &str| lookup_result(&answer(200, body), &one, &RECORDS);
    assert_eq!(
        read(r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-7"}"#),
        LookupResult::Closed(Some("INV-7".into()))
    );
    assert_eq!(
        read(r#"{"id":"UR-1","status":"closed"}"#),
        LookupResult::Closed(None)
    );
    assert_eq!(read(r#"{"id":"UR-1","status":"approved"}"#), LookupResult::Open);
    assert!(matches!(
        read(r#"{"id":"UR-1","status":"rejected"}"#),
        LookupResult::Final(_)
    ));
    assert!(matches!(
        read(r#"{"id":"UR-1","status":"valid"}"#),
        LookupResult::NotClosable(_)
    ));
    let own = answer(404, r#"{"error_code":"NFND_000","errors":["Not found."]}"#);
    assert!(matches!(
        lookup_result(&own, &one, &RECORDS),
        LookupResult::NotClosable(_)
    ));
    for unreadable in [
        answer(
            200,
            r#"{"id":"UR-999","status":"closed","external_billing_id":"INV-7"}"#,
        ),
        answer(200, r#"{"status":"closed","external_billing_id":"INV-7"}"#),
        answer(200, "{}"),
        answer(404, "<html>"),
        answer(502, ""),
        lost(),
    ] {
        assert!(
            matches!(
                lookup_result(&unreadable, &one, &RECORDS),
                LookupResult::Unreadable(_)
            ),
            "{unreadable:?}"
        );
    }
    assert_eq!(
        lookup_result(&answer(429, ""), &one, &RECORDS),
        LookupResult::Throttled
    );
    assert_eq!(
        lookup_result(&answer(503, ""), &one, &RECORDS),
        LookupResult::Throttled
    );
    assert_eq!(
        lookup_result(&answer(403, ""), &one, &RECORDS),
        LookupResult::Forbidden
    );
}

#[test]
fn a_read_of_a_chunk_is_interpreted() {
    let one = record("UFC-1");
    let read = |body: &str| lookup_result(&answer(200, body), &one, &CHUNKS);
    for (rest, expected) in [
        (r#""status":"closed""#, LookupResult::ClosedUnshown),
        (
            r#""status":"closed","external_billing_id":null"#,
            LookupResult::ClosedUnshown,
        ),
        (
            r#""status":"closed","external_billing_id":"INV-8""#,
            LookupResult::Closed(Some("INV-8".into())),
        ),
        (
            r#""status":"ready","outdated":false,"error":{}"#,
            LookupResult::Open,
        ),
    ] {
        assert_eq!(read(&format!(r#"{{"id":"UFC-1",{rest}}}"#)), expected, "{rest}");
    }
    for (rest, details) in [
        (
            r#""status":"ready","outdated":true"#,
            "the chunk is outdated: regenerate it, and bill what it then contains",
        ),
        (
            r#""status":"failed","error":{"detail":"no price"}"#,
            "the chunk is failed; only ready chunks can be closed: no price",
        ),
    ] {
        let broken = LookupResult::Broken(Refusal::with_details(details));
        assert_eq!(read(&format!(r#"{{"id":"UFC-1",{rest}}}"#)), broken);
    }
    for status in ["draft", "failed", "approved", "invalid"] {
        let details = format!("the chunk is {status}; only ready chunks can be closed");
        let expected = LookupResult::NotClosable(Refusal::with_details(details));
        assert_eq!(
            read(&format!(r#"{{"id":"UFC-1","status":"{status}"}}"#)),
            expected
        );
    }
}

#[test]
fn the_response_to_the_close_of_a_chunk_is_interpreted() {
    let one = record("UFC-1");
    let close = |status, body: &str| single_result(&answer(status, body), &one, &CHUNKS);
    let item = |body: &str| said(close(200, body)).remove(0);
    for closed in [
        r#"{"id":"UFC-1","status":"closed"}"#,
        r#"{"id":"UFC-1","status":"closed","outdated":false,"error":{"detail":""},"external_id":"b"}"#,
        r#"{"id":"UFC-1","status":"closed","external_billing_id":"INV-7"}"#,
    ] {
        assert_eq!(item(closed), ItemResult::Closed, "{closed}");
    }
    let other = item(r#"{"id":"UFC-1","status":"closed","external_billing_id":"INV-8"}"#);
    assert!(matches!(other, ItemResult::ClosedUnverified(_)));
    for unclear in [
        r#"{"id":"UFC-2","status":"closed"}"#,
        r#"{"id":"UFC-1","status":"ready"}"#,
        "{}",
    ] {
        assert_eq!(item(unclear), ItemResult::Indeterminate(None), "{unclear}");
    }
    assert_eq!(close(404, "<html>"), BatchResult::NotConnect);
}

#[test]
fn the_cause_of_an_unknown_outcome_is_named() {
    let of = |result: Result<RawResponse, Failure>| indeterminate_cause(&result, "it did not say");
    let failed = of(lost());
    assert_eq!(
        (failed.code.as_deref(), failed.status),
        (Some("ECONNRESET"), None)
    );
    let page = of(answer(200, "<html>Please log in"));
    assert_eq!(
        (page.status, page.message.as_str()),
        (
            Some(200),
            "the server answered 200; it did not say: <html>Please log in"
        )
    );
    let own = of(answer(500, r#"{"error_code":"SYS_001","errors":["broken"]}"#));
    assert_eq!(own.code.as_deref(), Some("SYS_001"));
    assert_eq!(own.message, "the server answered 500: broken");
}
