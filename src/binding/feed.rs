//! A body that JavaScript reads while the engine sends it.

use napi::bindgen_prelude::{Uint8Array, Unknown};
use napi::{Env, Result};
use napi_derive::napi;

use super::engine::Engine;
use super::hub;
use crate::core::feed::{self, Feed, Feeder};

/// A body for `fetch`, fed piece by piece.
#[napi]
pub struct BodyFeed {
    /// Gone when the body has ended.
    feeder: Option<Feeder>,
    /// Gone when a request has taken it.
    feed: Option<Feed>,
}

#[napi]
impl BodyFeed {
    /// * `length`: how many bytes there will be, if that is known.
    #[napi(constructor)]
    pub fn new(length: Option<f64>) -> Self {
        let (feeder, feed) = feed::feed(length.map(|bytes| bytes as u64));
        Self {
            feeder: Some(feeder),
            feed: Some(feed),
        }
    }

    /// Adds a piece; resolves to true when there is room for the next one, to false when nobody sends any more.
    #[napi(ts_return_type = "Promise<boolean>")]
    pub fn push<'env>(&self, env: &'env Env, piece: Uint8Array) -> Result<Unknown<'env>> {
        let feeder = self.feeder.clone();
        let piece = piece.to_vec();
        hub::promise(
            env,
            move || async move {
                match feeder {
                    Some(feeder) => feeder.push(piece).await,
                    None => false,
                }
            },
            |env, accepted| napi::bindgen_prelude::ToNapiValue::into_unknown(accepted, env),
        )
    }

    /// Says that all pieces have been added.
    #[napi]
    pub fn end(&mut self) {
        self.feeder = None;
    }

    /// Breaks the body off, and the request with it: what was sent must not be taken for the whole.
    #[napi]
    pub fn abandon(&mut self) {
        if let Some(feeder) = self.feeder.take() {
            // Without an engine nobody sends it.
            if let Some(engine) = Engine::running() {
                engine.run(move || async move { feeder.abandon().await });
            }
        }
    }
}

impl BodyFeed {
    /// The end that is sent; one request can take it.
    pub fn take(&mut self) -> Option<Feed> {
        self.feed.take()
    }
}
