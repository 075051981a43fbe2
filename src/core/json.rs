//! Prepares JSON that `JSON.parse` accepts and `serde_json` does not.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// A text without a byte order mark, as `fetch` decodes it.
pub fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// Whether bytes are a JSON document that `serde_json` accepts.
pub fn is_document(bytes: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(bytes).is_ok()
}

/// The text of a JSON document, in a form that `serde_json` accepts. A byte order mark is dropped; invalid UTF-8 becomes U+FFFD,
/// and so does the escape of a lone surrogate (`"\ud83d"`), as with JavaScript's `toWellFormed`. Lone surrogates come from text
/// that was truncated to a UTF-16 length; `JSON.stringify` writes them as escapes.
pub fn readable(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = without_byte_order_mark(bytes);
    let text = String::from_utf8_lossy(bytes);
    let surrogates = lone_surrogates(text.as_bytes());
    if surrogates.is_empty() {
        return text;
    }
    let mut repaired = String::with_capacity(text.len());
    let mut from = 0;
    for at in surrogates {
        repaired.push_str(text.get(from..at).unwrap_or_default());
        repaired.push_str("\\ufffd");
        from = at + ESCAPE_LENGTH;
    }
    repaired.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(repaired)
}

/// The length of `\ud83d`.
const ESCAPE_LENGTH: usize = 6;

/// The positions of the escapes of lone surrogates.
fn lone_surrogates(text: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += next;
        match escaped(text, at) {
            Some(0xD800..=0xDBFF) if matches!(escaped(text, at + ESCAPE_LENGTH), Some(0xDC00..=0xDFFF)) => {
                at += 2 * ESCAPE_LENGTH;
            }
            Some(0xD800..=0xDFFF) => {
                found.push(at);
                at += ESCAPE_LENGTH;
            }
            // Any other escape is at least two bytes long. Skipping both keeps an escaped backslash from starting another one.
            _ => at += 2,
        }
    }
    found
}

/// The code unit of the escape `\uXXXX` at a position.
fn escaped(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + ESCAPE_LENGTH)?.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_surrogate_becomes_a_replacement_character() {
        for (text, expected) in [
            (r#"["a\ud83d"]"#, "a\u{FFFD}"),
            (r#"["\uDE00b"]"#, "\u{FFFD}b"),
            (r#"["\ud83d\ud83d\ude00"]"#, "\u{FFFD}\u{1F600}"),
            (r#"["\ud83d\ude00"]"#, "\u{1F600}"),
            (r#"["\\ud83d"]"#, "\\ud83d"),
            (r#"["\\\ud83d"]"#, "\\\u{FFFD}"),
            (r#"["\ud83d\n"]"#, "\u{FFFD}\n"),
            (r#"["\ud83d\u0041"]"#, "\u{FFFD}A"),
        ] {
            let read: Vec<String> = serde_json::from_str(&readable(text.as_bytes())).unwrap();
            assert_eq!(read, [expected], "{text}");
        }
    }

    #[test]
    fn valid_json_is_not_copied() {
        assert!(matches!(readable(br#"{"a":"\n\u00e9"}"#), Cow::Borrowed(_)));
    }

    #[test]
    fn a_byte_order_mark_is_dropped_and_invalid_utf8_replaced() {
        assert_eq!(readable(b"\xEF\xBB\xBF[]"), "[]");
        assert_eq!(readable(b"\"a\xFF\""), "\"a\u{FFFD}\"");
        // A truncated escape is not changed: the text is not JSON anyway.
        assert_eq!(readable(b"\"\\ud8"), "\"\\ud8");
    }
}
