//! When records are read back, and when they are sent again.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_lost_record_is_read_three_times_in_its_window_and_sent_again_after_it() {
    let (report, _, seen) = Trial::default()
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => lost(),
            (true, _) => ok(r#"[{"id":"UR-1","status":"closed"}]"#),
            (false, _) => shows("approved"),
        })
        .await;
    assert_eq!(report.closed, 1);
    let reads = times(&seen, false);
    assert_eq!(reads.len(), 3, "{reads:?}");
    assert!(
        reads[0] < 2.5 && (2.5..5.0).contains(&reads[1]) && reads[2] >= 5.0,
        "{reads:?}"
    );
    let posts = times(&seen, true);
    assert!(posts[1] >= reads[2], "{posts:?}");
}

#[tokio::test(start_paused = true)]
async fn stale_reads_never_make_a_closed_record_failed() {
    // Closed by the first request, whose response is lost; reads say so only after 20 s; the second request is refused.
    let (report, _, seen) = Trial::default()
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => lost(),
            (true, _) => refuses(),
            (false, _) if seen.at < 20.0 => shows("approved"),
            (false, _) => shows_closed("INV-7"),
        })
        .await;
    assert_eq!(
        (report.closed, report.failed.len(), report.unknown.len()),
        (1, 0, 0)
    );
    assert_eq!(
        times(&seen, true).len(),
        2,
        "a refusal of what reads as approved is the last request"
    );
}

#[tokio::test(start_paused = true)]
async fn endlessly_stale_reads_leave_a_record_unknown_after_a_minute() {
    let (report, _, seen) = Trial::default()
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => lost(),
            (true, _) => refuses(),
            (false, _) => shows("approved"),
        })
        .await;
    let [unknown] = report.unknown.as_slice() else {
        panic!("{report:?}")
    };
    assert_eq!(unknown.cause.code.as_deref(), Some("ECONNRESET"));
    assert_eq!(unknown.cause.message, "cut off; reads say that it is approved");
    let last = seen.last().unwrap().at;
    assert!((60.0..75.0).contains(&last), "{last}");
    assert_eq!(times(&seen, true).len(), 2);
    assert!(times(&seen, false).len() < 20);
}

#[tokio::test(start_paused = true)]
async fn a_record_is_sent_at_most_five_times_a_window_apart() {
    let (report, _, seen) = Trial::default()
        .run(|_, seen| {
            if seen.is_post {
                status(502, "")
            } else {
                shows("approved")
            }
        })
        .await;
    assert_eq!((report.unknown.len(), report.failed.len()), (1, 0));
    let posts = times(&seen, true);
    assert_eq!(posts.len(), 5);
    for pair in posts.windows(2) {
        assert!(pair[1] - pair[0] >= WINDOW.as_secs_f64(), "{posts:?}");
    }
    let reads = times(&seen, false);
    assert!(
        reads.last().unwrap() - posts[4] >= WINDOW.as_secs_f64(),
        "the last window is read, too"
    );
    assert!(reads.len() <= 15, "{reads:?}");
}

