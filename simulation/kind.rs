//! What the runs of a world close: usage records, or usage chunks.

use cloudblue_connect_native::core::bulk::closable::{CHUNKS, Closable, RECORDS};
use cloudblue_connect_native::core::bulk::target::Target;

use super::ledger::State;

/// What is closed, and how the API shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Records,
    Chunks {
        /// Whether a read shows with which invoice a chunk is closed, which is not documented.
        shows_invoice: bool,
    },
}

impl Kind {
    pub fn shows_invoice(self) -> bool {
        self != Kind::Chunks { shows_invoice: false }
    }

    fn closable(self) -> &'static Closable {
        match self {
            Kind::Records => &RECORDS,
            Kind::Chunks { .. } => &CHUNKS,
        }
    }

    /// What is closed, and where.
    pub fn target(self) -> Target {
        Target {
            closable: self.closable(),
            endpoint: "https://api.example/public/v1".into(),
            base_path: self.closable().resource.path.into(),
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Kind::Records => "UR-",
            Kind::Chunks { .. } => "UFC-",
        }
    }

    pub fn id(self, record: usize) -> String {
        format!("{}{record}", self.prefix())
    }

    /// The record with this id.
    pub fn number(self, id: &str) -> Option<usize> {
        id.strip_prefix(self.prefix())?.parse().ok()
    }

    /// The state that stands for this one: a chunk is never invalid or rejected, but may have failed.
    pub fn state(self, state: State) -> State {
        match (self, state) {
            (Kind::Chunks { .. }, State::Invalid | State::Rejected) => State::Failed,
            (_, state) => state,
        }
    }

    fn status(self, state: &State) -> &'static str {
        match (self, state) {
            (Kind::Chunks { .. }, State::Valid) => "draft",
            (Kind::Chunks { .. }, State::Approved) => "ready",
            (_, state) => state.name(),
        }
    }

    /// A record or chunk as the API shows it.
    pub fn body(self, id: &str, state: &State, is_outdated: bool) -> String {
        let status = self.status(state);
        let invoice = match state {
            _ if !self.shows_invoice() => String::new(),
            State::Closed(Some(invoice)) => format!(r#","external_billing_id":"{invoice}""#),
            _ => r#","external_billing_id":null"#.into(),
        };
        let rest = match (self, state) {
            (Kind::Records, _) => "",
            (Kind::Chunks { .. }, State::Failed) => r#","outdated":false,"error":{"detail":"no price"}"#,
            (Kind::Chunks { .. }, _) if is_outdated => r#","outdated":true,"error":null"#,
            (Kind::Chunks { .. }, _) => r#","outdated":false,"error":{}"#,
        };
        format!(r#"{{"id":"{id}","status":"{status}"{invoice}{rest}}}"#)
    }
}
