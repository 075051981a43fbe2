//! The disk that a journal is on: how it fails, what it keeps when a process dies, and how it damages what it has.

use std::io::ErrorKind;
use std::time::Duration;

use cloudblue_connect_native::core::bulk::journal::memory::{Course, Disk, Step};

use super::chance::Chance;
use super::lives::{Ends, Life};
use super::plan::Trouble;
use super::world::Shared;

/// Has the disk fail, and the process die with it.
pub fn hook(world: &Shared, disk: &Disk) {
    let (world, own) = (world.clone(), disk.clone());
    disk.on_step(move |step| {
        let mut world = world.lock();
        let now = world.now();
        world.step += 1;
        let number = world.step;
        let Some(process) = &mut world.process else {
            return Course::default();
        };
        process.steps += 1;
        if matches!(process.ends, Ends::AtDisk(dies) if dies == process.steps) {
            world
                .trace
                .say(now, || format!("      {step:?}: the process dies with it"));
            world.kill();
            own.kill();
            return Course::default();
        }
        let mut chance = world.chance(21, number);
        let wait = Duration::from_millis(chance.below(4));
        if !world.has(Trouble::Disk, number) {
            return Course::default().after(wait);
        }
        if chance.hits(30) {
            return Course::default().after(chance.time(Duration::from_millis(100), Duration::from_secs(30)));
        }
        let kept = match step {
            Step::Append(length) => chance.below(length as u64 + 1) as usize,
            _ => 0,
        };
        world.trace.say(now, || {
            format!("      {step:?} fails, {kept} bytes of it are there")
        });
        Course::failing(ErrorKind::StorageFull).keeping(kept).after(wait)
    });
}

/// What is left on the disk of a process that died.
pub fn die(world: &Shared, life: &Life, disk: &Disk) {
    let world = world.lock();
    let mut chance = world.chance(20, life.id);
    if !life.is_power_cut {
        disk.kill();
        return;
    }
    let lost = disk.unsynchronised();
    // The file may have grown already, and what was to be written there is not there; a sector is there or it is not.
    if chance.hits(20) {
        disk.switch_off(0);
        let zeros = chance.below(lost as u64 + 1) as usize;
        // A file without a first line, and longer than one, is refused; nothing was sent.
        if !disk.bytes().is_empty() {
            disk.edit(|bytes| bytes.resize(bytes.len() + zeros, 0));
        }
    } else {
        disk.switch_off(chance.below(lost as u64 + 1) as usize);
    }
}

/// Damages what is on the disk.
pub fn damage(world: &Shared, life: u64, disk: Option<&Disk>) {
    let mut world = world.lock();
    let (Some(disk), true) = (disk, world.has(Trouble::Damage, life)) else {
        return;
    };
    let mut chance = world.chance(22, life);
    let bytes = disk.bytes();
    let mut ends: Vec<_> = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at + 1)
        .collect();
    // Of the last line nobody can know that it was there.
    ends.pop();
    let what = match chance.below(10) {
        // A line that is damaged may have been any: that it is gone as well nobody can know.
        0 if ends.len() > 1 && !world.is_journal_damaged => lose_line(&mut chance, disk, &ends),
        1 if ends.len() > 1 => repeat_lines(&mut chance, disk, &ends),
        _ => {
            // With more than one byte of its first line damaged, or half of it, it is refused, and nothing is sent.
            let Some(header) = bytes.iter().position(|byte| *byte == b'\n').map(|end| end + 1) else {
                return;
            };
            let spares_header = world.is_header_damaged || chance.hits(80);
            let first = if spares_header { header } else { 0 };
            if first >= bytes.len() {
                return;
            }
            let at = chance.between(first as u64, bytes.len() as u64 - 1) as usize;
            let bit = 1 << chance.below(8);
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
    world.trace.say(now, || format!("      in the journal {what}"));
}

/// A line after the first and before the last is gone.
fn lose_line(chance: &mut Chance, disk: &Disk, ends: &[usize]) -> String {
    let line = chance.between(1, ends.len() as u64 - 1) as usize;
    let (from, to) = (ends[line - 1], ends[line]);
    disk.edit(|bytes| drop(bytes.drain(from..to)));
    format!("bytes {from} to {to} are gone")
}

/// Some lines are there twice.
fn repeat_lines(chance: &mut Chance, disk: &Disk, ends: &[usize]) -> String {
    let first = chance.between(1, ends.len() as u64 - 1) as usize;
    let last = chance.between(first as u64, ends.len() as u64 - 1) as usize;
    let (from, to) = (ends[first - 1], ends[last]);
    disk.edit(|bytes| {
        let again = bytes[from..to].to_vec();
        bytes.splice(to..to, again);
    });
    format!("bytes {from} to {to} are there twice")
}
