//! A suspended thread: a connection that its server closed meanwhile is not used.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc;
use std::time::Duration;

use cloudblue_connect_native::core::retry::limits::Limits;
use tokio::runtime::Builder;

use super::{client, close};

/// A server that closes a connection some time after its answer and says so; it tells how many it has accepted.
fn serve() -> (String, mpsc::Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (closed, notifications) = mpsc::channel();
    std::thread::spawn(move || {
        for (number, socket) in listener.incoming().enumerate() {
            let mut socket = socket.unwrap();
            let mut request = Vec::new();
            let mut chunk = [0; 4096];
            while !super::is_whole(&request) {
                match socket.read(&mut chunk).unwrap() {
                    0 => break,
                    length => request.extend_from_slice(&chunk[..length]),
                }
            }
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
            socket.write_all(answer).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            drop(socket);
            if closed.send(number + 1).is_err() {
                return;
            }
        }
    });
    (url, notifications)
}

#[test]
fn a_connection_that_ended_meanwhile_is_not_used() {
    let (url, closed) = serve();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let calls = async move {
        for number in 1..=5 {
            // A task each, as calls are in the engine.
            let client = client(&url);
            let call = async move { client.send(close(), Limits::default(), None).await };
            let outcome = tokio::spawn(call).await.unwrap();
            assert_eq!(outcome.unwrap().status, 200);
            // So that the connection is there to be used again, with nobody who would know better.
            tokio::task::yield_now().await;
            assert_eq!(closed.recv(), Ok(number));
        }
    };
    runtime.block_on(async { tokio::spawn(calls).await.unwrap() });
}
