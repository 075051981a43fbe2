//! A connection to a server that is far away: what either side sends arrives later, in order and unchanged.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// How many bytes are read at once, and how many may wait for the server.
const BUFFER: usize = 64 << 10;

/// The server's end of a connection whose client is so far away that a round trip takes `round_trip`.
pub fn away(socket: TcpStream, round_trip: Duration) -> DuplexStream {
    let (near, far) = duplex(BUFFER);
    let (from_client, to_client) = socket.into_split();
    let (from_server, to_server) = split(far);
    // Connecting, which is not delayed itself, takes a round trip, too.
    tokio::spawn(carry(from_client, to_server, round_trip / 2, round_trip));
    tokio::spawn(carry(from_server, to_client, round_trip / 2, Duration::ZERO));
    near
}

/// Carries bytes to their end, each for `time`, and the first of them for `extra` more.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin + Send + 'static,
    time: Duration,
    extra: Duration,
) -> io::Result<()> {
    let (sender, mut receiver) = mpsc::unbounded_channel::<(Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = receiver.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
        // The other side may have closed the connection already.
        let _ = to.shutdown().await;
    });
    let mut earliest = Instant::now() + extra;
    loop {
        let mut bytes = Vec::with_capacity(BUFFER);
        if from.read_buf(&mut bytes).await? == 0 {
            return Ok(());
        }
        earliest = earliest.max(Instant::now());
        if sender.send((earliest + time, bytes)).is_err() {
            return Ok(());
        }
    }
}
