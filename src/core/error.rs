//! Failures as values: a kind, a message, and Node's error code where it has one.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU16;
use std::time::Duration;

use crate::core::secret::ApiKey;

/// Node's code for a lost connection, and the default code of connection failures: each of them has one.
pub const ECONNRESET: &str = "ECONNRESET";

/// Node's code for a proxy that does not connect to the host.
pub const ERR_PROXY_TUNNEL: &str = "ERR_PROXY_TUNNEL";

/// The kinds of failure; JavaScript chooses the error class by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The caller passed something that cannot be sent. Nothing was sent.
    Input,
    /// The server was not reached, or the connection was lost.
    Connection,
    /// The certificate of one side was rejected, which a retry does not change. Nothing was processed.
    Certificate,
    /// A deadline passed.
    Timeout,
    /// The proxy refused to connect, which a retry does not change. Nothing was sent.
    Proxy,
    /// The caller aborted the request.
    Abort,
    /// A redirect could not be followed, or was not to be.
    Redirect,
    /// The response is larger than allowed.
    Size,
    /// The response could not be written to its file.
    File,
}

impl Kind {
    /// The name of the kind in JavaScript.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Input => "input",
            Kind::Connection => "connection",
            Kind::Certificate => "certificate",
            Kind::Timeout => "timeout",
            Kind::Proxy => "proxy",
            Kind::Abort => "abort",
            Kind::Redirect => "redirect",
            Kind::Size => "size",
            Kind::File => "file",
        }
    }

    /// Whether the same request may succeed at another time.
    pub fn is_transient(self) -> bool {
        matches!(self, Kind::Connection | Kind::Timeout)
    }
}

/// A request that ended without a usable response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The kind.
    pub kind: Kind,
    /// What happened, for the user; never contains the value of a header.
    pub message: String,
    /// Node's code for it (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, ...), if Node has one.
    pub code: Option<Cow<'static, str>>,
    /// The status of a proxy that refused.
    pub status: Option<NonZeroU16>,
    /// Whether the server may have received the request, and so may have processed it.
    pub maybe_processed: bool,
    /// How many attempts were made.
    pub attempts: u32,
    /// The total wait between the attempts.
    pub waited: Duration,
    /// Why the previous attempt failed, if the deadline passed during a later one.
    pub cause: Option<String>,
}

impl Failure {
    /// A failure of a first attempt that was not sent. Without a code, unless it is of kind `Connection`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: (kind == Kind::Connection).then_some(Cow::Borrowed(ECONNRESET)),
            status: None,
            maybe_processed: false,
            attempts: 1,
            waited: Duration::ZERO,
            cause: None,
        }
    }

    /// Invalid input; the message says what was expected and what was passed.
    pub fn input(message: impl Into<String>) -> Self {
        Self {
            attempts: 0,
            ..Self::new(Kind::Input, message)
        }
    }

    /// Sets Node's code.
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Masks the key in the message.
    pub fn redacted(mut self, key: &ApiKey) -> Self {
        if let Cow::Owned(redacted) = key.redact(&self.message) {
            self.message = redacted;
        }
        self
    }

    /// Marks the request as one that the server may have received.
    pub fn after_sending(mut self) -> Self {
        self.maybe_processed = true;
        self
    }

    /// The response is not HTTP.
    pub fn not_http(detail: impl fmt::Display) -> Self {
        let message = format!("the response is not valid HTTP: {detail}");
        Self::new(Kind::Connection, message).with_code("EPROTO")
    }

    /// The response ended before it was complete.
    pub fn incomplete(detail: impl fmt::Display) -> Self {
        let message = format!("the connection closed before the response was complete: {detail}");
        Self::new(Kind::Connection, message)
            .with_code("ERR_STREAM_PREMATURE_CLOSE")
            .after_sending()
    }

    /// The compressed body of the response cannot be decoded.
    pub fn undecodable(detail: impl fmt::Display) -> Self {
        let message = format!("cannot decompress the response body: {detail}");
        Self::new(Kind::Connection, message)
            .with_code("Z_DATA_ERROR")
            .after_sending()
    }

    /// The response is larger than allowed.
    pub fn too_large(max_bytes: u64) -> Self {
        let help = "raise maxResponseBytes (or the request's `size`) to allow more";
        let message = format!("the response body is larger than {max_bytes} bytes; {help}");
        Self::new(Kind::Size, message)
            .with_code("max-size")
            .after_sending()
    }

    /// A deadline passed after the request may have been sent.
    pub fn timed_out(message: impl Into<String>) -> Self {
        Self::new(Kind::Timeout, message)
            .with_code("ETIMEDOUT")
            .after_sending()
    }

    /// The server sent nothing for too long.
    pub fn read_timed_out(read_timeout: Duration) -> Self {
        let read_timeout = format_seconds(read_timeout);
        Self::timed_out(format!(
            "timed out: no data from the server for {read_timeout} (readTimeout)"
        ))
    }

    /// Connecting took too long.
    pub fn connect_timed_out() -> Self {
        Self::new(Kind::Timeout, "timed out connecting (connectTimeout)").with_code("ETIMEDOUT")
    }

    /// The response arrived, so the request was processed, but its body could not be written to the file.
    pub fn not_saved(path: &str, detail: impl fmt::Display) -> Self {
        let message = format!("cannot write the response to {path}: {detail}");
        Self::new(Kind::File, message).after_sending()
    }
}

/// A duration as messages show it: `0.5 s`.
pub fn format_seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
