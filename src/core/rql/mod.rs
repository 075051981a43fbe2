//! RQL, the language of Connect's filters, in two dialects.
//!
//! [`Dialect::Server`] is what the server's parser reads; resources send it. [`Dialect::Original`] is, letter
//! for letter, what the original SDK makes of a filter (facts 42 to 53), part of which the server refuses;
//! `lib/connect/rql` and `buildUrl` keep it.

use std::fmt;

mod original;
mod server;
#[cfg(test)]
mod tests;
mod text;

pub use text::{MOST_NESTING, text};

/// Whose RQL is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The original SDK's.
    Original,
    /// The server's.
    Server,
}

/// A filter as the caller wrote it. Numbers and the like come as the text that JavaScript prints for them.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    /// `undefined`.
    Undefined,
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// A string.
    Text(String),
    /// A number, a bigint, or an object that is neither list nor map, as text.
    Other(String),
    /// A date: its ISO 8601 form, if it has one, and its local text.
    Date(Option<String>, String),
    /// An array.
    List(Vec<Filter>),
    /// An object: keys and values in JavaScript's order.
    Map(Vec<(String, Filter)>),
}

impl Filter {
    /// Whether the value filters nothing and is left out (fact 42).
    pub fn is_empty(&self) -> bool {
        match self {
            Filter::Undefined | Filter::Null => true,
            Filter::Text(text) => text.is_empty(),
            Filter::List(list) => list.is_empty(),
            Filter::Map(map) => map.is_empty(),
            Filter::Bool(_) | Filter::Other(_) | Filter::Date(..) => false,
        }
    }
}

/// A filter that cannot be written: where, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    place: String,
    problem: String,
}

impl FilterError {
    fn new(place: &str, problem: impl Into<String>) -> Self {
        Self {
            place: place.to_string(),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() {
            write!(f, "the filter {}", self.problem)
        } else {
            write!(f, "the filter's `{}` {}", self.place, self.problem)
        }
    }
}

impl std::error::Error for FilterError {}

/// Writes a filter as the query of a URL, without the question mark; empty if it filters nothing.
///
/// # Errors
/// Names the place in the filter, and what would be right there.
///
/// ```
/// use cloudblue_connect_native::core::rql::{Dialect, Filter, to_query};
/// let filter = Filter::Map(vec![(
///     "amount".into(),
///     Filter::Map(vec![("$gte".into(), Filter::Other("3".into()))]),
/// )]);
/// assert_eq!(to_query(&filter, Dialect::Server).unwrap(), "ge(amount,3)");
/// assert_eq!(to_query(&filter, Dialect::Original).unwrap(), "gte(amount,3)");
/// ```
pub fn to_query(filter: &Filter, dialect: Dialect) -> Result<String, FilterError> {
    match dialect {
        Dialect::Original => original::filter(filter),
        Dialect::Server => server::query(filter),
    }
}

/// Writes the operators of one field in the original's dialect: `{ $gt: 1 }` and `a` make `gt(a,1)`.
///
/// # Errors
/// As [`to_query`].
pub fn operators_to_query(operators: &Filter, field: &str) -> Result<String, FilterError> {
    original::operators(field, operators)
}

/// The path of a search: the resource's own, and the filter as its query (fact 42: none without a filter).
///
/// # Errors
/// As [`to_query`].
pub fn search_path(base: &str, filter: &Filter, dialect: Dialect) -> Result<String, FilterError> {
    let query = match (dialect, filter) {
        // Fact 52: the original takes a string for a map of its letters.
        (Dialect::Original, Filter::Text(text)) => original::filter(&text::letters(text))?,
        _ => to_query(filter, dialect)?,
    };
    Ok(if query.is_empty() {
        base.to_string()
    } else {
        format!("{base}?{query}")
    })
}