#[tokio::test(start_paused = true)]
async fn only_invalid_and_rejected_make_a_lost_record_failed() {
    for (state, failed) in [("invalid", 1), ("rejected", 1), ("valid", 0), ("draft", 0)] {
        let (report, _, seen) = Trial::default()
            .run(move |_, seen| if seen.is_post { lost() } else { shows(state) })
            .await;
        assert_eq!(
            (report.failed.len(), report.unknown.len()),
            (failed, 1 - failed),
            "{state}"
        );
        assert_eq!(times(&seen, true).len(), 1, "{state}");
    }
    let (report, ..) = Trial::default()
        .run(|_, seen| match seen.is_post {
            true => lost(),
            false => status(404, r#"{"error_code":"NFND_000","errors":["no"]}"#),
        })
        .await;
    assert_eq!((report.failed.len(), report.unknown.len()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_record_that_is_valid_for_a_while_is_sent_again_once_it_is_approved() {
    let (report, ..) = Trial::default()
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => lost(),
            (true, _) => ok(r#"[{"id":"UR-1","status":"closed"}]"#),
            (false, _) if seen.at < 12.0 => shows("valid"),
            (false, _) => shows("approved"),
        })
        .await;
    assert_eq!(report.closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_record_called_closed_and_refused_is_read_until_its_invoice_is_visible() {
    let item = r#"[{"id":"UR-1","status":"closed","error_codes":"VAL_001"}]"#;
    let (report, _, seen) = Trial::default()
        .run(move |_, seen| match seen.is_post {
            true => ok(item),
            false if seen.at < 30.0 => shows("approved"),
            false => shows_closed("INV-7"),
        })
        .await;
    assert_eq!(report.already_closed, 1);
    assert_eq!(times(&seen, true).len(), 1);
    let (report, _, seen) = Trial::default()
        .run(move |_, seen| if seen.is_post { ok(item) } else { shows("approved") })
        .await;
    assert_eq!((report.unknown.len(), times(&seen, true).len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_invoice_may_become_visible_later_than_the_status() {
    let lost = |invoice_at: f64| {
        Trial::default().run(move |_, seen| match seen.is_post {
            true => lost(),
            false if seen.at < invoice_at => shows("closed"),
            false => shows_closed("INV-7"),
        })
    };
    for (invoice_at, closed, unknown) in [(2.0, 1, 0), (30.0, 1, 0), (1000.0, 0, 1)] {
        let (report, ..) = lost(invoice_at).await;
        assert_eq!(
            (report.closed, report.unknown.len()),
            (closed, unknown),
            "{invoice_at}"
        );
    }
    // A refused request has not closed it: somebody else has, without an invoice.
    for item in [
        r#"[{"id":"UR-1","error_codes":"VAL_001","error_details":"no"}]"#,
        r#"[{"id":"UR-1","status":"closed","error_codes":"VAL_001"}]"#,
    ] {
        let (report, _, seen) = Trial::default()
            .run(move |_, seen| if seen.is_post { ok(item) } else { shows("closed") })
            .await;
        assert_eq!(
            (report.conflicts.len(), times(&seen, true).len()),
            (1, 1),
            "{item}"
        );
        assert!(seen.last().unwrap().at >= WINDOW.as_secs_f64());
    }
    // A single such read among others is not enough.
    let (report, ..) = Trial::default()
        .run(|_, seen| match seen.is_post {
            true => ok(r#"[{"id":"UR-1","status":"closed","error_codes":"VAL_001"}]"#),
            false if seen.at < 12.0 => shows("approved"),
            false if seen.at < 22.0 => shows("closed"),
            false => shows_closed("INV-7"),
        })
        .await;
    assert_eq!((report.already_closed, report.conflicts.len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_is_not_the_apis_own_leaves_the_effect_unknown() {
    // Processed, and answered with an error that the API does not have; reads say so after 20 s.
    let (report, _, seen) = Trial::default()
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => ok(r#"[{"id":"UR-1","error":"gateway"}]"#),
            (true, _) => refuses(),
            (false, _) if seen.at < 20.0 => shows("approved"),
            (false, _) => shows_closed("INV-7"),
        })
        .await;
    assert_eq!((report.closed, times(&seen, true).len()), (1, 2));
}

#[tokio::test(start_paused = true)]
async fn a_refused_record_that_reads_as_approved_fails_only_after_the_window() {
    let (report, _, seen) = Trial::default()
        .run(|_, seen| match (seen.is_post, seen.path.ends_with("/close")) {
            (true, true) => status(400, r#"{"error_code":"VAL_001","errors":["no"]}"#),
            (true, false) => refuses(),
            (false, _) => shows("approved"),
        })
        .await;
    assert_eq!((report.failed.len(), times(&seen, true).len()), (1, 5));
    let (last_post, last) = (times(&seen, true)[4], seen.last().unwrap().at);
    assert!(
        last - last_post > WINDOW.as_secs_f64() - 0.01,
        "{last_post} {last}"
    );
}
