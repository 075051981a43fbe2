//! The command line.

use std::time::{Duration, SystemTime};

use super::engine_faults;

/// How many seeds are run by default.
const DEFAULT_SEEDS: u64 = 20_000;

#[derive(Debug, PartialEq, Eq)]
pub enum Command {
    Help,
    Run(Arguments),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    pub first: u64,
    pub count: u64,
    pub time: Option<Duration>,
    /// How many seeds must be run at least.
    pub at_least: u64,
    pub fault: Option<String>,
}

impl Arguments {
    /// Whether a single seed is to be shown.
    pub fn is_single(&self) -> bool {
        self.count == 1
    }
}

/// Parses the command line.
pub fn read(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let (mut seeds, mut seed, mut seconds, mut at_least, mut fault) = (None, None, None, 0, None);
    let mut arguments = arguments;
    while let Some(name) = arguments.next() {
        if name == "--help" {
            return Ok(Command::Help);
        }
        let is_known = ["--seeds", "--seed", "--seconds", "--at-least", "--fault"].contains(&name.as_str());
        if !is_known {
            return Err(format!("there is no option {name}"));
        }
        let value = arguments.next().ok_or(format!("{name} needs a value"))?;
        let number = || {
            value
                .parse()
                .map_err(|_| format!("{name} needs a whole number; got '{value}'"))
        };
        match name.as_str() {
            "--seeds" => seeds = Some(number()?),
            "--seed" => seed = Some(number()?),
            "--seconds" => seconds = Some(number()?),
            "--at-least" => at_least = number()?,
            _ => fault = Some(value),
        }
    }
    let usual = match (seed, seconds) {
        (_, Some(_)) => u64::MAX,
        (Some(_), None) => 1,
        (None, None) => DEFAULT_SEEDS,
    };
    Ok(Command::Run(Arguments {
        first: seed.unwrap_or_else(any_seed),
        count: seeds.unwrap_or(usual),
        time: seconds.map(Duration::from_secs),
        at_least,
        fault,
    }))
}

/// A seed that differs from run to run.
fn any_seed() -> u64 {
    let now = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    super::random::Random::of(&[now.as_nanos() as u64]).below(1 << 48)
}

/// The text of `--help`.
pub fn help() -> String {
    let mut help = String::from(
        "Simulation testing of the bulk engine: runs it in simulated worlds, one per seed, and checks its invariants.
Exits with 0 if no invariant was violated, with 1 if one was: then it prints the smallest world that violates it,
and how to replay it.

npm run simulate -- [--seeds N] [--seed S] [--seconds T] [--at-least N] [--fault NAME]

--seeds N     run at most N seeds; default 20000, unless --seed or --seconds is given
--seed S      start with this seed; without --seeds and --seconds run only this one, and print its world
--seconds T   stop after T seconds
--at-least N  fail if fewer than N seeds were run
--fault NAME  build this known fault into the engine, which the simulation must find

Known faults of the engine:
",
    );
    for (name, says) in engine_faults::all() {
        help.push_str(&format!("  {name:<18} {}\n", says.trim()));
    }
    help
}
