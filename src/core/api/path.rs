//! Builds the paths of requests: an id becomes one percent-encoded segment, or is rejected.

use percent_encoding::utf8_percent_encode;

use crate::core::api::names::to_camel_case;
use crate::core::error::Failure;
use crate::core::percent::SEGMENT;

/// The argument of the caller for an id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Id {
    /// A string, or a number or bigint as JavaScript prints it.
    Text(String),
    /// Anything else, as the error message describes it: `undefined`, `an object`, `NaN`.
    Unusable(&'static str),
}

/// Encodes an id as one segment of a path.
///
/// * `method`, `argument`: their names in Rust; an error shows those in JavaScript.
///
/// # Errors
/// A failure of kind `Input` if the URL would be that of another object: for an empty id (the collection), for `.` and `..`,
/// which URL parsers resolve even if they are encoded, and for values that are neither strings nor numbers.
pub fn segment(method: &str, argument: &str, id: &Id) -> Result<String, Failure> {
    let invalid = |got: &str| {
        Err(Failure::input(format!(
            "{}: `{}` must be a non-empty string or a number; got {got}",
            to_camel_case(method),
            to_camel_case(argument)
        )))
    };
    match id {
        Id::Unusable(description) => invalid(description),
        Id::Text(text) if text.is_empty() => invalid("an empty string"),
        Id::Text(text) if text == "." || text == ".." => invalid(&format!("'{text}'")),
        Id::Text(text) => Ok(utf8_percent_encode(text, SEGMENT).to_string()),
    }
}

/// Replaces each `{}` of a template with the next segment.
///
/// ```
/// use cloudblue_connect_native::core::api::path::fill;
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
    fn an_id_of_connect_is_not_changed() {
        assert_eq!(
            text("UR-2021-01-2023-8696-9408-6767").unwrap(),
            "UR-2021-01-2023-8696-9408-6767"
        );
    }

    #[test]
    fn any_id_is_one_segment() {
        assert_eq!(text("a/b?c#d e%").unwrap(), "a%2Fb%3Fc%23d%20e%25");
        assert_eq!(text("é").unwrap(), "%C3%A9");
        assert_eq!(text("...").unwrap(), "...");
        assert_eq!(text("%2e%2e").unwrap(), "%252e%252e");
    }

    #[test]
    fn an_id_that_would_address_something_else_is_rejected() {
        for id in ["", ".", ".."] {
            let failure = text(id).unwrap_err();
            assert!(failure.message.contains("close: `id` must be"), "{failure}");
        }
        let failure = segment("close", "id", &Id::Unusable("undefined")).unwrap_err();
        assert!(failure.message.ends_with("got undefined"), "{failure}");
    }

    #[test]
    fn a_template_is_filled_in_order() {
        assert_eq!(fill("/{}/usage/{}", &["a".into(), "b".into()]), "/a/usage/b");
        assert_eq!(fill("", &[]), "");
    }
}
