//! The rules that hold at every step, whatever the server does: when a record may be sent, and how often.

use std::time::Duration;

use super::books::{State, Time};

/// What the answer to a POST says of a record, as whoever gets it may understand it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Nothing was done, and that does not count as a try: throttled, never sent, no right.
    NotNow,
    /// The request was refused as a whole.
    WholeNo,
    /// This very record was refused.
    No,
    /// It is closed with our invoice.
    Closed,
    /// It is closed, perhaps with another invoice.
    Somehow,
    /// Nothing that is certain.
    Unknown,
}

impl Said {
    /// What two items of one record say together.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (same, other) if same == other => same,
            (Said::Closed | Said::Somehow, _) | (_, Said::Closed | Said::Somehow) => Said::Somehow,
            _ => Said::Unknown,
        }
    }
}

/// What the answer to a GET says of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    Throttled,
    Nothing,
    State(State),
}

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    pub rule: &'static str,
    pub message: String,
}

/// What is known of a record's requests in a run.
#[derive(Debug, Clone, Copy, Default)]
struct Track {
    /// POSTs that have not been answered.
    open: u32,
    /// When the last POST of unknown effect ended, by what a run can know of it.
    doubt: Option<Time>,
    /// Whether a read at the window's end or later said since that it is approved.
    is_approved: bool,
    /// Whether it was refused since.
    is_refused: bool,
    /// Whether an answer said that it is closed.
    is_closed: bool,
    /// Whether a read showed a state since that nothing leads out of.
    is_final: bool,
    /// Whether a POST may have arrived that was not answered by a no to everything.
    may_have_arrived: bool,
    posts: u32,
    reads: u32,
    reads_in_window: u32,
}

/// What is known of all.
#[derive(Debug)]
pub struct Watch {
    tracks: Vec<Track>,
    pub window: Duration,
    pub max_tries: u32,
}

/// How often a record is read after a POST at most: thrice in the window, and while pauses double for a minute.
const READS: u32 = 14;

type Checked = Result<(), Violation>;

fn broken(rule: &'static str, message: String) -> Checked {
    Err(Violation { rule, message })
}

impl Watch {
    pub fn new(records: usize, window: Duration) -> Self {
        Self {
            tracks: vec![Track::default(); records],
            window,
            max_tries: 0,
        }
    }

    /// A new process begins.
    ///
    /// * `remembers`: whether it has the journal of those before.
    pub fn begin(&mut self, now: Time, max_tries: u32, remembers: bool) {
        self.max_tries = max_tries;
        for track in &mut self.tracks {
            let in_doubt = track.doubt.is_some() || track.open > 0 || track.is_closed;
            let in_doubt = in_doubt && !track.is_final && remembers;
            *track = Track {
                // When it ended the new run cannot know.
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

    pub fn post_answered(&mut self, record: usize, said: Said, now: Time) {
        let track = &mut self.tracks[record];
        track.open = track.open.saturating_sub(1);
        if said == Said::NotNow {
            return;
        }
        track.posts += 1;
        track.may_have_arrived = true;
        match said {
            Said::NotNow | Said::WholeNo => {}
            Said::No => track.is_refused = track.doubt.is_some(),
            Said::Closed | Said::Somehow => track.is_closed = true,
            Said::Unknown => {
                track.doubt = Some(now);
                track.is_approved = false;
                track.is_refused = false;
                track.reads_in_window = 0;
            }
        }
    }

    pub fn read_answered(&mut self, record: usize, sent: Time, shown: &Shown) -> Checked {
        let track = &mut self.tracks[record];
        if *shown == Shown::Throttled {
            return Ok(());
        }
        track.reads += 1;
        let most = READS * (self.max_tries + 1);
        if track.reads > most {
            return broken("reads", format!("it is read more than {most} times"));
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
            Shown::State(State::Approved) => {
                track.is_approved |= track.doubt.is_some_and(|end| sent >= end + self.window);
            }
            // Whatever is still under way can do nothing more.
            Shown::State(state) if state.is_final() => {
                track.doubt = None;
                track.is_final = true;
            }
            _ => {}
        }
        Ok(())
    }

    /// Whether an answer to a POST said that it is closed.
    pub fn is_called_closed(&self, record: usize) -> bool {
        self.tracks[record].is_closed
    }

    /// Whether a POST of it may have arrived.
    pub fn may_have_arrived(&self, record: usize) -> bool {
        let track = self.tracks[record];
        track.open > 0 || track.may_have_arrived
    }
}
