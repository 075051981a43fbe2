//! Requests on their way to the server and back.

use std::time::Duration;

use cloudblue_connect_native::core::api::request::{Body, Request, Verb};
use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::http::response::RawResponse;
use serde_json::Value;
use tokio::time::Instant;

use super::kind::Kind;
use super::ledger::{Invoice, shown};
use super::payloads::unreachable;
use super::plan::Fault;
use super::process_plan::ProcessEnd;
use super::random::Random;
use super::request_invariants::{PostResult, ReadResult};
use super::responses::Answer;
use super::world::{Event, InFlightRequest, RequestKind, World};

/// How many requests a process may make.
const MAX_REQUESTS: u64 = 20_000;

/// A request in flight.
#[derive(Debug, Clone, Copy)]
pub struct RequestHandle {
    number: u64,
    /// When its response arrives.
    pub at: Instant,
}

impl World {
    pub fn is_alive(&self, process: u32) -> bool {
        self.process.as_ref().is_some_and(|alive| alive.number == process)
    }

    /// The record as the run gets it.
    pub fn record(&self, record: usize) -> Record {
        let entry = &self.ledger[record];
        let process = self.process.as_ref();
        let (process, invoice) = process.map_or((0, 0), |process| (process.number, process.invoice));
        Record {
            id: entry.id.clone(),
            billing_id: entry.invoices[invoice].as_deref().map(Into::into),
            note: record.is_multiple_of(3).then(|| format!("note {record}").into()),
            is_outdated: self.is_told_outdated(process, record),
        }
    }

    /// Whether a process is told that a record is outdated: by a list, but not by a file of ids.
    pub fn is_told_outdated(&self, process: u32, record: usize) -> bool {
        let key = u64::from(process) * 1000 + record as u64;
        self.ledger[record].is_outdated && self.random(15, key).hits(50)
    }

