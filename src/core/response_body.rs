//! The body of an answer: read and decoded within its bounds, into memory or into a file.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

use super::call::ReadPlan;
use super::cause;
use super::decode::{Broken, Decoder};
use super::error::{Failure, Kind};
use super::outcome::Outcome;
use super::save::Saving;
use super::transport::listen;

/// Reads the body of an answer: into memory, or into the file that it is meant for.
///
/// * `silence`: how long the server may stay silent.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Timeout`, `Size` or `File`.
pub async fn read(
    response: reqwest::Response,
    plan: ReadPlan,
    save_to: Option<&Path>,
    silence: Duration,
) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::plain(response.status().as_u16(), Vec::new());
    let mut answer = Answer::of(response, plan, silence);
    match save_to.filter(|_| plan.to_file) {
        Some(path) => {
            let mut file = Saving::begin(path).await?;
            while let Some(piece) = answer.next().await? {
                file.add(&piece).await?;
            }
            outcome.saved = Some(file.finish().await?);
        }
        None => outcome.body = answer.read(plan.max_bytes).await?,
    }
    outcome.headers = answer.take_headers();
    Ok(outcome)
}

/// An answer whose body is being read.
struct Answer {
    response: reqwest::Response,
    silence: Duration,
    /// None where there is nothing to be undone.
    decoder: Option<Decoder>,
    /// How many bytes the server says that it sends, and how many have come; both before decoding.
    announced: Option<u64>,
    received: u64,
}

impl Answer {
    fn of(response: reqwest::Response, plan: ReadPlan, silence: Duration) -> Self {
        Self {
            silence,
            decoder: Decoder::for_answer(response.headers(), plan.decompress),
            announced: response.content_length().filter(|_| plan.has_body),
            received: 0,
            response,
        }
    }

    /// The next piece of the body, decoded; none at its end.
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if let Some(decoder) = &mut self.decoder
                && let Some(piece) = decoder.draw().map_err(|Broken(why)| Failure::undecodable(why))?
            {
                // Much can be unpacked without waiting for anything; others are to have their turn meanwhile.
                tokio::task::coop::consume_budget().await;
                return Ok(Some(piece.into()));
            }
            let Some(piece) = self.receive().await? else {
                return Ok(None);
            };
            match &mut self.decoder {
                None => return Ok(Some(piece)),
                Some(decoder) => decoder.feed(piece),
            }
        }
    }

    /// The next piece as it is sent.
    async fn receive(&mut self) -> Result<Option<Bytes>, Failure> {
        let piece = listen(self.silence, self.response.chunk())
            .await?
            .map_err(|error| cause::within_body(&error))?;
        match &piece {
            Some(piece) => self.received += piece.len() as u64,
            None => {
                // Over HTTP/2 a body can end early without an error.
                whole(self.announced, self.received)?;
                if let Some(decoder) = &self.decoder {
                    decoder.end().map_err(|Broken(why)| Failure::undecodable(why))?;
                }
            }
        }
        Ok(piece)
    }

    /// Reads the body piece by piece, so that silence and size are noticed where they happen.
    async fn read(&mut self, most: u64) -> Result<Vec<u8>, Failure> {
        // The announced length only sizes the buffer, within reason: it may be a lie.
        let announced = self.announced.unwrap_or(0).min(1 << 20);
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
        while let Some(piece) = self.next().await? {
            if (body.len() + piece.len()) as u64 > most {
                return Err(Failure::too_large(most));
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// The headers; what speaks of the coded body goes where there was one and it was undone.
    fn take_headers(&mut self) -> HeaderMap {
        let mut headers = std::mem::take(self.response.headers_mut());
        if self.decoder.as_ref().is_some_and(Decoder::has_begun) {
            headers.remove(CONTENT_ENCODING);
            headers.remove(CONTENT_LENGTH);
        }
        headers
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
