//! Connections that are used again: one after the other, requests need one between them.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cloudblue_connect_native::core::retry::limits::Limits;

use super::{client, close, get};

/// Answers whatever comes, the first request of each four with a redirect to the same place; the others with so much that
/// it comes in several chunks, as a small body is there together with its head.
fn answer(mut socket: TcpStream) -> std::io::Result<()> {
    let mut chunk = [0; 4096];
    for number in 0.. {
        let mut request = Vec::new();
        while !super::is_whole(&request) {
            match socket.read(&mut chunk)? {
                0 => return Ok(()),
                length => request.extend_from_slice(&chunk[..length]),
            }
        }
        let (head, length) = if number % 4 == 0 {
            ("307 Go\r\nlocation: /again", 2)
        } else {
            ("200 OK", 300_000)
        };
        let head = format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\n\r\n");
        socket.write_all(&[head.as_bytes(), &vec![b' '; length]].concat())?;
    }
    Ok(())
}

/// A server that counts its connections.
fn serve() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let accepted = Arc::<AtomicUsize>::default();
    let count = accepted.clone();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
            let socket = socket.unwrap();
            std::thread::spawn(move || answer(socket));
        }
    });
    (url, accepted)
}

#[tokio::test]
async fn one_task_needs_one_connection() {
    let (url, accepted) = serve();
    let client = client(&url);
    let calls = async move {
        for number in 0..20 {
            let request = if number % 2 == 0 { get() } else { close() };
            let outcome = client.send(request, Limits::default(), None).await.unwrap();
            assert_eq!(outcome.status, 200);
        }
    };
    tokio::spawn(calls).await.unwrap();
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn tasks_that_follow_each_other_need_one_connection() {
    let (url, accepted) = serve();
    let limits = Limits {
        max_connections: 1,
        ..Limits::default()
    };
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client(&url);
            tokio::spawn(async move { client.send(close(), limits, None).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status, 200);
    }
    assert_eq!(accepted.load(Ordering::SeqCst), 1);
}
