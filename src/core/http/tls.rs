//! The TLS settings of a client, and how server certificates are verified.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
};
use webpki::EndEntityCert;

use crate::core::error::{Failure, Kind};
use crate::core::http::identity::{self, Identity};
use crate::core::http::pem;
use crate::core::http::session_store::SessionStore;

/// Which certificates are trusted. By default Mozilla's root certificates, which are bundled as in Node.
///
/// The system's certificate store is not used: it is empty in slim containers, and reading it takes milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TlsConfig {
    /// Certificates in PEM that are trusted instead of the bundled ones, as with the option `ca` of Node.
    pub ca: Option<String>,
    /// Certificates in PEM that are trusted in addition to the bundled ones, as with `NODE_EXTRA_CA_CERTS`. As in Node, they
    /// are ignored if there is a `ca`. Invalid ones are skipped.
    pub extra_ca: String,
    /// Whether any certificate is accepted, as with `NODE_TLS_REJECT_UNAUTHORIZED=0`.
    pub accepts_any_certificate: bool,
}

/// Why a certificate is rejected, where OpenSSL makes a distinction that rustls does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateRejection {
    /// It is self-signed and not trusted.
    SelfSigned,
    /// The last certificate of its chain is self-signed and not trusted.
    SelfSignedInChain,
    /// The chain ends without a trusted certificate.
    IncompleteChain,
}

impl std::fmt::Display for CertificateRejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            CertificateRejection::SelfSigned => "self-signed certificate",
            CertificateRejection::SelfSignedInChain => "self-signed certificate in certificate chain",
            CertificateRejection::IncompleteChain => "unable to get local issuer certificate",
        })
    }
}

impl std::error::Error for CertificateRejection {}

/// The settings for rustls.
///
/// # Errors
/// A failure of kind `Input` if `ca` contains no usable certificate, or the client certificate is not usable.
pub fn config(tls: &TlsConfig, identity: Option<&Identity>) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(tls, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| setup_failed(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = identity.parse()?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| identity::rejected(&error))?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.resumption = Resumption::store(Arc::new(SessionStore::default()));
    Ok(config)
}

fn setup_failed(error: &impl std::fmt::Display) -> Failure {
    Failure::new(Kind::Connection, format!("cannot set up TLS: {error}")).with_code("EPROTO")
}

/// How many usable certificates a PEM text contains.
pub fn count_certificates(pem: &str) -> usize {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(pem::certificates(pem)).0
}

/// Verifies server certificates as rustls does, with two additions that Node has. A server may use a trusted certificate that is
/// marked as a certificate authority, as `openssl req -x509` makes them. And the reasons of a rejection are those of OpenSSL.
#[derive(Debug)]
struct Verifier {
    /// `None` if any certificate is accepted.
    webpki: Option<Arc<WebPkiServerVerifier>>,
    /// The trusted certificates that the client has added.
    trusted: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    fn new(tls: &TlsConfig, provider: &Arc<CryptoProvider>) -> Result<Self, Failure> {
        let mut roots = RootCertStore::empty();
        let trusted = match &tls.ca {
            Some(pem) => pem::certificates(pem),
            None => {
                roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
                pem::certificates(&tls.extra_ca)
            }
        };
        let (usable, _) = roots.add_parsable_certificates(trusted.iter().cloned());
        if tls.ca.is_some() && usable == 0 {
            return Err(Failure::input(
                "the option ca must contain certificates in PEM ('-----BEGIN CERTIFICATE-----...'); found none",
            ));
        }
        let webpki = if tls.accepts_any_certificate {
            None
        } else {
            let verifier =
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
            Some(verifier.map_err(|error| setup_failed(&error))?)
        };
        Ok(Self {
            webpki,
            trusted,
            algorithms: provider.signature_verification_algorithms,
        })
    }

    /// Decides about a certificate that rustls rejects.
    fn reconsider(
        &self,
        error: rustls::Error,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let is_authority = is_marked_as_authority(&error);
        if !is_authority && error != rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) {
            return Err(error);
        }
        // rustls has checked the dates of validity before.
        if is_authority && self.trusted.contains(leaf) {
            rustls::client::verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        let rejection = if is_self_signed(leaf) {
            CertificateRejection::SelfSigned
        } else if chain.last().is_some_and(is_self_signed) {
            CertificateRejection::SelfSignedInChain
        } else if chain.is_empty() {
            return Err(error);
        } else {
            CertificateRejection::IncompleteChain
        };
        Err(CertificateError::Other(OtherError(Arc::new(rejection))).into())
    }
}

/// Whether a certificate was rejected because it is marked as a certificate authority.
fn is_marked_as_authority(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(cause)))
            if matches!(cause.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
    )
}

/// Whether a certificate names itself as its issuer.
fn is_self_signed(certificate: &CertificateDer<'_>) -> bool {
    EndEntityCert::try_from(certificate)
        .is_ok_and(|certificate| certificate.issuer() == certificate.subject())
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(webpki) = &self.webpki else {
            return Ok(ServerCertVerified::assertion());
        };
        webpki
            .verify_server_cert(leaf, chain, name, ocsp, now)
            .or_else(|error| self.reconsider(error, leaf, chain, name))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
