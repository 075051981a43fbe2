//! JSON as others write it, made readable for `serde_json`.

use std::borrow::Cow;

/// Text without the byte order mark that it may begin with, as `fetch` reads it.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

/// The text of a JSON document that `JSON.parse` reads and `serde_json` would refuse: a byte order mark is dropped,
/// broken UTF-8 becomes U+FFFD, and so does the escape of half a surrogate pair (`"\ud83d"`), as `toWellFormed` of
/// JavaScript does. Half a pair comes from text that was cut by its UTF-16 length, and `JSON.stringify` writes it as an
/// escape.
pub fn readable(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = without_mark(bytes);
    let text = String::from_utf8_lossy(bytes);
    let halves = lone_surrogates(text.as_bytes());
    if halves.is_empty() {
        return text;
    }
    let mut mended = String::with_capacity(text.len());
    let mut from = 0;
    for at in halves {
        mended.push_str(text.get(from..at).unwrap_or_default());
        mended.push_str("\\ufffd");
        from = at + ESCAPE;
    }
    mended.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(mended)
}

/// The length of `\ud83d`.
const ESCAPE: usize = 6;

/// Where the escapes of lone surrogates begin.
fn lone_surrogates(text: &[u8]) -> Vec<usize> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = text
        .get(at..)
        .and_then(|rest| rest.iter().position(|byte| *byte == b'\\'))
    {
        at += next;
        match escaped(text, at) {
            Some(0xD800..=0xDBFF) if matches!(escaped(text, at + ESCAPE), Some(0xDC00..=0xDFFF)) => {
                at += 2 * ESCAPE;
            }
            Some(0xD800..=0xDFFF) => {
                found.push(at);
                at += ESCAPE;
            }
            // Any other escape is two bytes long at least: a backslash behind a backslash escapes nothing.
            _ => at += 2,
        }
    }
    found
}

/// The code unit of an escape `\uXXXX` that begins here.
fn escaped(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + ESCAPE)?.strip_prefix(b"\\u")?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_a_surrogate_pair_becomes_a_replacement_character() {
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
    fn what_is_readable_is_not_copied() {
        assert!(matches!(readable(br#"{"a":"\n\u00e9"}"#), Cow::Borrowed(_)));
    }

    #[test]
    fn a_mark_is_dropped_and_broken_text_replaced() {
        assert_eq!(readable(b"\xEF\xBB\xBF[]"), "[]");
        assert_eq!(readable(b"\"a\xFF\""), "\"a\u{FFFD}\"");
        // What is cut off within an escape stays as it is: it is no JSON.
        assert_eq!(readable(b"\"\\ud8"), "\"\\ud8");
    }
}
