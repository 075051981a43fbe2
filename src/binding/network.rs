//! The certificates and proxies of a client, made once and shared by clients with the same settings.

use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::{ClassInstance, Object};
use napi_derive::napi;

use super::convert;
use crate::core::http::identity::Identity;
use crate::core::http::pool::NetworkSettings;
use crate::core::http::proxy::{ProxyServer, ProxySettings};
use crate::core::http::tls::{self, TlsConfig};

/// Certificates and proxies.
#[napi]
pub struct Network(Arc<NetworkSettings>);

#[napi]
impl Network {
    /// * `settings`: `ca`, `extra`, `cert`, `key` (PEM texts), `acceptsAnyCertificate`, `httpProxy`, `httpsProxy`, and the names of the
    ///   variables that they are read from (`httpVariable`, `httpsVariable`), `noProxy`.
    ///
    /// Invalid settings are reported by the first request.
    #[napi(constructor, ts_args_type = "settings: NetworkSettings")]
    pub fn new(settings: Object) -> Result<Self> {
        let text = |name| convert::text_property(&settings, name);
        let proxy = |address, variable| {
            let variable = text(variable)?;
            let address = text(address)?;
            Ok::<_, napi::Error>(address.map(|address| ProxyServer { address, variable }))
        };
        Ok(Self(Arc::new(NetworkSettings {
            tls: TlsConfig {
                ca: text("ca")?,
                extra_ca: text("extra")?.unwrap_or_default(),
                accepts_any_certificate: settings.get::<bool>("acceptsAnyCertificate")?.unwrap_or(false),
            },
            identity: text("cert")?
                .zip(text("key")?)
                .map(|(cert, key)| Identity { cert, key }),
            proxy: ProxySettings {
                http: proxy("httpProxy", "httpVariable")?,
                https: proxy("httpsProxy", "httpsVariable")?,
                no_proxy: text("noProxy")?.unwrap_or_default(),
            },
        })))
    }
}

impl Network {
    /// The network among the options; the default one if there is none.
    pub fn of(options: &Object) -> Result<Arc<NetworkSettings>> {
        let network = options.get::<ClassInstance<Network>>("network")?;
        Ok(network.map_or_else(Arc::default, |network| network.0.clone()))
    }
}

/// How many certificates of a PEM text can be trusted.
#[napi]
pub fn count_certificates(pem: String) -> u32 {
    u32::try_from(tls::count_certificates(&pem)).unwrap_or(u32::MAX)
}
