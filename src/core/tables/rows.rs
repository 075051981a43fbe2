//! The rows of a table of any columns.

use std::collections::HashMap;
use std::sync::Arc;

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value, json};

use super::cell::shown;
use super::detect::Format;
use super::headers::{Column, letters};
use super::meaning::{Meaning, Options};
use super::record::{self, Record, Refusals, Refused};
use super::row::{Cell, Row};
use crate::core::error::Failure;

/// The columns of a table, whatever they are. Those without a header are left out.
#[derive(Debug, Clone)]
pub struct AnyColumns {
    columns: Arc<[Column]>,
    /// How many cells the header row has, also empty ones.
    width: usize,
    format: Format,
}

/// A row. In JSON it is `{ row, hidden, cells, unusable }`: the texts by their headers, and why a cell has no text that can be
/// used.
#[derive(Debug, Clone)]
pub struct TableRow {
    columns: Arc<[Column]>,
    row: Row,
}

impl Meaning for AnyColumns {
    type Item = TableRow;

    fn of_header(header: &Row, format: Format, _options: &Options) -> Result<Self, Failure> {
        let mut columns: Vec<Column> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (index, cell) in header.cells.iter().enumerate() {
            let text = match cell {
                Cell::Text(text) => text.trim(),
                Cell::Unusable(reason) => {
                    let place = place(index, format);
                    return Err(Failure::input(format!("the header of {place} {reason}")));
                }
            };
            if text.is_empty() {
                continue;
            }
            let column = Column {
                index,
                header: text.to_string(),
            };
            if let Some(first) = known.insert(text.to_lowercase(), columns.len()) {
                return Err(two_headers(columns.get(first), &column, format));
            }
            columns.push(column);
        }
        Ok(Self {
            columns: columns.into(),
            width: header.cells.len(),
            format,
        })
    }

    fn read(&self, row: Row, refusals: &mut Refusals) -> Option<TableRow> {
        if row.is_blank() {
            return None;
        }
        if let Some(reason) = record::refuse_extra(&row, self.width, self.format) {
            refusals.push(Refused {
                format: self.format,
                row: row.number,
                column: None,
                value: String::new(),
                reason,
            });
            return None;
        }
        Some(TableRow {
            columns: Arc::clone(&self.columns),
            row,
        })
    }

    fn into_record(_item: TableRow) -> Option<Record> {
        None
    }

    fn describe(&self) -> Map<String, Value> {
        let headers: Vec<_> = self.columns.iter().map(|column| &column.header).collect();
        Map::from_iter([("columns".to_string(), json!(headers))])
    }
}

fn two_headers(first: Option<&Column>, second: &Column, format: Format) -> Failure {
    let named = |column: &Column| format!("'{}' ({})", shown(&column.header), place(column.index, format));
    let (first, second) = (first.map(named).unwrap_or_default(), named(second));
    Failure::input(format!(
        "two columns have the same header, {first} and {second}; rename one of them"
    ))
}

/// What a person calls a column.
fn place(index: usize, format: Format) -> String {
    match format {
        Format::Csv => format!("column {}", index.saturating_add(1)),
        Format::Xlsx => format!("column {}", letters(index)),
    }
}

impl TableRow {
    /// The cells by their headers; those that are missing at the end are empty.
    fn cells(&self) -> impl Iterator<Item = (&str, Option<&Cell>)> {
        let columns = self.columns.iter();
        columns.map(|column| (column.header.as_str(), self.row.cells.get(column.index)))
    }

    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells().filter_map(|(header, cell)| match cell {
            Some(Cell::Text(text)) => Some((header, text.as_str())),
            Some(Cell::Unusable(_)) => None,
            None => Some((header, "")),
        })
    }

    fn unusable(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells().filter_map(|(header, cell)| match cell {
            Some(Cell::Unusable(reason)) => Some((header, reason.as_str())),
            _ => None,
        })
    }
}

impl Serialize for TableRow {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("row", &self.row.number)?;
        if self.row.is_hidden {
            map.serialize_entry("hidden", &true)?;
        }
        map.serialize_entry("cells", &Entries(|| self.texts()))?;
        if self.unusable().next().is_some() {
            map.serialize_entry("unusable", &Entries(|| self.unusable()))?;
        }
        map.end()
    }
}

/// An object of entries.
struct Entries<F>(F);

impl<'a, I: Iterator<Item = (&'a str, &'a str)>, F: Fn() -> I> Serialize for Entries<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map((self.0)())
    }
}

#[cfg(test)]
mod tests;
