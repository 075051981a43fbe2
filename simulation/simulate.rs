//! A world from beginning to end: processes that start and crash, and finally a run without faults, which must settle
//! everything.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use cloudblue_connect_native::core::bulk::journal::ReplayedState;
use cloudblue_connect_native::core::bulk::journal::memory::{Disk, StepPlan};
use cloudblue_connect_native::core::bulk::report::{Report, StopReason};
use tokio::time::{sleep, sleep_until};

use super::disk::{corrupt, crash, inject_faults};
use super::plan::Plan;
use super::process::{ProcessResult, run_process};
use super::process_plan::{ProcessEnd, ProcessPlan, WHOLE_LIST};
use super::report_invariants::{FinishedRun, replay};
use super::request_invariants::Violation;
use super::statistics::Statistics;
use super::trace::BEGINNING;
use super::world::{Shared, World};

/// How long a run without faults may take: a minute of reads after a window, some back-off, a few dozen requests.
const MAX_FINAL_RUN: Duration = Duration::from_secs(180);

/// What became of a world.
#[derive(Debug)]
pub struct SimulationResult {
    pub violation: Option<Violation>,
    pub statistics: Statistics,
    /// A hash of the ledger and the reports.
    pub end_state: u64,
    pub trace: Vec<String>,
}

/// Simulates a world.
pub fn simulate(plan: &Plan, keeps_trace: bool) -> SimulationResult {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    match runtime {
        Ok(runtime) => runtime.block_on(run_world(plan.clone(), keeps_trace)),
        Err(error) => SimulationResult {
            violation: Some(Violation {
                invariant: "runtime",
                message: error.to_string(),
            }),
            statistics: Statistics::default(),
            end_state: 0,
            trace: Vec::new(),
        },
    }
}

async fn run_world(plan: Plan, keeps_trace: bool) -> SimulationResult {
    let world = Shared::new(World::new(plan.clone(), keeps_trace));
    let disk = plan.has_journal.then(Disk::default);
    if let Some(disk) = &disk {
        inject_faults(&world, disk);
    }
    let mut number = 0;
    for process_plan in &plan.processes {
        number += 1;
        run_one_process(&world, number, process_plan, disk.as_ref()).await;
        if world.lock().violation.is_some() {
            break;
        }
        sleep(process_plan.pause).await;
        corrupt(&world, process_plan.id, disk.as_ref());
    }
    if world.lock().violation.is_none() {
        run_without_faults(&world, number + 1, disk.as_ref()).await;
    }
    if let Some(disk) = &disk {
        // The hook holds the disk and the world.
        disk.on_step(|_| StepPlan::default());
    }
    let mut world = world.lock();
    let mut hasher = DefaultHasher::new();
    for entry in &world.ledger {
        entry.state().to_string().hash(&mut hasher);
    }
    world.reports.hash(&mut hasher);
    world.statistics.hours = (world.now() - BEGINNING).as_secs_f64() / 3600.0;
    SimulationResult {
        violation: world.violation.take(),
        statistics: world.statistics,
        end_state: hasher.finish(),
        trace: world.trace.lines().to_vec(),
    }
}

/// Runs one process, and checks its report.
async fn run_one_process(world: &Shared, number: u32, process_plan: &ProcessPlan, disk: Option<&Disk>) {
    let ProcessResult {
        ended,
        given,
        requests,
    } = run_process(world, number, process_plan, disk).await;
    match (ended, disk) {
        (None, None) => {}
        (None, Some(disk)) => crash(world, process_plan, disk),
        (Some(Err(failure)), _) => {
            let mut world = world.lock();
            let now = world.now();
            world
                .trace
                .say(now, || format!("---   it does not start: {failure}"));
            if world.is_fault_free {
                world.report_violation("end", format!("the run does not start: {failure}"));
            }
        }
        (Some(Ok((report, stopped))), disk) => {
            let replayed = replayed(world, disk).await;
            let finished = FinishedRun {
                number,
                process_plan,
                given: &given,
                report: &report,
                stopped: stopped.as_ref(),
                requests,
                replayed: None,
            };
            check_report(&mut world.lock(), finished, replayed);
        }
    }
}

/// What the journal says after a run.
async fn replayed(world: &Shared, disk: Option<&Disk>) -> Result<Option<ReplayedState>, String> {
    let (seed, kind) = {
        let world = world.lock();
        (world.plan.seed, world.plan.kind)
    };
    match disk {
        Some(disk) => replay(disk, kind, seed).await.map(Some),
        None => Ok(None),
    }
}

fn check_report(world: &mut World, mut run: FinishedRun, replayed: Result<Option<ReplayedState>, String>) {
    let now = world.now();
    let report = run.report;
    world.trace.say(now, || {
        format!("---   it has ended: {}", shown(report, run.stopped))
    });
    world.reports.push([
        report.closed,
        report.already_closed,
        report.failed.len() as u64,
        report.conflicts.len() as u64,
        report.unknown.len() as u64,
        report.not_sent,
    ]);
    if run.process_plan.dry_run && run.requests > 0 {
        world.report_violation("dry-run", format!("{} requests were sent", run.requests));
    }
    if let Some(StopReason::Failed(failure)) = run.stopped
        && failure.message.contains("a defect")
    {
        world.report_violation("panic", failure.message.clone());
    }
    match replayed {
        Ok(replayed) => run.replayed = replayed,
        Err(message) => world.report_violation("journal", message),
    }
    run.check(world);
}

/// Stops all faults; one more run must settle everything.
async fn run_without_faults(world: &Shared, number: u32, disk: Option<&Disk>) {
    let until = {
        let mut world = world.lock();
        world.is_fault_free = true;
        let now = world.now();
        world.trace.say(now, || "---   the faults stop".into());
        let end = world.others_end();
        world.instant(end)
    };
    sleep_until(until).await;
    world.lock().catch_up();
    let process_plan = ProcessPlan {
        id: 1000,
        ends: ProcessEnd::Completes,
        is_power_cut: false,
        source: WHOLE_LIST,
        is_other_invoice: false,
        stop_on_error: false,
        dry_run: false,
        pause: Duration::ZERO,
    };
    let started = world.lock().now();
    run_one_process(world, number, &process_plan, disk).await;
    {
        let mut world = world.lock();
        let took = world.now() - started;
        if took > MAX_FINAL_RUN {
            world.report_violation("slow", format!("there are no faults, and the run takes {took:?}"));
        }
    }
    // Requests that are still in flight must not change anything that a report has said.
    let until = {
        let world = world.lock();
        world.instant(world.end())
    };
    sleep_until(until).await;
    world.lock().catch_up();
}

/// A report, for the trace.
fn shown(report: &Report, stopped: Option<&StopReason>) -> String {
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
        Some(StopReason::Aborted) => "; aborted".into(),
        Some(StopReason::OnError(cause)) => format!("; stopped: {}", cause.message),
        Some(StopReason::Failed(failure) | StopReason::Throttled(failure, _)) => {
            format!("; stopped: {failure}")
        }
        Some(StopReason::Refused(result)) => format!("; refused: {}", result.status),
    };
    format!(
        "{} closed, {} closed before, {} not sent, failed {failed:?}, conflicts {conflicts:?}, unknown {unknown:?}{early}",
        report.closed, report.already_closed, report.not_sent
    )
}
