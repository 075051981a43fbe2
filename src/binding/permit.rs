//! The permit that a call of Node's transport holds while a request is under way.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::core::http::limiter::Permit;

/// The permit of the request under way. Shared with the task that waits for it, and closed when the call is over.
#[derive(Clone, Default)]
pub struct PermitSlot(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    permit: Option<Permit>,
    /// Whether the call is over: a permit that arrives now is released.
    is_closed: bool,
}

impl PermitSlot {
    /// Holds a permit, and releases the one before.
    pub fn put(&self, permit: Option<Permit>) {
        let mut state = self.lock();
        state.permit = permit.filter(|_| !state.is_closed);
    }

    /// Releases the permit, and any that arrives later.
    pub fn close(&self) {
        *self.lock() = State {
            permit: None,
            is_closed: true,
        };
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
