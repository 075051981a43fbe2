//! An answer that goes to a file instead of into memory.
//!
//! It is written beside its place under another name and moved there when it is whole: whoever finds the file finds
//! all of it, and a download that fails leaves what was there before.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

use super::error::Failure;

/// Tells apart the downloads of this process that go to one place.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A file that is being written. Dropped before it is finished, it disappears.
#[derive(Debug)]
pub struct Saving {
    to: PathBuf,
    part: PathBuf,
    file: File,
    bytes: u64,
    is_done: bool,
}

impl Saving {
    /// Starts a file that will be at `to`.
    ///
    /// # Errors
    /// A failure of kind `File` with Node's code, such as `ENOENT` where the folder does not exist.
    pub async fn begin(to: &Path) -> Result<Self, Failure> {
        let mut name = to.file_name().unwrap_or_default().to_os_string();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        name.push(format!(".{}-{count}.part", std::process::id()));
        let part = to.with_file_name(name);
        let file = File::create_new(&part)
            .await
            .map_err(|error| failed(to, &error))?;
        Ok(Self {
            to: to.to_path_buf(),
            part,
            file,
            bytes: 0,
            is_done: false,
        })
    }

    /// Adds a piece.
    ///
    /// # Errors
    /// A failure of kind `File`, such as `ENOSPC`.
    pub async fn add(&mut self, piece: &[u8]) -> Result<(), Failure> {
        self.file
            .write_all(piece)
            .await
            .map_err(|error| failed(&self.to, &error))?;
        self.bytes += piece.len() as u64;
        Ok(())
    }

    /// Puts the file in its place and tells how many bytes it has.
    ///
    /// # Errors
    /// A failure of kind `File`, such as `EISDIR`.
    pub async fn finish(mut self) -> Result<u64, Failure> {
        let finished = async {
            self.file.flush().await?;
            fs::rename(&self.part, &self.to).await
        };
        finished.await.map_err(|error| failed(&self.to, &error))?;
        self.is_done = true;
        Ok(self.bytes)
    }
}

impl Drop for Saving {
    fn drop(&mut self) {
        if !self.is_done {
            // What cannot be removed stays under a name that says what it is.
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

fn failed(to: &Path, error: &std::io::Error) -> Failure {
    let failure = Failure::not_saved(&to.display().to_string(), error);
    match code(error) {
        Some(code) => failure.with_code(code),
        None => failure,
    }
}

/// Node's code for an error of a file, where it is one that people meet.
pub(super) fn code(error: &std::io::Error) -> Option<&'static str> {
    use std::io::ErrorKind;
    Some(match error.kind() {
        ErrorKind::NotFound => "ENOENT",
        // Both of what the system says of a right that is missing are one kind.
        ErrorKind::PermissionDenied if error.raw_os_error() == Some(1) => "EPERM",
        ErrorKind::PermissionDenied => "EACCES",
        ErrorKind::AlreadyExists => "EEXIST",
        ErrorKind::NotADirectory => "ENOTDIR",
        ErrorKind::IsADirectory => "EISDIR",
        ErrorKind::StorageFull => "ENOSPC",
        ErrorKind::QuotaExceeded => "EDQUOT",
        ErrorKind::FileTooLarge => "EFBIG",
        ErrorKind::ReadOnlyFilesystem => "EROFS",
        ErrorKind::InvalidFilename => "ENAMETOOLONG",
        ErrorKind::ResourceBusy => "EBUSY",
        // Of the others the numbers, which Linux and macOS share.
        _ if cfg!(unix) => match error.raw_os_error() {
            Some(5) => "EIO",
            Some(23) => "ENFILE",
            Some(24) => "EMFILE",
            _ => return None,
        },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Error, ErrorKind};

    #[test]
    fn errors_of_the_file_system_have_nodes_codes() {
        for (kind, expected) in [
            (ErrorKind::NotFound, "ENOENT"),
            (ErrorKind::PermissionDenied, "EACCES"),
            (ErrorKind::ReadOnlyFilesystem, "EROFS"),
            (ErrorKind::StorageFull, "ENOSPC"),
            (ErrorKind::QuotaExceeded, "EDQUOT"),
            (ErrorKind::IsADirectory, "EISDIR"),
            (ErrorKind::NotADirectory, "ENOTDIR"),
            (ErrorKind::InvalidFilename, "ENAMETOOLONG"),
        ] {
            assert_eq!(code(&kind.into()), Some(expected));
        }
        assert_eq!(code(&ErrorKind::Other.into()), None);
        if cfg!(target_os = "linux") {
            let numbers = [
                (1, "EPERM"),
                (5, "EIO"),
                (13, "EACCES"),
                (24, "EMFILE"),
                (28, "ENOSPC"),
                (30, "EROFS"),
            ];
            for (number, expected) in numbers {
                assert_eq!(
                    code(&Error::from_raw_os_error(number)),
                    Some(expected),
                    "{number}"
                );
            }
        }
    }
}
