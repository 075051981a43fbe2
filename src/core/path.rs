//! Paths are made here and nowhere else: an id becomes one percent-encoded segment, or is refused.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::Failure;
use super::names::camel;

/// What stays as it is within a segment: the same characters that `encodeURIComponent` leaves alone.
pub(super) const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// A value that the caller gave where an id is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A string, or a number or bigint as JavaScript prints it.
    Text(String),
    /// Anything else, by the name that the error message gives it: `undefined`, `an object`, `NaN`.
    Unusable(&'static str),
}

/// Encodes an id as one segment of a path.
///
/// * `method`, `argument`: whose id it is, as Rust spells it; an error has JavaScript's spelling.
///
/// # Errors
/// Refuses what would silently address something else: nothing, an empty id (the collection), `.` and
/// `..` (URL parsers resolve them, encoded or not), and values that are neither text nor number.
pub fn segment(method: &str, argument: &str, id: &Id) -> Result<String, Failure> {
    let refused = |got: &str| {
        Err(Failure::input(format!(
            "{}: `{}` must be a non-empty string or a number; got {got}",
            camel(method),
            camel(argument)
        )))
    };
    match id {
        Id::Unusable(what) => refused(what),
        Id::Text(text) if text.is_empty() => refused("an empty string"),
        Id::Text(text) if text == "." || text == ".." => refused(&format!("'{text}'")),
        Id::Text(text) => Ok(utf8_percent_encode(text, SEGMENT).to_string()),
    }
}

/// A path or an address without its query and its fragment: what errors and logs may show, as filters can hold personal data.
pub fn bare(path: &str) -> &str {
    path.split(['?', '#']).next().unwrap_or_default()
}

/// Fills the `{}` places of a template with segments, in order.
///
/// ```
/// use cloudblue_connect_native::core::path::fill;
/// assert_eq!(fill("/{}/close", &["UR-1".to_string()]), "/UR-1/close");
/// ```
pub fn fill(template: &str, segments: &[String]) -> String {
    let mut path = String::with_capacity(template.len() + 40);
    let mut segments = segments.iter();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{}") {
        path.push_str(before);
        path.push_str(segments.next().map_or("", String::as_str));
        rest = after;
    }
    path.push_str(rest);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: &str) -> Result<String, Failure> {
        segment("close", "id", &Id::Text(id.to_string()))
    }

    #[test]
    fn real_ids_pass_untouched() {
        assert_eq!(
            text("UR-2021-01-2023-8696-9408-6767").unwrap(),
            "UR-2021-01-2023-8696-9408-6767"
        );
    }

    #[test]
    fn an_id_is_one_segment_whatever_it_holds() {
        assert_eq!(text("a/b?c#d e%").unwrap(), "a%2Fb%3Fc%23d%20e%25");
        assert_eq!(text("é").unwrap(), "%C3%A9");
        assert_eq!(text("...").unwrap(), "...");
        assert_eq!(text("%2e%2e").unwrap(), "%252e%252e");
    }

    #[test]
    fn ids_that_address_something_else_are_refused_by_name() {
        for bad in ["", ".", ".."] {
            let failure = text(bad).unwrap_err();
            assert!(failure.message.contains("close: `id` must be"), "{failure}");
        }
        let failure = segment("close", "id", &Id::Unusable("undefined")).unwrap_err();
        assert!(failure.message.ends_with("got undefined"), "{failure}");
    }

    #[test]
    fn templates_are_filled_in_order() {
        assert_eq!(fill("/{}/usage/{}", &["a".into(), "b".into()]), "/a/usage/b");
        assert_eq!(fill("", &[]), "");
    }
}
