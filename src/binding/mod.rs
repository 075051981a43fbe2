//! The core as Node sees it: `#[napi]` classes that translate values and take no decision.
//!
//! Nothing here throws for a reason of its own: invalid input and failed requests are returned as `{ failure }`
//! ([`error`]), of which the JavaScript wrapper makes errors of the caller's realm. What the caller's own code throws while
//! it is called (a getter, a `toJSON`) passes through.

mod abort;
mod action;
mod bulk;
mod bulk_input;
mod bulk_report;
mod bulk_source;
mod call_options;
mod call_state;
mod classes;
mod client;
mod convert;
mod error;
mod fetch;
mod filter;
mod metadata;
mod network;
mod pagination;
mod permit;
mod reply;
mod request_body;
mod resource;
mod runtime;
mod settler;
mod streaming_body;
mod table_writers;
mod tables;
mod wait;
mod waker;
