//! The state of a call, without a transport: which action follows which event.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio::time::Instant;
use url::Url;

use super::call_state::{Action, CallState, CompletedCall};
use crate::core::environment::Environment;
use crate::core::error::{Failure, Kind};
use crate::core::http::headers;
use crate::core::http::redirect::Redirect;
use crate::core::http::request::{BodyKind, Head};
use crate::core::retry::limits::Limits;

struct FixedEnvironment;

impl Environment for FixedEnvironment {
    fn wall_clock(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn random(&self) -> f64 {
        1.0
    }
}

fn head(method: Method, url: &str) -> Head {
    Head {
        method,
        url: Url::parse(url).unwrap(),
        headers: headers::parse(&[("authorization".into(), "ApiKey x".into())]).unwrap(),
        has_body: true,
    }
}

fn begin(method: Method, limits: Limits) -> CallState {
    let head = head(method, "http://api.test/v1/a");
    let mut state = CallState::new(head, BodyKind::Bytes(2), false, limits, Instant::now());
    state.on_permit(Instant::now()).unwrap();
    state
}

fn location(target: &str) -> HeaderMap {
    headers::parse(&[("location".into(), target.into())]).unwrap()
}

fn completed(action: Action) -> CompletedCall {
    match action {
        Action::Finish(Ok(call)) => call,
        other => panic!("{other:?}"),
    }
}

fn failure(action: Action) -> Failure {
    match action {
        Action::Finish(Err(failure)) => failure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_retry_after_a_redirect_goes_to_the_original_url() {
    let mut state = begin(Method::GET, Limits::default());
    let action = state.on_response(307, &location("/moved?a|"), &FixedEnvironment);
    assert!(matches!(action, Action::Send));
    assert_eq!(state.head().url.as_str(), "http://api.test/moved?a%7C");
    state.on_permit(Instant::now()).unwrap();
    assert!(matches!(
        state.on_response(503, &HeaderMap::new(), &FixedEnvironment),
        Action::Read(_)
    ));
    let Action::Wait(retry) = state.on_body_read(&FixedEnvironment) else {
        panic!()
    };
    assert_eq!((retry.attempt, retry.result), (1, Ok(503)));
    assert_eq!(state.head().url.as_str(), "http://api.test/v1/a");
    state.on_permit(Instant::now()).unwrap();
    state.on_response(200, &HeaderMap::new(), &FixedEnvironment);
    let call = completed(state.on_body_read(&FixedEnvironment));
    assert_eq!(
        (call.attempts, call.redirected, call.waited),
        (2, false, retry.wait)
    );
}

#[test]
fn a_post_that_a_redirect_turns_into_a_get_is_marked() {
    for (status, is_rewritten) in [(301, true), (302, true), (303, false), (307, false), (308, false)] {
        let mut state = begin(Method::POST, Limits::default());
        assert!(matches!(
            state.on_response(status, &location("/b?c"), &FixedEnvironment),
            Action::Send
        ));
        assert_eq!(state.head().has_body, status > 303);
        state.on_response(200, &HeaderMap::new(), &FixedEnvironment);
        let rewritten = completed(state.on_body_read(&FixedEnvironment)).rewritten;
        assert_eq!(rewritten.is_some(), is_rewritten, "{status}");
        let limits = Limits {
            keeps_method: true,
            ..Limits::default()
        };
        let mut state = begin(Method::POST, limits);
        let action = state.on_response(status, &location("//user:secret@api.test/b?c"), &FixedEnvironment);
        assert_eq!(matches!(action, Action::Send), !is_rewritten, "{status}");
        if is_rewritten {
            let failure = failure(action);
            assert_eq!((failure.kind, failure.maybe_processed), (Kind::Redirect, true));
            assert!(failure.message.contains(" http://api.test/b,"), "{failure}");
        }
    }
}

#[test]
fn a_redirect_returned_to_the_caller_has_an_absolute_location() {
    let limits = Limits {
        redirect: Redirect::Manual,
        ..Limits::default()
    };
    for (target, absolute) in [
        ("../b", Some("http://api.test/b")),
        ("//other.test/", Some("http://other.test/")),
        ("http://:1", None),
    ] {
        let mut state = begin(Method::GET, limits);
        assert!(matches!(
            state.on_response(302, &location(target), &FixedEnvironment),
            Action::Read(_)
        ));
        assert_eq!(
            completed(state.on_body_read(&FixedEnvironment))
                .location
                .as_deref(),
            absolute
        );
    }
}

#[test]
fn a_stream_is_not_sent_again() {
    let head = head(Method::GET, "http://api.test/");
    let mut state = CallState::new(head, BodyKind::Stream, false, Limits::default(), Instant::now());
    state.on_permit(Instant::now()).unwrap();
    let lost = Failure::new(Kind::Connection, "lost");
    assert_eq!(failure(state.on_failure(lost, &FixedEnvironment)).attempts, 1);
}

#[test]
fn a_response_without_a_body_is_not_read() {
    for (method, status, expected) in [
        (Method::GET, 200, true),
        (Method::GET, 404, true),
        (Method::HEAD, 200, false),
        (Method::HEAD, 404, false),
        (Method::GET, 101, false),
        (Method::GET, 204, false),
        (Method::GET, 304, false),
    ] {
        let mut state = begin(method.clone(), Limits::default());
        let Action::Read(plan) = state.on_response(status, &HeaderMap::new(), &FixedEnvironment) else {
            panic!()
        };
        assert_eq!(plan.has_body, expected, "{method} {status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_reports_the_previous_attempt() {
    let mut limits = Limits::default();
    limits.deadlines.total = Some(Duration::from_secs(9));
    let mut state = begin(Method::GET, limits);
    assert!(state.deadline_exceeded(true).maybe_processed);
    assert!(!state.deadline_exceeded(false).maybe_processed);
    let lost = Failure::new(Kind::Connection, "lost").after_sending();
    assert!(matches!(
        state.on_failure(lost, &FixedEnvironment),
        Action::Wait(_)
    ));
    tokio::time::advance(Duration::from_secs(9)).await;
    let late = state.on_permit(Instant::now()).unwrap_err();
    assert_eq!(
        (late.kind, late.attempts, late.maybe_processed),
        (Kind::Timeout, 2, true)
    );
    assert!(late.cause.unwrap().contains("lost"));
}
