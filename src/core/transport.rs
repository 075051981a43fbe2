//! One attempt's way over the network.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Client, Method};
use url::Url;

use super::cause;
use super::error::{Failure, Kind};
use super::feed::{Feed, Progress};
use super::outcome::Outcome;
use super::policy::RetryPolicy;
use super::pool::{MOST_CONNECTIONS, Place, Pool};
use super::redirect::{self, Redirect};
use super::request::Deadlines;
use super::response_body::finish;

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
    /// The HTTP method.
    pub method: Method,
    /// The absolute URL.
    pub url: Url,
    /// The headers; the key among them is marked as sensitive, so that no `Debug` shows it.
    pub headers: HeaderMap,
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

/// What URL parsers leave alone in a query and RFC 3986 does not allow there; node-fetch 2 encodes it, and some
/// proxies refuse it as it is (fact 53).
const NOT_IN_A_QUERY: &AsciiSet = &percent_encoding::CONTROLS
    .add(b'|')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'^')
    .add(b'\\');

/// Encodes what is left.
pub fn encode_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
    if query.contains(['|', '`', '{', '}', '^', '\\']) {
        let encoded = utf8_percent_encode(query, NOT_IN_A_QUERY).to_string();
        url.set_query(Some(&encoded));
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
            max_connections: MOST_CONNECTIONS,
            decompress: true,
            retry: RetryPolicy::default(),
        }
    }
}

/// Makes one attempt: sends a request, follows redirects as told, and reads the whole answer.
///
/// * `entering`: told when the request comes to its turn at its host; it says whether that is too late.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Certificate`, `Timeout`, `Redirect`, `Size` or `File`. Any answer with a status
/// is an [`Outcome`], whatever the status says.
pub async fn attempt(
    pool: &Pool,
    original: &mut Wire,
    limits: &Limits,
    entering: impl Fn() -> Result<(), Failure>,
) -> Result<Outcome, Failure> {
    let mut elsewhere: Option<Wire> = None;
    for followed in 0.. {
        let wire = elsewhere.as_mut().unwrap_or(original);
        // Held until the answer is there; waiting for it is not the server's silence.
        let mut place = pool.enter(&wire.url, limits.max_connections).await?;
        if followed == 0 {
            entering()?;
        }
        let response = match exchange(&mut place, wire, limits.deadlines.silence).await {
            Ok(response) => response,
            // Who redirected has had the request, whatever becomes of the next one.
            Err(failure) if followed > 0 => return Err(failure.after_sending()),
            Err(failure) => return Err(failure),
        };
        let status = response.status().as_u16();
        let target = match response.headers().get(LOCATION) {
            Some(location) if redirect::is_redirect(status) => location.as_bytes().to_vec(),
            _ => return finish(response, wire, limits, followed > 0).await,
        };
        match limits.redirect {
            Redirect::Manual => return finish(response, wire, limits, followed > 0).await,
            Redirect::Error => {
                let message = "the server redirects, which `redirect: 'error'` forbids";
                return Err(astray(message.into(), "no-redirect"));
            }
            Redirect::Follow(most) if followed >= most => {
                return Err(astray(format!("more than {most} redirects"), "max-redirect"));
            }
            Redirect::Follow(_) => {}
        }
        elsewhere = Some(redirected(wire, status, &target)?);
    }
    // There are as many redirects as numbers: nobody comes here.
    Err(astray("too many redirects".into(), "max-redirect"))
}

/// A redirect that is not followed.
fn astray(message: String, code: &'static str) -> Failure {
    Failure::new(Kind::Redirect, message)
        .with_code(code)
        .after_sending()
}

/// The request that a redirect asks for.
fn redirected(wire: &mut Wire, status: u16, location: &[u8]) -> Result<Wire, Failure> {
    let unsupported = |message: &str| astray(message.into(), "unsupported-redirect");
    let target = wire
        .url
        .join(&String::from_utf8_lossy(location))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| unsupported("the server redirects to something that is not an http(s) URL"))?;
    let body_dropped = redirect::becomes_get(status, &wire.method);
    let body = match &wire.body {
        _ if body_dropped => None,
        None => None,
        Some(Payload::Bytes(bytes)) => Some(Payload::Bytes(bytes.clone())),
        Some(Payload::Stream(_) | Payload::Spent) => {
            return Err(unsupported(
                "the server redirects a request whose body was a stream, which cannot be sent again",
            ));
        }
    };
    let mut headers = wire.headers.clone();
    redirect::strip(&mut headers, &wire.url, &target, body_dropped);
    Ok(Wire {
        method: if body_dropped {
            Method::GET
        } else {
            wire.method.clone()
        },
        url: target,
        headers,
        body,
        save_to: wire.save_to.clone(),
    })
}

/// A request without its body.
fn blank(client: &Client, wire: &Wire) -> Result<reqwest::Request, Failure> {
    let (method, url, headers) = (wire.method.clone(), wire.url.clone(), wire.headers.clone());
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

/// One request and the head of its answer.
async fn exchange(
    place: &mut Place,
    wire: &mut Wire,
    silence: Duration,
) -> Result<reqwest::Response, Failure> {
    let mut request = blank(place.client(), wire)?;
    let mut progress = Progress::default();
    match &mut wire.body {
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
        .map_err(|_| timed_out(format!("the server was silent for {}", seconds(silence))))
}

/// A deadline that passed when the request may have been received.
pub fn timed_out(message: String) -> Failure {
    Failure::new(Kind::Timeout, message)
        .with_code("ETIMEDOUT")
        .after_sending()
}

/// A duration in words.
pub fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
