//! Chunks, which are closed one by one, and of which a read does not show the invoice.

use super::*;
use crate::core::bulk::closable::CHUNKS;

const NOT_SHOWN: &str = "the chunk is closed, and Connect does not show with which invoice: look it up";

fn chunks(count: usize) -> Trial {
    Trial {
        closable: &CHUNKS,
        count,
        ..Trial::default()
    }
}

/// The chunk of a request as Connect shows it.
fn shown(seen: &ReceivedRequest, rest: &str) -> Response {
    let id = seen.path.split('/').nth(3).unwrap();
    ok(&format!(r#"{{"id":"{id}",{rest}}}"#))
}

/// Connect's own refusal.
fn refuses_chunk() -> Response {
    status(400, r#"{"error_code":"VAL_001","errors":["Only a ready one."]}"#)
}

fn the_unknown(report: &Report) -> &str {
    let [unknown] = report.unknown.as_slice() else {
        panic!("{report:?}")
    };
    &unknown.cause.message
}

#[tokio::test(start_paused = true)]
async fn each_is_closed_by_a_request_of_its_own() {
    let (report, stopped, seen) = chunks(5)
        .run(|_, seen| shown(seen, r#""status":"closed","error":null"#))
        .await;
    assert!(stopped.is_none());
    assert_eq!((report.closed, report.requests, report.retries), (5, 5, 0));
    for (number, request) in (1..).zip(&seen) {
        assert_eq!(request.path, format!("/usage/chunks/UFC-{number}/close"));
        assert_eq!(request.body, r#"{"external_billing_id":"INV-7"}"#);
    }
}

#[tokio::test(start_paused = true)]
async fn a_closed_one_whose_invoice_is_not_shown_is_unknown() {
    // Our request was carried out, or another client closed it: a read cannot tell.
    for post in [lost(), status(502, ""), refuses_chunk()] {
        let (report, _, seen) = chunks(1)
            .run(move |_, seen| match seen.is_post {
                true => post.clone(),
                false => shown(seen, r#""status":"closed""#),
            })
            .await;
        let message = the_unknown(&report);
        assert!(message.ends_with(&format!("; {NOT_SHOWN}")), "{message}");
        assert!(!message.contains("not read back"), "{message}");
        assert_eq!((report.closed, report.already_closed), (0, 0));
        assert_eq!(seen.len(), 2, "another read would not say more");
    }
}

#[tokio::test(start_paused = true)]
async fn if_the_invoice_is_shown_it_decides() {
    for (post, invoice, expected) in [
        (lost(), "INV-7", (1, 0, 0)),
        (refuses_chunk(), "INV-7", (0, 1, 0)),
        (lost(), "INV-8", (0, 0, 1)),
        (refuses_chunk(), "INV-8", (0, 0, 1)),
    ] {
        let rest = format!(r#""status":"closed","external_billing_id":"{invoice}""#);
        let (report, _, _) = chunks(1)
            .run(move |_, seen| match seen.is_post {
                true => post.clone(),
                false => shown(seen, &rest),
            })
            .await;
        let counts = (report.closed, report.already_closed, report.conflicts.len());
        assert_eq!(counts, expected, "{invoice}");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_lost_response_it_is_sent_again_only_if_it_reads_as_ready_at_the_end_of_its_window() {
    let (report, _, seen) = chunks(1)
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => lost(),
            (true, _) => shown(seen, r#""status":"closed""#),
            (false, _) => shown(seen, r#""status":"ready","outdated":false"#),
        })
        .await;
    assert_eq!(report.closed, 1);
    assert_eq!(times(&seen, false).len(), 3);
    assert!(times(&seen, true)[1] >= 5.0);

    let (report, _, seen) = chunks(1)
        .run(|_, seen| match seen.is_post {
            true => lost(),
            false => shown(seen, r#""status":"ready","outdated":true"#),
        })
        .await;
    assert!(the_unknown(&report).contains("the chunk is outdated"));
    assert_eq!(times(&seen, true).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_closed_failed_with_the_reason() {
    for (read, details) in [
        (r#""status":"draft""#, "Only a ready one."),
        (
            r#""status":"failed","error":{"detail":"no price"}"#,
            "Only a ready one; the chunk is failed; only ready chunks can be closed: no price",
        ),
        (
            r#""status":"ready","outdated":true"#,
            "Only a ready one; the chunk is outdated: regenerate it, and bill what it then contains",
        ),
    ] {
        let (report, _, seen) = chunks(1)
            .run(move |_, seen| match seen.is_post {
                true => refuses_chunk(),
                false => shown(seen, read),
            })
            .await;
        let [failed] = report.failed.as_slice() else {
            panic!("{report:?}")
        };
        assert_eq!(failed.codes.as_deref(), Some("VAL_001"));
        assert_eq!(failed.details.as_deref(), Some(details));
        assert_eq!(seen.len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_404_that_is_not_connects_ends_the_run_unless_connect_has_answered_before() {
    let (report, stopped, seen) = chunks(20).run(|_, _| status(404, "<html>")).await;
    let Some(StopReason::Refused(response)) = stopped else {
        panic!("{stopped:?}")
    };
    let text = response.text();
    assert!(
        text.starts_with("POST https://api.test/usage/chunks/{id}/close was answered with 404"),
        "{text}"
    );
    assert!(seen.len() <= 8);
    assert_eq!(report.unknown.len() as u64 + report.not_sent, 20);

    let (report, stopped, _) = Trial {
        options: Options {
            concurrency: 1,
            ..Options::default()
        },
        ..chunks(3)
    }
    .run(|number, seen| match (seen.is_post, number) {
        (true, 2) => status(404, "<html>"),
        (true, _) => shown(seen, r#""status":"closed""#),
        (false, _) => status(404, "<html>"),
    })
    .await;
    assert!(stopped.is_none());
    assert_eq!(report.closed, 2);
    assert!(the_unknown(&report).starts_with("the server answered 404"));
}

#[tokio::test(start_paused = true)]
async fn what_did_not_leave_is_sent_again_by_itself() {
    let (report, _, seen) = chunks(3)
        .run(|number, seen| match number {
            1..=3 => refused(),
            _ => shown(seen, r#""status":"closed""#),
        })
        .await;
    assert_eq!(report.closed, 3);
    assert!(seen.iter().all(|one| one.path.ends_with("/close")));
}

#[test]
fn a_batch_size_is_refused_for_what_is_closed_one_by_one() {
    let options = Options {
        batch_size: Some(1),
        ..Options::default()
    };
    assert!(options.check(&RECORDS).is_ok());
    let message = options.check(&CHUNKS).unwrap_err().message;
    assert!(
        message.contains("batchSize") && message.contains("one by one"),
        "{message}"
    );
}
