//! The body of an answer: decoded and held to its bounds, in memory or in the file that it is meant for.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

use super::cause;
use super::decode::{Broken, Decoder};
use super::error::{Failure, Kind};
use super::outcome::Outcome;
use super::save::Saving;
use super::transport::listen;

/// How an answer's body is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPlan {
    /// How many bytes it may have once its coding is undone; without meaning for one that goes to a file.
    pub max_bytes: u64,
    /// Whether it goes to the file that the caller named.
    pub to_file: bool,
    /// Whether there is one: not after HEAD, nor with 204 and 304, whatever the headers say.
    pub has_body: bool,
    /// Whether its codings are undone.
    pub decompress: bool,
}

/// Reads the body of an answer.
///
/// * `save_to`: the file for the body of a success.
/// * `silence`: how long the server may stay silent.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Timeout`, `Size` or `File`.
pub async fn read(
    mut response: reqwest::Response,
    plan: ReadPlan,
    save_to: Option<PathBuf>,
    silence: Duration,
) -> Result<Outcome, Failure> {
    let mut body = IncomingBody::new(response.headers(), response.content_length(), plan, save_to);
    while let Some(piece) = listen(silence, response.chunk())
        .await?
        .map_err(|error| cause::within_body(&error))?
    {
        body.push(piece).await?;
    }
    let mut outcome = Outcome::plain(response.status().as_u16(), Vec::new());
    outcome.headers = std::mem::take(response.headers_mut());
    body.finish(&mut outcome).await?;
    Ok(outcome)
}

/// A body while it comes in.
pub struct IncomingBody {
    /// None where there is nothing to be undone.
    decoder: Option<Decoder>,
    /// How many bytes the server says that it sends, and how many have come; both before decoding.
    announced: Option<u64>,
    received: u64,
    sink: Sink,
}

/// Where a body goes.
enum Sink {
    /// Into memory, up to so many bytes.
    Memory(Vec<u8>, u64),
    /// Into a file, which is opened when there is something to be written.
    Named(PathBuf),
    File(Saving),
}

impl IncomingBody {
    /// A body of which nothing has come.
    ///
    /// * `announced`: how many bytes will come, if somebody has to see to it that they do: over HTTP/2 a body can end early
    ///   without an error.
    /// * `save_to`: the file for the body of a success.
    pub fn new(
        headers: &HeaderMap,
        announced: Option<u64>,
        plan: ReadPlan,
        save_to: Option<PathBuf>,
    ) -> Self {
        let announced = announced.filter(|_| plan.has_body);
        let sink = match save_to.filter(|_| plan.to_file) {
            Some(path) => Sink::Named(path),
            None => {
                // The announced length only sizes the buffer, within reason: it may be a lie.
                let room = announced.unwrap_or(0).min(1 << 20);
                Sink::Memory(
                    Vec::with_capacity(usize::try_from(room).unwrap_or(0)),
                    plan.max_bytes,
                )
            }
        };
        Self {
            decoder: Decoder::for_answer(headers, plan.decompress),
            announced,
            received: 0,
            sink,
        }
    }

    /// Takes a piece as it was sent, so that size and coding are judged where it happens.
    ///
    /// # Errors
    /// A failure of kind `Size`, `File`, or `Connection` for a coding that is broken.
    pub async fn push(&mut self, piece: Bytes) -> Result<(), Failure> {
        self.received += piece.len() as u64;
        let Some(decoder) = &mut self.decoder else {
            return self.sink.add(&piece).await;
        };
        decoder.feed(piece);
        while let Some(piece) = decoder.draw().map_err(|Broken(why)| Failure::undecodable(why))? {
            self.sink.add(&piece).await?;
            // Much can be unpacked without waiting for anything; others are to have their turn meanwhile.
            tokio::task::coop::consume_budget().await;
        }
        Ok(())
    }

    /// The body has ended: puts it into an answer, whose headers no longer speak of a coding that was undone.
    ///
    /// # Errors
    /// A failure of kind `Connection` where there should be more of it, or of kind `File`.
    pub async fn finish(self, outcome: &mut Outcome) -> Result<(), Failure> {
        whole(self.announced, self.received)?;
        if let Some(decoder) = &self.decoder {
            decoder.end().map_err(|Broken(why)| Failure::undecodable(why))?;
            if decoder.has_begun() {
                outcome.headers.remove(CONTENT_ENCODING);
                outcome.headers.remove(CONTENT_LENGTH);
            }
        }
        match self.sink {
            Sink::Memory(body, _) => outcome.body = body,
            Sink::Named(path) => outcome.saved = Some(Saving::begin(&path).await?.finish().await?),
            Sink::File(file) => outcome.saved = Some(file.finish().await?),
        }
        Ok(())
    }
}

impl Sink {
    async fn add(&mut self, piece: &[u8]) -> Result<(), Failure> {
        if let Sink::Named(path) = self {
            *self = Sink::File(Saving::begin(path).await?);
        }
        match self {
            Sink::File(file) => file.add(piece).await,
            Sink::Memory(body, max_bytes) if (body.len() + piece.len()) as u64 > *max_bytes => {
                Err(Failure::too_large(*max_bytes))
            }
            Sink::Memory(body, _) => {
                body.extend_from_slice(piece);
                Ok(())
            }
            Sink::Named(_) => Ok(()),
        }
    }
}

/// Checks that a body has as many bytes as were announced.
fn whole(announced: Option<u64>, length: u64) -> Result<(), Failure> {
    match announced {
        Some(announced) if announced != length => Err(Failure::new(
            Kind::Connection,
            format!("the answer ended after {length} bytes of {announced}"),
        )
        .with_code("ERR_STREAM_PREMATURE_CLOSE")
        .after_sending()),
        _ => Ok(()),
    }
}
