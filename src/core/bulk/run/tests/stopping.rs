//! The rate of a run, and how it ends before its records do.

use super::*;

/// A machine on which time passes while code runs: each look at the clock takes 5 ms.
#[derive(Default)]
struct Busy(std::sync::atomic::AtomicU32);

impl Environment for Busy {
    fn now(&self) -> Instant {
        let looks = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Instant::now() + looks * Duration::from_millis(5)
    }

    fn wall_clock(&self) -> std::time::SystemTime {
        std::time::SystemTime::UNIX_EPOCH
    }

    fn random(&self) -> f64 {
        0.5
    }
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_ends_the_run_with_nothing_sent() {
    let trial = Trial {
        count: 1000,
        ..Trial::default()
    };
    let (report, stopped, _) = trial.run(|_, _| refused()).await;
    assert_eq!((report.not_sent, report.unknown.len()), (1000, 0));
    assert!(
        matches!(&stopped, Some(StopReason::Failed(failure)) if failure.code.as_deref() == Some("ECONNREFUSED")),
        "{stopped:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_404_that_is_not_connects_ends_the_run_and_names_the_endpoint() {
    let trial = Trial {
        count: 1000,
        ..Trial::default()
    };
    let (report, stopped, seen) = trial.run(|_, _| status(404, "<html>")).await;
    assert!(seen.len() <= 4 && report.failed.is_empty(), "{}", seen.len());
    assert_eq!(report.not_sent + report.unknown.len() as u64, 1000);
    assert!(matches!(&stopped, Some(StopReason::Refused(outcome))
        if outcome.status == 404 && outcome.text().contains("is the endpoint https://api.test right?")));
}

#[tokio::test(start_paused = true)]
async fn after_a_503_a_record_is_read_only_at_the_end_of_its_window() {
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
async fn throttled_reads_do_not_count_as_reads_or_as_waiting() {
    // Two minutes of 503 for each read; the server asks to wait 10 s each time.
    let (report, stopped, _) = Trial::default()
        .run(|_, seen| match seen.is_post {
            true => lost(),
            false if seen.at < 120.0 => {
                Ok(RawResponse::plain(503, vec![]).with_retry_after(Some("10".into())))
            }
            false => shows_closed("INV-7"),
        })
        .await;
    assert!(stopped.is_none(), "{stopped:?}");
    assert_eq!(report.closed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_of_zero_still_backs_off() {
    let started = Instant::now();
    let (report, stopped, seen) = Trial::default()
        .run(|_, _| Ok(RawResponse::plain(429, vec![]).with_retry_after(Some("0".into()))))
        .await;
    assert!(stopped.is_some());
    assert_eq!((seen.len(), report.not_sent), (31, 1));
    assert!(started.elapsed() > Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn new_records_do_not_wait_for_lost_ones() {
    let trial = Trial {
        count: 40,
        options: Options {
            batch_size: Some(1),
            concurrency: 1,
            ..Options::default()
        },
        ..Trial::default()
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

#[tokio::test(start_paused = true)]
async fn no_due_task_is_missed_while_time_passes() {
    let trial = Trial {
        count: 600,
        options: Options {
            batch_size: Some(1),
            ..Options::default()
        },
        environment: Arc::new(Busy::default()),
        latency: Duration::from_millis(100),
        ..Trial::default()
    };
    let started = Instant::now();
    let (report, stopped, _) = trial
        .run(|number, seen| match number % 9 {
            0 => status(429, ""),
            _ => ok(&seen.body.replace(
                "\"external_billing_id\"",
                "\"status\":\"closed\",\"external_billing_id\"",
            )),
        })
        .await;
    assert_eq!((report.closed, stopped.is_none()), (600, true));
    // A run that misses the end of a pause sleeps for an hour.
    assert!(
        started.elapsed() < Duration::from_secs(1800),
        "{:?}",
        started.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn a_stopped_run_ends_although_its_reads_are_forbidden() {
    let trial = Trial {
        count: 2,
        options: Options {
            stop_on_error: true,
            concurrency: 1,
            ..Options::default()
        },
        ..Trial::default()
    };
    let (report, stopped, seen) = trial
        .run(|number, seen| match (seen.is_post, number) {
            (true, _) => refuses(),
            (false, 1) => shows("rejected"),
            (false, 2..50) => status(403, ""),
            // It would be read for ever.
            (false, _) => status(500, ""),
        })
        .await;
    assert_eq!(times(&seen, false).len(), 2);
    assert!(matches!(stopped, Some(StopReason::OnError(_))), "{stopped:?}");
    assert_eq!((report.failed.len(), report.unknown.len()), (1, 1));
}
