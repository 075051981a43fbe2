//! What carries a run's requests: the engine's own client, or the JavaScript pipeline of a customised client.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Mutex as AsyncMutex, mpsc, oneshot};

use crate::core::api::client::Client;
use crate::core::api::request::Request;
use crate::core::error::{Failure, Kind};
use crate::core::http::response::RawResponse;
use crate::core::http::response_body::MAX_RUN_BYTES;
use crate::core::retry::limits::Limits;
use crate::core::retry::policy::RetryPolicy;
use crate::core::secret::ApiKey;

/// What a request came to.
pub type SendResult = Result<RawResponse, Failure>;

/// A request that is under way.
pub type PendingSend = Pin<Box<dyn Future<Output = SendResult> + Send>>;

/// Sends a run's requests.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request once, without retries.
    fn send(&self, request: Request) -> PendingSend;
}

/// Removes the API key from a response that echoes it. Reports quote responses and truncate long texts, and half a key
/// could no longer be found.
fn redacted(result: SendResult, key: Option<&ApiKey>) -> SendResult {
    let Some(key) = key else { return result };
    result
        .map(|response| response.redacted(key))
        .map_err(|failure| failure.redacted(key))
}

/// Sends through the engine's client.
pub struct EngineTransport {
    client: Arc<Client>,
    key: Option<Arc<ApiKey>>,
}

impl EngineTransport {
    /// Sends with this client.
    pub fn new(client: Arc<Client>) -> Self {
        let key = client.api_key().map(Arc::new);
        Self { client, key }
    }
}

impl Transport for EngineTransport {
    fn send(&self, request: Request) -> PendingSend {
        let (client, key) = (self.client.clone(), self.key.clone());
        Box::pin(async move {
            let defaults = client.limits();
            let limits = Limits {
                default_max_bytes: MAX_RUN_BYTES,
                // The run retries by itself: it reads a record back before it sends it again.
                retry: RetryPolicy {
                    max_retries: 0,
                    ..defaults.retry
                },
                ..defaults
            };
            redacted(client.send(request, limits, None).await, key.as_deref())
        })
    }
}

type Reply = oneshot::Sender<SendResult>;

/// Hands requests to whoever polls [`PipelineRequests`], and waits for the responses.
pub struct PipelineTransport {
    requests: mpsc::Sender<(Request, Reply)>,
    key: Option<Arc<ApiKey>>,
}

/// The other end of a [`PipelineTransport`]: the requests to send.
#[derive(Debug)]
pub struct PipelineRequests {
    requests: AsyncMutex<mpsc::Receiver<(Request, Reply)>>,
    replies: Mutex<HashMap<u32, Reply>>,
    next_number: AtomicU32,
}

/// Both ends of a pipeline.
pub fn pipeline(key: Option<ApiKey>) -> (PipelineTransport, PipelineRequests) {
    let (sender, receiver) = mpsc::channel(1);
    let transport = PipelineTransport {
        requests: sender,
        key: key.map(Arc::new),
    };
    (transport, PipelineRequests::new(receiver))
}

impl PipelineRequests {
    fn new(requests: mpsc::Receiver<(Request, Reply)>) -> Self {
        Self {
            requests: AsyncMutex::new(requests),
            replies: Mutex::default(),
            next_number: AtomicU32::default(),
        }
    }

    /// The ends of a pipeline that no run uses: there is no request.
    pub fn none() -> Self {
        Self::new(mpsc::channel(1).1)
    }

    /// The next request, with the number by which it is answered; none once the run is over.
    pub async fn next(&self) -> Option<(u32, Request)> {
        let (request, reply) = self.requests.lock().await.recv().await?;
        let number = self.next_number.fetch_add(1, Ordering::Relaxed);
        self.lock_replies().insert(number, reply);
        Some((number, request))
    }

    /// Gives the run the response to a request.
    pub fn respond(&self, number: u32, result: SendResult) {
        if let Some(reply) = self.lock_replies().remove(&number) {
            // Nobody waits for it if the run was aborted meanwhile.
            let _ = reply.send(result);
        }
    }

    fn lock_replies(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Reply>> {
        self.replies.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Transport for PipelineTransport {
    fn send(&self, request: Request) -> PendingSend {
        let (requests, key) = (self.requests.clone(), self.key.clone());
        Box::pin(async move {
            let aborted = || Failure::new(Kind::Abort, "the request was aborted").after_sending();
            let (reply, response) = oneshot::channel();
            requests.send((request, reply)).await.map_err(|_| aborted())?;
            redacted(response.await.map_err(|_| aborted())?, key.as_deref())
        })
    }
}
