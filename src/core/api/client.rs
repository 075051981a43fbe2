//! A client of Connect: its endpoint, its API key and its limits. Turns requests to Connect into HTTP requests.

use std::sync::Arc;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};

use crate::core::api::argument::StringArgument;
use crate::core::api::authorization::authorization;
use crate::core::api::base_url::BaseUrl;
use crate::core::api::request::{Body, Request, Verb};
use crate::core::error::Failure;
use crate::core::http::pool::NetworkSettings;
use crate::core::http::request::{Head, HttpRequest, Payload};
use crate::core::http::response::RawResponse;
use crate::core::retry::call::{self, RetryObserver};
use crate::core::retry::limits::Limits;
use crate::core::secret::ApiKey;

/// A client of Connect. Cheap to create: connections belong to shared pools and are opened by requests.
///
/// An invalid endpoint or key is reported by the first request. The constructor of the original SDK checks nothing either, and
/// the tests of its users create clients without arguments.
#[derive(Debug, Clone)]
pub struct Client {
    endpoint: Result<BaseUrl, Failure>,
    authorization: Result<HeaderValue, Failure>,
    limits: Limits,
    network: Arc<NetworkSettings>,
}

impl Client {
    /// Creates a client.
    ///
    /// * `endpoint`: the absolute http(s) URL that every path is appended to; a trailing slash is dropped.
    /// * `key`: the API key as in the header `Authorization`, including the word `ApiKey `.
    ///
    /// [`Client::send`] reports invalid arguments.
    pub fn new(
        endpoint: StringArgument,
        key: StringArgument,
        limits: Limits,
        network: Arc<NetworkSettings>,
    ) -> Self {
        Self {
            network,
            endpoint: BaseUrl::parse(endpoint),
            authorization: authorization(key),
            limits,
        }
    }

    /// The limits of a call that has none of its own.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// The key, if it is valid; for masking it in responses.
    pub fn api_key(&self) -> Option<ApiKey> {
        let text = self.authorization.as_ref().ok()?.to_str().ok()?;
        Some(ApiKey::new(text.into()))
    }

    /// The endpoint, without a trailing slash.
    ///
    /// # Errors
    /// A failure of kind `Input` if it is invalid.
    pub fn endpoint(&self) -> Result<&str, Failure> {
        self.endpoint.as_ref().map(BaseUrl::as_str).map_err(Clone::clone)
    }

    /// Sends a request, with the redirects and retries that the limits allow.
    ///
    /// * `observer`: is notified of each retry.
    ///
    /// # Errors
    /// A failure of kind `Input` if endpoint, key, certificates or proxy are invalid; otherwise as [`call::send`].
    pub async fn send(
        &self,
        request: Request,
        limits: Limits,
        observer: Option<&dyn RetryObserver>,
    ) -> Result<RawResponse, Failure> {
        let request = self.http_request(request)?;
        let limits = Limits {
            keeps_method: true,
            ..limits
        };
        call::send(request, limits, &self.network, observer).await
    }

    fn http_request(&self, request: Request) -> Result<HttpRequest, Failure> {
        let endpoint = self.endpoint.as_ref().map_err(Clone::clone)?;
        let authorization = self.authorization.as_ref().map_err(Clone::clone)?;
        let url = endpoint.join(&request.path)?;
        // Ours are set after those of the caller and replace them, as the key does in the original SDK.
        let mut headers = request.headers;
        // For these two and the defaults that every request has.
        headers.reserve(8);
        headers.insert(AUTHORIZATION, authorization.clone());
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
        Ok(HttpRequest {
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

    fn client(endpoint: StringArgument, key: StringArgument) -> Client {
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

    fn error_of(client: &Client) -> String {
        client.http_request(request(Body::Empty)).unwrap_err().message
    }

    #[test]
    fn a_request_becomes_an_http_request() {
        let sent = client(
            Ok("https://api.test/public/v1/".into()),
            Ok("ApiKey SU-1:x".into()),
        )
        .http_request(request(Body::Json("{}".into())))
        .unwrap();
        assert_eq!(
            sent.head.url.as_str(),
            "https://api.test/public/v1/usage/records/UR-1/close"
        );
        assert_eq!(sent.head.headers["authorization"], "ApiKey SU-1:x");
        assert_eq!(sent.head.headers["content-type"], "application/json");
        assert!(matches!(sent.body, Some(Payload::Bytes(bytes)) if bytes.as_ref() == b"{}"));
    }

    #[test]
    fn a_request_without_a_body_has_no_content_type() {
        let sent = client(Ok("http://h".into()), Ok("k".into()))
            .http_request(request(Body::Empty))
            .unwrap();
        assert!(!sent.head.headers.contains_key("content-type"));
    }

    #[test]
    fn an_invalid_endpoint_is_reported_by_a_request() {
        let message = error_of(&client(Ok("api.test".into()), Ok("k".into())));
        assert!(message.contains("endpoint must be"), "{message}");
    }

    #[test]
    fn an_invalid_key_is_reported_and_never_shown() {
        let endpoint = || Ok("https://api.test".to_string());
        for (key, expected) in [
            (Err("undefined"), "got undefined"),
            (Ok(String::new()), "an empty string"),
            (Ok("ApiKey SU-1:secret\r\nX-Evil: 1".to_string()), "line break"),
        ] {
            let message = error_of(&client(endpoint(), key));
            assert!(
                message.contains("apiKey must be") && message.contains(expected),
                "{message}"
            );
            assert!(!message.contains("secret"), "{message}");
        }
    }

    #[test]
    fn debug_never_shows_the_key() {
        let client = client(Ok("https://api.test".into()), Ok("ApiKey SU-1:topsecret".into()));
        let sent = client.http_request(request(Body::Empty)).unwrap();
        assert!(!format!("{client:?} {sent:?}").contains("topsecret"));
    }
}
