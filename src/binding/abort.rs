//! Calling a request off.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use napi_derive::napi;
use tokio::sync::Notify;

use crate::core::error::{Failure, Kind};

/// A switch that calls off the request it is given to. The face makes one when the caller passes a signal.
#[napi]
#[derive(Default, Clone)]
pub struct Abort {
    notify: Arc<Notify>,
}

#[napi]
impl Abort {
    /// Makes a switch for one request.
    #[napi(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls the request off: it ends with a failure of kind `abort` and its connection is dropped.
    #[napi]
    pub fn abort(&self) {
        // The permit is kept if nobody waits yet, so aborting first and sending second works too.
        self.notify.notify_one();
    }
}

impl Abort {
    /// Runs `work` until it is done or called off; dropping it closes its connection.
    ///
    /// * `work`: pinned by the caller; by value, it would take its size twice in the task.
    pub async fn guard<T>(
        switch: Option<Self>,
        work: Pin<&mut impl Future<Output = Result<T, Failure>>>,
    ) -> Result<T, Failure> {
        let Some(switch) = switch else { return work.await };
        tokio::select! {
            biased;
            () = switch.notify.notified() => {
                Err(Failure::new(Kind::Abort, "the request was aborted").after_sending())
            }
            result = work => result,
        }
    }
}
