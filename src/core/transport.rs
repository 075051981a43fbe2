//! A request's way over the network.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use percent_encoding::{AsciiSet, utf8_percent_encode};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::{Client, Method};
use url::Url;

use super::cause;
use super::error::{Failure, Kind};
use super::feed::{Feed, Progress};
use super::outcome::Outcome;
use super::pool::{MOST_CONNECTIONS, Pool};
use super::redirect::{self, Redirect};
use super::request::Deadlines;
use super::save::Saving;

/// What we call ourselves: package, version, system, processor.
pub const USER_AGENT: &str = concat!("cloudblue-connect-native/", env!("CARGO_PKG_VERSION"));

/// No answer in JSON is larger than 64 MiB; one that is (or unpacks to more) would only fill the memory.
pub const MOST_BYTES: u64 = 64 << 20;

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
    /// Bytes that are here, and can be sent again where a redirect asks for it.
    Bytes(Vec<u8>),
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

fn encode_query(url: &mut Url) {
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
    /// How many bytes the decoded body may have. Default [`MOST_BYTES`].
    pub max_bytes: Option<u64>,
    /// What to do with redirects.
    pub redirect: Redirect,
    /// How many requests to one host may be under way at once. Default [`MOST_CONNECTIONS`].
    pub max_connections: usize,
    /// Whether to ask for gzip, brotli and deflate and to undo them. Default true.
    pub decompress: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadlines: Deadlines::default(),
            max_bytes: Some(MOST_BYTES),
            redirect: Redirect::default(),
            max_connections: MOST_CONNECTIONS,
            decompress: true,
        }
    }
}

/// Sends a request, follows redirects as told, and reads the whole answer.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Timeout`, `Redirect` or `Size`. Any answer with a status is an
/// [`Outcome`], whatever the status says.
pub async fn send(mut wire: Wire, limits: Limits) -> Result<Outcome, Failure> {
    encode_query(&mut wire.url);
    let pool = Pool::of(&limits)?;
    let Some(total) = limits.deadlines.total else {
        return follow(pool, wire, limits, &Turn::default()).await;
    };
    let turn = Turn {
        by: Some(Instant::now() + total),
        ..Turn::default()
    };
    match tokio::time::timeout(total, follow(pool, wire, limits, &turn)).await {
        Ok(result) => result,
        Err(_) if turn.has_come.load(Ordering::Relaxed) => {
            Err(timed_out(format!("no complete answer within {}", seconds(total))))
        }
        Err(_) => Err(no_turn(&limits)),
    }
}

/// A request's turn at its host.
#[derive(Debug, Default)]
struct Turn {
    /// When it comes too late.
    by: Option<Instant>,
    /// Whether it has come.
    has_come: AtomicBool,
}

fn no_turn(limits: &Limits) -> Failure {
    let waited = limits.deadlines.total.map(seconds).unwrap_or_default();
    let others = limits.max_connections;
    let message = format!("no turn within {waited}: {others} other requests were under way");
    Failure::new(Kind::Timeout, message).with_code("ETIMEDOUT")
}

/// Sends a request and those that redirects ask for; notes when the first one has come to its turn.
async fn follow(pool: Pool, mut wire: Wire, limits: Limits, turn: &Turn) -> Result<Outcome, Failure> {
    let mut followed = 0;
    loop {
        // Held until the answer is there; waiting for it is not the server's silence.
        let _place = pool.enter(&wire.url, limits.max_connections).await;
        // The place of one that came too late is free at the same moment.
        if followed == 0 && turn.by.is_some_and(|by| Instant::now() >= by) {
            return Err(no_turn(&limits));
        }
        turn.has_come.store(true, Ordering::Relaxed);
        let response = exchange(&pool.client, &mut wire, limits.deadlines.silence)
            .await
            .map_err(|failure| {
                // Who redirected has had the request, whatever becomes of the next one.
                if followed > 0 {
                    failure.after_sending()
                } else {
                    failure
                }
            })?;
        let status = response.status().as_u16();
        let target = match response.headers().get(LOCATION) {
            Some(location) if redirect::is_redirect(status) => location.as_bytes().to_vec(),
            _ => return finish(response, &wire, &limits, followed > 0).await,
        };
        match limits.redirect {
            Redirect::Manual => return finish(response, &wire, &limits, followed > 0).await,
            Redirect::Error => {
                return Err(Failure::new(
                    Kind::Redirect,
                    "the server redirects, which `redirect: 'error'` forbids",
                )
                .with_code("no-redirect")
                .after_sending());
            }
            Redirect::Follow(most) if followed >= most => {
                return Err(
                    Failure::new(Kind::Redirect, format!("more than {most} redirects"))
                        .with_code("max-redirect")
                        .after_sending(),
                );
            }
            Redirect::Follow(_) => {}
        }
        followed += 1;
        redirected(&mut wire, status, &target)?;
    }
}

