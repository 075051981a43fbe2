//! One process: a run of the real engine in the world, until it completes, is aborted, or crashes.

use std::future::{Future, pending};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::api::request::Request;
use cloudblue_connect_native::core::bulk::dedup::HashSeed;
use cloudblue_connect_native::core::bulk::journal::Journal;
use cloudblue_connect_native::core::bulk::journal::memory::Disk;
use cloudblue_connect_native::core::bulk::progress::Progress;
use cloudblue_connect_native::core::bulk::read_schedule::ReadBackPolicy;
use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::bulk::report::{Report, StopReason};
use cloudblue_connect_native::core::bulk::run::{Options, Run};
use cloudblue_connect_native::core::bulk::transport::{PendingSend, Transport};
use cloudblue_connect_native::core::environment::Environment;
use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::retry::policy::RetryPolicy;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, sleep_until};

use super::kind::Kind;
use super::payloads::wall_clock;
use super::plan::Fault;
use super::process_plan::{ProcessEnd, ProcessPlan};
use super::world::{Process, Shared, World};

/// How long a run may take.
const MAX_RUN_TIME: Duration = Duration::from_secs(12 * 3600);

/// How often a run may be polled while time stands still.
const MAX_POLLS: u32 = 20_000;

/// The transport of one process.
struct SimulatedTransport {
    world: Shared,
    process: u32,
}

impl Transport for SimulatedTransport {
    fn send(&self, request: Request) -> PendingSend {
        let (world, process) = (self.world.clone(), self.process);
        Box::pin(async move {
            let sent = world.lock().send(process, &request);
            let Some(handle) = sent else {
                return pending().await;
            };
            sleep_until(handle.at).await;
            let answer = {
                let mut world = world.lock();
                match world.is_alive(process) {
                    true => world.answered(handle),
                    false => None,
                }
            };
            match answer {
                Some(result) => result,
                None => pending().await,
            }
        })
    }
}

/// The engine's environment: a wall clock that may jump, and seeded randomness.
struct SimulatedEnvironment(Shared);

impl Environment for SimulatedEnvironment {
    fn wall_clock(&self) -> SystemTime {
        let world = self.0.lock();
        let now = world.now();
        let jump = match world.has(Fault::Clock, 0) {
            true => world.random(9, now.as_secs()).between(0, 8000),
            false => 4000,
        };
        wall_clock(now) + Duration::from_secs(jump) - Duration::from_secs(4000)
    }

    fn random(&self) -> f64 {
        let mut world = self.0.lock();
        world.drawn += 1;
        world.random(10, world.drawn).part()
    }
}

/// What a process returned.
pub type Ended = Result<(Report, Option<StopReason>), Failure>;

/// How a process ended.
pub struct ProcessResult {
    /// The report, and why it ended early, or why it did not start; `None` if it crashed.
    pub ended: Option<Ended>,
    /// Which records it got.
    pub given: Vec<usize>,
    pub requests: u64,
}

/// Runs a process to its end.
pub async fn run_process(
    world: &Shared,
    number: u32,
    process_plan: &ProcessPlan,
    disk: Option<&Disk>,
) -> ProcessResult {
    let killed = Arc::new(Notify::new());
    let (records, mut given) = begin(world, number, process_plan, killed.clone());
    let (source, input) = mpsc::channel(4);
    let handed_over = Arc::new(AtomicUsize::new(0));
    let feeding = tokio::spawn(feed(source, records, *process_plan, handed_over.clone()));
    let run = run(
        world.clone(),
        number,
        *process_plan,
        disk.cloned(),
        input,
        given.len(),
    );
    let ended = supervise(world, process_plan, &killed, run).await;
    feeding.abort();
    let mut world = world.lock();
    world.catch_up();
    let requests = world.process.take().map_or(0, |process| process.requests);
    given.truncate(handed_over.load(Ordering::Relaxed));
    ProcessResult {
        ended,
        given,
        requests,
    }
}

fn begin(
    world: &Shared,
    number: u32,
    process_plan: &ProcessPlan,
    killed: Arc<Notify>,
) -> (Vec<Record>, Vec<usize>) {
    let mut world = world.lock();
    let now = world.now();
    world.statistics.runs += 1;
    world.process = Some(Process {
        number,
        ends: process_plan.ends,
        requests: 0,
        in_flight: 0,
        requests_without_key: None,
        steps: 0,
        invoice: usize::from(process_plan.is_other_invoice),
        killed,
    });
    world
        .trace
        .say(now, || format!("---   process {number} starts: {process_plan}"));
    let given = given(&world, process_plan);
    (given.iter().map(|record| world.record(*record)).collect(), given)
}

