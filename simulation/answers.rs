//! What the server answers, and what whoever gets it may conclude from it.

use std::time::Duration;

use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::outcome::Outcome;

use super::bodies::{as_it_is, error, page, refusal, silent, wish_to_wait};
use super::books::{Invoice, State, Time};
use super::chance::Chance;
use super::plan::Trouble;
use super::watch::{Said, Shown};
use super::world::{Kind, World};

/// What was done about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// This request closed it.
    Closed,
    /// It was closed before.
    Already(Invoice),
    /// It cannot be closed.
    Refused,
    /// Nothing so far, and perhaps nothing ever.
    Nothing,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub result: Result<Outcome, Failure>,
    /// What it says of each record of a POST.
    pub said: Vec<Said>,
    /// What it says of the record of a GET.
    pub read: Option<Shown>,
}

impl Answer {
    pub fn post(result: Result<Outcome, Failure>, said: Vec<Said>) -> Self {
        Self {
            result,
            said,
            read: None,
        }
    }

    fn to_read(result: Result<Outcome, Failure>, read: Shown) -> Self {
        Self {
            result,
            said: Vec::new(),
            read: Some(read),
        }
    }

    /// For the trace.
    pub fn shown(&self) -> String {
        match &self.result {
            Ok(outcome) => {
                let body = outcome.text().chars().take(300).collect::<String>();
                let redirected = if outcome.redirected { " (redirected)" } else { "" };
                let wait = outcome
                    .retry_after()
                    .map_or(String::new(), |wait| format!(" Retry-After: {wait}"));
                format!("is to be answered: {}{redirected}{wait} {body}", outcome.status)
            }
            Err(failure) => format!("is to fail: {failure}"),
        }
    }

    /// Nothing is done; the server asks for patience.
    pub fn throttled(chance: &mut Chance, records: usize, now: Time, most: Duration) -> Self {
        let outcome = Outcome::plain(429, page(429).into()).asking_to_wait(wish_to_wait(chance, now, most));
        let said = vec![Said::NotNow; records];
        match records {
            0 => Self::to_read(Ok(outcome), Shown::Throttled),
            _ => Self::post(Ok(outcome), said),
        }
    }

    pub fn forbidden(chance: &mut Chance, records: usize) -> Self {
        let status = chance.pick([401, 403]);
        let outcome = Outcome::plain(status, error("AUTH_001", "no right", false).into());
        match records {
            0 => Self::to_read(Ok(outcome), Shown::Throttled),
            _ => Self::post(Ok(outcome), vec![Said::NotNow; records]),
        }
    }

    /// A request is refused as a whole: nothing was done.
    pub fn refused_whole(chance: &mut Chance, kind: Kind, records: usize, is_too_large: bool) -> Self {
        let status = match is_too_large {
            true => 413,
            false => chance.pick([400, 400, 404, 405, 409, 413, 414, 422]),
        };
        let body = match status {
            404 => error("REQ_404", "not found", false),
            _ if chance.hits(50) => page(status),
            _ => error("VAL_001", "it is not valid", false),
        };
        let said = match kind {
            Kind::Batch => Said::WholeNo,
            _ => Said::No,
        };
        Self::post(Ok(Outcome::plain(status, body.into())), vec![said; records])
    }
}

/// Who writes an answer.
pub struct Writer<'a> {
    pub world: &'a mut World,
    pub key: u64,
    pub chance: Chance,
}

