//! The run: takes records in, sends them in batches, and finds out what became of each.
//!
//! A record is settled only by what is certain: the API's word that this request closed it, or reading it back. A
//! request whose answer was lost is never sent again before its records have been read.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::answers::{self, Answered, Read, Refusal, Said};
use super::journal::{self, Before, Journal, Past};
use super::pace::Pace;
use super::progress::Progress;
use super::records::Record;
use super::report::{Fate, Report};
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;
use crate::core::path::Id;
use crate::core::policy::{self, Ending, RetryPolicy};
use crate::core::request::{Body, Request};
use crate::core::resources::Resource;

/// What sends a run's requests: the engine's client, or JavaScript's pipeline.
pub trait Road: Send + Sync + 'static {
    /// Sends a request.
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>>;
}

/// How a run is to go.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many records a request closes. Default 100.
    pub batch_size: usize,
    /// How many requests are under way at most. Default 4.
    pub concurrency: usize,
    /// Whether the first record that cannot be closed ends the run.
    pub stop_on_error: bool,
    /// Whether to look only: what earlier runs closed is counted, nothing is sent.
    pub dry_run: bool,
    /// How often a record is sent before it is given up. Default 5.
    pub most_tries: u32,
    /// The back-off between tries.
    pub policy: RetryPolicy,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch_size: 100,
            concurrency: 4,
            stop_on_error: false,
            dry_run: false,
            most_tries: 5,
            policy: RetryPolicy::default(),
        }
    }
}

/// The resource whose records are closed.
const RECORDS: Resource = crate::usage_records!(table);

/// How often in a row the server may ask for patience before the run gives up.
const MOST_THROTTLED: u32 = 30;

/// A record under way.
#[derive(Debug, Clone)]
struct Item {
    record: Record,
    /// How often it was sent.
    tries: u32,
    /// Whether a request may have closed it without our knowing.
    was_lost: bool,
    /// Why the API refused it, the last time.
    refusal: Option<Refusal>,
    /// Whether what is to be done with it was tried before.
    is_again: bool,
}

/// What is to be done.
#[derive(Debug)]
enum Work {
    /// Close these with one request.
    Batch(Vec<Item>),
    /// Close one by itself.
    Single(Item),
    /// Read one back; so many times it was tried in vain.
    Read(Item, u32),
}

/// What has been done.
struct Done {
    work: Work,
    sent: Instant,
    result: Result<(Answer, Ending), Failure>,
}

/// The answer, as it was understood.
enum Answer {
    Close(Answered),
    Read(Read),
}

/// Why a run ended before its records did.
#[derive(Debug, Clone)]
pub enum Stopped {
    /// It was called off.
    Aborted,
    /// Nothing of the kind can be done: a wrong endpoint, a key without the right, a journal that cannot be written.
    Failed(Failure),
    /// The key has not the right; the answer that said so.
    Forbidden(Outcome),
}

/// A run.
pub struct Run {
    road: Arc<dyn Road>,
    base: String,
    options: Options,
    journal: Option<Journal>,
    past: Past,
    progress: Progress,
    report: Report,
    pace: Pace,
    /// What is to be done now, and later.
    ready: VecDeque<Work>,
    later: Vec<(Instant, Work)>,
    /// Records that are open again, to be sent together.
    open: Vec<Item>,
    /// New records, which no batch has taken yet.
    fresh: VecDeque<Record>,
    tasks: JoinSet<Done>,
    /// The records of the requests under way, for should the run be called off.
    under_way: HashMap<tokio::task::Id, Vec<String>>,
    throttled: u32,
    stopped: Option<Stopped>,
    last_refusal: Arc<std::sync::Mutex<Option<Outcome>>>,
}

impl Run {
    /// Prepares a run.
    ///
    /// * `base`: the path of the usage records.
    /// * `journal`: where it is written down, and what earlier runs did.
    pub fn new(
        road: Arc<dyn Road>,
        base: String,
        options: Options,
        journal: Option<(Journal, Past)>,
        progress: Progress,
    ) -> Self {
        let (journal, past) =
            journal.map_or((None, Past::default()), |(journal, past)| (Some(journal), past));
        Self {
            road,
            base,
            pace: Pace::new(options.concurrency),
            options,
            journal,
            past,
            progress,
            report: Report::default(),
            ready: VecDeque::new(),
            later: Vec::new(),
            open: Vec::new(),
            fresh: VecDeque::new(),
            tasks: JoinSet::new(),
            under_way: HashMap::new(),
            throttled: 0,
            stopped: None,
            last_refusal: Arc::default(),
        }
    }

