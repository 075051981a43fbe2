//! Texts of a workbook: how Excel writes characters that XML does not allow, and texts of several runs.

use std::borrow::Cow;
use std::fmt::Write;
use std::io::Read;

use super::limits::MAX_CHARACTERS;
use super::xml::XmlReader;
use crate::core::error::Failure;

/// The most bytes of a cell's text in the XML: every character may be written as `_xHHHH_`.
pub const MAX_BYTES: usize = MAX_CHARACTERS * 7;

/// Reads the rest of a text with or without runs (`<si>`, `<is>`), and returns it as it is shown. Phonetic readings are left
/// out.
///
/// * `depth`: that of the element.
///
/// # Errors
/// If this is no XML, or if the text is longer than a cell's can be.
pub fn read_rich_text<S: Read>(xml: &mut XmlReader<S>, depth: usize) -> Result<String, Failure> {
    let mut text = String::new();
    let child = depth.saturating_add(1);
    while xml.next_child(depth)? {
        if xml.element().is("t") {
            read_run(xml, child, &mut text)?;
        } else if xml.element().is("r") {
            while xml.next_child(child)? {
                if xml.element().is("t") {
                    read_run(xml, child.saturating_add(1), &mut text)?;
                }
            }
        }
    }
    decoded(xml, text)
}

/// Decodes a text and checks its length.
///
/// # Errors
/// If the text is longer than a cell's can be.
pub fn decoded<S: Read>(xml: &XmlReader<S>, text: String) -> Result<String, Failure> {
    let text = match decode(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(decoded) => decoded,
    };
    if text.len() > MAX_CHARACTERS && text.encode_utf16().count() > MAX_CHARACTERS {
        return Err(xml.damaged(format_args!(
            "a text has more than {MAX_CHARACTERS} characters, which Excel does not allow"
        )));
    }
    Ok(text)
}

/// Reads a `<t>`. Blanks at its ends only count where it says so.
fn read_run<S: Read>(xml: &mut XmlReader<S>, depth: usize, text: &mut String) -> Result<(), Failure> {
    if xml.element().attribute("xml:space") == Some("preserve") {
        return xml.text(depth, text, MAX_BYTES);
    }
    let mut run = String::new();
    xml.text(depth, &mut run, MAX_BYTES)?;
    text.push_str(run.trim_matches([' ', '\t', '\r', '\n']));
    if text.len() > MAX_BYTES {
        return Err(xml.damaged("a cell has more text than Excel allows"));
    }
    Ok(())
}

/// Something from a file in a message: its beginning, on one line.
pub fn excerpt(text: &str, max_characters: usize) -> String {
    let mut excerpt: String = text
        .chars()
        .take(max_characters)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    if text.chars().nth(max_characters).is_some() {
        excerpt.push('…');
    }
    excerpt
}

/// Decodes `_xHHHH_`: a UTF-16 unit.
pub fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains("_x") {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('_') {
        decoded.push_str(before);
        match escaped_character(behind) {
            Some((character, behind)) => {
                decoded.push(character);
                rest = behind;
            }
            None => {
                decoded.push('_');
                rest = behind;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

/// The character whose escape begins here, behind its first `_`, and what follows it.
fn escaped_character(text: &str) -> Option<(char, &str)> {
    let (unit, behind) = escaped_unit(text)?;
    if let Some(character) = char::from_u32(u32::from(unit)) {
        return Some((character, behind));
    }
    let (second, behind) = escaped_unit(behind.strip_prefix('_')?)?;
    let character = char::decode_utf16([unit, second]).next()?.ok()?;
    Some((character, behind))
}

/// `xHHHH_`.
fn escaped_unit(text: &str) -> Option<(u16, &str)> {
    let (digits, behind) = text.strip_prefix('x')?.split_at_checked(4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    Some((u16::from_str_radix(digits, 16).ok()?, behind.strip_prefix('_')?))
}

/// Appends a text as XML: `decode` makes the same text of it.
pub fn encode(text: &str, xml: &mut String) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let behind = rest.get(character.len_utf8()..).unwrap_or_default();
        match character {
            '&' => xml.push_str("&amp;"),
            '<' => xml.push_str("&lt;"),
            '>' => xml.push_str("&gt;"),
            // A literal `_x0041_` would be decoded: its first character is written as an escape.
            '_' if escaped_unit(behind).is_some() => xml.push_str("_x005F_"),
            '\t' | '\n' => xml.push(character),
            // XML has no other control characters, and reads CR as LF.
            '\0'..='\x1F' | '\u{FFFE}' | '\u{FFFF}' => {
                // Writing to a string does not fail.
                let _ = write!(xml, "_x{:04X}_", u32::from(character));
            }
            _ => xml.push(character),
        }
        rest = behind;
    }
}
