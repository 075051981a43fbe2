//! The client certificate, for servers that require one (mutual TLS).

use std::fmt;

use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::core::error::Failure;
use crate::core::http::pem;

/// A client's certificate and its private key, in PEM.
///
/// `Debug` shows neither.
#[derive(Clone, PartialEq, Eq)]
pub struct Identity {
    /// The certificate, followed by its chain.
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
    /// Parses both.
    ///
    /// # Errors
    /// A failure of kind `Input` that says which of them is not usable.
    pub fn parse(&self) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), Failure> {
        let chain = pem::certificates(&self.cert);
        if chain.is_empty() {
            return Err(Failure::input(
                "the option cert must contain a certificate in PEM ('-----BEGIN CERTIFICATE-----...'); found none",
            ));
        }
        if pem::is_encrypted(&self.key) {
            return Err(Failure::input(
                "the option key is encrypted, which is not supported; decrypt it first, for example with \
                 `openssl pkey -in key.pem`",
            ));
        }
        let key = pem::private_key(&self.key).ok_or_else(|| {
            Failure::input(
                "the option key must contain a private key in PEM ('-----BEGIN PRIVATE KEY-----...'); found none",
            )
        })?;
        Ok((chain, key))
    }
}

/// Why rustls rejects a certificate and its key.
pub fn rejected(error: &rustls::Error) -> Failure {
    Failure::input(match error {
        rustls::Error::InconsistentKeys(_) => {
            "the option key does not match the first certificate in the option cert"
        }
        rustls::Error::InvalidCertificate(_) => "the first certificate in the option cert is not valid",
        _ => {
            "unsupported private key in the option key; supported are RSA (2048 bits or more), ECDSA (P-256, P-384) and Ed25519"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERT: &str = include_str!("../../../__test__/fixtures/tls/leaf.pem");
    const KEY: &str = include_str!("../../../__test__/fixtures/tls/leaf-key.pem");

    fn error_of(cert: &str, key: &str) -> String {
        let (cert, key) = (cert.into(), key.into());
        Identity { cert, key }.parse().unwrap_err().message
    }

    #[test]
    fn an_unusable_option_is_named_and_not_shown() {
        let encrypted = KEY.replace("BEGIN PRIVATE", "BEGIN ENCRYPTED PRIVATE");
        for (message, starts) in [
            (error_of("", KEY), "the option cert must contain"),
            (error_of(KEY, KEY), "the option cert must contain"),
            (error_of(CERT, ""), "the option key must contain"),
            (error_of(CERT, CERT), "the option key must contain"),
            (error_of(CERT, &encrypted), "the option key is encrypted"),
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
