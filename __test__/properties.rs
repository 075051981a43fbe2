//! Properties that hold for any input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::api::pagination::{Next, Range, content_range, next};
use cloudblue_connect_native::core::api::path::{Id, fill, segment};
use cloudblue_connect_native::core::retry::policy::{
    AttemptResult, RetryDecision, RetryPolicy, backoff, decide_retry,
};
use cloudblue_connect_native::core::retry::retry_after;
use percent_encoding::percent_decode_str;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngSeed, TestRunner};
use reqwest::Method;
use url::Url;

#[path = "properties/calls.rs"]
mod calls;
#[path = "properties/endpoints.rs"]
mod endpoints;
#[path = "properties/files.rs"]
mod files;
#[path = "properties/filters.rs"]
mod filters;
#[path = "properties/tables.rs"]
mod tables;

/// How many inputs a property is tested with.
const CASES: u32 = 1000;

/// Tests a property with this many inputs. They are the same in every run, so that a failure can be reproduced.
fn check<S: Strategy>(cases: u32, inputs: &S, property: impl Fn(S::Value)) {
    let config = ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_210_120),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(inputs, |input| {
        property(input);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Any text of Unicode including control characters, or one of characters with a special meaning in URLs, filters or CSV.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(?s).{0,12}",
        "[a-ct01 \"'%#?/&=()|,;:*+@<>\\\\.\u{0}\t\r\n\u{85}\u{feff}é漢😀-]{0,10}",
        "[a-zA-Z0-9_.-]{0,10}",
    ]
}

/// Any number; those at the ends of the range are frequent.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..500_u64,
        any::<u64>(),
        (u64::MAX - 500)..=u64::MAX,
        Just(u64::MAX)
    ]
}

#[test]
fn an_id_is_exactly_one_segment_or_rejected() {
    let ids = prop_oneof![8 => text(), 1 => "[./%2eE]{0,4}", 1 => "\\.{0,3}"];
    check(CASES, &ids, |id| {
        let is_rejected = matches!(id.as_str(), "" | "." | "..");
        let encoded = segment("close", "id", &Id::Text(id.clone()));
        assert_eq!(encoded.is_err(), is_rejected, "{id:?}");
        let Ok(encoded) = encoded else { return };
        assert!(
            encoded.is_ascii() && !encoded.contains(['/', '?', '#']),
            "{encoded}"
        );
        assert_eq!(percent_decode_str(&encoded).decode_utf8().unwrap(), id);
        let path = fill("/records/{}/close", std::slice::from_ref(&encoded));
        let url = Url::parse(&format!("https://api.test{path}")).unwrap();
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        assert_eq!(segments, ["records", &encoded, "close"]);
        assert_eq!((url.query(), url.fragment()), (None, None));
    });
}

#[test]
fn a_content_range_is_parsed_as_it_was_written() {
    check(
        CASES,
        &(number(), number(), number(), text()),
        |(first, last, total, other)| {
            let expected = Some(Range { first, last, total });
            assert_eq!(content_range(&format!("items {first}-{last}/{total}")), expected);
            // Any other text may be rejected, but must not panic.
            for text in [
                other.clone(),
                format!("items {other}"),
                format!("items {first}-{other}/{total}{other}"),
            ] {
                let _ = content_range(&text);
            }
        },
    );
}

#[test]
fn the_next_page_begins_after_the_current_one() {
    let ranges = option::of((number(), number(), number()));
    check(
        CASES * 4,
        &(number(), number(), number(), ranges),
        |(offset, limit, count, range)| {
            let range = range.map(|(first, last, total)| Range { first, last, total });
            if let Next::At(following) = next(offset, limit, count, range) {
                assert!(following > offset, "{following}");
            }
        },
    );
}

