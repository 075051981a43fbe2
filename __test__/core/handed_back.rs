//! A request whose HTTP/2 connection ends before the request is sent on it.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;

use cloudblue_connect_native::core::api::client::Client;
use cloudblue_connect_native::core::http::pool::NetworkSettings;
use cloudblue_connect_native::core::http::tls::TlsConfig;
use cloudblue_connect_native::core::retry::limits::Limits;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection};

use super::close;

/// The server's first frames: its settings, and a GOAWAY that says that no request was processed.
const SETTINGS_AND_GOAWAY: &[u8] = &[
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
    // Sends the frames with the handshake, so that they arrive before the client can send anything.
    config.send_half_rtt_data = true;
    config
}

/// Sends the frames, and reads until the client closes the connection.
fn go_away(mut socket: TcpStream, config: Arc<ServerConfig>) -> std::io::Result<()> {
    let mut tls = ServerConnection::new(config).unwrap();
    tls.writer().write_all(SETTINGS_AND_GOAWAY)?;
    while tls.read_tls(&mut socket)? > 0 {
        tls.process_new_packets().unwrap();
        while tls.wants_write() {
            tls.write_tls(&mut socket)?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_request_that_was_not_sent_is_retried() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://localhost:{}", listener.local_addr().unwrap().port());
    std::thread::spawn(move || {
        let config = Arc::new(config());
        for socket in listener.incoming() {
            // The client may close the connection in any way.
            let _ = go_away(socket.unwrap(), config.clone());
        }
    });
    let ca = include_str!("../fixtures/tls/ca.pem").to_string();
    let tls = TlsConfig {
        ca: Some(ca),
        ..TlsConfig::default()
    };
    let network = NetworkSettings {
        tls,
        ..NetworkSettings::default()
    };
    let mut limits = Limits::default();
    limits.retry = limits
        .retry
        .with_initial_backoff(std::time::Duration::from_millis(1));
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
