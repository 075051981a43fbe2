//! The texts that cells share.

use std::io::Read;

use super::limits::Limits;
use super::part::Part;
use super::text::read_rich_text;
use super::xml::XmlReader;
use crate::core::error::Failure;

/// The texts that cells share: one buffer for all, and where each ends in it.
#[derive(Debug, Default)]
pub struct SharedTexts {
    characters: String,
    ends: Vec<u32>,
}

impl SharedTexts {
    /// Reads the part with the shared texts.
    ///
    /// # Errors
    /// If it is damaged, or has too many texts.
    pub fn read<S: Read>(name: &str, part: Part<S>, limits: &Limits) -> Result<Self, Failure> {
        let mut xml = XmlReader::new(name, part, limits.depth);
        xml.root("sst")?;
        let mut texts = Self::default();
        while xml.next_child(1)? {
            if !xml.element().is("si") {
                continue;
            }
            texts.characters.push_str(&read_rich_text(&mut xml, 2)?);
            let end = texts.characters.len();
            if end > limits.text_bytes || texts.ends.len() >= limits.texts {
                return Err(Failure::input(format!(
                    "the workbook has more text than is read ({} texts, {} bytes); delete what is not needed, or save the \
                     table as .csv",
                    limits.texts, limits.text_bytes
                )));
            }
            let end = u32::try_from(end).map_err(|_| xml.damaged("there is too much text"))?;
            texts.ends.push(end);
        }
        xml.finish()?;
        Ok(texts)
    }

    /// A text.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)? as usize,
            None => 0,
        };
        self.characters.get(start..end)
    }
}
