//! On a disk that fails, and in a process that dies.

use std::io::ErrorKind;
use std::sync::{Arc, Mutex};

use super::memory::{Course, Step};
use super::*;

async fn open(disk: &Disk) -> Result<(Journal, Past), Failure> {
    Journal::start(disk.open().unwrap(), ENDPOINT, Seed::default()).await
}

/// Has the steps that follow go so, and those after them well.
fn plan(disk: &Disk, courses: Vec<(Step, Course)>) {
    let mut courses = courses.into_iter();
    disk.on_step(move |step| {
        let planned = courses.next();
        planned.map_or_else(Course::default, |(expected, course)| {
            assert_eq!(std::mem::discriminant(&step), std::mem::discriminant(&expected));
            course
        })
    });
}

const APPEND: Step = Step::Append(0);
const CUT: Step = Step::Truncate(0);
const SYNC: Step = Step::Sync;

/// How a write can fail.
fn failed_writes(length: usize) -> Vec<Vec<(Step, Course)>> {
    let full = Course::failing(ErrorKind::StorageFull);
    let broken = Course::failing(ErrorKind::Other);
    let torn = (0..=length).map(|kept| vec![(APPEND, full.keeping(kept))]);
    let unsynchronised =
        (0..=length).map(|kept| vec![(APPEND, Course::default()), (SYNC, broken.keeping(kept))]);
    torn.chain(unsynchronised).collect()
}

#[tokio::test]
async fn after_a_failed_write_the_journal_goes_on_where_it_was_whole() {
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let [one, two, three] = &records;
    for fails in failed_writes(60) {
        let disk = Disk::default();
        let (journal, _) = open(&disk).await.unwrap();
        journal.sending(&[one]).await.unwrap();
        let whole = disk.bytes();
        plan(&disk, fails.clone());
        let failure = journal.sending(&[two]).await.unwrap_err();
        assert_eq!(failure.kind, Kind::File);
        assert!(
            failure
                .message
                .starts_with("the journal in memory cannot be written: "),
            "{failure}"
        );
        assert_eq!((disk.bytes(), disk.unsynchronised()), (whole, 0), "{fails:?}");
        journal.sending(&[three]).await.unwrap();
        journal.close().await;
        assert!(text(&disk).contains("{\"line\":3,\"sending\":[[\"UR-3\""));
        let known = known(&disk, &records).await.unwrap();
        assert_eq!(
            known,
            [Before::Unsure, Before::Nothing, Before::Unsure],
            "{fails:?}"
        );
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_cut_back_is_not_written_any_more() {
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let [one, two, three] = &records;
    let gone = Course::failing(ErrorKind::NotConnected);
    for uncut in [vec![(CUT, gone)], vec![(CUT, Course::default()), (SYNC, gone)]] {
        for mut fails in failed_writes(60) {
            fails.extend(uncut.clone());
            let disk = Disk::default();
            let (journal, _) = open(&disk).await.unwrap();
            journal.settled("closed", &[one]).await.unwrap();
            plan(&disk, fails);
            let first = journal.sending(&[two]).await.unwrap_err();
            let left = disk.bytes();
            // The disk is well again, but nobody knows what is on it.
            assert_eq!(journal.sending(&[three]).await.unwrap_err(), first);
            assert_eq!(disk.bytes(), left);
            journal.close().await;
            let known = known(&disk, &records).await.unwrap();
            assert_eq!((known[0], known[2]), (Before::Closed, Before::Nothing));
        }
    }
}

#[tokio::test]
async fn a_first_line_that_cannot_be_written_is_no_journal_yet() {
    let length = replay::header(ENDPOINT).len();
    let gone = Course::failing(ErrorKind::NotConnected);
    for uncut in [
        vec![],
        vec![(CUT, gone)],
        vec![(CUT, Course::default()), (SYNC, gone)],
    ] {
        for fails in failed_writes(length) {
            let disk = Disk::default();
            // It is read before it is written: for this version's header, for any first line, to the end.
            let read = (Step::Read, Course::default());
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
async fn a_full_disk_has_its_code() {
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    plan(&disk, vec![(APPEND, Course::failing(ErrorKind::StorageFull))]);
    let failure = journal.sending(&[&record("UR-1", "INV-7")]).await.unwrap_err();
    assert_eq!(failure.code.as_deref(), Some("ENOSPC"));
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_is_refused() {
    let disk = Disk::new(replay::header(ENDPOINT));
    plan(
        &disk,
        vec![(Step::Read, Course::failing(ErrorKind::PermissionDenied))],
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
async fn what_waits_is_written_and_synchronised_together() {
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    let steps = Arc::new(Mutex::new(Vec::new()));
    disk.on_step({
        let steps = steps.clone();
        move |step| {
            steps.lock().unwrap().push(std::mem::discriminant(&step));
            Course::default()
        }
    });
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let [one, two, three] = &records;
    let (one, two, three) = tokio::join!(
        async { journal.sending(&[one]).await },
        async { journal.sending(&[two]).await },
        async { journal.settled("closed", &[three]).await },
    );
    assert_eq!((one, two, three), (Ok(()), Ok(()), Ok(())));
    let (append, sync) = (std::mem::discriminant(&APPEND), std::mem::discriminant(&SYNC));
    assert_eq!(*steps.lock().unwrap(), [append, sync]);
}

/// What a run writes until it dies; what it was told is done.
async fn run(disk: Disk, records: [Record; 3], told: Arc<Mutex<Vec<&'static str>>>) {
    let Ok((journal, _)) = open(&disk).await else {
        return;
    };
    let [one, two, three] = &records;
    let tell = |what| told.lock().unwrap().push(what);
    journal.sending(&[one, two]).await.unwrap();
    tell("sent 1 and 2");
    tokio::join!(
        async {
            journal.settled("closed", &[one]).await.unwrap();
            tell("closed 1");
        },
        async {
            journal.sending(&[three]).await.unwrap();
            tell("sent 3");
        }
    );
    journal.settled("failed", &[two]).await.unwrap();
    tell("failed 2");
    journal.close().await;
}

#[tokio::test]
async fn whatever_moment_the_process_dies_at_all_that_it_was_told_is_known() {
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
                    Course::default()
                }
            });
            let told = Arc::default();
            tokio::select! {
                () = run(disk.clone(), records.clone(), Arc::clone(&told)) => {}
                _ = died.recv() => {}
            }
            disk.on_step(|_| Course::default());
            let known = known(&disk, &records).await.unwrap();
            for what in told.lock().unwrap().iter() {
                match *what {
                    "sent 1 and 2" => assert!(known[0] != Before::Nothing),
                    "closed 1" => assert_eq!(known[0], Before::Closed),
                    "sent 3" => assert_eq!(known[2], Before::Unsure),
                    _ => assert_eq!(known[1], Before::Nothing),
                }
            }
            if disk.bytes().len() < kept {
                break;
            }
        }
    }
}
