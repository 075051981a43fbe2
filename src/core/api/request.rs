//! A request to Connect's API, relative to the endpoint of a client. Nothing here does I/O.

use std::path::PathBuf;

use reqwest::header::HeaderMap;

use crate::core::http::request::without_query;

/// The HTTP methods of Connect's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Reads.
    Get,
    /// Creates an object, or performs an action on it.
    Post,
    /// Updates an object.
    Put,
    /// Deletes an object.
    Delete,
}

impl Verb {
    /// The verb in an HTTP request.
    pub fn as_str(self) -> &'static str {
        match self {
            Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Put => "PUT",
            Verb::Delete => "DELETE",
        }
    }
}

/// The body of a request. It implies the content type, as the original SDK and node-fetch 2 choose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// No body; a POST or PUT then has `Content-Length: 0`.
    Empty,
    /// JSON text, as `application/json`.
    Json(String),
    /// A string that the caller passed in place of an object: sent as it is, as `text/plain;charset=UTF-8`.
    Text(String),
    /// Bytes that the caller passed: sent as they are, without a content type.
    Bytes(Vec<u8>),
}

/// A request to Connect, relative to the client's endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub verb: Verb,
    /// The path after the endpoint, percent-encoded, with its query: `/usage/records?limit=1`.
    pub path: String,
    /// The body.
    pub body: Body,
    /// The headers of the caller, parsed by [`crate::core::http::headers::parse`].
    pub headers: HeaderMap,
    /// The file that the body of a success is written to; without it, the body is read into memory.
    pub save_to: Option<PathBuf>,
}

impl Request {
    /// The path without its query: filters may contain personal data, so errors and logs leave it out.
    pub fn path_without_query(&self) -> &str {
        without_query(&self.path)
    }
}

/// Joins JSON texts to an object `{"key":value,...}`, in this order. A missing value is left out, as `JSON.stringify` does with
/// `undefined`.
pub fn json_object(fields: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    let mut json = String::with_capacity(128);
    json.push('{');
    for (key, value) in fields {
        let Some(value) = value else { continue };
        if json.len() > 1 {
            json.push(',');
        }
        // The keys are constants that need no escaping.
        json.push('"');
        json.push_str(key);
        json.push_str("\":");
        json.push_str(&value);
    }
    json.push('}');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_keeps_the_order_and_leaves_out_missing_values() {
        let object = |id: Option<&str>, note: Option<&str>| {
            json_object([
                ("external_billing_id", id.map(Into::into)),
                ("external_billing_note", note.map(Into::into)),
            ])
        };
        assert_eq!(
            object(Some("\"INV-7\""), Some("null")),
            r#"{"external_billing_id":"INV-7","external_billing_note":null}"#
        );
        assert_eq!(object(None, Some("\"n\"")), r#"{"external_billing_note":"n"}"#);
        assert_eq!(object(None, None), "{}");
    }

    #[test]
    fn the_query_is_left_out() {
        let request = Request {
            verb: Verb::Get,
            path: "/a/b?email=x".into(),
            body: Body::Empty,
            headers: HeaderMap::new(),
            save_to: None,
        };
        assert_eq!(request.path_without_query(), "/a/b");
    }
}
