//! One process: a run of the real engine in the world, until it ends, is called off, or dies.

use std::future::{Future, pending};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::bulk::engine::{Options, Place, Road, Run};
use cloudblue_connect_native::core::bulk::environment::Environment;
use cloudblue_connect_native::core::bulk::journal::{Journal, Past};
use cloudblue_connect_native::core::bulk::progress::Progress;
use cloudblue_connect_native::core::bulk::read_back::ReadBackPolicy;
use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::bulk::report::{Report, Stopped};
use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::outcome::Outcome;
use cloudblue_connect_native::core::policy::RetryPolicy;
use cloudblue_connect_native::core::request::Request;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, sleep_until};

use super::answers::wall_clock;
use super::plan::{Ends, Life, Trouble};
use super::world::{Process, Shared};

/// How long a run may take at most.
const MOST_TIME: Duration = Duration::from_secs(24 * 3600);

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
        let jump = match world.has(Trouble::Clock, 0, 0) {
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

/// How a process ended.
pub struct End {
    /// The report, and why it ended early; none where it died.
    pub report: Option<(Report, Option<Stopped>)>,
    /// Which records it was given, each with the number of its invoice.
    pub given: Vec<usize>,
}

/// Lives a life.
pub async fn live(world: &Shared, number: u32, life: &Life, journal: Option<(Journal, Past)>) -> End {
    let killed = Arc::new(Notify::new());
    let (options, records, given) = {
        let mut world = world.lock();
        let options = options(&world, life);
        let now = world.now();
        let remembers = journal.is_some();
        world.watch.begin(now, options.read_back.max_tries, remembers);
        world.figures.runs += 1;
        world.process = Some(Process {
            number,
            ends: life.ends,
            requests: 0,
            in_flight: 0,
            invoice: usize::from(life.is_other_invoice),
            killed: killed.clone(),
        });
        world.trace.say(now, || format!("---   process {number} begins: {life:?}"));
        let given = given(&world, life, number);
        let records: Vec<_> = given.iter().map(|record| world.record(*record)).collect();
        (options, records, given)
    };
    let progress = Progress::new(Arc::new(Surroundings(world.clone())));
    if life.source.is_list && !life.source.ends_early {
        progress.all_records_are_there();
        progress.expect(records.len() as u64);
    }
    let wire = Wire {
        world: world.clone(),
        process: number,
    };
    let surroundings = Surroundings(world.clone());
    let run = Run::new(Arc::new(wire), place(), options, journal, progress, Arc::new(surroundings));
    let (source, input) = mpsc::channel(4);
    let feeding = tokio::spawn(feed(source, records, *life));
    let report = supervise(world, life, &killed, run.close_all(input, called_off(*life))).await;
    feeding.abort();
    let mut world = world.lock();
    world.catch_up();
    world.process = None;
    End { report, given }
}

/// Has a run go on until it ends, or dies.
async fn supervise<T>(world: &Shared, life: &Life, killed: &Notify, run: impl Future<Output = T>) -> Option<T> {
    let mut run = pin!(run);
    let mut polls = 0;
    let mut at_once = (world.lock().now(), 0);
    let watched = std::future::poll_fn(|context| {
        polls += 1;
        {
            let mut world = world.lock();
            let now = world.now();
            at_once = if at_once.0 == now { (now, at_once.1 + 1) } else { (now, 0) };
            if at_once.1 > MOST_POLLS {
                world.breaks("rest", "the run is polled over and over, and time stands still".into());
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
async fn feed(source: mpsc::Sender<Vec<Record>>, records: Vec<Record>, life: Life) {
    for chunk in records.chunks(life.source.chunk.max(1)) {
        if source.send(chunk.to_vec()).await.is_err() {
            return;
        }
        if !life.source.pause.is_zero() {
            sleep(life.source.pause).await;
        }
    }
}

/// Which records a life is given: in any order, all or not all.
fn given(world: &super::world::World, life: &Life, number: u32) -> Vec<usize> {
    let mut chance = world.chance(11, u64::from(number));
    let mut given: Vec<_> = (0..world.plan.records).collect();
    chance.shuffle(&mut given);
    if life.source.ends_early {
        given.truncate(chance.below(given.len() as u64) as usize);
    }
    given
}

fn options(world: &super::world::World, life: &Life) -> Options {
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
