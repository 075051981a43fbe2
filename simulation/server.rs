//! The server: what it does with a request that reaches it.

use super::answers::{Answer, Done, Writer};
use super::books::{Closer, Entry, Invoice, State, Time};
use super::plan::Trouble;
use super::watch::Shown;
use super::world::{Effect, Kind, Open, World};

impl World {
    /// A request reaches the server: it is carried out, or not, and answered.
    pub fn arrive(&mut self, number: u64, time: Time) {
        let Some(open) = self.open.get_mut(&number) else {
            return;
        };
        let (kind, life, key) = (open.kind, open.life, open.key);
        let records = std::mem::take(&mut open.records);
        let answer = match kind {
            Kind::Read => self.carry_out_read(key, records[0].0, time),
            _ => self.carry_out_post((number, key), kind, life, &records, time),
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
        kind: Kind,
        life: u32,
        records: &[(usize, Invoice)],
        time: Time,
    ) -> Answer {
        let mut chance = self.chance(5, key);
        let count = records.len();
        if self.has(Trouble::Throttled, key) {
            return Answer::throttled(&mut chance, count, time, self.plan.most_wait);
        }
        if self.has(Trouble::Forbidden, key) {
            return Answer::forbidden(&mut chance, count);
        }
        let is_too_large = kind == Kind::Batch && count > self.plan.most_in_batch;
        if is_too_large || self.has(Trouble::Refused, key) {
            return Answer::refused_whole(&mut chance, kind, count, is_too_large);
        }
        let trouble = ANSWERS.into_iter().find(|trouble| self.has(*trouble, key));
        // What is answered so may not have been looked at.
        let is_ignored = trouble.is_some_and(|trouble| trouble != Trouble::Cut) && chance.hits(40);
        let done: Vec<_> = records
            .iter()
            .map(|(record, invoice)| match is_ignored {
                true => Done::Nothing,
                false => self.carry_out(number, life, *record, invoice, time),
            })
            .collect();
        let mut writer = Writer {
            world: self,
            key,
            chance,
        };
        match trouble {
            Some(trouble) => writer.in_trouble(trouble, kind, records, &done, time),
            None => writer.answer(kind, records, &done),
        }
    }

    /// What is done about one record of a request.
    fn carry_out(&mut self, number: u64, life: u32, record: usize, invoice: &Invoice, time: Time) -> Done {
        let key = self.key(record);
        let entry = &self.books[record];
        match entry.state() {
            State::Closed(with) => return Done::Already(with.clone()),
            State::Approved if !entry.is_stubborn => {}
            _ => return Done::Refused,
        }
        if self.has(Trouble::Locked, key) {
            return Done::Refused;
        }
        if self.has(Trouble::Partial, key) {
            return Done::Nothing;
        }
        let closer = Closer::Ours {
            life,
            request: number,
        };
        if self.has(Trouble::Late, key) {
            let mut chance = self.chance(6, key);
            let most = chance.pick([self.plan.window, self.plan.window * 3, Time::from_secs(300)]);
            let at = time + chance.time(Time::from_millis(10), most);
            self.trace.say(time, || {
                format!("      the server will close UR-{record} later, for #{number}")
            });
            self.at(at, Effect::Close(record, invoice.clone(), closer));
            return Done::Nothing;
        }
        self.close(record, invoice, closer, time);
        Done::Closed
    }

    fn carry_out_read(&mut self, key: u64, record: usize, time: Time) -> Answer {
        let mut chance = self.chance(7, key);
        if self.has(Trouble::Throttled, key) {
            return Answer::throttled(&mut chance, 0, time, self.plan.most_wait);
        }
        if self.has(Trouble::Forbidden, key) {
            return Answer::forbidden(&mut chance, 0);
        }
        let trouble = ANSWERS.into_iter().find(|trouble| self.has(*trouble, key));
        let age = match self.has(Trouble::Lag, key) {
            true => {
                let most = chance.pick([Time::from_secs(2), self.plan.window, Time::from_secs(100)]);
                let any = chance.time(Time::from_millis(10), most);
                self.plan.lag.unwrap_or(any)
            }
            false => Time::ZERO,
        };
        let mut state = self.books[record].state_at(time - age).clone();
        if self.is_halfway(record, &state, time - age) && self.has(Trouble::Halfway, key) {
            state = State::Closed(None);
        }
        let mut writer = Writer {
            world: self,
            key,
            chance,
        };
        writer.read(record, state, trouble, time)
    }

    /// Whether a read may show that a record is closed before it shows with which invoice: if this very process closed it a
    /// moment ago, and was not told that it is closed. Nobody else has a reason to look twice.
    fn is_halfway(&self, record: usize, state: &State, time: Time) -> bool {
        let entry = &self.books[record];
        let is_ours = matches!(entry.closer, Some(Closer::Ours { life, .. }) if self.is_alive(life))
            && !self.watch.is_called_closed(record);
        is_ours && matches!(state, State::Closed(Some(_))) && entry.state_at(time - HALFWAY) != state
    }

    /// Somebody else's record, for an answer that is about another one.
    pub fn stranger(&mut self, key: u64, records: &[(usize, Invoice)]) -> (String, State) {
        let mut chance = self.chance(8, key);
        let record = chance.below(self.books.len() as u64 * 2) as usize;
        match self.books.get(record) {
            Some(entry) if records.iter().all(|(ours, _)| *ours != record) => real(entry),
            _ => {
                let invoice = records.first().and_then(|(_, invoice)| invoice.clone());
                let closed = State::Closed(invoice);
                let states = [closed.clone(), closed, State::Approved, State::Invalid];
                (format!("UR-99{record}"), states[chance.below(4) as usize].clone())
            }
        }
    }

    /// Lets the answer to a request go.
    pub fn take(&mut self, number: u64) -> Option<Open> {
        self.open.remove(&number)
    }

    /// The answer to a request, at the time at which it is due.
    pub fn deliver(&mut self, number: u64) -> Option<Answer> {
        let open = self.take(number)?;
        let answer = open.answer?;
        let now = self.now();
        if let Some(process) = &mut self.process {
            process.in_flight -= 1;
        }
        self.trace
            .say(now, || format!("#{number:<4} the answer is there"));
        if open.kind == Kind::Read {
            let (record, shown) = (open.records[0].0, answer.read.clone().unwrap_or(Shown::Nothing));
            let checked = self.watch.read_answered(record, open.sent, &shown);
            self.check(checked, record);
        } else {
            for ((record, _), said) in open.records.iter().zip(&answer.said) {
                self.watch.post_answered(*record, *said, now);
            }
        }
        Some(answer)
    }
}

fn real(entry: &Entry) -> (String, State) {
    (entry.id.clone(), entry.state().clone())
}

/// For how long a read may show that a record is closed, and not with which invoice.
const HALFWAY: Time = Time::from_secs(20);

/// The troubles that an answer can be in, of which it is in one.
const ANSWERS: [Trouble; 7] = [
    Trouble::Caller,
    Trouble::Lost,
    Trouble::Busy,
    Trouble::Proxy,
    Trouble::Redirected,
    Trouble::Garbage,
    Trouble::Cut,
];
