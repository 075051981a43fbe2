//! A client: an endpoint, a key, limits. It knows how a request to Connect looks on the wire.

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};

use super::call::{self, RetryObserver};
use super::endpoint::Endpoint;
pub use super::endpoint::Given;
use super::error::Failure;
use super::outcome::Outcome;
use super::pool::Network;
use super::request::{Body, Head, Request, Verb};
use super::secret::ApiKey;
use super::transport::{Limits, Payload, Wire};

/// Connect's client. Cheap to make: it opens nothing, connections belong to shared pools.
///
/// What is wrong with endpoint or key is kept (fact 7), because consumers' tests build clients from nothing and never
/// send; the first request says it.
#[derive(Debug, Clone)]
pub struct Client {
    endpoint: Result<Endpoint, Failure>,
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
            endpoint: Endpoint::read(endpoint),
            key: ApiKey::header(key),
            limits,
        }
    }

    /// The limits that hold where a call brings none of its own.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The key, if it can be used; for taking it out of what a server sends back.
    pub fn api_key(&self) -> Option<ApiKey> {
        let text = self.key.as_ref().ok()?.to_str().ok()?;
        Some(ApiKey::new(text.into()))
    }

    /// The endpoint, without a trailing slash.
    ///
    /// # Errors
    /// A failure of kind `Input` if it cannot be used.
    pub fn endpoint(&self) -> Result<&str, Failure> {
        self.endpoint.as_ref().map(Endpoint::as_str).map_err(Clone::clone)
    }

    /// Sends a request, and again as the limits say.
    ///
    /// * `observer`: is told of each attempt that is made again.
    ///
    /// # Errors
    /// A failure of kind `Input` when endpoint, key, certificates or proxy cannot be used, without anything sent;
    /// otherwise as [`call::send`].
    pub async fn send(
        &self,
        request: Request,
        limits: Limits,
        observer: Option<&dyn RetryObserver>,
    ) -> Result<Outcome, Failure> {
        let wire = self.wire(request)?;
        let limits = Limits {
            keeps_method: true,
            ..limits
        };
        call::send(wire, limits, &self.network, observer).await
    }

    /// The request as it goes out.
    fn wire(&self, request: Request) -> Result<Wire, Failure> {
        let endpoint = self.endpoint.as_ref().map_err(Clone::clone)?;
        let key = self.key.as_ref().map_err(Clone::clone)?;
        let url = endpoint.join(&request.path)?;
        // The caller's first: what we know better takes their place (fact 31).
        let mut headers = request.headers;
        // Room for ours and for those that every request has, at once.
        headers.reserve(8);
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
        let body = bytes.map(|bytes| Payload::Bytes(bytes.into()));
        let head = Head {
            method: method(request.verb),
            url,
            headers,
            has_body: body.is_some(),
        };
        Ok(Wire {
            head,
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
            wire.head.url.as_str(),
            "https://api.test/public/v1/usage/records/UR-1/close"
        );
        assert_eq!(wire.head.headers["authorization"], "ApiKey SU-1:x");
        assert_eq!(wire.head.headers["content-type"], "application/json");
        assert!(matches!(wire.body, Some(Payload::Bytes(bytes)) if bytes.as_ref() == b"{}"));
    }

    #[test]
    fn a_request_without_a_body_has_no_content_type() {
        let wire = client(Ok("http://h".into()), Ok("k".into()))
            .wire(request(Body::Empty))
            .unwrap();
        assert!(!wire.head.headers.contains_key("content-type"));
    }

    #[test]
    fn a_bad_endpoint_is_named_when_it_is_used() {
        let message = refusal(&client(Ok("api.test".into()), Ok("k".into())));
        assert!(message.contains("endpoint must be"), "{message}");
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
