//! The text of values, alike in both dialects.

use super::Filter;

/// How deep a filter may be nested. More is not useful, and a circular filter ends here.
pub const MAX_NESTING: usize = 64;

/// A value as JavaScript's `String()` prints it.
pub fn text(value: &Filter) -> String {
    match value {
        Filter::Undefined => "undefined".into(),
        Filter::Null => "null".into(),
        Filter::Bool(value) => value.to_string(),
        Filter::Text(text) | Filter::Other(text) | Filter::Date(_, text) => text.clone(),
        Filter::List(list) => list.iter().map(element).collect::<Vec<_>>().join(","),
        Filter::Map(_) => "[object Object]".into(),
    }
}

/// An element of a list as JavaScript's `Array.join` prints it: `null` and `undefined` are empty.
pub fn element(value: &Filter) -> String {
    match value {
        Filter::Undefined | Filter::Null => String::new(),
        _ => text(value),
    }
}

/// A string as an object of its characters, as `Object.keys` of JavaScript sees it.
pub fn characters(text: &str) -> Filter {
    let characters = text.chars().enumerate();
    Filter::Map(
        characters
            .map(|(index, character)| (index.to_string(), Filter::Text(character.into())))
            .collect(),
    )
}

/// Whether a value needs no quotes, as the original SDK decides it.
pub fn is_bare(text: &str) -> bool {
    let is_word = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let can_begin = |character: char| is_word(character) || "-*+\\".contains(character);
    let can_follow = |character: char| is_word(character) || ".-:+@*\\".contains(character);
    let mut characters = text.chars();
    (characters.next().is_some_and(can_begin) && characters.all(can_follow))
        || text == "null()"
        || text == "empty()"
}
