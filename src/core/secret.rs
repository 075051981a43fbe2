//! The API key, as a type that does not print it by accident and masks it in texts.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::utf8_percent_encode;

use crate::core::percent::SEGMENT;

/// Shown in place of a secret.
pub const MASK: &str = "****";

/// The shortest token that is masked where it stands without its id: a shorter one may be any word.
const MIN_TOKEN_LENGTH: usize = 12;

/// The shortest key that is masked if it does not have Connect's format.
const MIN_KEY_LENGTH: usize = 8;

/// A Connect API key as in the header `Authorization`, including the word `ApiKey `.
///
/// `Debug` shows the id of the key and masks the token, as Connect's other clients do: `ApiKey SU-000-000:****`.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// Wraps the text of a key.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Masks the key in a text that is shown to people: a server may have sent it back.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains(self.longest_word()) {
            return Cow::Borrowed(text);
        }
        let mut redacted = Cow::Borrowed(text);
        for (secret, mask) in self.spellings() {
            if redacted.contains(&secret) {
                redacted = Cow::Owned(redacted.replace(&secret, &mask));
            }
        }
        redacted
    }

    /// The longest part of the token that no encoding changes: a cheap way to find that a text does not contain the key.
    fn longest_word(&self) -> &str {
        let text = self.0.trim();
        let token = text.rsplit_once(':').map_or(text, |(_, token)| token);
        token
            .split(|character: char| !character.is_ascii_alphanumeric())
            .max_by_key(|word| word.len())
            .unwrap_or_default()
    }

    /// The texts to mask, the longest first, each with its replacement: the key as it is, in a URL, and in JSON.
    fn spellings(&self) -> Vec<(String, String)> {
        let text = self.0.trim();
        let bare = text.strip_prefix("ApiKey ").unwrap_or(text).trim();
        let mut all = Vec::new();
        let mut add = |secret: String, mask: String| {
            let in_url = utf8_percent_encode(&secret, SEGMENT).to_string();
            let in_json = secret.replace('/', "\\/");
            for encoded in [in_url, in_json] {
                if encoded != secret {
                    all.push((encoded, mask.clone()));
                }
            }
            all.push((secret, mask));
        };
        match bare.split_once(':') {
            Some((id, token)) if !token.is_empty() => {
                let shown = if id.starts_with("SU-") { id } else { MASK };
                let mask = format!("{shown}:{MASK}");
                add(bare.to_string(), mask);
                if token.len() >= MIN_TOKEN_LENGTH {
                    add(token.to_string(), MASK.into());
                }
            }
            _ if bare.len() >= MIN_KEY_LENGTH => add(bare.to_string(), MASK.into()),
            _ => {}
        }
        all
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once(':') {
            // Only the id of a service user is shown: any other text before a colon may be secret.
            Some((id, _)) if id.starts_with("ApiKey SU-") => write!(f, "{id}:{MASK}"),
            _ => f.write_str(MASK),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_the_server_sends_back_is_masked() {
        let redact = |key: &str, text: &str| ApiKey::new(key.into()).redact(text).into_owned();
        let key = "ApiKey SU-000-000:q7Zr9/top.secret_token";
        for (text, shown) in [
            (
                "got ApiKey SU-000-000:q7Zr9/top.secret_token!",
                "got ApiKey SU-000-000:****!",
            ),
            (
                "/?k=ApiKey%20SU-000-000%3Aq7Zr9/top.secret_token",
                "/?k=ApiKey%20SU-000-000:****",
            ),
            (
                "/?k=ApiKey%20SU-000-000%3Aq7Zr9%2Ftop.secret_token",
                "/?k=ApiKey%20SU-000-000%3A****",
            ),
            (r#"{"token":"q7Zr9\/top.secret_token"}"#, r#"{"token":"****"}"#),
            ("SU-000-000 is not authorized", "SU-000-000 is not authorized"),
        ] {
            let redacted = redact(key, text);
            assert!(!redacted.contains("secret_token"), "{redacted}");
            assert_eq!(
                redacted.matches(MASK).count(),
                shown.matches(MASK).count(),
                "{redacted}"
            );
        }
        assert_eq!(
            redact("ApiKey SU-1:test", "the test failed for SU-1:test"),
            "the test failed for SU-1:****"
        );
        assert_eq!(redact("key", "no key"), "no key");
        assert_eq!(redact("1234567890", "got 1234567890"), "got ****");
        assert_eq!(redact("billing:topsecret", "x billing:topsecret"), "x ****:****");
    }

    #[test]
    fn debug_masks_the_token() {
        let shown = |text: &str| format!("{:?}", ApiKey::new(text.to_string()));
        assert_eq!(shown("ApiKey SU-000-000:topsecret"), "ApiKey SU-000-000:****");
        assert_eq!(shown("topsecret"), "****");
        assert_eq!(shown("top:secret"), "****");
    }
}
