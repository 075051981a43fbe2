//! The server of the benchmark. It responds as the usage API does and as fast as hyper can, so that the clients are what is
//! measured. A record has 900 bytes, a page a hundred records, and each response a dozen headers.
//!
//!     bench-server [wave=16] [delay=30] [certificate=FILE key=FILE] [http2=yes] [once=yes]
//!
//! With a wave, single closes are answered when so many of them have come. With a delay, the client is so many milliseconds
//! away, there and back. With a certificate, it speaks TLS 1.3. With `once`, it closes each connection of HTTP/1.1 after a
//! response.
//!
//! Prints its port and runs until its standard input is closed; then it prints what handshakes there were, as JSON.

#![allow(clippy::print_stdout, reason = "the port is what the benchmark waits for")]

mod body;
mod distance;
mod encryption;

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use body::Whole;
use bytes::Bytes;
use encryption::Handshakes;
use hyper::body::{Body, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Barrier;
use tokio_rustls::TlsAcceptor;

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
    fn new(wave: usize, is_once: bool) -> Self {
        let headers = HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value)));
        let mut headers = HeaderMap::from_iter(headers);
        if is_once {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        Self {
            headers,
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

/// How the server was started.
#[derive(Clone)]
struct Server {
    responses: Arc<Responses>,
    round_trip: Duration,
    tls: Option<TlsAcceptor>,
    handshakes: Arc<Handshakes>,
}

impl Server {
    fn new(arguments: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let options: HashMap<_, _> = arguments
            .filter_map(|argument| {
                let (name, value) = argument.split_once('=')?;
                Some((name.to_string(), value.to_string()))
            })
            .collect();
        let number = |name: &str, usual| options.get(name).map_or(Ok(usual), |value| value.parse());
        let tls = match (options.get("certificate"), options.get("key")) {
            (Some(certificate), Some(key)) => Some(encryption::acceptor(
                certificate.as_ref(),
                key.as_ref(),
                options.contains_key("http2"),
            )?),
            _ => None,
        };
        Ok(Self {
            responses: Arc::new(Responses::new(number("wave", 1)?, options.contains_key("once"))),
            round_trip: Duration::from_millis(number("delay", 0)? as u64),
            tls,
            handshakes: Arc::default(),
        })
    }

    /// Answers the requests of one connection until the client closes it, which it may do in any way.
    async fn serve(self, socket: TcpStream) {
        if self.round_trip.is_zero() {
            self.encrypt(socket).await;
        } else {
            self.clone()
                .encrypt(distance::away(socket, self.round_trip))
                .await;
        }
    }

    async fn encrypt(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let Some(tls) = &self.tls else {
            return self.respond(stream, false).await;
        };
        let Ok(stream) = tls.accept(stream).await else {
            return;
        };
        let (_, connection) = stream.get_ref();
        self.handshakes.count(connection);
        let is_http2 = connection.alpn_protocol() == Some(b"h2");
        self.respond(stream, is_http2).await;
    }

    async fn respond(self, stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static, is_http2: bool) {
        let responses = self.responses;
        let service = service_fn(move |request| {
            let responses = responses.clone();
            async move { Ok::<_, Infallible>(responses.to(request).await) }
        });
        let _ = if is_http2 {
            http2::Builder::new(TokioExecutor::new())
                .serve_connection(TokioIo::new(stream), service)
                .await
        } else {
            http1::Builder::new()
                .pipeline_flush(true)
                .serve_connection(TokioIo::new(stream), service)
                .await
        };
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::new(std::env::args().skip(1))?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let mut parent = tokio::task::spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink()));
    loop {
        tokio::select! {
            _ = &mut parent => {
                println!("{}", server.handshakes.to_json());
                return Ok(());
            }
            accepted = listener.accept() => {
                let (socket, _) = accepted?;
                socket.set_nodelay(true)?;
                tokio::spawn(server.clone().serve(socket));
            }
        }
    }
}
