//! A request body that is sent while it arrives, in chunks of which only a few are in memory. A file of any size is thus
//! uploaded in constant memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

/// How many chunks are queued at most; [`BodySender::push`] waits while the queue is full.
const MAX_QUEUED_CHUNKS: usize = 4;

/// The sender aborted the body before its end.
#[derive(Debug)]
pub struct BodyAborted;

impl std::fmt::Display for BodyAborted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the request body stream ended with an error")
    }
}

impl std::error::Error for BodyAborted {}

/// The end of the body that the HTTP client reads.
#[derive(Debug)]
pub struct StreamingBody {
    chunks: mpsc::Receiver<Result<Bytes, BodyAborted>>,
    /// How many bytes are still to be sent, if the length is known.
    remaining: Option<u64>,
    progress: Progress,
}

/// How many chunks have been sent. While this number grows, the read timeout does not expire.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// The number of chunks sent so far.
    pub fn chunks(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The end of the body that chunks are pushed into. The body ends when the last sender is dropped.
#[derive(Debug, Clone)]
pub struct BodySender(mpsc::Sender<Result<Bytes, BodyAborted>>);

/// Makes the two ends of a body.
///
/// * `length`: the length in bytes. Without it, the body is sent with chunked transfer encoding.
pub fn channel(length: Option<u64>) -> (BodySender, StreamingBody) {
    let (sender, chunks) = mpsc::channel(MAX_QUEUED_CHUNKS);
    let body = StreamingBody {
        chunks,
        remaining: length,
        progress: Progress::default(),
    };
    (BodySender(sender), body)
}

impl StreamingBody {
    /// How much has been sent; stays valid when the body has been handed to the HTTP client.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl BodySender {
    /// Adds a chunk, once the queue has space. False if the body is no longer being sent.
    pub async fn push(&self, chunk: Vec<u8>) -> bool {
        self.0.send(Ok(chunk.into())).await.is_ok()
    }

    /// Ends the body with an error, so that the server does not take what was sent for the whole.
    pub async fn abort(&self) {
        // Fails if the body is no longer being sent; then there is nothing to abort.
        let _ = self.0.send(Err(BodyAborted)).await;
    }
}

impl Body for StreamingBody {
    type Data = Bytes;
    type Error = BodyAborted;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyAborted>>> {
        self.chunks.poll_recv(context).map(|chunk| {
            chunk.map(|chunk| {
                let chunk = chunk?;
                if let Some(remaining) = &mut self.remaining {
                    *remaining = remaining.saturating_sub(chunk.len() as u64);
                }
                self.progress.0.fetch_add(1, Ordering::Relaxed);
                Ok(Frame::data(chunk))
            })
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.remaining
            .map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn push_reports_that_the_body_is_no_longer_sent() {
        let (sender, body) = channel(Some(3));
        assert_eq!(body.size_hint().exact(), Some(3));
        assert!(sender.push(b"abc".to_vec()).await);
        drop(body);
        assert!(!sender.push(b"d".to_vec()).await);
    }
}
