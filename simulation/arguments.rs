//! What the program is told.

use std::time::{Duration, SystemTime};

use super::faults;

/// How many seeds there are where nothing is said.
const USUAL: u64 = 20_000;

#[derive(Debug, PartialEq, Eq)]
pub enum Asked {
    Help,
    Run(Arguments),
}

#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    pub first: u64,
    pub count: u64,
    pub time: Option<Duration>,
    /// How many seeds there must be.
    pub at_least: u64,
    pub fault: Option<String>,
}

impl Arguments {
    /// Whether one seed is to be looked at.
    pub fn is_single(&self) -> bool {
        self.count == 1
    }
}

/// Reads the arguments.
pub fn read(arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let (mut seeds, mut seed, mut seconds, mut at_least, mut fault) = (None, None, None, 0, None);
    let mut arguments = arguments;
    while let Some(name) = arguments.next() {
        if name == "--help" {
            return Ok(Asked::Help);
        }
        let is_known = ["--seeds", "--seed", "--seconds", "--at-least", "--fault"].contains(&name.as_str());
        if !is_known {
            return Err(format!("{name} is no option"));
        }
        let value = arguments.next().ok_or(format!("{name} wants a value"))?;
        let number = || {
            value
                .parse()
                .map_err(|_| format!("{name} wants a whole number; got '{value}'"))
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
        (None, None) => USUAL,
    };
    Ok(Asked::Run(Arguments {
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
    super::chance::Chance::of(&[now.as_nanos() as u64]).below(1 << 48)
}

/// What there is.
pub fn help() -> String {
    let mut help = String::from(
        "Runs the bulk engine in simulated worlds, one for each seed, and looks for a rule that it breaks.
It exits with 0 if none was broken, with 1 if one was: then it shows the smallest world that does it, and how to
replay it.

npm run simulate -- [--seeds N] [--seed S] [--seconds T] [--at-least N] [--fault NAME]

--seeds N     so many seeds at most; 20000 unless --seed or --seconds says otherwise
--seed S      from this seed on, by itself only this one; else from any one, which is printed
--seconds T   so long at most
--at-least N  fails if it were fewer seeds
--fault NAME  builds a known fault into the engine, which is to be found

The faults:
",
    );
    for (name, says) in faults::all() {
        help.push_str(&format!("  {name:<18} {}\n", says.trim()));
    }
    help
}
