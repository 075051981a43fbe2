//! The states of the objects that one waits for, and how they follow one another.
//!
//! A state's `next` lists what it becomes as things go their way: by Connect's processing, or by the next step of the people
//! involved (to submit, accept, reject or close a usage file, to close a chunk, to delete a file). What starts over is not
//! among them: an `invalid` or `rejected` usage file can be uploaded again, any can be reprocessed, and a chunk can be made
//! anew, but only after somebody has seen to the cause. Who waits for the outcome has to hear of it instead.

/// One state of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Its name in the API.
    pub name: &'static str,
    /// The states that can follow it directly.
    pub next: &'static [&'static str],
    /// Where an object in this state says what is wrong with it: the names of nested fields, from the outside. Empty if it
    /// does not.
    pub detail: &'static [&'static str],
}

/// The states of a resource's objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateMachine {
    /// The class of the resource.
    pub class: &'static str,
    /// The states, in the order of a usual life.
    pub states: &'static [State],
}

/// Those of all resources that have some.
pub const ALL: &[StateMachine] = &[USAGE_FILES, USAGE_CHUNKS, RECONCILIATIONS];

const fn state(name: &'static str, next: &'static [&'static str]) -> State {
    State {
        name,
        next,
        detail: &[],
    }
}

const fn failed(name: &'static str, next: &'static [&'static str], detail: &'static [&'static str]) -> State {
    State { name, next, detail }
}

/// Connect's documents disagree on whether a good upload ends as `uploaded` or as `ready`, so that either can follow the
/// other's predecessors, and can be submitted. They do not say which files can be deleted: any but a closed one, here.
const USAGE_FILES: StateMachine = StateMachine {
    class: "UsageFileResource",
    states: &[
        state("draft", &["uploading", "deleted"]),
        state("uploading", &["uploaded", "processing", "invalid", "deleted"]),
        state(
            "uploaded",
            &["processing", "ready", "invalid", "pending", "deleted"],
        ),
        state("processing", &["uploaded", "ready", "invalid", "deleted"]),
        failed("invalid", &["deleted"], &["error_detail"]),
        state("ready", &["pending", "deleted"]),
        state("pending", &["accepted", "rejected", "deleted"]),
        failed("rejected", &["deleted"], &["rejection_note"]),
        state("accepted", &["closed", "deleted"]),
        state("closed", &[]),
        state("deleted", &[]),
    ],
};

const USAGE_CHUNKS: StateMachine = StateMachine {
    class: "UsageChunkResource",
    states: &[
        state("draft", &["ready", "failed"]),
        state("ready", &["closed"]),
        failed("failed", &[], &["error", "detail"]),
        state("closed", &[]),
    ],
};

const RECONCILIATIONS: StateMachine = StateMachine {
    class: "UsageReconciliationResource",
    states: &[
        state("uploaded", &["processing"]),
        state("processing", &["processed", "failed"]),
        state("processed", &[]),
        failed("failed", &[], &["error", "detail"]),
    ],
};

impl StateMachine {
    /// The states of a class's objects.
    pub fn of(class: &str) -> Option<&'static StateMachine> {
        ALL.iter().find(|machine| machine.class == class)
    }

    /// The state of this name.
    pub fn state(&self, name: &str) -> Option<&'static State> {
        self.states.iter().find(|state| state.name == name)
    }

    /// The names of the states.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.states.iter().map(|state| state.name)
    }

    /// Whether an object in one state can come to one of others, at once or after further states.
    pub fn can_reach(&self, from: &'static State, wanted: &[String]) -> bool {
        let mut seen = vec![from.name];
        let mut open = vec![from];
        while let Some(state) = open.pop() {
            for name in state.next {
                if wanted.iter().any(|one| one == name) {
                    return true;
                }
                if let Some(next) = self.state(name)
                    && !seen.contains(name)
                {
                    seen.push(name);
                    open.push(next);
                }
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What can be reached from a state, in the order of the declaration.
    fn reached(class: &str, from: &str) -> String {
        let machine = StateMachine::of(class).unwrap();
        let from = machine.state(from).unwrap();
        let names = machine.names();
        let reached: Vec<_> = names
            .filter(|name| machine.can_reach(from, &[name.to_string()]))
            .collect();
        reached.join(" ")
    }

    #[test]
    fn declared_states_and_classes_exist() {
        for machine in ALL {
            let class = super::super::ALL.iter().find(|one| one.class == machine.class);
            assert!(class.is_some(), "{}", machine.class);
            for state in machine.states {
                for next in state.next {
                    assert!(machine.state(next).is_some(), "{} -> {next}", state.name);
                }
                let others = machine.names().filter(|name| *name == state.name);
                assert_eq!(others.count(), 1, "{}", state.name);
            }
        }
    }

    #[test]
    fn a_usage_file_goes_on_but_does_not_start_over() {
        for (from, expected) in [
            (
                "draft",
                "uploading uploaded processing invalid ready pending rejected accepted closed deleted",
            ),
            (
                "processing",
                "uploaded processing invalid ready pending rejected accepted closed deleted",
            ),
            ("ready", "pending rejected accepted closed deleted"),
            ("pending", "rejected accepted closed deleted"),
            ("accepted", "closed deleted"),
            // Only a new upload leads on.
            ("invalid", "deleted"),
            ("rejected", "deleted"),
            ("closed", ""),
            ("deleted", ""),
        ] {
            assert_eq!(reached("UsageFileResource", from), expected, "{from}");
        }
    }

    #[test]
    fn chunks_and_reconciliations_end() {
        for (class, from, expected) in [
            ("UsageChunkResource", "draft", "ready failed closed"),
            ("UsageChunkResource", "ready", "closed"),
            ("UsageChunkResource", "failed", ""),
            ("UsageChunkResource", "closed", ""),
            (
                "UsageReconciliationResource",
                "uploaded",
                "processing processed failed",
            ),
            ("UsageReconciliationResource", "processing", "processed failed"),
            ("UsageReconciliationResource", "processed", ""),
            ("UsageReconciliationResource", "failed", ""),
        ] {
            assert_eq!(reached(class, from), expected, "{class} {from}");
        }
    }
}
