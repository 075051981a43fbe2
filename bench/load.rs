//! What the machine can do at most, and what each layer beneath our client costs: the same close request, sent without
//! Node by bare sockets (`raw`), by hyper (`hyper`), by reqwest (`reqwest`), and by our own core (`core`).
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
use cloudblue_connect_native::core::client::Client;
use cloudblue_connect_native::core::request::{Body, Request, Verb};
use cloudblue_connect_native::core::transport::Limits;
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
    // As reqwest is built here, it asks for a default even where it meets no TLS; there is none yet to be in the way.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let done = Arc::new(AtomicU64::new(0));
    let mut slots = JoinSet::new();
    let shared = Shared::new(port)?;
    for _ in 0..concurrency {
        slots.spawn(slot(mode.clone(), shared.clone(), done.clone()));
    }
    println!("{}", measure(&mut slots, &done, warm_up, seconds).await?);
    Ok(())
}

/// What the slots have in common: clients with pools of their own.
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

/// One of the requests that are under way at once: closes records without end.
async fn slot(mode: String, shared: Shared, done: Arc<AtomicU64>) -> Result<()> {
    match mode.as_str() {
        "raw" => raw(shared.port, &done).await,
        "hyper" => with_hyper(shared.port, &done).await,
        "reqwest" => with_reqwest(shared, &done).await,
        "core" => with_core(shared.core, &done).await,
        _ => Err("the modes are raw, hyper, reqwest, core".into()),
    }
}

/// Counts what is done within the measured time; ends with the error of a slot, should one fail.
async fn measure(
    slots: &mut JoinSet<Result<()>>,
    done: &AtomicU64,
    warm_up: f64,
    seconds: f64,
) -> Result<String> {
    wait(slots, warm_up).await?;
    let (start, cpu, before) = (Instant::now(), cpu_micros(), done.load(Ordering::Relaxed));
    wait(slots, seconds).await?;
    let (elapsed, cpu) = (start.elapsed(), cpu_micros() - cpu);
    let calls = (done.load(Ordering::Relaxed) - before) as f64;
    Ok(serde_json::json!({
        "perSecond": calls / elapsed.as_secs_f64(),
        "cpuMicros": cpu / calls,
    })
    .to_string())
}

async fn wait(slots: &mut JoinSet<Result<()>>, seconds: f64) -> Result<()> {
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs_f64(seconds)) => Ok(()),
        Some(ended) = slots.join_next() => ended?,
    }
}

/// The processor time of all threads so far. Linux only; elsewhere NaN, which is null in JSON.
fn cpu_micros() -> f64 {
    let Ok(threads) = fs::read_dir("/proc/self/task") else {
        return f64::NAN;
    };
    let spent = threads.filter_map(|thread| {
        let text = fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    spent.sum::<f64>() / 1000.0
}

/// Nothing but bytes: a request that was made once, an answer of which only the length is read.
async fn raw(port: u16, done: &AtomicU64) -> Result<()> {
    let mut socket = connect(port).await?;
    let request = format!(
        "POST /public/v1{PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: {KEY}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    let mut answer = Vec::with_capacity(8192);
    loop {
        socket.write_all(request.as_bytes()).await?;
        answer.clear();
        loop {
            if socket.read_buf(&mut answer).await? == 0 {
                return Err("the server closed the connection".into());
            }
            if length_of(&answer).is_some_and(|length| answer.len() >= length) {
                break;
            }
        }
        check(answer.starts_with(b"HTTP/1.1 200 "))?;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// How long the whole answer is, once its head is there.
fn length_of(answer: &[u8]) -> Option<usize> {
    let mut body = 0;
    let mut head = 0;
    for line in answer.split_inclusive(|byte| *byte == b'\n') {
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

/// A connection of hyper's for each slot, no pool.
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

/// reqwest with its pool and its defaults.
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

/// All of ours but Node: the gate, the limits, the retry policy, the outcome.
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
        let outcome = sent.map_err(|failure| failure.message)?;
        check(outcome.status == 200 && !outcome.body.is_empty())?;
        done.fetch_add(1, Ordering::Relaxed);
    }
}

async fn connect(port: u16) -> Result<TcpStream> {
    let socket = TcpStream::connect(("127.0.0.1", port)).await?;
    socket.set_nodelay(true)?;
    Ok(socket)
}

fn check(is_right: bool) -> Result<()> {
    is_right
        .then_some(())
        .ok_or_else(|| "not the answer that was expected".into())
}
