//! The rows of a table as records.

use serde_json::{Map, Value, json};

use super::detect::Format;
use super::headers::{Columns, Field};
use super::meaning::{Meaning, Options};
use super::record::{self, Record, Refusals, Rules};
use super::row::Row;
use crate::core::error::Failure;

/// The columns of a table of records.
#[derive(Debug, Clone)]
pub struct RecordColumns {
    /// Which column is what.
    pub columns: Columns,
    rules: Rules,
}

impl Meaning for RecordColumns {
    type Item = Record;

    fn of_header(header: &Row, format: Format, options: &Options) -> Result<Self, Failure> {
        let columns = Columns::read(header, options.subject)?;
        if options.requires_billing_id && columns.billing_id.is_none() {
            let (name, plural) = (Field::BillingId.name(), options.subject.plural());
            let message = format!("it has no column {name}; add it, or give one invoice for all {plural}");
            return Err(Failure::input(message));
        }
        let rules = Rules {
            format,
            subject: options.subject,
            takes_hidden: options.takes_hidden,
            requires_billing_id: options.requires_billing_id,
        };
        Ok(Self { columns, rules })
    }

    fn read(&self, row: Row, refusals: &mut Refusals) -> Option<Record> {
        record::read(row, &self.columns, self.rules, refusals)
    }

    fn into_record(item: Record) -> Option<Record> {
        Some(item)
    }

    fn describe(&self) -> Map<String, Value> {
        let header = |field| self.columns.get(field).map(|column| &column.header);
        let names = [
            ("id", Field::Id),
            ("externalBillingId", Field::BillingId),
            ("externalBillingNote", Field::Note),
        ];
        let columns: Map<_, _> = names
            .into_iter()
            .filter_map(|(name, field)| Some((name.to_string(), json!(header(field)?))))
            .collect();
        Map::from_iter([
            ("columns".to_string(), columns.into()),
            ("ignored".to_string(), json!(self.columns.ignored)),
        ])
    }
}
