//! Aborting a request.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use napi_derive::napi;
use tokio::sync::Notify;

use crate::core::error::{Failure, Kind};

/// Aborts the request that it is passed to. The wrapper makes one when the caller passes a signal.
#[napi]
#[derive(Default, Clone)]
pub struct Abort {
    notify: Arc<Notify>,
}

#[napi]
impl Abort {
    /// For one request.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Aborts the request: it ends with a failure of kind `abort`, and its connection is closed.
    #[napi]
    pub fn abort(&self) {
        // The notification is kept if nobody waits yet, so a request that is sent after this is aborted, too.
        self.notify.notify_one();
    }
}

impl Abort {
    /// Runs `work` until it is done or aborted; dropping it closes its connection.
    ///
    /// * `work`: pinned by the caller; by value, it would take its size twice in the task.
    pub async fn guard<T, E: From<Failure>>(
        abort: Option<Self>,
        work: Pin<&mut impl Future<Output = Result<T, E>>>,
    ) -> Result<T, E> {
        let Some(abort) = abort else { return work.await };
        tokio::select! {
            biased;
            () = abort.notify.notified() => {
                Err(Failure::new(Kind::Abort, "the request was aborted").after_sending().into())
            }
            result = work => result,
        }
    }
}
