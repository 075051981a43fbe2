//! The two roads that the requests of a run can take.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::core::bulk::engine::Road;
use crate::core::client::Client;
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;
use crate::core::policy::RetryPolicy;
use crate::core::request::Request;
use crate::core::transport::{Limits, MOST_RUN_BYTES};

/// The engine's own road.
pub struct Direct(pub Arc<Client>);

impl Road for Direct {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<Outcome, Failure>> + Send>> {
        let client = self.0.clone();
        Box::pin(async move {
            let usual = client.limits();
            let limits = Limits {
                usual_bytes: MOST_RUN_BYTES,
                // A run has its own way of trying again, which reads back before it sends.
                retry: RetryPolicy {
                    max_retries: 0,
                    ..usual.retry
                },
                ..usual
            };
            client.send(request, limits, None).await
        })
    }
}

pub type Reply = oneshot::Sender<std::result::Result<Outcome, Failure>>;

/// The road through JavaScript: requests go out by `next`, what became of them comes in by `answer`.
pub struct Pipeline(pub mpsc::Sender<(Request, Reply)>);

impl Road for Pipeline {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<Outcome, Failure>> + Send>> {
        let requests = self.0.clone();
        Box::pin(async move {
            let gone = || Failure::new(Kind::Abort, "the request was called off").after_sending();
            let (reply, answer) = oneshot::channel();
            requests.send((request, reply)).await.map_err(|_| gone())?;
            answer.await.map_err(|_| gone())?
        })
    }
}
