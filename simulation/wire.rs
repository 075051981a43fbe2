//! Requests on their way to the server and back.

use std::time::Duration;

use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::outcome::Outcome;
use cloudblue_connect_native::core::request::{Body, Request, Verb};
use serde_json::Value;
use tokio::time::Instant;

use super::answers::Answer;
use super::bodies::unreachable;
use super::books::{Invoice, shown};
use super::lives::Ends;
use super::plan::Trouble;
use super::process::place;
use super::watch::{Said, Shown};
use super::world::{Effect, Kind, Open, World};

/// How many requests a process may make.
const MOST_REQUESTS: u64 = 20_000;

/// A request that is under way.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    number: u64,
    /// When its answer is there.
    pub at: Instant,
}

impl World {
    pub fn is_alive(&self, process: u32) -> bool {
        self.process.as_ref().is_some_and(|alive| alive.number == process)
    }

    /// The record as the run is given it.
    pub fn record(&self, record: usize) -> Record {
        let entry = &self.books[record];
        let invoice = self.process.as_ref().map_or(0, |process| process.invoice);
        Record {
            id: entry.id.clone(),
            billing_id: entry.invoices[invoice].clone(),
            note: Some(format!("note {record}")).filter(|_| record.is_multiple_of(3)),
        }
    }

    /// Sends a request; none if nobody is alive to wait for its answer.
    pub fn send(&mut self, process: u32, request: &Request) -> Option<Ticket> {
        if !self.is_alive(process) {
            return None;
        }
        self.catch_up();
        let now = self.now();
        self.figures.requests += 1;
        let number = self.figures.requests;
        let Some((kind, records)) = self.read_request(request) else {
            self.breaks("request", format!("nobody can carry out {request:?}"));
            return None;
        };
        self.trace.say(now, || {
            let (verb, path) = (request.verb.as_str(), &request.path);
            format!("#{number:<4} {verb} {path} {}", described(kind, &records))
        });
        self.watch_sending(kind, &records);
        for (record, _) in &records {
            self.turns[*record] += 1;
        }
        let key = self.key(records[0].0).wrapping_add(kind as u64);
        let mut chance = self.chance(12, key);
        let mut open = Open {
            kind,
            life: process,
            sent: now,
            key,
            records,
            answer: None,
        };
        let mut at = now + chance.time(Duration::from_millis(3), Duration::from_millis(60));
        if let Some(failure) = self.does_not_leave(key) {
            self.trace
                .say(now, || format!("#{number:<4} does not leave: {failure}"));
            open.answer = Some(Answer {
                said: vec![Said::NotNow; open.records.len()],
                read: (kind == Kind::Read).then_some(Shown::Nothing),
                result: Err(failure),
            });
        } else {
            self.at(at, Effect::Arrive(number));
            at += chance.time(Duration::from_millis(3), Duration::from_millis(60));
            if self.has(Trouble::Slow, key) {
                let most = chance.pick([3, 20, 20, 150]);
                at += chance.time(Duration::from_millis(100), Duration::from_secs(most));
            }
        }
        self.open.insert(number, open);
        let alive = self.process.as_mut()?;
        alive.in_flight += 1;
        alive.requests += 1;
        let (in_flight, requests, ends) = (alive.in_flight, alive.requests, alive.ends);
        if in_flight > self.plan.concurrency {
            self.breaks("concurrency", format!("{in_flight} requests are under way"));
        }
        if requests > MOST_REQUESTS {
            self.breaks("requests", format!("{requests} requests, and no end"));
        }
        if ends == Ends::AtRequest(requests) && chance.hits(50) {
            self.kill();
        }
        let at = self.instant(at);
        self.process.as_ref().map(|_| Ticket { number, at })
    }

    /// What a request is answered.
    pub fn answered(&mut self, ticket: Ticket) -> Option<Result<Outcome, Failure>> {
        self.catch_up();
        let answer = self.deliver(ticket.number)?;
        let process = self.process.as_ref()?;
        if matches!(process.ends, Ends::AtRequest(request) if request <= process.requests) {
            self.kill();
            return None;
        }
        Some(answer.result)
    }

    fn does_not_leave(&mut self, key: u64) -> Option<Failure> {
        let mut chance = self.chance(13, key);
        if self.has(Trouble::Caller, key.wrapping_add(9)) && chance.hits(20) {
            return Some(Failure::input("a hook throws before the request"));
        }
        self.has(Trouble::Unreachable, key)
            .then(|| unreachable(&mut chance))
    }

    fn watch_sending(&mut self, kind: Kind, records: &[(usize, Invoice)]) {
        let now = self.now();
        if kind == Kind::Read {
            self.figures.reads += 1;
            return;
        }
        self.figures.posts += 1;
        for (record, invoice) in records {
            let checked = self.watch.post(*record, now);
            self.check(checked, *record);
            let ours = self.record(*record).billing_id;
            if *invoice != ours {
                let message = format!("UR-{record} is to be closed with {}", shown(invoice));
                self.breaks("invoice", message);
            }
        }
    }

    /// Notes that a rule about a record was broken.
    pub fn check(&mut self, checked: Result<(), super::watch::Violation>, record: usize) {
        if let Err(violation) = checked {
            self.breaks(violation.rule, format!("UR-{record}: {}", violation.message));
        }
    }

    /// Reads a request as a server does.
    fn read_request(&self, request: &Request) -> Option<(Kind, Vec<(usize, Invoice)>)> {
        let path = request.path.strip_prefix(&place().base)?.strip_prefix('/')?;
        let value: Option<Value> = match &request.body {
            Body::Json(text) => Some(serde_json::from_str(text).ok()?),
            _ => None,
        };
        match (request.verb, path.split_once('/'), value) {
            (Verb::Post, None, Some(Value::Array(items))) if path == "close-records" => {
                let records: Option<Vec<_>> = items.iter().map(|item| self.read_item(item, None)).collect();
                records
                    .filter(|records| !records.is_empty())
                    .map(|records| (Kind::Batch, records))
            }
            (Verb::Post, Some((id, "close")), Some(item @ Value::Object(_))) => {
                Some((Kind::Single, vec![self.read_item(&item, Some(id))?]))
            }
            (Verb::Get, None, None) => Some((Kind::Read, vec![(self.find(path)?, None)])),
            _ => None,
        }
    }

    fn read_item(&self, item: &Value, id: Option<&str>) -> Option<(usize, Invoice)> {
        let id = id.or_else(|| item.get("id")?.as_str())?;
        let invoice = match item.get("external_billing_id") {
            None | Some(Value::Null) => None,
            Some(invoice) => Some(invoice.as_str()?.into()),
        };
        Some((self.find(id)?, invoice))
    }

    fn find(&self, id: &str) -> Option<usize> {
        let record: usize = id.strip_prefix("UR-")?.parse().ok()?;
        (self.books.get(record)?.id == id).then_some(record)
    }
}

/// The records of a request, for the trace.
fn described(kind: Kind, records: &[(usize, Invoice)]) -> String {
    let each = records
        .iter()
        .map(|(record, invoice)| format!("UR-{record}: {}", shown(invoice)));
    match kind {
        Kind::Read => String::new(),
        _ => each.collect::<Vec<_>>().join(", "),
    }
}
