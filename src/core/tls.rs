//! Whom we trust: Mozilla's roots, bundled, as in Node itself.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};

use super::error::{Failure, Kind};

/// The TLS settings of a pool.
///
/// The bundled roots are what Node trusts by default. The system's store is not asked: it is empty in slim
/// containers, and reading it takes milliseconds.
pub fn config() -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Failure::new(Kind::Connection, format!("TLS cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
