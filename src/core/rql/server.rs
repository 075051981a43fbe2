//! The dialect of the server. A filter that it cannot express is rejected with the path in the filter, instead of by the server
//! with a 400.

use super::text::{is_bare, text};
use super::{Filter, FilterError};

type Query = Result<String, FilterError>;

/// The operators that take one value, with their names on the server, which does not know `gte` and `lte`.
const COMPARISONS: &[(&str, &str)] = &[
    ("eq", "eq"),
    ("ne", "ne"),
    ("gt", "gt"),
    ("ge", "ge"),
    ("lt", "lt"),
    ("le", "le"),
    ("gte", "ge"),
    ("lte", "le"),
];

/// `t` begins a tuple in the server's grammar: it rejects `t=1` and `a=t`, but accepts `eq(t,"t")`.
const TUPLE: &str = "t";

const OPERATORS: &str = "$eq, $ne, $gt, $ge, $gte, $lt, $le, $lte, $like, $ilike, $in, $out, $range, $null, $empty, $not, $or or $and";

const EXPECTED_OBJECT: &str = "must be an object, such as { status: 'approved' }";

/// The query of a filter.
pub fn query(filter: &Filter) -> Query {
    match filter {
        Filter::Undefined | Filter::Null => Ok(String::new()),
        Filter::Map(_) => Ok(encode(&conditions("", filter)?.join("&"))),
        _ => Err(FilterError::new("", EXPECTED_OBJECT)),
    }
}

/// Percent-encodes what would otherwise be changed: the server decodes once, and URL parsers cut at `#` and drop line breaks.
/// The rest is left to the URL parser, so that adapters see a readable filter.
fn encode(query: &str) -> String {
    let mut encoded = String::with_capacity(query.len());
    for character in query.chars() {
        match character {
            '%' | '#' | '\0'..='\x1f' | '\x7f' => encoded.push_str(&format!("%{:02X}", u32::from(character))),
            _ => encoded.push(character),
        }
    }
    encoded
}

/// The conditions of a filter, all of which must hold.
fn conditions(path: &str, filter: &Filter) -> Result<Vec<String>, FilterError> {
    let Filter::Map(map) = filter else {
        return Err(FilterError::new(path, EXPECTED_OBJECT));
    };
    let mut all = Vec::new();
    for (key, value) in map {
        if value.is_empty() {
            continue;
        }
        let path = child_path(path, key);
        let part_conditions = |(name, part): (String, Filter)| conditions(&child_path(&path, &name), &part);
        let joined = |part| Ok(part_conditions(part)?.join("&"));
        match key.as_str() {
            "$or" => all.extend(any_of(parts(value).map(joined))?),
            "$and" => all.extend(all_of(parts(value).map(joined))?),
            "$not" => {
                for part in parts(value) {
                    for condition in part_conditions(part)? {
                        all.push(negate(&path, &condition)?);
                    }
                }
            }
            "$select" | "$ordering" => {
                let names = values(&path, value, name_in_list)?.join(",");
                all.push(format!("{}({names})", key.trim_start_matches('$')));
            }
            _ if key.starts_with('$') => {
                return Err(FilterError::new(
                    &path,
                    "is not a top-level operator; use $or, $and, $not, $select or $ordering",
                ));
            }
            _ => all.extend(field(&path, field_name(&path, key)?, value)?),
        }
    }
    Ok(all)
}

/// The conditions on one field.
fn field(path: &str, name: &str, value: &Filter) -> Result<Vec<String>, FilterError> {
    match value {
        Filter::Map(operators) => {
            let mut all = Vec::new();
            for (key, value) in operators {
                if !value.is_empty() {
                    all.extend(operator(&child_path(path, key), name, key, value)?);
                }
            }
            Ok(all)
        }
        // The original SDK writes `a=x,y`, which the server rejects; it can only mean one of the values.
        Filter::List(_) => Ok(vec![format!(
            "in({name},({}))",
            values(path, value, quote)?.join(",")
        )]),
        _ => Ok(vec![equal(name, &quote(path, value)?)]),
    }
}

fn equal(name: &str, value: &str) -> String {
    if name == TUPLE {
        format!("eq({name},{value})")
    } else {
        format!("{name}={value}")
    }
}

/// The conditions of one operator of a field.
fn operator(path: &str, name: &str, key: &str, value: &Filter) -> Result<Vec<String>, FilterError> {
    let operator = key.strip_prefix('$').unwrap_or(key);
    if let Some((_, server)) = COMPARISONS.iter().find(|(ours, _)| *ours == operator) {
        return Ok(vec![format!("{server}({name},{})", quote(path, value)?)]);
    }
    let part_conditions =
        |(part_name, part): (String, Filter)| field(&child_path(path, &part_name), name, &part);
    let joined = |(part_name, part): (String, Filter)| {
        if part.is_empty() {
            return Ok(String::new());
        }
        Ok(part_conditions((part_name, part))?.join("&"))
    };
    match operator {
        "in" | "out" => Ok(vec![format!(
            "{operator}({name},({}))",
            values(path, value, quote)?.join(",")
        )]),
        "like" | "ilike" => Ok(vec![format!("{operator}({name},{})", pattern(path, value)?)]),
        "range" => range(path, name, value),
        "null" | "empty" => match value {
            Filter::Bool(true) => Ok(vec![equal(name, &format!("{operator}()"))]),
            Filter::Bool(false) => Ok(vec![format!("ne({name},{operator}())")]),
            _ => Err(FilterError::new(path, "must be true or false")),
        },
        "or" => Ok(any_of(parts(value).map(joined))?.into_iter().collect()),
        "and" => Ok(all_of(parts(value).map(joined))?.into_iter().collect()),
        "not" => {
            let mut all = Vec::new();
            for part in parts(value) {
                for condition in part_conditions(part)? {
                    all.push(negate(path, &condition)?);
                }
            }
            Ok(all)
        }
        _ => Err(FilterError::new(
            path,
            format!("is not a known operator; use {OPERATORS}"),
        )),
    }
}

