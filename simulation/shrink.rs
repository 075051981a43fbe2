//! Simplifies the plan of a failing world.

use super::plan::Plan;

/// How many plans are tried.
const MAX_SHRINK_TRIES: usize = 3000;

/// The simplest plan found that fails like this one.
pub fn shrink(plan: Plan, fails: impl Fn(&Plan) -> bool) -> Plan {
    let mut smallest = plan;
    let mut tries = 0;
    loop {
        let smaller = smallest.smaller().into_iter().find(|plan| {
            tries += 1;
            tries <= MAX_SHRINK_TRIES && fails(plan)
        });
        match smaller {
            Some(plan) => smallest = plan,
            None => return smallest,
        }
    }
}
