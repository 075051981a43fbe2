//! One process: a run of the real engine in the world, until it ends, is called off, or dies.

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::bulk::engine::{Options, Place, Road, Run};
use cloudblue_connect_native::core::bulk::journal::Journal;
use cloudblue_connect_native::core::bulk::journal::memory::Disk;
use cloudblue_connect_native::core::bulk::progress::Progress;
use cloudblue_connect_native::core::bulk::read_back::ReadBackPolicy;
use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::bulk::report::{Report, Stopped};
use cloudblue_connect_native::core::bulk::seen::Seed;
use cloudblue_connect_native::core::environment::Environment;
use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::outcome::Outcome;
use cloudblue_connect_native::core::policy::RetryPolicy;
use cloudblue_connect_native::core::request::Request;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, sleep_until};

use super::bodies::wall_clock;
use super::lives::{Ends, Life};
use super::plan::Trouble;
use super::world::{Process, Shared, World};

/// How long a run may take at most.
const MOST_TIME: Duration = Duration::from_secs(12 * 3600);

/// How often a run may be polled without time going on.
const MOST_POLLS: u32 = 20_000;

/// Where the records are closed.
pub fn place() -> Place {
    Place {
        endpoint: "https://api.example/public/v1".into(),
        base: "/usage/records".into(),
    }
}

/// The road of one process to the server.
struct Wire {
    world: Shared,
    process: u32,
}

