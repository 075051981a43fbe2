//! Whom a client trusts and which way its requests go, made once and shared by clients that agree in it.

use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::{ClassInstance, Object};
use napi_derive::napi;

use super::convert;
use crate::core::identity::Identity;
use crate::core::pool;
use crate::core::proxy::{Hop, Proxy};
use crate::core::tls::{self, Trust};

/// Certificates and proxies.
#[napi]
pub struct Network(Arc<pool::Network>);

#[napi]
impl Network {
    /// * `settings`: `ca`, `extra`, `cert`, `key` (PEM texts), `isBlind`, `httpProxy`, `httpsProxy`, and the names of the
    ///   variables that they are read from (`httpVariable`, `httpsVariable`), `noProxy`.
    ///
    /// What is wrong with them is said by the first request.
    #[napi(constructor)]
    pub fn new(settings: Object) -> Result<Self> {
        let text = |name| convert::text_property(&settings, name);
        let hop = |address, variable| {
            let variable = text(variable)?;
            let address = text(address)?;
            Ok::<_, napi::Error>(address.map(|address| Hop { address, variable }))
        };
        Ok(Self(Arc::new(pool::Network {
            trust: Trust {
                ca: text("ca")?,
                extra: text("extra")?.unwrap_or_default(),
                is_blind: settings.get::<bool>("isBlind")?.unwrap_or(false),
            },
            identity: text("cert")?
                .zip(text("key")?)
                .map(|(cert, key)| Identity { cert, key }),
            proxy: Proxy {
                http: hop("httpProxy", "httpVariable")?,
                https: hop("httpsProxy", "httpsVariable")?,
                except: text("noProxy")?.unwrap_or_default(),
            },
        })))
    }
}

impl Network {
    /// The network among some options; the usual one if there is none.
    pub fn of(options: &Object) -> Result<Arc<pool::Network>> {
        let given = options.get::<ClassInstance<Network>>("network")?;
        Ok(given.map_or_else(Arc::default, |network| network.0.clone()))
    }
}

/// How many certificates a text in PEM holds that can be trusted.
#[napi]
pub fn count_certificates(pem: String) -> u32 {
    u32::try_from(tls::count(&pem)).unwrap_or(u32::MAX)
}
