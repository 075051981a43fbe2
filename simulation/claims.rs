//! What a report claims, held against the books.

use std::collections::BTreeMap;

use cloudblue_connect_native::core::bulk::journal::memory::Disk;
use cloudblue_connect_native::core::bulk::journal::{Before, Journal, Past};
use cloudblue_connect_native::core::bulk::report::{Report, Stopped};
use cloudblue_connect_native::core::bulk::seen::Seed;

use super::books::{Closer, Invoice, State};
use super::lives::Life;
use super::plan::Trouble;
use super::process::place;
use super::world::World;

/// A run that is over.
pub struct Over<'a> {
    pub number: u32,
    pub life: &'a Life,
    pub given: &'a [usize],
    pub report: &'a Report,
    pub stopped: Option<&'a Stopped>,
    /// How many requests it sent.
    pub requests: u64,
    /// What the journal says afterwards.
    pub past: Option<Past>,
}

/// What a report says of the records that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Failed,
    Conflict,
    Unknown,
}

/// Reads a journal as the next run would.
pub async fn replay(disk: &Disk, seed: u64) -> Result<Past, String> {
    let storage = Disk::new(disk.bytes())
        .open()
        .map_err(|error| error.to_string())?;
    let started = Journal::start(storage, &place().url(), Seed(seed, 2)).await;
    started.map(|(_, past)| past).map_err(|failure| failure.message)
}

impl Over<'_> {
    /// Checks it.
    pub fn check(mut self, world: &mut World) {
        if let Err((rule, message)) = self.checked(world) {
            let number = self.number;
            world.breaks(rule, format!("run {number}: {message}"));
        }
    }

    fn checked(&mut self, world: &mut World) -> Result<(), (&'static str, String)> {
        let named = self.named(world)?;
        self.check_failed(world)?;
        self.check_conflicts(world)?;
        self.check_counts(world, &named)?;
        self.check_journal(world, &named)?;
        if world.is_healed {
            self.check_end(world, &named)?;
        }
        Ok(())
    }

    fn invoice(&self, world: &World, record: usize) -> Invoice {
        world.books[record].invoices[usize::from(self.life.is_other_invoice)].clone()
    }

    fn is_closed_by_right(&self, world: &World, record: usize) -> bool {
        *world.books[record].state() == State::Closed(self.invoice(world, record))
    }

    /// Whether each record that was handed over is in the report. A run that ends early waits for the others only where it
    /// was told that all are there.
    fn is_all_counted(&self) -> bool {
        self.stopped.is_none() || self.life.source.is_list
    }

    /// The records that the report names.
    fn named(&self, world: &World) -> Result<BTreeMap<usize, Named>, (&'static str, String)> {
        let report = self.report;
        let failed = report.failed.iter().map(|one| (&one.id, Named::Failed));
        let conflicts = report.conflicts.iter().map(|one| (&one.id, Named::Conflict));
        let unknown = report.unknown.iter().map(|one| (&one.id, Named::Unknown));
        let mut named = BTreeMap::new();
        for (id, what) in failed.chain(conflicts).chain(unknown) {
            let record = self.given.iter().find(|record| world.books[**record].id == *id);
            let Some(record) = record else {
                return Err(("parts", format!("{id} is {what:?}, and was not given")));
            };
            if let Some(earlier) = named.insert(*record, what) {
                return Err(("parts", format!("{id} is {earlier:?} and {what:?}")));
            }
        }
        Ok(named)
    }

    /// Failed means not closed by us.
    fn check_failed(&self, world: &mut World) -> Result<(), (&'static str, String)> {
        let remembers = world.plan.has_journal;
        for refused in &self.report.failed {
            let Some(entry) = world.books.iter_mut().find(|entry| entry.id == refused.id) else {
                continue;
            };
            entry.failed_in = Some(self.number);
            if let Some(Closer::Ours { life, request }) = entry.closer
                && (remembers || life == self.number)
            {
                let message = format!("{} is failed, and #{request} of run {life} closed it", entry.id);
                return Err(("failed", message));
            }
        }
        Ok(())
    }

    /// Conflict means closed with another invoice, the one that is named.
    fn check_conflicts(&self, world: &World) -> Result<(), (&'static str, String)> {
        for conflict in &self.report.conflicts {
            let record = self
                .given
                .iter()
                .find(|record| world.books[**record].id == conflict.id);
            let Some(record) = record else { continue };
            let state = world.books[*record].state();
            let is_named = *state == State::Closed(conflict.billing_id.clone());
            if !is_named || self.is_closed_by_right(world, *record) {
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

    /// Closed means closed with our invoice, not sent means that nothing may have arrived; the parts add up.
    fn check_counts(
        &self,
        world: &World,
        named: &BTreeMap<usize, Named>,
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
            let is_unsent = !world.watch.may_have_arrived(*record);
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

    /// The journal says what the report says.
    fn check_journal(
        &mut self,
        world: &World,
        named: &BTreeMap<usize, Named>,
    ) -> Result<(), (&'static str, String)> {
        // What is on a disk that fails nobody can know.
        let is_sound = world.is_healed || world.plan.force(Trouble::Disk).is_none();
        let invoices: Vec<_> = self
            .given
            .iter()
            .map(|record| self.invoice(world, *record))
            .collect();
        let Some(past) = self.past.as_mut().filter(|_| !self.life.dry_run) else {
            return Ok(());
        };
        let mut closed = 0;
        for (record, invoice) in self.given.iter().zip(invoices) {
            let mut entry = world.record(*record);
            entry.billing_id = invoice;
            let before = past.of(&entry);
            closed += u64::from(before == Before::Closed);
            let is_wrong = match named.get(record) {
                // It was called off before the line was written, and before the request was sent.
                Some(Named::Unknown) if before == Before::Nothing => world.watch.may_have_arrived(*record),
                Some(_) => before == Before::Closed,
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

    /// Once the server is sound again nothing stays open that can be known.
    fn check_end(&self, world: &World, named: &BTreeMap<usize, Named>) -> Result<(), (&'static str, String)> {
        if let Some(stopped) = self.stopped {
            return Err((
                "end",
                format!("the server is sound, and the run ended early: {stopped:?}"),
            ));
        }
        for record in self.given {
            let entry = &world.books[*record];
            let named = named.get(record);
            let is_right = match entry.state() {
                State::Closed(_) if self.is_closed_by_right(world, *record) => named.is_none(),
                // Its invoice may be about to show.
                State::Closed(None) => matches!(named, Some(Named::Conflict | Named::Unknown)),
                State::Closed(_) => named == Some(&Named::Conflict),
                State::Invalid | State::Rejected => named == Some(&Named::Failed),
                State::Approved if !entry.is_stubborn => false,
                // Refused, but perhaps under way from before.
                _ => matches!(named, Some(Named::Failed | Named::Unknown)),
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
