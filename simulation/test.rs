//! A few seeds of the simulation, and tests of the simulation itself: a seed is reproducible, and each invariant can be
//! violated. `npm run simulate` runs millions of seeds, also with known faults built in.

#![allow(
    dead_code,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a simulation fails by panicking; some of it only its program uses"
)]

mod arguments;
mod disk;
mod engine_faults;
mod faulty_responses;
mod kind;
mod ledger;
mod network;
mod payloads;
mod plan;
mod process;
mod process_plan;
mod random;
mod report_invariants;
mod request_invariants;
mod responses;
mod seeds;
mod server;
mod shrink;
mod simulate;
mod statistics;
mod trace;
mod world;

use std::time::Duration;

use arguments::Command;
use kind::Kind;
use ledger::{Closer, Entry, State};
use plan::{FAULTS, Fault, Plan};
use request_invariants::{PostResult, ReadResult, RequestInvariants};

const WINDOW: Duration = Duration::from_secs(5);

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[test]
fn a_few_hundred_seeds_violate_no_invariant() {
    let total = seeds::run(0, 300, None);
    assert_eq!((total.seeds, total.failing), (300, None));
    assert!(
        total.statistics.crashes > 50 && total.end_states.len() > 50,
        "{total:?}"
    );
}

#[test]
fn a_seed_is_reproducible() {
    let traces = |seed| seeds::one(&Plan::of(seed), true).trace;
    for seed in 0..30 {
        assert_eq!(traces(seed), traces(seed), "{seed}");
        assert_ne!(traces(seed), traces(seed + 1), "{seed}");
    }
}

#[test]
fn each_fault_occurs_in_some_plans_but_not_in_all() {
    let plans: Vec<_> = (0..100).map(Plan::of).collect();
    for fault in FAULTS {
        let count = plans
            .iter()
            .filter(|plan| plan.fault_rate(fault).is_some())
            .count();
        assert!((1..100).contains(&count), "{fault:?}: {count}");
    }
}

#[test]
fn records_and_chunks_occur_and_a_chunk_hides_its_invoice_unless_the_plan_says_otherwise() {
    let closed = State::Closed(Some("INV-A".into()));
    for (kind, body) in [
        (
            Kind::Records,
            r#"{"id":"UR-1","status":"closed","external_billing_id":"INV-A"}"#,
        ),
        (
            Kind::Chunks { shows_invoice: true },
            r#"{"id":"UFC-1","status":"closed","external_billing_id":"INV-A","outdated":false,"error":{}}"#,
        ),
        (
            Kind::Chunks { shows_invoice: false },
            r#"{"id":"UFC-1","status":"closed","outdated":false,"error":{}}"#,
        ),
    ] {
        assert!((0..100).any(|seed| Plan::of(seed).kind == kind), "{kind:?}");
        assert_eq!(kind.body(&kind.id(1), &closed, false), body);
        assert_eq!(kind.number(&kind.id(1)), Some(1));
    }
}

#[test]
fn a_plan_is_shrunk_to_what_fails() {
    let fails = |plan: &Plan| {
        let given = plan.records - plan.left_out.len();
        given >= 3 && !plan.left_out.contains(&0) && plan.fault_rate(Fault::Late).is_some()
    };
    let plan = (0..)
        .map(Plan::of)
        .find(|plan| fails(plan) && plan.records > 10)
        .unwrap();
    let smallest = shrink::shrink(plan, fails);
    let faults = FAULTS
        .into_iter()
        .filter(|fault| smallest.fault_rate(*fault).is_some());
    assert_eq!(faults.collect::<Vec<_>>(), [Fault::Late]);
    assert_eq!(smallest.records - smallest.left_out.len(), 3);
    assert_eq!(
        (smallest.processes.len(), smallest.batch, smallest.concurrency),
        (0, 1, 1)
    );
}

/// The requests of one record that was sent, with this result after a second.
fn after(said: PostResult) -> RequestInvariants {
    let mut invariants = RequestInvariants::new(1, WINDOW);
    invariants.begin(seconds(0), 2, false);
    invariants.post(0, seconds(0)).unwrap();
    invariants.post_answered(0, said, seconds(1));
    invariants
}

fn invariant(invariants: &mut RequestInvariants, at: Duration) -> &'static str {
    invariants
        .post(0, at)
        .map_or_else(|violation| violation.invariant, |()| "")
}

