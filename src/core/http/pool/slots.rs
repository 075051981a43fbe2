//! The slots of a host: each request uses one, with a connection of its own.
//!
//! Each slot has its own HTTP client, which never has two requests at once and so never keeps more than one connection. One
//! client for all requests would open more connections than there are requests: it completes a connection attempt even if the
//! request has been sent on another connection meanwhile. Over HTTP/2, all requests share one connection and one client.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, Request, Response, Version};
use tokio::task;

use super::client::ClientFactory;
use super::keep_alive;
use crate::core::error::{Failure, Kind};
use crate::core::http::limiter::{self, Permit};

/// After being idle for longer, a connection may have been closed by the server without our having noticed yet, above all if
/// the whole process was suspended.
const FRESH: Duration = Duration::from_millis(10);

/// A host with its slots.
pub(super) type Host = limiter::Host<Mutex<Slots>>;

/// The slots of a host that are not in use.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// Used last in, first out: the connection used last is the least likely to be closed.
    idle: Vec<Slot>,
    /// The slot that all requests share if the host speaks HTTP/2.
    shared: Option<Slot>,
}

/// A client, and what is known of its connection.
#[derive(Debug, Clone)]
struct Slot {
    client: Client,
    /// When it was used last; `None` for a new one.
    last_used: Option<Instant>,
    /// When the server may close the connection, if it has announced that.
    expires: Option<Instant>,
    /// Whether the last request was sent without getting a response, so that its connection may not be free yet.
    awaits_response: bool,
    /// The task that used it last.
    last_task: Option<task::Id>,
}

impl Slot {
    fn new(client: Client) -> Self {
        Self {
            client,
            last_used: None,
            expires: None,
            awaits_response: false,
            last_task: None,
        }
    }

    /// Whether the server may have closed the connection, or is about to.
    fn is_expired(&self) -> bool {
        self.expires.is_some_and(|expires| expires <= Instant::now())
    }
}

/// A thread that panicked with the lock cannot have left the slots in an inconsistent state.
fn slots(host: &Host) -> MutexGuard<'_, Slots> {
    host.state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a permit of the host, and takes a slot.
pub(super) async fn acquire(host: Arc<Host>, factory: &ClientFactory) -> Result<PooledConnection, Failure> {
    let Ok(permit) = host.permits.clone().acquire_owned().await else {
        // Cannot happen: the semaphore is never closed.
        let message = "internal error: the connection limiter is closed";
        return Err(Failure::new(Kind::Connection, message));
    };
    let (mut slot, is_shared) = take(&host);
    if slot.as_ref().is_some_and(Slot::is_expired) {
        // The runtime closes the old connection before a new one is opened.
        slot = None;
        task::yield_now().await;
    }
    let connection = PooledConnection {
        slot: match slot {
            Some(slot) => slot,
            None => Slot::new(factory.make()?),
        },
        is_shared,
        host,
        _permit: permit,
    };
    connection.yield_to_its_tasks().await;
    Ok(connection)
}

/// The shared slot, or else the idle slot that was used last; and whether it is the shared one.
fn take(host: &Host) -> (Option<Slot>, bool) {
    let mut slots = slots(host);
    match &slots.shared {
        Some(shared) => (Some(shared.clone()), true),
        None => (slots.idle.pop(), false),
    }
}

/// A connection to a host. Its slot is idle again when it is dropped.
#[derive(Debug)]
pub struct PooledConnection {
    slot: Slot,
    is_shared: bool,
    host: Arc<Host>,
    // A field is dropped after `Drop::drop`, so the next request finds the idle slot.
    _permit: Permit,
}

impl PooledConnection {
    /// The HTTP client that builds requests for this connection.
    pub fn client(&self) -> &Client {
        &self.slot.client
    }

    /// Sends a request, and records what its response says about the connection.
    ///
    /// # Errors
    /// Those of the HTTP client.
    pub async fn execute(&mut self, request: Request) -> reqwest::Result<Response> {
        self.slot.awaits_response = true;
        let response = self.slot.client.execute(request).await?;
        self.record(&response);
        self.slot.awaits_response = false;
        Ok(response)
    }

    /// Yields to the tasks that close the connection or make it available again.
    async fn yield_to_its_tasks(&self) {
        let Some(last_used) = self.slot.last_used else {
            return;
        };
        if last_used.elapsed() > FRESH {
            // Once for the runtime to poll the socket, and once for the connection's task to handle its end.
            task::yield_now().await;
            task::yield_now().await;
        } else if !self.is_shared && (self.slot.awaits_response || self.was_used_by_this_task()) {
            // The task that makes the connection available runs after the one that has read or dropped the response. Without
            // it, the client would open a second connection.
            task::yield_now().await;
        }
    }

    /// Always false outside tasks: the runtime polls such a future only after all tasks have run.
    fn was_used_by_this_task(&self) -> bool {
        self.slot.last_task.is_some() && self.slot.last_task == task::try_id()
    }

    /// Records whether the host speaks HTTP/2, and how long it keeps the connection.
    fn record(&mut self, response: &Response) {
        let is_http2 = response.version() == Version::HTTP_2;
        if is_http2 != self.is_shared {
            let mut slots = slots(&self.host);
            if is_http2 {
                slots.idle.clear();
                slots.shared.get_or_insert_with(|| self.slot.clone());
            } else {
                slots.shared = None;
            }
        }
        if is_http2 {
            return;
        }
        // Counted from the head of the response: when the server has sent the end of it is unknown.
        let usable_for = keep_alive::usable_for(response.headers());
        self.slot.expires = usable_for.and_then(|time| Instant::now().checked_add(time));
    }
}

impl Drop for PooledConnection {
    fn drop(&mut self) {
        let mut slots = slots(&self.host);
        let now = Some(Instant::now());
        match &mut slots.shared {
            Some(shared) => shared.last_used = now,
            // A formerly shared slot may still be in use by other requests.
            None if self.is_shared => {}
            None => {
                let slot = Slot {
                    last_used: now,
                    last_task: task::try_id(),
                    ..self.slot.clone()
                };
                slots.idle.push(slot);
            }
        }
    }
}
