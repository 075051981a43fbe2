//! What a row means: a record, or why it is refused.

use std::fmt;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cell;
use super::detect::Format;
use super::headers::{Columns, Field, letters};
use super::row::{Cell, Row};
use super::subject::Subject;
use crate::core::error::Failure;

/// How many refused rows are kept; the others are only counted.
pub const MAX_REFUSED: usize = 10_000;

/// How many refused rows a message names.
const NAMED: usize = 3;

/// A record of a table. What its row does not say is `None`, and left out of its JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// Its invoice.
    pub billing_id: Option<String>,
    /// Its note.
    pub note: Option<String>,
    /// The number of its row.
    pub row: u64,
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &self.id)?;
        if let Some(billing_id) = &self.billing_id {
            map.serialize_entry("externalBillingId", billing_id)?;
        }
        if let Some(note) = &self.note {
            map.serialize_entry("externalBillingNote", note)?;
        }
        map.serialize_entry("row", &self.row)?;
        map.end()
    }
}

/// Why a row is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The kind of file, which decides whether messages call it a line or a row.
    pub format: Format,
    /// The number of the row.
    pub row: u64,
    /// The column with the wrong value, unless the row as a whole is wrong.
    pub column: Option<Column>,
    /// What is there, shortened; empty if it has no text that could be shown, such as a date.
    pub value: String,
    /// What is wrong with it, and what to do: the rest of a sentence that begins with the value or the row.
    pub reason: String,
}

/// The column of a refused value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// Excel's name of the cell, such as `B7`.
    pub cell: Option<String>,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.format.row_word(), self.row)?;
        if let Some(Column { header, cell }) = &self.column {
            write!(f, ", {header}")?;
            if let Some(cell) = cell {
                write!(f, " ({cell})")?;
            }
            if !self.value.is_empty() {
                write!(f, ": '{}'", self.value)?;
            }
        }
        write!(f, " {}", self.reason)
    }
}

impl Serialize for Refused {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("row", &self.row)?;
        if let Some(Column { header, cell }) = &self.column {
            map.serialize_entry("column", header)?;
            if let Some(cell) = cell {
                map.serialize_entry("cell", cell)?;
            }
        }
        map.serialize_entry("value", &self.value)?;
        map.serialize_entry("reason", &self.reason)?;
        map.serialize_entry("message", &self.to_string())?;
        map.end()
    }
}

/// The refused rows of a table.
#[derive(Debug, Default)]
pub struct Refusals {
    /// The first of them.
    pub kept: Vec<Refused>,
    /// How many there are.
    pub count: u64,
}

impl Refusals {
    /// Adds one.
    pub fn push(&mut self, refused: Refused) {
        self.count += 1;
        if self.kept.len() < MAX_REFUSED {
            self.kept.push(refused);
        }
    }

    /// The failure that names the first of them; `None` if there are none.
    pub fn failure(&self) -> Option<Failure> {
        if self.count == 0 {
            return None;
        }
        let named: Vec<_> = self.kept.iter().take(NAMED).map(ToString::to_string).collect();
        let more = match self.count.saturating_sub(named.len() as u64) {
            0 => String::new(),
            more => format!("; and {more} more"),
        };
        Some(Failure::input(format!("{}{more}", named.join("; "))))
    }
}

/// How rows are read.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// The kind of file.
    pub format: Format,
    /// What the rows are about.
    pub subject: Subject,
    /// Whether hidden rows are records, too.
    pub takes_hidden: bool,
    /// Whether each row must have an invoice.
    pub requires_billing_id: bool,
}

/// Reads a row; `None` if it has no text, or is refused.
pub fn read(row: Row, columns: &Columns, rules: Rules, refusals: &mut Refusals) -> Option<Record> {
    if row.is_blank() {
        return None;
    }
    let before = refusals.count;
    let mut reader = RowReader {
        row,
        columns,
        rules,
        refusals,
    };
    let record = match reader.refuse_row() {
        Some(reason) => {
            let value = reader.id_as_shown();
            reader.refuse(None, value, reason);
            None
        }
        None => Some(reader.record()),
    };
    record.filter(|_| refusals.count == before)
}

