//! The TLS sessions that new connections resume.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::NamedGroup;
use rustls::client::{
    ClientSessionMemoryCache, ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::pki_types::ServerName;

/// How many tickets are kept of a server: the two that servers usually send, of each of 64 connections.
const MAX_TICKETS: usize = 128;

/// Of how many servers sessions are kept.
const MAX_SERVERS: usize = 16;

/// The tickets of each server, the oldest first.
type Tickets = HashMap<ServerName<'static>, VecDeque<Tls13ClientSessionValue>>;

/// Keeps the tickets of as many connections as a program opens at once. rustls keeps eight of a server, and uses each once,
/// as RFC 8446 recommends (appendix C.4): of 64 connections that are opened again, 56 would do a handshake in full.
#[derive(Debug)]
pub struct SessionStore {
    /// All but the tickets of TLS 1.3.
    others: ClientSessionMemoryCache,
    tickets: Mutex<Tickets>,
}

impl SessionStore {
    fn tickets(&self) -> MutexGuard<'_, Tickets> {
        self.tickets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for SessionStore {
    fn default() -> Self {
        Self {
            // It is told how many tickets it keeps: eight of a server.
            others: ClientSessionMemoryCache::new(8 * MAX_SERVERS),
            tickets: Mutex::default(),
        }
    }
}

impl ClientSessionStore for SessionStore {
    fn insert_tls13_ticket(&self, server: ServerName<'static>, ticket: Tls13ClientSessionValue) {
        let mut servers = self.tickets();
        if servers.len() >= MAX_SERVERS && !servers.contains_key(&server) {
            // A program talks to one server, or a few. Others do a handshake in full.
            servers.clear();
        }
        let tickets = servers.entry(server).or_default();
        if tickets.len() >= MAX_TICKETS {
            tickets.pop_front();
        }
        tickets.push_back(ticket);
    }

    /// The newest ticket: it is valid for longest.
    fn take_tls13_ticket(&self, server: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.tickets().get_mut(server)?.pop_back()
    }

    fn set_kx_hint(&self, server: ServerName<'static>, group: NamedGroup) {
        self.others.set_kx_hint(server, group);
    }

    fn kx_hint(&self, server: &ServerName<'_>) -> Option<NamedGroup> {
        self.others.kx_hint(server)
    }

    fn set_tls12_session(&self, server: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.others.set_tls12_session(server, session);
    }

    fn tls12_session(&self, server: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.others.tls12_session(server)
    }

    fn remove_tls12_session(&self, server: &ServerName<'static>) {
        self.others.remove_tls12_session(server);
    }
}
