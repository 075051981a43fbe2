//! The code of a number format, as the file has it: `#,##0.00;[Red]-0;"none"`.

/// A part of a format's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// `0`.
    Zero,
    /// `#`.
    Hash,
    /// `.`
    Point,
    /// `,`
    Comma,
    /// `-` and nothing but it.
    Minus,
    /// `@`: the text.
    At,
    /// `General`.
    General,
    /// A letter of a date or a time.
    Date,
    /// White space or a colour, which changes no digit.
    Nothing,
    /// Anything else.
    Other,
}

/// The tokens that can be seen.
pub fn visible(tokens: &[Token]) -> Vec<Token> {
    tokens
        .iter()
        .copied()
        .filter(|token| *token != Token::Nothing)
        .collect()
}

/// Splits a code at its semicolons.
pub fn split(code: &str) -> Vec<Vec<Token>> {
    let mut sections = vec![Vec::new()];
    let mut rest = code;
    while let Some(character) = rest.chars().next() {
        let behind = rest.get(character.len_utf8()..).unwrap_or_default();
        if character == ';' {
            sections.push(Vec::new());
            rest = behind;
            continue;
        }
        let (token, length) = next_token(character, rest, behind);
        if let Some(section) = sections.last_mut() {
            section.push(token);
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    sections
}

/// The token at the beginning of a code, and its length in bytes.
fn next_token(character: char, code: &str, behind: &str) -> (Token, usize) {
    let next = behind.chars().next();
    let two = character.len_utf8() + next.map_or(0, char::len_utf8);
    match character {
        '"' => {
            let length = behind.find('"');
            let token = if length == Some(0) {
                Token::Nothing
            } else {
                Token::Other
            };
            (token, length.map_or(code.len(), |length| length + 2))
        }
        '\\' => (
            if next == Some('-') {
                Token::Minus
            } else {
                Token::Other
            },
            two,
        ),
        // A blank as wide as the next character, and a character that fills the cell.
        '_' => (Token::Nothing, two),
        '*' => (
            if next == Some(' ') {
                Token::Nothing
            } else {
                Token::Other
            },
            two,
        ),
        '[' => {
            let length = behind.find(']').unwrap_or(behind.len());
            let inside = behind.get(..length).unwrap_or_default();
            (bracket(inside), (length + 2).min(code.len()))
        }
        'G' | 'g' if starts_with_general(code) => (Token::General, "General".len()),
        '0' => (Token::Zero, 1),
        '#' => (Token::Hash, 1),
        '.' => (Token::Point, 1),
        ',' => (Token::Comma, 1),
        '-' => (Token::Minus, 1),
        '@' => (Token::At, 1),
        'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => (Token::Date, 1),
        // Years of other calendars. `E+` and `E-` are the scientific notation.
        'e' | 'g' | 'b' if !matches!(next, Some('+' | '-')) => (Token::Date, 1),
        other => (Token::Other, other.len_utf8()),
    }
}

fn starts_with_general(code: &str) -> bool {
    code.get(.."General".len())
        .is_some_and(|start| start.eq_ignore_ascii_case("General"))
}

/// What is in brackets: a colour, hours of more than a day, a condition, a currency or a language.
fn bracket(inside: &str) -> Token {
    let lower = inside.to_ascii_lowercase();
    if !lower.is_empty()
        && ["h", "m", "s"]
            .iter()
            .any(|letter| lower.trim_start_matches(letter).is_empty())
    {
        return Token::Date;
    }
    let is_language_only = lower.starts_with("$-");
    let is_colour = lower.starts_with("color")
        || [
            "black", "blue", "cyan", "green", "magenta", "red", "white", "yellow",
        ]
        .contains(&lower.as_str());
    if is_language_only || is_colour {
        Token::Nothing
    } else {
        Token::Other
    }
}
