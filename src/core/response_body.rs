//! The body of an answer: read within its bounds, into memory or into a file.

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;

use super::call::ReadPlan;
use super::cause;
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
    mut response: reqwest::Response,
    plan: ReadPlan,
    save_to: Option<&Path>,
    silence: Duration,
) -> Result<Outcome, Failure> {
    // Over HTTP/2 a body can end early without an error; of an unpacked one the length is not known.
    let announced = response.content_length().filter(|_| plan.has_body);
    let mut outcome = Outcome::plain(response.status().as_u16(), Vec::new());
    match save_to.filter(|_| plan.to_file) {
        Some(path) => {
            let mut file = Saving::begin(path).await?;
            let mut length = 0;
            while let Some(piece) = next(&mut response, silence).await? {
                file.add(&piece).await?;
                length += piece.len() as u64;
            }
            whole(announced, length)?;
            outcome.saved = Some(file.finish().await?);
        }
        None => {
            outcome.body = collect(&mut response, plan.max_bytes, silence).await?;
            whole(announced, outcome.body.len() as u64)?;
        }
    }
    outcome.headers = std::mem::take(response.headers_mut());
    Ok(outcome)
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
async fn next(response: &mut reqwest::Response, silence: Duration) -> Result<Option<Bytes>, Failure> {
    listen(silence, response.chunk())
        .await?
        .map_err(|error| cause::within_body(&error))
}

/// Reads the body piece by piece, so that silence and size are noticed where they happen.
async fn collect(response: &mut reqwest::Response, most: u64, silence: Duration) -> Result<Vec<u8>, Failure> {
    // The announced length only sizes the buffer, within reason: it may be a lie.
    let announced = response.content_length().unwrap_or(0).min(1 << 20);
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or(0));
    while let Some(piece) = next(response, silence).await? {
        if (body.len() + piece.len()) as u64 > most {
            return Err(Failure::too_large(most));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
