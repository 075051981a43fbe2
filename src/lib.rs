//! The engine of `cloudblue-connect-native`.
//!
//! Two rooms, one door:
//!
//! - [`core`] knows HTTP and Connect: resources with their verbs, paths and body keys, path encoding, RQL,
//!   transport, errors, secrets. It has never heard of Node and is tested by `cargo test` without it.
//! - `binding` shows the core to Node as `#[napi]` classes. It translates and takes no decision.
//!
//! The JavaScript face in `lib/connect` stands on the binding; ARCHITECTURE.md draws the whole.

pub mod core;

// In a test build nothing is registered with Node, so that everything in here looks unused.
#[cfg_attr(test, allow(dead_code))]
mod binding;
