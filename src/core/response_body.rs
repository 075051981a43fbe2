//! The body of an answer: read and decoded within its bounds, into memory or into a file.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

use super::cause;
use super::decode::{self, Decoder};
use super::error::{Failure, Kind};
use super::outcome::Outcome;
use super::save::Saving;
use super::transport::{Limits, MOST_JSON_BYTES, Wire, listen};

/// A coded body may be so much larger than what it is decoded to.
const SLACK: u64 = 1 << 20;

/// Reads the body: into memory, or a success into the file that it is meant for.
pub(super) async fn finish(
    response: reqwest::Response,
    wire: &Wire,
    limits: &Limits,
    redirected: bool,
) -> Result<Outcome, Failure> {
    let mut answer = Answer::of(response, wire, limits);
    let (mut saved, mut body) = (None, Vec::new());
    match &wire.save_to {
        Some(path) if answer.response.status().is_success() => {
            let mut file = Saving::begin(path).await?;
            while let Some(piece) = answer.next().await? {
                file.add(&piece).await?;
            }
            saved = Some(file.finish().await?);
        }
        _ => body = answer.read(limits).await?,
    }
    Ok(Outcome {
        status: answer.response.status().as_u16(),
        url: answer.response.url().to_string(),
        headers: answer.take_headers(),
        body,
        saved,
        redirected,
        attempts: 1,
        waited: Duration::ZERO,
    })
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
    /// How many bytes the decoded body may have; none where it goes to a file.
    most: Option<u64>,
}

impl Answer {
    fn of(response: reqwest::Response, wire: &Wire, limits: &Limits) -> Self {
        let codings = if limits.decompress {
            decode::codings(response.headers())
        } else {
            Vec::new()
        };
        Self {
            silence: limits.deadlines.silence,
            decoder: Decoder::of(&codings),
            announced: response.content_length().filter(|_| has_body(wire, &response)),
            received: 0,
            most: None,
            response,
        }
    }

    /// The next piece of the body, decoded; none at its end.
    async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            if let Some(decoder) = &mut self.decoder
                && let Some(piece) = decoder.draw().map_err(cause::broken_coding)?
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
            Some(piece) => {
                self.received += piece.len() as u64;
                // There are codings without end, of nothing.
                match self.most {
                    Some(most) if self.received.saturating_sub(SLACK) > most => return Err(too_large(most)),
                    _ => {}
                }
            }
            None => {
                // Over HTTP/2 a body can end early without an error.
                whole(self.announced, self.received)?;
                if let Some(decoder) = &self.decoder {
                    decoder.end().map_err(cause::broken_coding)?;
                }
            }
        }
        Ok(piece)
    }

    /// Reads the body piece by piece, so that silence and size are noticed where they happen.
    async fn read(&mut self, limits: &Limits) -> Result<Vec<u8>, Failure> {
        let usual = if self.response.status().is_success() {
            limits.usual_bytes
        } else {
            MOST_JSON_BYTES
        };
        let most = limits.max_bytes.unwrap_or(usual);
        self.most = Some(most);
        // The announced length only sizes the buffer, within reason: it may be a lie.
        let announced = self.announced.unwrap_or(0).min(1 << 20);
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
        while let Some(piece) = self.next().await? {
            if (body.len() + piece.len()) as u64 > most {
                return Err(too_large(most));
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

/// Whether an answer has the body whose length it announces.
fn has_body(wire: &Wire, response: &reqwest::Response) -> bool {
    wire.method != Method::HEAD && !matches!(response.status().as_u16(), 204 | 304)
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

/// The answer is larger than was allowed. The pipeline says the same in `bounds.js`.
fn too_large(most: u64) -> Failure {
    let help = "the client's option maxResponseBytes, or the request's size, allows more";
    Failure::new(
        Kind::Size,
        format!("the answer's body is larger than {most} bytes; {help}"),
    )
    .with_code("max-size")
    .after_sending()
}
