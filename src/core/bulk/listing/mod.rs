//! The records of a list of the API: its pages are read one after the other, and of each record little more than its id is kept
//! until all of them are known. Closing what a list still reads would shorten it.

mod page;

use std::sync::Arc;

use reqwest::header::HeaderMap;

pub use page::ListedRecords;
use page::read_page;

use super::records::Defaults;
use crate::core::api::client::Client;
use crate::core::api::pagination::{self, Next};
use crate::core::api::request::{Body, Request};
use crate::core::error::Failure;
use crate::core::http::response::RawResponse;
use crate::core::resources::Endpoint;
use crate::core::retry::limits::Limits;
use crate::core::rql::{self, Dialect, Filter};

/// A list to be read.
#[derive(Debug)]
pub struct Listing {
    /// What sends the requests.
    pub client: Arc<Client>,
    /// The path of the resource.
    pub base: String,
    /// How the filter is written.
    pub dialect: Dialect,
    /// The fields of the filter.
    pub filter: Vec<(String, Filter)>,
    /// How many records a page has.
    pub page_size: u64,
    /// How many records are read at most.
    pub max_records: u64,
    /// The headers of each request.
    pub headers: HeaderMap,
    /// The limits of each request.
    pub limits: Limits,
}

/// Why a list cannot be read.
#[derive(Debug)]
pub enum ListingError {
    /// A request failed, or a record is invalid.
    Failure(Failure),
    /// The response is no page of a list.
    Response(Box<RawResponse>),
}

impl From<Failure> for ListingError {
    fn from(failure: Failure) -> Self {
        ListingError::Failure(failure)
    }
}

impl Listing {
    /// Reads all pages. Returns how many records there are.
    ///
    /// * `defaults`: what the records are.
    /// * `keep`: gets those of each page.
    ///
    /// # Errors
    /// If a page cannot be read.
    pub async fn read(
        self,
        defaults: &Defaults,
        mut keep: impl FnMut(ListedRecords),
    ) -> Result<u64, ListingError> {
        let endpoint = defaults.closable.endpoint("page")?;
        let limits = Limits {
            default_max_bytes: endpoint.response.max_bytes(),
            ..self.limits
        };
        let (mut offset, mut count) = (0, 0);
        while count < self.max_records {
            let limit = self.page_size.min(self.max_records - count);
            let request = self.request(endpoint, offset, limit)?;
            let response = self.client.send(request, limits, None).await?;
            let (page, listed) = match read_page(&response, count, defaults)? {
                Some(page) => page,
                None => return Err(ListingError::Response(Box::new(response))),
            };
            let range = response
                .content_range()
                .and_then(|text| pagination::content_range(&text));
            let next = pagination::next(offset, limit, listed, range);
            if next == Next::Repeated || listed == 0 {
                break;
            }
            let page = page.first(usize::try_from(self.max_records - count).unwrap_or(usize::MAX));
            count += page.len() as u64;
            keep(page);
            match next {
                Next::At(following) => offset = following,
                Next::End | Next::Repeated => break,
            }
        }
        Ok(count)
    }

    fn request(&self, endpoint: &Endpoint, offset: u64, limit: u64) -> Result<Request, Failure> {
        let number = |name: &str, value: u64| (name.to_string(), Filter::Other(value.to_string()));
        let page = [number("limit", limit), number("offset", offset)];
        let filter = Filter::Map(self.filter.iter().cloned().chain(page).collect());
        let path = endpoint.path_for(&self.base, &[])?;
        Ok(Request {
            verb: endpoint.verb,
            path: rql::search_path(&path, &filter, self.dialect)
                .map_err(|error| Failure::input(error.to_string()))?,
            body: Body::Empty,
            headers: self.headers.clone(),
            save_to: None,
        })
    }
}
