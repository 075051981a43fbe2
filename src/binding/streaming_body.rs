//! A request body that JavaScript reads while the runtime sends it.

use napi::bindgen_prelude::{ToNapiValue, Uint8Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::runtime::Runtime;
use super::settler;
use crate::core::http::streaming_body::{self, BodySender};

/// A body for `fetch`, passed chunk by chunk.
#[napi]
pub struct StreamingBody {
    /// None once the body has ended.
    sender: Option<BodySender>,
    /// None once a request has taken it.
    body: Option<streaming_body::StreamingBody>,
}

#[napi]
impl StreamingBody {
    /// * `length`: how many bytes there will be, if that is known.
    #[napi(constructor)]
    pub fn new(length: Option<f64>) -> Self {
        let (sender, body) = streaming_body::channel(length.map(|bytes| bytes as u64));
        Self {
            sender: Some(sender),
            body: Some(body),
        }
    }

    /// Adds a chunk. Resolves to true when there is room for the next one, to false once nobody sends the body any more.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn push<'env>(&self, env: &'env Env, chunk: Uint8Array) -> Result<Unknown<'env>> {
        let sender = self.sender.clone();
        let chunk = chunk.to_vec();
        settler::promise(
            env,
            move || async move {
                match sender {
                    Some(sender) => sender.push(chunk).await,
                    None => false,
                }
            },
            |env, accepted| accepted.into_unknown(env),
        )
    }

    /// Ends the body: all chunks have been added.
    #[napi]
    pub fn end(&mut self) {
        self.sender = None;
    }

    /// Aborts the body, and the request with it, so that the server does not take what was sent for the whole.
    #[napi]
    pub fn abandon(&mut self) {
        if let Some(sender) = self.sender.take() {
            // Without a runtime nobody sends it.
            if let Some(runtime) = Runtime::running() {
                runtime.spawn(move || async move { sender.abort().await });
            }
        }
    }
}

impl StreamingBody {
    /// The body, for the one request that sends it.
    pub fn take(&mut self) -> Option<streaming_body::StreamingBody> {
        self.body.take()
    }
}