    /// Closes what comes, until nothing comes any more.
    ///
    /// * `records`: the records, each once.
    /// * `abort`: completes when the run is to be called off at once.
    pub async fn close_all(
        mut self,
        mut records: mpsc::Receiver<Vec<Record>>,
        abort: impl Future<Output = ()>,
    ) -> (Report, Option<Stopped>) {
        let mut abort = std::pin::pin!(abort);
        let mut is_open = true;
        loop {
            self.start_work(is_open);
            if !is_open && self.is_idle() {
                break;
            }
            let wants_more = is_open && self.fresh.len() < self.options.batch_size * 2;
            let wake = self.next_wake();
            tokio::select! {
                biased;
                () = &mut abort => {
                    self.stopped = Some(Stopped::Aborted);
                    break;
                }
                Some(done) = self.tasks.join_next_with_id() => self.finish(done).await,
                chunk = records.recv(), if wants_more => match chunk {
                    Some(chunk) => self.take(chunk).await,
                    None => is_open = false,
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
            if self.stopped.is_some() {
                records.close();
                is_open = false;
                self.leave_undone();
            }
        }
        self.give_up(records);
        (self.report, self.stopped)
    }

    fn is_idle(&self) -> bool {
        let nothing_new = self.stopped.is_some() || self.fresh.is_empty();
        nothing_new
            && self.tasks.is_empty()
            && self.ready.is_empty()
            && self.later.is_empty()
            && self.open.is_empty()
    }

    /// When something has to be looked at again.
    fn next_wake(&self) -> Instant {
        let now = Instant::now();
        let later = self.later.iter().map(|(at, _)| *at).min();
        let paused = self.pace.paused_until(now);
        let wake = match (later, paused) {
            (Some(later), Some(paused)) => later.max(paused),
            (Some(wake), None) | (None, Some(wake)) => wake,
            (None, None) => now + Duration::from_secs(3600),
        };
        // A moment that has come, with no room to act on it, is looked at when there is room.
        if wake <= now && self.tasks.len() >= self.pace.allowed(now) {
            return now + Duration::from_secs(3600);
        }
        wake
    }

    /// Takes new records in: those that an earlier run closed are counted, those it left open-ended are read.
    async fn take(&mut self, chunk: Vec<Record>) {
        for record in chunk {
            match self.past.of(&record) {
                Before::Closed if self.options.dry_run => self.count(&record.id, Fate::AlreadyClosed),
                _ if self.options.dry_run => self.report.not_sent += 1,
                Before::Nothing => self.fresh.push_back(record),
                Before::Closed => self.count(&record.id, Fate::AlreadyClosed),
                Before::Unsure => {
                    let mut item = Item::new(record);
                    item.was_lost = true;
                    self.ready.push_back(Work::Read(item, 0));
                }
            }
        }
    }

    /// Begins as much as the pace allows.
    fn start_work(&mut self, is_open: bool) {
        let now = Instant::now();
        let (due, later) = self.later.drain(..).partition(|(at, _)| *at <= now);
        self.later = later;
        let due: Vec<(Instant, Work)> = due;
        self.ready.extend(due.into_iter().map(|(_, work)| work));
        while self.tasks.len() < self.pace.allowed(now) {
            let Some(work) = self.next_work(is_open) else {
                break;
            };
            self.begin(work);
        }
    }

    /// What is to be done next: what is under way before what is new, so that little is open at a time.
    fn next_work(&mut self, is_open: bool) -> Option<Work> {
        if let Some(work) = self.ready.pop_front() {
            return Some(work);
        }
        let size = self.options.batch_size;
        let is_last = self.tasks.is_empty() && self.later.is_empty();
        if self.open.len() >= size || (is_last && !self.open.is_empty()) {
            let count = self.open.len().min(size);
            return Some(Work::Batch(self.open.drain(..count).collect()));
        }
        if self.stopped.is_some() {
            return None;
        }
        // A batch that is not full waits for more, unless nothing else is to be waited for.
        if self.fresh.len() >= size || (!self.fresh.is_empty() && (!is_open || self.tasks.is_empty())) {
            let count = self.fresh.len().min(size);
            return Some(Work::Batch(self.fresh.drain(..count).map(Item::new).collect()));
        }
        None
    }

    fn begin(&mut self, work: Work) {
        let ids = work.items().iter().map(|item| item.record.id.clone()).collect();
        let journal = self.journal.clone();
        let (road, base) = (self.road.clone(), self.base.clone());
        let refused = self.last_refusal.clone();
        self.report.requests += 1;
        if work.is_repeated() {
            self.report.retries += 1;
        }
        let task = self.tasks.spawn(async move {
            let sent = Instant::now();
            let result = carry_out(&*road, &base, &work, journal.as_ref(), &refused).await;
            Done { work, sent, result }
        });
        self.under_way.insert(task.id(), ids);
    }

    /// Does with a request's answer what is to be done.
    async fn finish(&mut self, done: Result<(tokio::task::Id, Done), tokio::task::JoinError>) {
        let Done { work, sent, result } = match done {
            Ok((id, done)) => {
                self.under_way.remove(&id);
                done
            }
            Err(error) => {
                // A defect of ours; the truth about its records is that nobody knows.
                for id in self.under_way.remove(&error.id()).unwrap_or_default() {
                    self.count(&id, Fate::Unknown);
                }
                let message =
                    format!("the engine failed: {error}; this is a defect of cloudblue-connect-native");
                self.stop(Stopped::Failed(Failure::new(Kind::Connection, message)));
                return;
            }
        };
        let (answer, ending) = match result {
            Ok(answered) => answered,
            Err(failure) => {
                // The journal, or the endpoint: nothing was sent. Or a mistake of a hook, after sending.
                self.put_back(work.lost_if(failure.maybe_processed));
                self.stop(Stopped::Failed(failure));
                return;
            }
        };
        self.note_pace(&answer, ending, sent);
        match (work, answer) {
            (Work::Read(item, failures), Answer::Read(read)) => {
                self.was_read(item, failures, read, ending).await
            }
            (work, Answer::Close(answered)) => self.was_sent(work, answered, ending).await,
            (work, Answer::Read(_)) => self.put_back(work),
        }
    }

    fn note_pace(&mut self, answer: &Answer, ending: Ending, sent: Instant) {
        let is_throttled = matches!(
            answer,
            Answer::Close(Answered::Throttled) | Answer::Read(Read::Throttled)
        );
        if is_throttled || ending.status == Some(503) {
            self.throttled += 1;
            let asked = ending
                .retry_after
                .unwrap_or_else(|| self.back_off(self.throttled));
            let now = Instant::now();
            self.pace
                .slow_down(sent, now, asked.min(self.options.policy.most_retry_after));
            if self.throttled > MOST_THROTTLED || asked > self.options.policy.most_retry_after {
                let message = match ending.retry_after {
                    Some(asked) if asked > self.options.policy.most_retry_after => {
                        format!("the server asks to wait for {} s", asked.as_secs())
                    }
                    _ => format!(
                        "the server has asked for patience {} times in a row",
                        self.throttled
                    ),
                };
                self.stop(Stopped::Failed(Failure::new(Kind::Connection, message)));
            }
        } else if ending.status.is_some_and(|status| status < 500) {
            self.throttled = 0;
            self.pace.went_well();
        }
    }

    /// After a request that was to close records.
    async fn was_sent(&mut self, work: Work, answered: Answered, ending: Ending) {
        match answered {
            Answered::Throttled => self.again(work, Duration::ZERO),
            Answered::NotSent => self.not_sent(work, ending).await,
            Answered::Forbidden => {
                self.put_back(work);
                let refusal = self.last_refusal.lock().ok().and_then(|mut last| last.take());
                self.stop(match refusal {
                    Some(outcome) => Stopped::Forbidden(outcome),
                    None => Stopped::Failed(Failure::new(Kind::Connection, "the key has not the right")),
                });
            }
            Answered::Whole(_) => {
                for mut item in work.into_items() {
                    item.tries += 1;
                    self.ready.push_back(Work::Single(item));
                }
            }
            Answered::Each(said) => {
                let mut closed = Vec::new();
                for (mut item, said) in work.into_items().into_iter().zip(said) {
                    item.tries += 1;
                    match said {
                        Said::Closed => closed.push(item.record),
                        Said::Refused(refusal) => {
                            item.refusal = Some(refusal);
                            self.ready.push_back(Work::Read(item, 0));
                        }
                        Said::Lost => {
                            item.was_lost = true;
                            item.refusal = None;
                            let wait = if ending.status.is_some_and(|status| status < 400) {
                                Duration::ZERO
                            } else {
                                self.back_off(item.tries)
                            };
                            self.later.push((Instant::now() + wait, Work::Read(item, 0)));
                        }
                    }
                }
                self.settle(closed, Fate::Closed).await;
            }
        }
    }

    /// After a request that did not reach the server.
    async fn not_sent(&mut self, work: Work, ending: Ending) {
        if ending.is_final {
            self.put_back(work);
            return;
        }
        let tries = work.items().iter().map(|item| item.tries).max().unwrap_or(0) + 1;
        let is_over = tries >= self.options.most_tries;
        let mut items = work.into_items();
        for item in &mut items {
            item.tries += 1;
        }
        if is_over {
            let records = items.into_iter().map(|item| item.record).collect();
            self.settle(records, Fate::Unknown).await;
        } else {
            let wait = self.back_off(tries);
            self.again(Work::Batch(items), wait);
        }
    }

    /// After a record was read back.
    async fn was_read(&mut self, item: Item, failures: u32, read: Read, ending: Ending) {
        match read {
            Read::Settled(fate) => self.settle(vec![item.record], fate).await,
            Read::Throttled => self.again(Work::Read(item, failures), Duration::ZERO),
            Read::Forbidden => {
                self.was_sent(Work::Read(item, failures), Answered::Forbidden, ending)
                    .await
            }
            Read::Unreadable if failures + 1 >= self.options.most_tries || ending.is_final => {
                self.settle(vec![item.record], Fate::Unknown).await;
            }
            Read::Unreadable => {
                let wait = ending.retry_after.unwrap_or_else(|| self.back_off(failures + 1));
                self.again(Work::Read(item, failures + 1), wait);
            }
            Read::Open if item.tries >= self.options.most_tries => {
                let fate = item.refusal.map_or(Fate::Unknown, answers::failed);
                self.settle(vec![item.record], fate).await;
            }
            // Refused although it can be closed: the API may say why of one record what it does not of many.
            Read::Open if item.refusal.is_some() => self.ready.push_back(Work::Single(item)),
            Read::Open => self.open.push(item),
        }
    }

    /// Writes down what became of records, then counts them.
    async fn settle(&mut self, records: Vec<Record>, fate: Fate) {
        if records.is_empty() {
            return;
        }
        if let Some(journal) = &self.journal {
            let listed: Vec<_> = records.iter().collect();
            if let Err(failure) = journal.settled(journal::word(&fate), &listed).await {
                for record in &records {
                    self.count(&record.id, Fate::Unknown);
                }
                self.stop(Stopped::Failed(failure));
                return;
            }
        }
        for record in &records {
            self.count(&record.id, fate.clone());
        }
    }

    fn count(&mut self, id: &str, fate: Fate) {
        let is_good = matches!(fate, Fate::Closed | Fate::AlreadyClosed);
        self.progress.count(is_good);
        self.report.add(id, fate);
        if !is_good && self.options.stop_on_error && self.stopped.is_none() {
            let message = format!("{id} could not be closed, and `stopOnError` is set");
            self.stop(Stopped::Failed(Failure::new(Kind::Abort, message)));
        }
    }

    /// Ends the run: nothing new is begun, and what is under way is waited for.
    fn stop(&mut self, why: Stopped) {
        // Of several reasons the first is the one.
        self.stopped.get_or_insert(why);
    }

    /// Whether a run that is stopped may still read back what became of its records: not with a key that has not the
    /// right, or where nothing can be written down.
    fn may_read(&self) -> bool {
        match &self.stopped {
            None => true,
            Some(Stopped::Failed(failure)) => {
                matches!(failure.kind, Kind::Abort | Kind::Connection | Kind::Timeout)
            }
            Some(Stopped::Aborted | Stopped::Forbidden(_)) => false,
        }
    }

    /// Leaves what a run that is stopped does not do any more: all but reading back.
    fn leave_undone(&mut self) {
        let may_read = self.may_read();
        let is_left = |work: &Work| !may_read || !matches!(work, Work::Read(..));
        let (left, kept): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.ready).into_iter().partition(is_left);
        self.ready = kept;
        let (later_left, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|(_, work)| is_left(work));
        self.later = later;
        let open = std::mem::take(&mut self.open).into_iter().map(Work::Single);
        for work in left
            .into_iter()
            .chain(later_left.into_iter().map(|(_, work)| work))
            .chain(open)
        {
            self.leave(work);
        }
    }

    /// A piece of work that will not be done: of what may be closed nobody knows, the rest was not sent.
    fn leave(&mut self, work: Work) {
        for item in work.into_items() {
            if item.was_lost {
                self.progress.count(false);
                self.report.add(&item.record.id, Fate::Unknown);
            } else if let Some(refusal) = item.refusal {
                self.progress.count(false);
                self.report.add(&item.record.id, answers::failed(refusal));
            } else {
                self.report.not_sent += 1;
            }
        }
    }

    fn put_back(&mut self, work: Work) {
        self.ready.push_back(work);
    }

    fn again(&mut self, mut work: Work, wait: Duration) {
        for item in work.items_mut() {
            item.is_again = true;
        }
        self.later.push((Instant::now() + wait, work));
    }

    fn back_off(&self, attempt: u32) -> Duration {
        policy::back_off(attempt, &self.options.policy, 0.5 + chance() / 2.0)
    }

    /// Says of everything that is left what it is.
    fn give_up(&mut self, mut records: mpsc::Receiver<Vec<Record>>) {
        self.tasks.abort_all();
        for ids in std::mem::take(&mut self.under_way).into_values() {
            for id in ids {
                self.report.add(&id, Fate::Unknown);
            }
        }
        if self.stopped.is_some() {
            self.leave_undone();
        }
        self.report.not_sent += self.fresh.len() as u64;
        records.close();
        while let Ok(chunk) = records.try_recv() {
            self.report.not_sent += chunk.len() as u64;
        }
    }
}

impl Item {
    fn new(record: Record) -> Self {
        Self {
            record,
            tries: 0,
            was_lost: false,
            refusal: None,
            is_again: false,
        }
    }
}

impl Work {
    fn items(&self) -> &[Item] {
        match self {
            Work::Batch(items) => items,
            Work::Single(item) | Work::Read(item, _) => std::slice::from_ref(item),
        }
    }

