use super::*;
use crate::core::error::Kind;

fn record(id: &str) -> Record {
    Record {
        id: id.into(),
        billing_id: Some("INV-7".into()),
        note: None,
    }
}

fn answer(status: u16, body: &str) -> Result<Outcome, Failure> {
    Ok(Outcome::plain(status, body.as_bytes().to_vec()))
}

fn redirected(status: u16, body: &str) -> Result<Outcome, Failure> {
    Ok(Outcome {
        redirected: true,
        ..Outcome::plain(status, body.as_bytes().to_vec())
    })
}

fn lost() -> Result<Outcome, Failure> {
    Err(Failure::new(Kind::Connection, "cut off")
        .with_code("ECONNRESET")
        .after_sending())
}

/// What is said of each record; nothing for another kind of answer.
fn said(answered: Answered) -> Vec<Said> {
    match answered {
        Answered::Each(said, _) => said,
        other => panic!("{other:?}"),
    }
}

fn refused(codes: &str, details: &str) -> Said {
    Said::Refused(Refusal {
        codes: Some(codes.into()),
        details: Some(details.into()),
    })
}

/// What a batch of UR-1 alone, answered with these items, says of it.
fn of_one(items: &str) -> Said {
    let one = record("UR-1");
    said(of_batch(&answer(206, items), &[&one])).remove(0)
}

#[test]
fn a_batch_is_read_record_by_record() {
    let records = ["UR-1", "UR-2", "UR-3", "UR-4"].map(record);
    let records: Vec<_> = records.iter().collect();
    let body = r#"[{"id":"UR-3","error_codes":"VAL_001","error_details":["a","b"]},{"id":"UR-1","status":"closed"},
        {"id":"UR-2","status":"approved","error_codes":null}]"#;
    assert_eq!(
        said(of_batch(&answer(206, body), &records)),
        [
            Said::Closed,
            Said::Unclear(None),
            refused("VAL_001", "a; b"),
            Said::Unclear(None)
        ]
    );
}

#[test]
fn only_the_word_closed_closes() {
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
        assert_eq!(of_one(&format!("[{item}]")), Said::Unclear(None), "{item}");
    }
    for item in [
        r#"{"id":"UR-1","status":"closed"}"#,
        r#"{"id":"UR-1","status":"closed","error_codes":null,"error_details":"","errors":[]}"#,
        r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-7"}"#,
        r#"{"id":"UR-1","status":"closed","external_billing_id":null}"#,
    ] {
        assert_eq!(of_one(&format!("[{item}]")), Said::Closed, "{item}");
    }
}

#[test]
fn an_error_refuses_and_with_the_word_closed_leaves_the_invoice_open() {
    for item in [
        r#"{"id":"UR-1","error_code":"X","errors":["no"]}"#,
        r#"{"id":"UR-1","error":"no"}"#,
    ] {
        let said = of_one(&format!("[{item}]"));
        assert!(matches!(said, Said::Unclear(Some(_))), "somebody's error: {item}");
    }
    for item in [
        r#"{"id":"UR-1","error_codes":"X"}"#,
        r#"{"id":"UR-1","status":"approved","error_details":"no"}"#,
    ] {
        assert!(matches!(of_one(&format!("[{item}]")), Said::Refused(_)), "{item}");
    }
    for item in [
        r#"{"id":"UR-1","status":"closed","error_codes":"X"}"#,
        r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-8"}"#,
    ] {
        assert!(
            matches!(of_one(&format!("[{item}]")), Said::ClosedSomehow(_)),
            "{item}"
        );
    }
}

#[test]
fn of_an_id_that_comes_twice_the_less_certain_counts() {
    let (closed, error, silent) = (
        r#"{"id":"UR-1","status":"closed"}"#,
        r#"{"id":"UR-1","error_codes":"X"}"#,
        r#"{"id":"UR-1"}"#,
    );
    let twice = |first: &str, second: &str| of_one(&format!("[{first},{second}]"));
    assert_eq!(twice(closed, closed), Said::Closed);
    for (first, second) in [
        (closed, error),
        (error, closed),
        (closed, silent),
        (silent, closed),
    ] {
        assert!(matches!(twice(first, second), Said::ClosedSomehow(_)));
    }
    assert!(matches!(twice(error, error), Said::Refused(_)));
    assert_eq!(twice(error, silent), Said::Unclear(None));
    assert_eq!(twice(silent, error), Said::Unclear(None));
}

