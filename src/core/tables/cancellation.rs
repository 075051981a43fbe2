//! Ends a reading early.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::core::error::{Failure, Kind};

/// Ends a pass over a file early.
#[derive(Debug, Clone, Default)]
pub struct Cancellation(Arc<AtomicBool>);

impl Cancellation {
    /// Ends it.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Fails if it was ended.
    ///
    /// # Errors
    /// A failure of kind `Abort`.
    pub fn check(&self) -> Result<(), Failure> {
        if self.0.load(Ordering::Relaxed) {
            return Err(Failure::new(Kind::Abort, "reading the table was aborted"));
        }
        Ok(())
    }
}
