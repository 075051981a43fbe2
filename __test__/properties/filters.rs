//! Filters as RQL.

use cloudblue_connect_native::core::rql::{Dialect, Filter, operators_to_query, search_path, to_query};
use percent_encoding::percent_decode_str;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use url::Url;

use super::{CASES, check, text};

const COMPARISONS: &[&str] = &[
    "$eq", "$ne", "$gt", "$ge", "$gte", "$lt", "$le", "$lte", "eq", "gte",
];
const OTHERS: &[&str] = &[
    "$in",
    "$out",
    "$like",
    "$ilike",
    "$range",
    "$null",
    "$empty",
    "$not",
    "$or",
    "$and",
    "$select",
    "$ordering",
    "min",
    "max",
];

fn map<const N: usize>(pairs: [(&str, Filter); N]) -> Filter {
    Filter::Map(pairs.map(|(key, value)| (key.to_string(), value)).into())
}

/// A text that RQL can express: without one of the two kinds of quotes.
fn expressible_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| {
        if text.contains('"') {
            text.replace('\'', "")
        } else {
            text
        }
    })
}

fn scalar() -> impl Strategy<Value = Filter> {
    prop_oneof![
        4 => expressible_text().prop_map(Filter::Text),
        1 => any::<f64>().prop_map(|number| Filter::Other(number.to_string())),
        1 => any::<bool>().prop_map(Filter::Bool),
        1 => "[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-9]{2}:00:00\\.000Z"
            .prop_map(|iso| Filter::Date(Some(iso), "local".into())),
    ]
}

/// A single condition on a field, which can be negated.
fn condition() -> impl Strategy<Value = Filter> {
    prop_oneof![
        3 => (select(COMPARISONS), scalar()).prop_map(|(name, value)| map([(name, value)])),
        1 => (select(&["$in", "$out"][..]), vec(scalar(), 0..4))
            .prop_map(|(name, values)| map([(name, Filter::List(values))])),
        1 => (select(&["$like", "$ilike"][..]), expressible_text())
            .prop_map(|(name, text)| map([(name, Filter::Text(text))])),
        1 => (select(&["$null", "$empty"][..]), any::<bool>())
            .prop_map(|(name, is)| map([(name, Filter::Bool(is))])),
    ]
}

fn field_value() -> impl Strategy<Value = Filter> {
    let simple = prop_oneof![
        2 => scalar(),
        3 => condition(),
        1 => vec(scalar(), 0..3).prop_map(Filter::List),
        1 => condition().prop_map(|condition| map([("$not", condition)])),
        1 => any::<(i32, i32)>().prop_map(|(min, max)| {
            let [min, max] = [min, max].map(|bound| Filter::Other(bound.to_string()));
            map([("$range", map([("min", min), ("max", max)]))])
        }),
    ];
    simple.prop_recursive(2, 8, 3, |inner| {
        (select(&["$or", "$and", "or"][..]), vec(inner, 0..3))
            .prop_map(|(name, parts)| map([(name, Filter::List(parts))]))
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z][a-zA-Z0-9_.-]{0,8}", Just("t".to_string())]
}

/// A filter that the server's dialect can express.
fn valid_filter() -> impl Strategy<Value = Filter> {
    let fields = vec((name(), field_value()), 0..3).prop_map(Filter::Map);
    fields.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            (select(&["$or", "$and"][..]), vec(inner, 0..3))
                .prop_map(|(key, parts)| map([(key, Filter::List(parts))])),
            (select(&["$select", "$ordering"][..]), vec(name(), 0..3)).prop_map(|(key, names)| map([(
                key,
                Filter::List(
                    names
                        .into_iter()
                        .map(|name| Filter::Text(format!("-{name}")))
                        .collect()
                )
            )])),
        ]
    })
}

/// Any filter, valid or not.
fn any_filter() -> impl Strategy<Value = Filter> {
    let leaf = prop_oneof![
        scalar(),
        text().prop_map(Filter::Other),
        text().prop_map(|text| Filter::Date(None, text)),
        select(&[Filter::Undefined, Filter::Null][..]),
    ];
    let key = || {
        prop_oneof![
            name(),
            text(),
            select(COMPARISONS).prop_map(String::from),
            select(OTHERS).prop_map(String::from),
        ]
    };
    leaf.prop_recursive(5, 24, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Filter::List),
            vec((key(), inner), 0..4).prop_map(Filter::Map),
        ]
    })
}

/// Checks that the URL parser encodes a query at most further, without changing or cutting it. Returns it decoded.
fn decode_in_url(query: &str) -> String {
    let is_changed = |character: char| character == '#' || character.is_ascii_control();
    assert!(!query.contains(is_changed), "{query:?}");
    for escape in query.split('%').skip(1) {
        let is_hex = |character: char| character.is_ascii_hexdigit();
        assert_eq!(
            escape.chars().take(2).filter(|l| is_hex(*l)).count(),
            2,
            "{query:?}"
        );
    }
    let decoded = |text: &str| percent_decode_str(text).decode_utf8().unwrap().into_owned();
    let url = Url::parse(&format!("https://api.test/usage/records?{query}")).unwrap();
    assert_eq!((url.path(), url.fragment()), ("/usage/records", None));
    assert_eq!(decoded(url.query().unwrap()), decoded(query));
    decoded(query)
}

#[test]
fn a_valid_filter_has_one_query_that_survives_the_url_parser() {
    check(CASES, &valid_filter(), |filter| {
        let query = to_query(&filter, Dialect::Server).unwrap();
        assert_eq!(to_query(&filter, Dialect::Server).unwrap(), query);
        decode_in_url(&query);
    });
}

#[test]
fn a_quoted_text_is_not_changed() {
    check(CASES, &(name(), expressible_text()), |(name, text)| {
        // An empty text is left out.
        if text.is_empty() {
            return;
        }
        let filter = map([(&name, map([("$eq", Filter::Text(text.clone()))]))]);
        let decoded = decode_in_url(&to_query(&filter, Dialect::Server).unwrap());
        let value = decoded.strip_prefix(&format!("eq({name},")).unwrap();
        let value = value.strip_suffix(')').unwrap();
        let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
        let within = quoted('"').or_else(|| quoted('\''));
        if let Some(within) = within {
            assert_eq!(within, text);
            assert!(!within.contains(value.chars().next().unwrap()), "{value}");
        } else {
            assert_eq!(value, text);
            assert!(!value.contains(['"', '\'', '(', ',', '&', '|', ' ']) || value.ends_with("()"));
        }
    });
}

#[test]
fn no_filter_panics_in_either_dialect() {
    check(CASES * 2, &(any_filter(), text()), |(filter, field)| {
        for dialect in [Dialect::Server, Dialect::Original] {
            let query = to_query(&filter, dialect);
            assert_eq!(to_query(&filter, dialect), query);
            let path = search_path("/a", &filter, dialect);
            if let (Dialect::Server, Ok(query)) = (dialect, &query) {
                decode_in_url(query);
                let expected = if query.is_empty() {
                    "/a".into()
                } else {
                    format!("/a?{query}")
                };
                assert_eq!(path.unwrap(), expected);
            }
        }
        let _ = operators_to_query(&filter, &field);
    });
}
