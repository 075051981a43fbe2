use super::Filter::{Bool, List, Map, Null, Undefined};
use super::*;

fn t(text: &str) -> Filter {
    Filter::Text(text.into())
}

fn n(number: i32) -> Filter {
    Filter::Other(number.to_string())
}

fn map<const N: usize>(pairs: [(&str, Filter); N]) -> Filter {
    Map(pairs
        .into_iter()
        .map(|(key, value)| (key.to_string(), value))
        .collect())
}

fn list<const N: usize>(values: [Filter; N]) -> Filter {
    List(values.to_vec())
}

fn server(filter: Filter) -> String {
    match to_query(&filter, Dialect::Server) {
        Ok(query) => query,
        Err(error) => format!("ERROR {error}"),
    }
}

fn original(filter: Filter) -> String {
    to_query(&filter, Dialect::Original).unwrap()
}

#[test]
fn both_dialects_are_equal_where_the_server_accepts_the_original() {
    for (filter, query) in [
        (map([]), ""),
        (Undefined, ""),
        (
            map([("a", Null), ("b", t("")), ("c", list([])), ("d", map([]))]),
            "",
        ),
        (map([("a", n(1)), ("b", Bool(false))]), "a=1&b=false"),
        (
            map([("a", map([("$gt", n(1)), ("$lt", n(2))]))]),
            "gt(a,1)&lt(a,2)",
        ),
        (map([("a", t("x y"))]), "a=\"x y\""),
        (
            map([("a.b", t("2021-01-01T00:00:00+00:00"))]),
            "a.b=2021-01-01T00:00:00+00:00",
        ),
        (
            map([("a", map([("$in", list([t("x"), t("y z")]))]))]),
            "in(a,(x,\"y z\"))",
        ),
        (map([("a", map([("$in", t("x"))]))]), "in(a,(x))"),
        (
            map([("a", map([("$ilike", t("a b*c"))]))]),
            "ilike(a,\"*a b\\*c*\")",
        ),
        (
            map([("a", map([("$or", list([n(1), n(2), n(3)]))]))]),
            "(((a=1)|(a=2))|(a=3))",
        ),
        (
            map([("a", map([("$and", list([map([("$gt", n(1))]), n(3)]))]))]),
            "(gt(a,1))&(a=3)",
        ),
        (
            map([("$or", list([map([("a", n(1)), ("b", n(2))]), map([("c", n(3))])]))]),
            "((a=1&b=2)|(c=3))",
        ),
        (
            map([("a", map([("$not", map([("$eq", n(1)), ("$gt", n(2))]))]))]),
            "not(eq(a,1))&not(gt(a,2))",
        ),
        (
            map([("$select", list([t("a"), t("-b")])), ("$ordering", t("-created"))]),
            "select(a,-b)&ordering(-created)",
        ),
        (map([("a", t("null()"))]), "a=null()"),
    ] {
        assert_eq!(server(filter.clone()), query);
        assert_eq!(original(filter), query);
    }
}

#[test]
fn the_servers_dialect_expresses_what_the_original_cannot() {
    let range = |bounds| map([("a", map([("$range", bounds)]))]);
    let iso = Filter::Date(Some("1970-01-01T00:00:00.000Z".into()), "Thu Jan 01 1970".into());
    for (filter, query) in [
        (
            map([("a", map([("$gte", n(1)), ("lte", n(2))]))]),
            "ge(a,1)&le(a,2)",
        ),
        (range(map([("min", n(1)), ("max", n(2))])), "ge(a,1)&le(a,2)"),
        (range(map([("max", n(2))])), "le(a,2)"),
        (
            map([("a", map([("$null", Bool(true)), ("$empty", Bool(false))]))]),
            "a=null()&ne(a,empty())",
        ),
        (map([("a", iso)]), "a=1970-01-01T00:00:00.000Z"),
        (map([("a", list([t("x"), t("y")]))]), "in(a,(x,y))"),
        (map([("a", t("x\"y"))]), "a='x\"y'"),
        (map([("a", t("50%#1\n"))]), "a=\"50%25%231%0A\""),
        (map([("$or", map([("a", n(1)), ("b", n(2))]))]), "((a=1)|(b=2))"),
        (
            map([("$not", map([("a", map([("$in", list([n(1)]))]))]))]),
            "not(in(a,(1)))",
        ),
        (map([("a", map([("$or", list([Null, n(1)]))]))]), "(a=1)"),
        // `t` begins a tuple on the server.
        (
            map([("a", t("t")), ("t", n(1)), ("$select", t("t"))]),
            "a=\"t\"&eq(t,1)&select(t)",
        ),
        (
            map([("t", map([("$null", Bool(true)), ("$in", t("t"))]))]),
            "eq(t,null())&in(t,(\"t\"))",
        ),
    ] {
        assert_eq!(server(filter), query);
    }
}

#[test]
fn an_invalid_filter_is_rejected_with_its_path() {
    for (filter, expected) in [
        (t("a=1"), "the filter must be an object"),
        (list([]), "must be an object"),
        (
            map([("a", map([("$foo", n(1))]))]),
            "`a.$foo` is not a known operator",
        ),
        (map([("$foo", n(1))]), "`$foo` is not a top-level operator"),
        (map([("a", t("\"'"))]), "`a` contains both ' and \""),
        (
            map([("a", map([("$in", list([t("x"), Null]))]))]),
            "`a.$in[1]` has no value",
        ),
        (
            map([("a", map([("$eq", map([("x", n(1))]))]))]),
            "`a.$eq` must be a single value",
        ),
        (
            map([("a", map([("$range", n(1))]))]),
            "`a.$range` must be { min, max }",
        ),
        (
            map([("a", map([("$null", n(1))]))]),
            "`a.$null` must be true or false",
        ),
        (
            map([("a", map([("$not", map([("$or", list([n(1), n(2)]))]))]))]),
            "`a.$not` can only negate a single",
        ),
        (
            map([("a", Filter::Date(None, "Invalid Date".into()))]),
            "`a` is not a valid date",
        ),
        (map([("a b", n(1))]), "`a b` is not a valid field name"),
        (map([("$or", list([n(5)]))]), "`$or[0]` must be an object"),
    ] {
        let message = server(filter);
        assert!(
            message.starts_with("ERROR") && message.contains(expected),
            "{message}"
        );
    }
}

#[test]
fn the_originals_dialect_keeps_its_quirks() {
    for (filter, query) in [
        (map([("a", map([("$gte", n(1))]))]), "gte(a,1)"),
        (
            map([("a", map([("$range", map([("min", n(1))]))]))]),
            "range(a,1,undefined)",
        ),
        (map([("a", list([t("x"), Null, t("")]))]), "a=x,,\"\""),
        (map([("a", t("x\"y"))]), "a=\"x\"y\""),
        (map([("a", t("100%#"))]), "a=\"100%#\""),
        (
            map([("a", map([("$or", list([Null, n(1), n(2)]))]))]),
            "(((a=1))|(a=2))",
        ),
        (map([("$or", map([("a", n(1))]))]), "a($or,1)"),
        (map([("a", map([("$$x", n(1))]))]), "$x(a,1)"),
    ] {
        assert_eq!(original(filter), query);
    }
}

#[test]
fn an_empty_filter_adds_no_query() {
    let path = |filter, dialect| search_path("/usage/records", &filter, dialect).unwrap();
    assert_eq!(path(Undefined, Dialect::Server), "/usage/records");
    assert_eq!(path(map([("a", n(1))]), Dialect::Server), "/usage/records?a=1");
    assert_eq!(path(t("ab"), Dialect::Original), "/usage/records?0=a&1=b");
}
