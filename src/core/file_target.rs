//! A file that is replaced as a whole: it is written under a temporary name beside, and renamed when it is complete, so that it is
//! never visible while incomplete, and the old one stays as it was if writing fails.

use std::fs::{self, File, Permissions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Makes the temporary names of this process unique.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// A file that is being written. If it is dropped before it has its name, the temporary file is removed.
#[derive(Debug)]
pub struct FileTarget {
    /// Where a symbolic link leads: the link stays.
    path: PathBuf,
    temporary_path: PathBuf,
    is_renamed: bool,
}

impl FileTarget {
    /// Creates the temporary file, with the permissions of the file that it will replace.
    ///
    /// # Errors
    /// If the target is a folder, a pipe or a device, or read-only, or if the file cannot be created.
    pub fn create(path: &Path) -> io::Result<(File, Self)> {
        let (path, permissions) = resolve(path)?;
        let mut name = path.file_name().unwrap_or_default().to_os_string();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        name.push(format!(".{}-{count}.part", std::process::id()));
        let temporary_path = path.with_file_name(name);
        let file = File::create_new(&temporary_path)?;
        let target = Self {
            path,
            temporary_path,
            is_renamed: false,
        };
        if let Some(permissions) = permissions {
            fs::set_permissions(&target.temporary_path, permissions)?;
        }
        Ok((file, target))
    }

    /// Where it is while it is being written.
    #[cfg(test)]
    pub fn temporary_path(&self) -> &Path {
        &self.temporary_path
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// What renaming fails with.
    pub fn rename(mut self) -> io::Result<()> {
        fs::rename(&self.temporary_path, &self.path)?;
        self.is_renamed = true;
        Ok(())
    }
}

/// Where to write, and the permissions of what is there.
fn resolve(path: &Path) -> io::Result<(PathBuf, Option<Permissions>)> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((path.to_path_buf(), None)),
        Err(error) => return Err(error),
    };
    let permissions = metadata.permissions();
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is a pipe or a device, not a file"));
    }
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok((fs::canonicalize(path)?, Some(permissions)))
}

impl Drop for FileTarget {
    fn drop(&mut self) {
        if !self.is_renamed {
            // If it cannot be removed it stays, with `.part` in its name.
            let _ = fs::remove_file(&self.temporary_path);
        }
    }
}
