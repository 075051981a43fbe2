//! What must hold for any input, not only for the ones that somebody thought of.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::pages::{Next, Range, content_range, next};
use cloudblue_connect_native::core::path::{Id, fill, segment};
use cloudblue_connect_native::core::policy::{Ending, RetryPolicy, Verdict, back_off, decide, retry_after};
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

/// How many inputs a property is tried with.
const CASES: u32 = 1000;

/// Tries so many inputs, the same ones on every run: a failure can be repeated, and no run is luckier than another.
fn hold<S: Strategy>(cases: u32, inputs: &S, property: impl Fn(S::Value)) {
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

/// Any text: control characters and all of Unicode; or letters that mean something to those who read it.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "(?s).{0,12}",
        "[a-ct01 \"'%#?/&=()|,;:*+@<>\\\\.\u{0}\t\r\n\u{85}\u{feff}é漢😀-]{0,10}",
        "[a-zA-Z0-9_.-]{0,10}",
    ]
}

/// Any number, the ends of its range as often as what lies between.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..500_u64,
        any::<u64>(),
        (u64::MAX - 500)..=u64::MAX,
        Just(u64::MAX)
    ]
}

#[test]
fn an_id_is_exactly_one_segment_or_refused() {
    let ids = prop_oneof![8 => text(), 1 => "[./%2eE]{0,4}", 1 => "\\.{0,3}"];
    hold(CASES, &ids, |id| {
        let is_refused = matches!(id.as_str(), "" | "." | "..");
        let made = segment("close", "id", &Id::Text(id.clone()));
        assert_eq!(made.is_err(), is_refused, "{id:?}");
        let Ok(made) = made else { return };
        assert!(made.is_ascii() && !made.contains(['/', '?', '#']), "{made}");
        assert_eq!(percent_decode_str(&made).decode_utf8().unwrap(), id);
        let path = fill("/records/{}/close", std::slice::from_ref(&made));
        let url = Url::parse(&format!("https://api.test{path}")).unwrap();
        let segments: Vec<_> = url.path_segments().unwrap().collect();
        assert_eq!(segments, ["records", &made, "close"]);
        assert_eq!((url.query(), url.fragment()), (None, None));
    });
}

#[test]
fn a_content_range_is_read_as_it_was_written() {
    hold(
        CASES,
        &(number(), number(), number(), text()),
        |(first, last, total, other)| {
            let said = Some(Range { first, last, total });
            assert_eq!(content_range(&format!("items {first}-{last}/{total}")), said);
            // Whatever else it is, it is read or not, and that is all.
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
fn the_next_page_is_further_on_or_there_is_none() {
    let ranges = option::of((number(), number(), number()));
    hold(
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
fn a_list_is_read_to_its_end_and_nothing_of_it_twice() {
    // The server has a limit of its own, and may say nothing of the range.
    let lists = (0..300_u64, 1..50_u64, 1..50_u64, any::<bool>());
    hold(CASES, &lists, |(total, limit, theirs, says)| {
        // Without a range, a page that is short of its limit is all that tells the end.
        let most = if says { limit.min(theirs) } else { limit };
        let mut offset = 0;
        loop {
            let count = most.min(total - offset);
            let range = Range {
                first: offset,
                last: (offset + count).saturating_sub(1),
                total,
            };
            match next(offset, limit, count, says.then_some(range)) {
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
fn retry_after_is_read_as_it_was_written() {
    // As far as HTTP's dates go, and as whole numbers are exact in floating point.
    let inputs = (
        0..253_402_300_800_u64,
        0..253_402_300_800_u64,
        text(),
        0..1_u64 << 53,
    );
    hold(CASES, &inputs, |(now, then, other, seconds)| {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        assert_eq!(
            retry_after(&seconds.to_string(), at(now)),
            Some(Duration::from_secs(seconds))
        );
        let date = httpdate::fmt_http_date(at(then));
        assert_eq!(
            retry_after(&date, at(now)),
            Some(Duration::from_secs(then.saturating_sub(now)))
        );
        for text in [format!("{seconds}{other}"), format!("{date}{other}"), other] {
            let _ = retry_after(&text, at(now));
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
        .prop_map(|(max_retries, first, longest, most_retry_after)| RetryPolicy {
            max_retries,
            first,
            longest,
            most_retry_after,
        })
}

fn endings() -> impl Strategy<Value = Ending> {
    let status = option::of(prop_oneof![
        select(&[200, 404, 408, 429, 500, 502, 503, 504][..]),
        100..600_u16,
    ]);
    let asked = option::of(prop_oneof![
        (0..100_000_u64).prop_map(Duration::from_millis),
        any::<Duration>(),
    ]);
    (status, any::<bool>(), any::<bool>(), any::<bool>(), asked).prop_map(
        |(status, redirected, maybe_processed, is_final, retry_after)| Ending {
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
    let chances = prop_oneof![0.0..=1.0, Just(1.0), any::<f64>()];
    let inputs = (attempts, methods, endings(), policies(), chances);
    hold(CASES * 4, &inputs, |(attempt, method, ending, policy, chance)| {
        let usual = back_off(attempt, &policy, chance);
        assert!(usual <= policy.longest, "{usual:?}");
        assert!(attempt > 1 || usual <= policy.first, "{usual:?}");
        let Verdict::Wait(wait) = decide(attempt, &method, ending, &policy, chance) else {
            return;
        };
        assert!(attempt <= policy.max_retries && !ending.is_final);
        assert!(ending.status.is_none_or(|status| status >= 400));
        match ending.retry_after {
            Some(asked) => assert!(
                wait == asked.max(usual) && asked <= policy.most_retry_after,
                "{wait:?}"
            ),
            None => assert_eq!(wait, usual),
        }
        // What may have been done is not done twice.
        if [Method::POST, Method::PUT].contains(&method) && (ending.status != Some(429) || ending.redirected)
        {
            assert!(ending.status.is_none() && !ending.maybe_processed);
        }
    });
}
