//! One call: its attempts, the decision after each of them, and the loop that carries the decisions out.

mod action;
pub mod call;
pub mod call_state;
pub mod limits;
pub mod policy;
pub mod retry_after;
#[cfg(test)]
mod tests;
