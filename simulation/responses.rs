//! The server's responses, and what their receiver may conclude from them.

use std::time::Duration;

use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::http::response::RawResponse;

use super::ledger::{Invoice, State, Time};
use super::payloads::{error_body, html_page, refusal_item, retry_after, silent_item};
use super::plan::Fault;
use super::random::Random;
use super::request_invariants::{PostResult, ReadResult};
use super::world::{RequestKind, World};

/// What the server did with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Processed {
    /// This request closed it.
    Closed,
    /// It was closed before.
    AlreadyClosed(Invoice),
    /// It cannot be closed.
    Refused,
    /// Nothing yet, perhaps never.
    NotYet,
}

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub result: Result<RawResponse, Failure>,
    /// What it says of each record of a POST.
    pub said: Vec<PostResult>,
    /// What it says of the record of a GET.
    pub read: Option<ReadResult>,
    /// Whether it says that the API key has no right.
    pub is_key_refused: bool,
}

impl Answer {
    pub fn post(result: Result<RawResponse, Failure>, said: Vec<PostResult>) -> Self {
        Self {
            result,
            said,
            read: None,
            is_key_refused: false,
        }
    }

    fn to_read(result: Result<RawResponse, Failure>, read: ReadResult) -> Self {
        Self {
            result,
            said: Vec::new(),
            read: Some(read),
            is_key_refused: false,
        }
    }

    /// For the trace.
    pub fn shown(&self) -> String {
        match &self.result {
            Ok(response) => {
                let body = response.text().chars().take(300).collect::<String>();
                let redirected = if response.redirected { " (redirected)" } else { "" };
                let wait = response
                    .retry_after()
                    .map_or(String::new(), |wait| format!(" Retry-After: {wait}"));
                format!("will get {}{redirected}{wait} {body}", response.status)
            }
            Err(failure) => format!("will fail: {failure}"),
        }
    }

    /// The request is throttled, and nothing is done.
    pub fn throttled(random: &mut Random, records: usize, now: Time, max: Duration) -> Self {
        let response =
            RawResponse::plain(429, html_page(429).into()).with_retry_after(retry_after(random, now, max));
        let said = vec![PostResult::NotProcessed; records];
        match records {
            0 => Self::to_read(Ok(response), ReadResult::Throttled),
            _ => Self::post(Ok(response), said),
        }
    }

    pub fn forbidden(random: &mut Random, records: usize) -> Self {
        let status = random.pick([401, 403]);
        let response = RawResponse::plain(status, error_body("AUTH_001", "no right", false).into());
        let answer = match records {
            0 => Self::to_read(Ok(response), ReadResult::Throttled),
            _ => Self::post(Ok(response), vec![PostResult::NotProcessed; records]),
        };
        Self {
            is_key_refused: true,
            ..answer
        }
    }

    /// The request is rejected as a whole, and nothing is done.
    pub fn refused_whole(random: &mut Random, kind: RequestKind, records: usize, is_too_large: bool) -> Self {
        let status = match is_too_large {
            true => 413,
            false => random.pick([400, 400, 404, 405, 409, 413, 414, 422]),
        };
        let body = match status {
            404 => error_body("REQ_404", "not found", false),
            _ if random.hits(50) => html_page(status),
            _ => error_body("VAL_001", "it is not valid", false),
        };
        let said = match kind {
            RequestKind::Batch => PostResult::BatchRefused,
            _ => PostResult::Refused,
        };
        Self::post(Ok(RawResponse::plain(status, body.into())), vec![said; records])
    }
}

/// Writes a response.
pub struct Writer<'a> {
    pub world: &'a mut World,
    pub key: u64,
    pub random: Random,
}

