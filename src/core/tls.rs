//! Whom we trust: Mozilla's roots, bundled, as in Node itself, or whatever the client says.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme,
};
use webpki::EndEntityCert;

use super::error::{Failure, Kind};
use super::identity::{self, Identity};
use super::pem;

/// Whose certificates are accepted. By default those of Mozilla's roots.
///
/// The system's store is not asked: it is empty in slim containers, and reading it takes milliseconds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Certificates in PEM that are trusted instead of the bundled roots, as with `ca` in Node.
    pub ca: Option<String>,
    /// Certificates in PEM that are trusted besides the bundled roots, as with `NODE_EXTRA_CA_CERTS`; without meaning
    /// where there is a `ca`, as in Node. What cannot be read is passed over.
    pub extra: String,
    /// Whether any certificate is accepted, as with `NODE_TLS_REJECT_UNAUTHORIZED=0`.
    pub is_blind: bool,
}

/// Why a certificate is refused, where rustls has no word for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Distrust {
    /// It is signed by itself, and nobody said that it may be trusted.
    SelfSigned,
    /// The last one of its chain is.
    SelfSignedInChain,
    /// The chain ends before it comes to one that is trusted.
    IncompleteChain,
}

impl std::fmt::Display for Distrust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Distrust::SelfSigned => "self-signed certificate",
            Distrust::SelfSignedInChain => "self-signed certificate in certificate chain",
            Distrust::IncompleteChain => "unable to get local issuer certificate",
        })
    }
}

impl std::error::Error for Distrust {}

/// The TLS settings of a pool.
///
/// # Errors
/// A failure of kind `Input` if `ca` holds no certificate that can be used, or the identity cannot.
pub fn config(trust: &Trust, identity: Option<&Identity>) -> Result<ClientConfig, Failure> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier::new(trust, &provider)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| no_tls(&error))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match identity {
        None => builder.with_no_client_auth(),
        Some(identity) => {
            let (chain, key) = identity.read()?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| identity::refused(&error))?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn no_tls(error: &impl std::fmt::Display) -> Failure {
    Failure::new(Kind::Connection, format!("TLS cannot be set up: {error}")).with_code("EPROTO")
}

/// How many certificates a text in PEM holds that can be trusted.
pub fn count(pem: &str) -> usize {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(pem::certificates(pem)).0
}

/// rustls's own verifier, with what Node does beyond it: a certificate that is itself among the trusted ones is
/// accepted though it calls itself an authority (`openssl req -x509` makes such), and the reasons of a refusal are
/// told apart as OpenSSL does.
#[derive(Debug)]
struct Verifier {
    /// None where anything is accepted.
    usual: Option<Arc<WebPkiServerVerifier>>,
    own: Vec<CertificateDer<'static>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl Verifier {
    fn new(trust: &Trust, provider: &Arc<CryptoProvider>) -> Result<Self, Failure> {
        let mut roots = RootCertStore::empty();
        let own = match &trust.ca {
            Some(pem) => pem::certificates(pem),
            None => {
                roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
                pem::certificates(&trust.extra)
            }
        };
        let (usable, _) = roots.add_parsable_certificates(own.iter().cloned());
        if trust.ca.is_some() && usable == 0 {
            return Err(Failure::input(
                "the option ca must hold certificates in PEM ('-----BEGIN CERTIFICATE-----...'); there is none in it",
            ));
        }
        let usual = if trust.is_blind {
            None
        } else {
            let built =
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build();
            Some(built.map_err(|error| no_tls(&error))?)
        };
        Ok(Self {
            usual,
            own,
            algorithms: provider.signature_verification_algorithms,
        })
    }

    /// Looks again at a certificate that the usual verifier refused.
    fn reconsider(
        &self,
        error: rustls::Error,
        leaf: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let is_authority = calls_itself_authority(&error);
        if !is_authority && error != rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) {
            return Err(error);
        }
        // The usual verifier looks at the validity before it looks at this, so it is in order.
        if is_authority && self.own.iter().any(|own| own == leaf) {
            rustls::client::verify_server_name(&ParsedCertificate::try_from(leaf)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        let distrust = if is_self_signed(leaf) {
            Distrust::SelfSigned
        } else if chain.last().is_some_and(is_self_signed) {
            Distrust::SelfSignedInChain
        } else if chain.is_empty() {
            return Err(error);
        } else {
            Distrust::IncompleteChain
        };
        Err(CertificateError::Other(OtherError(Arc::new(distrust))).into())
    }
}

/// Whether a certificate was refused only because it says of itself that it is an authority.
fn calls_itself_authority(error: &rustls::Error) -> bool {
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
        let Some(usual) = &self.usual else {
            return Ok(ServerCertVerified::assertion());
        };
        usual
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
