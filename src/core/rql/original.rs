//! The dialect of the original SDK, byte for byte, with its quirks. Nothing is percent-encoded.

use super::text::{characters, element, is_bare, text};
use super::{Filter, FilterError};

type Query = Result<String, FilterError>;

/// A whole filter: one condition per key, joined by `&`.
pub fn filter(filter: &Filter) -> Query {
    join(entries(filter).iter().map(|(key, value)| condition(key, value)))
}

/// The operators of one field.
pub fn operators(field: &str, operators: &Filter) -> Query {
    join(
        entries(operators)
            .iter()
            .map(|(name, value)| operator(field, name, value)),
    )
}

/// The entries of an object, or of an array by index; none for other values.
fn entries(filter: &Filter) -> Vec<(String, &Filter)> {
    match filter {
        Filter::Map(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Filter::List(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| (index.to_string(), value))
            .collect(),
        _ => Vec::new(),
    }
}

fn join(conditions: impl Iterator<Item = Query>) -> Query {
    let mut query = String::new();
    for condition in conditions {
        let condition = condition?;
        if !query.is_empty() && !condition.is_empty() {
            query.push('&');
        }
        query.push_str(&condition);
    }
    Ok(query)
}

/// The condition of one key of a filter.
fn condition(key: &str, value: &Filter) -> Query {
    if value.is_empty() {
        return Ok(String::new());
    }
    match (key, value) {
        ("$or", Filter::List(parts)) => any_of(parts.iter().map(filter)),
        ("$and", Filter::List(parts)) => all_of(parts.iter().map(filter)),
        // A string is treated as the list of its characters, none of which is a filter.
        ("$or" | "$and", value) if !matches!(value, Filter::Map(_)) => Ok(String::new()),
        (_, Filter::Map(_)) => operators(key, value),
        ("$select" | "$ordering", _) => Ok(format!("{}({})", key.trim_start_matches('$'), values(value))),
        _ => Ok(format!("{key}={}", values(value))),
    }
}

/// The condition of one operator of a field.
fn operator(field: &str, name: &str, value: &Filter) -> Query {
    if value.is_empty() {
        return Ok(String::new());
    }
    let operator = name.strip_prefix('$').unwrap_or(name);
    match name {
        "$or" | "$and" => alternatives(field, name, value),
        "$not" => negated(field, value),
        "$in" | "$out" => Ok(format!("{operator}({field},({}))", values(value))),
        "$like" | "$ilike" => match value {
            Filter::Text(_) | Filter::Other(_) => Ok(format!(
                "{operator}({field},{})",
                quote(&format!("*{}*", text(value).replace('*', "\\*")))
            )),
            _ => Err(FilterError::new(&format!("{field}.{name}"), "must be a string")),
        },
        "$range" => Ok(format!(
            "range({field},{},{})",
            bound(value, "min"),
            bound(value, "max")
        )),
        _ => Ok(format!("{operator}({field},{})", values(value))),
    }
}

fn alternatives(field: &str, name: &str, value: &Filter) -> Query {
    let parts = match value {
        Filter::Text(text) => entries(&characters(text))
            .into_iter()
            .map(|(_, character)| character.clone())
            .collect(),
        Filter::List(parts) => parts.clone(),
        Filter::Map(_) => return Err(FilterError::new(&format!("{field}.{name}"), "must be an array")),
        _ => Vec::new(),
    };
    let conditions = parts.iter().map(|part| match part {
        Filter::Map(_) => operators(field, part),
        _ => condition(field, part),
    });
    if name == "$or" {
        any_of(conditions)
    } else {
        all_of(conditions)
    }
}

/// One `not(...)` per condition.
fn negated(field: &str, value: &Filter) -> Query {
    match value {
        Filter::List(parts) => join(parts.iter().map(|part| match part {
            Filter::Map(_) => negated(field, part),
            _ => Ok(String::new()),
        })),
        Filter::Map(map) => join(map.iter().map(|(name, value)| {
            let condition = operator(field, name, value)?;
            Ok(if condition.is_empty() {
                condition
            } else {
                format!("not({condition})")
            })
        })),
        _ => Ok(String::new()),
    }
}

/// Nested to the left: `(((A)|(B))|(C))`. If the first part is empty, its parentheses remain.
fn any_of(parts: impl Iterator<Item = Query>) -> Query {
    let mut query: Option<String> = None;
    for part in parts {
        let part = part?;
        query = Some(match (query, part.is_empty()) {
            (None, true) => String::new(),
            (None, false) => format!("({part})"),
            (Some(before), true) => before,
            (Some(before), false) if before.is_empty() => format!("(({part}))"),
            (Some(before), false) => format!("({before}|({part}))"),
        });
    }
    Ok(query.unwrap_or_default())
}

fn all_of(parts: impl Iterator<Item = Query>) -> Query {
    join(parts.map(|part| {
        part.map(|part| {
            if part.is_empty() {
                part
            } else {
                format!("({part})")
            }
        })
    }))
}

fn bound(value: &Filter, name: &str) -> String {
    let bound = match value {
        Filter::Map(map) => map.iter().find(|(key, _)| key == name).map(|(_, value)| value),
        _ => None,
    };
    text(bound.unwrap_or(&Filter::Undefined))
}

/// A value, or the values of a list joined by commas, each with quotes if it needs them.
fn values(value: &Filter) -> String {
    match value {
        Filter::List(list) => list.iter().map(quoted).collect::<Vec<_>>().join(","),
        _ => quoted(value),
    }
}

fn quoted(value: &Filter) -> String {
    match value {
        Filter::Undefined | Filter::Null => String::new(),
        _ => quote(&element(value)),
    }
}

/// Quotes within the text are not escaped.
fn quote(text: &str) -> String {
    if is_bare(text) {
        text.to_string()
    } else {
        format!("\"{text}\"")
    }
}
