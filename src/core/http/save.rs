//! Saves the body of a response to a file, as [`crate::core::file_target`] does: a download that fails leaves an existing file as
//! it was.

use std::io;
use std::path::{Path, PathBuf};

use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::task::spawn_blocking;

use crate::core::error::Failure;
use crate::core::file_target::FileTarget;
use crate::core::io_code;

/// A file that is being written. If it is dropped before it is finished, nothing is left of it.
#[derive(Debug)]
pub struct SavedFile {
    path: PathBuf,
    file: File,
    target: FileTarget,
    bytes: u64,
}

impl SavedFile {
    /// Creates the temporary file for `path`.
    ///
    /// # Errors
    /// A failure of kind `File` with Node's code, such as `ENOENT` if the directory does not exist.
    pub async fn create(path: &Path) -> Result<Self, Failure> {
        let path = path.to_path_buf();
        let created = blocking({
            let path = path.clone();
            move || FileTarget::create(&path)
        });
        let (file, target) = created.await.map_err(|error| not_saved(&path, &error))?;
        Ok(Self {
            path,
            file: File::from_std(file),
            target,
            bytes: 0,
        })
    }

    /// Writes a chunk. When it returns nothing is being written any more: a download that fails then can close the file at
    /// once, and Windows keeps the name of a file that is removed until it is closed.
    ///
    /// # Errors
    /// A failure of kind `File`, such as `ENOSPC`.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        let written = async {
            self.file.write_all(chunk).await?;
            self.file.flush().await
        };
        written.await.map_err(|error| not_saved(&self.path, &error))?;
        self.bytes += chunk.len() as u64;
        Ok(())
    }

    /// Gives the file its name and returns its size in bytes.
    ///
    /// # Errors
    /// A failure of kind `File`, such as `EISDIR`.
    pub async fn finish(self) -> Result<u64, Failure> {
        let target = self.target;
        let renamed = blocking(|| target.rename()).await;
        renamed.map_err(|error| not_saved(&self.path, &error))?;
        Ok(self.bytes)
    }
}

/// Runs what blocks on a thread that may be blocked.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await?
}

fn not_saved(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::not_saved(&path.display().to_string(), error);
    match io_code::of(error) {
        Some(code) => failure.with_code(code),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_chunk_is_in_the_file_when_it_is_written_and_a_file_that_is_dropped_is_gone() {
        let path = std::env::temp_dir().join(format!("connect-save-{}", std::process::id()));
        let mut saved = SavedFile::create(&path).await.unwrap();
        let temporary_path = saved.target.temporary_path().to_path_buf();
        // So large that writing takes longer than looking.
        let chunk = vec![7; 1 << 20];
        for count in 1..=16 {
            saved.write(&chunk).await.unwrap();
            let size = std::fs::metadata(&temporary_path).unwrap().len();
            assert_eq!(size, count << 20);
        }
        drop(saved);
        assert!(!temporary_path.exists());
        assert!(!path.exists());
    }
}