/// Runs the engine.
async fn run(
    world: Shared,
    number: u32,
    process_plan: ProcessPlan,
    disk: Option<Disk>,
    input: mpsc::Receiver<Vec<Record>>,
    total: usize,
) -> Ended {
    let (seed, target) = {
        let world = world.lock();
        (world.plan.seed, world.plan.kind.target())
    };
    let journal = match disk {
        None => None,
        Some(disk) => match disk.open() {
            Ok(storage) => Some(Journal::start(storage, &target.to_string(), HashSeed(seed, 1)).await?),
            Err(error) => {
                let message = format!("the journal is still in use: {error}");
                world.lock().report_violation("lock", message);
                return pending().await;
            }
        },
    };
    let environment = Arc::new(SimulatedEnvironment(world.clone()));
    let progress = Progress::new(environment.clone());
    if process_plan.source.is_list {
        progress.set_all_records_known();
        progress.set_total(total as u64);
    }
    let options = {
        let mut world = world.lock();
        let options = options(&world, &process_plan);
        let now = world.now();
        world
            .invariants
            .begin(now, options.read_back.max_tries, journal.is_some());
        options
    };
    let transport = SimulatedTransport {
        world,
        process: number,
    };
    let run = Run::new(
        Arc::new(transport),
        target,
        options,
        journal,
        progress,
        environment,
    );
    Ok(run.close_all(input, aborted(process_plan)).await)
}

/// Polls a run until it ends, or its process crashes.
async fn supervise<T>(
    world: &Shared,
    process_plan: &ProcessPlan,
    killed: &Notify,
    run: impl Future<Output = T>,
) -> Option<T> {
    let mut run = pin!(run);
    let mut polls = 0;
    let mut at_once = (world.lock().now(), 0);
    let watched = std::future::poll_fn(|context| {
        polls += 1;
        {
            let mut world = world.lock();
            let now = world.now();
            at_once = if at_once.0 == now {
                (now, at_once.1 + 1)
            } else {
                (now, 0)
            };
            if at_once.1 > MAX_POLLS {
                world.report_violation(
                    "rest",
                    "the run is polled over and over, and time stands still".into(),
                );
            }
            if process_plan.ends == ProcessEnd::CrashAtPoll(polls) {
                world.kill();
            }
            if world.process.is_none() {
                return Poll::Ready(None);
            }
        }
        run.as_mut().poll(context).map(Some)
    });
    let crashes_after = match process_plan.ends {
        ProcessEnd::CrashAtTime(after) => after,
        _ => MAX_RUN_TIME,
    };
    tokio::select! {
        biased;
        () = killed.notified() => None,
        ended = watched => ended,
        () = sleep(crashes_after) => {
            let mut world = world.lock();
            if crashes_after == MAX_RUN_TIME {
                world.report_violation("time", format!("the run has not ended after {MAX_RUN_TIME:?}"));
            }
            world.kill();
            None
        }
    }
}

async fn aborted(process_plan: ProcessPlan) {
    match process_plan.ends {
        ProcessEnd::Aborted(after) => sleep(after).await,
        _ => pending().await,
    }
}

/// Hands the records over.
async fn feed(
    source: mpsc::Sender<Vec<Record>>,
    records: Vec<Record>,
    process_plan: ProcessPlan,
    handed_over: Arc<AtomicUsize>,
) {
    for chunk in records.chunks(process_plan.source.chunk.max(1)) {
        let Ok(permit) = source.reserve().await else {
            return;
        };
        permit.send(chunk.to_vec());
        handed_over.fetch_add(chunk.len(), Ordering::Relaxed);
        if !process_plan.source.pause.is_zero() {
            sleep(process_plan.source.pause).await;
        }
    }
}

/// The records that a process gets: in random order, perhaps not all.
fn given(world: &World, process_plan: &ProcessPlan) -> Vec<usize> {
    let plan = &world.plan;
    let mut given: Vec<_> = (0..plan.records)
        .filter(|record| !plan.left_out.contains(record))
        .collect();
    given.sort_by_cached_key(|record| world.random(11 + process_plan.id * 100, *record as u64).number());
    if process_plan.source.ends_early {
        let part = world.random(12, process_plan.id).part();
        given.truncate((given.len() as f64 * part) as usize);
    }
    given
}

fn options(world: &World, process_plan: &ProcessPlan) -> Options {
    let plan = &world.plan;
    Options {
        batch_size: (plan.kind == Kind::Records).then_some(plan.batch),
        concurrency: plan.concurrency,
        stop_on_error: process_plan.stop_on_error,
        dry_run: process_plan.dry_run,
        lists_closed: false,
        read_back: ReadBackPolicy {
            window: plan.window,
            max_tries: if world.is_fault_free { 5 } else { plan.max_tries },
            ..ReadBackPolicy::default()
        },
        policy: RetryPolicy::default(),
    }
}
