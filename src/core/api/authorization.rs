//! The `Authorization` header of a client, from the API key that the caller passed.

use reqwest::header::HeaderValue;

use crate::core::api::argument::StringArgument;
use crate::core::error::Failure;

/// The value of the header `Authorization`, marked as sensitive so that no `Debug` output shows it.
///
/// # Errors
/// A failure of kind `Input` that names the argument and what is wrong with it, and never shows the key.
pub fn authorization(key: StringArgument) -> Result<HeaderValue, Failure> {
    let invalid = |got: &str| {
        Err(Failure::input(format!(
            "apiKey must be a string such as 'ApiKey SU-000-000:...'; got {got}"
        )))
    };
    let key = match key {
        Err(description) => return invalid(description),
        Ok(text) if text.trim().is_empty() => return invalid("an empty string"),
        Ok(text) => text,
    };
    if let Some((position, character)) = invalid_character(&key) {
        let description = match character {
            '\r' | '\n' => "a line break",
            _ if character.is_ascii_control() => "a control character",
            _ if character.is_alphanumeric() => "a non-ASCII letter",
            _ => "an invisible or non-ASCII character",
        };
        let code = u32::from(character);
        return invalid(&format!(
            "a string with {description} (U+{code:04X}) at position {position}, which is not allowed in a header; was it \
             copied along?"
        ));
    }
    match HeaderValue::from_str(&key) {
        Ok(mut value) => {
            value.set_sensitive(true);
            Ok(value)
        }
        Err(_) => invalid("a string with a character that is not allowed in a header"),
    }
}

/// The first character that is neither visible ASCII nor a space, with its position from 1.
fn invalid_character(key: &str) -> Option<(usize, char)> {
    (1..)
        .zip(key.chars())
        .find(|(_, character)| !matches!(character, ' '..='~'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invalid_key_is_described_and_never_shown() {
        for (key, expected) in [
            (
                "ApiKey SU-1:secret\r\nX-Evil: 1",
                "a line break (U+000D) at position 19",
            ),
            (
                "ApiKey SU-1:sec\u{200B}ret",
                "an invisible or non-ASCII character (U+200B) at position 16",
            ),
            ("ApiKey\u{A0}SU-1:secret", "(U+00A0) at position 7"),
            ("\u{FEFF}ApiKey SU-1:secret", "(U+FEFF) at position 1,"),
            ("ApiKey SU-1:s\u{E9}cret", "a non-ASCII letter (U+00E9)"),
            ("ApiKey\tSU-1:secret", "a control character (U+0009)"),
            (" ", "an empty string"),
        ] {
            let message = authorization(Ok(key.into())).unwrap_err().message;
            assert!(
                message.starts_with("apiKey must be") && message.contains(expected),
                "{message}"
            );
            assert!(
                !message.contains("secret") && !message.contains("cret"),
                "{message}"
            );
        }
        assert_eq!(
            authorization(Ok("ApiKey SU-1:x".into())).unwrap(),
            "ApiKey SU-1:x"
        );
    }
}
