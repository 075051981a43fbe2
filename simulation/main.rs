//! Simulation testing of the bulk engine: `npm run simulate -- --help`.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a simulation fails by panicking, and says what it found"
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

use std::process::ExitCode;
use std::time::Instant;

use arguments::{Arguments, Command};
use seeds::Total;

/// How many lines of a long trace are shown from its beginning and from its end.
const MAX_TRACE_LINES: usize = 300;

fn main() -> ExitCode {
    let arguments = match arguments::read(std::env::args().skip(1)) {
        Ok(Command::Help) => {
            print!("{}", arguments::help());
            return ExitCode::SUCCESS;
        }
        Ok(Command::Run(arguments)) => arguments,
        Err(message) => {
            eprintln!("{message}; see `npm run simulate -- --help`");
            return ExitCode::from(2);
        }
    };
    if let Some(name) = &arguments.fault
        && let Err(message) = engine_faults::build_in(name)
    {
        eprintln!("{message}");
        return ExitCode::from(2);
    }
    let started = Instant::now();
    let total = seeds::run(arguments.first, arguments.count, arguments.time);
    print_figures(&arguments, &total, started);
    if let Some(seed) = total.failing {
        print_failing(&arguments, seed);
        return ExitCode::FAILURE;
    }
    if total.seeds < arguments.at_least {
        println!("These are fewer than {} seeds.", arguments.at_least);
        return ExitCode::FAILURE;
    }
    if arguments.is_single() {
        print_world(&plan::Plan::of(arguments.first));
    }
    ExitCode::SUCCESS
}

fn print_figures(arguments: &Arguments, total: &Total, started: Instant) {
    let statistics = &total.statistics;
    println!(
        "seeds {} to {}: {} seeds in {:.1} s, {:.1} simulated hours",
        arguments.first,
        arguments.first.wrapping_add(total.seeds.saturating_sub(1)),
        total.seeds,
        started.elapsed().as_secs_f64(),
        statistics.hours
    );
    println!(
        "{} runs, {} crashes, {} requests ({} POSTs, {} reads), {} distinct end states",
        statistics.runs,
        statistics.crashes,
        statistics.requests,
        statistics.posts,
        statistics.reads,
        total.end_states.len()
    );
    match total.failing {
        None => println!("No invariant was violated."),
        Some(seed) => println!("An invariant was violated by seed {seed}."),
    }
}

/// Shows a failing seed: the smallest world that fails, what happens in it, and how to replay it.
fn print_failing(arguments: &Arguments, seed: u64) {
    let plan = seeds::smallest(seed);
    print_world(&plan);
    let fault = arguments
        .fault
        .as_ref()
        .map_or(String::new(), |fault| format!(" --fault {fault}"));
    println!("\nReplay it with: npm run simulate -- --seed {seed}{fault}");
}

fn print_world(plan: &plan::Plan) {
    let result = seeds::one(plan, true);
    println!("\n{plan}\n");
    let (first, rest) = result.trace.split_at(result.trace.len().min(MAX_TRACE_LINES));
    let last = &rest[rest.len().saturating_sub(MAX_TRACE_LINES)..];
    for line in first {
        println!("{line}");
    }
    if rest.len() > last.len() {
        println!("            ... {} more ...", rest.len() - last.len());
    }
    for line in last {
        println!("{line}");
    }
    if let Some(violation) = result.violation {
        println!("\nViolated ({}): {}", violation.invariant, violation.message);
    }
}
