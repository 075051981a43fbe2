//! The run against a server that answers by script, by a clock that stands still while something is to be done.

use std::sync::Mutex;

use super::*;
use crate::core::environment::Machine;
use crate::core::error::Kind;
use crate::core::request::{Body, Verb};

/// The window, and how long is read after it.
const WINDOW: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(60);

type Answer = Result<Outcome, Failure>;

/// A request as the server saw it: seconds since the beginning, what was asked, which ids it is about.
#[derive(Debug, Clone)]
struct Seen {
    at: f64,
    is_post: bool,
    path: String,
    body: String,
}

/// A server of one script: the number of a request of its kind, from 1, and the request, to an answer.
struct Script<F> {
    answer: F,
    started: Instant,
    seen: Mutex<Vec<Seen>>,
}

impl<F: Fn(usize, &Seen) -> Answer + Send + Sync + 'static> Road for Script<F> {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let seen = Seen {
            at: (Instant::now() - self.started).as_secs_f64(),
            is_post: request.verb == Verb::Post,
            path: request.path,
            body: match request.body {
                Body::Json(text) => text,
                _ => String::new(),
            },
        };
        let mut all = self.seen.lock().unwrap();
        all.push(seen.clone());
        let number = all.iter().filter(|one| one.is_post == seen.is_post).count();
        drop(all);
        let answer = (self.answer)(number, &seen);
        Box::pin(async move { answer })
    }
}

/// Closes records with a server of a script.
struct Trial {
    count: usize,
    options: Options,
}

impl Default for Trial {
    fn default() -> Self {
        Self {
            count: 1,
            options: Options::default(),
        }
    }
}

impl Trial {
    async fn run(
        self,
        answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
    ) -> (Report, Option<Stopped>, Vec<Seen>) {
        let script = Arc::new(Script {
            answer,
            started: Instant::now(),
            seen: Mutex::default(),
        });
        let place = Place {
            endpoint: "https://api.test".into(),
            base: "/usage/records".into(),
        };
        let progress = Progress::default();
        progress.all_records_are_there();
        let run = Run::new(
            script.clone(),
            place,
            self.options,
            None,
            progress,
            Arc::new(Machine),
        );
        let (sender, receiver) = mpsc::channel(1);
        let records = (1..=self.count)
            .map(|number| Record {
                id: format!("UR-{number}"),
                billing_id: Some("INV-7".into()),
                note: None,
            })
            .collect();
        sender.send(records).await.unwrap();
        drop(sender);
        let (report, stopped) = run.close_all(receiver, std::future::pending()).await;
        let seen = script.seen.lock().unwrap().clone();
        let settled = report.done() + report.not_sent;
        assert_eq!(
            settled, self.count as u64,
            "each record is counted once: {report:?}"
        );
        (report, stopped, seen)
    }
}

fn ok(body: &str) -> Answer {
    Ok(Outcome::plain(200, body.as_bytes().to_vec()))
}

fn status(status: u16, body: &str) -> Answer {
    Ok(Outcome::plain(status, body.as_bytes().to_vec()))
}

fn lost() -> Answer {
    Err(Failure::new(Kind::Connection, "cut off")
        .with_code("ECONNRESET")
        .after_sending())
}

fn refused() -> Answer {
    Err(Failure::new(Kind::Connection, "refused").with_code("ECONNREFUSED"))
}

