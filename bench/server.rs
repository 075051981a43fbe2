//! The server of the benchmark: answers every request with the same usage record, as fast as it can, so that
//! the clients are what is measured. Its answer looks like the API's: a dozen headers, a record of 900 bytes.
//!
//! Prints its port and runs until its standard input is closed.

#![allow(clippy::print_stdout, reason = "the port is what the benchmark waits for")]

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const RECORD: &str = include_str!("record.json");

const HEADERS: &str = "Date: Mon, 23 Nov 2026 12:00:00 GMT\r\n\
    Content-Type: application/json\r\n\
    Connection: keep-alive\r\n\
    Vary: Accept, Accept-Language, Origin\r\n\
    Allow: GET, POST, HEAD, OPTIONS\r\n\
    X-Frame-Options: DENY\r\n\
    X-Content-Type-Options: nosniff\r\n\
    Referrer-Policy: same-origin\r\n\
    Content-Language: en\r\n\
    Cross-Origin-Opener-Policy: same-origin\r\n\
    Strict-Transport-Security: max-age=15724800; includeSubDomains\r\n\
    Server: bench\r\n";

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let answer: &'static str = format!(
        "HTTP/1.1 200 OK\r\n{HEADERS}Content-Length: {}\r\n\r\n{RECORD}",
        RECORD.len()
    )
    .leak();
    let mut parent = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    loop {
        tokio::select! {
            _ = &mut parent => return Ok(()),
            accepted = listener.accept() => {
                let (socket, _) = accepted?;
                socket.set_nodelay(true)?;
                tokio::spawn(serve(socket, answer.as_bytes()));
            }
        }
    }
}

/// Answers the requests of one connection until the client closes it.
async fn serve(mut socket: TcpStream, answer: &'static [u8]) -> io::Result<()> {
    let mut pending = Vec::with_capacity(8192);
    loop {
        while let Some(length) = whole(&pending) {
            pending.drain(..length);
            socket.write_all(answer).await?;
        }
        if socket.read_buf(&mut pending).await? == 0 {
            return Ok(());
        }
    }
}

/// The length of the first request, once all of it is there.
fn whole(pending: &[u8]) -> Option<usize> {
    let head = pending.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(pending.get(..head)?)
        .ok()?
        .to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:"));
    let body: usize = length.and_then(|length| length.trim().parse().ok()).unwrap_or(0);
    (pending.len() >= head + body).then_some(head + body)
}
