//! The server of the benchmark. It responds as the usage API does and as fast as hyper can, so that the clients are what is
//! measured. A record has 900 bytes, a page a hundred records, and each response a dozen headers.
//!
//!     bench-server [wave]
//!
//! With a wave, single closes are answered when so many of them have come. Prints its port and runs until its standard input
//! is closed.

#![allow(clippy::print_stdout, reason = "the port is what the benchmark waits for")]

mod body;

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use body::Whole;
use bytes::Bytes;
use hyper::body::{Body, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;

const RECORD: &str = include_str!("record.json");

/// How many records a page has.
const PAGE: usize = 100;

/// The headers of every response, besides `Date` and `Content-Length`.
const HEADERS: [(HeaderName, &str); 10] = [
    (header::CONTENT_TYPE, "application/json"),
    (header::VARY, "Accept, Accept-Language, Origin"),
    (header::ALLOW, "GET, POST, HEAD, OPTIONS"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::CONTENT_LANGUAGE, "en"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=15724800; includeSubDomains",
    ),
    (header::SERVER, "bench"),
];

/// The responses, built once.
struct Responses {
    headers: HeaderMap,
    record: Bytes,
    page: Bytes,
    wave: Barrier,
}

impl Responses {
    fn new(wave: usize) -> Self {
        let headers = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
        Self {
            headers: HeaderMap::from_iter(headers),
            record: Bytes::from_static(RECORD.as_bytes()),
            page: format!("[{}]", vec![RECORD; PAGE].join(",")).into(),
            wave: Barrier::new(wave),
        }
    }

    /// A response with this body.
    fn with(&self, status: StatusCode, body: Bytes) -> Response<Whole> {
        let mut response = Response::new(Whole::new(body));
        *response.status_mut() = status;
        *response.headers_mut() = self.headers.clone();
        response
    }

    /// Answers a request; the end of its path says with what.
    async fn to(&self, mut request: Request<Incoming>) -> Response<Whole> {
        let path = request.uri().path();
        let is_batch = path.ends_with("/close-records");
        let is_search = request.method() == Method::GET && path.ends_with("/usage/records");
        // The connection can be used again only after the body has been read.
        let body = if request.body().is_end_stream() {
            Vec::new()
        } else {
            read(request.body_mut(), is_batch).await
        };
        if is_batch {
            return self.with(StatusCode::PARTIAL_CONTENT, all_closed(&body));
        }
        if !is_search {
            self.wave.wait().await;
            return self.with(StatusCode::OK, self.record.clone());
        }
        let mut response = self.with(StatusCode::OK, self.page.clone());
        let range = HeaderValue::from_static("items 0-99/100");
        response.headers_mut().insert(header::CONTENT_RANGE, range);
        response
    }
}

/// Reads a body to its end. Returns it if `keep` is set.
async fn read(body: &mut Incoming, keep: bool) -> Vec<u8> {
    let mut kept = Vec::new();
    while let Some(Ok(frame)) = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
        if let (true, Some(data)) = (keep, frame.data_ref()) {
            kept.extend_from_slice(data);
        }
    }
    kept
}

/// The response to a batch: each record is closed. Needs no parser, as only the SDK sends requests, and it writes compact JSON.
fn all_closed(body: &[u8]) -> Bytes {
    let text = String::from_utf8_lossy(body);
    let ids = text.split("\"id\":\"").skip(1);
    let mut response = String::with_capacity(text.len() + 2);
    for id in ids.filter_map(|rest| rest.split('"').next()) {
        response.push(if response.is_empty() { '[' } else { ',' });
        response.push_str("{\"id\":\"");
        response.push_str(id);
        response.push_str("\",\"status\":\"closed\"}");
    }
    response.push_str(if response.is_empty() { "[]" } else { "]" });
    response.into()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let wave = std::env::args().nth(1).map_or(Ok(1), |wave| wave.parse());
    let responses = Arc::new(Responses::new(wave.map_err(io::Error::other)?));
    let mut parent = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    loop {
        tokio::select! {
            _ = &mut parent => return Ok(()),
            accepted = listener.accept() => {
                let (socket, _) = accepted?;
                socket.set_nodelay(true)?;
                tokio::spawn(serve(socket, responses.clone()));
            }
        }
    }
}

/// Answers the requests of one connection until the client closes it.
async fn serve(socket: TcpStream, responses: Arc<Responses>) {
    let service = service_fn(|request| {
        let responses = responses.clone();
        async move { Ok::<_, Infallible>(responses.to(request).await) }
    });
    // The client may close the connection in any way.
    let _ = http1::Builder::new()
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(socket), service)
        .await;
}
