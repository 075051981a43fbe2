//! What a sheet says of its cells outside of the rows: joined cells and hidden columns.

use std::io::Read;

use super::limits::{Limits, MAX_COLUMNS};
use super::part::Part;
use super::reference::Area;
use super::xml::XmlReader;
use crate::core::error::Failure;

/// What a sheet says of its cells outside of the rows.
#[derive(Debug, Default)]
pub struct Layout {
    /// The joined cells, by their first row.
    joined: Vec<Area>,
    /// How many of them begin before or in the current row.
    begun: usize,
    /// Those that cover the current row.
    current: Vec<Area>,
    /// Whether each column is hidden; none is behind the last.
    hidden_columns: Vec<bool>,
    column_groups: usize,
}

impl Layout {
    /// Reads a sheet from the first byte to the last, since joined cells come behind the rows. So nothing of a damaged sheet is
    /// used.
    ///
    /// # Errors
    /// If the sheet is damaged.
    pub fn read<S: Read>(name: &str, part: Part<S>, limits: &Limits) -> Result<Self, Failure> {
        let mut xml = XmlReader::new(name, part, limits.depth);
        xml.root("worksheet")?;
        let mut layout = Self::default();
        while xml.next_child(1)? {
            if xml.element().is("cols") {
                while xml.next_child(2)? {
                    layout.add_columns(&xml);
                    layout.check_number(&xml, limits)?;
                }
            } else if xml.element().is("mergeCells") {
                while xml.next_child(2)? {
                    layout.add_joined(&xml)?;
                    layout.check_number(&xml, limits)?;
                }
            }
        }
        xml.finish()?;
        layout.joined.sort_by_key(|area| area.first.row);
        Ok(layout)
    }

    /// Goes on to a row behind the one before.
    pub fn go_to(&mut self, row: u32) {
        while let Some(area) = self.joined.get(self.begun).filter(|area| area.first.row <= row) {
            self.current.push(*area);
            self.begun = self.begun.saturating_add(1);
        }
        self.current.retain(|area| area.last.row >= row);
    }

    /// The joined cells that cover the current row.
    pub fn joined_here(&self) -> &[Area] {
        &self.current
    }

    /// Whether a column, which is counted from 1, is hidden.
    pub fn is_hidden(&self, column: u32) -> bool {
        let index = column.saturating_sub(1) as usize;
        self.hidden_columns.get(index).is_some_and(|is_hidden| *is_hidden)
    }

    fn add_columns<S: Read>(&mut self, xml: &XmlReader<S>) {
        let element = xml.element();
        let is_hidden = element.is_set("hidden") || element.number("width") == Some(0.0);
        if element.is("col") && is_hidden {
            let first: usize = element.number("min").unwrap_or(1);
            let last = element
                .number("max")
                .unwrap_or(MAX_COLUMNS as usize)
                .min(MAX_COLUMNS as usize);
            if self.hidden_columns.len() < last {
                self.hidden_columns.resize(last, false);
            }
            if let Some(columns) = self.hidden_columns.get_mut(first.saturating_sub(1)..last) {
                columns.fill(true);
            }
        }
        self.column_groups = self.column_groups.saturating_add(1);
    }

    fn add_joined<S: Read>(&mut self, xml: &XmlReader<S>) -> Result<(), Failure> {
        if !xml.element().is("mergeCell") {
            return Ok(());
        }
        let text = xml.element().attribute("ref").unwrap_or_default();
        let area = Area::parse(text)
            .ok_or_else(|| xml.damaged(format_args!("'{text}' is not the place of joined cells")))?;
        self.joined.push(area);
        Ok(())
    }

    fn check_number<S: Read>(&self, xml: &XmlReader<S>, limits: &Limits) -> Result<(), Failure> {
        if self.joined.len() > limits.ranges || self.column_groups > limits.ranges {
            return Err(xml.damaged("there are too many joined cells or groups of columns"));
        }
        Ok(())
    }
}
