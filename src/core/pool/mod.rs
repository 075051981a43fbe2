//! Shared connections, and how many of them at once: each host has so many slots, and a queue before them.

mod client;
mod keep_alive;
mod slots;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::runtime::{Handle, Id};
use url::Url;

use super::error::Failure;
use super::identity::Identity;
use super::limiter::Hosts;
use super::proxy::{Proxy, Routes};
use super::tls::{self, Trust};
use super::transport::Limits;

use client::Maker;
use slots::Clients;
pub use slots::Place;

/// How many requests to one host may be under way at once, unless the client says otherwise.
pub const MOST_CONNECTIONS: usize = 64;

/// How many pools are kept before the oldest is forgotten; requests that are under way in it keep it until they end.
const MOST_POOLS: usize = 64;

/// Whom a client trusts, and which way its requests go.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// Whose certificates are accepted.
    pub trust: Trust,
    /// Who it says that it is, to a server that asks.
    pub identity: Option<Identity>,
    /// The proxies.
    pub proxy: Proxy,
}

impl Network {
    fn tls(&self) -> Result<ClientConfig, Failure> {
        tls::config(&self.trust, self.identity.as_ref())
    }
}

/// What tells one pool from another: clients that agree in it share connections.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PoolKey {
    // Connections end with the runtime that made them, and would take the requests of another one along.
    runtime: Option<Id>,
    // `Arc` compares what it holds only where it is not the same one: the usual case costs nothing.
    network: Arc<Network>,
    connect: Duration,
}

/// Connections that are kept and shared.
#[derive(Debug, Clone)]
pub struct Pool {
    maker: Arc<Maker>,
    /// Which way.
    pub routes: Arc<Routes>,
    network: Arc<Network>,
    connect: Duration,
    hosts: Arc<Hosts<Mutex<Clients>>>,
}

static POOLS: Mutex<Vec<(PoolKey, Pool)>> = Mutex::new(Vec::new());

impl Pool {
    /// The pool for this network and these limits, made when it is first asked for.
    ///
    /// # Errors
    /// A failure of kind `Input` for certificates or a proxy that cannot be used.
    pub fn of(network: &Arc<Network>, limits: &Limits) -> Result<Self, Failure> {
        let key = PoolKey {
            runtime: Handle::try_current().ok().map(|runtime| runtime.id()),
            network: network.clone(),
            connect: limits.deadlines.connect,
        };
        // A thread that panicked while it held the lock can only have left the list as it was.
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pool)) = pools.iter().find(|(known, _)| *known == key) {
            return Ok(pool.clone());
        }
        let routes = Arc::new(Routes::new(&network.proxy));
        let pool = Self {
            maker: Arc::new(Maker::new(key.network.tls()?, routes.rule(), key.connect)),
            routes,
            network: network.clone(),
            connect: key.connect,
            hosts: Arc::default(),
        };
        if pools.len() >= MOST_POOLS {
            pools.remove(0);
        }
        pools.push((key, pool.clone()));
        Ok(pool)
    }

    /// Forgets the pools of a runtime that is about to end.
    pub fn forget_all_of(runtime: Id) {
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        pools.retain(|(known, _)| known.runtime != Some(runtime));
    }

    /// Adds to a failure what can be learnt of a proxy that refused.
    pub async fn explain(&self, failure: Failure, url: &Url) -> Failure {
        let tls = || self.network.tls();
        self.routes.explain(failure, url, tls, self.connect).await
    }

    /// Waits for a place at a host, first come first served; it is free again when what is returned is dropped.
    ///
    /// # Errors
    /// A failure of kind `Connection` if the HTTP client cannot be set up.
    pub async fn enter(&self, url: &Url, most: usize) -> Result<Place, Failure> {
        slots::enter(self.hosts.of(url, most), &self.maker).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::limiter::MAX_HOSTS;

    #[tokio::test]
    async fn a_host_is_entered_in_the_order_of_asking() {
        let pool = Pool::of(&Arc::default(), &Limits::default()).unwrap();
        let url = Url::parse("http://order.test/").unwrap();
        let first = pool.enter(&url, 1).await;
        let entered = Arc::new(Mutex::new(Vec::new()));
        let waiting = (0..20).map(|number| {
            let (pool, url, entered) = (pool.clone(), url.clone(), entered.clone());
            tokio::spawn(async move {
                let _place = pool.enter(&url, 1).await;
                entered.lock().unwrap().push(number);
            })
        });
        let waiting: Vec<_> = waiting.collect();
        tokio::task::yield_now().await;
        drop(first);
        for one in waiting {
            one.await.unwrap();
        }
        assert_eq!(*entered.lock().unwrap(), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn a_runtime_has_pools_of_its_own_until_it_ends() {
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        let pool = |runtime: &tokio::runtime::Runtime| {
            runtime.block_on(async { Pool::of(&Arc::default(), &Limits::default()).unwrap() })
        };
        let is_same = |one: &Pool, other: &Pool| Arc::ptr_eq(&one.hosts, &other.hosts);
        let (first, second) = (runtime(), runtime());
        let (ours, theirs) = (pool(&first), pool(&second));
        assert!(is_same(&ours, &pool(&first)));
        assert!(!is_same(&ours, &theirs));
        Pool::forget_all_of(first.handle().id());
        assert!(!is_same(&ours, &pool(&first)));
        assert!(is_same(&theirs, &pool(&second)));
    }

    #[tokio::test]
    async fn each_host_has_so_many_places() {
        let pool = Pool::of(&Arc::default(), &Limits::default()).unwrap();
        let url = |text: &str| Url::parse(text).unwrap();
        let free = |text: &str| pool.hosts.of(&url(text), 2).permits.available_permits();
        let first = pool.enter(&url("http://a.test/x"), 2).await.unwrap();
        let _second = pool.enter(&url("http://a.test/y"), 2).await.unwrap();
        assert_eq!(free("http://a.test/x"), 0);
        assert_eq!(free("http://b.test/"), 2);
        assert_eq!(free("https://a.test/x"), 2);
        drop(first);
        assert_eq!(free("http://a.test/x"), 1);
        for number in 0..2 * MAX_HOSTS {
            pool.hosts.of(&url(&format!("http://h{number}.test/")), 2);
        }
        assert!(pool.hosts.count() <= MAX_HOSTS);
        assert_eq!(free("http://a.test/x"), 1, "one that somebody is at is kept");
    }
}
