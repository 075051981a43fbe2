//! What follows a page of a list.

use napi_derive::napi;

use crate::core::api::pagination::{self, Next};

/// What is known of a list after a page of it.
#[napi(object, object_from_js = false)]
pub struct PageEnd {
    /// Where the next page begins; absent if there is none.
    pub next: Option<f64>,
    /// How many items the list has, if the server says so.
    pub total: Option<f64>,
    /// Whether the server sent an earlier page again, which is to be dropped.
    pub is_repeated: bool,
}

/// What follows a page.
///
/// * `offset`, `limit`: as requested.
/// * `count`: how many items the page has.
/// * `contentRange`: the header of the response.
#[napi]
pub fn page_end(offset: f64, limit: f64, count: f64, content_range: Option<String>) -> PageEnd {
    let range = content_range.as_deref().and_then(pagination::content_range);
    let next = pagination::next(offset as u64, limit as u64, count as u64, range);
    PageEnd {
        next: match next {
            Next::At(offset) => Some(offset as f64),
            Next::End | Next::Repeated => None,
        },
        total: range.map(|range| range.total as f64),
        is_repeated: next == Next::Repeated,
    }
}
