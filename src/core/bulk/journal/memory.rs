//! Journal storage in memory, for tests and simulations. It keeps written and synchronised bytes apart, fails on demand,
//! and uses no threads and no clock but tokio's.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::storage::{Storage, StorageFuture};

/// An operation of the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reads bytes.
    Read,
    /// Appends so many bytes.
    Append(usize),
    /// Synchronises what was written.
    Sync,
    /// Truncates to so many bytes.
    Truncate(u64),
}

/// How an operation goes.
#[derive(Debug, Clone, Copy, Default)]
pub struct StepPlan {
    /// How long it takes.
    pub wait: Duration,
    /// The error with which it fails.
    pub error: Option<io::ErrorKind>,
    /// How many bytes are appended, or synchronised, although it fails.
    pub kept: usize,
}

impl StepPlan {
    /// Fails, with no effect.
    pub fn failing(error: io::ErrorKind) -> Self {
        Self {
            error: Some(error),
            ..Self::default()
        }
    }

    /// Has an effect on so many bytes although it fails.
    pub fn keeping(self, kept: usize) -> Self {
        Self { kept, ..self }
    }

    /// Takes a while.
    pub fn after(self, wait: Duration) -> Self {
        Self { wait, ..self }
    }
}

type Hook = Box<dyn FnMut(Step) -> StepPlan + Send>;

/// A disk with one file.
#[derive(Clone, Default)]
pub struct Disk(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// What a reader sees now.
    written: Vec<u8>,
    /// What would be left after a power cut.
    lasting: Vec<u8>,
    /// How many of the first bytes are the same in both.
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
    /// A disk with this content.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let disk = Self::default();
        disk.edit(|written| *written = bytes.into());
        disk
    }

    /// Opens the file.
    ///
    /// # Errors
    /// If it is open already.
    pub fn open(&self) -> io::Result<MemoryFile> {
        let mut state = self.lock();
        if state.is_locked {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        state.is_locked = true;
        let deaths = state.deaths;
        drop(state);
        Ok(MemoryFile {
            disk: self.clone(),
            deaths,
        })
    }

    /// Asks the hook how each operation from now on goes.
    pub fn on_step(&self, hook: impl FnMut(Step) -> StepPlan + Send + 'static) {
        self.lock().hook = Some(Box::new(hook));
    }

    /// The content, synchronised or not.
    pub fn bytes(&self) -> Vec<u8> {
        self.lock().written.clone()
    }

    /// How many bytes were written and not synchronised.
    pub fn unsynchronised(&self) -> usize {
        let state = self.lock();
        state.written.len() - state.common
    }

    /// Changes the content, as damage does.
    pub fn edit(&self, change: impl FnOnce(&mut Vec<u8>)) {
        self.change(|state| change(&mut state.written));
    }

    /// Kills the process: its open file has no effect any more, and the file can be opened again.
    pub fn kill(&self) {
        let mut state = self.lock();
        state.deaths += 1;
        state.is_locked = false;
    }

    /// Cuts the power, which also kills the process.
    ///
    /// * `kept`: how many unsynchronised bytes are left. If synchronised bytes had been truncated, 0 undoes that, and any
    ///   other value keeps everything.
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

    /// Changes the synchronised content.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        state.lasting = state.written.clone();
        state.common = state.written.len();
    }

    /// Asks the hook about an operation. The hook may use the disk itself, for example to kill the process.
    fn ask(&self, step: Step) -> StepPlan {
        let hook = self.lock().hook.take();
        let Some(mut hook) = hook else {
            return StepPlan::default();
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

    /// Synchronises at most so many more bytes.
    fn sync(&mut self, max: usize) {
        let to = self.common.saturating_add(max).min(self.written.len());
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

/// The file, opened.
#[derive(Debug)]
pub struct MemoryFile {
    disk: Disk,
    /// How often the process had died when it was opened.
    deaths: u32,
}

impl MemoryFile {
    /// Does an operation as the hook says: all of it, or the part that is done if it fails. Never completes once the process
    /// has died.
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

impl Drop for MemoryFile {
    fn drop(&mut self) {
        let mut state = self.disk.lock();
        if state.deaths == self.deaths {
            state.is_locked = false;
        }
    }
}

impl Storage for MemoryFile {
    fn name(&self) -> String {
        "in memory".into()
    }

    fn read(&mut self, at: u64, max: usize) -> StorageFuture<'_, Vec<u8>> {
        Box::pin(self.step(
            Step::Read,
            move |state| {
                let at = usize::try_from(at).unwrap_or(usize::MAX);
                let rest = state.written.get(at..).unwrap_or_default();
                rest.get(..max).unwrap_or(rest).to_vec()
            },
            |_, _| {},
        ))
    }

    fn append(&mut self, bytes: Vec<u8>) -> StorageFuture<'_, ()> {
        Box::pin(async move {
            let part = |state: &mut State, kept| state.append(bytes.get(..kept).unwrap_or(&bytes));
            self.step(Step::Append(bytes.len()), |state| state.append(&bytes), part)
                .await
        })
    }

    fn sync(&mut self) -> StorageFuture<'_, ()> {
        Box::pin(self.step(Step::Sync, |state| state.sync(usize::MAX), State::sync))
    }

    fn truncate(&mut self, length: u64) -> StorageFuture<'_, ()> {
        Box::pin(self.step(
            Step::Truncate(length),
            move |state| state.truncate(length),
            |_, _| {},
        ))
    }
}
