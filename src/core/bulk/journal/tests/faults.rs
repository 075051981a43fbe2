//! A disk that fails, and a process that dies.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};

use super::memory::{Step, StepPlan};
use super::*;

/// Plans the next operations; those after them succeed.
fn plan(disk: &Disk, courses: Vec<(Step, StepPlan)>) {
    let mut courses = courses.into_iter();
    disk.on_step(move |step| {
        let planned = courses.next();
        planned.map_or_else(StepPlan::default, |(expected, course)| {
            assert_eq!(std::mem::discriminant(&step), std::mem::discriminant(&expected));
            course
        })
    });
}

const APPEND: Step = Step::Append(0);
const CUT: Step = Step::Truncate(0);
const SYNC: Step = Step::Sync;

/// The ways in which a write can fail.
fn failed_writes(length: usize) -> Vec<Vec<(Step, StepPlan)>> {
    let full = StepPlan::failing(ErrorKind::StorageFull);
    let broken = StepPlan::failing(ErrorKind::Other);
    let torn = (0..=length).map(|kept| vec![(APPEND, full.keeping(kept))]);
    let unsynchronised =
        (0..=length).map(|kept| vec![(APPEND, StepPlan::default()), (SYNC, broken.keeping(kept))]);
    torn.chain(unsynchronised).collect()
}

