//! The server: what it does with a request that arrives.

use super::ledger::{Closer, Entry, Invoice, State, Time};
use super::plan::Fault;
use super::request_invariants::ReadResult;
use super::responses::{Answer, Processed, Writer};
use super::world::{Event, InFlightRequest, RequestKind, World};

impl World {
    /// A request arrives: it is processed or not, and gets a response.
    pub fn arrive(&mut self, number: u64, time: Time) {
        let Some(open) = self.open.get_mut(&number) else {
            return;
        };
        let (kind, process, key) = (open.kind, open.process, open.key);
        let records = std::mem::take(&mut open.records);
        let answer = match kind {
            RequestKind::Read => self.carry_out_read(key, records[0].0, time),
            _ => self.carry_out_post((number, key), kind, process, &records, time),
        };
        self.trace
            .say(time, || format!("#{number:<4} {}", answer.shown()));
        if let Some(open) = self.open.get_mut(&number) {
            open.records = records;
            open.answer = Some(answer);
        }
    }

    fn carry_out_post(
        &mut self,
        (number, key): (u64, u64),
        kind: RequestKind,
        process: u32,
        records: &[(usize, Invoice)],
        time: Time,
    ) -> Answer {
        let mut random = self.random(5, key);
        let count = records.len();
        if self.has(Fault::Throttled, key) {
            return Answer::throttled(&mut random, count, time, self.plan.max_wait);
        }
        if self.has(Fault::Forbidden, key) {
            return Answer::forbidden(&mut random, count);
        }
        let is_too_large = kind == RequestKind::Batch && count > self.plan.max_in_batch;
        if is_too_large || self.has(Fault::Refused, key) {
            return Answer::refused_whole(&mut random, kind, count, is_too_large);
        }
        let fault = ANSWERS.into_iter().find(|fault| self.has(*fault, key));
        // A request with such a response may not have been processed.
        let is_ignored = fault.is_some_and(|fault| fault != Fault::Cut) && random.hits(40);
        let done: Vec<_> = records
            .iter()
            .map(|(record, invoice)| match is_ignored {
                true => Processed::NotYet,
                false => self.carry_out(number, process, *record, invoice, time),
            })
            .collect();
        let mut writer = Writer {
            world: self,
            key,
            random,
        };
        match fault {
            Some(fault) => writer.faulty(fault, kind, records, &done, time),
            None => writer.answer(kind, records, &done),
        }
    }

    /// Processes one record of a request.
    fn carry_out(
        &mut self,
        number: u64,
        process: u32,
        record: usize,
        invoice: &Invoice,
        time: Time,
    ) -> Processed {
        let key = self.key(record);
        let entry = &self.ledger[record];
        match entry.state() {
            State::Closed(with) => return Processed::AlreadyClosed(with.clone()),
            State::Approved if !entry.is_always_refused => {}
            _ => return Processed::Refused,
        }
        if self.has(Fault::Locked, key) {
            return Processed::Refused;
        }
        if self.has(Fault::Partial, key) {
            return Processed::NotYet;
        }
        let closer = Closer::Ours {
            process,
            request: number,
        };
        if self.has(Fault::Late, key) {
            let mut random = self.random(6, key);
            let max = random.pick([self.plan.window, self.plan.window * 3, Time::from_secs(300)]);
            let at = time + random.time(Time::from_millis(10), max);
            self.trace.say(time, || {
                format!("      the server will close {record} later, for #{number}")
            });
            self.at(at, Event::Close(record, invoice.clone(), closer));
            return Processed::NotYet;
        }
        self.close(record, invoice, closer, time);
        Processed::Closed
    }

    fn carry_out_read(&mut self, key: u64, record: usize, time: Time) -> Answer {
        let mut random = self.random(7, key);
        if self.has(Fault::Throttled, key) {
            return Answer::throttled(&mut random, 0, time, self.plan.max_wait);
        }
        if self.has(Fault::Forbidden, key) {
            return Answer::forbidden(&mut random, 0);
        }
        let fault = ANSWERS.into_iter().find(|fault| self.has(*fault, key));
        let age = match self.has(Fault::Lag, key) {
            true => {
                let max = random.pick([Time::from_secs(2), self.plan.window, Time::from_secs(100)]);
                let any = random.time(Time::from_millis(10), max);
                self.plan.lag.unwrap_or(any)
            }
            false => Time::ZERO,
        };
        let mut state = self.ledger[record].state_at(time - age).clone();
        if self.may_hide_invoice(record, &state, time - age) && self.has(Fault::InvoiceLag, key) {
            state = State::Closed(None);
        }
        let mut writer = Writer {
            world: self,
            key,
            random,
        };
        writer.read(record, state, fault, time)
    }

    /// Whether a read may show that a record is closed before it shows with which invoice: only if this process closed it a
    /// moment ago, and was not told so. Nobody else would read it twice.
    fn may_hide_invoice(&self, record: usize, state: &State, time: Time) -> bool {
        let entry = &self.ledger[record];
        let is_ours = matches!(entry.closer, Some(Closer::Ours { process, .. }) if self.is_alive(process))
            && !self.invariants.is_called_closed(record);
        self.plan.kind.shows_invoice()
            && is_ours
            && matches!(state, State::Closed(Some(_)))
            && entry.state_at(time - INVOICE_LAG) != state
    }

    /// Another record, for a response that is about the wrong one.
    pub fn other_record(&mut self, key: u64, records: &[(usize, Invoice)]) -> (String, State) {
        let mut random = self.random(8, key);
        let record = random.below(self.ledger.len() as u64 * 2) as usize;
        match self.ledger.get(record) {
            Some(entry) if records.iter().all(|(ours, _)| *ours != record) => real(entry),
            _ => {
                let invoice = records.first().and_then(|(_, invoice)| invoice.clone());
                let closed = State::Closed(invoice);
                let states = [closed.clone(), closed, State::Approved, State::Invalid];
                {
                    let kind = self.plan.kind;
                    let state = kind.state(states[random.below(4) as usize].clone());
                    (kind.id(9900 + record), state)
                }
            }
        }
    }

    /// Takes a request off the network.
    pub fn take(&mut self, number: u64) -> Option<InFlightRequest> {
        self.open.remove(&number)
    }

    /// The response to a request, at the time at which it is due.
    pub fn deliver(&mut self, number: u64) -> Option<Answer> {
        let open = self.take(number)?;
        let answer = open.answer?;
        let now = self.now();
        if let Some(process) = &mut self.process {
            process.in_flight -= 1;
        }
        self.trace
            .say(now, || format!("#{number:<4} the response arrives"));
        if open.kind == RequestKind::Read {
            let (record, shown) = (
                open.records[0].0,
                answer.read.clone().unwrap_or(ReadResult::Unreadable),
            );
            let checked = self.invariants.read_answered(record, open.sent, &shown);
            self.check(checked, record);
        } else {
            for ((record, _), said) in open.records.iter().zip(&answer.said) {
                self.invariants.post_answered(*record, *said, now);
            }
        }
        Some(answer)
    }
}

fn real(entry: &Entry) -> (String, State) {
    (entry.id.clone(), entry.state().clone())
}

/// How long a read may show that a record is closed without its invoice.
const INVOICE_LAG: Time = Time::from_secs(20);

/// The faults of a response, of which it has at most one.
const ANSWERS: [Fault; 7] = [
    Fault::Caller,
    Fault::Lost,
    Fault::Busy,
    Fault::Proxy,
    Fault::Redirected,
    Fault::Garbage,
    Fault::Cut,
];
