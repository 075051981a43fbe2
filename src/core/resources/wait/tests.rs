use super::*;

const LOST: PollFailure = PollFailure {
    status: None,
    is_transient: true,
    maybe_sent: true,
    retry_after: None,
};

fn schedule() -> Schedule {
    Schedule::new(None, None, None).unwrap()
}

fn wait(class: &str, states: &[&str]) -> Wait {
    let states = states.iter().map(ToString::to_string).collect();
    Wait::new(class, states, schedule()).unwrap()
}

fn seconds(step: Step) -> f64 {
    match step {
        Step::Poll(delay) => delay.as_secs_f64(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_delay_grows_by_half_to_thirty_seconds() {
    let mut wait = wait("UsageFileResource", &["ready"]);
    let delays: Vec<_> = (0..12)
        .map(|_| seconds(wait.on_object(Some("processing"), 0.0)))
        .collect();
    assert_eq!(&delays[..4], [1.0, 1.5, 2.25, 3.375]);
    assert_eq!(&delays[9..], [30.0, 30.0, 30.0]);
    assert!(delays[8] < 30.0);
    assert_eq!(seconds(wait.on_object(None, 1.0)), 22.5);
}

#[test]
fn a_long_wait_keeps_its_delay() {
    let schedule = schedule();
    assert_eq!(schedule.delay(u32::MAX, 0.0), Duration::from_secs(30));
    assert_eq!(schedule.delay(0, 0.0), Duration::from_secs(1));
    assert_eq!(schedule.delay(1, f64::INFINITY), Duration::from_millis(750));
}

#[test]
fn the_options_of_a_schedule_fit_together() {
    let ms = |ms| Some(Duration::from_millis(ms));
    let of = |interval, max| Schedule::new(interval, max, None).map(|one| (one.interval, one.max_interval));
    let pair = |a, b| Ok((Duration::from_millis(a), Duration::from_millis(b)));
    assert_eq!(of(None, None), pair(1000, 30_000));
    assert_eq!(of(ms(5), None), pair(5, 30_000));
    assert_eq!(of(ms(60_000), None), pair(60_000, 60_000));
    assert_eq!(of(None, ms(20)), pair(20, 20));
    let failure = of(ms(21), ms(20)).unwrap_err();
    assert!(
        failure
            .message
            .contains("interval (21 ms) must not be above maxInterval (20 ms)")
    );
}

#[test]
fn a_state_that_leads_nowhere_ends_the_wait_and_says_where_the_reason_is() {
    for (class, wanted, status, expected) in [
        ("UsageFileResource", "ready", "ready", Some(Step::Reached)),
        (
            "UsageFileResource",
            "ready",
            "invalid",
            Some(Step::Unreachable(&["error_detail"])),
        ),
        (
            "UsageFileResource",
            "accepted",
            "rejected",
            Some(Step::Unreachable(&["rejection_note"])),
        ),
        // It went on before it was polled.
        (
            "UsageFileResource",
            "ready",
            "pending",
            Some(Step::Unreachable(&[])),
        ),
        ("UsageFileResource", "deleted", "invalid", None),
        ("UsageFileResource", "ready", "a-new-state", None),
        (
            "UsageChunkResource",
            "ready",
            "failed",
            Some(Step::Unreachable(&["error", "detail"])),
        ),
        ("UsageReconciliationResource", "processed", "", None),
    ] {
        let step = wait(class, &[wanted]).on_object(Some(status), 0.0);
        let expected = expected.unwrap_or(Step::Poll(Duration::from_secs(1)));
        assert_eq!(step, expected, "{class}: {status} for {wanted}");
    }
}

#[test]
fn any_of_several_states_will_do() {
    let mut wait = wait("UsageFileResource", &["invalid", "ready"]);
    assert_eq!(wait.on_object(Some("invalid"), 0.0), Step::Reached);
    assert_eq!(wait.on_object(Some("accepted"), 0.0), Step::Unreachable(&[]));
}

#[test]
fn failures_that_may_pass_do_not_end_the_wait() {
    let status = |status| PollFailure {
        status: Some(status),
        is_transient: false,
        ..LOST
    };
    for (failure, passes) in [
        (LOST, true),
        (status(408), true),
        (status(429), true),
        (status(500), true),
        (status(503), true),
        (status(400), false),
        (status(401), false),
        (status(404), false),
        // What is no JSON.
        (status(200), false),
        (status(302), false),
        (
            PollFailure {
                is_transient: false,
                ..LOST
            },
            false,
        ),
    ] {
        let step = wait("UsageFileResource", &["ready"]).on_failure(failure, 0.0);
        assert_eq!(step != Step::Fail, passes, "{failure:?}");
    }
}

#[test]
fn a_server_that_was_never_reached_ends_the_wait() {
    let unreached = PollFailure {
        maybe_sent: false,
        ..LOST
    };
    let mut wait = wait("UsageFileResource", &["ready"]);
    assert_eq!(wait.on_failure(unreached, 0.0), Step::Fail);
    seconds(wait.on_failure(LOST, 0.0));
    seconds(wait.on_failure(unreached, 0.0));
}

#[test]
fn a_server_that_asks_to_wait_is_obeyed() {
    let asked = PollFailure {
        status: Some(429),
        retry_after: Some(Duration::from_secs(90)),
        ..LOST
    };
    let mut wait = wait("UsageFileResource", &["ready"]);
    assert_eq!(seconds(wait.on_failure(asked, 0.0)), 90.0);
    assert_eq!(seconds(wait.on_object(Some("processing"), 0.0)), 1.5);
}

#[test]
fn states_that_there_are_not_are_refused_with_those_that_there_are() {
    let refuse = |states: &[&str]| {
        let states = states.iter().map(ToString::to_string).collect();
        Wait::new("UsageChunkResource", states, schedule())
            .unwrap_err()
            .message
    };
    assert_eq!(
        refuse(&["ready", "open"]),
        "waitFor: unknown state 'open'; known states: draft, ready, failed, closed"
    );
    assert_eq!(
        refuse(&[]),
        "waitFor: `states` must name at least one state; known states: draft, ready, failed, closed"
    );
}
