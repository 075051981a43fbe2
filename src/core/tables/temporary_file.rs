//! A file for the time of a reading.

use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io;

/// Creates a file that only its owner can read, and that is gone as soon as it is closed, however the process ends.
///
/// # Errors
/// What creating fails with.
pub fn create() -> io::Result<File> {
    // Unpredictable, and created exclusively: another user of the directory can neither prepare nor read it.
    let process = std::process::id();
    let number = RandomState::new().hash_one(process);
    let path = std::env::temp_dir().join(format!("connect-table-{process}-{number:016x}.tmp"));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(&mut options, DELETE_ON_CLOSE);
    let file = options.open(&path)?;
    #[cfg(unix)]
    std::fs::remove_file(&path)?;
    Ok(file)
}

/// Windows removes the file when its last handle is closed (`FILE_FLAG_DELETE_ON_CLOSE`).
#[cfg(windows)]
const DELETE_ON_CLOSE: u32 = 0x0400_0000;
