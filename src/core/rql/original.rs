//! The original SDK's dialect, kept letter for letter: facts 42 to 52. Nothing is percent-encoded (fact 53).

use super::text::{element, is_bare, letters, text};
use super::{Filter, FilterError};

type Query = Result<String, FilterError>;

/// A whole filter: one piece per key, joined by `&`.
pub fn filter(filter: &Filter) -> Query {
    join(pairs(filter).iter().map(|(key, value)| piece(key, value)))
}

/// The operators of one field.
pub fn operators(field: &str, operators: &Filter) -> Query {
    join(
        pairs(operators)
            .iter()
            .map(|(name, value)| operator(field, name, value)),
    )
}

/// What of a filter is gone through: an array by index, anything but objects not at all.
fn pairs(filter: &Filter) -> Vec<(String, &Filter)> {
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

fn join(pieces: impl Iterator<Item = Query>) -> Query {
    let mut query = String::new();
    for piece in pieces {
        let piece = piece?;
        if !query.is_empty() && !piece.is_empty() {
            query.push('&');
        }
        query.push_str(&piece);
    }
    Ok(query)
}

/// One key of a filter.
fn piece(key: &str, value: &Filter) -> Query {
    if value.is_empty() {
        return Ok(String::new());
    }
    match (key, value) {
        ("$or", Filter::List(parts)) => either(parts.iter().map(filter)),
        ("$and", Filter::List(parts)) => both(parts.iter().map(filter)),
        // Texts are gone through letter by letter, and no letter is a filter.
        ("$or" | "$and", value) if !matches!(value, Filter::Map(_)) => Ok(String::new()),
        (_, Filter::Map(_)) => operators(key, value),
        ("$select" | "$ordering", _) => Ok(format!("{}({})", key.trim_start_matches('$'), values(value))),
        _ => Ok(format!("{key}={}", values(value))),
    }
}

/// One operator of a field.
fn operator(field: &str, name: &str, value: &Filter) -> Query {
    if value.is_empty() {
        return Ok(String::new());
    }
    let plain = name.strip_prefix('$').unwrap_or(name);
    match name {
        "$or" | "$and" => alternatives(field, name, value),
        "$not" => negated(field, value),
        "$in" | "$out" => Ok(format!("{plain}({field},({}))", values(value))),
        "$like" | "$ilike" => match value {
            Filter::Text(pattern) => Ok(format!(
                "{plain}({field},{})",
                quote(&format!("*{}*", pattern.replace('*', "\\*")))
            )),
            Filter::Other(_) => Ok(format!(
                "{plain}({field},{})",
                quote(&format!("*{}*", text(value).replace('*', "\\*")))
            )),
            _ => Err(FilterError::new(&format!("{field}.{name}"), "must be a string")),
        },
        "$range" => Ok(format!(
            "range({field},{},{})",
            bound(value, "min"),
            bound(value, "max")
        )),
        _ => Ok(format!("{plain}({field},{})", values(value))),
    }
}

fn alternatives(field: &str, name: &str, value: &Filter) -> Query {
    let letters = match value {
        Filter::Text(text) => pairs(&letters(text))
            .into_iter()
            .map(|(_, letter)| letter.clone())
            .collect(),
        Filter::List(parts) => parts.clone(),
        Filter::Map(_) => return Err(FilterError::new(&format!("{field}.{name}"), "must be an array")),
        _ => Vec::new(),
    };
    let parts = letters.iter().map(|part| match part {
        Filter::Map(_) => operators(field, part),
        _ => piece(field, part),
    });
    if name == "$or" { either(parts) } else { both(parts) }
}

/// One `not(...)` per condition (fact 50).
fn negated(field: &str, value: &Filter) -> Query {
    match value {
        Filter::List(parts) => join(parts.iter().map(|part| match part {
            Filter::Map(_) => negated(field, part),
            _ => Ok(String::new()),
        })),
        Filter::Map(map) => join(map.iter().map(|(name, value)| {
            let inner = operator(field, name, value)?;
            Ok(if inner.is_empty() {
                inner
            } else {
                format!("not({inner})")
            })
        })),
        _ => Ok(String::new()),
    }
}

/// Nests to the left: `(((A)|(B))|(C))`; a first part that is empty leaves its brackets behind.
fn either(parts: impl Iterator<Item = Query>) -> Query {
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

fn both(parts: impl Iterator<Item = Query>) -> Query {
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
    let found = match value {
        Filter::Map(map) => map.iter().find(|(key, _)| key == name).map(|(_, value)| value),
        _ => None,
    };
    text(found.unwrap_or(&Filter::Undefined))
}

/// A value, or the values of a list joined by commas, each quoted where it needs it.
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

/// Quotes do not care for quotes within (fact 44).
fn quote(text: &str) -> String {
    if is_bare(text) {
        text.to_string()
    } else {
        format!("\"{text}\"")
    }
}
