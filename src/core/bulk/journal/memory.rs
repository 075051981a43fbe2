//! A journal's storage in memory, for tests and simulations: it keeps what was written apart from what was synchronised,
//! fails when it is told to, and uses neither threads nor a clock but tokio's.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::storage::{Pending, Storage};

/// What is about to be done with a disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Bytes are read.
    Read,
    /// So many bytes are added.
    Append(usize),
    /// What was written is made to last.
    Sync,
    /// All but so many bytes are taken away.
    Truncate(u64),
}

/// How a step goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Course {
    /// How long it takes.
    pub wait: Duration,
    /// How it fails, if it does.
    pub error: Option<io::ErrorKind>,
    /// How many bytes are added, or made to last, although it fails.
    pub kept: usize,
}

impl Course {
    /// It fails, and nothing of it was done.
    pub fn failing(error: io::ErrorKind) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }

    /// So much of it was done although it fails.
    pub fn keeping(self, kept: usize) -> Self {
        Self { kept, ..self }
    }

    /// It takes a while.
    pub fn after(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }
}

type Hook = Box<dyn FnMut(Step) -> Course + Send>;

/// A disk with one file.
#[derive(Clone, Default)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// What whoever reads it now sees.
    written: Vec<u8>,
    /// What would be left if the machine were switched off now.
    lasting: Vec<u8>,
    /// How many of their first bytes are the same for sure.
    common: usize,
    /// How often the process has died.
    deaths: u32,
    is_locked: bool,
    hook: Option<Hook>,
}

impl std::fmt::Debug for Disk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Disk({:?})", String::from_utf8_lossy(&self.bytes()))
    }
}

impl Disk {
    /// A disk with these bytes on it.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let disk = Self::default();
        disk.edit(|written| *written = bytes.into());
        disk
    }

    /// Opens the file.
    ///
    /// # Errors
    /// Where somebody has it open.
    pub fn open(&self) -> io::Result<Memory> {
        let mut state = self.lock();
        if state.is_locked {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.is_locked = true;
        let deaths = state.deaths;
        drop(state);
        Ok(Memory {
            disk: self.clone(),
            deaths,
        })
    }

    /// Has each step from now on go as the hook says.
    pub fn on_step(&self, hook: impl FnMut(Step) -> Course + Send + 'static) {
        self.lock().hook = Some(Box::new(hook));
    }

    /// What is on it, synchronised or not.
    pub fn bytes(&self) -> Vec<u8> {
        self.lock().written.clone()
    }

    /// How many bytes were written and not synchronised.
    pub fn unsynchronised(&self) -> usize {
        let state = self.lock();
        state.written.len() - state.common
    }

    /// Changes what is on it, as damage does.
    pub fn edit(&self, change: impl FnOnce(&mut Vec<u8>)) {
        self.change(|state| change(&mut state.written));
    }

    /// The process dies: whoever has the file open does nothing with it any more, and it can be opened anew.
    pub fn kill(&self) {
        let mut state = self.lock();
        state.deaths += 1;
        state.is_locked = false;
    }

    /// The machine is switched off, which kills the process, too.
    ///
    /// * `kept`: how many bytes are left of what was not synchronised. If something was cut away that had been
    ///   synchronised, the cut is undone for 0, and else all is left.
    pub fn switch_off(&self, kept: usize) {
        self.kill();
        self.change(|state| {
            if state.common == state.lasting.len() {
                state.written.truncate(state.common.saturating_add(kept));
            } else if kept == 0 {
                state.written = state.lasting.clone();
            }
        });
    }

    /// Changes what is on it for good.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        state.lasting = state.written.clone();
        state.common = state.written.len();
    }

    /// How a step is to go. The hook may use the disk itself, such as to kill.
    fn ask(&self, step: Step) -> Course {
        let hook = self.lock().hook.take();
        let Some(mut hook) = hook else {
            return Course::default();
        };
        let course = hook(step);
        self.lock().hook.get_or_insert(hook);
        course
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, bytes: &[u8]) {
        self.written.extend_from_slice(bytes);
    }

    /// Makes as many more bytes last.
    fn sync(&mut self, most: usize) {
        let to = self.common.saturating_add(most).min(self.written.len());
        self.lasting.truncate(self.common);
        self.lasting
            .extend_from_slice(self.written.get(self.common..to).unwrap_or_default());
        self.common = to;
    }

    fn truncate(&mut self, length: u64) {
        self.written
            .truncate(usize::try_from(length).unwrap_or(usize::MAX));
        self.common = self.common.min(self.written.len());
    }
}

/// The file of a disk, opened.
#[derive(Debug)]
pub struct Memory {
    disk: Disk,
    /// How often the process had died when it was opened.
    deaths: u32,
}

impl Memory {
    /// Does something as the hook has it: all of it, or what is done where it fails. Nothing in a process that has died.
    async fn step<T>(
        &self,
        step: Step,
        all: impl FnOnce(&mut State) -> T,
        part: impl FnOnce(&mut State, usize),
    ) -> io::Result<T> {
        let course = self.disk.ask(step);
        if !course.wait.is_zero() {
            tokio::time::sleep(course.wait).await;
        }
        if self.disk.lock().deaths != self.deaths {
            return std::future::pending().await;
        }
        let mut state = self.disk.lock();
        match course.error {
            None => Ok(all(&mut state)),
            Some(error) => {
                part(&mut state, course.kept);
                Err(error.into())
            }
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let mut state = self.disk.lock();
        if state.deaths == self.deaths {
            state.is_locked = false;
        }
    }
}

impl Storage for Memory {
    fn name(&self) -> String {
        "in memory".into()
    }

    fn read(&mut self, at: u64, most: usize) -> Pending<'_, Vec<u8>> {
        Box::pin(self.step(
            Step::Read,
            move |state| {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let rest = state.written.get(at..).unwrap_or_default();
                rest.get(..most).unwrap_or(rest).to_vec()
            },
            |_, _| {},
        ))
    }

    fn append(&mut self, bytes: Vec<u8>) -> Pending<'_, ()> {
        Box::pin(async move {
            let part = |state: &mut State, kept| state.append(bytes.get(..kept).unwrap_or(&bytes));
            self.step(Step::Append(bytes.len()), |state| state.append(&bytes), part)
                .await
        })
    }

    fn sync(&mut self) -> Pending<'_, ()> {
        Box::pin(self.step(Step::Sync, |state| state.sync(usize::MAX), State::sync))
    }

    fn truncate(&mut self, length: u64) -> Pending<'_, ()> {
        Box::pin(self.step(
            Step::Truncate(length),
            move |state| state.truncate(length),
            |_, _| {},
        ))
    }
}
