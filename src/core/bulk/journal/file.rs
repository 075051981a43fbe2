//! A journal in a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::storage::{Storage, StorageFuture, UnusableJournal};
use crate::core::io_code;

/// A locked file: two runs cannot write one journal.
#[derive(Debug)]
pub struct FileStorage {
    path: PathBuf,
    file: Arc<Locked>,
}

/// Unlocks the file explicitly. Closing it would do so too, but Windows delays that, and elsewhere a child process that is
/// being spawned may still have the file open.
#[derive(Debug)]
struct Locked(File);

impl Drop for Locked {
    fn drop(&mut self) {
        // If this fails, closing the file unlocks it.
        let _ = self.0.unlock();
    }
}

impl FileStorage {
    /// Opens a file, or creates it.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub async fn open(path: &Path) -> Result<Self, UnusableJournal> {
        let path = path.to_path_buf();
        tokio::task::spawn_blocking(move || open(path))
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error).into()))
    }

    /// Does something with the file on a thread that may block.
    fn run<T: Send + 'static>(
        &self,
        operation: impl FnOnce(&mut &File) -> io::Result<T> + Send + 'static,
    ) -> StorageFuture<'_, T> {
        let file = self.file.clone();
        Box::pin(async move {
            tokio::task::spawn_blocking(move || operation(&mut &file.0))
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error)))
        })
    }
}

impl Storage for FileStorage {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&mut self, at: u64, max: usize) -> StorageFuture<'_, Vec<u8>> {
        self.run(move |file| {
            let mut bytes = Vec::with_capacity(max);
            file.seek(SeekFrom::Start(at))?;
            file.take(max as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    fn append(&mut self, bytes: Vec<u8>) -> StorageFuture<'_, ()> {
        self.run(move |file| {
            file.seek(SeekFrom::End(0))?;
            file.write_all(&bytes)
        })
    }

    fn sync(&mut self) -> StorageFuture<'_, ()> {
        self.run(|file| file.sync_data())
    }

    fn truncate(&mut self, length: u64) -> StorageFuture<'_, ()> {
        self.run(move |file| file.set_len(length))
    }
}

fn open(path: PathBuf) -> Result<FileStorage, UnusableJournal> {
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(UnusableJournal::refused("it is a directory", "EISDIR")),
        // A device or a pipe has no end to read up to.
        Ok(found) if !found.is_file() => {
            return Err(UnusableJournal::refused("it is not a regular file", "EINVAL"));
        }
        _ => {}
    }
    // Not in append mode: Windows does not let such a file be truncated.
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => UnusableJournal::refused("another run is writing it", "EBUSY"),
        TryLockError::Error(error) => within("it cannot be locked", &error),
    })?;
    let file = Arc::new(Locked(file));
    sync_directory(&path).map_err(|error| within("its directory cannot be synchronised", &error))?;
    Ok(FileStorage { path, file })
}

/// An error, with what was being done.
fn within(what: &str, error: &io::Error) -> UnusableJournal {
    UnusableJournal::Io {
        what: format!("{what}: {error}"),
        code: io_code::of(error),
    }
}

/// Synchronises the directory, so that the file's name outlasts a power cut. Done on every open, because the process that
/// created the file may have been killed before it did so.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    use std::io::ErrorKind;
    // The target of a symbolic link has its name in another directory.
    let path = path.canonicalize()?;
    let Some(directory) = path.parent() else {
        return Ok(());
    };
    let directory = match File::open(directory) {
        // A directory that can be written but not read is accepted: only a power cut would matter.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(()),
        opened => opened?,
    };
    match directory.sync_all() {
        // Some file systems (network, user space) do not support this.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Windows has no documented call for directories. `sync_data` on the file (`FlushFileBuffers`) writes its metadata, too.
#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}
