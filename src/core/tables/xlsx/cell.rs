//! A cell of a sheet: what a person sees in it.

use std::borrow::Cow;

use super::limits::MAX_CHARACTERS;
use super::number;
use super::number_format::NumberFormat;
use super::shared_texts::SharedTexts;
use super::styles::Styles;
use super::text;
use crate::core::tables::row::Cell;

/// What the file says of a cell.
#[derive(Debug, Default)]
pub struct RawCell {
    /// Its type: `s`, `str`, `inlineStr`, `b`, `e`, `d`, `n`; empty if it is not said.
    pub kind: String,
    /// The number of its style.
    pub style: u32,
    /// Its value as written, if it has one.
    pub value: Option<String>,
    /// Its own text, if it has one.
    pub inline: Option<String>,
    /// Whether it has a formula.
    pub has_formula: bool,
}

/// What cells refer to.
#[derive(Debug, Default)]
pub struct Shared {
    /// The shared texts.
    pub texts: SharedTexts,
    /// The styles.
    pub styles: Styles,
}

impl RawCell {
    /// What a person sees in it.
    ///
    /// # Errors
    /// If the workbook is damaged: what is wrong.
    pub fn read(&self, shared: &Shared) -> Result<Cell, String> {
        let value = self.value.as_deref().unwrap_or_default();
        match self.kind.as_str() {
            "s" if value.trim().is_empty() => Ok(self.without_value()),
            "s" => {
                let text = value
                    .trim()
                    .parse()
                    .ok()
                    .and_then(|index| shared.texts.get(index));
                let text = text.ok_or_else(|| format!("there is no text number '{}'", value.trim()))?;
                Ok(self.shown_text(text, shared))
            }
            "inlineStr" => Ok(self.shown_text(self.inline.as_deref().unwrap_or_default(), shared)),
            // A formula whose result is an empty text has an empty value.
            "str" if self.value.is_none() => Ok(self.without_value()),
            "str" => {
                let text = text::decode(value);
                if text.len() > MAX_CHARACTERS && text.encode_utf16().count() > MAX_CHARACTERS {
                    return Err(format!("a text has more than {MAX_CHARACTERS} characters"));
                }
                Ok(self.shown_text(&text, shared))
            }
            "b" => match value.trim() {
                "1" | "true" => Ok(Cell::Text("TRUE".to_owned())),
                "0" | "false" => Ok(Cell::Text("FALSE".to_owned())),
                "" => Ok(self.without_value()),
                other => Err(format!("'{other}' is neither true nor false")),
            },
            "e" => {
                let error = if value.is_empty() { "#VALUE!" } else { value };
                let error = text::excerpt(error, 40);
                Ok(unusable(format!(
                    "is the error {error}; correct the cell or its formula"
                )))
            }
            "d" => Ok(unusable(
                "is a date or a time; format the cell as text and enter it again",
            )),
            "" | "n" if value.trim().is_empty() => Ok(self.without_value()),
            "" | "n" => Ok(
                match number::shown(value.trim(), self.format(shared).as_deref()) {
                    Ok(text) => Cell::Text(text),
                    Err(reason) => unusable(reason),
                },
            ),
            other => Err(format!("there is no cell type '{other}'")),
        }
    }

    fn without_value(&self) -> Cell {
        if self.has_formula {
            return unusable(
                "is a formula whose result is not in the file; open the workbook in Excel and save it",
            );
        }
        Cell::Text(String::new())
    }

    fn shown_text(&self, text: &str, shared: &Shared) -> Cell {
        let is_shown = text.is_empty() || self.format(shared).is_none_or(|format| format.shows_text());
        if is_shown {
            return Cell::Text(text.to_owned());
        }
        unusable("has a number format that shows something else than its text; format the cell as text")
    }

    fn format<'a>(&self, shared: &'a Shared) -> Option<Cow<'a, NumberFormat>> {
        if shared.styles.is_empty() {
            return Some(Cow::Owned(NumberFormat::built_in(0)));
        }
        shared.styles.format(self.style).map(Cow::Borrowed)
    }
}

/// A cell that cannot be used.
pub fn unusable(reason: impl Into<String>) -> Cell {
    Cell::Unusable(reason.into())
}
