//! What a person sees of a number in a cell.

use super::number_format::{NumberFormat, Section};
use super::text::excerpt;

/// Excel keeps no more digits of a number.
const MAX_DIGITS: usize = 15;

/// The most characters that Excel shows of a number with decimals in a cell without a format.
const MAX_GENERAL_CHARACTERS: usize = 11;

/// What to do about a number that is no text.
const CURE: &str = "format the cell as text and enter it again";

/// What a person sees of a number.
///
/// * `text`: the number as the file has it: `12`, `1.5E-3`.
/// * `format`: the cell's format; `None` if the workbook lacks it.
///
/// # Errors
/// Why it cannot be used: what is shown is not its value, or not the digits that were typed.
pub fn shown(text: &str, format: Option<&NumberFormat>) -> Result<String, String> {
    let Some(number) = parse(text) else {
        return Err(format!(
            "is no number, although the file says so ({}); {CURE}",
            excerpt(text, 40)
        ));
    };
    let Some(format) = format else {
        return Err(format!("has a number format that is missing in the file; {CURE}"));
    };
    if format.shows_dates() {
        let text = excerpt(text, 40);
        return Err(format!(
            "is a date or a time, which the file keeps as the number {text}; {CURE}"
        ));
    }
    let Some(digits) = plain_digits(number.abs()) else {
        return Err(format!(
            "is a number of more than {MAX_DIGITS} digits, of which Excel loses some; {CURE}"
        ));
    };
    let is_negative = number < 0.0;
    let plain = format!("{}{digits}", if is_negative { "-" } else { "" });
    let adds_minus = is_negative && format.adds_minus();
    let shown = match format.section(number) {
        Section::General if !is_shown_by_general(number, &digits) => {
            return Err(format!(
                "is the number {plain}, of which Excel shows fewer digits; {CURE}"
            ));
        }
        Section::General => Some(format!("{}{digits}", if adds_minus { "-" } else { "" })),
        Section::Digits(format_digits) => format_digits.show(&digits, adds_minus),
        Section::Date | Section::Other => None,
    };
    match shown {
        Some(shown) if shown == plain => Ok(plain),
        Some(shown) => Err(format!(
            "is the number {plain}, which Excel shows as '{shown}'; {CURE}"
        )),
        None => Err(format!(
            "is the number {plain}, of which its format shows something else; {CURE}"
        )),
    }
}

/// Whether Excel shows all digits of a number in a cell without a format. (Of an integer it may not if the column is narrow, but
/// people see that.)
fn is_shown_by_general(number: f64, digits: &str) -> bool {
    !digits.contains('.') || (digits.len() <= MAX_GENERAL_CHARACTERS && number.abs() >= 1e-4)
}

/// Reads a number as the file format writes it, which is not quite as Rust does.
fn parse(text: &str) -> Option<f64> {
    let is_number = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'));
    if !is_number {
        return None;
    }
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number)
}

/// The digits of a number that is not negative, without an exponent. Nothing if there are too many.
fn plain_digits(number: f64) -> Option<String> {
    if number >= 1e15 || (number != 0.0 && number < 1e-15) {
        return None;
    }
    let digits = format!("{number}");
    let significant = digits
        .trim_start_matches(['0', '.'])
        .bytes()
        .filter(u8::is_ascii_digit);
    // `0.1 + 0.2` has 17 digits in a file, and Excel shows 15 of them.
    (significant.count() <= MAX_DIGITS).then_some(digits)
}