/// Why a row with texts behind the last of so many columns is refused: in CSV a separator within a text may have moved the cells.
pub fn refuse_extra(row: &Row, columns: usize, format: Format) -> Option<String> {
    let extra = row.cells.get(columns..).unwrap_or_default();
    (format == Format::Csv && !extra.iter().all(Cell::is_blank))
        .then(|| "has more columns than the header; put a text that contains the separator in quotes".into())
}

struct RowReader<'a> {
    row: Row,
    columns: &'a Columns,
    rules: Rules,
    refusals: &'a mut Refusals,
}

impl RowReader<'_> {
    /// Why the row as a whole is refused.
    fn refuse_row(&self) -> Option<String> {
        let Row { cells, is_hidden, .. } = &self.row;
        if *is_hidden && !self.rules.takes_hidden {
            return Some(
                "is hidden, or left out by a filter; show or delete it, or read hidden rows too (hidden)"
                    .into(),
            );
        }
        if let Some(reason) = refuse_extra(&self.row, self.columns.count, self.rules.format) {
            return Some(reason);
        }
        let billing_id = self.columns.billing_id.as_ref();
        if self.rules.format == Format::Csv
            && let Some(column) = billing_id.filter(|column| cells.len() <= column.index)
        {
            return Some(format!(
                "ends before the column {}; is part of it missing?",
                column.header
            ));
        }
        if self.text(&self.columns.id) == Some("") {
            let noun = self.rules.subject.noun();
            return Some(format!("has no id; enter the {noun}'s id, or delete the row"));
        }
        None
    }

    fn record(&mut self) -> Record {
        let subject = self.rules.subject;
        let refuse_id = |text: &str| cell::refuse_id(text, subject);
        let id = self.field(Field::Id, refuse_id).unwrap_or_default();
        let billing_id = self.field(Field::BillingId, cell::refuse_billing_id);
        if billing_id.is_none() && self.rules.requires_billing_id {
            self.refuse(
                None,
                cell::shown(&id),
                "has no invoice; enter one, or give one for all of them".into(),
            );
        }
        Record {
            id,
            billing_id,
            note: self.field(Field::Note, cell::refuse_note),
            row: self.row.number,
        }
    }

    /// The text of a field, unless it is empty; what is wrong with it is noted.
    fn field(&mut self, field: Field, check: impl Fn(&str) -> Option<String>) -> Option<String> {
        let column = self.columns.get(field)?;
        let (value, reason) = match self.row.cells.get(column.index)? {
            Cell::Text(text) if text.is_empty() => return None,
            Cell::Text(text) => (cell::shown(text), check(text)),
            Cell::Unusable(reason) => (String::new(), Some(reason.clone())),
        };
        match reason {
            None => match self.row.cells.get_mut(column.index)? {
                Cell::Text(text) => Some(std::mem::take(text)),
                Cell::Unusable(_) => None,
            },
            Some(reason) => {
                self.refuse(Some(column), value, reason);
                // It is there, if unusable.
                Some(String::new())
            }
        }
    }

    fn text(&self, column: &super::headers::Column) -> Option<&str> {
        match self.row.cells.get(column.index) {
            None => Some(""),
            Some(Cell::Text(text)) => Some(text),
            Some(Cell::Unusable(_)) => None,
        }
    }

    fn id_as_shown(&self) -> String {
        cell::shown(self.text(&self.columns.id).unwrap_or_default())
    }

    fn refuse(&mut self, column: Option<&super::headers::Column>, value: String, reason: String) {
        let cell = |index| match self.rules.format {
            Format::Csv => None,
            Format::Xlsx => Some(format!("{}{}", letters(index), self.row.number)),
        };
        let column = column.map(|column| Column {
            header: column.header.clone(),
            cell: cell(column.index),
        });
        self.refusals.push(Refused {
            format: self.rules.format,
            row: self.row.number,
            column,
            value,
            reason,
        });
    }
}
