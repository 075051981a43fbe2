//! Shared connections, and how many of them at once: each host has a gate with so many places, and a queue before it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::Client;
use rustls::ClientConfig;
use tokio::runtime::{Handle, Id};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use super::error::{Failure, Kind};
use super::identity::Identity;
use super::proxy::{Proxy, Routes};
use super::tls::{self, Trust};
use super::transport::{Limits, USER_AGENT};

/// How many requests to one host may be under way at once, unless the client says otherwise.
pub const MOST_CONNECTIONS: usize = 64;

/// How many gates are kept before those that nobody passes are forgotten.
const MOST_GATES: usize = 256;

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
    decompress: bool,
}

/// The gate of a host, of those that have so many places.
#[derive(Debug)]
struct Gate {
    scheme: String,
    host: String,
    port: Option<u16>,
    most: usize,
    places: Arc<Semaphore>,
}

impl Gate {
    fn new(url: &Url, most: usize) -> Self {
        Self {
            scheme: url.scheme().into(),
            host: url.host_str().unwrap_or_default().into(),
            port: url.port(),
            most,
            places: Arc::new(Semaphore::new(most)),
        }
    }

    fn is_for(&self, url: &Url, most: usize) -> bool {
        self.most == most
            && self.port == url.port()
            && self.host == url.host_str().unwrap_or_default()
            && self.scheme == url.scheme()
    }
}

/// The permission to send a request to a host; dropped, it is free for the next one.
pub type Permit = OwnedSemaphorePermit;

/// Connections that are kept and shared.
#[derive(Debug, Clone)]
pub struct Pool {
    /// What sends.
    pub client: Client,
    /// Which way.
    pub routes: Arc<Routes>,
    network: Arc<Network>,
    connect: Duration,
    /// A list: there is one of them, or two, and the first is found sooner than a map is asked.
    gates: Arc<Mutex<Vec<Gate>>>,
}

static POOLS: Mutex<Vec<(PoolKey, Pool)>> = Mutex::new(Vec::new());

impl Pool {
    /// The pool for this network and these limits, made when it is first asked for.
    ///
    /// # Errors
    /// A failure of kind `Input` for certificates or a proxy that cannot be used; of kind `Connection` if the HTTP
    /// client cannot be set up.
    pub fn of(network: &Arc<Network>, limits: &Limits) -> Result<Self, Failure> {
        let key = PoolKey {
            runtime: Handle::try_current().ok().map(|runtime| runtime.id()),
            network: network.clone(),
            connect: limits.deadlines.connect,
            decompress: limits.decompress,
        };
        // A thread that panicked while it held the lock can only have left the list as it was.
        let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, pool)) = pools.iter().find(|(known, _)| *known == key) {
            return Ok(pool.clone());
        }
        let routes = Arc::new(Routes::new(&network.proxy));
        let pool = Self {
            client: client(&key, &routes)?,
            routes,
            network: network.clone(),
            connect: key.connect,
            gates: Arc::default(),
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
    pub async fn enter(&self, url: &Url, most: usize) -> Option<Permit> {
        // It is never closed: that there is no place cannot happen.
        self.gate(url, most).acquire_owned().await.ok()
    }

    fn gate(&self, url: &Url, most: usize) -> Arc<Semaphore> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = gates.iter().find(|gate| gate.is_for(url, most)) {
            return gate.places.clone();
        }
        if gates.len() >= MOST_GATES {
            gates.retain(|gate| gate.places.available_permits() < gate.most);
        }
        let gate = Gate::new(url, most);
        let places = gate.places.clone();
        gates.push(gate);
        places
    }
}

fn client(key: &PoolKey, routes: &Arc<Routes>) -> Result<Client, Failure> {
    let mut builder = Client::builder();
    // Once a proxy of ours is set, the environment's are not asked for.
    builder = builder.no_proxy();
    if let Some(rule) = routes.rule() {
        builder = builder.proxy(rule);
    }
    builder
        .user_agent(USER_AGENT)
        .tls_backend_preconfigured(key.network.tls()?)
        .connect_timeout(key.connect)
        .gzip(key.decompress)
        .brotli(key.decompress)
        .deflate(key.decompress)
        // The transport follows redirects itself, and a call counts its own attempts.
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        // Shorter than what load balancers allow (60 s and more), so that the server seldom closes first.
        .pool_idle_timeout(Duration::from_secs(15))
        .tcp_keepalive(Duration::from_secs(15))
        .build()
        .map_err(|error| {
            Failure::new(
                Kind::Connection,
                format!("the HTTP client cannot be set up: {error}"),
            )
            .with_code("EPROTO")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let is_same = |one: &Pool, other: &Pool| Arc::ptr_eq(&one.gates, &other.gates);
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
        let (a, b) = (url("http://a.test/x"), url("http://b.test/"));
        let first = pool.enter(&a, 2).await;
        let second = pool.enter(&url("http://a.test/y"), 2).await;
        assert!(first.is_some() && second.is_some());
        assert_eq!(pool.gate(&a, 2).available_permits(), 0);
        assert_eq!(pool.gate(&b, 2).available_permits(), 2);
        assert_eq!(pool.gate(&url("https://a.test/x"), 2).available_permits(), 2);
        drop(first);
        assert_eq!(pool.gate(&a, 2).available_permits(), 1);
        for number in 0..2 * MOST_GATES {
            pool.gate(&url(&format!("http://h{number}.test/")), 2);
        }
        assert!(pool.gates.lock().unwrap().len() <= MOST_GATES);
        assert_eq!(
            pool.gate(&a, 2).available_permits(),
            1,
            "one that is passed is kept"
        );
    }
}
