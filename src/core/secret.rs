//! The API key has a type of its own, so that nothing prints it by accident.

use std::fmt;

/// What stands for a key wherever something is printed.
const MASK: &str = "****";

/// A Connect API key as it goes into the `Authorization` header, the word `ApiKey ` included.
///
/// `Debug` shows the key's id and hides the token, in the form that Connect's users know from its other
/// clients: `ApiKey SU-000-000:****`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Wraps the text of a key.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself. Only the transport and the header check may ask for it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once(':') {
            // Only what looks like a service user's id is shown: text before a colon could be anything.
            Some((id, _)) if id.starts_with("ApiKey SU-") => write!(f, "{id}:{MASK}"),
            _ => f.write_str(MASK),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_token() {
        let shown = |text: &str| format!("{:?}", ApiKey::new(text.to_string()));
        assert_eq!(shown("ApiKey SU-000-000:topsecret"), "ApiKey SU-000-000:****");
        assert_eq!(shown("topsecret"), "****");
        assert_eq!(shown("top:secret"), "****");
    }
}
