//! Invariants of a report: what it says must agree with the ledger and the journal.

use std::collections::BTreeMap;

use cloudblue_connect_native::core::bulk::dedup::HashSeed;
use cloudblue_connect_native::core::bulk::journal::memory::Disk;
use cloudblue_connect_native::core::bulk::journal::{Journal, PreviousResult, ReplayedState};
use cloudblue_connect_native::core::bulk::report::{Report, StopReason};

use super::kind::Kind;
use super::ledger::{Closer, Invoice, State};
use super::plan::Fault;
use super::process_plan::ProcessPlan;
use super::world::World;

/// A run that has ended.
pub struct FinishedRun<'a> {
    pub number: u32,
    pub process_plan: &'a ProcessPlan,
    pub given: &'a [usize],
    pub report: &'a Report,
    pub stopped: Option<&'a StopReason>,
    /// How many requests it sent.
    pub requests: u64,
    /// What the journal says afterwards.
    pub replayed: Option<ReplayedState>,
}

/// How a report lists a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportedAs {
    Failed,
    Conflict,
    Unknown,
}

/// Replays a journal as the next run would.
pub async fn replay(disk: &Disk, kind: Kind, seed: u64) -> Result<ReplayedState, String> {
    let storage = Disk::new(disk.bytes())
        .open()
        .map_err(|error| error.to_string())?;
    let started = Journal::start(storage, &kind.target().to_string(), HashSeed(seed, 2)).await;
    started
        .map(|(_, replayed)| replayed)
        .map_err(|failure| failure.message)
}

