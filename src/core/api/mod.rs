//! What all requests to Connect's API have in common: base URL, API key, paths, pagination.

pub mod argument;
pub mod authorization;
pub mod base_url;
pub mod client;
pub mod names;
pub mod pagination;
pub mod path;
pub mod request;
