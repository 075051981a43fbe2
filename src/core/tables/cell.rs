//! Whether a cell's text can be what its column is for.

use super::subject::Subject;

/// How many characters of a value a message shows.
const SHOWN: usize = 60;

/// Errors of spreadsheets that end in neither `!` nor `?` and have no `/`.
const PLAIN_ERRORS: [&str; 6] = [
    "#NV",
    "#YOK",
    "#HIÁNYZIK",
    "#NENÍ_K_DISPOZICI",
    "#GETTING_DATA",
    "#BEZUG",
];

/// What programs and people write for no value, in any case. A look-up in a spreadsheet gives 0 for an empty cell, and a
/// comparison TRUE or FALSE.
const NO_VALUES: [&str; 12] = [
    "0",
    "nan",
    "null",
    "none",
    "n/a",
    "<na>",
    "nil",
    "undefined",
    "true",
    "false",
    "tbd",
    "tba",
];

/// Why a text is no id of what a row is about; `None` if it is one.
pub fn refuse_id(text: &str, subject: Subject) -> Option<String> {
    if let Some(reason) = refuse_any(text, false) {
        return Some(reason);
    }
    let is_id = text.strip_prefix(subject.id_prefix()).is_some_and(|rest| {
        !rest.is_empty()
            && rest
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    let (noun, example) = (subject.noun(), subject.id_example());
    (!is_id).then(|| format!("is no {noun} id; one looks like {example}"))
}

/// Why a text is no invoice; `None` if it may be one.
pub fn refuse_billing_id(text: &str) -> Option<String> {
    if is_scientific(text) {
        return Some(
            "is a number in scientific notation, whose digits Excel has lost; format the column as text and enter the invoice again"
                .into(),
        );
    }
    if NO_VALUES.iter().any(|none| none.eq_ignore_ascii_case(text)) {
        return Some("is what is written for no value; enter the invoice, or leave the cell empty".into());
    }
    if !text.is_empty() && !text.contains(char::is_alphanumeric) {
        return Some("has neither a letter nor a digit; enter the invoice, or leave the cell empty".into());
    }
    if let Some(char) = text.chars().find(|char| is_invisible(*char)) {
        return Some(format!(
            "contains the invisible character U+{:04X}; type the invoice again",
            u32::from(char)
        ));
    }
    refuse_any(text, false)
}

/// Why a text is no note; `None` if it may be one. It may have several lines.
pub fn refuse_note(text: &str) -> Option<String> {
    refuse_any(text, true)
}

fn refuse_any(text: &str, may_have_lines: bool) -> Option<String> {
    if is_error(text) {
        return Some("is an error of the spreadsheet; correct the formula or enter the value".into());
    }
    let is_allowed = |char: char| may_have_lines && matches!(char, '\n' | '\r' | '\t');
    if let Some(char) = text.chars().find(|char| char.is_control() && !is_allowed(*char)) {
        return Some(match char {
            '\n' | '\r' => "contains a line break; remove it".into(),
            _ => format!(
                "contains the control character U+{:04X}; remove it",
                u32::from(char)
            ),
        });
    }
    text.contains('\u{FFFD}')
        .then(|| "contains U+FFFD, which stands for a lost character; enter the value again".into())
}

/// Whether a text is an error that a spreadsheet shows instead of a value: `#N/A`, `#REF!`, in any language.
fn is_error(text: &str) -> bool {
    if let Some(number) = text.strip_prefix("Err:") {
        return number.len() == 3 && number.bytes().all(|byte| byte.is_ascii_digit());
    }
    let Some(name) = text.strip_prefix('#') else {
        return false;
    };
    let is_too_narrow = !name.is_empty() && name.chars().all(|char| char == '#');
    let is_name_like = name.chars().count() <= 30
        && name
            .chars()
            .all(|char| char.is_uppercase() || matches!(char, '/' | '0' | '_' | '.' | '!' | '?' | '¡' | '¿'))
        && name.chars().filter(|char| char.is_uppercase()).count() >= 2;
    let is_marked = name.ends_with(['!', '?']) || name.contains('/');
    is_too_narrow || is_name_like && (is_marked || PLAIN_ERRORS.contains(&text))
}

/// Whether a text is a number as Excel shows long ones: `1.23457E+11`, with the decimal separator of any country.
fn is_scientific(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let Some((mantissa, exponent)) = unsigned.split_once(['E', 'e']) else {
        return false;
    };
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa
        .split_once(['.', ',', '\u{66B}'])
        .unwrap_or((mantissa, "0"));
    exponent.strip_prefix(['+', '-']).is_some_and(is_number) && is_number(whole) && is_number(fraction)
}

/// Whether a character takes no place: two invoices that look the same would differ.
fn is_invisible(char: char) -> bool {
    matches!(
        char,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    )
}

/// A value as a message shows it: control characters escaped, and cut off after some length.
pub fn shown(text: &str) -> String {
    let plain: String = text
        .chars()
        .take(SHOWN + 1)
        .flat_map(|char| {
            let escaped = char.is_control() || is_invisible(char);
            let rest = escaped.then(|| char.escape_default());
            (!escaped)
                .then_some(char)
                .into_iter()
                .chain(rest.into_iter().flatten())
        })
        .collect();
    shorten(&plain, SHOWN)
}

/// A text cut off after so many characters.
pub fn shorten(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((at, _)) => format!("{}...", text.get(..at).unwrap_or_default()),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_spreadsheets_are_no_values() {
        for text in [
            "#N/A",
            "#REF!",
            "#VALUE!",
            "#NAME?",
            "#DIV/0!",
            "#NUM!",
            "#NULL!",
            "#SPILL!",
            "#CALC!",
            "#NV",
            "#N/D",
            "#BEZUG!",
            "#WERT!",
            "#¡REF!",
            "#SAKNAS!",
            "#ЗНАЧ!",
            "#Н/Д",
            "####",
            "Err:502",
        ] {
            assert!(refuse_note(text).is_some(), "{text}");
        }
        for text in [
            "#1",
            "#12 of January",
            "#A",
            "# N/A",
            "#JANUARY",
            "Err:",
            "Error:502",
            "#INV-2021/7",
        ] {
            assert_eq!(refuse_billing_id(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_for_no_value_is_no_invoice() {
        for text in [
            "0",
            "NaN",
            "NULL",
            "None",
            "n/a",
            "<NA>",
            "undefined",
            "TRUE",
            "tbd",
            "-",
            "—",
            "?",
            "...",
        ] {
            assert!(refuse_billing_id(text).is_some(), "{text}");
            assert!(refuse_note(text).is_none(), "{text}");
        }
        for text in ["", "00", "10", "nano", "INV-0", "na", "-5", "TRUE-1"] {
            assert!(refuse_billing_id(text).is_none(), "{text}");
        }
    }

    #[test]
    fn scientific_notation_is_no_invoice() {
        for text in ["1.23457E+11", "1,23457E+11", "1E+05", "-1.2e-3", "1.23456E+011"] {
            assert!(refuse_billing_id(text).is_some(), "{text}");
            assert!(refuse_note(text).is_none(), "{text}");
        }
        for text in ["12E4", "E+11", "1.2.3E+11", "INV-1E+1", "1.E+1", "2021E-"] {
            assert!(refuse_billing_id(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_id_is_letters_digits_and_hyphens() {
        for text in ["UR-1", "UR-2021-01-2023-8696-9408-6767", "UR-a"] {
            assert_eq!(refuse_id(text, Subject::Records), None, "{text}");
        }
        for text in [
            "UR-",
            "ur-1",
            "UF-2021-01",
            "UR-1 ",
            "UR-1\n",
            "UR–1",
            "UR-1.0",
            "7",
            "UR-\u{410}",
        ] {
            assert!(refuse_id(text, Subject::Records).is_some(), "{text}");
        }
        assert_eq!(refuse_id("UFC-2020-07-8349-4102-001", Subject::Chunks), None);
        let reason = refuse_id("UR-1", Subject::Chunks).unwrap();
        assert!(reason.contains("no chunk id"), "{reason}");
    }

    #[test]
    fn invisible_and_control_characters_are_named() {
        for (text, says) in [
            ("INV\u{200B}7", "U+200B"),
            ("INV\u{1}7", "U+0001"),
            ("INV\n7", "line break"),
            ("M\u{FFFD}ller", "U+FFFD"),
        ] {
            let reason = refuse_billing_id(text).unwrap();
            assert!(reason.contains(says), "{reason}");
        }
        assert_eq!(refuse_note("two\r\nlines\tand a tab"), None);
        assert!(refuse_note("a bell\u{7}").is_some());
        assert_eq!(shown("a\u{0}b\u{200B}"), "a\\u{0}b\\u{200b}");
        assert_eq!(shown(&"é".repeat(61)), format!("{}...", "é".repeat(60)));
    }
}
