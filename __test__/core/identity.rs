//! A server that requires a client certificate.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;

use cloudblue_connect_native::core::api::client::Client;
use cloudblue_connect_native::core::error::{Failure, Kind};
use cloudblue_connect_native::core::http::identity::Identity;
use cloudblue_connect_native::core::http::pool::NetworkSettings;
use cloudblue_connect_native::core::http::response::RawResponse;
use cloudblue_connect_native::core::http::tls::TlsConfig;
use cloudblue_connect_native::core::retry::limits::Limits;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::close;

const CA: &str = include_str!("../fixtures/tls/ca.pem");
const LEAF: &str = include_str!("../fixtures/tls/leaf.pem");
const LEAF_KEY: &str = include_str!("../fixtures/tls/leaf-key.pem");
const UNTRUSTED_CERT: &str = include_str!("../fixtures/tls/cert.pem");
const UNTRUSTED_KEY: &str = include_str!("../fixtures/tls/key.pem");
const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";

fn config() -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(CA.as_bytes()).unwrap())
        .unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .unwrap();
    let cert = CertificateDer::from_pem_slice(LEAF.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(LEAF_KEY.as_bytes()).unwrap();
    ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![cert], key)
        .unwrap()
}

/// Responds to a request; if the handshake fails, waits until the client has read the alert.
fn respond(socket: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
    let mut chunk = [0; 4096];
    if stream.read(&mut chunk).is_ok() {
        stream.write_all(RESPONSE)?;
        stream.conn.send_close_notify();
        return stream.flush();
    }
    stream.sock.shutdown(Shutdown::Write)?;
    while stream.sock.read(&mut chunk)? > 0 {}
    Ok(())
}

async fn send(identity: Option<(&str, &str)>) -> Result<RawResponse, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let config = Arc::new(config());
        for socket in listener.incoming() {
            // The client may close the connection in any way.
            let _ = respond(socket.unwrap(), config.clone());
        }
    });
    let network = NetworkSettings {
        tls: TlsConfig {
            ca: Some(CA.into()),
            ..TlsConfig::default()
        },
        identity: identity.map(|(cert, key)| Identity {
            cert: cert.into(),
            key: key.into(),
        }),
        ..NetworkSettings::default()
    };
    let limits = Limits::default();
    let client = Client::new(Ok(url), Ok("ApiKey SU-1:secret".into()), limits, network.into());
    client.send(close(), limits, None).await
}

#[tokio::test]
async fn a_trusted_client_certificate_is_accepted() {
    assert_eq!(send(Some((LEAF, LEAF_KEY))).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_request_is_not_processed_if_the_client_certificate_is_rejected() {
    for (identity, code, message) in [
        (
            None,
            "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
            "requires a client certificate",
        ),
        (
            Some((UNTRUSTED_CERT, UNTRUSTED_KEY)),
            "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "rejected the client certificate",
        ),
    ] {
        let failure = send(identity).await.unwrap_err();
        assert_eq!(failure.code.as_deref(), Some(code), "{failure}");
        assert!(failure.message.contains(message), "{failure}");
        // A retry would not help.
        assert_eq!((failure.kind, failure.attempts), (Kind::Certificate, 1));
        assert!(!failure.maybe_processed);
    }
}
