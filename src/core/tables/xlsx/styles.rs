//! The number formats of a workbook's cells.

use std::collections::HashMap;
use std::io::Read;

use super::limits::Limits;
use super::number_format::NumberFormat;
use super::part::Part;
use super::xml::XmlReader;
use crate::core::error::Failure;

/// The number formats of a workbook's cells.
#[derive(Debug, Default)]
pub struct Styles {
    /// The number of each cell style's format.
    cells: Vec<u32>,
    formats: HashMap<u32, NumberFormat>,
    has_part: bool,
}

impl Styles {
    /// Reads the part with the styles.
    ///
    /// # Errors
    /// If it is damaged, or has too many styles.
    pub fn read<S: Read>(name: &str, part: Part<S>, limits: &Limits) -> Result<Self, Failure> {
        let mut xml = XmlReader::new(name, part, limits.depth);
        xml.root("styleSheet")?;
        let mut styles = Self {
            has_part: true,
            ..Self::default()
        };
        while xml.next_child(1)? {
            if xml.element().is("numFmts") {
                while xml.next_child(2)? {
                    styles.add_format(&xml)?;
                }
            } else if xml.element().is("cellXfs") {
                while xml.next_child(2)? {
                    if xml.element().is("xf") {
                        styles.cells.push(xml.element().index("numFmtId"));
                    }
                    if styles.cells.len() > limits.styles {
                        return Err(xml.damaged("there are too many cell styles"));
                    }
                }
            }
            if styles.formats.len() > limits.styles {
                return Err(xml.damaged("there are too many number formats"));
            }
        }
        xml.finish()?;
        for id in &styles.cells {
            styles
                .formats
                .entry(*id)
                .or_insert_with(|| NumberFormat::built_in(*id));
        }
        Ok(styles)
    }

    /// The format of a cell.
    ///
    /// * `style`: the number of its style.
    ///
    /// Nothing if the workbook lacks the style.
    pub fn format(&self, style: u32) -> Option<&NumberFormat> {
        self.formats.get(self.cells.get(style as usize)?)
    }

    /// Whether cells may have a style: without the part, all are as Excel shows them by itself.
    pub fn is_empty(&self) -> bool {
        !self.has_part
    }

    fn add_format<S: Read>(&mut self, xml: &XmlReader<S>) -> Result<(), Failure> {
        let element = xml.element();
        if !element.is("numFmt") {
            return Ok(());
        }
        let (Some(id), Some(code)) = (element.number("numFmtId"), element.attribute("formatCode")) else {
            return Err(xml.damaged("a number format lacks its number or its code"));
        };
        self.formats.insert(id, NumberFormat::parse(code));
        Ok(())
    }
}
