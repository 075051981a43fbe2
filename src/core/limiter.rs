//! How many requests to one host may be under way at once.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// How many hosts are kept before those that nobody sends to are forgotten.
const MAX_HOSTS: usize = 256;

/// The permission to send a request to a host; dropped, it is free for the next one.
pub type Permit = OwnedSemaphorePermit;

/// The permits of each host.
#[derive(Debug, Default)]
pub struct Limiter {
    /// A list: there is one host, or two, and the first is found sooner than a map is asked.
    hosts: Mutex<Vec<Host>>,
}

#[derive(Debug)]
struct Host {
    scheme: String,
    name: String,
    port: Option<u16>,
    max: usize,
    permits: Arc<Semaphore>,
}

impl Host {
    fn is(&self, url: &Url, max: usize) -> bool {
        self.max == max
            && self.port == url.port()
            && self.name == url.host_str().unwrap_or_default()
            && self.scheme == url.scheme()
    }
}

impl Limiter {
    /// The limiter of requests that Node sends, whose connections are its agents'.
    pub fn of_node() -> &'static Self {
        static NODE: Limiter = Limiter {
            hosts: Mutex::new(Vec::new()),
        };
        &NODE
    }

    /// The permits of a URL's host, of which there are `max`.
    pub fn permits(&self, url: &Url, max: usize) -> Arc<Semaphore> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.iter().find(|host| host.is(url, max)) {
            return host.permits.clone();
        }
        if hosts.len() >= MAX_HOSTS {
            hosts.retain(|host| host.permits.available_permits() < host.max);
        }
        let permits = Arc::new(Semaphore::new(max));
        hosts.push(Host {
            scheme: url.scheme().into(),
            name: url.host_str().unwrap_or_default().into(),
            port: url.port(),
            max,
            permits: permits.clone(),
        });
        permits
    }
}
