//! The start of an XML element.

use std::ops::Range;

use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;

/// The most attributes of an element.
const MAX_ATTRIBUTES: usize = 256;

/// The start of an XML element. It is used again for the next one, without allocating.
#[derive(Debug, Default)]
pub struct Element {
    /// Its name without the prefix, then names and values of its attributes, one behind the other.
    characters: String,
    name: Range<usize>,
    attributes: Vec<(Range<usize>, Range<usize>)>,
    is_known: bool,
}

impl Element {
    /// Whether it has this name and is of a workbook's namespace.
    pub fn is(&self, name: &str) -> bool {
        self.is_known && self.slice(&self.name) == name
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.find(|candidate| candidate == name)
    }

    /// The value of an attribute of another namespace, whatever its prefix is here.
    pub fn prefixed_attribute(&self, local_name: &str) -> Option<&str> {
        self.find(|candidate| {
            candidate
                .split_once(':')
                .is_some_and(|(_, local)| local == local_name)
        })
    }

    /// The value of an attribute with a number in the file; without it, 0; the greatest that there is if it is none.
    pub fn index(&self, name: &str) -> u32 {
        self.attribute(name)
            .map_or(0, |value| value.trim().parse().unwrap_or(u32::MAX))
    }

    /// The value of a number's attribute, if there is one and it can be understood.
    pub fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.attribute(name)?.trim().parse().ok()
    }

    /// Whether an attribute says yes.
    pub fn is_set(&self, name: &str) -> bool {
        self.attribute(name)
            .is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
    }

    /// Takes over what a tag says.
    ///
    /// # Errors
    /// If its attributes are not well-formed.
    pub fn read(&mut self, tag: &BytesStart<'_>, is_known: bool) -> Result<(), String> {
        self.characters.clear();
        self.attributes.clear();
        self.is_known = is_known;
        self.name = self.append(tag.local_name().as_ref());
        for attribute in tag.attributes() {
            if self.attributes.len() == MAX_ATTRIBUTES {
                return Err(format!("an element has more than {MAX_ATTRIBUTES} attributes"));
            }
            let attribute = attribute.map_err(|error| format!("an attribute is not well-formed: {error}"))?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| format!("an attribute is not well-formed: {error}"))?;
            let name = self.append(attribute.key.as_ref());
            let value = self.append(&value);
            self.attributes.push((name, value));
        }
        Ok(())
    }

    fn find(&self, is_wanted: impl Fn(&str) -> bool) -> Option<&str> {
        let (_, value) = self
            .attributes
            .iter()
            .find(|(name, _)| is_wanted(self.slice(name)))?;
        Some(self.slice(value))
    }

    fn append(&mut self, characters: &str) -> Range<usize> {
        let start = self.characters.len();
        self.characters.push_str(characters);
        start..self.characters.len()
    }

    fn slice(&self, range: &Range<usize>) -> &str {
        self.characters.get(range.clone()).unwrap_or_default()
    }
}
