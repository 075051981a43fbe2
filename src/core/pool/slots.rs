//! The slots of a host: a request takes one, and with it a connection that is nobody else's.
//!
//! Each slot has an HTTP client of its own, whose pool never holds more than the one connection, as it never has two
//! requests at once. With one client for all of them there were more connections than requests: a client that begins to
//! connect goes on with it when the request has been served by another connection meanwhile. Over HTTP/2 requests share a
//! connection, and therefore a client.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use reqwest::{Client, Request, Response, Version};
use tokio::task;

use super::client::Maker;
use super::keep_alive;
use crate::core::error::{Failure, Kind};
use crate::core::limiter::{self, Permit};

/// A connection that was left alone for longer is looked at before it is used: its end may lie in the socket already, above
/// all where the whole process stood still meanwhile.
const FRESH: Duration = Duration::from_millis(10);

/// A host, and what sends to it.
pub(super) type Host = limiter::Host<Mutex<Clients>>;

/// What sends to a host, as far as it is not in use.
#[derive(Debug, Default)]
pub(super) struct Clients {
    /// Slots that were left, the last one at the end: its connection is the warmest.
    left: Vec<Slot>,
    /// What all requests share, where the host speaks HTTP/2.
    shared: Option<Slot>,
}

/// A client, and what is known of its connection.
#[derive(Debug, Clone)]
struct Slot {
    client: Client,
    /// When it was last used; never for one that is new.
    used: Option<Instant>,
    /// From when on the server may close the connection, if it has said so.
    stale: Option<Instant>,
    /// Whether its connection may still be busy with what became of the request before.
    is_unsettled: bool,
    /// Who has left it.
    left_by: Option<task::Id>,
}

impl Slot {
    fn new(client: Client) -> Self {
        Self {
            client,
            used: None,
            stale: None,
            is_unsettled: false,
            left_by: None,
        }
    }

    /// Whether the server may have closed the connection, or be about to.
    fn is_stale(&self) -> bool {
        self.stale.is_some_and(|stale| stale <= Instant::now())
    }
}

/// A thread that panicked while it held the lock can only have left the lists as they were.
fn clients(host: &Host) -> MutexGuard<'_, Clients> {
    host.kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for a place.
pub(super) async fn enter(host: Arc<Host>, maker: &Maker) -> Result<Place, Failure> {
    let Ok(permit) = host.permits.clone().acquire_owned().await else {
        // It is never closed: that there is no place cannot happen.
        return Err(Failure::new(Kind::Connection, "there are no places any more"));
    };
    let (mut slot, is_shared) = take(&host);
    if slot.as_ref().is_some_and(Slot::is_stale) {
        // Its connection is closed in the turn that follows, and the next one is made after that.
        slot = None;
        task::yield_now().await;
    }
    let place = Place {
        slot: match slot {
            Some(slot) => slot,
            None => Slot::new(maker.make()?),
        },
        is_shared,
        host,
        _permit: permit,
    };
    place.look().await;
    Ok(place)
}

/// The client that all share, or else the slot that was left last.
fn take(host: &Host) -> (Option<Slot>, bool) {
    let mut clients = clients(host);
    match &clients.shared {
        Some(shared) => (Some(shared.clone()), true),
        None => (clients.left.pop(), false),
    }
}

/// A place at a host: a slot, for as long as it is held.
#[derive(Debug)]
pub struct Place {
    slot: Slot,
    is_shared: bool,
    host: Arc<Host>,
    // Given back after the slot is.
    _permit: Permit,
}

impl Place {
    /// What makes requests for this place.
    pub fn client(&self) -> &Client {
        &self.slot.client
    }

    /// Sends a request, and learns from the head of its answer.
    ///
    /// # Errors
    /// Those of the HTTP client.
    pub async fn execute(&mut self, request: Request) -> reqwest::Result<Response> {
        self.slot.is_unsettled = true;
        let response = self.slot.client.execute(request).await?;
        self.learn(&response);
        self.slot.is_unsettled = false;
        Ok(response)
    }

    /// Lets those have their turn who know what has become of the connection.
    async fn look(&self) {
        let Some(used) = self.slot.used else { return };
        if used.elapsed() > FRESH {
            // A turn for the system to say that the connection has ended, and one for its task to hear of it.
            task::yield_now().await;
            task::yield_now().await;
        } else if !self.is_shared && (self.slot.is_unsettled || self.is_left_by_this_task()) {
            // A connection is given back, or closed, by tasks that come after the one that has read the answer, or has given
            // it up. Whoever did not wait for them would make a second one.
            task::yield_now().await;
        }
    }

    /// Not for what is no task: a runtime polls that when all tasks have had their turn.
    fn is_left_by_this_task(&self) -> bool {
        self.slot.left_by.is_some() && self.slot.left_by == task::try_id()
    }

    fn learn(&mut self, response: &Response) {
        let has_streams = response.version() == Version::HTTP_2;
        if has_streams != self.is_shared {
            let mut clients = clients(&self.host);
            if has_streams {
                clients.left.clear();
                clients.shared.get_or_insert_with(|| self.slot.clone());
            } else {
                clients.shared = None;
            }
        }
        if has_streams {
            return;
        }
        // From the head on: when the server had sent all of its answer is not known.
        let usable_for = keep_alive::usable_for(response.headers());
        self.slot.stale = usable_for.and_then(|time| Instant::now().checked_add(time));
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut clients = clients(&self.host);
        let now = Some(Instant::now());
        match &mut clients.shared {
            Some(shared) => shared.used = now,
            // One that was shared may still be.
            None if self.is_shared => {}
            None => {
                let slot = Slot {
                    used: now,
                    left_by: task::try_id(),
                    ..self.slot.clone()
                };
                clients.left.push(slot);
            }
        }
    }
}
