//! RQL, the language of Connect's filters, in two dialects.
//!
//! [`Dialect::Server`] is what the server's parser accepts; resources send it. [`Dialect::Original`] is byte for byte what the
//! original SDK writes, including queries that the server rejects; `lib/connect/rql` and `buildUrl` write it.

use std::fmt;

mod original;
mod server;
#[cfg(test)]
mod tests;
mod text;

pub use text::{MAX_NESTING, text};

/// The dialect of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// That of the original SDK.
    Original,
    /// That of the server.
    Server,
}

/// A filter as the caller wrote it. Numbers are the text that JavaScript prints for them.
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
    /// A number, a bigint, or an object that is neither an array nor a plain object, as text.
    Other(String),
    /// A date: its ISO 8601 text, if it is valid, and its local text.
    Date(Option<String>, String),
    /// An array.
    List(Vec<Filter>),
    /// A plain object: keys and values in JavaScript's order.
    Map(Vec<(String, Filter)>),
}

impl Filter {
    /// Whether the value is left out of the query, as in the original SDK.
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

/// A filter that cannot be written: the path in the filter, and the problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterError {
    path: String,
    problem: String,
}

impl FilterError {
    fn new(path: &str, problem: impl Into<String>) -> Self {
        Self {
            path: path.to_string(),
            problem: problem.into(),
        }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            write!(f, "the filter {}", self.problem)
        } else {
            write!(f, "the filter's `{}` {}", self.path, self.problem)
        }
    }
}

impl std::error::Error for FilterError {}

/// Writes a filter as the query of a URL, without the question mark; empty for an empty filter.
///
/// # Errors
/// Names the path in the filter and what is expected there.
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

/// Writes the operators of one field in the original's dialect: `{ $gt: 1 }` for `a` becomes `gt(a,1)`.
///
/// # Errors
/// As [`to_query`].
pub fn operators_to_query(operators: &Filter, field: &str) -> Result<String, FilterError> {
    original::operators(field, operators)
}

/// The path of a search: that of the resource, with the filter as its query if it is not empty.
///
/// # Errors
/// As [`to_query`].
pub fn search_path(base: &str, filter: &Filter, dialect: Dialect) -> Result<String, FilterError> {
    let query = match (dialect, filter) {
        // The original SDK treats a string as an object of its characters.
        (Dialect::Original, Filter::Text(text)) => original::filter(&text::characters(text))?,
        _ => to_query(filter, dialect)?,
    };
    Ok(if query.is_empty() {
        base.to_string()
    } else {
        format!("{base}?{query}")
    })
}
