//! The URL of a request.

use cloudblue_connect_native::core::api::base_url::BaseUrl;
use proptest::option;
use proptest::prelude::*;
use url::Url;

use super::{CASES, check, text};

/// Endpoints of any shape, from a bare host to paths that are not in their normal form.
fn endpoint() -> impl Strategy<Value = String> {
    (
        "https?",
        "(api\\.test|API\\.Test|127\\.0\\.0\\.1|\\[::1\\])(:(443|80|8080))?",
        "[ab/.%2eEé'|\\\\ ]{0,8}",
    )
        .prop_map(|(scheme, host, path)| format!("{scheme}://{host}/{path}"))
}

/// A path with or without a query.
fn path() -> impl Strategy<Value = String> {
    let part = || prop_oneof![3 => "[a-c0-9/._~%2e!'()*;:@&=+$,|\\\\^`{}\\[\\]\"<>-]{0,12}", 1 => text()];
    (part(), option::of(part())).prop_map(|(path, query)| match query {
        Some(query) => format!("/{path}?{query}"),
        None => format!("/{path}"),
    })
}

#[test]
fn joining_equals_parsing_endpoint_and_path_together() {
    check(CASES * 10, &(endpoint(), path()), |(endpoint, path)| {
        let endpoint = BaseUrl::parse(Ok(endpoint)).unwrap();
        let expected = Url::parse(&format!("{}{path}", endpoint.as_str()));
        assert_eq!(endpoint.join(&path).ok(), expected.ok(), "{endpoint:?} {path:?}");
    });
}