#[test]
fn a_record_may_be_sent_again_only_after_a_refusal_or_a_window_and_a_read() {
    let approved = ReadResult::State(State::Approved);
    assert_eq!(invariant(&mut after(PostResult::NotProcessed), seconds(1)), "");
    assert_eq!(invariant(&mut after(PostResult::BatchRefused), seconds(1)), "");
    assert_eq!(
        invariant(&mut after(PostResult::Closed), seconds(100)),
        "closed-again"
    );
    assert_eq!(
        invariant(&mut after(PostResult::ClosedUnverified), seconds(100)),
        "closed-again"
    );
    assert_eq!(
        invariant(&mut after(PostResult::Indeterminate), seconds(5)),
        "window"
    );
    assert_eq!(
        invariant(&mut after(PostResult::Indeterminate), seconds(100)),
        "unread"
    );
    for (read_at, expected) in [(5, "unread"), (6, "")] {
        let mut invariants = after(PostResult::Indeterminate);
        invariants.read_answered(0, seconds(read_at), &approved).unwrap();
        assert_eq!(invariant(&mut invariants, seconds(7)), expected, "{read_at}");
    }
    let mut invariants = after(PostResult::Indeterminate);
    invariants.max_tries = 5;
    invariants.read_answered(0, seconds(6), &approved).unwrap();
    invariants.post(0, seconds(7)).unwrap();
    assert_eq!(invariant(&mut invariants, seconds(7)), "one-post");
    let mut invariants = after(PostResult::Indeterminate);
    invariants.read_answered(0, seconds(6), &approved).unwrap();
    invariants.max_tries = 5;
    invariants.post(0, seconds(7)).unwrap();
    invariants.post_answered(0, PostResult::Refused, seconds(8));
    assert_eq!(invariant(&mut invariants, seconds(9)), "refused");
}

#[test]
fn tries_and_reads_are_limited() {
    let mut invariants = after(PostResult::Refused);
    invariants.post(0, seconds(2)).unwrap();
    invariants.post_answered(0, PostResult::Refused, seconds(2));
    assert_eq!(invariant(&mut invariants, seconds(3)), "tries");
    let mut invariants = after(PostResult::Indeterminate);
    let reads = (0..).take_while(|_| {
        invariants
            .read_answered(0, seconds(2), &ReadResult::Unreadable)
            .is_ok()
    });
    assert_eq!(reads.count(), 3, "in the window");
    let mut invariants = after(PostResult::Indeterminate);
    assert!(
        invariants
            .read_answered(0, seconds(2), &ReadResult::Throttled)
            .is_ok()
    );
    let reads = (0..).take_while(|_| {
        invariants
            .read_answered(0, seconds(10), &ReadResult::Unreadable)
            .is_ok()
    });
    assert!(reads.count() < 50);
}

#[test]
fn a_run_with_a_journal_waits_for_a_window_of_its_own() {
    for (remembers, expected) in [(true, "window"), (false, "")] {
        let mut invariants = after(PostResult::Indeterminate);
        invariants.begin(seconds(100), 2, remembers);
        assert_eq!(invariants.may_have_arrived(0), remembers);
        assert_eq!(invariant(&mut invariants, seconds(104)), expected);
    }
    // A final state needs no window.
    let mut invariants = after(PostResult::Indeterminate);
    invariants
        .read_answered(0, seconds(2), &ReadResult::State(State::Rejected))
        .unwrap();
    invariants.begin(seconds(100), 2, true);
    assert_eq!(invariant(&mut invariants, seconds(100)), "");
}

#[test]
fn the_ledger_closes_a_record_once_and_remembers_earlier_states() {
    let history = vec![(seconds(10), State::Valid), (seconds(20), State::Approved)];
    let mut entry = Entry::new("UR-0".into(), [None, None], history, false);
    let ours = Closer::Ours {
        process: 1,
        request: 1,
    };
    assert!(entry.close(seconds(30), &Some("INV-A".into()), ours));
    assert!(!entry.close(seconds(31), &Some("INV-B".into()), Closer::OtherClients));
    assert!(!entry.set_state(seconds(32), State::Rejected));
    assert_eq!(entry.closer, Some(ours));
    let states = [5, 15, 25, 35].map(|at| entry.state_at(seconds(at)).name());
    assert_eq!(states, ["valid", "valid", "approved", "closed"]);
}

fn asked(text: &str) -> Result<Command, String> {
    arguments::read(text.split_whitespace().map(Into::into))
}

#[test]
fn an_invalid_command_line_is_refused() {
    let Ok(Command::Run(run)) = asked("--seeds 7 --seed 3 --fault silent-item --seconds 2") else {
        unreachable!()
    };
    assert_eq!((run.first, run.count, run.time), (3, 7, Some(seconds(2))));
    assert!(matches!(asked("--seed 3"), Ok(Command::Run(run)) if run.is_single()));
    assert_eq!(asked("--help"), Ok(Command::Help));
    for wrong in ["--sed 3", "--seed", "--seeds many", "7"] {
        assert!(asked(wrong).is_err(), "{wrong}");
    }
}
