//! Node's codes for file system errors.

/// Node's code for an I/O error, if it is a common one.
pub fn of(error: &std::io::Error) -> Option<&'static str> {
    use std::io::ErrorKind;
    Some(match error.kind() {
        ErrorKind::NotFound => "ENOENT",
        // Rust maps both EPERM and EACCES to this kind.
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
        // These have no kind; the numbers are the same on Linux and macOS.
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
    fn file_system_errors_have_nodes_codes() {
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
            assert_eq!(of(&kind.into()), Some(expected));
        }
        assert_eq!(of(&ErrorKind::Other.into()), None);
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
                assert_eq!(of(&Error::from_raw_os_error(number)), Some(expected), "{number}");
            }
        }
    }
}
