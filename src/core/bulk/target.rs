//! What a run closes, and where.

use std::fmt;

use super::closable::Closable;
use crate::core::api::base_url;

/// What a run closes, and where.
#[derive(Debug, Clone)]
pub struct Target {
    /// What is closed.
    pub closable: &'static Closable,
    /// The endpoint without a trailing slash, for messages.
    pub endpoint: String,
    /// The path of the resource below the endpoint.
    pub base_path: String,
}

impl Target {
    /// Of a client whose endpoint has been checked.
    pub fn new(closable: &'static Closable, endpoint: &str, base_path: String) -> Self {
        Self {
            closable,
            endpoint: base_url::without_trailing_slash(endpoint).into(),
            base_path,
        }
    }

    /// Of a client that is not ours, whose endpoint has not been validated. It is redacted: if the constructor's arguments were
    /// swapped it is the API key, which must not get into a journal.
    pub fn of_foreign_client(closable: &'static Closable, endpoint: &str, base_path: String) -> Self {
        Self::new(closable, &base_url::redacted(endpoint), base_path)
    }
}

/// The whole URL, which a journal names in its first line: a journal of records is refused for chunks.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.endpoint, self.base_path)
    }
}
