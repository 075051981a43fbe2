//! The server's dialect: what its parser reads, with the meaning that the caller evidently had. What it
//! cannot express is refused here, with the place in the filter, instead of there with a 400.

use super::text::{is_bare, text};
use super::{Filter, FilterError};

type Query = Result<String, FilterError>;

/// The operators that take one value, and what the server calls them. It knows neither `gte` nor `lte`.
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

/// `t` begins a tuple in the server's grammar: neither `t=1` nor `a=t` is read, while `eq(t,"t")` is.
const TUPLE: &str = "t";

const OPERATORS: &str = "$eq, $ne, $gt, $ge, $gte, $lt, $le, $lte, $like, $ilike, $in, $out, $range, $null, $empty, $not, $or and $and";

/// A whole filter, as it stands in the URL.
pub fn query(filter: &Filter) -> Query {
    match filter {
        Filter::Undefined | Filter::Null => Ok(String::new()),
        Filter::Map(_) => Ok(encode(&conditions("", filter)?.join("&"))),
        _ => Err(FilterError::new(
            "",
            "must be an object, such as { status: 'approved' }",
        )),
    }
}

/// Encodes what would change on the way: the server decodes once, and URL parsers cut at `#` and drop line
/// breaks. Everything else is left to the URL parser, so that adapters see the filter as it was written.
fn encode(query: &str) -> String {
    let mut encoded = String::with_capacity(query.len());
    for letter in query.chars() {
        match letter {
            '%' | '#' | '\0'..='\x1f' | '\x7f' => encoded.push_str(&format!("%{:02X}", u32::from(letter))),
            _ => encoded.push(letter),
        }
    }
    encoded
}

/// The conditions of a filter, all of which must hold.
fn conditions(place: &str, filter: &Filter) -> Result<Vec<String>, FilterError> {
    let Filter::Map(map) = filter else {
        return Err(FilterError::new(
            place,
            "must be an object, such as { status: 'approved' }",
        ));
    };
    let mut all = Vec::new();
    for (key, value) in map {
        if value.is_empty() {
            continue;
        }
        let place = below(place, key);
        match key.as_str() {
            "$or" => {
                all.extend(either(parts(value).map(|(name, part)| {
                    Ok(conditions(&below(&place, &name), &part)?.join("&"))
                }))?)
            }
            "$and" => {
                all.extend(both(parts(value).map(|(name, part)| {
                    Ok(conditions(&below(&place, &name), &part)?.join("&"))
                }))?)
            }
            "$not" => {
                for (name, part) in parts(value) {
                    all.extend(
                        conditions(&below(&place, &name), &part)?
                            .iter()
                            .map(|one| negate(&place, one))
                            .collect::<Result<Vec<_>, _>>()?,
                    );
                }
            }
            "$select" | "$ordering" => all.push(format!(
                "{}({})",
                key.trim_start_matches('$'),
                values(&place, value, name_in_list)?.join(",")
            )),
            _ if key.starts_with('$') => {
                return Err(FilterError::new(
                    &place,
                    "is no operator of a whole filter; there are $or, $and, $not, $select and $ordering",
                ));
            }
            _ => all.extend(field(&place, name_of(&place, key)?, value)?),
        }
    }
    Ok(all)
}

/// The conditions on one field.
fn field(place: &str, name: &str, value: &Filter) -> Result<Vec<String>, FilterError> {
    match value {
        Filter::Map(operators) => {
            let mut all = Vec::new();
            for (key, value) in operators {
                if !value.is_empty() {
                    all.extend(operator(&below(place, key), name, key, value)?);
                }
            }
            Ok(all)
        }
        // The original writes `a=x,y`, which the server refuses; one of them is what it can only mean.
        Filter::List(_) => Ok(vec![format!(
            "in({name},({}))",
            values(place, value, quote)?.join(",")
        )]),
        _ => Ok(vec![equal(name, &quote(place, value)?)]),
    }
}

fn equal(name: &str, value: &str) -> String {
    if name == TUPLE {
        format!("eq({name},{value})")
    } else {
        format!("{name}={value}")
    }
}

/// One operator of a field.
fn operator(place: &str, name: &str, key: &str, value: &Filter) -> Result<Vec<String>, FilterError> {
    let plain = key.strip_prefix('$').unwrap_or(key);
    if let Some((_, server)) = COMPARISONS.iter().find(|(ours, _)| *ours == plain) {
        return Ok(vec![format!("{server}({name},{})", quote(place, value)?)]);
    }
    let one_part = |(part_name, part): (String, Filter)| match &part {
        Filter::Map(_) => Ok(field(&below(place, &part_name), name, &part)?.join("&")),
        part if part.is_empty() => Ok(String::new()),
        part => Ok(field(&below(place, &part_name), name, part)?.join("&")),
    };
    match plain {
        "in" | "out" => Ok(vec![format!(
            "{plain}({name},({}))",
            values(place, value, quote)?.join(",")
        )]),
        "like" | "ilike" => Ok(vec![format!("{plain}({name},{})", pattern(place, value)?)]),
        "range" => range(place, name, value),
        "null" | "empty" => match value {
            Filter::Bool(true) => Ok(vec![equal(name, &format!("{plain}()"))]),
            Filter::Bool(false) => Ok(vec![format!("ne({name},{plain}())")]),
            _ => Err(FilterError::new(place, "must be true or false")),
        },
        "or" => Ok(either(parts(value).map(one_part))?.into_iter().collect()),
        "and" => Ok(both(parts(value).map(one_part))?.into_iter().collect()),
        "not" => {
            let mut all = Vec::new();
            for (part_name, part) in parts(value) {
                for one in field(&below(place, &part_name), name, &part)? {
                    all.push(negate(place, &one)?);
                }
            }
            Ok(all)
        }
        _ => Err(FilterError::new(
            place,
            format!("is not an operator; there are {OPERATORS}"),
        )),
    }
}

