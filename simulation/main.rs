//! The bulk engine under a seeded, adversarial world: `npm run simulate -- --help`.

#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a simulation fails by panicking, and says what it found"
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

use std::process::ExitCode;
use std::time::Instant;

use arguments::{Arguments, Asked};
use seeds::Total;

/// How many lines of a long trace are shown of its beginning, and of its end.
const MOST_LINES: usize = 300;

fn main() -> ExitCode {
    let arguments = match arguments::read(std::env::args().skip(1)) {
        Ok(Asked::Help) => {
            print!("{}", arguments::help());
            return ExitCode::SUCCESS;
        }
        Ok(Asked::Run(arguments)) => arguments,
        Err(message) => {
            eprintln!("{message}; `npm run simulate -- --help` says what there is");
            return ExitCode::from(2);
        }
    };
    if let Some(name) = &arguments.fault
        && let Err(message) = faults::build_in(name)
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
    let figures = &total.figures;
    println!(
        "seeds {} to {}: {} seeds in {:.1} s, {:.1} simulated hours",
        arguments.first,
        arguments.first.wrapping_add(total.seeds.saturating_sub(1)),
        total.seeds,
        started.elapsed().as_secs_f64(),
        figures.hours
    );
    println!(
        "{} runs, {} crashes, {} requests ({} POSTs, {} reads), {} distinct end states",
        figures.runs,
        figures.deaths,
        figures.requests,
        figures.posts,
        figures.reads,
        total.end_states.len()
    );
    match total.failing {
        None => println!("No rule was broken."),
        Some(seed) => println!("A rule was broken by seed {seed}."),
    }
}

/// Shows a seed that breaks a rule: the smallest world that does, what happens in it, and how to see it again.
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
    let outcome = seeds::one(plan, true);
    println!("\n{plan}\n");
    let (first, rest) = outcome.trace.split_at(outcome.trace.len().min(MOST_LINES));
    let last = &rest[rest.len().saturating_sub(MOST_LINES)..];
    for line in first {
        println!("{line}");
    }
    if rest.len() > last.len() {
        println!("            ... {} more ...", rest.len() - last.len());
    }
    for line in last {
        println!("{line}");
    }
    if let Some(violation) = outcome.violation {
        println!("\nBroken ({}): {}", violation.rule, violation.message);
    }
}
