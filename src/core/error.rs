//! What can go wrong, as values: a kind, a message, Node's code where there is one.

use std::borrow::Cow;
use std::fmt;
use std::num::NonZeroU16;
use std::time::Duration;

use super::secret::ApiKey;

/// Node's code for a connection that broke, and the last resort: no failure of a connection is without a code.
pub const LOST: &str = "ECONNRESET";

/// Node's code for a proxy that makes no connection to the host.
pub const NO_TUNNEL: &str = "ERR_PROXY_TUNNEL";

/// The families of failure; the JavaScript face picks the class of the error by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The caller passed something that cannot be sent. Nothing was sent.
    Input,
    /// The server was not reached, or the connection broke.
    Connection,
    /// The server's certificate is not to be trusted, which waiting does not change. Nothing was sent.
    Certificate,
    /// A deadline passed.
    Timeout,
    /// The proxy does not let us through, which waiting does not change. Nothing was sent.
    Proxy,
    /// The caller called the request off.
    Abort,
    /// A redirect could not or was not to be followed.
    Redirect,
    /// The answer is larger than was allowed.
    Size,
    /// The answer could not be written to its file.
    File,
}

impl Kind {
    /// The name under which the kind crosses to JavaScript.
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
}

/// A request that ended without an answer that could be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The family.
    pub kind: Kind,
    /// What happened, in a sentence for the user; never holds a header's value.
    pub message: String,
    /// Node's code for it (`ECONNREFUSED`, `CERT_HAS_EXPIRED`, ...), where Node has one.
    pub code: Option<Cow<'static, str>>,
    /// The status of a proxy that refused.
    pub status: Option<NonZeroU16>,
    /// Whether the request may have reached the server, so that it may have been carried out.
    pub maybe_processed: bool,
    /// How many times the request was sent, or tried to be.
    pub attempts: u32,
    /// How long was waited between the attempts.
    pub waited: Duration,
    /// What became of the attempt before, where the deadline passed within a later one.
    pub cause: Option<String>,
}

impl Failure {
    /// A failure of a request whose first attempt did not get through; without a code, unless it is of kind `Connection`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            code: (kind == Kind::Connection).then_some(Cow::Borrowed(LOST)),
            status: None,
            maybe_processed: false,
            attempts: 1,
            waited: Duration::ZERO,
            cause: None,
        }
    }

    /// Bad input: names what was wrong and what would be right.
    pub fn input(message: impl Into<String>) -> Self {
        Self {
            attempts: 0,
            ..Self::new(Kind::Input, message)
        }
    }

    /// Adds Node's code.
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// The same without the key in its words.
    pub fn without(mut self, key: &ApiKey) -> Self {
        if let Cow::Owned(shown) = key.hide(&self.message) {
            self.message = shown;
        }
        self
    }

    /// The answer is none.
    pub fn not_http(detail: impl fmt::Display) -> Self {
        Self::new(
            Kind::Connection,
            format!("the answer is not valid HTTP: {detail}"),
        )
        .with_code("EPROTO")
    }

    /// The answer ended before it was whole.
    pub fn cut(detail: impl fmt::Display) -> Self {
        let message = format!("the connection was closed before the whole answer had arrived: {detail}");
        Self::new(Kind::Connection, message)
            .with_code("ERR_STREAM_PREMATURE_CLOSE")
            .after_sending()
    }

    /// The answer's coding cannot be undone.
    pub fn undecodable(detail: impl fmt::Display) -> Self {
        Self::new(
            Kind::Connection,
            format!("the answer's compressed body is broken: {detail}"),
        )
        .with_code("Z_DATA_ERROR")
        .after_sending()
    }

    /// The answer is larger than was allowed.
    pub fn too_large(max_bytes: u64) -> Self {
        let help = "the client's option maxResponseBytes, or the request's size, allows more";
        let message = format!("the answer's body is larger than {max_bytes} bytes; {help}");
        Self::new(Kind::Size, message)
            .with_code("max-size")
            .after_sending()
    }

    /// The server was silent for too long.
    pub fn silent(silence: Duration) -> Self {
        timed_out(format!("the server was silent for {}", seconds(silence)))
    }

    /// The connection took too long.
    pub fn not_connected() -> Self {
        Self::new(Kind::Timeout, "the connection could not be made in time").with_code("ETIMEDOUT")
    }

    /// The answer was there, so the request was carried out; only its file could not be written.
    pub fn not_saved(to: &str, detail: impl fmt::Display) -> Self {
        let message = format!("the answer cannot be written to {to}: {detail}");
        Self::new(Kind::File, message).after_sending()
    }

    /// Says that bytes may have reached the server.
    pub fn after_sending(mut self) -> Self {
        self.maybe_processed = true;
        self
    }
}

/// A deadline that passed when the request may have been received.
pub fn timed_out(message: String) -> Failure {
    Failure::new(Kind::Timeout, message)
        .with_code("ETIMEDOUT")
        .after_sending()
}

/// A duration in words.
pub fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
