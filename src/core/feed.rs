//! A body that arrives while it is sent: pieces go in at one end and onto the wire at the other, a few at a time,
//! so that a file of any size is uploaded in constant memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

/// How many pieces wait at most; whoever feeds waits when there are that many.
const MOST_WAITING: usize = 4;

/// Why a body stopped short: whoever fed it gave up.
#[derive(Debug)]
pub struct Abandoned;

impl std::fmt::Display for Abandoned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the body could not be read to its end")
    }
}

impl std::error::Error for Abandoned {}

/// The end that is sent.
#[derive(Debug)]
pub struct Feed {
    pieces: mpsc::Receiver<Result<Bytes, Abandoned>>,
    left: Option<u64>,
    progress: Progress,
}

/// How many pieces have been sent: while they are, a server that says nothing yet is not silent.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// The number of pieces so far.
    pub fn pieces(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The end that is fed. Dropping the last of them ends the body.
#[derive(Debug, Clone)]
pub struct Feeder(mpsc::Sender<Result<Bytes, Abandoned>>);

/// Makes a body and what feeds it.
///
/// * `length`: how many bytes it will have, if that is known; it is announced then, otherwise the body is sent in
///   chunks.
pub fn feed(length: Option<u64>) -> (Feeder, Feed) {
    let (sender, pieces) = mpsc::channel(MOST_WAITING);
    let body = Feed {
        pieces,
        left: length,
        progress: Progress::default(),
    };
    (Feeder(sender), body)
}

impl Feed {
    /// How far sending has come, for whoever waits for the answer.
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }
}

impl Feeder {
    /// Adds a piece; waits while too many wait. False once nobody sends any more.
    pub async fn push(&self, piece: Vec<u8>) -> bool {
        self.0.send(Ok(piece.into())).await.is_ok()
    }

    /// Breaks the body off, so that what was sent is not taken for the whole.
    pub async fn abandon(&self) {
        // Nobody listens any more: then there is nothing to break off.
        let _ = self.0.send(Err(Abandoned)).await;
    }
}

impl Body for Feed {
    type Data = Bytes;
    type Error = Abandoned;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Abandoned>>> {
        self.pieces.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                let piece = piece?;
                if let Some(left) = &mut self.left {
                    *left = left.saturating_sub(piece.len() as u64);
                }
                self.progress.0.fetch_add(1, Ordering::Relaxed);
                Ok(Frame::data(piece))
            })
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nobody_is_fed_who_does_not_listen() {
        let (feeder, body) = feed(Some(3));
        assert_eq!(body.size_hint().exact(), Some(3));
        assert!(feeder.push(b"abc".to_vec()).await);
        drop(body);
        assert!(!feeder.push(b"d".to_vec()).await);
    }
}