#[test]
fn half_a_surrogate_pair_does_not_spoil_an_answer() {
    let items = r#"[{"id":"UR-1","status":"closed","external_billing_note":"a\ud83d"}]"#;
    assert_eq!(of_one(items), Said::Closed);
}

#[test]
fn what_a_batch_comes_to() {
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
            said(of_batch(&result, &records)),
            [Said::Unclear(None)],
            "{result:?}"
        );
    }
    let refused = Failure::new(Kind::Connection, "refused");
    for (result, expected) in [
        (answer(429, ""), Answered::Throttled),
        (answer(401, ""), Answered::Forbidden),
        (answer(404, "<html>"), Answered::Elsewhere),
        (answer(404, r#"{"detail":"Not found"}"#), Answered::Elsewhere),
        (Err(refused.clone()), Answered::NotSent(refused)),
    ] {
        assert_eq!(of_batch(&result, &records), expected, "{result:?}");
    }
    for result in [
        answer(413, "too large"),
        answer(404, r#"{"error_code":"NFND_000","errors":["no"]}"#),
    ] {
        assert!(
            matches!(of_batch(&result, &records), Answered::Whole(_)),
            "{result:?}"
        );
    }
}

#[test]
fn a_close_by_itself_is_read() {
    let one = record("UR-1");
    let said = |result| said(of_single(&result, &one)).remove(0);
    assert_eq!(
        said(answer(200, r#"{"id":"UR-1","status":"closed"}"#)),
        Said::Closed
    );
    for unclear in [
        answer(200, r#"{"id":"UR-9","status":"closed"}"#),
        answer(200, r#"{"status":"closed"}"#),
        answer(204, ""),
        answer(404, "<html>"),
        answer(502, ""),
        lost(),
    ] {
        assert_eq!(said(unclear.clone()), Said::Unclear(None), "{unclear:?}");
    }
    let no = answer(400, r#"{"error_code":"VAL_001","errors":["only approved"]}"#);
    assert_eq!(said(no), refused("VAL_001", "only approved"));
    let closed = answer(400, r#"{"error_code":"VAL_001","status":"closed"}"#);
    assert!(matches!(said(closed), Said::ClosedSomehow(_)));
}

#[test]
fn what_a_record_is_when_it_is_read() {
    let one = record("UR-1");
    let read = |body: &str| of_read(&answer(200, body), &one);
    assert_eq!(
        read(r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-7"}"#),
        Read::Closed(Some("INV-7".into()))
    );
    assert_eq!(read(r#"{"id":"UR-1","status":"closed"}"#), Read::Closed(None));
    assert_eq!(read(r#"{"id":"UR-1","status":"approved"}"#), Read::Open);
    assert!(matches!(
        read(r#"{"id":"UR-1","status":"rejected"}"#),
        Read::Dead(_)
    ));
    assert!(matches!(
        read(r#"{"id":"UR-1","status":"valid"}"#),
        Read::NotNow(_)
    ));
    let own = answer(404, r#"{"error_code":"NFND_000","errors":["Not found."]}"#);
    assert!(matches!(of_read(&own, &one), Read::NotNow(_)));
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
            matches!(of_read(&unreadable, &one), Read::Unreadable(_)),
            "{unreadable:?}"
        );
    }
    assert_eq!(of_read(&answer(429, ""), &one), Read::Throttled);
    assert_eq!(of_read(&answer(503, ""), &one), Read::Throttled);
    assert_eq!(of_read(&answer(403, ""), &one), Read::Forbidden);
}

#[test]
fn why_something_is_not_known_is_said() {
    let of = |result: Result<Outcome, Failure>| cause(&result, "it did not say");
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
