//! A client: an endpoint, a key, limits. It knows how a request to Connect looks on the wire.

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use url::Url;

use super::call::{self, Watch};
use super::error::Failure;
use super::outcome::Outcome;
use super::pool::Network;
use super::request::{Body, Request, Verb};
use super::secret::ApiKey;
use super::transport::{Limits, Payload, Wire};

/// What the caller gave as endpoint or key: constructing a client checks nothing (fact 7), because
/// consumers' tests build clients from nothing and never send. The first request says what is wrong.
pub type Given = Result<String, &'static str>;

/// Connect's client. Cheap to make: it opens nothing, connections belong to shared pools.
#[derive(Debug, Clone)]
pub struct Client {
    endpoint: Result<String, Failure>,
    key: Result<HeaderValue, Failure>,
    limits: Limits,
    network: Arc<Network>,
}

impl Client {
    /// Makes a client.
    ///
    /// * `endpoint`: the absolute http(s) URL that all paths start from; a trailing slash is dropped.
    /// * `key`: the API key as it goes into the `Authorization` header, the word `ApiKey ` included.
    ///
    /// What is wrong with either is kept and said by [`Client::send`]. `Err` stands for a value that is no
    /// text, by its name.
    pub fn new(endpoint: Given, key: Given, limits: Limits, network: Arc<Network>) -> Self {
        Self {
            network,
            endpoint: check_endpoint(endpoint),
            key: check_key(key),
            limits,
        }
    }

    /// The limits that hold where a call brings none of its own.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The endpoint, without a trailing slash.
    ///
    /// # Errors
    /// A failure of kind `Input` if it cannot be used.
    pub fn endpoint(&self) -> Result<&str, Failure> {
        self.endpoint.as_deref().map_err(Clone::clone)
    }

    /// Sends a request, and again as the limits say.
    ///
    /// * `watch`: is told of each attempt that is made again.
    ///
    /// # Errors
    /// A failure of kind `Input` when endpoint, key, certificates or proxy cannot be used, without anything sent;
    /// otherwise as [`call::send`].
    pub async fn send(
        &self,
        request: Request,
        limits: Limits,
        watch: Option<&dyn Watch>,
    ) -> Result<Outcome, Failure> {
        let wire = self.wire(request)?;
        call::send(wire, limits, &self.network, watch).await
    }