    fn into_items(self) -> Vec<Item> {
        match self {
            Work::Batch(items) => items,
            Work::Single(item) | Work::Read(item, _) => vec![item],
        }
    }

    /// The same work, of which a request may have been carried out.
    fn lost_if(mut self, maybe_processed: bool) -> Self {
        if !matches!(self, Work::Read(..)) {
            for item in self.items_mut() {
                item.was_lost |= maybe_processed;
            }
        }
        self
    }

    fn items_mut(&mut self) -> &mut [Item] {
        match self {
            Work::Batch(items) => items.as_mut_slice(),
            Work::Single(item) | Work::Read(item, _) => std::slice::from_mut(item),
        }
    }

    fn is_repeated(&self) -> bool {
        match self {
            Work::Read(item, _) => item.is_again,
            _ => self.items().iter().any(|item| item.tries > 0 || item.is_again),
        }
    }
}

/// A random number from 0 to 1.
fn chance() -> f64 {
    use std::hash::BuildHasher;
    let random = std::hash::RandomState::new().hash_one(Instant::now());
    (random >> 11) as f64 / (1_u64 << 53) as f64
}

/// Sends what a piece of work asks for; an error where nothing may be sent at all.
async fn carry_out(
    road: &dyn Road,
    base: &str,
    work: &Work,
    journal: Option<&Journal>,
    refused: &std::sync::Mutex<Option<Outcome>>,
) -> Result<(Answer, Ending), Failure> {
    let records: Vec<_> = work.items().iter().map(|item| &item.record).collect();
    if let (Some(journal), false) = (journal, matches!(work, Work::Read(..))) {
        journal.sending(&records).await?;
    }
    let result = road.send(request(base, work)?).await;
    if let Err(failure) = &result
        && failure.kind == Kind::Input
    {
        return Err(failure.clone());
    }
    let ending = Ending::of(&result, SystemTime::now());
    let answer = match work {
        Work::Batch(_) => Answer::Close(answers::of_batch(&result, &records)),
        Work::Single(_) => Answer::Close(answers::of_single(&result)),
        Work::Read(item, _) => Answer::Read(answers::of_read(
            &result,
            &item.record,
            item.refusal.as_ref(),
            item.was_lost,
        )),
    };
    let is_forbidden = matches!(
        answer,
        Answer::Close(Answered::Forbidden) | Answer::Read(Read::Forbidden)
    );
    if let (true, Ok(outcome), Ok(mut last)) = (is_forbidden, result, refused.lock()) {
        *last = Some(outcome);
    }
    Ok((answer, ending))
}

/// The request that a piece of work makes.
fn request(base: &str, work: &Work) -> Result<Request, Failure> {
    let (name, ids, body) = match work {
        Work::Batch(items) => {
            let items: Vec<Value> = items.iter().map(|item| item.record.item()).collect();
            ("close_batch", vec![], Body::Json(Value::Array(items).to_string()))
        }
        Work::Single(item) => {
            let body = Value::Object(item.record.billing()).to_string();
            ("close", vec![Id::Text(item.record.id.clone())], Body::Json(body))
        }
        Work::Read(item, _) => ("get", vec![Id::Text(item.record.id.clone())], Body::Empty),
    };
    let endpoint = RECORDS
        .endpoint(name)
        .ok_or_else(|| Failure::input(format!("there is no endpoint {name}")))?;
    Ok(Request {
        verb: endpoint.verb,
        path: endpoint.path_for(base, &ids)?,
        body,
        save_to: None,
    })
}
