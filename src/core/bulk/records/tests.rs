use super::*;

fn strict() -> Defaults {
    Defaults {
        requires_billing_id: true,
        ..Defaults::default()
    }
}

fn one(text: &str, defaults: &Defaults) -> Result<Record, String> {
    read(format!("[{text}]").as_bytes(), 1, defaults)
        .map(|mut records| records.remove(0))
        .map_err(|(_, failure)| failure.message)
}

#[test]
fn either_spelling_is_read() {
    for text in [
        r#"{"id":"UR-1","externalBillingId":"INV-7","externalBillingNote":"n"}"#,
        r#"{"external_billing_note":"n","external_billing_id":"INV-7","id":"UR-1","more":1}"#,
    ] {
        let record = one(text, &strict()).unwrap();
        assert_eq!(
            record.item(),
            json!({"id": "UR-1", "external_billing_id": "INV-7", "external_billing_note": "n"})
        );
    }
}

#[test]
fn what_is_missing_is_taken_from_the_defaults() {
    let defaults = Defaults {
        billing_id: Some("INV-7".into()),
        note: Some("n".into()),
        ..strict()
    };
    let record = one(r#"{"id":7,"external_billing_id":null}"#, &defaults).unwrap();
    assert_eq!(
        record.item(),
        json!({"id": "7", "external_billing_id": "INV-7", "external_billing_note": "n"})
    );
    assert_eq!(
        one(r#"{"id":"UR-1"}"#, &Defaults::default()).unwrap().item(),
        json!({"id": "UR-1"})
    );
}

#[test]
fn what_is_wrong_is_named() {
    for (text, says) in [
        (
            "7",
            "records[1]: expected an object { id, externalBillingId, externalBillingNote }, got a number",
        ),
        ("{}", "`id` is missing"),
        (r#"{"id":""}"#, "`id` must be a non-empty string; got ''"),
        (r#"{"id":".."}"#, "got '..'"),
        (r#"{"id":null}"#, "got null"),
        (r#"{"id":"UR-1"}"#, "`externalBillingId` is missing"),
        (
            r#"{"id":"UR-1","externalBillingId":7}"#,
            "must be a non-empty string, or null; got a number",
        ),
        (r#"{"id":"UR-1","externalBillingId":""}"#, "got ''"),
        (
            r#"{"id":"UR-1","externalBillingId":null,"externalBillingNote":[]}"#,
            "got an array",
        ),
    ] {
        let message = one(text, &strict()).unwrap_err();
        assert!(message.contains(says), "{text}: {message}");
    }
}

#[test]
fn a_chunk_needs_an_invoice_and_may_be_outdated() {
    let chunks = Defaults {
        closable: &closable::CHUNKS,
        ..Defaults::default()
    };
    for (text, says) in [
        (
            r#"{"id":"UFC-1"}"#,
            "chunks[1]: `externalBillingId` is missing, and Connect closes a chunk only with",
        ),
        (
            r#"{"id":"UFC-1","externalBillingId":null}"#,
            "`externalBillingId` is null, and Connect closes a chunk",
        ),
        ("7", "chunks[1]: expected an object"),
    ] {
        let message = one(text, &chunks).unwrap_err();
        assert!(message.contains(says), "{text}: {message}");
    }
    let with_default = Defaults {
        billing_id: Some("INV-7".into()),
        ..chunks
    };
    for (text, is_outdated) in [
        (r#"{"id":"UFC-1","outdated":true}"#, true),
        (r#"{"id":"UFC-1","outdated":false}"#, false),
        (r#"{"id":"UFC-1","externalBillingId":null}"#, false),
    ] {
        let chunk = one(text, &with_default).unwrap();
        assert_eq!(
            (chunk.billing_id.as_deref(), chunk.is_outdated),
            (Some("INV-7"), is_outdated)
        );
    }
}

#[test]
fn half_a_surrogate_pair_is_replaced() {
    let text = r#"{"id":"UR-1","externalBillingId":"INV-7","externalBillingNote":"a\ud83d"}"#;
    assert_eq!(one(text, &strict()).unwrap().note.as_deref(), Some("a\u{FFFD}"));
}

#[test]
fn the_records_before_a_wrong_one_are_kept() {
    let (before, failure) = read(br#"[{"id":"UR-1"},{}]"#, 100, &Defaults::default()).unwrap_err();
    assert_eq!(before.len(), 1);
    assert!(failure.message.starts_with("records[101]:"), "{failure}");
}
