//! Invariants of every request, whatever the server does: when a record may be sent, and how often.

use std::time::Duration;

use super::ledger::{State, Time};

/// What the response to a POST says of a record, as its receiver may understand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostResult {
    /// Nothing was done, and it does not count as a try: throttled, not sent, not authorized.
    NotProcessed,
    /// The batch was rejected as a whole.
    BatchRefused,
    /// The record was refused.
    Refused,
    /// It is closed with our invoice.
    Closed,
    /// It is closed, perhaps with another invoice.
    ClosedUnverified,
    /// Nothing certain.
    Indeterminate,
}

impl PostResult {
    /// What two items about one record say together.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (same, other) if same == other => same,
            (PostResult::Closed | PostResult::ClosedUnverified, _)
            | (_, PostResult::Closed | PostResult::ClosedUnverified) => PostResult::ClosedUnverified,
            _ => PostResult::Indeterminate,
        }
    }
}

/// What the response to a GET says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadResult {
    Throttled,
    Unreadable,
    State(State),
}

/// A violated invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub invariant: &'static str,
    pub message: String,
}

/// The requests of a record within a run.
#[derive(Debug, Clone, Copy, Default)]
struct Track {
    /// POSTs without a response yet.
    open: u32,
    /// When the last POST of unknown effect ended, as far as the run can know.
    doubt: Option<Time>,
    /// Whether a read at the end of the window or later has said since that it is approved.
    is_approved: bool,
    /// Whether it was refused since.
    is_refused: bool,
    /// Whether a response said that it is closed.
    is_closed: bool,
    /// Whether a read has shown a final state since.
    is_final: bool,
    /// Whether a POST may have arrived, unless the whole batch was rejected.
    may_have_arrived: bool,
    posts: u32,
    reads: u32,
    reads_in_window: u32,
}

/// The requests of all records.
#[derive(Debug)]
pub struct RequestInvariants {
    tracks: Vec<Track>,
    pub window: Duration,
    pub max_tries: u32,
}

/// The most reads after one POST: three in the window, then with doubling pauses for a minute.
const READS: u32 = 14;

type Checked = Result<(), Violation>;

fn broken(invariant: &'static str, message: String) -> Checked {
    Err(Violation { invariant, message })
}

impl RequestInvariants {
    pub fn new(records: usize, window: Duration) -> Self {
        Self {
            tracks: vec![Track::default(); records],
            window,
            max_tries: 0,
        }
    }

    /// A new process starts.
    ///
    /// * `remembers`: whether it has the journal of the earlier processes.
    pub fn begin(&mut self, now: Time, max_tries: u32, remembers: bool) {
        self.max_tries = max_tries;
        for track in &mut self.tracks {
            let in_doubt = track.doubt.is_some() || track.open > 0 || track.is_closed;
            let in_doubt = in_doubt && !track.is_final && remembers;
            *track = Track {
                // The new run cannot know when it ended.
                doubt: in_doubt.then_some(now),
                may_have_arrived: in_doubt,
                ..Track::default()
            };
        }
    }

    pub fn post(&mut self, record: usize, now: Time) -> Checked {
        let track = &mut self.tracks[record];
        let max_tries = self.max_tries;
        track.open += 1;
        if track.open > 1 {
            return broken(
                "one-post",
                "it is sent while an earlier POST of it is under way".into(),
            );
        }
        if track.is_closed {
            return broken(
                "closed-again",
                "it is sent although an answer said that it is closed".into(),
            );
        }
        if track.posts >= max_tries {
            return broken("tries", format!("it is sent more than {max_tries} times"));
        }
        if let Some(end) = track.doubt {
            let over = end + self.window;
            if now < over {
                return broken(
                    "window",
                    format!("it is sent {:?} before the window's end", over - now),
                );
            }
            if !track.is_approved {
                return broken(
                    "unread",
                    "it is sent after a POST of unknown effect, and no read from the window's end on said approved"
                        .into(),
                );
            }
            if track.is_refused {
                return broken(
                    "refused",
                    "it is sent although a repetition of a POST of unknown effect was refused".into(),
                );
            }
        }
        Ok(())
    }

    pub fn post_answered(&mut self, record: usize, said: PostResult, now: Time) {
        let track = &mut self.tracks[record];
        track.open = track.open.saturating_sub(1);
        if said == PostResult::NotProcessed {
            return;
        }
        track.posts += 1;
        track.may_have_arrived = true;
        match said {
            PostResult::NotProcessed | PostResult::BatchRefused => {}
            PostResult::Refused => track.is_refused = track.doubt.is_some(),
            PostResult::Closed | PostResult::ClosedUnverified => track.is_closed = true,
            PostResult::Indeterminate => {
                track.doubt = Some(now);
                track.is_approved = false;
                track.is_refused = false;
                track.reads_in_window = 0;
            }
        }
    }

    pub fn read_answered(&mut self, record: usize, sent: Time, shown: &ReadResult) -> Checked {
        let track = &mut self.tracks[record];
        if *shown == ReadResult::Throttled {
            return Ok(());
        }
        track.reads += 1;
        let max = READS * (self.max_tries + 1);
        if track.reads > max {
            return broken("reads", format!("it is read more than {max} times"));
        }
        if let Some(end) = track.doubt {
            if sent < end + self.window {
                track.reads_in_window += 1;
            }
            if track.reads_in_window > 3 {
                return broken(
                    "reads-in-window",
                    "it is read more than thrice in its window".into(),
                );
            }
        }
        match shown {
            ReadResult::State(State::Approved) => {
                track.is_approved |= track.doubt.is_some_and(|end| sent >= end + self.window);
            }
            // Requests still in flight have no effect any more.
            ReadResult::State(state) if state.is_final() => {
                track.doubt = None;
                track.is_final = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether the response to a POST said that it is closed.
    pub fn is_called_closed(&self, record: usize) -> bool {
        self.tracks[record].is_closed
    }

    /// Whether a POST with it may have arrived.
    pub fn may_have_arrived(&self, record: usize) -> bool {
        let track = self.tracks[record];
        track.open > 0 || track.may_have_arrived
    }
}
