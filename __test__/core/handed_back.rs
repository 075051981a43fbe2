//! A request that the HTTP client hands back, because its connection ended before it was taken up.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use cloudblue_connect_native::core::client::Client;
use cloudblue_connect_native::core::pool::Network;
use cloudblue_connect_native::core::tls::Trust;
use cloudblue_connect_native::core::transport::Limits;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use super::close;

/// A server's first frames: its settings, and that it goes away without having looked at anything.
const GOODBYE: &[u8] = &[
    0, 0, 0, 4, 0, 0, 0, 0, 0, // SETTINGS
    0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, // GOAWAY
];

fn config() -> ServerConfig {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/__test__/fixtures/tls");
    let cert = CertificateDer::from_pem_file(format!("{folder}/leaf.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/leaf-key.pem")).unwrap();
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert], key)
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    // Together with the server's part of the handshake: it is there before the client can have written anything.
    config.send_half_rtt_data = true;
    config
}

/// Says goodbye, and reads what the client still has to say.
fn turn_away(mut socket: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let mut tls = ServerConnection::new(config).unwrap();
    tls.writer().write_all(GOODBYE)?;
    while tls.read_tls(&mut socket)? > 0 {
        tls.process_new_packets().unwrap();
        while tls.wants_write() {
            tls.write_tls(&mut socket)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_handed_back_is_sent_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let config = Arc::new(config());
        for socket in listener.incoming() {
            // How the client ends the connection is its own affair.
            let _ = turn_away(socket.unwrap(), config.clone());
        }
    });
    let ca = include_str!("../fixtures/tls/ca.pem").to_string();
    let trust = Trust {
        ca: Some(ca),
        ..Trust::default()
    };
    let network = Network {
        trust,
        ..Network::default()
    };
    let mut limits = Limits::default();
    limits.retry = limits.retry.starting_with(std::time::Duration::from_millis(1));
    let client = Client::new(
        Ok(url),
        Ok("ApiKey SU-1:secret".into()),
        limits,
        Arc::new(network),
    );
    let failure = client.send(close(), limits, None).await.unwrap_err();
    assert!(!failure.maybe_processed, "{failure:?}");
    assert_eq!(
        (failure.attempts, failure.code.as_deref()),
        (3, Some("ECONNRESET")),
        "{failure:?}"
    );
}
