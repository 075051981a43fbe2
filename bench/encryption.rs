//! TLS 1.3 for the server of the benchmark, and what its handshakes came to.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{HandshakeKind, ServerConfig, ServerConnection, version};
use tokio_rustls::TlsAcceptor;

/// How many handshakes there were: full and resumed ones, by what they negotiated.
#[derive(Debug, Default)]
pub struct Handshakes(Mutex<BTreeMap<&'static str, BTreeMap<String, usize>>>);

impl Handshakes {
    /// Counts the handshake of a connection.
    pub fn count(&self, connection: &ServerConnection) {
        let kind = match connection.handshake_kind() {
            Some(HandshakeKind::Resumed) => "resumed",
            _ => "full",
        };
        let parts = [
            connection.protocol_version().and_then(|it| it.as_str()),
            connection
                .negotiated_cipher_suite()
                .and_then(|it| it.suite().as_str()),
            connection
                .negotiated_key_exchange_group()
                .and_then(|it| it.name().as_str()),
            connection
                .alpn_protocol()
                .and_then(|it| std::str::from_utf8(it).ok()),
        ];
        let negotiated: Vec<_> = parts.into_iter().flatten().collect();
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(kind).or_default().entry(negotiated.join(" "));
        *count.or_default() += 1;
    }

    /// The counts, as JSON.
    pub fn to_json(&self) -> String {
        serde_json::json!(*self.0.lock().unwrap_or_else(PoisonError::into_inner)).to_string()
    }
}

/// Accepts connections over TLS 1.3.
///
/// * `is_http2_offered`: whether the server speaks HTTP/2, besides HTTP/1.1.
///
/// # Errors
/// If the certificate or its key cannot be used.
pub fn acceptor(
    certificate: &Path,
    key: &Path,
    is_http2_offered: bool,
) -> Result<TlsAcceptor, Box<dyn Error>> {
    let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<Vec<_>, _>>()?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&version::TLS13])?
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?;
    // Tickets that can be used again, as those of nginx and most load balancers.
    config.ticketer = ring::Ticketer::new()?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    if is_http2_offered {
        config.alpn_protocols.insert(0, b"h2".to_vec());
    }
    Ok(TlsAcceptor::from(Arc::new(config)))
}