    /// Sends a request; `None` if no process is alive to wait for its response.
    pub fn send(&mut self, process: u32, request: &Request) -> Option<RequestHandle> {
        if !self.is_alive(process) {
            return None;
        }
        self.catch_up();
        let now = self.now();
        self.statistics.requests += 1;
        let number = self.statistics.requests;
        let Some((kind, records)) = self.read_request(request) else {
            self.report_violation("request", format!("the server has no such endpoint: {request:?}"));
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
        let mut random = self.random(12, key);
        let mut open = InFlightRequest {
            kind,
            process,
            sent: now,
            key,
            records,
            answer: None,
        };
        let mut at = now + random.time(Duration::from_millis(3), Duration::from_millis(60));
        if let Some(failure) = self.does_not_leave(key) {
            self.trace
                .say(now, || format!("#{number:<4} is not sent: {failure}"));
            open.answer = Some(Answer {
                said: vec![PostResult::NotProcessed; open.records.len()],
                read: (kind == RequestKind::Read).then_some(ReadResult::Unreadable),
                result: Err(failure),
                is_key_refused: false,
            });
        } else {
            self.at(at, Event::Arrive(number));
            at += random.time(Duration::from_millis(3), Duration::from_millis(60));
            if self.has(Fault::Slow, key) {
                let max = random.pick([3, 20, 20, 150]);
                at += random.time(Duration::from_millis(100), Duration::from_secs(max));
            }
        }
        self.open.insert(number, open);
        self.count_request(&mut random);
        let at = self.instant(at);
        self.process.as_ref().map(|_| RequestHandle { number, at })
    }

    /// Counts a request of the process, which may crash at it.
    fn count_request(&mut self, random: &mut Random) {
        let Some(alive) = self.process.as_mut() else {
            return;
        };
        // Those that were being prepared already, one each of what runs at once, may still be sent.
        let without_key = alive.requests_without_key.as_mut().map_or(0, |requests| {
            *requests += 1;
            *requests
        });
        alive.in_flight += 1;
        alive.requests += 1;
        let (in_flight, requests, ends) = (alive.in_flight, alive.requests, alive.ends);
        if without_key > self.plan.concurrency {
            let message = format!("{without_key} requests are sent although the API key was refused");
            self.report_violation("key", message);
        }
        if in_flight > self.plan.concurrency {
            self.report_violation("concurrency", format!("{in_flight} requests are in flight"));
        }
        if requests > MAX_REQUESTS {
            self.report_violation("requests", format!("{requests} requests, and no end"));
        }
        if ends == ProcessEnd::CrashAtRequest(requests) && random.hits(50) {
            self.kill();
        }
    }

    /// The response to a request, when it is due.
    pub fn answered(&mut self, handle: RequestHandle) -> Option<Result<RawResponse, Failure>> {
        self.catch_up();
        let answer = self.deliver(handle.number)?;
        let process = self.process.as_mut()?;
        if answer.is_key_refused {
            process.requests_without_key.get_or_insert(0);
        }
        if matches!(process.ends, ProcessEnd::CrashAtRequest(request) if request <= process.requests) {
            self.kill();
            return None;
        }
        Some(answer.result)
    }

    fn does_not_leave(&mut self, key: u64) -> Option<Failure> {
        let mut random = self.random(13, key);
        if self.has(Fault::Caller, key.wrapping_add(9)) && random.hits(20) {
            return Some(Failure::input("a hook throws before the request"));
        }
        self.has(Fault::Unreachable, key)
            .then(|| unreachable(&mut random))
    }

    fn watch_sending(&mut self, kind: RequestKind, records: &[(usize, Invoice)]) {
        let now = self.now();
        if kind == RequestKind::Read {
            self.statistics.reads += 1;
            return;
        }
        self.statistics.posts += 1;
        for (record, invoice) in records {
            let checked = self.invariants.post(*record, now);
            self.check(checked, *record);
            let ours = self.record(*record);
            if ours.is_outdated {
                self.report_violation(
                    "outdated",
                    format!("{record} is sent, and the run knows that it is outdated"),
                );
            }
            if invoice.as_deref() != ours.billing_id.as_deref() {
                let message = format!("{record} is to be closed with {}", shown(invoice));
                self.report_violation("invoice", message);
            }
        }
    }

    /// Reports a violation, with the record that it is about.
    pub fn check(&mut self, checked: Result<(), super::request_invariants::Violation>, record: usize) {
        if let Err(violation) = checked {
            self.report_violation(violation.invariant, format!("{record}: {}", violation.message));
        }
    }

    /// Parses a request as a server does.
    fn read_request(&self, request: &Request) -> Option<(RequestKind, Vec<(usize, Invoice)>)> {
        let path = request
            .path
            .strip_prefix(&self.plan.kind.target().base_path)?
            .strip_prefix('/')?;
        let value: Option<Value> = match &request.body {
            Body::Json(text) => Some(serde_json::from_str(text).ok()?),
            _ => None,
        };
        match (request.verb, path.split_once('/'), value) {
            (Verb::Post, None, Some(Value::Array(items)))
                if path == "close-records" && self.plan.kind == Kind::Records =>
            {
                let records: Option<Vec<_>> = items.iter().map(|item| self.read_item(item, None)).collect();
                records
                    .filter(|records| !records.is_empty())
                    .map(|records| (RequestKind::Batch, records))
            }
            (Verb::Post, Some((id, "close")), Some(item @ Value::Object(_))) => {
                Some((RequestKind::Single, vec![self.read_item(&item, Some(id))?]))
            }
            (Verb::Get, None, None) => Some((RequestKind::Read, vec![(self.find(path)?, None)])),
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
        let record = self.plan.kind.number(id)?;
        (self.ledger.get(record)?.id == id).then_some(record)
    }
}

/// The records of a request, for the trace.
fn described(kind: RequestKind, records: &[(usize, Invoice)]) -> String {
    let each = records
        .iter()
        .map(|(record, invoice)| format!("{record}: {}", shown(invoice)));
    match kind {
        RequestKind::Read => String::new(),
        _ => each.collect::<Vec<_>>().join(", "),
    }
}
