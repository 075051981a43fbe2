//! The state of a call, without a transport: what is done after what.

use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio::time::Instant;
use url::Url;

use super::{Action, CallState, Ended};
use crate::core::environment::Environment;
use crate::core::error::{Failure, Kind};
use crate::core::headers;
use crate::core::redirect::Redirect;
use crate::core::request::{BodyKind, Head};
use crate::core::transport::Limits;

struct World;

impl Environment for World {
    fn wall_clock(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn chance(&self) -> f64 {
        1.0
    }
}

fn head(method: Method, url: &str) -> Head {
    Head {
        method,
        url: Url::parse(url).unwrap(),
        headers: headers::read(&[("authorization".into(), "ApiKey x".into())]).unwrap(),
        has_body: true,
    }
}

fn begin(method: Method, limits: Limits) -> CallState {
    let head = head(method, "http://api.test/v1/a");
    let mut state = CallState::new(head, BodyKind::Bytes(2), false, limits, Instant::now());
    state.enter(Instant::now()).unwrap();
    state
}

fn location(target: &str) -> HeaderMap {
    headers::read(&[("location".into(), target.into())]).unwrap()
}

fn ended(action: Action) -> Ended {
    match action {
        Action::Finish(Ok(ended)) => ended,
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
fn a_redirect_is_followed_and_the_next_attempt_begins_where_the_call_did() {
    let mut state = begin(Method::GET, Limits::default());
    let action = state.answered(307, &location("/moved?a|"), &World);
    assert!(matches!(action, Action::Send));
    assert_eq!(state.head().url.as_str(), "http://api.test/moved?a%7C");
    state.enter(Instant::now()).unwrap();
    assert!(matches!(
        state.answered(503, &HeaderMap::new(), &World),
        Action::Read(_)
    ));
    let Action::Wait(retry) = state.read(&World) else {
        panic!()
    };
    assert_eq!((retry.attempt, retry.result), (1, Ok(503)));
    assert_eq!(state.head().url.as_str(), "http://api.test/v1/a");
    state.enter(Instant::now()).unwrap();
    state.answered(200, &HeaderMap::new(), &World);
    let ended = ended(state.read(&World));
    assert_eq!(
        (ended.attempts, ended.redirected, ended.waited),
        (2, false, retry.wait)
    );
}

#[test]
fn a_post_that_becomes_a_get_is_known_for_it() {
    for (status, is_rewritten) in [(301, true), (302, true), (303, false), (307, false), (308, false)] {
        let mut state = begin(Method::POST, Limits::default());
        assert!(matches!(
            state.answered(status, &location("/b?c"), &World),
            Action::Send
        ));
        assert_eq!(state.head().has_body, status > 303);
        state.answered(200, &HeaderMap::new(), &World);
        let rewritten = ended(state.read(&World)).rewritten;
        assert_eq!(rewritten.is_some(), is_rewritten, "{status}");
        let limits = Limits {
            keeps_method: true,
            ..Limits::default()
        };
        let mut state = begin(Method::POST, limits);
        let action = state.answered(status, &location("//user:secret@api.test/b?c"), &World);
        assert_eq!(matches!(action, Action::Send), !is_rewritten, "{status}");
        if is_rewritten {
            let failure = failure(action);
            assert_eq!((failure.kind, failure.maybe_processed), (Kind::Redirect, true));
            assert!(failure.message.contains(" http://api.test/b,"), "{failure}");
        }
    }
}

#[test]
fn a_redirect_that_is_handed_on_names_an_absolute_place() {
    let limits = Limits {
        redirect: Redirect::Manual,
        ..Limits::default()
    };
    for (given, absolute) in [
        ("../b", Some("http://api.test/b")),
        ("//other.test/", Some("http://other.test/")),
        ("http://:1", None),
    ] {
        let mut state = begin(Method::GET, limits);
        assert!(matches!(
            state.answered(302, &location(given), &World),
            Action::Read(_)
        ));
        assert_eq!(ended(state.read(&World)).location.as_deref(), absolute);
    }
}

#[test]
fn a_stream_is_sent_once() {
    let head = head(Method::GET, "http://api.test/");
    let mut state = CallState::new(head, BodyKind::Stream, false, Limits::default(), Instant::now());
    state.enter(Instant::now()).unwrap();
    let lost = Failure::new(Kind::Connection, "lost");
    assert_eq!(failure(state.failed(lost, &World)).attempts, 1);
}

#[test]
fn what_has_no_body_is_not_read() {
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
        let Action::Read(plan) = state.answered(status, &HeaderMap::new(), &World) else {
            panic!()
        };
        assert_eq!(plan.has_body, expected, "{method} {status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_deadline_says_what_there_was_before_it() {
    let mut limits = Limits::default();
    limits.deadlines.total = Some(Duration::from_secs(9));
    let mut state = begin(Method::GET, limits);
    assert!(state.expired(true).maybe_processed);
    assert!(!state.expired(false).maybe_processed);
    let lost = Failure::new(Kind::Connection, "lost").after_sending();
    assert!(matches!(state.failed(lost, &World), Action::Wait(_)));
    tokio::time::advance(Duration::from_secs(9)).await;
    let late = state.enter(Instant::now()).unwrap_err();
    assert_eq!(
        (late.kind, late.attempts, late.maybe_processed),
        (Kind::Timeout, 2, true)
    );
    assert!(late.cause.unwrap().contains("lost"));
}
