//! How a run goes about it.

use crate::core::bulk::closable::Closable;
use crate::core::bulk::read_schedule::ReadBackPolicy;
use crate::core::error::Failure;
use crate::core::retry::policy::RetryPolicy;

/// The options of a run.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many records a request closes. Default 100; not for what has no endpoint that closes several.
    pub batch_size: Option<usize>,
    /// How many requests are in flight at most. Default 4.
    pub concurrency: usize,
    /// Whether the first record that cannot be closed ends the run.
    pub stop_on_error: bool,
    /// Whether nothing is sent: only what earlier runs closed is counted.
    pub dry_run: bool,
    /// Whether the report lists the closed records, too.
    pub lists_closed: bool,
    /// How a record is read back after a request of unknown effect.
    pub read_back: ReadBackPolicy,
    /// The back-off between tries.
    pub policy: RetryPolicy,
}

/// How many records a request closes, unless the options say otherwise.
const BATCH_SIZE: usize = 100;

impl Options {
    /// Checks whether they suit what is closed.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the option that does not.
    pub fn check(&self, closable: &Closable) -> Result<(), Failure> {
        if closable.batch.is_none() && self.batch_size.is_some() {
            return Err(Failure::input(format!(
                "closeMany: the option batchSize is not for {}, which Connect closes one by one; leave it out",
                closable.plural
            )));
        }
        Ok(())
    }

    /// How many records a request closes.
    pub(super) fn batch_size(&self, closable: &Closable) -> usize {
        match closable.batch {
            Some(_) => self.batch_size.unwrap_or(BATCH_SIZE),
            None => 1,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch_size: None,
            concurrency: 4,
            stop_on_error: false,
            dry_run: false,
            lists_closed: false,
            read_back: ReadBackPolicy::default(),
            policy: RetryPolicy::default(),
        }
    }
}