impl Writer<'_> {
    /// The API's own response to a POST.
    pub fn answer(&mut self, kind: RequestKind, records: &[(usize, Invoice)], done: &[Processed]) -> Answer {
        if kind == RequestKind::Single {
            return self.answer_single(records, &done[0]);
        }
        let mut items = Vec::new();
        let mut said = Vec::new();
        for ((record, invoice), done) in records.iter().zip(done) {
            let id = self.world.plan.kind.id(*record);
            let key = self.world.key(*record);
            if self.world.has(Fault::OtherRecord, key) {
                let (id, state) = self.world.other_record(key, records);
                items.push(self.body(&id, &state));
                said.push(PostResult::Indeterminate);
                continue;
            }
            let (item, mut says) = self.item(&id, invoice, done, key);
            let is_doubled = item.is_some() && self.world.has(Fault::Doubled, key);
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
        if self.world.has(Fault::Shuffled, self.key) {
            self.random.shuffle(&mut items);
        }
        let status = self.random.pick([206, 206, 206, 200, 202, 207]);
        let body = format!("[{}]", items.join(","));
        Answer::post(Ok(RawResponse::plain(status, body.into())), said)
    }

    /// A record as the API shows it.
    fn body(&self, id: &str, state: &State) -> String {
        let kind = self.world.plan.kind;
        let entry = kind.number(id).and_then(|record| self.world.ledger.get(record));
        kind.body(id, state, entry.is_some_and(|entry| entry.is_outdated))
    }

    fn answer_single(&mut self, records: &[(usize, Invoice)], done: &Processed) -> Answer {
        let (record, invoice) = &records[0];
        if self.world.has(Fault::OtherRecord, self.key) {
            let (id, state) = self.world.other_record(self.key, records);
            let body = self.body(&id, &state);
            return Answer::post(
                Ok(RawResponse::plain(200, body.into())),
                vec![PostResult::Indeterminate],
            );
        }
        let (item, said) = self.item(&self.world.plan.kind.id(*record), invoice, done, self.key);
        let (status, body) = match said {
            PostResult::Refused if self.world.ledger[*record].state() == &State::Missing => {
                (404, error_body("REQ_404", "not found", false))
            }
            PostResult::Refused => (
                self.random.pick([400, 409, 422]),
                error_body("VAL_002", "it cannot be closed", false),
            ),
            PostResult::ClosedUnverified
                if matches!(done, Processed::AlreadyClosed(_)) && self.random.hits(40) =>
            {
                (409, error_body("VAL_003", "it is closed", true))
            }
            _ => (self.random.pick([200, 200, 202]), item.unwrap_or_default()),
        };
        Answer::post(Ok(RawResponse::plain(status, body.into())), vec![said])
    }

    /// The item about a record, and what it says; `None` if the response does not mention it.
    fn item(
        &mut self,
        id: &str,
        invoice: &Invoice,
        done: &Processed,
        key: u64,
    ) -> (Option<String>, PostResult) {
        if *done == Processed::NotYet || self.world.has(Fault::Silent, key) {
            return (
                silent_item(&mut self.random, id, invoice),
                PostResult::Indeterminate,
            );
        }
        if *done == Processed::Closed && self.world.has(Fault::Contradictory, key) {
            return (
                Some(refusal_item(&mut self.random, id, "closed")),
                PostResult::ClosedUnverified,
            );
        }
        match done {
            Processed::Refused => (
                Some(refusal_item(&mut self.random, id, "approved")),
                PostResult::Refused,
            ),
            Processed::Closed => match self.random.below(3) {
                0 => (
                    Some(self.body(id, &State::Closed(invoice.clone()))),
                    PostResult::Closed,
                ),
                1 => {
                    let item =
                        format!(r#"{{"id":"{id}","status":"closed","error_codes":null,"error_details":""}}"#);
                    (Some(item), PostResult::Closed)
                }
                _ => (
                    Some(format!(r#"{{"id":"{id}","status":"closed"}}"#)),
                    PostResult::Closed,
                ),
            },
            Processed::AlreadyClosed(with) => self.already(id, invoice, with),
            Processed::NotYet => (None, PostResult::Indeterminate),
        }
    }

    /// The response to the close of a closed record: a refusal, or the record as it is.
    fn already(&mut self, id: &str, invoice: &Invoice, with: &Invoice) -> (Option<String>, PostResult) {
        match self.random.below(4) {
            0 => (
                Some(refusal_item(&mut self.random, id, "closed")),
                PostResult::ClosedUnverified,
            ),
            1 if with == invoice => {
                let item = match self.random.hits(50) {
                    true => self.body(id, &State::Closed(with.clone())),
                    false => format!(r#"{{"id":"{id}","status":"closed"}}"#),
                };
                (Some(item), PostResult::Closed)
            }
            1 if with.is_some() && self.world.plan.kind.shows_invoice() => (
                Some(self.body(id, &State::Closed(with.clone()))),
                PostResult::ClosedUnverified,
            ),
            _ => (Some(refusal_item(&mut self.random, id, "")), PostResult::Refused),
        }
    }

    /// What a read says of whether it can be sent: one that is outdated cannot.
    fn understood(&self, record: usize, state: State) -> State {
        match state {
            State::Approved if self.world.ledger[record].is_outdated => State::Valid,
            state => state,
        }
    }

    /// The response to a GET.
    pub fn read(&mut self, record: usize, state: State, fault: Option<Fault>, now: Time) -> Answer {
        let id = self.world.plan.kind.id(record);
        if self.world.has(Fault::OtherRecord, self.key) {
            let (id, state) = self.world.other_record(self.key, &[(record, None)]);
            let body = self.body(&id, &state);
            return Answer::to_read(Ok(RawResponse::plain(200, body.into())), ReadResult::Unreadable);
        }
        let real = match &state {
            State::Missing => RawResponse::plain(404, error_body("REQ_404", "not found", false).into()),
            _ if self.world.has(Fault::Silent, self.key) => {
                let body = silent_item(&mut self.random, &id, &None).unwrap_or_default();
                return Answer::to_read(Ok(RawResponse::plain(200, body.into())), ReadResult::Unreadable);
            }
            state => RawResponse::plain(200, self.body(&id, state).into()),
        };
        match fault {
            None => Answer::to_read(Ok(real), ReadResult::State(self.understood(record, state))),
            Some(Fault::Redirected) => match self.redirected(Ok(real)) {
                Ok(response) if response.status == 200 && response.body.starts_with(b"{") => {
                    Answer::to_read(Ok(response), ReadResult::State(self.understood(record, state)))
                }
                result => Answer::to_read(result, ReadResult::Unreadable),
            },
            Some(Fault::Cut) if state != State::Missing => {
                Answer::to_read(self.cut(Ok(real)), ReadResult::Unreadable)
            }
            Some(Fault::Cut) => Answer::to_read(Ok(real), ReadResult::Unreadable),
            Some(fault) => {
                let result = self.broken(fault, RequestKind::Read, now);
                let is_busy = result.as_ref().is_ok_and(|response| response.status == 503);
                let shown = if is_busy {
                    ReadResult::Throttled
                } else {
                    ReadResult::Unreadable
                };
                Answer::to_read(result, shown)
            }
        }
    }
}
