//! The core over real sockets, without Node: how calls to a scripted server end.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;
use std::time::Duration;

use cloudblue_connect_native::core::api::client::Client;
use cloudblue_connect_native::core::api::path::Id;
use cloudblue_connect_native::core::api::request::{Body, Request, Verb, json_object};
use cloudblue_connect_native::core::error::{Failure, Kind};
use cloudblue_connect_native::core::http::response::RawResponse;
use cloudblue_connect_native::core::resources::Resource;
use cloudblue_connect_native::core::retry::limits::Limits;
use reqwest::header::HeaderMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

#[path = "core/frozen.rs"]
mod frozen;
#[path = "core/handed_back.rs"]
mod handed_back;
#[path = "core/identity.rs"]
mod identity;
#[path = "core/redirects.rs"]
mod redirects;
#[path = "core/reused.rs"]
mod reused;
#[path = "core/runtimes.rs"]
mod runtimes;

/// What the server does with one connection.
#[derive(Clone)]
enum Script {
    /// Sends these bytes and closes the connection.
    Reply(String),
    /// Reads the request and never answers.
    Silent,
}

/// A server that plays one script per connection, the last one repeatedly, and reports each request.
async fn serve(scripts: Vec<Script>) -> (String, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (seen, requests) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        for index in 0.. {
            let (mut socket, _) = listener.accept().await.unwrap();
            let script = scripts.get(index).or(scripts.last()).unwrap().clone();
            let seen = seen.clone();
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut chunk = [0; 4096];
                while !is_whole(&request) {
                    match socket.read(&mut chunk).await.unwrap() {
                        0 => return,
                        n => request.extend_from_slice(&chunk[..n]),
                    }
                }
                seen.send(String::from_utf8(request).unwrap()).unwrap();
                match script {
                    Script::Reply(text) => socket.write_all(text.as_bytes()).await.unwrap(),
                    // Until the client times out.
                    Script::Silent => drop(socket.read(&mut chunk).await),
                }
            });
        }
    });
    (url, requests)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |n| n.parse().unwrap());
    body.len() >= length
}

fn reply(status: &str, headers: &str, body: &str) -> Script {
    Script::Reply(format!(
        "HTTP/1.1 {status}\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    ))
}

fn client(url: &str) -> Client {
    Client::new(
        Ok(url.to_string()),
        Ok("ApiKey SU-1:secret".into()),
        Limits::default(),
        Arc::default(),
    )
}

const RECORDS: Resource = cloudblue_connect_native::usage_records!(table);

fn close() -> Request {
    let endpoint = RECORDS
        .endpoints
        .iter()
        .find(|endpoint| endpoint.name == "close")
        .unwrap();
    let path = endpoint
        .path_for(RECORDS.path, &[Id::Text("UR-1".into())])
        .unwrap();
    let fields = [
        ("external_billing_id", Some("\"INV-7\"".to_string())),
        ("external_billing_note", None),
    ];
    Request {
        verb: endpoint.verb,
        path,
        body: Body::Json(json_object(fields)),
        headers: HeaderMap::new(),
        save_to: None,
    }
}

fn get() -> Request {
    Request {
        verb: Verb::Get,
        path: "/usage/records/UR-1".into(),
        body: Body::Empty,
        headers: HeaderMap::new(),
        save_to: None,
    }
}

async fn send(url: &str, request: Request, limits: Limits) -> Result<RawResponse, Failure> {
    // A failsafe for the test itself, so that a hang is a failure and not a stuck CI.
    tokio::time::timeout(Duration::from_secs(60), client(url).send(request, limits, None))
        .await
        .unwrap()
}

#[tokio::test]
async fn closes_a_record() {
    let (url, mut requests) = serve(vec![reply(
        "200 OK",
        "content-type: application/json\r\n",
        "{\"id\":\"UR-1\"}",
    )])
    .await;
    let response = send(&format!("{url}/public/v1/"), close(), Limits::default())
        .await
        .unwrap();
    assert_eq!(
        (response.status, response.text().as_str()),
        (200, "{\"id\":\"UR-1\"}")
    );
    assert_eq!(response.content_type().as_deref(), Some("application/json"));
    let request = requests.recv().await.unwrap();
    assert!(
        request.starts_with("POST /public/v1/usage/records/UR-1/close HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request.ends_with("\r\n\r\n{\"external_billing_id\":\"INV-7\"}"),
        "{request}"
    );
    for header in [
        "authorization: ApiKey SU-1:secret",
        "content-type: application/json",
        "user-agent: cloudblue-connect-native/",
    ] {
        assert!(request.contains(header), "{request}");
    }
}

#[tokio::test]
async fn an_error_status_is_a_response() {
    let (url, _requests) = serve(vec![reply("400 Bad Request", "", "{}")]).await;
    let response = send(&url, close(), Limits::default()).await.unwrap();
    assert!(!response.is_success());
    assert_eq!(response.status, 400);
}

#[tokio::test]
async fn a_refused_connection_was_never_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = send(&url, close(), Limits::default()).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.code.as_deref(), failure.maybe_processed),
        (Kind::Connection, Some("ECONNREFUSED"), false)
    );
}

#[tokio::test]
async fn a_lost_answer_may_have_been_processed() {
    let truncated = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".to_string();
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"".to_string();
    for (script, code) in [
        (String::new(), "ECONNRESET"),
        (truncated, "ERR_STREAM_PREMATURE_CLOSE"),
        (chunked, "ERR_STREAM_PREMATURE_CLOSE"),
        ("NONSENSE\r\n\r\n".to_string(), "EPROTO"),
    ] {
        let (url, _requests) = serve(vec![Script::Reply(script.clone())]).await;
        let failure = send(&url, close(), Limits::default()).await.unwrap_err();
        assert_eq!(
            (failure.kind, failure.code.as_deref()),
            (Kind::Connection, Some(code)),
            "{script}: {failure}"
        );
        assert!(failure.maybe_processed, "{script}: {failure}");
    }
}

#[tokio::test]
async fn read_timeout_and_deadline_end_a_call() {
    let (url, _requests) = serve(vec![Script::Silent]).await;
    let mut limits = Limits::default();
    limits.deadlines.read_timeout = Duration::from_millis(50);
    let failure = send(&url, close(), limits).await.unwrap_err();
    assert_eq!(
        (failure.kind, failure.code.as_deref(), failure.maybe_processed),
        (Kind::Timeout, Some("ETIMEDOUT"), true)
    );

    let mut limits = Limits::default();
    limits.deadlines.total = Some(Duration::from_millis(50));
    let failure = send(&url, get(), limits).await.unwrap_err();
    assert_eq!(failure.kind, Kind::Timeout);
    assert!(failure.message.contains("0.05 s"), "{failure}");
}

#[tokio::test]
async fn a_body_above_the_limit_is_refused() {
    let (url, _requests) = serve(vec![reply("200 OK", "", &"x".repeat(1000))]).await;
    let limits = Limits {
        max_bytes: Some(999),
        ..Limits::default()
    };
    let failure = send(&url, get(), limits).await.unwrap_err();
    assert_eq!(failure.kind, Kind::Size);
    let limits = Limits {
        max_bytes: Some(1000),
        ..Limits::default()
    };
    assert_eq!(send(&url, get(), limits).await.unwrap().body.len(), 1000);
}
