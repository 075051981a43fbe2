//! Limits how many requests to one host are in progress at once.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// How many hosts are kept; beyond that, those without a request in progress are forgotten.
pub const MAX_HOSTS: usize = 256;

/// The permission to send a request to a host. Dropping it gives it to the next request.
pub type Permit = OwnedSemaphorePermit;

/// The hosts that requests go to.
#[derive(Debug)]
pub struct Hosts<T> {
    /// Usually one or two, which a list finds faster than a map.
    list: Mutex<Vec<Arc<Host<T>>>>,
}

/// A host with its permits. Clients with different maxima have different ones.
#[derive(Debug)]
pub struct Host<T> {
    scheme: String,
    name: String,
    port: Option<u16>,
    max_permits: usize,
    /// The permits that are free.
    pub permits: Arc<Semaphore>,
    /// What the pool keeps for the host.
    pub state: T,
}

impl<T> Default for Hosts<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T> Hosts<T> {
    /// No hosts.
    pub const fn new() -> Self {
        Self {
            list: Mutex::new(Vec::new()),
        }
    }
}

impl<T: Default> Hosts<T> {
    /// The host of a URL, with `max_permits` permits.
    pub fn of(&self, url: &Url, max_permits: usize) -> Arc<Host<T>> {
        // A thread that panicked with the lock cannot have left the list in an inconsistent state.
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = list.iter().find(|host| host.matches(url, max_permits)) {
            return host.clone();
        }
        if list.len() >= MAX_HOSTS {
            list.retain(|host| host.permits.available_permits() < host.max_permits);
        }
        let host = Arc::new(Host {
            scheme: url.scheme().into(),
            name: url.host_str().unwrap_or_default().into(),
            port: url.port(),
            max_permits,
            permits: Arc::new(Semaphore::new(max_permits)),
            state: T::default(),
        });
        list.push(host.clone());
        host
    }

    /// How many hosts are kept.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl<T> Host<T> {
    fn matches(&self, url: &Url, max_permits: usize) -> bool {
        self.max_permits == max_permits
            && self.port == url.port()
            && self.name == url.host_str().unwrap_or_default()
            && self.scheme == url.scheme()
    }
}

/// The permits for a host to which Node sends the requests. Its connections belong to Node's agents.
pub fn node_permits(url: &Url, max_permits: usize) -> Arc<Semaphore> {
    static HOSTS: Hosts<()> = Hosts::new();
    HOSTS.of(url, max_permits).permits.clone()
}
