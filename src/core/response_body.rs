//! The body of an answer: read within its bounds, into memory or into a file.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;

use super::cause;
use super::error::{Failure, Kind};
use super::outcome::Outcome;
use super::save::Saving;
use super::transport::{Limits, MOST_JSON_BYTES, Wire, listen};

/// Reads the body: into memory, or a success into the file that it is meant for.
pub(super) async fn finish(
    mut response: reqwest::Response,
    wire: &Wire,
    limits: &Limits,
    redirected: bool,
) -> Result<Outcome, Failure> {
    let mut saved = None;
    // Over HTTP/2 a body can end early without an error; of an unpacked one the length is not known.
    let announced = response.content_length().filter(|_| has_body(wire, &response));
    let body = match &wire.save_to {
        Some(path) if response.status().is_success() => {
            let mut file = Saving::begin(path).await?;
            let mut length = 0;
            while let Some(piece) = next(&mut response, limits).await? {
                file.add(&piece).await?;
                length += piece.len() as u64;
            }
            whole(announced, length)?;
            saved = Some(file.finish().await?);
            Vec::new()
        }
        _ => {
            let body = read(&mut response, limits).await?;
            whole(announced, body.len() as u64)?;
            body
        }
    };
    Ok(Outcome {
        status: response.status().as_u16(),
        url: response.url().to_string(),
        headers: std::mem::take(response.headers_mut()),
        body,
        saved,
        redirected,
        attempts: 1,
        waited: Duration::ZERO,
    })
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

/// The next piece of the body; none at its end.
async fn next(response: &mut reqwest::Response, limits: &Limits) -> Result<Option<Bytes>, Failure> {
    listen(limits.deadlines.silence, response.chunk())
        .await?
        .map_err(|error| cause::within_body(&error))
}

/// Reads the body piece by piece, so that silence and size are noticed where they happen.
async fn read(response: &mut reqwest::Response, limits: &Limits) -> Result<Vec<u8>, Failure> {
    let usual = if response.status().is_success() {
        limits.usual_bytes
    } else {
        MOST_JSON_BYTES
    };
    let most = limits.max_bytes.unwrap_or(usual);
    // The announced length only sizes the buffer, within reason: it may be a lie.
    let announced = response.content_length().unwrap_or(0).min(1 << 20);
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(piece) = next(response, limits).await? {
        if (body.len() + piece.len()) as u64 > most {
            return Err(too_large(most));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
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