/// The parts of `$or`, `$and`, `$not`: the elements of an array, or of an object each key by itself.
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

/// Nested to the left, as the original writes it and the server reads it: `(((A)|(B))|(C))`.
fn either(parts: impl Iterator<Item = Query>) -> Result<Option<String>, FilterError> {
    let mut query: Option<String> = None;
    for part in parts {
        let part = part?;
        if !part.is_empty() {
            query = Some(query.map_or_else(|| format!("({part})"), |before| format!("({before}|({part}))")));
        }
    }
    Ok(query)
}

fn both(parts: impl Iterator<Item = Query>) -> Result<Option<String>, FilterError> {
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    let parts: Vec<_> = parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| format!("({part})"))
        .collect();
    Ok((!parts.is_empty()).then(|| parts.join("&")))
}

/// The server negates one plain condition, nothing that is made of several.
fn negate(place: &str, condition: &str) -> Query {
    if condition.starts_with('(') || condition.starts_with("not(") {
        return Err(FilterError::new(
            place,
            "can only negate single conditions; write $or, $and or $not the other way round",
        ));
    }
    Ok(format!("not({condition})"))
}

fn range(place: &str, name: &str, value: &Filter) -> Result<Vec<String>, FilterError> {
    let Filter::Map(bounds) = value else {
        return Err(FilterError::new(place, "must be { min, max }"));
    };
    let mut all = Vec::new();
    for (key, bound) in bounds {
        let server = match key.as_str() {
            "min" => "ge",
            "max" => "le",
            _ => {
                return Err(FilterError::new(
                    &below(place, key),
                    "is not known; a range has min and max",
                ));
            }
        };
        if !bound.is_empty() {
            all.push(format!("{server}({name},{})", quote(&below(place, key), bound)?));
        }
    }
    if all.is_empty() {
        Err(FilterError::new(place, "must have min, max or both"))
    } else {
        Ok(all)
    }
}

/// `*text*`; a star in the text is escaped.
fn pattern(place: &str, value: &Filter) -> Query {
    let text = scalar(place, value)?.replace('*', "\\*");
    quote_text(place, &format!("*{text}*"))
}

fn values(
    place: &str,
    value: &Filter,
    write: fn(&str, &Filter) -> Query,
) -> Result<Vec<String>, FilterError> {
    match value {
        Filter::List(list) => list
            .iter()
            .enumerate()
            .map(|(index, value)| write(&format!("{place}[{index}]"), value))
            .collect(),
        _ => Ok(vec![write(place, value)?]),
    }
}

fn quote(place: &str, value: &Filter) -> Query {
    match scalar(place, value)? {
        text if text == TUPLE => Ok(format!("\"{text}\"")),
        text => quote_text(place, &text),
    }
}

/// A name in `$select` or `$ordering`, where the server knows no quotes, and reads `t` as any other.
fn name_in_list(place: &str, value: &Filter) -> Query {
    quote_text(place, &scalar(place, value)?)
}

/// The text of a single value.
fn scalar(place: &str, value: &Filter) -> Query {
    match value {
        Filter::Date(Some(iso), _) => Ok(iso.clone()),
        Filter::Date(None, _) => Err(FilterError::new(place, "is not a valid date")),
        Filter::Undefined | Filter::Null => Err(FilterError::new(place, "has no value; use $null")),
        Filter::List(_) | Filter::Map(_) => Err(FilterError::new(
            place,
            "must be a single value: text, a number, a boolean or a Date",
        )),
        _ => Ok(text(value)),
    }
}

/// The server's quotes know no escape, so a text with both kinds cannot be sent.
fn quote_text(place: &str, text: &str) -> Query {
    match (is_bare(text), text.contains('"'), text.contains('\'')) {
        (true, ..) => Ok(text.to_string()),
        (false, true, true) => Err(FilterError::new(
            place,
            "holds both kinds of quotes, which RQL cannot express",
        )),
        (false, true, false) => Ok(format!("'{text}'")),
        (false, false, _) => Ok(format!("\"{text}\"")),
    }
}

fn name_of<'a>(place: &str, key: &'a str) -> Result<&'a str, FilterError> {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
    if !key.is_empty() && key.chars().all(fits) {
        return Ok(key);
    }
    Err(FilterError::new(
        place,
        "is not the name of a field: those have letters, digits, dots, - and _",
    ))
}

fn below(place: &str, key: &str) -> String {
    match (place.is_empty(), key.is_empty()) {
        (true, _) => key.to_string(),
        (_, true) => place.to_string(),
        _ if key.bytes().all(|letter| letter.is_ascii_digit()) => format!("{place}[{key}]"),
        _ => format!("{place}.{key}"),
    }
}