/// Turns a request into the one that a redirect asks for.
fn redirected(wire: &mut Wire, status: u16, location: &[u8]) -> Result<(), Failure> {
    let target = wire
        .url
        .join(&String::from_utf8_lossy(location))
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or_else(|| {
            Failure::new(
                Kind::Redirect,
                "the server redirects to something that is not an http(s) URL",
            )
            .with_code("unsupported-redirect")
            .after_sending()
        })?;
    let body_dropped = redirect::becomes_get(status, &wire.method);
    if body_dropped {
        wire.method = Method::GET;
        wire.body = None;
    }
    if matches!(wire.body, Some(Payload::Spent)) {
        let message = "the server redirects a request whose body was a stream, which cannot be sent again";
        return Err(Failure::new(Kind::Redirect, message)
            .with_code("unsupported-redirect")
            .after_sending());
    }
    redirect::strip(&mut wire.headers, &wire.url, &target, body_dropped);
    wire.url = target;
    Ok(())
}

/// One request and the head of its answer.
async fn exchange(client: &Client, wire: &mut Wire, silence: Duration) -> Result<reqwest::Response, Failure> {
    let mut request = client
        .request(wire.method.clone(), wire.url.clone())
        .headers(wire.headers.clone());
    let mut progress = Progress::default();
    match &mut wire.body {
        None | Some(Payload::Spent) => {}
        Some(Payload::Bytes(bytes)) => request = request.body(bytes.clone()),
        Some(payload) => {
            if let Payload::Stream(feed) = std::mem::replace(payload, Payload::Spent) {
                progress = feed.progress();
                request = request.body(reqwest::Body::wrap(feed));
            }
        }
    }
    let mut answer = pin!(request.send());
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

/// Reads the body: into memory, or a success into the file that it is meant for.
async fn finish(
    mut response: reqwest::Response,
    wire: &Wire,
    limits: &Limits,
    redirected: bool,
) -> Result<Outcome, Failure> {
    let mut saved = None;
    let body = match &wire.save_to {
        Some(path) if response.status().is_success() => {
            let mut file = Saving::begin(path).await?;
            while let Some(piece) = next(&mut response, limits).await? {
                file.add(&piece).await?;
            }
            saved = Some(file.finish().await?);
            Vec::new()
        }
        _ => read(&mut response, limits).await?,
    };
    Ok(Outcome {
        status: response.status().as_u16(),
        url: response.url().to_string(),
        headers: std::mem::take(response.headers_mut()),
        body,
        saved,
        redirected,
        attempts: 1,
    })
}

/// The next piece of the body; none at its end.
async fn next(response: &mut reqwest::Response, limits: &Limits) -> Result<Option<bytes::Bytes>, Failure> {
    listen(limits.deadlines.silence, response.chunk())
        .await?
        .map_err(|error| cause::within_body(&error))
}

/// Reads the body piece by piece, so that silence and size are noticed where they happen.
async fn read(response: &mut reqwest::Response, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let most = limits.max_bytes.unwrap_or(u64::MAX);
    // The announced length only sizes the buffer, within reason: it may be a lie.
    let announced = response.content_length().unwrap_or(0).min(1 << 20);
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(piece) = next(response, limits).await? {
        if (body.len() + piece.len()) as u64 > most {
            return Err(Failure::new(
                Kind::Size,
                format!("the answer's body is larger than {most} bytes"),
            )
            .with_code("max-size")
            .after_sending());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// Waits for something from the server, but not longer than it may stay silent.
async fn listen<F: Future>(silence: Duration, something: F) -> Result<F::Output, Failure> {
    tokio::time::timeout(silence, something)
        .await
        .map_err(|_| timed_out(format!("the server was silent for {}", seconds(silence))))
}

fn timed_out(message: String) -> Failure {
    Failure::new(Kind::Timeout, message)
        .with_code("ETIMEDOUT")
        .after_sending()
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
