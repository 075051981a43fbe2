//! The engine of `cloudblue-connect-native`.
//!
//! - [`core`] implements HTTP and Connect: resources with their HTTP methods, paths and body keys, path encoding, RQL,
//!   retries, transport, errors, the key. It does not know Node, and `cargo test` tests it without.
//! - `binding` shows the core to Node as `#[napi]` classes. It translates and decides nothing.
//!
//! The JavaScript API in `lib` is built on the binding; ARCHITECTURE.md describes the whole.

pub mod core;

// In a test build nothing is registered with Node, so that everything in here looks unused.
#[cfg_attr(test, allow(dead_code))]
mod binding;
