//! What a number format shows of a number.

use super::format_code::{Token, split, visible};

/// A number format: `#,##0.00`, `dd/mm/yyyy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberFormat {
    positive: Section,
    negative: Option<Section>,
    zero: Option<Section>,
    shows_text: bool,
}

/// What a part of a format, between its semicolons, makes of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// As many digits as there are.
    General,
    /// A date or a time.
    Date,
    /// Digits.
    Digits(Digits),
    /// Something else: currency, percent, a fraction, words.
    Other,
}

/// How digits are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digits {
    /// The least digits before the point.
    integer: usize,
    /// The least and the most digits behind it.
    min_decimals: usize,
    max_decimals: usize,
    /// Whether thousands are grouped.
    is_grouped: bool,
    /// Whether there is a point although there may be no digits behind it.
    has_point: bool,
    /// Whether the format itself writes a minus.
    has_minus: bool,
}

/// The most digits that a format may ask for. Excel's numbers have fewer.
const MAX_DIGITS: usize = 64;

impl NumberFormat {
    /// The format of a code, in the language of the file format, which is English.
    pub fn parse(code: &str) -> Self {
        let sections = split(code);
        let mut parsed = sections.iter().map(|section| parse_section(section));
        let positive = parsed.next().unwrap_or(Section::General);
        let negative = parsed.next();
        let zero = parsed.next();
        // A section with `@` is for texts, which therefore may be the last of fewer than four.
        let text = sections
            .get(3)
            .or_else(|| sections.last().filter(|last| last.contains(&Token::At)));
        Self {
            positive,
            negative,
            zero,
            shows_text: text
                .is_none_or(|tokens| matches!(visible(tokens).as_slice(), [Token::At | Token::General])),
        }
    }

    /// A format that the file format gives a number instead of a code. Those that depend on the language are not known.
    pub fn built_in(id: u32) -> Self {
        let code = match id {
            0 => "General",
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            14..=22 | 27..=36 | 45..=47 | 50..=58 | 71..=81 => "yyyy-mm-dd",
            49 => "@",
            // Currencies, percents, fractions, scientific ones, and what is not known.
            _ => "\"?\"0",
        };
        Self::parse(code)
    }

    /// What the format makes of a number.
    pub fn section(&self, number: f64) -> Section {
        if number < 0.0 {
            return self.negative.unwrap_or(self.positive);
        }
        if number == 0.0 {
            return self.zero.unwrap_or(self.positive);
        }
        self.positive
    }

    /// Whether a minus is shown before a negative number by itself: it is not if the format has a section of its own for it.
    pub fn adds_minus(&self) -> bool {
        self.negative.is_none()
    }

    /// Whether any number is shown as a date or a time.
    pub fn shows_dates(&self) -> bool {
        [Some(self.positive), self.negative, self.zero].contains(&Some(Section::Date))
    }

    /// Whether it shows texts as they are.
    pub fn shows_text(&self) -> bool {
        self.shows_text
    }
}

impl Digits {
    /// What is shown of a number.
    ///
    /// * `plain`: the number's digits: `1234.5`, without a minus.
    /// * `is_negative`: whether a minus is shown before it.
    ///
    /// Nothing if decimals are left out.
    pub fn show(&self, plain: &str, is_negative: bool) -> Option<String> {
        let (integer, decimals) = plain.split_once('.').unwrap_or((plain, ""));
        if decimals.len() > self.max_decimals {
            return None;
        }
        let integer = if integer == "0" { "" } else { integer };
        let integer = format!("{integer:0>width$}", width = self.integer);
        let decimals = format!("{decimals:0<width$}", width = self.min_decimals);
        let mut shown = String::new();
        if is_negative || self.has_minus {
            shown.push('-');
        }
        for (index, digit) in integer.chars().enumerate() {
            let left = integer.len().saturating_sub(index);
            if self.is_grouped && index > 0 && left % 3 == 0 {
                shown.push(',');
            }
            shown.push(digit);
        }
        if self.has_point {
            shown.push('.');
            shown.push_str(&decimals);
        }
        Some(shown)
    }
}

fn parse_section(tokens: &[Token]) -> Section {
    let visible = visible(tokens);
    if visible.contains(&Token::Date) {
        return Section::Date;
    }
    match visible.as_slice() {
        [Token::General | Token::At] => Section::General,
        // Excel writes `-General` as the second section of some formats.
        [Token::Minus, rest @ ..] => parse_digits(rest, true).map_or(Section::Other, Section::Digits),
        rest => parse_digits(rest, false).map_or(Section::Other, Section::Digits),
    }
}

fn parse_digits(tokens: &[Token], has_minus: bool) -> Option<Digits> {
    let mut digits = Digits {
        has_minus,
        ..Digits::default()
    };
    if tokens.is_empty() || tokens.len() > MAX_DIGITS {
        return None;
    }
    let mut previous = None;
    for (index, token) in tokens.iter().enumerate() {
        match token {
            Token::Zero if digits.has_point => {
                digits.max_decimals += 1;
                digits.min_decimals = digits.max_decimals;
            }
            Token::Hash if digits.has_point => digits.max_decimals += 1,
            Token::Zero => digits.integer += 1,
            // `0#` shows two digits, as `00` does.
            Token::Hash if digits.integer > 0 => digits.integer += 1,
            Token::Hash => {}
            Token::Point if !digits.has_point => digits.has_point = true,
            // Between two digits it groups thousands; at the end it divides by them.
            Token::Comma if !digits.has_point => {
                let next = tokens.get(index.saturating_add(1));
                let is_between = matches!(previous, Some(Token::Zero | Token::Hash))
                    && matches!(next, Some(Token::Zero | Token::Hash));
                if !is_between {
                    return None;
                }
                digits.is_grouped = true;
            }
            _ => return None,
        }
        previous = Some(*token);
    }
    Some(digits)
}
