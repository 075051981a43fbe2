//! The API key has a type of its own, so that nothing prints it by accident.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::utf8_percent_encode;
use reqwest::header::HeaderValue;

use super::endpoint::Given;
use super::error::Failure;
use super::path::SEGMENT;

/// What stands for a key wherever something is printed.
pub const MASK: &str = "****";

/// How long a key's token is at least where it stands by itself: a shorter one may be any word.
const LEAST_TOKEN: usize = 12;

/// The same for a key that is not in Connect's form.
const LEAST_KEY: usize = 8;

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

    /// The key as the header carries it.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the argument and what is wrong with it, and never shows the key.
    pub fn header(given: Given) -> Result<HeaderValue, Failure> {
        let refused = |got: &str| {
            Err(Failure::input(format!(
                "apiKey must be a string such as 'ApiKey SU-000-000:...'; got {got}"
            )))
        };
        let key = match given {
            Err(what) => return refused(what),
            Ok(text) if text.trim().is_empty() => return refused("an empty string"),
            Ok(text) => Self::new(text),
        };
        if let Some((at, odd)) = key.odd_character() {
            let what = match odd {
                '\r' | '\n' => "a line break",
                odd if odd.is_ascii_control() => "a control character",
                odd if odd.is_alphanumeric() => "a letter that is not ASCII",
                _ => "a character that is invisible or not ASCII",
            };
            let code = u32::from(odd);
            return refused(&format!(
                "a string with {what} (U+{code:04X}) in place {at}, as copying may add; no header may hold it"
            ));
        }
        match HeaderValue::from_str(&key.0) {
            Ok(mut value) => {
                value.set_sensitive(true);
                Ok(value)
            }
            Err(_) => refused("a string with a character that no header may hold"),
        }
    }

    /// The first character that is neither visible ASCII nor a blank, and its place, from 1.
    fn odd_character(&self) -> Option<(usize, char)> {
        let is_odd = |letter: char| !matches!(letter, ' '..='~');
        let found = self.0.chars().enumerate().find(|(_, letter)| is_odd(*letter))?;
        Some((found.0 + 1, found.1))
    }

    /// A text that is meant for people, without this key: a server may have sent it back in whatever it says.
    pub fn hide<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains(self.mark()) {
            return Cow::Borrowed(text);
        }
        let mut shown = Cow::Borrowed(text);
        for (secret, mask) in self.spellings() {
            if shown.contains(&secret) {
                shown = Cow::Owned(shown.replace(&secret, &mask));
            }
        }
        shown
    }

    /// The longest piece that is the same however it is written: where it is not, the key is not.
    fn mark(&self) -> &str {
        let text = self.0.trim();
        let token = text.rsplit_once(':').map_or(text, |(_, token)| token);
        token
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .max_by_key(|piece| piece.len())
            .unwrap_or_default()
    }

    /// In which ways it may stand in a text, the longer ones first, and what is shown in their place.
    fn spellings(&self) -> Vec<(String, String)> {
        let text = self.0.trim();
        let bare = text.strip_prefix("ApiKey ").unwrap_or(text).trim();
        let mut all = Vec::new();
        let mut add = |secret: String, mask: String| {
            let in_url = utf8_percent_encode(&secret, SEGMENT).to_string();
            let in_json = secret.replace('/', "\\/");
            for other in [in_url, in_json] {
                if other != secret {
                    all.push((other, mask.clone()));
                }
            }
            all.push((secret, mask));
        };
        match bare.split_once(':') {
            Some((id, token)) if !token.is_empty() => {
                let shown = if id.starts_with("SU-") { id } else { MASK };
                let mask = format!("{shown}:{MASK}");
                add(bare.to_string(), mask);
                if token.len() >= LEAST_TOKEN {
                    add(token.to_string(), MASK.into());
                }
            }
            _ if bare.len() >= LEAST_KEY => add(bare.to_string(), MASK.into()),
            _ => {}
        }
        all
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
    fn a_key_is_refused_by_what_is_odd_in_it_and_never_shown() {
        for (key, says) in [
            (
                "ApiKey SU-1:secret\r\nX-Evil: 1",
                "a line break (U+000D) in place 19",
            ),
            (
                "ApiKey SU-1:sec\u{200B}ret",
                "invisible or not ASCII (U+200B) in place 16",
            ),
            (
                "ApiKey\u{A0}SU-1:secret",
                "invisible or not ASCII (U+00A0) in place 7",
            ),
            ("\u{FEFF}ApiKey SU-1:secret", "(U+FEFF) in place 1,"),
            ("ApiKey SU-1:s\u{E9}cret", "a letter that is not ASCII (U+00E9)"),
            ("ApiKey\tSU-1:secret", "a control character (U+0009)"),
            (" ", "an empty string"),
        ] {
            let message = ApiKey::header(Ok(key.into())).unwrap_err().message;
            assert!(
                message.starts_with("apiKey must be") && message.contains(says),
                "{message}"
            );
            assert!(
                !message.contains("secret") && !message.contains("cret"),
                "{message}"
            );
        }
        assert_eq!(
            ApiKey::header(Ok("ApiKey SU-1:x".into())).unwrap(),
            "ApiKey SU-1:x"
        );
    }

    #[test]
    fn what_a_server_sends_back_is_hidden() {
        let hide = |key: &str, text: &str| ApiKey::new(key.into()).hide(text).into_owned();
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
            ("SU-000-000 has no right", "SU-000-000 has no right"),
        ] {
            let hidden = hide(key, text);
            assert!(!hidden.contains("secret_token"), "{hidden}");
            assert_eq!(
                hidden.matches(MASK).count(),
                shown.matches(MASK).count(),
                "{hidden}"
            );
        }
        assert_eq!(
            hide("ApiKey SU-1:test", "the test failed for SU-1:test"),
            "the test failed for SU-1:****"
        );
        assert_eq!(hide("key", "no key"), "no key");
        assert_eq!(hide("1234567890", "got 1234567890"), "got ****");
        assert_eq!(hide("billing:topsecret", "x billing:topsecret"), "x ****:****");
    }

    #[test]
    fn debug_hides_the_token() {
        let shown = |text: &str| format!("{:?}", ApiKey::new(text.to_string()));
        assert_eq!(shown("ApiKey SU-000-000:topsecret"), "ApiKey SU-000-000:****");
        assert_eq!(shown("topsecret"), "****");
        assert_eq!(shown("top:secret"), "****");
    }
}
