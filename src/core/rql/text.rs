//! Values as text.

use super::Filter;

/// How deep a filter may nest; nobody means more, and a circle ends here.
pub const MOST_NESTING: usize = 64;

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

/// A value within a list: nothing prints as nothing there.
pub fn element(value: &Filter) -> String {
    match value {
        Filter::Undefined | Filter::Null => String::new(),
        _ => text(value),
    }
}

/// A string as the map of its letters.
pub fn letters(text: &str) -> Filter {
    let letters = text.chars().enumerate();
    Filter::Map(
        letters
            .map(|(index, letter)| (index.to_string(), Filter::Text(letter.into())))
            .collect(),
    )
}

/// Whether a value needs no quotes (fact 44).
pub fn is_bare(text: &str) -> bool {
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let mut letters = text.chars();
    let first = letters
        .next()
        .is_some_and(|letter| word(letter) || "-*+\\".contains(letter));
    let rest = |letter: char| word(letter) || ".-:+@*\\".contains(letter);
    (first && letters.all(rest)) || text == "null()" || text == "empty()"
}
