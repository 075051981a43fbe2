//! What the rows of a table are about, where they are not of any columns.

/// What is closed by a table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Subject {
    /// Usage records.
    #[default]
    Records,
    /// Usage chunks.
    Chunks,
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 2] = [Subject::Records, Subject::Chunks];

    /// That of a name: `records`, `chunks`.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.plural() == name)
    }

    /// One of them, in messages.
    pub fn noun(self) -> &'static str {
        match self {
            Subject::Records => "record",
            Subject::Chunks => "chunk",
        }
    }

    /// Several of them, in messages.
    pub fn plural(self) -> &'static str {
        match self {
            Subject::Records => "records",
            Subject::Chunks => "chunks",
        }
    }

    /// What its ids begin with.
    pub fn id_prefix(self) -> &'static str {
        match self {
            Subject::Records => "UR-",
            Subject::Chunks => "UFC-",
        }
    }

    /// An id as messages show one.
    pub fn id_example(self) -> &'static str {
        match self {
            Subject::Records => "UR-2021-01-2023-8696-9408-6767",
            Subject::Chunks => "UFC-2020-07-8349-4102-001",
        }
    }

    /// Whether a header names the column of ids; it is in lower case, without blanks, `_` and `-`.
    pub fn is_id_header(self, plain: &str) -> bool {
        let known: &[&str] = match self {
            Subject::Records => &["id", "recordid", "usagerecordid"],
            Subject::Chunks => &["id", "chunkid", "usagechunkid"],
        };
        known.contains(&plain)
    }
}
