//! What bounds a call: time, size, redirects, connections and attempts.

use std::time::Duration;

use crate::core::http::pool::DEFAULT_MAX_CONNECTIONS;
use crate::core::http::redirect::Redirect;
use crate::core::http::response_body::MAX_FILE_BYTES;
use crate::core::retry::policy::RetryPolicy;

/// How long a call may take. The defaults are those of Connect's official Python client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// For connecting, including name resolution and the TLS handshake. Default 15 s.
    pub connect: Duration,
    /// For the server to send something, before its response and within it. Default 180 s.
    pub read_timeout: Duration,
    /// For the whole call with its attempts; none by default.
    pub total: Option<Duration>,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            read_timeout: Duration::from_secs(180),
            total: None,
        }
    }
}

/// The limits of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long the call may take.
    pub deadlines: Deadlines,
    /// The largest decoded body that is read into memory. By default `default_max_bytes` for a success, and
    /// [`MAX_JSON_BYTES`](crate::core::http::response_body::MAX_JSON_BYTES) for an error, whose body is parsed.
    pub max_bytes: Option<u64>,
    /// The largest body of a success if `max_bytes` is not set. Default [`MAX_FILE_BYTES`].
    pub default_max_bytes: u64,
    /// What to do with redirects.
    pub redirect: Redirect,
    /// Whether a redirect that turns a POST into a GET is a failure. It is for the methods of resources, which would take
    /// the response to the GET for one to the POST. Default false, as in `fetch`.
    pub keeps_method: bool,
    /// How many requests to one host may be in progress at once. Default [`DEFAULT_MAX_CONNECTIONS`].
    pub max_connections: usize,
    /// Whether to ask for gzip, deflate and Brotli, and to decode them. Default true.
    pub decompress: bool,
    /// How often a failed attempt is repeated.
    pub retry: RetryPolicy,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            deadlines: Deadlines::default(),
            max_bytes: None,
            default_max_bytes: MAX_FILE_BYTES,
            redirect: Redirect::default(),
            keeps_method: false,
            max_connections: DEFAULT_MAX_CONNECTIONS,
            decompress: true,
            retry: RetryPolicy::default(),
        }
    }
}