impl Writer<'_> {
    /// An answer of the API itself to a POST.
    pub fn answer(&mut self, kind: Kind, records: &[(usize, Invoice)], done: &[Done]) -> Answer {
        if kind == Kind::Single {
            return self.answer_single(records, &done[0]);
        }
        let mut items = Vec::new();
        let mut said = Vec::new();
        for ((record, invoice), done) in records.iter().zip(done) {
            let id = format!("UR-{record}");
            let key = self.world.key(*record);
            if self.world.has(Trouble::Stranger, key) {
                let (id, state) = self.world.stranger(key, records);
                items.push(as_it_is(&id, &state));
                said.push(Said::Unknown);
                continue;
            }
            let (item, mut says) = self.item(&id, invoice, done, key);
            let is_doubled = item.is_some() && self.world.has(Trouble::Doubled, key);
            items.extend(item);
            if is_doubled {
                let (again, says_again) = self.item(&id, invoice, done, key.wrapping_add(1));
                if again.is_some() {
                    says = says.and(says_again);
                }
                items.extend(again);
            }
            said.push(says);
        }
        if self.world.has(Trouble::Shuffled, self.key) {
            self.chance.shuffle(&mut items);
        }
        let status = self.chance.pick([206, 206, 206, 200, 202, 207]);
        let body = format!("[{}]", items.join(","));
        Answer::post(Ok(Outcome::plain(status, body.into())), said)
    }

    fn answer_single(&mut self, records: &[(usize, Invoice)], done: &Done) -> Answer {
        let (record, invoice) = &records[0];
        if self.world.has(Trouble::Stranger, self.key) {
            let (id, state) = self.world.stranger(self.key, records);
            let body = as_it_is(&id, &state);
            return Answer::post(Ok(Outcome::plain(200, body.into())), vec![Said::Unknown]);
        }
        let (item, said) = self.item(&format!("UR-{record}"), invoice, done, self.key);
        let (status, body) = match said {
            Said::No if self.world.books[*record].state() == &State::Missing => {
                (404, error("REQ_404", "not found", false))
            }
            Said::No => (
                self.chance.pick([400, 409, 422]),
                error("VAL_002", "it cannot be closed", false),
            ),
            Said::Somehow if matches!(done, Done::Already(_)) && self.chance.hits(40) => {
                (409, error("VAL_003", "it is closed", true))
            }
            _ => (self.chance.pick([200, 200, 202]), item.unwrap_or_default()),
        };
        Answer::post(Ok(Outcome::plain(status, body.into())), vec![said])
    }

    /// The item of a record, and what it says; none where the answer passes it over.
    fn item(&mut self, id: &str, invoice: &Invoice, done: &Done, key: u64) -> (Option<String>, Said) {
        if *done == Done::Nothing || self.world.has(Trouble::Silent, key) {
            return (silent(&mut self.chance, id, invoice), Said::Unknown);
        }
        if *done == Done::Closed && self.world.has(Trouble::Muddled, key) {
            return (Some(refusal(&mut self.chance, id, "closed")), Said::Somehow);
        }
        match done {
            Done::Refused => (Some(refusal(&mut self.chance, id, "approved")), Said::No),
            Done::Closed => match self.chance.below(3) {
                0 => (Some(as_it_is(id, &State::Closed(invoice.clone()))), Said::Closed),
                1 => {
                    let item =
                        format!(r#"{{"id":"{id}","status":"closed","error_codes":null,"error_details":""}}"#);
                    (Some(item), Said::Closed)
                }
                _ => (
                    Some(format!(r#"{{"id":"{id}","status":"closed"}}"#)),
                    Said::Closed,
                ),
            },
            Done::Already(with) => self.already(id, invoice, with),
            Done::Nothing => (None, Said::Unknown),
        }
    }

    /// A second close of what is closed: a refusal, or the record as it is.
    fn already(&mut self, id: &str, invoice: &Invoice, with: &Invoice) -> (Option<String>, Said) {
        match self.chance.below(4) {
            0 => (Some(refusal(&mut self.chance, id, "closed")), Said::Somehow),
            1 if with == invoice => {
                let item = match self.chance.hits(50) {
                    true => as_it_is(id, &State::Closed(with.clone())),
                    false => format!(r#"{{"id":"{id}","status":"closed"}}"#),
                };
                (Some(item), Said::Closed)
            }
            1 if with.is_some() => (Some(as_it_is(id, &State::Closed(with.clone()))), Said::Somehow),
            _ => (Some(refusal(&mut self.chance, id, "")), Said::No),
        }
    }

    /// The answer to a GET.
    pub fn read(&mut self, record: usize, state: State, trouble: Option<Trouble>, now: Time) -> Answer {
        let id = format!("UR-{record}");
        if self.world.has(Trouble::Stranger, self.key) {
            let (id, state) = self.world.stranger(self.key, &[(record, None)]);
            let body = as_it_is(&id, &state);
            return Answer::to_read(Ok(Outcome::plain(200, body.into())), Shown::Nothing);
        }
        let real = match &state {
            State::Missing => Outcome::plain(404, error("REQ_404", "not found", false).into()),
            _ if self.world.has(Trouble::Silent, self.key) => {
                let body = silent(&mut self.chance, &id, &None).unwrap_or_default();
                return Answer::to_read(Ok(Outcome::plain(200, body.into())), Shown::Nothing);
            }
            state => Outcome::plain(200, as_it_is(&id, state).into()),
        };
        match trouble {
            None => Answer::to_read(Ok(real), Shown::State(state)),
            Some(Trouble::Redirected) => match self.redirected(Ok(real)) {
                Ok(outcome) if outcome.status == 200 && outcome.body.starts_with(b"{") => {
                    Answer::to_read(Ok(outcome), Shown::State(state))
                }
                result => Answer::to_read(result, Shown::Nothing),
            },
            Some(Trouble::Cut) if state != State::Missing => {
                Answer::to_read(self.cut(Ok(real)), Shown::Nothing)
            }
            Some(Trouble::Cut) => Answer::to_read(Ok(real), Shown::Nothing),
            Some(trouble) => {
                let result = self.broken(trouble, Kind::Read, now);
                let is_busy = result.as_ref().is_ok_and(|outcome| outcome.status == 503);
                let shown = if is_busy { Shown::Throttled } else { Shown::Nothing };
                Answer::to_read(result, shown)
            }
        }
    }
}