impl FinishedRun<'_> {
    /// Checks all invariants.
    pub fn check(mut self, world: &mut World) {
        if let Err((invariant, message)) = self.checked(world) {
            let number = self.number;
            world.report_violation(invariant, format!("run {number}: {message}"));
        }
    }

    fn checked(&mut self, world: &mut World) -> Result<(), (&'static str, String)> {
        let named = self.named(world)?;
        self.check_failed(world)?;
        self.check_conflicts(world)?;
        self.check_counts(world, &named)?;
        self.check_journal(world, &named)?;
        if world.is_fault_free {
            self.check_end(world, &named)?;
        }
        Ok(())
    }

    fn invoice(&self, world: &World, record: usize) -> Invoice {
        world.ledger[record].invoices[usize::from(self.process_plan.is_other_invoice)].clone()
    }

    fn is_closed_by_right(&self, world: &World, record: usize) -> bool {
        *world.ledger[record].state() == State::Closed(self.invoice(world, record))
    }

    /// Whether the report must count each record that was handed over. A run that ends early does so only if it was told that
    /// all records are known.
    fn is_all_counted(&self) -> bool {
        self.stopped.is_none() || self.process_plan.source.is_list
    }

    /// The records that the report lists.
    fn named(&self, world: &World) -> Result<BTreeMap<usize, ReportedAs>, (&'static str, String)> {
        let report = self.report;
        let failed = report.failed.iter().map(|one| (&one.id, ReportedAs::Failed));
        let conflicts = report.conflicts.iter().map(|one| (&one.id, ReportedAs::Conflict));
        let unknown = report.unknown.iter().map(|one| (&one.id, ReportedAs::Unknown));
        let mut named = BTreeMap::new();
        for (id, what) in failed.chain(conflicts).chain(unknown) {
            let record = self.given.iter().find(|record| world.ledger[**record].id == *id);
            let Some(record) = record else {
                return Err(("parts", format!("{id} is {what:?}, and was not given")));
            };
            if let Some(earlier) = named.insert(*record, what) {
                return Err(("parts", format!("{id} is {earlier:?} and {what:?}")));
            }
        }
        Ok(named)
    }

    /// A failed record was not closed by us.
    fn check_failed(&self, world: &mut World) -> Result<(), (&'static str, String)> {
        let remembers = world.plan.has_journal;
        for refused in &self.report.failed {
            let Some(entry) = world.ledger.iter_mut().find(|entry| entry.id == refused.id) else {
                continue;
            };
            entry.failed_in = Some(self.number);
            if let Some(Closer::Ours { process, request }) = entry.closer
                && (remembers || process == self.number)
            {
                let message = format!(
                    "{} is failed, and #{request} of run {process} closed it",
                    entry.id
                );
                return Err(("failed", message));
            }
        }
        Ok(())
    }

    /// A conflicting record is closed with the other invoice that the report names. There is none if no read shows an invoice.
    fn check_conflicts(&self, world: &World) -> Result<(), (&'static str, String)> {
        for conflict in &self.report.conflicts {
            let record = self
                .given
                .iter()
                .find(|record| world.ledger[**record].id == conflict.id);
            let Some(record) = record else { continue };
            let state = world.ledger[*record].state();
            let is_named = *state == State::Closed(conflict.billing_id.clone());
            if !is_named || self.is_closed_by_right(world, *record) || !world.plan.kind.shows_invoice() {
                let id = &conflict.id;
                let message = format!(
                    "{id} is a conflict with {:?}, and is {state}",
                    conflict.billing_id
                );
                return Err(("conflict", message));
            }
        }
        Ok(())
    }

    /// Closed records are closed with our invoice, no request with an unsent record may have arrived, and the counts add up.
    fn check_counts(
        &self,
        world: &World,
        named: &BTreeMap<usize, ReportedAs>,
    ) -> Result<(), (&'static str, String)> {
        let report = self.report;
        let closed = report.closed + report.already_closed;
        let total = report.done() + report.not_sent;
        let given = self.given.len() as u64;
        let is_all_counted = self.is_all_counted();
        if total > given || (is_all_counted && total != given) {
            return Err((
                "parts",
                format!("{total} records are counted, {given} were given"),
            ));
        }
        let (mut may_be_closed, mut may_be_unsent, mut either) = (0, 0, 0);
        for record in self.given.iter().filter(|record| !named.contains_key(record)) {
            let is_closed = self.is_closed_by_right(world, *record);
            let is_unsent = !world.invariants.may_have_arrived(*record);
            may_be_closed += u64::from(is_closed);
            may_be_unsent += u64::from(is_unsent);
            either += u64::from(is_closed || is_unsent);
        }
        if report.requests < self.requests {
            return Err((
                "parts",
                format!(
                    "{} requests are counted, {} were sent",
                    report.requests, self.requests
                ),
            ));
        }
        if closed > may_be_closed {
            return Err((
                "closed",
                format!("{closed} are said to be closed, and {may_be_closed} can be"),
            ));
        }
        if report.not_sent > may_be_unsent {
            let not_sent = report.not_sent;
            return Err((
                "not-sent",
                format!("{not_sent} are said not to be sent, and {may_be_unsent} can be"),
            ));
        }
        if closed + report.not_sent > either {
            let message = format!("{closed} closed and {} not sent, of {either}", report.not_sent);
            return Err(("not-sent", message));
        }
        Ok(())
    }

    /// The journal agrees with the report.
    fn check_journal(
        &mut self,
        world: &World,
        named: &BTreeMap<usize, ReportedAs>,
    ) -> Result<(), (&'static str, String)> {
        // The content of a failing disk is undefined.
        let is_sound = world.is_fault_free || world.plan.fault_rate(Fault::Disk).is_none();
        let invoices: Vec<_> = self
            .given
            .iter()
            .map(|record| self.invoice(world, *record))
            .collect();
        let Some(replayed) = self.replayed.as_mut().filter(|_| !self.process_plan.dry_run) else {
            return Ok(());
        };
        let mut closed = 0;
        for (record, invoice) in self.given.iter().zip(invoices) {
            let mut entry = world.record(*record);
            entry.billing_id = invoice.map(Into::into);
            let before = replayed.lookup(&entry);
            closed += u64::from(before == PreviousResult::Closed);
            let is_wrong = match named.get(record) {
                // The run was aborted before the line was written and the request sent.
                Some(ReportedAs::Unknown) if before == PreviousResult::NotClosed => {
                    world.invariants.may_have_arrived(*record)
                }
                Some(_) => before == PreviousResult::Closed,
                None => false,
            };
            if is_sound && is_wrong {
                let message = format!(
                    "{} is {:?}, and the journal says {before:?}",
                    entry.id,
                    named.get(record)
                );
                return Err(("journal", message));
            }
        }
        let said = self.report.closed + self.report.already_closed;
        if closed < said || (is_sound && self.is_all_counted() && closed != said) {
            return Err((
                "journal",
                format!("{said} are closed, and {closed} by the journal"),
            ));
        }
        Ok(())
    }

    /// Once faults have stopped, every outcome that can be known is known.
    fn check_end(
        &self,
        world: &World,
        named: &BTreeMap<usize, ReportedAs>,
    ) -> Result<(), (&'static str, String)> {
        if let Some(stopped) = self.stopped {
            return Err((
                "end",
                format!("the server is sound, and the run ended early: {stopped:?}"),
            ));
        }
        for record in self.given {
            let entry = &world.ledger[*record];
            let named = named.get(record);
            let is_ours =
                matches!(entry.closer, Some(Closer::Ours { process, .. }) if process == self.number);
            let is_shown = world.plan.kind.shows_invoice();
            let is_right = match entry.state() {
                // It was not looked at, unless an earlier run may have closed it.
                _ if world.is_told_outdated(self.number, *record) && named == Some(&ReportedAs::Failed) => {
                    true
                }
                // It was read, and that does not say whose it is. What this run closed it knows.
                State::Closed(_) if !is_shown && !is_ours && named == Some(&ReportedAs::Unknown) => true,
                State::Closed(_) if !is_shown => named.is_none() && self.is_closed_by_right(world, *record),
                State::Closed(_) if self.is_closed_by_right(world, *record) => named.is_none(),
                // Its invoice may not be visible yet.
                State::Closed(None) => matches!(named, Some(ReportedAs::Conflict | ReportedAs::Unknown)),
                State::Closed(_) => named == Some(&ReportedAs::Conflict),
                State::Invalid | State::Rejected => named == Some(&ReportedAs::Failed),
                State::Approved if !entry.is_always_refused && !entry.is_outdated => false,
                // Refused, but perhaps a request of an earlier process is still in flight.
                _ => matches!(named, Some(ReportedAs::Failed | ReportedAs::Unknown)),
            };
            if !is_right {
                let said = named.map_or("closed or not sent".into(), |named| format!("{named:?}"));
                return Err((
                    "end",
                    format!(
                        "the server is sound, and {} is {}: {said}",
                        entry.id,
                        entry.state()
                    ),
                ));
            }
        }
        Ok(())
    }
}
