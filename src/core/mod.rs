//! The SDK without Node: HTTP, retries, and Connect's API.
//!
//! Each layer depends only on those after it: [`bulk`], [`tables`], [`resources`], [`rql`], [`api`], [`retry`], [`http`],
//! [`error`], [`secret`]; `__test__/layers.test.js` checks it.

pub mod api;
pub mod bulk;
pub mod environment;
pub mod error;
pub mod file_target;
pub mod http;
pub mod io_code;
pub mod json;
pub mod percent;
pub mod resources;
pub mod retry;
pub mod rql;
pub mod secret;
pub mod tables;
