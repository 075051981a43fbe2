//! Headers that the caller gives, as text.

use reqwest::header::{CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};

use super::error::Failure;

/// Reads names and values.
///
/// # Errors
/// A failure of kind `Input` that names the header; a value is never shown, for it may be the key.
pub fn read(pairs: &[(String, String)]) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::with_capacity(pairs.len() + 4);
    for (name, value) in pairs {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Failure::input(format!("'{name}' is not a legal header name")))?;
        let mut value = latin1(value)
            .and_then(|bytes| HeaderValue::from_bytes(&bytes).ok())
            .ok_or_else(|| {
                Failure::input(format!(
                    "the value of the header '{name}' has a character that no header may hold"
                ))
            })?;
        value.set_sensitive(true);
        headers.append(header, value);
    }
    Ok(headers)
}

/// Refuses the headers that say where a body ends: only who writes the body knows.
///
/// # Errors
/// A failure of kind `Input` that names the header.
pub fn without_framing(headers: HeaderMap) -> Result<HeaderMap, Failure> {
    for name in [CONTENT_LENGTH, TRANSFER_ENCODING] {
        if headers.contains_key(&name) {
            return Err(Failure::input(format!(
                "the header '{name}' is written by the SDK itself"
            )));
        }
    }
    Ok(headers)
}

/// Header values travel as Latin-1, one byte a character.
fn latin1(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|letter| u8::try_from(u32::from(letter)).ok())
        .collect()
}
