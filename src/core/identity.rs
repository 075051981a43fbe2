//! Who we say that we are: a certificate that servers may ask for, and its key.

use std::fmt;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::error::Failure;
use super::pem;

/// A client's certificate and its private key, in PEM.
///
/// `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, and behind it those that vouch for it.
    pub cert: String,
    /// The private key.
    pub key: String,
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads both.
    ///
    /// # Errors
    /// A failure of kind `Input` that says which of them cannot be used.
    pub fn read(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Failure> {
        let chain = pem::certificates(&self.cert);
        if chain.is_empty() {
            return Err(Failure::input(
                "the option cert must hold a certificate in PEM ('-----BEGIN CERTIFICATE-----...'); there is none in it",
            ));
        }
        if pem::is_encrypted(&self.key) {
            return Err(Failure::input(
                "the option key is encrypted, which is not supported; give it decrypted, as `openssl pkey -in key.pem` \
                 writes it",
            ));
        }
        let key = pem::private_key(&self.key).ok_or_else(|| {
            Failure::input(
                "the option key must hold a private key in PEM ('-----BEGIN PRIVATE KEY-----...'); there is none in it",
            )
        })?;
        Ok((chain, key))
    }
}

/// Why rustls does not take a certificate and its key.
pub fn refused(error: &rustls::Error) -> Failure {
    Failure::input(match error {
        rustls::Error::InconsistentKeys(_) => {
            "the option key is not the private key of the first certificate in the option cert"
        }
        rustls::Error::InvalidCertificate(_) => "the first certificate in the option cert cannot be read",
        _ => {
            "the option key is of a kind that is not supported: RSA from 2048 bits on, ECDSA (P-256, P-384) and Ed25519 are"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERT: &str = include_str!("../../__test__/fixtures/tls/leaf.pem");
    const KEY: &str = include_str!("../../__test__/fixtures/tls/leaf-key.pem");

    fn refusal(cert: &str, key: &str) -> String {
        let (cert, key) = (cert.into(), key.into());
        Identity { cert, key }.read().unwrap_err().message
    }

    #[test]
    fn what_cannot_be_used_is_named_and_not_shown() {
        let encrypted = KEY.replace("BEGIN PRIVATE", "BEGIN ENCRYPTED PRIVATE");
        for (message, starts) in [
            (refusal("", KEY), "the option cert must hold"),
            (refusal(KEY, KEY), "the option cert must hold"),
            (refusal(CERT, ""), "the option key must hold"),
            (refusal(CERT, CERT), "the option key must hold"),
            (refusal(CERT, &encrypted), "the option key is encrypted"),
        ] {
            assert!(message.starts_with(starts), "{message}");
            assert!(!message.contains("MIGH"));
        }
    }

    #[test]
    fn debug_shows_no_key() {
        let (cert, key) = (CERT.into(), KEY.into());
        assert_eq!(format!("{:?}", Identity { cert, key }), "Identity { .. }");
    }
}