#[tokio::test]
async fn after_a_failed_write_the_journal_continues_after_the_last_complete_line() {
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let [one, two, three] = &records;
    for fails in failed_writes(60) {
        let disk = Disk::default();
        let (journal, _) = open(&disk).await.unwrap();
        journal.write_sending(&[one]).await.unwrap();
        let whole = disk.bytes();
        plan(&disk, fails.clone());
        let failure = journal.write_sending(&[two]).await.unwrap_err();
        assert_eq!(failure.kind, Kind::File);
        assert!(
            failure
                .message
                .starts_with("the journal in memory cannot be written: "),
            "{failure}"
        );
        assert_eq!((disk.bytes(), disk.unsynchronised()), (whole, 0), "{fails:?}");
        journal.write_sending(&[three]).await.unwrap();
        journal.close().await;
        assert!(text(&disk).contains("{\"line\":3,\"sending\":[[\"UR-3\""));
        let known = known(&disk, &records).await.unwrap();
        assert_eq!(
            known,
            [
                PreviousResult::Indeterminate,
                PreviousResult::NotClosed,
                PreviousResult::Indeterminate
            ],
            "{fails:?}"
        );
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_truncated_is_not_written_any_more() {
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let [one, two, three] = &records;
    let gone = StepPlan::failing(ErrorKind::NotConnected);
    for uncut in [vec![(CUT, gone)], vec![(CUT, StepPlan::default()), (SYNC, gone)]] {
        for mut fails in failed_writes(60) {
            fails.extend(uncut.clone());
            let disk = Disk::default();
            let (journal, _) = open(&disk).await.unwrap();
            journal.write_outcome("closed", &[one]).await.unwrap();
            plan(&disk, fails);
            let first = journal.write_sending(&[two]).await.unwrap_err();
            let left = disk.bytes();
            // The disk works again, but nobody knows what is on it.
            assert_eq!(journal.write_sending(&[three]).await.unwrap_err(), first);
            assert_eq!(disk.bytes(), left);
            journal.close().await;
            let known = known(&disk, &records).await.unwrap();
            assert_eq!(
                (known[0], known[2]),
                (PreviousResult::Closed, PreviousResult::NotClosed)
            );
        }
    }
}

#[tokio::test]
async fn a_header_that_cannot_be_written_leaves_no_journal() {
    let length = replay::header(ENDPOINT).len();
    let gone = StepPlan::failing(ErrorKind::NotConnected);
    for uncut in [
        vec![],
        vec![(CUT, gone)],
        vec![(CUT, StepPlan::default()), (SYNC, gone)],
    ] {
        for fails in failed_writes(length) {
            let disk = Disk::default();
            // The journal is read first: its header, any first line, and the end.
            let read = (Step::Read, StepPlan::default());
            plan(&disk, [vec![read, read], fails, uncut.clone()].concat());
            let failure = open(&disk).await.unwrap_err();
            assert!(failure.message.contains("cannot be written"), "{failure}");
            let (journal, _) = open(&disk).await.unwrap();
            journal.close().await;
            assert_eq!(text(&disk), replay::header(ENDPOINT));
        }
    }
}

#[tokio::test]
async fn a_full_disk_fails_with_enospc() {
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    plan(&disk, vec![(APPEND, StepPlan::failing(ErrorKind::StorageFull))]);
    let failure = journal
        .write_sending(&[&record("UR-1", "INV-7")])
        .await
        .unwrap_err();
    assert_eq!(failure.code.as_deref(), Some("ENOSPC"));
}

#[tokio::test]
async fn an_unreadable_journal_is_refused() {
    let disk = Disk::new(replay::header(ENDPOINT));
    plan(
        &disk,
        vec![(Step::Read, StepPlan::failing(ErrorKind::PermissionDenied))],
    );
    let failure = open(&disk).await.unwrap_err();
    assert!(
        failure
            .message
            .starts_with("the journal in memory: permission denied"),
        "{failure}"
    );
    assert!(disk.open().is_ok(), "it is let go of");
}

#[tokio::test]
async fn pending_lines_are_written_and_synchronised_together() {
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    let steps = Arc::new(Mutex::new(Vec::new()));
    disk.on_step({
        let steps = steps.clone();
        move |step| {
            steps.lock().unwrap().push(std::mem::discriminant(&step));
            StepPlan::default()
        }
    });
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let [one, two, three] = &records;
    let (one, two, three) = tokio::join!(
        async { journal.write_sending(&[one]).await },
        async { journal.write_sending(&[two]).await },
        async { journal.write_outcome("closed", &[three]).await },
    );
    assert_eq!((one, two, three), (Ok(()), Ok(()), Ok(())));
    let (append, sync) = (std::mem::discriminant(&APPEND), std::mem::discriminant(&SYNC));
    assert_eq!(*steps.lock().unwrap(), [append, sync]);
}

/// What a run writes until it dies; `reported` gets what was reported as done.
async fn run(disk: Disk, records: [Record; 3], reported: Arc<Mutex<Vec<&'static str>>>) {
    let Ok((journal, _)) = open(&disk).await else {
        return;
    };
    let [one, two, three] = &records;
    let report = |what| reported.lock().unwrap().push(what);
    journal.write_sending(&[one, two]).await.unwrap();
    report("sent 1 and 2");
    tokio::join!(
        async {
            journal.write_outcome("closed", &[one]).await.unwrap();
            report("closed 1");
        },
        async {
            journal.write_sending(&[three]).await.unwrap();
            report("sent 3");
        }
    );
    journal.write_outcome("failed", &[two]).await.unwrap();
    report("failed 2");
    journal.close().await;
}

#[tokio::test]
async fn whenever_the_process_dies_what_was_reported_as_written_is_known() {
    for deadly in 0..20 {
        for kept in 0..400 {
            let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
            let disk = Disk::default();
            let (death, mut died) = tokio::sync::mpsc::channel(1);
            let mut steps = 0;
            disk.on_step({
                let disk = disk.clone();
                move |_| {
                    if steps == deadly {
                        disk.switch_off(kept);
                        death.try_send(()).unwrap();
                    }
                    steps += 1;
                    StepPlan::default()
                }
            });
            let reported = Arc::default();
            tokio::select! {
                () = run(disk.clone(), records.clone(), Arc::clone(&reported)) => {}
                _ = died.recv() => {}
            }
            disk.on_step(|_| StepPlan::default());
            let known = known(&disk, &records).await.unwrap();
            for what in reported.lock().unwrap().iter() {
                match *what {
                    "sent 1 and 2" => assert!(known[0] != PreviousResult::NotClosed),
                    "closed 1" => assert_eq!(known[0], PreviousResult::Closed),
                    "sent 3" => assert_eq!(known[2], PreviousResult::Indeterminate),
                    _ => assert_eq!(known[1], PreviousResult::NotClosed),
                }
            }
            if disk.bytes().len() < kept {
                break;
            }
        }
    }
}
