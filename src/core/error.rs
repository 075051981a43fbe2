//! What can go wrong, as values: a kind, a message, Node's code where there is one.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use super::secret::ApiKey;

/// Node's code for a connection that broke, and the last resort: no failure of a connection is without a code.
pub const LOST: &str = "ECONNRESET";

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

    /// Says that bytes may have reached the server.
    pub fn after_sending(mut self) -> Self {
        self.maybe_processed = true;
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