/// UR-1 as a read shows it.
fn shows(status: &str) -> Answer {
    ok(&format!(r#"{{"id":"UR-1","status":"{status}"}}"#))
}

fn shows_closed(invoice: &str) -> Answer {
    ok(&format!(
        r#"{{"id":"UR-1","status":"closed","external_billing_id":"{invoice}"}}"#
    ))
}

fn refuses() -> Answer {
    ok(r#"[{"id":"UR-1","error_codes":"VAL_001","error_details":"no"}]"#)
}

/// When requests of a kind were sent, in seconds.
fn times(seen: &[Seen], is_post: bool) -> Vec<f64> {
    seen.iter()
        .filter(|one| one.is_post == is_post)
        .map(|one| one.at)
        .collect()
}

#[tokio::test(start_paused = true)]
async fn what_was_lost_is_read_thrice_in_its_window_and_sent_again_after_it() {
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
async fn reads_that_lag_never_make_a_closed_record_failed() {
    // Closed by the first request, whose answer is lost; reads say so only after 20 s; a repetition is refused.
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
async fn reads_that_lag_without_end_leave_it_unknown_after_a_minute() {
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
async fn a_record_is_sent_five_times_at_most_each_a_window_apart() {
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
async fn what_is_valid_for_a_while_is_sent_again_once_it_is_approved() {
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
async fn closed_and_refused_at_once_is_read_until_the_invoice_shows() {
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
async fn the_invoice_may_show_later_than_the_status() {
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
    // Who refused it has not closed it: somebody else has, without an invoice.
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
    // One such read among others is not enough.
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
async fn an_error_that_is_none_of_the_apis_leaves_open_what_was_done() {
    // Carried out, and answered with an error that the API does not have; reads say so after 20 s.
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
async fn what_is_refused_and_reads_as_approved_fails_only_after_a_window() {
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

#[tokio::test(start_paused = true)]
async fn a_server_that_is_not_there_ends_the_run_and_nothing_was_sent() {
    let trial = Trial {
        count: 1000,
        ..Trial::default()
    };
    let (report, stopped, _) = trial.run(|_, _| refused()).await;
    assert_eq!((report.not_sent, report.unknown.len()), (1000, 0));
    assert!(
        matches!(&stopped, Some(Stopped::Failed(failure)) if failure.code.as_deref() == Some("ECONNREFUSED")),
        "{stopped:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_404_of_somebody_else_ends_the_run_and_names_the_endpoint() {
    let trial = Trial {
        count: 1000,
        ..Trial::default()
    };
    let (report, stopped, seen) = trial.run(|_, _| status(404, "<html>")).await;
    assert!(seen.len() <= 4 && report.failed.is_empty(), "{}", seen.len());
    assert_eq!(report.not_sent + report.unknown.len() as u64, 1000);
    assert!(matches!(&stopped, Some(Stopped::Refused(outcome))
        if outcome.status == 404 && outcome.text().contains("is the endpoint https://api.test right?")));
}

#[tokio::test(start_paused = true)]
async fn a_503_is_read_at_the_end_of_its_window_alone_and_slows_the_run() {
    let (report, _, seen) = Trial::default()
        .run(|number, seen| match (seen.is_post, number) {
            (true, 1) => status(503, "busy"),
            (true, _) => ok(r#"[{"id":"UR-1","status":"closed"}]"#),
            (false, _) => shows("approved"),
        })
        .await;
    assert_eq!(report.closed, 1);
    assert_eq!(seen.len(), 3, "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn throttled_reads_count_neither_as_reads_nor_as_waiting() {
    // Two minutes of 503 for each read, with the server asking for 10 s each time.
    let (report, stopped, _) = Trial::default()
        .run(|_, seen| match seen.is_post {
            true => lost(),
            false if seen.at < 120.0 => Ok(Outcome::plain(503, vec![]).asking_to_wait(Some("10".into()))),
            false => shows_closed("INV-7"),
        })
        .await;
    assert!(stopped.is_none(), "{stopped:?}");
    assert_eq!(report.closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_wish_to_wait_for_no_time_is_waited_for_all_the_same() {
    let started = Instant::now();
    let (report, stopped, seen) = Trial::default()
        .run(|_, _| Ok(Outcome::plain(429, vec![]).asking_to_wait(Some("0".into()))))
        .await;
    assert!(stopped.is_some());
    assert_eq!((seen.len(), report.not_sent), (31, 1));
    assert!(started.elapsed() > Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn the_rest_of_a_run_does_not_wait_for_what_was_lost() {
    let trial = Trial {
        count: 40,
        options: Options {
            batch_size: 1,
            concurrency: 1,
            ..Options::default()
        },
    };
    let (report, _, seen) = trial
        .run(|number, seen| {
            let id = seen.path.rsplit('/').next().unwrap_or_default();
            match (seen.is_post, number) {
                (true, 1) => lost(),
                (true, _) => ok(&seen.body.replace(
                    "\"external_billing_id\"",
                    "\"status\":\"closed\",\"external_billing_id\"",
                )),
                (false, _) => ok(&format!(r#"{{"id":"{id}","status":"approved"}}"#)),
            }
        })
        .await;
    assert_eq!(report.closed, 40);
    let posts = seen.iter().take_while(|one| one.is_post).count();
    assert_eq!(posts, 40, "reading comes behind other work");
    assert!(TIMEOUT > WINDOW);
}
