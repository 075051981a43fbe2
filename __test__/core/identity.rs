//! A server that wants to know who asks, and does not like the answer.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;

use cloudblue_connect_native::core::client::Client;
use cloudblue_connect_native::core::error::{Failure, Kind};
use cloudblue_connect_native::core::identity::Identity;
use cloudblue_connect_native::core::outcome::Outcome;
use cloudblue_connect_native::core::pool::Network;
use cloudblue_connect_native::core::tls::Trust;
use cloudblue_connect_native::core::transport::Limits;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::close;

const CA: &str = include_str!("../fixtures/tls/ca.pem");
const LEAF: &str = include_str!("../fixtures/tls/leaf.pem");
const LEAF_KEY: &str = include_str!("../fixtures/tls/leaf-key.pem");
const STRANGER: &str = include_str!("../fixtures/tls/cert.pem");
const STRANGERS_KEY: &str = include_str!("../fixtures/tls/key.pem");
const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}";

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

/// Answers a request, if it comes to that; else says why not, and lets the client read it.
fn answer(socket: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
    let mut piece = [0; 4096];
    if stream.read(&mut piece).is_ok() {
        stream.write_all(ANSWER)?;
        stream.conn.send_close_notify();
        return stream.flush();
    }
    stream.sock.shutdown(Shutdown::Write)?;
    while stream.sock.read(&mut piece)? > 0 {}
    Ok(())
}

async fn ask(identity: Option<(&str, &str)>) -> Result<Outcome, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let config = Arc::new(config());
        for socket in listener.incoming() {
            // How the client ends the connection is its own affair.
            let _ = answer(socket.unwrap(), config.clone());
        }
    });
    let network = Network {
        trust: Trust {
            ca: Some(CA.into()),
            ..Trust::default()
        },
        identity: identity.map(|(cert, key)| Identity {
            cert: cert.into(),
            key: key.into(),
        }),
        ..Network::default()
    };
    let limits = Limits::default();
    let client = Client::new(Ok(url), Ok("ApiKey SU-1:secret".into()), limits, network.into());
    client.send(close(), limits, None).await
}

#[tokio::test]
async fn whoever_is_known_is_answered() {
    assert_eq!(ask(Some((LEAF, LEAF_KEY))).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_refusal_is_no_request_that_may_have_been_carried_out() {
    for (identity, code, words) in [
        (
            None,
            "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
            "asks for a client certificate",
        ),
        (
            Some((STRANGER, STRANGERS_KEY)),
            "ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN",
            "does not accept the client's certificate",
        ),
    ] {
        let failure = ask(identity).await.unwrap_err();
        assert_eq!(failure.code.as_deref(), Some(code), "{failure}");
        assert!(failure.message.contains(words), "{failure}");
        // Waiting would not help, either.
        assert_eq!((failure.kind, failure.attempts), (Kind::Certificate, 1));
        assert!(!failure.maybe_processed);
    }
}