/// The parts of `$or`, `$and` and `$not`: the elements of an array, or the entries of an object.
fn parts(value: &Filter) -> Box<dyn Iterator<Item = (String, Filter)> + '_> {
    match value {
        Filter::List(list) => Box::new(
            list.iter()
                .enumerate()
                .map(|(index, part)| (index.to_string(), part.clone())),
        ),
        Filter::Map(map) => Box::new(
            map.iter()
                .map(|(key, part)| (String::new(), Filter::Map(vec![(key.clone(), part.clone())]))),
        ),
        _ => Box::new(std::iter::once((String::new(), value.clone()))),
    }
}

/// Nested to the left, as the original SDK writes it: `(((A)|(B))|(C))`.
fn any_of(parts: impl Iterator<Item = Query>) -> Result<Option<String>, FilterError> {
    let mut query: Option<String> = None;
    for part in parts {
        let part = part?;
        if !part.is_empty() {
            query = Some(query.map_or_else(|| format!("({part})"), |query| format!("({query}|({part}))")));
        }
    }
    Ok(query)
}

fn all_of(parts: impl Iterator<Item = Query>) -> Result<Option<String>, FilterError> {
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let parts: Vec<_> = parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| format!("({part})"))
        .collect();
    Ok((!parts.is_empty()).then(|| parts.join("&")))
}

/// The server can negate a single condition only.
fn negate(path: &str, condition: &str) -> Query {
    if condition.starts_with('(') || condition.starts_with("not(") {
        return Err(FilterError::new(
            path,
            "can only negate a single condition; negate each condition instead",
        ));
    }
    Ok(format!("not({condition})"))
}

fn range(path: &str, name: &str, value: &Filter) -> Result<Vec<String>, FilterError> {
    let Filter::Map(bounds) = value else {
        return Err(FilterError::new(path, "must be { min, max }"));
    };
    let mut all = Vec::new();
    for (key, bound) in bounds {
        let server = match key.as_str() {
            "min" => "ge",
            "max" => "le",
            _ => {
                return Err(FilterError::new(
                    &child_path(path, key),
                    "is not known; a range takes min and max",
                ));
            }
        };
        if !bound.is_empty() {
            all.push(format!(
                "{server}({name},{})",
                quote(&child_path(path, key), bound)?
            ));
        }
    }
    if all.is_empty() {
        Err(FilterError::new(path, "must have min, max or both"))
    } else {
        Ok(all)
    }
}

/// `*text*`, with the stars of the text escaped.
fn pattern(path: &str, value: &Filter) -> Query {
    let text = scalar(path, value)?.replace('*', "\\*");
    quote_text(path, &format!("*{text}*"))
}

fn values(path: &str, value: &Filter, write: fn(&str, &Filter) -> Query) -> Result<Vec<String>, FilterError> {
    match value {
        Filter::List(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| write(&format!("{path}[{index}]"), value))
            .collect(),
        _ => Ok(vec![write(path, value)?]),
    }
}

fn quote(path: &str, value: &Filter) -> Query {
    match scalar(path, value)? {
        text if text == TUPLE => Ok(format!("\"{text}\"")),
        text => quote_text(path, &text),
    }
}

/// A name in `$select` or `$ordering`, where `t` is a name like any other.
fn name_in_list(path: &str, value: &Filter) -> Query {
    quote_text(path, &scalar(path, value)?)
}

/// The text of a single value.
fn scalar(path: &str, value: &Filter) -> Query {
    match value {
        Filter::Date(Some(iso), _) => Ok(iso.clone()),
        Filter::Date(None, _) => Err(FilterError::new(path, "is not a valid date")),
        Filter::Undefined | Filter::Null => Err(FilterError::new(
            path,
            "has no value; use $null to match missing values",
        )),
        Filter::List(_) | Filter::Map(_) => Err(FilterError::new(
            path,
            "must be a single value: a string, a number, a boolean or a Date",
        )),
        _ => Ok(text(value)),
    }
}

/// The server has no escape for quotes, so a text with both kinds cannot be sent.
fn quote_text(path: &str, text: &str) -> Query {
    match (is_bare(text), text.contains('"'), text.contains('\'')) {
        (true, ..) => Ok(text.to_string()),
        (false, true, true) => Err(FilterError::new(
            path,
            "contains both ' and \", which RQL cannot express",
        )),
        (false, true, false) => Ok(format!("'{text}'")),
        (false, false, _) => Ok(format!("\"{text}\"")),
    }
}

fn field_name<'a>(path: &str, key: &'a str) -> Result<&'a str, FilterError> {
    let is_allowed = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    if !key.is_empty() && key.chars().all(is_allowed) {
        return Ok(key);
    }
    Err(FilterError::new(
        path,
        "is not a valid field name; field names consist of letters, digits, dots, - and _",
    ))
}

fn child_path(path: &str, key: &str) -> String {
    match (path.is_empty(), key.is_empty()) {
        (true, _) => key.to_string(),
        (_, true) => path.to_string(),
        _ if key.bytes().all(|byte| byte.is_ascii_digit()) => format!("{path}[{key}]"),
        _ => format!("{path}.{key}"),
    }
}
