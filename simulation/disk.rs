//! The disk of a journal: how it fails, what survives a crash, and how it corrupts data.

use std::io::ErrorKind;
use std::time::Duration;

use cloudblue_connect_native::core::bulk::journal::memory::{Disk, Step, StepPlan};

use super::plan::Fault;
use super::process_plan::{ProcessEnd, ProcessPlan};
use super::random::Random;
use super::world::Shared;

/// Makes operations of the disk fail, and the process crash during one.
pub fn inject_faults(world: &Shared, disk: &Disk) {
    let (world, own) = (world.clone(), disk.clone());
    disk.on_step(move |step| {
        let mut world = world.lock();
        let now = world.now();
        world.step += 1;
        let number = world.step;
        let Some(process) = &mut world.process else {
            return StepPlan::default();
        };
        process.steps += 1;
        if matches!(process.ends, ProcessEnd::CrashAtDisk(dies) if dies == process.steps) {
            world
                .trace
                .say(now, || format!("      {step:?}: the process crashes during it"));
            world.kill();
            own.kill();
            return StepPlan::default();
        }
        let mut random = world.random(21, number);
        let wait = Duration::from_millis(random.below(4));
        if !world.has(Fault::Disk, number) {
            return StepPlan::default().after(wait);
        }
        if random.hits(30) {
            return StepPlan::default()
                .after(random.time(Duration::from_millis(100), Duration::from_secs(30)));
        }
        let kept = match step {
            Step::Append(length) => random.below(length as u64 + 1) as usize,
            _ => 0,
        };
        world
            .trace
            .say(now, || format!("      {step:?} fails, after {kept} bytes"));
        StepPlan::failing(ErrorKind::StorageFull)
            .keeping(kept)
            .after(wait)
    });
}

/// Leaves on the disk what survives the crash of a process.
pub fn crash(world: &Shared, process_plan: &ProcessPlan, disk: &Disk) {
    let world = world.lock();
    let mut random = world.random(20, process_plan.id);
    if !process_plan.is_power_cut {
        disk.kill();
        return;
    }
    let lost = disk.unsynchronised();
    // The file may have grown without the data: then the new bytes are zeros.
    if random.hits(20) {
        disk.switch_off(0);
        let zeros = random.below(lost as u64 + 1) as usize;
        // A file without a first line that is longer than one is refused; nothing was sent.
        if !disk.bytes().is_empty() {
            disk.edit(|bytes| bytes.resize(bytes.len() + zeros, 0));
        }
    } else {
        disk.switch_off(random.below(lost as u64 + 1) as usize);
    }
}

/// Corrupts what is on the disk.
pub fn corrupt(world: &Shared, process_plan: u64, disk: Option<&Disk>) {
    let mut world = world.lock();
    let (Some(disk), true) = (disk, world.has(Fault::Damage, process_plan)) else {
        return;
    };
    let mut random = world.random(22, process_plan);
    let bytes = disk.bytes();
    let mut ends: Vec<_> = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at + 1)
        .collect();
    // A missing last line cannot be noticed.
    ends.pop();
    let what = match random.below(10) {
        // A missing line cannot be told from one that was damaged before.
        0 if ends.len() > 1 && !world.is_journal_damaged => lose_line(&mut random, disk, &ends),
        1 if ends.len() > 1 => repeat_lines(&mut random, disk, &ends),
        _ => {
            // A first line with more damage than one byte is refused, and nothing is sent.
            let Some(header) = bytes.iter().position(|byte| *byte == b'\n').map(|end| end + 1) else {
                return;
            };
            let spares_header = world.is_header_damaged || random.hits(80);
            let first = if spares_header { header } else { 0 };
            if first >= bytes.len() {
                return;
            }
            let at = random.between(first as u64, bytes.len() as u64 - 1) as usize;
            let bit = 1 << random.below(8);
            disk.edit(|bytes| bytes[at] ^= bit);
            world.is_header_damaged |= at < header;
            let around = &bytes[at.saturating_sub(30)..(at + 30).min(bytes.len())];
            format!(
                "a bit of byte {at} flips: ...{}...",
                String::from_utf8_lossy(around)
            )
        }
    };
    world.is_journal_damaged = true;
    let now = world.now();
    world
        .trace
        .say(now, || format!("      the journal is damaged: {what}"));
}

/// Removes a line that is neither the first nor the last.
fn lose_line(random: &mut Random, disk: &Disk, ends: &[usize]) -> String {
    let line = random.between(1, ends.len() as u64 - 1) as usize;
    let (from, to) = (ends[line - 1], ends[line]);
    disk.edit(|bytes| drop(bytes.drain(from..to)));
    format!("bytes {from} to {to} are removed")
}

/// Repeats some lines.
fn repeat_lines(random: &mut Random, disk: &Disk, ends: &[usize]) -> String {
    let first = random.between(1, ends.len() as u64 - 1) as usize;
    let last = random.between(first as u64, ends.len() as u64 - 1) as usize;
    let (from, to) = (ends[first - 1], ends[last]);
    disk.edit(|bytes| {
        let again = bytes[from..to].to_vec();
        bytes.splice(to..to, again);
    });
    format!("bytes {from} to {to} are repeated")
}
