//! Closing many records, each once in effect.
//!
//! - [`records`]: what is to be closed, read from JSON and checked.
//! - [`seen`]: which records have come already, in bounded memory.
//! - [`journal`]: what was done, on disk, so that a run can go on where another one was cut off.
//! - [`pace`]: how many requests at once.
//! - [`answers`]: what an answer says about the records of its request.
//! - [`read_back`]: when a record is read of which that is not certain, and when it may be sent again.
//! - [`engine`]: the run; [`progress`]: how far it is.
//! - [`report`]: how it went.
//! - [`csv`]: records from a file.

/// Whether a known fault (or one of several) is built in, for the simulation; never in a release.
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

pub mod answers;
pub mod csv;
pub mod engine;
#[cfg(feature = "simulation")]
pub mod fault;
pub mod journal;
pub mod pace;
pub mod progress;
pub mod read_back;
pub mod records;
pub mod report;
pub mod seen;
