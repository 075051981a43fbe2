//! How a number is written, so that Excel shows its value, and it can be summed.

use super::parts::{MAX_DECIMALS, decimals_style};

/// From here on Excel loses digits.
const TOO_LARGE: f64 = 1e15;

/// The most characters that a cell without a format shows of a number with decimals.
const MAX_GENERAL_CHARACTERS: usize = 11;

/// How a number is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenNumber {
    /// Its digits, without an exponent.
    pub digits: String,
    /// The cell style that shows all of them.
    pub style: usize,
}

impl WrittenNumber {
    /// The number with 15 digits and at most 15 decimals, which is what Excel keeps: of `0.1 + 0.2` it is 0.3.
    ///
    /// # Errors
    /// Why a sheet cannot hold it: the rest of a sentence.
    pub fn of(number: f64) -> Result<Self, String> {
        if !number.is_finite() {
            return Err(format!("is {number}, and must be a finite number"));
        }
        if number.abs() >= TOO_LARGE {
            return Err(format!(
                "is the number {number} of more than 15 digits, of which Excel loses some; write it as a text"
            ));
        }
        let fifteen_digits = rounded(&format!("{number:.14e}"), number);
        // No minus before a zero.
        let number = rounded(&format!("{fifteen_digits:.MAX_DECIMALS$}"), fifteen_digits) + 0.0;
        let digits = format!("{number}");
        let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        let characters = digits.trim_start_matches('-').len();
        let is_shown_by_general =
            decimals == 0 || (characters <= MAX_GENERAL_CHARACTERS && number.abs() >= 1e-4);
        let style = if is_shown_by_general {
            0
        } else {
            decimals_style(decimals)
        };
        Ok(Self { digits, style })
    }
}

fn rounded(text: &str, otherwise: f64) -> f64 {
    text.parse().unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_written_with_the_digits_that_excel_keeps() {
        for (number, digits, decimals) in [
            (0.0, "0", 0),
            (-0.0, "0", 0),
            (-7.5, "-7.5", 0),
            (0.1 + 0.2, "0.3", 0),
            (0.3 - 0.1 - 0.2, "0", 0),
            (999_999_999_999_999.0, "999999999999999", 0),
            (123_456_789.25, "123456789.25", 2),
            (0.000_05, "0.00005", 5),
            (1.0 / 3.0, "0.333333333333333", 15),
            (-1_234.567_890_123_456_7, "-1234.56789012346", 11),
        ] {
            let style = if decimals == 0 {
                0
            } else {
                decimals_style(decimals)
            };
            let digits = digits.to_owned();
            assert_eq!(WrittenNumber::of(number), Ok(WrittenNumber { digits, style }));
        }
        for (number, says) in [
            (1e15, "more than 15 digits"),
            (f64::NAN, "is NaN"),
            (f64::INFINITY, "finite"),
        ] {
            let reason = WrittenNumber::of(number).unwrap_err();
            assert!(reason.contains(says), "{reason}");
        }
    }
}
