//! A few seeds of the simulation, and that the simulation itself can be trusted: a seed is one world, and each rule can be
//! broken. `npm run simulate` runs millions of seeds, and builds known faults in.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a simulation fails by panicking; some of it only its program uses"
)]

mod answers;
mod arguments;
mod bodies;
mod books;
mod chance;
mod claims;
mod disk;
mod faults;
mod figures;
mod life;
mod lives;
mod plan;
mod process;
mod seeds;
mod server;
mod shrink;
mod trace;
mod troubled;
mod watch;
mod wire;
mod world;

use std::time::Duration;

use arguments::Asked;
use books::{Closer, Entry, State};
use plan::{Plan, TROUBLES, Trouble};
use watch::{Said, Shown, Watch};

const WINDOW: Duration = Duration::from_secs(5);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_few_worlds_break_no_rule() {
    let total = seeds::run(0, 300, None);
    assert_eq!((total.seeds, total.failing), (300, None));
    assert!(
        total.figures.deaths > 50 && total.end_states.len() > 50,
        "{total:?}"
    );
}

#[test]
fn a_seed_is_one_world() {
    let traces = |seed| seeds::one(&Plan::of(seed), true).trace;
    for seed in 0..30 {
        assert_eq!(traces(seed), traces(seed), "{seed}");
        assert_ne!(traces(seed), traces(seed + 1), "{seed}");
    }
}

#[test]
fn each_trouble_is_in_some_world_and_missing_in_another() {
    let plans: Vec<_> = (0..100).map(Plan::of).collect();
    for trouble in TROUBLES {
        let count = plans.iter().filter(|plan| plan.force(trouble).is_some()).count();
        assert!((1..100).contains(&count), "{trouble:?}: {count}");
    }
}

#[test]
fn a_plan_is_shrunk_to_what_fails() {
    let fails = |plan: &Plan| {
        let given = plan.records - plan.left_out.len();
        given >= 3 && !plan.left_out.contains(&0) && plan.force(Trouble::Late).is_some()
    };
    let plan = (0..)
        .map(Plan::of)
        .find(|plan| fails(plan) && plan.records > 10)
        .unwrap();
    let smallest = shrink::shrink(plan, fails);
    let troubles = TROUBLES
        .into_iter()
        .filter(|trouble| smallest.force(*trouble).is_some());
    assert_eq!(troubles.collect::<Vec<_>>(), [Trouble::Late]);
    assert_eq!(smallest.records - smallest.left_out.len(), 3);
    assert_eq!(
        (smallest.lives.len(), smallest.batch, smallest.concurrency),
        (0, 1, 1)
    );
}

/// A watch over one record that was sent, and answered so after a second.
fn after(said: Said) -> Watch {
    let mut watch = Watch::new(1, WINDOW);
    watch.begin(seconds(0), 2, false);
    watch.post(0, seconds(0)).unwrap();
    watch.post_answered(0, said, seconds(1));
    watch
}

fn rule(watch: &mut Watch, at: Duration) -> &'static str {
    watch.post(0, at).map_or_else(|violation| violation.rule, |()| "")
}

#[test]
fn a_record_is_sent_again_only_after_a_no_or_a_window_and_a_read() {
    let approved = Shown::State(State::Approved);
    assert_eq!(rule(&mut after(Said::NotNow), seconds(1)), "");
    assert_eq!(rule(&mut after(Said::WholeNo), seconds(1)), "");
    assert_eq!(rule(&mut after(Said::Closed), seconds(100)), "closed-again");
    assert_eq!(rule(&mut after(Said::Somehow), seconds(100)), "closed-again");
    assert_eq!(rule(&mut after(Said::Unknown), seconds(5)), "window");
    assert_eq!(rule(&mut after(Said::Unknown), seconds(100)), "unread");
    for (read_at, expected) in [(5, "unread"), (6, "")] {
        let mut watch = after(Said::Unknown);
        watch.read_answered(0, seconds(read_at), &approved).unwrap();
        assert_eq!(rule(&mut watch, seconds(7)), expected, "{read_at}");
    }
    let mut watch = after(Said::Unknown);
    watch.max_tries = 5;
    watch.read_answered(0, seconds(6), &approved).unwrap();
    watch.post(0, seconds(7)).unwrap();
    assert_eq!(rule(&mut watch, seconds(7)), "one-post");
    let mut watch = after(Said::Unknown);
    watch.read_answered(0, seconds(6), &approved).unwrap();
    watch.max_tries = 5;
    watch.post(0, seconds(7)).unwrap();
    watch.post_answered(0, Said::No, seconds(8));
    assert_eq!(rule(&mut watch, seconds(9)), "refused");
}

#[test]
fn tries_and_reads_have_their_bounds() {
    let mut watch = after(Said::No);
    watch.post(0, seconds(2)).unwrap();
    watch.post_answered(0, Said::No, seconds(2));
    assert_eq!(rule(&mut watch, seconds(3)), "tries");
    let mut watch = after(Said::Unknown);
    let reads = (0..).take_while(|_| watch.read_answered(0, seconds(2), &Shown::Nothing).is_ok());
    assert_eq!(reads.count(), 3, "in the window");
    let mut watch = after(Said::Unknown);
    assert!(watch.read_answered(0, seconds(2), &Shown::Throttled).is_ok());
    let reads = (0..).take_while(|_| watch.read_answered(0, seconds(10), &Shown::Nothing).is_ok());
    assert!(reads.count() < 50);
}

#[test]
fn a_run_with_a_journal_waits_for_a_window_of_its_own() {
    for (remembers, expected) in [(true, "window"), (false, "")] {
        let mut watch = after(Said::Unknown);
        watch.begin(seconds(100), 2, remembers);
        assert_eq!(watch.may_have_arrived(0), remembers);
        assert_eq!(rule(&mut watch, seconds(104)), expected);
    }
    // What is final needs no window.
    let mut watch = after(Said::Unknown);
    watch
        .read_answered(0, seconds(2), &Shown::State(State::Rejected))
        .unwrap();
    watch.begin(seconds(100), 2, true);
    assert_eq!(rule(&mut watch, seconds(100)), "");
}

#[test]
fn the_books_close_a_record_once_and_remember_what_it_was() {
    let history = vec![(seconds(10), State::Valid), (seconds(20), State::Approved)];
    let mut entry = Entry::new("UR-0".into(), [None, None], history, false);
    let ours = Closer::Ours { life: 1, request: 1 };
    assert!(entry.close(seconds(30), &Some("INV-A".into()), ours));
    assert!(!entry.close(seconds(31), &Some("INV-B".into()), Closer::Others));
    assert!(!entry.become_(seconds(32), State::Rejected));
    assert_eq!(entry.closer, Some(ours));
    let states = [5, 15, 25, 35].map(|at| entry.state_at(seconds(at)).name());
    assert_eq!(states, ["valid", "valid", "approved", "closed"]);
}

fn asked(text: &str) -> Result<Asked, String> {
    arguments::read(text.split_whitespace().map(Into::into))
}

#[test]
fn the_program_says_what_it_does_not_understand() {
    let Ok(Asked::Run(run)) = asked("--seeds 7 --seed 3 --fault silent-item --seconds 2") else {
        unreachable!()
    };
    assert_eq!((run.first, run.count, run.time), (3, 7, Some(seconds(2))));
    assert!(matches!(asked("--seed 3"), Ok(Asked::Run(run)) if run.is_single()));
    assert_eq!(asked("--help"), Ok(Asked::Help));
    for wrong in ["--sed 3", "--seed", "--seeds many", "7"] {
        assert!(asked(wrong).is_err(), "{wrong}");
    }
}
