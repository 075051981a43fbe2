//! `closeMany`: closes many usage records, or usage chunks, each at most once.
//!
//! - [`closable`]: in what records and chunks differ; everything else calls either a record. [`target`] is what a run closes,
//!   and where.
//! - [`job`]: a run from the opening of its journal to its report.
//! - [`input`]: the way in: records are parsed, checked and passed on once; [`records`] says what a record is, [`dedup`]
//!   finds those that come twice, [`listing`] reads those that a list of the API has.
//! - [`run`]: the run itself: it sends batches, and settles each record.
//! - [`responses`]: what a response says about the records of its request.
//! - [`read_back`]: when a record whose outcome is not known is read, and when it may be sent again.
//!   [`read_schedule`]: the moments of its reads.
//! - [`journal`]: what was done, on disk, so that an interrupted run can be resumed.
//! - [`rate_controller`]: how many requests are in flight, and how far apart.
//! - [`transport`]: what sends the requests.
//! - [`report`], [`progress`]: how the run went, and how far it is.

/// Whether one of these known faults is built in, for the simulation. Always false in a release.
#[cfg(feature = "simulation")]
macro_rules! has_fault {
    ($($fault:ident)|+) => {
        $($crate::core::bulk::fault::is($crate::core::bulk::fault::Fault::$fault))||+
    };
}
#[cfg(not(feature = "simulation"))]
macro_rules! has_fault {
    ($($fault:ident)|+) => {
        false
    };
}

pub mod closable;
pub mod dedup;
#[cfg(feature = "simulation")]
pub mod fault;
pub mod input;
pub mod job;
pub mod journal;
pub mod listing;
pub mod progress;
pub mod rate_controller;
pub mod read_back;
pub mod read_schedule;
pub mod records;
pub mod report;
pub mod responses;
pub mod run;
pub mod target;
pub mod transport;
