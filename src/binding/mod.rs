//! The core as Node sees it: `#[napi]` classes that translate values and take no decision.
//!
//! Nothing here throws for a reason of ours: bad input and failed requests come back as values with a
//! `failure`, of which the face makes errors of the caller's own realm. What the caller's own code throws
//! while it is called (a getter, a `toJSON`) passes through.

mod abort;
mod bulk;
mod bulk_input;
mod bulk_report;
mod call;
mod call_state;
mod classes;
mod client;
mod convert;
mod csv;
mod engine;
mod feed;
mod fetch;
mod filter;
mod hub;
mod intake;
mod network;
mod pages;
mod reply;
mod resource;
mod roads;
mod surface;