    /// The request as it goes out.
    fn wire(&self, request: Request) -> Result<Wire, Failure> {
        let endpoint = self.endpoint.as_ref().map_err(Clone::clone)?;
        let key = self.key.as_ref().map_err(Clone::clone)?;
        let url = Url::parse(&format!("{endpoint}{}", request.path)).map_err(|error| {
            Failure::input(format!(
                "the path {} makes no valid URL: {error}",
                request.bare_path()
            ))
        })?;
        // The caller's first: what we know better takes their place (fact 31).
        let mut headers = request.headers;
        headers.insert(AUTHORIZATION, key.clone());
        let (content_type, bytes) = match request.body {
            Body::Empty => (None, None),
            Body::Json(text) => (Some("application/json"), Some(text.into_bytes())),
            Body::Text(text) => (Some("text/plain;charset=UTF-8"), Some(text.into_bytes())),
            Body::Bytes(bytes) => (None, Some(bytes)),
        };
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        // Fact 28: a POST or PUT without a body, or with an empty one, says so.
        let is_empty = bytes.as_ref().is_none_or(Vec::is_empty);
        if is_empty && matches!(request.verb, Verb::Post | Verb::Put) {
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let body = bytes.map(|bytes| Payload::Bytes(bytes.into()));
        Ok(Wire {
            method: method(request.verb),
            url,
            headers,
            body,
            save_to: request.save_to,
        })
    }
}

fn method(verb: Verb) -> reqwest::Method {
    match verb {
        Verb::Get => reqwest::Method::GET,
        Verb::Post => reqwest::Method::POST,
        Verb::Put => reqwest::Method::PUT,
        Verb::Delete => reqwest::Method::DELETE,
    }
}

fn check_endpoint(given: Given) -> Result<String, Failure> {
    let refused = |got: String| {
        Err(Failure::input(format!(
            "endpoint must be an absolute http(s) URL, such as 'https://api.connect.cloudblue.com/public/v1'; got {got}"
        )))
    };
    match given {
        Err(what) => refused(what.to_string()),
        Ok(text) => match Url::parse(&text) {
            Ok(url) if !matches!(url.scheme(), "http" | "https") => {
                refused(format!("the scheme '{}'", url.scheme()))
            }
            // A query or fragment would swallow the paths that are appended; a password would end up in logs.
            Ok(url) if url.query().is_some() || url.fragment().is_some() => {
                refused("a URL with a query or fragment".into())
            }
            Ok(url) if !url.username().is_empty() || url.password().is_some() => {
                refused("a URL with a user name".into())
            }
            Ok(_) => Ok(text.trim_end_matches('/').to_string()),
            Err(error) => refused(format!("something that is not one ({error})")),
        },
    }
}

fn check_key(given: Given) -> Result<HeaderValue, Failure> {
    let refused = |got: &str| {
        Err(Failure::input(format!(
            "apiKey must be a string such as 'ApiKey SU-000-000:...'; got {got}"
        )))
    };
    let key = match given {
        Err(what) => return refused(what),
        Ok(text) if text.trim().is_empty() => return refused("an empty string"),
        Ok(text) => ApiKey::new(text),
    };
    match HeaderValue::from_str(key.expose()) {
        Ok(mut value) => {
            value.set_sensitive(true);
            Ok(value)
        }
        Err(_) => refused("a string with a line break or another character that no header may hold"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderMap;

    fn client(endpoint: Given, key: Given) -> Client {
        Client::new(endpoint, key, Limits::default(), Arc::default())
    }

    fn request(body: Body) -> Request {
        Request {
            verb: Verb::Post,
            path: "/usage/records/UR-1/close".into(),
            body,
            headers: HeaderMap::new(),
            save_to: None,
        }
    }

    fn refusal(client: &Client) -> String {
        client.wire(request(Body::Empty)).unwrap_err().message
    }

    #[test]
    fn a_request_looks_as_documented() {
        let wire = client(
            Ok("https://api.test/public/v1/".into()),
            Ok("ApiKey SU-1:x".into()),
        )
        .wire(request(Body::Json("{}".into())))
        .unwrap();
        assert_eq!(
            wire.url.as_str(),
            "https://api.test/public/v1/usage/records/UR-1/close"
        );
        assert_eq!(wire.headers["authorization"], "ApiKey SU-1:x");
        assert_eq!(wire.headers["content-type"], "application/json");
        assert!(matches!(wire.body, Some(Payload::Bytes(bytes)) if bytes.as_ref() == b"{}"));
    }

    #[test]
    fn an_empty_post_announces_no_body() {
        let wire = client(Ok("http://h".into()), Ok("k".into()))
            .wire(request(Body::Empty))
            .unwrap();
        assert_eq!(wire.headers["content-length"], "0");
        assert!(!wire.headers.contains_key("content-type"));
    }

    #[test]
    fn a_bad_endpoint_is_named_when_it_is_used() {
        let key = || Ok("k".to_string());
        for (endpoint, says) in [
            (Err("undefined"), "got undefined"),
            (Ok("api.test".to_string()), "endpoint must be"),
            (Ok("ftp://api.test".to_string()), "scheme 'ftp'"),
            (Ok("/relative".to_string()), "endpoint must be"),
            (Ok("https://api.test/?a=b".to_string()), "query"),
            (Ok("https://user:pass@api.test".to_string()), "user name"),
        ] {
            let message = refusal(&client(endpoint, key()));
            assert!(message.contains(says), "{message}");
            assert!(!message.contains("pass@"), "{message}");
        }
    }

    #[test]
    fn a_bad_key_is_named_and_never_shown() {
        let endpoint = || Ok("https://api.test".to_string());
        for (key, says) in [
            (Err("undefined"), "got undefined"),
            (Ok(String::new()), "an empty string"),
            (Ok("ApiKey SU-1:secret\r\nX-Evil: 1".to_string()), "line break"),
        ] {
            let message = refusal(&client(endpoint(), key));
            assert!(
                message.contains("apiKey must be") && message.contains(says),
                "{message}"
            );
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn debug_never_shows_the_key() {
        let client = client(Ok("https://api.test".into()), Ok("ApiKey SU-1:topsecret".into()));
        let wire = client.wire(request(Body::Empty)).unwrap();
        assert!(!format!("{client:?} {wire:?}").contains("topsecret"));
    }
}
