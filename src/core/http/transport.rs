//! Sends one request over the network and waits for the head of its response.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use reqwest::Client;

use crate::core::error::Failure;
use crate::core::http::error_mapping;
use crate::core::http::pool::PooledConnection;
use crate::core::http::request::{Head, Payload};
use crate::core::http::streaming_body::Progress;

/// Sends a request and waits for the head of its response.
///
/// * `body`: a stream is consumed.
/// * `read_timeout`: how long the server may send nothing.
///
/// # Errors
/// A [`Failure`] of kind `Connection`, `Certificate` or `Timeout`.
pub async fn exchange(
    connection: &mut PooledConnection,
    head: &Head,
    body: Option<&mut Payload>,
    read_timeout: Duration,
) -> Result<reqwest::Response, Failure> {
    let mut request = request_without_body(connection.client(), head)?;
    let mut progress = Progress::default();
    match body {
        None | Some(Payload::Consumed) => {}
        Some(Payload::Bytes(bytes)) => *request.body_mut() = Some(bytes.clone().into()),
        Some(payload) => {
            if let Payload::Stream(stream) = std::mem::replace(payload, Payload::Consumed) {
                progress = stream.progress();
                *request.body_mut() = Some(reqwest::Body::wrap(stream));
            }
        }
    }
    let mut response = pin!(connection.execute(request));
    loop {
        let chunks_before = progress.chunks();
        match with_read_timeout(read_timeout, &mut response).await {
            Ok(response) => return response.map_err(|error| error_mapping::before_response(&error)),
            // The server cannot respond before a long upload has ended, so the timeout starts again.
            Err(_) if progress.chunks() > chunks_before => {}
            Err(failure) => return Err(failure),
        }
    }
}

fn request_without_body(client: &Client, head: &Head) -> Result<reqwest::Request, Failure> {
    let (method, url, headers) = (head.method.clone(), head.url.clone(), head.headers.clone());
    if url.username().is_empty() && url.password().is_none() {
        // The builder would validate each header again.
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        return Ok(request);
    }
    // The builder turns user name and password into an `Authorization` header.
    let request = client.request(method, url).headers(headers).build();
    request.map_err(|error| error_mapping::before_response(&error))
}

/// Waits for the server to send something, at most for the read timeout.
pub(super) async fn with_read_timeout<F: Future>(
    read_timeout: Duration,
    future: F,
) -> Result<F::Output, Failure> {
    tokio::time::timeout(read_timeout, future)
        .await
        .map_err(|_| Failure::read_timed_out(read_timeout))
}
