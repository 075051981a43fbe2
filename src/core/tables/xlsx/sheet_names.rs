//! The names of sheets that are written.

use std::collections::HashSet;

use super::text::excerpt;
use crate::core::error::Failure;

/// The most characters of a name, in UTF-16 units, as Excel counts.
const MAX_CHARACTERS: usize = 31;

/// What a name must not have.
const FORBIDDEN: [char; 7] = [':', '\\', '/', '?', '*', '[', ']'];

/// Refuses what Excel does not allow.
///
/// # Errors
/// A failure of kind `Input` that shows the name.
pub fn check(names: &[&str]) -> Result<(), Failure> {
    if names.is_empty() {
        return Err(Failure::input("a workbook must have at least one sheet"));
    }
    let mut known = HashSet::new();
    for name in names {
        let shown = excerpt(name, 40);
        if let Some(wants) = refuse(name) {
            return Err(Failure::input(format!(
                "the name of a sheet must {wants}; got '{shown}'"
            )));
        }
        if !known.insert(name.trim().to_lowercase()) {
            return Err(Failure::input(format!(
                "two sheets must not have the same name, in any case; got '{shown}' twice"
            )));
        }
    }
    Ok(())
}

/// What a name must be instead.
fn refuse(name: &str) -> Option<String> {
    let length = name.encode_utf16().count();
    if name.trim().is_empty() || length > MAX_CHARACTERS {
        return Some(format!("have 1 to {MAX_CHARACTERS} characters"));
    }
    if name.contains(FORBIDDEN) {
        return Some(r"have none of : \ / ? * [ ]".into());
    }
    if name.chars().any(char::is_control) {
        return Some("have no control characters".into());
    }
    if name.starts_with('\'') || name.ends_with('\'') {
        return Some("not begin or end with an apostrophe".into());
    }
    // Excel keeps the name for itself.
    name.eq_ignore_ascii_case("history")
        .then(|| "not be History".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_as_excel_does() {
        let longest = "x".repeat(31);
        for names in [
            &["records"][..],
            &[&longest],
            &["Bob's \"<&>\" 100% {x}", "usage_records", "Übersicht"],
        ] {
            check(names).unwrap();
        }
        let longer = "😀".repeat(16);
        for (names, says) in [
            (&[][..], "at least one sheet"),
            (&[""], "1 to 31 characters; got ''"),
            (&[" "], "1 to 31 characters"),
            (&[&longer], "1 to 31 characters"),
            (&["a:b"], r"none of : \ / ? * [ ]; got 'a:b'"),
            (&["a", "b]"], "none of"),
            (&["a\n"], "no control characters"),
            (&["'a"], "apostrophe"),
            (&["history"], "not be History"),
            (&["Usage", "x", "usage "], "got 'usage ' twice"),
        ] {
            let message = check(names).unwrap_err().message;
            assert!(message.contains(says), "{message}");
        }
    }
}
