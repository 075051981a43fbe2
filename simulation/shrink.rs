//! Makes the plan of a world smaller while it still fails.

use super::plan::Plan;

/// How many plans are tried.
const MOST_TRIES: usize = 3000;

/// The smallest plan that is found which fails as this one does.
pub fn shrink(plan: Plan, fails: impl Fn(&Plan) -> bool) -> Plan {
    let mut smallest = plan;
    let mut tries = 0;
    loop {
        let smaller = smallest.smaller().into_iter().find(|plan| {
            tries += 1;
            tries <= MOST_TRIES && fails(plan)
        });
        match smaller {
            Some(plan) => smallest = plan,
            None => return smallest,
        }
    }
}
