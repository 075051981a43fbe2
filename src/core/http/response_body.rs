//! Reads the body of a response: decodes it, and bounds its size, in memory or in the file that it is saved to.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_ENCODING, CONTENT_LENGTH, HeaderMap};

use crate::core::error::{Failure, Kind};
use crate::core::http::decode::{DecodeError, Decoder};
use crate::core::http::error_mapping;
use crate::core::http::response::RawResponse;
use crate::core::http::save::SavedFile;
use crate::core::http::transport::with_read_timeout;

/// The largest body, decoded, that becomes JavaScript objects: 16 MiB. Small objects take about twenty times the size of their
/// JSON on the heap of the main thread, and Node ends a process whose heap is full. A page of a thousand records has about
/// 1 MB.
pub const MAX_JSON_BYTES: u64 = 16 << 20;

/// The largest body in a run of `closeMany`: 64 MiB. It is parsed in Rust and never becomes JavaScript objects.
pub const MAX_RUN_BYTES: u64 = 64 << 20;

/// The largest file that is read into memory: 512 MiB. A larger one can be saved to a file.
pub const MAX_FILE_BYTES: u64 = 512 << 20;

/// How to read the body of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadPlan {
    /// The largest decoded body that is read into memory; not for one that is saved to a file.
    pub max_bytes: u64,
    /// Whether it is saved to the file that the caller named.
    pub to_file: bool,
    /// Whether there is a body: not after HEAD, nor with 204 and 304, whatever the headers say.
    pub has_body: bool,
    /// Whether to decode it.
    pub decompress: bool,
}

/// Reads the body of a response.
///
/// * `save_to`: the file for the body of a success.
/// * `read_timeout`: how long the server may send nothing.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Timeout`, `Size` or `File`.
pub async fn read(
    mut response: reqwest::Response,
    plan: ReadPlan,
    save_to: Option<PathBuf>,
    read_timeout: Duration,
) -> Result<RawResponse, Failure> {
    let mut body = IncomingBody::new(response.headers(), response.content_length(), plan, save_to);
    while let Some(chunk) = with_read_timeout(read_timeout, response.chunk())
        .await?
        .map_err(|error| error_mapping::within_body(&error))?
    {
        body.push(chunk).await?;
    }
    let mut complete = RawResponse::plain(response.status().as_u16(), Vec::new());
    complete.headers = std::mem::take(response.headers_mut());
    body.finish(&mut complete).await?;
    Ok(complete)
}

/// A body that is being received.
pub struct IncomingBody {
    /// `None` if the body is not encoded.
    decoder: Option<Decoder>,
    /// The length before decoding that the server announced, and what has been received of it.
    announced: Option<u64>,
    received: u64,
    sink: Sink,
}

/// Where the decoded body goes.
enum Sink {
    /// Into memory, up to a maximum.
    Memory {
        body: Vec<u8>,
        max_bytes: u64,
    },
    /// Into a file that is created with the first chunk.
    UnopenedFile(PathBuf),
    File(SavedFile),
}

impl IncomingBody {
    /// A body of which nothing has been received.
    ///
    /// * `announced`: the length to check at the end; over HTTP/2 a body can end early without an error. `None` if the
    ///   transport checks it.
    /// * `save_to`: the file for the body of a success.
    pub fn new(
        headers: &HeaderMap,
        announced: Option<u64>,
        plan: ReadPlan,
        save_to: Option<PathBuf>,
    ) -> Self {
        let announced = announced.filter(|_| plan.has_body);
        let sink = match save_to.filter(|_| plan.to_file) {
            Some(path) => Sink::UnopenedFile(path),
            None => {
                // At most 1 MiB is reserved: the announced length may be wrong.
                let capacity = announced.unwrap_or(0).min(1 << 20);
                Sink::Memory {
                    body: Vec::with_capacity(usize::try_from(capacity).unwrap_or(0)),
                    max_bytes: plan.max_bytes,
                }
            }
        };
        Self {
            decoder: Decoder::for_response(headers, plan.decompress),
            announced,
            received: 0,
            sink,
        }
    }

    /// Adds a chunk as it was received. Size and encoding are checked at once.
    ///
    /// # Errors
    /// A failure of kind `Size` or `File`, or of kind `Connection` if the chunk cannot be decoded.
    pub async fn push(&mut self, chunk: Bytes) -> Result<(), Failure> {
        self.received += chunk.len() as u64;
        let Some(decoder) = &mut self.decoder else {
            return self.sink.write(&chunk).await;
        };
        decoder.push(chunk);
        while let Some(chunk) = decoder.next_chunk().map_err(undecodable)? {
            self.sink.write(&chunk).await?;
            // Decoding may go on for long without waiting for anything; other tasks run in between.
            tokio::task::coop::consume_budget().await;
        }
        Ok(())
    }

    /// Moves the complete body into a response. The headers of an encoding that was decoded are removed.
    ///
    /// # Errors
    /// A failure of kind `Connection` if the body is incomplete, or of kind `File`.
    pub async fn finish(self, response: &mut RawResponse) -> Result<(), Failure> {
        check_length(self.announced, self.received)?;
        if let Some(decoder) = &self.decoder {
            decoder.finish().map_err(undecodable)?;
            if decoder.has_input() {
                response.headers.remove(CONTENT_ENCODING);
                response.headers.remove(CONTENT_LENGTH);
            }
        }
        match self.sink {
            Sink::Memory { body, .. } => response.body = body,
            Sink::UnopenedFile(path) => {
                response.saved = Some(SavedFile::create(&path).await?.finish().await?);
            }
            Sink::File(file) => response.saved = Some(file.finish().await?),
        }
        Ok(())
    }
}

impl Sink {
    async fn write(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        if let Sink::UnopenedFile(path) = self {
            *self = Sink::File(SavedFile::create(path).await?);
        }
        match self {
            Sink::File(file) => file.write(chunk).await,
            Sink::Memory { body, max_bytes } if (body.len() + chunk.len()) as u64 > *max_bytes => {
                Err(Failure::too_large(*max_bytes))
            }
            Sink::Memory { body, .. } => {
                body.extend_from_slice(chunk);
                Ok(())
            }
            Sink::UnopenedFile(_) => Ok(()),
        }
    }
}

fn undecodable(DecodeError(reason): DecodeError) -> Failure {
    Failure::undecodable(reason)
}

/// Checks that as many bytes were received as the server announced.
fn check_length(announced: Option<u64>, received: u64) -> Result<(), Failure> {
    match announced {
        Some(announced) if announced != received => Err(Failure::new(
            Kind::Connection,
            format!("the response ended after {received} of {announced} bytes"),
        )
        .with_code("ERR_STREAM_PREMATURE_CLOSE")
        .after_sending()),
        _ => Ok(()),
    }
}
