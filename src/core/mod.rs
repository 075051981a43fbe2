//! HTTP and Connect, without Node.
//!
//! Dependencies point one way: `bulk` → `resources` → `client` → `call` → `transport` → `error`, `outcome`, `request`.

pub mod bulk;
pub mod call;
mod cause;
pub mod client;
pub mod decode;
pub mod endpoint;
pub mod environment;
pub mod error;
pub mod feed;
pub mod headers;
pub mod identity;
pub mod json;
pub mod limiter;
pub mod names;
pub mod no_proxy;
pub mod outcome;
pub mod pages;
pub mod path;
pub mod pem;
pub mod policy;
pub mod pool;
pub mod proxy;
pub mod redirect;
pub mod request;
pub mod resources;
pub mod response_body;
pub mod rql;
pub mod save;
pub mod secret;
pub mod tls;
pub mod transport;
