//! Requests on several runtimes, one of which ends.

use std::thread::JoinHandle;

use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::http::response::RawResponse;
use cloudblue_connect_native::core::retry::limits::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};

use super::{close, is_whole, send};

/// Lets the server answer a request that it has received.
type Answer = oneshot::Sender<()>;

/// A server that keeps its connections open, and answers each request when its `Answer` is sent.
async fn serve_on_demand() -> (String, mpsc::UnboundedReceiver<Answer>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let seen = seen.clone();
            tokio::spawn(async move {
                let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
                while let Ok(n @ 1..) = socket.read(&mut chunk).await {
                    request.extend_from_slice(&chunk[..n]);
                    if is_whole(&request) {
                        request.clear();
                        let (answer, requested) = oneshot::channel();
                        seen.send(answer).unwrap();
                        requested.await.unwrap();
                        let _ = socket
                            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
                            .await;
                    }
                }
            });
        }
    });
    (url, requests)
}

/// Sends a request on a runtime and thread of its own, which end when the sender is used, after the response.
fn send_elsewhere(
    url: &str,
) -> (
    oneshot::Receiver<Result<RawResponse, Failure>>,
    oneshot::Sender<()>,
    JoinHandle<()>,
) {
    let (report, result) = oneshot::channel();
    let (end, ended) = oneshot::channel();
    let url = url.to_string();
    let thread = std::thread::spawn(move || {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            report.send(send(&url, close(), Limits::default()).await).unwrap();
            let _ = ended.await;
        });
    });
    (result, end, thread)
}

#[tokio::test]
async fn a_runtime_that_ends_takes_no_request_of_another_one_along() {
    let (url, mut requests) = serve_on_demand().await;
    let (first, end_first, first_thread) = send_elsewhere(&url);
    requests.recv().await.unwrap().send(()).unwrap();
    assert_eq!(first.await.unwrap().unwrap().status, 200);
    // Its connection is kept for the next request, but not for one on a runtime that outlives it.
    let (second, end_second, second_thread) = send_elsewhere(&url);
    let answer = requests.recv().await.unwrap();
    end_first.send(()).unwrap();
    first_thread.join().unwrap();
    answer.send(()).unwrap();
    assert_eq!(second.await.unwrap().unwrap().status, 200);
    end_second.send(()).unwrap();
    second_thread.join().unwrap();
}