#[test]
fn a_list_is_read_completely_and_no_item_twice() {
    // The server has its own limit, and may send no `Content-Range`.
    let lists = (0..300_u64, 1..50_u64, 1..50_u64, any::<bool>());
    check(CASES, &lists, |(total, limit, server_limit, has_range)| {
        // Without a range, only a page with fewer items than the limit shows the end.
        let page_length = if has_range { limit.min(server_limit) } else { limit };
        let mut offset = 0;
        loop {
            let count = page_length.min(total - offset);
            let range = Range {
                first: offset,
                last: (offset + count).saturating_sub(1),
                total,
            };
            match next(offset, limit, count, has_range.then_some(range)) {
                Next::At(following) => {
                    assert_eq!(following, offset + count);
                    offset = following;
                }
                end => {
                    assert_eq!((end, offset + count), (Next::End, total));
                    break;
                }
            }
        }
    });
}

#[test]
fn retry_after_is_parsed_as_it_was_written() {
    // The range of HTTP dates, and of integers that are exact in floating point.
    let inputs = (
        0..253_402_300_800_u64,
        0..253_402_300_800_u64,
        text(),
        0..1_u64 << 53,
    );
    check(CASES, &inputs, |(now, then, other, seconds)| {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(
            retry_after::parse(&seconds.to_string(), at(now)),
            Some(Duration::from_secs(seconds))
        );
        let date = httpdate::fmt_http_date(at(then));
        assert_eq!(
            retry_after::parse(&date, at(now)),
            Some(Duration::from_secs(then.saturating_sub(now)))
        );
        for text in [format!("{seconds}{other}"), format!("{date}{other}"), other] {
            let _ = retry_after::parse(&text, at(now));
        }
    });
}

fn policies() -> impl Strategy<Value = RetryPolicy> {
    let duration = || {
        prop_oneof![
            (0..100_000_u64).prop_map(Duration::from_millis),
            any::<Duration>(),
            Just(Duration::MAX),
        ]
    };
    (
        prop_oneof![0..4_u32, any::<u32>()],
        duration(),
        duration(),
        duration(),
    )
        .prop_map(
            |(max_retries, initial_backoff, max_backoff, max_retry_after)| RetryPolicy {
                max_retries,
                initial_backoff,
                max_backoff,
                max_retry_after,
            },
        )
}

fn attempt_results() -> impl Strategy<Value = AttemptResult> {
    let status = option::of(prop_oneof![
        select(&[200, 404, 408, 429, 500, 502, 503, 504][..]),
        100..600_u16,
    ]);
    let retry_after = option::of(prop_oneof![
        (0..100_000_u64).prop_map(Duration::from_millis),
        any::<Duration>(),
    ]);
    (status, any::<bool>(), any::<bool>(), any::<bool>(), retry_after).prop_map(
        |(status, redirected, maybe_processed, is_final, retry_after)| AttemptResult {
            status,
            redirected,
            maybe_processed,
            is_final,
            retry_after,
        },
    )
}

#[test]
fn a_wait_is_within_the_policy_and_ends_with_its_retries() {
    let methods = select(vec![Method::GET, Method::POST, Method::PUT, Method::DELETE]);
    let attempts = prop_oneof![1..5_u32, any::<u32>()];
    let jitters = prop_oneof![0.0..=1.0, Just(1.0), any::<f64>()];
    let inputs = (attempts, methods, attempt_results(), policies(), jitters);
    check(CASES * 4, &inputs, |(attempt, method, result, policy, jitter)| {
        let delay = backoff(attempt, &policy, jitter);
        assert!(delay <= policy.max_backoff, "{delay:?}");
        assert!(attempt > 1 || delay <= policy.initial_backoff, "{delay:?}");
        let RetryDecision::Wait(wait) = decide_retry(attempt, &method, result, &policy, jitter) else {
            return;
        };
        assert!(attempt <= policy.max_retries && !result.is_final);
        assert!(result.status.is_none_or(|status| status >= 400));
        match result.retry_after {
            Some(retry_after) => assert!(
                wait == retry_after.max(delay) && retry_after <= policy.max_retry_after,
                "{wait:?}"
            ),
            None => assert_eq!(wait, delay),
        }
        // What may have been processed is not sent again.
        if [Method::POST, Method::PUT].contains(&method) && (result.status != Some(429) || result.redirected)
        {
            assert!(result.status.is_none() && !result.maybe_processed);
        }
    });
}
