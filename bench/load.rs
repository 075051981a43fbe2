//! Measures what the machine can do at most, and what each layer below the client costs. Sends the same close request without
//! Node: over plain sockets (`raw`), with hyper (`hyper`), with reqwest (`reqwest`), and with the SDK's core (`core`).
//!
//! Arguments: mode, port, concurrency, seconds to warm up, seconds measured. Prints one line of JSON.

#![allow(clippy::print_stdout, reason = "the figures are what the benchmark waits for")]

mod body;

use std::error::Error;
use std::fs;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use body::Whole;
use bytes::Bytes;
use cloudblue_connect_native::core::api::client::Client;
use cloudblue_connect_native::core::api::request::{Body, Request, Verb};
use cloudblue_connect_native::core::retry::limits::Limits;
use hyper::body::Body as _;
use hyper_util::rt::TokioIo;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HOST, HeaderMap};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const KEY: &str = "ApiKey SU-000-000:bench";
const PATH: &str = "/usage/records/UR-2021-01-2023-8696-9408-6767/close";
const BODY: &str = r#"{"external_billing_id":"INV-7","external_billing_note":"January"}"#;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || {
        arguments
            .next()
            .ok_or("mode, port, concurrency, seconds, seconds")
    };
    let (mode, port, concurrency) = (next()?, next()?.parse::<u16>()?, next()?.parse::<usize>()?);
    let (warm_up, seconds) = (next()?.parse::<f64>()?, next()?.parse::<f64>()?);
    // reqwest requires a default provider even for requests without TLS. This fails only if there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let done = Arc::new(AtomicU64::new(0));
    let mut workers = JoinSet::new();
    let shared = Shared::new(port)?;
    for _ in 0..concurrency {
        workers.spawn(worker(mode.clone(), shared.clone(), done.clone()));
    }
    println!("{}", measure(&mut workers, &done, warm_up, seconds).await?);
    Ok(())
}

/// What the workers share: clients, each with its own pool.
#[derive(Clone)]
struct Shared {
    port: u16,
    reqwest: reqwest::Client,
    core: Client,
}

impl Shared {
    fn new(port: u16) -> Result<Self> {
        let endpoint = format!("http://127.0.0.1:{port}/public/v1");
        Ok(Self {
            port,
            reqwest: reqwest::Client::builder().no_proxy().build()?,
            core: Client::new(Ok(endpoint), Ok(KEY.into()), Limits::default(), Arc::default()),
        })
    }
}

/// Closes records, one after the other, until it is dropped.
async fn worker(mode: String, shared: Shared, done: Arc<AtomicU64>) -> Result<()> {
    match mode.as_str() {
        "raw" => raw(shared.port, &done).await,
        "hyper" => with_hyper(shared.port, &done).await,
        "reqwest" => with_reqwest(shared, &done).await,
        "core" => with_core(shared.core, &done).await,
        _ => Err("the modes are raw, hyper, reqwest, core".into()),
    }
}

/// Counts the requests of the measured time.
///
/// # Errors
/// That of the first worker that fails.
async fn measure(
    workers: &mut JoinSet<Result<()>>,
    done: &AtomicU64,
    warm_up: f64,
    seconds: f64,
) -> Result<String> {
    wait(workers, warm_up).await?;
    let (start, cpu, before) = (Instant::now(), cpu_micros(), done.load(Ordering::Relaxed));
    wait(workers, seconds).await?;
    let (elapsed, cpu) = (start.elapsed(), cpu_micros() - cpu);
    let calls = (done.load(Ordering::Relaxed) - before) as f64;
    Ok(serde_json::json!({
        "perSecond": calls / elapsed.as_secs_f64(),
        "cpuMicros": cpu / calls,
    })
    .to_string())
}

async fn wait(workers: &mut JoinSet<Result<()>>, seconds: f64) -> Result<()> {
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs_f64(seconds)) => Ok(()),
        Some(ended) = workers.join_next() => ended?,
    }
}

/// The processor time of all threads so far, in microseconds. NaN except on Linux, which is null in JSON.
fn cpu_micros() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return f64::NAN;
    };
    let nanos = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanos.sum::<f64>() / 1000.0
}

/// Plain sockets: the request is built once, and only the length of a response is parsed.
async fn raw(port: u16, done: &AtomicU64) -> Result<()> {
    let mut socket = connect(port).await?;
    let request = format!(
        "POST /public/v1{PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {KEY}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut response = Vec::with_capacity(8192);
    loop {
        socket.write_all(request.as_bytes()).await?;
        response.clear();
        loop {
            if socket.read_buf(&mut response).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if length_of(&response).is_some_and(|length| response.len() >= length) {
                break;
            }
        }
        check(response.starts_with(b"HTTP/1.1 200 "))?;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// The length of the whole response, once its head has arrived.
fn length_of(response: &[u8]) -> Option<usize> {
    let mut body = 0;
    let mut head = 0;
    for line in response.split_inclusive(|byte| *byte == b'\n') {
        head += line.len();
        if line == b"\r\n" {
            return Some(head + body);
        }
        let (name, value) = line.split_at_checked(16).unwrap_or((line, b""));
        if name.eq_ignore_ascii_case(b"content-length: ") {
            body = std::str::from_utf8(value).ok()?.trim().parse().ok()?;
        }
    }
    None
}

/// hyper, with one connection per worker and no pool.
async fn with_hyper(port: u16, done: &AtomicU64) -> Result<()> {
    let socket = TokioIo::new(connect(port).await?);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(socket).await?;
    tokio::spawn(connection);
    loop {
        let request = hyper::Request::post(format!("/public/v1{PATH}"))
            .header(HOST, format!("127.0.0.1:{port}"))
            .header(AUTHORIZATION, KEY)
            .header(CONTENT_TYPE, "application/json")
            .body(Whole::new(Bytes::from_static(BODY.as_bytes())))?;
        sender.ready().await?;
        let mut response = sender.send_request(request).await?;
        let mut bytes = 0;
        while let Some(frame) = poll_fn(|context| Pin::new(response.body_mut()).poll_frame(context)).await {
            bytes += frame?.data_ref().map_or(0, Bytes::len);
        }
        check(response.status() == 200 && bytes > 0)?;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// reqwest, with its pool and its defaults.
async fn with_reqwest(shared: Shared, done: &AtomicU64) -> Result<()> {
    let url = format!("http://127.0.0.1:{}/public/v1{PATH}", shared.port);
    loop {
        let request = shared.reqwest.post(&url).header(AUTHORIZATION, KEY);
        let request = request.header(CONTENT_TYPE, "application/json").body(BODY);
        let response = request.send().await?;
        check(response.status() == 200)?;
        check(!response.bytes().await?.is_empty())?;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// The SDK's core, with its limiter, its limits and its retry policy: everything but Node.
async fn with_core(client: Client, done: &AtomicU64) -> Result<()> {
    loop {
        let request = Request {
            verb: Verb::Post,
            path: PATH.into(),
            body: Body::Json(BODY.into()),
            headers: HeaderMap::new(),
            save_to: None,
        };
        let sent = client.send(request, client.limits(), None).await;
        let response = sent.map_err(|failure| failure.message)?;
        check(response.status == 200 && !response.body.is_empty())?;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

async fn connect(port: u16) -> Result<TcpStream> {
    let socket = TcpStream::connect(("127.0.0.1", port)).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

fn check(is_right: bool) -> Result<()> {
    is_right.then_some(()).ok_or_else(|| "unexpected response".into())
}
