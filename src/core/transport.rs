//! One exchange over the network.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Client;

use super::cause;
use super::error::Failure;
use super::feed::{Feed, Progress};
use super::policy::RetryPolicy;
use super::pool::{MOST_CONNECTIONS, Place};
use super::redirect::Redirect;
use super::request::{BodyKind, Deadlines, Head};

/// What we call ourselves: package, version, system, processor.
pub const USER_AGENT: &str = concat!("cloudblue-connect-native/", env!("CARGO_PKG_VERSION"));

/// No answer that becomes JavaScript's objects is larger than 16 MiB (or unpacks to more): they take some twenty times its
/// room where they are small, on the main thread's heap, and a process that has no more of that is ended. A page of a
/// thousand records has about 1 MB.
pub const MOST_JSON_BYTES: u64 = 16 << 20;

/// No answer in a run of `closeMany` is larger than 64 MiB: it is read in Rust, and never becomes objects.
pub const MOST_RUN_BYTES: u64 = 64 << 20;

/// No file that is read into memory is larger than 512 MiB; a larger one can be saved to a file.
pub const MOST_FILE_BYTES: u64 = 512 << 20;

/// A request with everything that goes on the wire.
#[derive(Debug)]
pub struct Wire {
    /// All but its body.
    pub head: Head,
    /// The body, if there is one.
    pub body: Option<Payload>,
    /// Where a success is written to, instead of into memory.
    pub save_to: Option<PathBuf>,
}

/// What a request carries.
#[derive(Debug)]
pub enum Payload {
    /// Bytes that are here, and can be sent again.
    Bytes(Bytes),
    /// Bytes that arrive while they are sent.
    Stream(Feed),
    /// There was a stream; it has been sent.
    Spent,
}

impl Payload {
    /// What kind of body it is.
    pub fn kind(&self) -> BodyKind {
        match self {
            Payload::Bytes(bytes) => BodyKind::Bytes(bytes.len() as u64),
            Payload::Stream(_) | Payload::Spent => BodyKind::Stream,
        }
    }
}

/// The bounds that a request is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long things may take.
    pub deadlines: Deadlines,
    /// How many bytes the decoded body may have in memory, whatever it is. Default: `usual_bytes` for that of a success;
    /// [`MOST_JSON_BYTES`] for that of a refusal, which is parsed.
    pub max_bytes: Option<u64>,
    /// How many bytes the body of a success may have where `max_bytes` says nothing. Default [`MOST_FILE_BYTES`].
    pub usual_bytes: u64,
    /// What to do with redirects.
    pub redirect: Redirect,
    /// Whether a redirect that would make a GET of a POST is a failure, as it is for the methods of resources: they would
    /// take the answer to the GET for one to the POST. Default false, as in `fetch`.
    pub keeps_method: bool,
    /// How many requests to one host may be under way at once. Default [`MOST_CONNECTIONS`].
    pub max_connections: usize,
    /// Whether to ask for gzip, brotli and deflate and to undo them. Default true.
    pub decompress: bool,
    /// How often an attempt that failed is made again.
    pub retry: RetryPolicy,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadlines: Deadlines::default(),
            max_bytes: None,
            usual_bytes: MOST_FILE_BYTES,
            redirect: Redirect::default(),
            keeps_method: false,
            max_connections: MOST_CONNECTIONS,
            decompress: true,
            retry: RetryPolicy::default(),
        }
    }
}

/// A request without its body.
fn blank(client: &Client, head: &Head) -> Result<reqwest::Request, Failure> {
    let (method, url, headers) = (head.method.clone(), head.url.clone(), head.headers.clone());
    if url.username().is_empty() && url.password().is_none() {
        // Its builder would look at each header again.
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        return Ok(request);
    }
    // Makes an `Authorization` of the user name.
    let request = client.request(method, url).headers(headers).build();
    request.map_err(|error| cause::before_answer(&error))
}

/// Sends a request and waits for the head of its answer.
///
/// * `body`: a stream is spent afterwards.
/// * `silence`: how long the server may stay silent.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Certificate` or `Timeout`.
pub async fn exchange(
    place: &mut Place,
    head: &Head,
    body: Option<&mut Payload>,
    silence: Duration,
) -> Result<reqwest::Response, Failure> {
    let mut request = blank(place.client(), head)?;
    let mut progress = Progress::default();
    match body {
        None | Some(Payload::Spent) => {}
        Some(Payload::Bytes(bytes)) => *request.body_mut() = Some(bytes.clone().into()),
        Some(payload) => {
            if let Payload::Stream(feed) = std::mem::replace(payload, Payload::Spent) {
                progress = feed.progress();
                *request.body_mut() = Some(reqwest::Body::wrap(feed));
            }
        }
    }
    let mut answer = pin!(place.execute(request));
    loop {
        let so_far = progress.pieces();
        match listen(silence, &mut answer).await {
            Ok(answer) => return answer.map_err(|error| cause::before_answer(&error)),
            // A long upload is no silence.
            Err(_) if progress.pieces() > so_far => {}
            Err(failure) => return Err(failure),
        }
    }
}

/// Waits for something from the server, but not longer than it may stay silent.
pub(super) async fn listen<F: Future>(silence: Duration, something: F) -> Result<F::Output, Failure> {
    tokio::time::timeout(silence, something)
        .await
        .map_err(|_| Failure::silent(silence))
}
