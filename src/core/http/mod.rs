//! HTTP: requests and responses as values, the connections that they travel over, and the rules of the protocol.

pub mod decode;
mod error_mapping;
pub mod headers;
pub mod identity;
pub mod limiter;
pub mod no_proxy;
pub mod pem;
pub mod pool;
pub mod proxy;
pub mod redirect;
pub mod request;
pub mod response;
pub mod response_body;
pub mod save;
mod session_store;
pub mod streaming_body;
pub mod tls;
pub mod transport;
