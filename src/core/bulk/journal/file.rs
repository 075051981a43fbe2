//! A journal in a file.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::storage::{Pending, Storage, Unusable};
use crate::core::save;

/// A file that is locked: two runs cannot write one journal.
#[derive(Debug)]
pub struct FileStorage {
    path: PathBuf,
    file: Arc<Locked>,
}

/// Gives the lock back by itself. Closing the file would too, but Windows takes its time over that, and elsewhere a child
/// process that is just being started has the file open as well.
#[derive(Debug)]
struct Locked(File);

impl Drop for Locked {
    fn drop(&mut self) {
        // It is closed next, which is the other way to give it back.
        let _ = self.0.unlock();
    }
}

impl FileStorage {
    /// Opens a file, or makes it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn open(path: &Path) -> Result<Self, Unusable> {
        let path = path.to_path_buf();
        tokio::task::spawn_blocking(move || open(path))
            .await
            .unwrap_or_else(|error| Err(io::Error::other(error).into()))
    }

    /// Does something with the file where waiting for the disk holds up nobody else.
    fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut &File) -> io::Result<T> + Send + 'static,
    ) -> Pending<'_, T> {
        let file = self.file.clone();
        Box::pin(async move {
            tokio::task::spawn_blocking(move || work(&mut &file.0))
                .await
                .unwrap_or_else(|error| Err(io::Error::other(error)))
        })
    }
}

impl Storage for FileStorage {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    fn read(&mut self, at: u64, most: usize) -> Pending<'_, Vec<u8>> {
        self.work(move |file| {
            let mut bytes = Vec::with_capacity(most);
            file.seek(SeekFrom::Start(at))?;
            file.take(most as u64).read_to_end(&mut bytes)?;
            Ok(bytes)
        })
    }

    fn append(&mut self, bytes: Vec<u8>) -> Pending<'_, ()> {
        self.work(move |file| {
            file.seek(SeekFrom::End(0))?;
            file.write_all(&bytes)
        })
    }

    fn sync(&mut self) -> Pending<'_, ()> {
        self.work(|file| file.sync_data())
    }

    fn truncate(&mut self, length: u64) -> Pending<'_, ()> {
        self.work(move |file| file.set_len(length))
    }
}

fn open(path: PathBuf) -> Result<FileStorage, Unusable> {
    match path.metadata() {
        Ok(found) if found.is_dir() => return Err(Unusable::refused("it is a directory", "EISDIR")),
        // A device or a pipe has no end to read up to.
        Ok(found) if !found.is_file() => return Err(Unusable::refused("it is no file", "EINVAL")),
        _ => {}
    }
    // Not for appending: Windows does not let a file be cut that was opened so.
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)?;
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => Unusable::refused("another run is writing it", "EBUSY"),
        TryLockError::Error(error) => within("it cannot be locked", &error),
    })?;
    let file = Arc::new(Locked(file));
    sync_directory(&path).map_err(|error| within("its directory cannot be synchronised", &error))?;
    Ok(FileStorage { path, file })
}

/// What an error came up within.
fn within(what: &str, error: &io::Error) -> Unusable {
    Unusable::Io {
        what: format!("{what}: {error}"),
        code: save::code(error),
    }
}

/// Waits until the file's name is on the disk: else a file that was just made may be gone after a power cut, and with it
/// what was synchronised. Each time, for whoever made the file may have been killed before.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    use std::io::ErrorKind;
    // A link's file has its name elsewhere.
    let path = path.canonicalize()?;
    let Some(directory) = path.parent() else {
        return Ok(());
    };
    let directory = match File::open(directory) {
        // A directory that may be written but not read can be used; what is lost is a power cut's worth.
        Err(error) if error.kind() == ErrorKind::PermissionDenied => return Ok(()),
        opened => opened?,
    };
    match directory.sync_all() {
        // Some file systems (over a network, in user space) have no such call.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

/// Windows documents no such call for a directory: what `sync_data` does for the file (`FlushFileBuffers`, which writes its
/// metadata, too) has to do.
#[cfg(not(unix))]
fn sync_directory(_path: &Path) -> io::Result<()> {
    Ok(())
}
