//! Connections that clients with the same settings share, with a limited number of requests per host.

mod client;
mod keep_alive;
mod slots;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::ClientConfig;
use tokio::runtime::{Handle, Id};
use url::Url;

use crate::core::error::Failure;
use crate::core::http::identity::Identity;
use crate::core::http::limiter::Hosts;
use crate::core::http::proxy::{ProxyRules, ProxySettings};
use crate::core::http::tls::{self, TlsConfig};

use client::ClientFactory;
pub use slots::PooledConnection;
use slots::Slots;

/// How many requests to one host may be in progress at once, unless the client sets another maximum.
pub const DEFAULT_MAX_CONNECTIONS: usize = 64;

/// How many pools are kept before the oldest is forgotten. Requests in progress keep theirs until they end.
const MAX_POOLS: usize = 64;

/// The TLS and proxy settings of a client.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetworkSettings {
    /// Which server certificates are accepted.
    pub tls: TlsConfig,
    /// The client certificate, for servers that require one.
    pub identity: Option<Identity>,
    /// The proxies.
    pub proxy: ProxySettings,
}

impl NetworkSettings {
    fn tls_config(&self) -> Result<ClientConfig, Failure> {
        tls::config(&self.tls, self.identity.as_ref())
    }
}

/// The settings of a pool: clients with the same settings share connections.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PoolKey {
    // A connection ends with the runtime on which it was opened, together with its requests.
    runtime: Option<Id>,
    // Comparing two clones of an `Arc` is cheap, which is the usual case.
    network: Arc<NetworkSettings>,
    connect_timeout: Duration,
}

/// The connections of clients with the same settings.
#[derive(Debug, Clone)]
pub struct Pool {
    factory: Arc<ClientFactory>,
    /// Which proxy each URL goes through.
    pub proxies: Arc<ProxyRules>,
    network: Arc<NetworkSettings>,
    connect_timeout: Duration,
    hosts: Arc<Hosts<Mutex<Slots>>>,
}

static POOLS: Mutex<Vec<(PoolKey, Pool)>> = Mutex::new(Vec::new());

impl Pool {
    /// The pool with these settings, made on first use.
    ///
    /// # Errors
    /// A failure of kind `Input` if the certificates cannot be used.
    pub fn of(network: &Arc<NetworkSettings>, connect_timeout: Duration) -> Result<Self, Failure> {
        let key = PoolKey {
            runtime: Handle::try_current().ok().map(|runtime| runtime.id()),
            network: network.clone(),
            connect_timeout,
        };
        // A thread that panicked with the lock cannot have left the list in an inconsistent state.
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pool)) = pools.iter().find(|(existing, _)| *existing == key) {
            return Ok(pool.clone());
        }
        let proxies = Arc::new(ProxyRules::new(&network.proxy));
        let factory = ClientFactory::new(network.tls_config()?, proxies.to_reqwest(), connect_timeout);
        let pool = Self {
            factory: Arc::new(factory),
            proxies,
            network: network.clone(),
            connect_timeout,
            hosts: Arc::default(),
        };
        if pools.len() >= MAX_POOLS {
            pools.remove(0);
        }
        pools.push((key, pool.clone()));
        Ok(pool)
    }

    /// Forgets the pools of a runtime that is about to end.
    pub fn close_runtime(runtime: Id) {
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        pools.retain(|(key, _)| key.runtime != Some(runtime));
    }

    /// Adds the status of the proxy to a failure, if the proxy has refused to connect.
    pub async fn add_proxy_status(&self, failure: Failure, url: &Url) -> Failure {
        let tls = || self.network.tls_config();
        self.proxies
            .add_status(failure, url, tls, self.connect_timeout)
            .await
    }

    /// Waits for a connection to a host, first come first served. Dropping the connection gives it to the next request.
    ///
    /// # Errors
    /// A failure of kind `Connection` if the HTTP client cannot be created.
    pub async fn acquire(&self, url: &Url, max_connections: usize) -> Result<PooledConnection, Failure> {
        slots::acquire(self.hosts.of(url, max_connections), &self.factory).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::http::limiter::MAX_HOSTS;

    #[tokio::test]
    async fn permits_are_given_in_the_order_of_requests() {
        let pool = Pool::of(&Arc::default(), Duration::from_secs(15)).unwrap();
        let url = Url::parse("http://order.test/").unwrap();
        let first = pool.acquire(&url, 1).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let waiting = (0..20).map(|number| {
            let (pool, url, order) = (pool.clone(), url.clone(), order.clone());
            tokio::spawn(async move {
                let _connection = pool.acquire(&url, 1).await;
                order.lock().unwrap().push(number);
            })
        });
        let waiting: Vec<_> = waiting.collect();
        tokio::task::yield_now().await;
        drop(first);
        for task in waiting {
            task.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), (0..20).collect::<Vec<_>>());
    }

    #[test]
    fn each_runtime_has_its_own_pools_until_it_ends() {
        let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
        let pool = |runtime: &tokio::runtime::Runtime| {
            runtime.block_on(async { Pool::of(&Arc::default(), Duration::from_secs(15)).unwrap() })
        };
        let is_same = |a: &Pool, b: &Pool| Arc::ptr_eq(&a.hosts, &b.hosts);
        let (first, second) = (runtime(), runtime());
        let (ours, theirs) = (pool(&first), pool(&second));
        assert!(is_same(&ours, &pool(&first)));
        assert!(!is_same(&ours, &theirs));
        Pool::close_runtime(first.handle().id());
        assert!(!is_same(&ours, &pool(&first)));
        assert!(is_same(&theirs, &pool(&second)));
    }

    #[tokio::test]
    async fn each_host_has_its_own_permits() {
        let pool = Pool::of(&Arc::default(), Duration::from_secs(15)).unwrap();
        let url = |text: &str| Url::parse(text).unwrap();
        let free = |text: &str| pool.hosts.of(&url(text), 2).permits.available_permits();
        let first = pool.acquire(&url("http://a.test/x"), 2).await.unwrap();
        let _second = pool.acquire(&url("http://a.test/y"), 2).await.unwrap();
        assert_eq!(free("http://a.test/x"), 0);
        assert_eq!(free("http://b.test/"), 2);
        assert_eq!(free("https://a.test/x"), 2);
        drop(first);
        assert_eq!(free("http://a.test/x"), 1);
        for number in 0..2 * MAX_HOSTS {
            pool.hosts.of(&url(&format!("http://h{number}.test/")), 2);
        }
        assert!(pool.hosts.count() <= MAX_HOSTS);
        assert_eq!(
            free("http://a.test/x"),
            1,
            "a host with a request in progress is kept"
        );
    }
}
