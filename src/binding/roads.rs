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
use crate::core::secret::ApiKey;
use crate::core::transport::{Limits, MOST_RUN_BYTES};

/// What became of a request, without the key, should a server have sent it back: a run tells people of it, and cuts long
/// texts short, after which half a key could no longer be found.
fn discreet(
    result: std::result::Result<Outcome, Failure>,
    key: Option<&ApiKey>,
) -> std::result::Result<Outcome, Failure> {
    let Some(key) = key else { return result };
    result
        .map(|outcome| outcome.without(key))
        .map_err(|failure| failure.without(key))
}

/// The engine's own road.
pub struct Direct {
    client: Arc<Client>,
    key: Option<Arc<ApiKey>>,
}

impl Direct {
    pub fn new(client: Arc<Client>) -> Self {
        let key = client.api_key().map(Arc::new);
        Self { client, key }
    }
}

impl Road for Direct {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<Outcome, Failure>> + Send>> {
        let (client, key) = (self.client.clone(), self.key.clone());
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
            discreet(client.send(request, limits, None).await, key.as_deref())
        })
    }
}

pub type Reply = oneshot::Sender<std::result::Result<Outcome, Failure>>;

/// The road through JavaScript: requests go out by `next`, what became of them comes in by `answer`.
pub struct Pipeline {
    requests: mpsc::Sender<(Request, Reply)>,
    key: Option<Arc<ApiKey>>,
}

impl Pipeline {
    pub fn new(requests: mpsc::Sender<(Request, Reply)>, key: Option<ApiKey>) -> Self {
        Self {
            requests,
            key: key.map(Arc::new),
        }
    }
}

impl Road for Pipeline {
    fn send(
        &self,
        request: Request,
    ) -> Pin<Box<dyn Future<Output = std::result::Result<Outcome, Failure>> + Send>> {
        let (requests, key) = (self.requests.clone(), self.key.clone());
        Box::pin(async move {
            let gone = || Failure::new(Kind::Abort, "the request was called off").after_sending();
            let (reply, answer) = oneshot::channel();
            requests.send((request, reply)).await.map_err(|_| gone())?;
            discreet(answer.await.map_err(|_| gone())?, key.as_deref())
        })
    }
}
