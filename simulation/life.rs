//! A world from its beginning to its end: processes that come and go, and at last a sound server, with which everything
//! is to be settled.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use cloudblue_connect_native::core::bulk::journal::memory::{Course, Disk};
use cloudblue_connect_native::core::bulk::report::{Report, Stopped};
use tokio::time::{sleep, sleep_until};

use super::claims::{Over, replay};
use super::disk::{damage, die, hook};
use super::figures::Figures;
use super::lives::{Ends, Life, WHOLE};
use super::plan::Plan;
use super::process::{End, live};
use super::trace::BEGINNING;
use super::watch::Violation;
use super::world::{Shared, World};

/// How long a run may take with a sound server: a minute of reads after a window, some back-off, a few dozen requests.
const MOST_END: Duration = Duration::from_secs(180);

/// What a world came to.
#[derive(Debug)]
pub struct Outcome {
    pub violation: Option<Violation>,
    pub figures: Figures,
    /// What the books and the last report look like, as a number.
    pub end_state: u64,
    pub trace: Vec<String>,
}

/// Lets a world be, from its beginning to its end.
pub fn simulate(plan: &Plan, keeps_trace: bool) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(whole(plan.clone(), keeps_trace)),
        Err(error) => Outcome {
            violation: Some(Violation {
                rule: "runtime",
                message: error.to_string(),
            }),
            figures: Figures::default(),
            end_state: 0,
            trace: Vec::new(),
        },
    }
}

async fn whole(plan: Plan, keeps_trace: bool) -> Outcome {
    let world = Shared::new(World::new(plan.clone(), keeps_trace));
    let disk = plan.has_journal.then(Disk::default);
    if let Some(disk) = &disk {
        hook(&world, disk);
    }
    let mut number = 0;
    for life in &plan.lives {
        number += 1;
        one(&world, number, life, disk.as_ref()).await;
        if world.lock().violation.is_some() {
            break;
        }
        sleep(life.pause).await;
        damage(&world, life.id, disk.as_ref());
    }
    if world.lock().violation.is_none() {
        end(&world, number + 1, disk.as_ref()).await;
    }
    if let Some(disk) = &disk {
        // Its hook holds on to it, and to the world.
        disk.on_step(|_| Course::default());
    }
    let mut world = world.lock();
    let mut hasher = DefaultHasher::new();
    for entry in &world.books {
        entry.state().to_string().hash(&mut hasher);
    }
    world.reports.hash(&mut hasher);
    world.figures.hours = (world.now() - BEGINNING).as_secs_f64() / 3600.0;
    Outcome {
        violation: world.violation.take(),
        figures: world.figures,
        end_state: hasher.finish(),
        trace: world.trace.lines().to_vec(),
    }
}

/// One process, and what is left of it.
async fn one(world: &Shared, number: u32, life: &Life, disk: Option<&Disk>) {
    let End {
        ended,
        given,
        requests,
    } = live(world, number, life, disk).await;
    match ended {
        None => {
            if let Some(disk) = disk {
                die(world, life, disk);
            }
        }
        Some(Err(failure)) => {
            let mut world = world.lock();
            let now = world.now();
            world
                .trace
                .say(now, || format!("---   it does not begin: {failure}"));
            if world.is_healed {
                world.breaks("end", format!("the run does not begin: {failure}"));
            }
        }
        Some(Ok((report, stopped))) => {
            let seed = world.lock().plan.seed;
            let past = match disk {
                Some(disk) => Some(replay(disk, seed).await),
                None => None,
            };
            let mut world = world.lock();
            let now = world.now();
            world.trace.say(now, || {
                format!("---   it is over: {}", shown(&report, stopped.as_ref()))
            });
            world.reports.push([
                report.closed,
                report.already_closed,
                report.failed.len() as u64,
                report.conflicts.len() as u64,
                report.unknown.len() as u64,
                report.not_sent,
            ]);
            if life.dry_run && requests > 0 {
                world.breaks("dry-run", format!("{requests} requests were sent"));
            }
            if let Some(Stopped::Failed(failure)) = &stopped
                && failure.message.contains("a defect")
            {
                world.breaks("panic", failure.message.clone());
            }
            let past = match past.transpose() {
                Ok(past) => past,
                Err(message) => {
                    world.breaks("journal", message);
                    None
                }
            };
            Over {
                number,
                life,
                given: &given,
                report: &report,
                stopped: stopped.as_ref(),
                requests,
                past,
            }
            .check(&mut world);
        }
    }
}

/// The server is sound again, and one more run settles everything.
async fn end(world: &Shared, number: u32, disk: Option<&Disk>) {
    let until = {
        let mut world = world.lock();
        world.is_healed = true;
        let now = world.now();
        world
            .trace
            .say(now, || "---   nothing goes wrong any more".into());
        let end = world.others_end();
        world.instant(end)
    };
    sleep_until(until).await;
    world.lock().catch_up();
    let life = Life {
        id: 1000,
        ends: Ends::ByItself,
        is_power_cut: false,
        source: WHOLE,
        is_other_invoice: false,
        stop_on_error: false,
        dry_run: false,
        pause: Duration::ZERO,
    };
    let started = world.lock().now();
    one(world, number, &life, disk).await;
    {
        let mut world = world.lock();
        let took = world.now() - started;
        if took > MOST_END {
            world.breaks("slow", format!("the server is sound, and the run takes {took:?}"));
        }
    }
    // What is still on its way from before changes nothing any more that a report said.
    let until = {
        let world = world.lock();
        world.instant(world.end())
    };
    sleep_until(until).await;
    world.lock().catch_up();
}

/// A report, for the trace.
fn shown(report: &Report, stopped: Option<&Stopped>) -> String {
    let failed: Vec<_> = report.failed.iter().map(|one| one.id.as_str()).collect();
    let conflicts: Vec<_> = report
        .conflicts
        .iter()
        .map(|one| (&one.id, &one.billing_id))
        .collect();
    let unknown: Vec<_> = report
        .unknown
        .iter()
        .map(|one| {
            format!(
                "{} ({})",
                one.id,
                one.cause.message.chars().take(80).collect::<String>()
            )
        })
        .collect();
    let early = match stopped {
        None => String::new(),
        Some(Stopped::Aborted) => "; called off".into(),
        Some(Stopped::OnError(cause)) => format!("; stopped: {}", cause.message),
        Some(Stopped::Failed(failure) | Stopped::Throttled(failure, _)) => format!("; stopped: {failure}"),
        Some(Stopped::Refused(outcome)) => format!("; refused: {}", outcome.status),
    };
    format!(
        "{} closed, {} closed before, {} not sent, failed {failed:?}, conflicts {conflicts:?}, unknown {unknown:?}{early}",
        report.closed, report.already_closed, report.not_sent
    )
}