impl Road for Wire {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>> {
        let (world, process) = (self.world.clone(), self.process);
        Box::pin(async move {
            let sent = world.lock().send(process, &request);
            let Some(ticket) = sent else {
                return pending().await;
            };
            sleep_until(ticket.at).await;
            let answer = {
                let mut world = world.lock();
                match world.is_alive(process) {
                    true => world.answered(ticket),
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

/// The clock on the wall, which may jump, and chance.
struct Surroundings(Shared);

impl Environment for Surroundings {
    fn wall_clock(&self) -> SystemTime {
        let world = self.0.lock();
        let now = world.now();
        let jump = match world.has(Trouble::Clock, 0) {
            true => world.chance(9, now.as_secs()).between(0, 8000),
            false => 4000,
        };
        wall_clock(now) + Duration::from_secs(jump) - Duration::from_secs(4000)
    }

    fn chance(&self) -> f64 {
        let mut world = self.0.lock();
        world.drawn += 1;
        world.chance(10, world.drawn).part()
    }
}

/// What is left of a process that ended by itself.
pub type Ended = Result<(Report, Option<Stopped>), Failure>;

/// How a process ended.
pub struct End {
    /// The report, and why it ended early, or why it did not begin; none where it died.
    pub ended: Option<Ended>,
    /// Which records it was given.
    pub given: Vec<usize>,
    pub requests: u64,
}

/// Lives a life.
pub async fn live(world: &Shared, number: u32, life: &Life, disk: Option<&Disk>) -> End {
    let killed = Arc::new(Notify::new());
    let (records, mut given) = begin(world, number, life, killed.clone());
    let (source, input) = mpsc::channel(4);
    let handed_over = Arc::new(AtomicUsize::new(0));
    let feeding = tokio::spawn(feed(source, records, *life, handed_over.clone()));
    let run = run(world.clone(), number, *life, disk.cloned(), input, given.len());
    let ended = supervise(world, life, &killed, run).await;
    feeding.abort();
    let mut world = world.lock();
    world.catch_up();
    let requests = world.process.take().map_or(0, |process| process.requests);
    given.truncate(handed_over.load(Ordering::Relaxed));
    End {
        ended,
        given,
        requests,
    }
}

fn begin(world: &Shared, number: u32, life: &Life, killed: Arc<Notify>) -> (Vec<Record>, Vec<usize>) {
    let mut world = world.lock();
    let now = world.now();
    world.figures.runs += 1;
    world.process = Some(Process {
        number,
        ends: life.ends,
        requests: 0,
        in_flight: 0,
        steps: 0,
        invoice: usize::from(life.is_other_invoice),
        killed,
    });
    world
        .trace
        .say(now, || format!("---   process {number} begins: {life}"));
    let given = given(&world, life);
    (given.iter().map(|record| world.record(*record)).collect(), given)
}

/// Runs the engine.
async fn run(
    world: Shared,
    number: u32,
    life: Life,
    disk: Option<Disk>,
    input: mpsc::Receiver<Vec<Record>>,
    total: usize,
) -> Ended {
    let seed = world.lock().plan.seed;
    let journal = match disk {
        None => None,
        Some(disk) => match disk.open() {
            Ok(storage) => Some(Journal::start(storage, &place().url(), Seed(seed, 1)).await?),
            Err(error) => {
                let message = format!("the journal is still in use: {error}");
                world.lock().breaks("lock", message);
                return pending().await;
            }
        },
    };
    let surroundings = Arc::new(Surroundings(world.clone()));
    let progress = Progress::new(surroundings.clone());
    if life.source.is_list {
        progress.all_records_are_there();
        progress.expect(total as u64);
    }
    let options = {
        let mut world = world.lock();
        let options = options(&world, &life);
        let now = world.now();
        world
            .watch
            .begin(now, options.read_back.max_tries, journal.is_some());
        options
    };
    let wire = Wire {
        world,
        process: number,
    };
    let run = Run::new(Arc::new(wire), place(), options, journal, progress, surroundings);
    Ok(run.close_all(input, called_off(life)).await)
}

/// Has a run go on until it ends, or dies.
async fn supervise<T>(
    world: &Shared,
    life: &Life,
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
            if at_once.1 > MOST_POLLS {
                world.breaks(
                    "rest",
                    "the run is polled over and over, and time stands still".into(),
                );
            }
            if life.ends == Ends::AtPoll(polls) {
                world.kill();
            }
            if world.process.is_none() {
                return Poll::Ready(None);
            }
        }
        run.as_mut().poll(context).map(Some)
    });
    let dies_at = match life.ends {
        Ends::AtTime(after) => after,
        _ => MOST_TIME,
    };
    tokio::select! {
        biased;
        () = killed.notified() => None,
        ended = watched => ended,
        () = sleep(dies_at) => {
            let mut world = world.lock();
            if dies_at == MOST_TIME {
                world.breaks("time", format!("the run has not ended after {MOST_TIME:?}"));
            }
            world.kill();
            None
        }
    }
}

async fn called_off(life: Life) {
    match life.ends {
        Ends::Aborted(after) => sleep(after).await,
        _ => pending().await,
    }
}

/// Hands the records over.
async fn feed(
    source: mpsc::Sender<Vec<Record>>,
    records: Vec<Record>,
    life: Life,
    handed_over: Arc<AtomicUsize>,
) {
    for chunk in records.chunks(life.source.chunk.max(1)) {
        let Ok(place) = source.reserve().await else { return };
        place.send(chunk.to_vec());
        handed_over.fetch_add(chunk.len(), Ordering::Relaxed);
        if !life.source.pause.is_zero() {
            sleep(life.source.pause).await;
        }
    }
}

/// Which records a life is given: in any order, all or not all.
fn given(world: &World, life: &Life) -> Vec<usize> {
    let plan = &world.plan;
    let mut given: Vec<_> = (0..plan.records)
        .filter(|record| !plan.left_out.contains(record))
        .collect();
    given.sort_by_cached_key(|record| world.chance(11 + life.id * 100, *record as u64).number());
    if life.source.ends_early {
        let part = world.chance(12, life.id).part();
        given.truncate((given.len() as f64 * part) as usize);
    }
    given
}

fn options(world: &World, life: &Life) -> Options {
    let plan = &world.plan;
    Options {
        batch_size: plan.batch,
        concurrency: plan.concurrency,
        stop_on_error: life.stop_on_error,
        dry_run: life.dry_run,
        read_back: ReadBackPolicy {
            window: plan.window,
            max_tries: if world.is_healed { 5 } else { plan.max_tries },
            ..ReadBackPolicy::default()
        },
        policy: RetryPolicy::default(),
    }
}
