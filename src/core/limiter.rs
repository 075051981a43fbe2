//! How many requests to one host may be under way at once.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

/// How many hosts are kept before those that no request is under way to are forgotten.
pub const MAX_HOSTS: usize = 256;

/// The permission to send a request to a host; dropped, it is free for the next one.
pub type Permit = OwnedSemaphorePermit;

/// The hosts that requests go to.
#[derive(Debug)]
pub struct Hosts<T> {
    /// A list: there is one of them, or two, and the first is found sooner than a map is asked.
    list: Mutex<Vec<Arc<Host<T>>>>,
}

/// A host, for those that have so many permits for it.
#[derive(Debug)]
pub struct Host<T> {
    scheme: String,
    name: String,
    port: Option<u16>,
    max: usize,
    /// The permits that are free.
    pub permits: Arc<Semaphore>,
    /// What else is kept of it.
    pub kept: T,
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
    /// The host of a URL, of which there are `max` permits.
    pub fn of(&self, url: &Url, max: usize) -> Arc<Host<T>> {
        // A thread that panicked while it held the lock can only have left the list as it was.
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = list.iter().find(|host| host.is(url, max)) {
            return host.clone();
        }
        if list.len() >= MAX_HOSTS {
            list.retain(|host| host.permits.available_permits() < host.max);
        }
        let host = Arc::new(Host {
            scheme: url.scheme().into(),
            name: url.host_str().unwrap_or_default().into(),
            port: url.port(),
            max,
            permits: Arc::new(Semaphore::new(max)),
            kept: T::default(),
        });
        list.push(host.clone());
        host
    }

    /// How many are kept.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.list.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl<T> Host<T> {
    fn is(&self, url: &Url, max: usize) -> bool {
        self.max == max
            && self.port == url.port()
            && self.name == url.host_str().unwrap_or_default()
            && self.scheme == url.scheme()
    }
}

/// The permits for the host of a URL where Node sends, whose connections are its agents'.
pub fn node_permits(url: &Url, max: usize) -> Arc<Semaphore> {
    static HOSTS: Hosts<()> = Hosts::new();
    HOSTS.of(url, max).permits.clone()
}
