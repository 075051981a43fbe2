//! The records (or chunks) to close: parsed from JSON, in the API's spelling or JavaScript's, and checked.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::closable::{self, Closable};
use crate::core::error::Failure;
use crate::core::json;
use crate::core::tables::record::Record as TableRecord;

/// A record to close.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The number of the invoice that billed it; `None` closes the record without one. Shared between consecutive records of
    /// one invoice: a million of them may be in memory.
    pub billing_id: Option<Arc<str>>,
    /// A note, shared likewise.
    pub note: Option<Arc<str>>,
    /// Whether the caller says that it is outdated, as a listed chunk does.
    pub is_outdated: bool,
}

/// What the records are, and the values of fields that one does not have.
#[derive(Debug, Clone)]
pub struct Defaults {
    /// What is closed.
    pub closable: &'static Closable,
    /// The billing id of records without one.
    pub billing_id: Option<Arc<str>>,
    /// The note of records without one.
    pub note: Option<Arc<str>>,
    /// Whether each record must have a billing id, even if it is null, so that a misspelt key is noticed. Not for records as
    /// the API lists them.
    pub requires_billing_id: bool,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            closable: &closable::RECORDS,
            billing_id: None,
            note: None,
            requires_billing_id: false,
        }
    }
}

impl Record {
    /// The record as an item of `POST /usage/records/close-records`.
    pub fn item(&self) -> Value {
        let mut item = self.billing();
        item.insert("id".into(), json!(self.id));
        Value::Object(item)
    }

    /// The record's part of the body of `POST /usage/records/{id}/close`.
    pub fn billing(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        if let Some(billing_id) = &self.billing_id {
            fields.insert("external_billing_id".into(), json!(**billing_id));
        }
        if let Some(note) = &self.note {
            fields.insert("external_billing_note".into(), json!(**note));
        }
        fields
    }
}

/// Parses a JSON array of records.
///
/// * `text`: in UTF-8.
/// * `first`: the index of the first record in the whole input, for error messages.
///
/// # Errors
/// A failure of kind `Input` that names the invalid record and what is wrong with it, and the records before it.
pub fn read(text: &[u8], first: usize, defaults: &Defaults) -> Result<Vec<Record>, (Vec<Record>, Failure)> {
    // A note that was cut inside an emoji ends in half a surrogate pair, which serde refuses.
    let values: Vec<Value> = match serde_json::from_str(&json::readable(text)) {
        Ok(values) => values,
        Err(error) => {
            let message = format!(
                "the {} must be an array of objects: {error}",
                defaults.closable.plural
            );
            return Err((Vec::new(), Failure::input(message)));
        }
    };
    let mut records: Vec<Record> = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        match record(value, first + index, defaults, records.last()) {
            Ok(record) => records.push(record),
            Err(failure) => return Err((records, failure)),
        }
    }
    Ok(records)
}

fn record(
    value: Value,
    number: usize,
    defaults: &Defaults,
    previous: Option<&Record>,
) -> Result<Record, Failure> {
    let plural = defaults.closable.plural;
    let wrong = |what: &str| invalid(number, what, defaults);
    let Value::Object(mut fields) = value else {
        return Err(Failure::input(format!(
            "{plural}[{number}]: expected an object {{ id, externalBillingId, externalBillingNote }}, got {}",
            kind(&value)
        )));
    };
    let id = id(fields.remove("id")).map_err(|what| wrong(&what))?;
    let refused = |what: String| Failure::input(format!("{plural}[{number}]: {what}"));
    let billing_id = field(&mut fields, "externalBillingId", "external_billing_id").map_err(refused)?;
    let note = field(&mut fields, "externalBillingNote", "external_billing_note").map_err(refused)?;
    let is_outdated = !fields.is_empty() && fields.get("outdated") == Some(&Value::Bool(true));
    let record = complete(id, billing_id, note.flatten(), defaults, previous);
    let mut record = record.map_err(|what| wrong(&what))?;
    record.is_outdated = is_outdated;
    Ok(record)
}

/// The failure for a record that cannot be used.
pub(super) fn invalid(number: usize, what: &str, defaults: &Defaults) -> Failure {
    let Closable { noun, plural, .. } = defaults.closable;
    Failure::input(format!(
        "{plural}[{number}]: {what}; a {noun} is {{ id, externalBillingId, externalBillingNote }}"
    ))
}

/// A record of a table.
///
/// # Errors
/// What is wrong with it.
pub fn of_table(
    TableRecord {
        id, billing_id, note, ..
    }: TableRecord,
    defaults: &Defaults,
    previous: Option<&Record>,
) -> Result<Record, String> {
    let plural = defaults.closable.plural;
    complete(id, billing_id.map(Some), note, defaults, previous).map_err(|_| {
        format!("`externalBillingId` is missing; fill in its cell, or give one for all {plural} by the option externalBillingId")
    })
}

/// A record with the defaults for what it does not say; otherwise what is wrong.
#[inline(always)]
fn complete(
    id: String,
    billing_id: Option<Option<String>>,
    note: Option<String>,
    defaults: &Defaults,
    previous: Option<&Record>,
) -> Result<Record, String> {
    if let Some(None) | None = billing_id {
        check_missing_invoice(billing_id.is_some(), defaults)?;
    }
    let previous = |of: fn(&Record) -> &Option<Arc<str>>| previous.and_then(|record| of(record).as_ref());
    let billing_id = billing_id
        .flatten()
        .map(|text| shared(text, previous(|record| &record.billing_id)));
    let note = note.map(|text| shared(text, previous(|record| &record.note)));
    Ok(Record {
        id,
        billing_id: billing_id.or_else(|| defaults.billing_id.clone()),
        note: note.or_else(|| defaults.note.clone()),
        is_outdated: false,
    })
}

/// The id of a record; otherwise what is wrong with it.
#[inline(always)]
pub(super) fn id(value: Option<Value>) -> Result<String, String> {
    match value {
        Some(Value::String(id)) if !id.is_empty() && id != "." && id != ".." => Ok(id),
        Some(Value::Number(id)) => Ok(id.to_string()),
        Some(other) => Err(format!("`id` must be a non-empty string; got {}", shown(&other))),
        None => Err("`id` is missing".into()),
    }
}

/// Whether a record that names no invoice may be without one; otherwise what is wrong.
///
/// * `is_null`: whether it says itself that it has none.
pub(super) fn check_missing_invoice(is_null: bool, defaults: &Defaults) -> Result<(), String> {
    if defaults.billing_id.is_some() {
        return Ok(());
    }
    let Closable { noun, .. } = defaults.closable;
    if defaults.closable.requires_invoice {
        let is = if is_null { "null" } else { "missing" };
        return Err(format!(
            "`externalBillingId` is {is}, and Connect closes a {noun} only with the number of an invoice"
        ));
    }
    if defaults.requires_billing_id && !is_null {
        return Err(format!(
            "`externalBillingId` is missing (null closes the {noun} without)"
        ));
    }
    Ok(())
}

/// The text as a shared one: that of the previous record if it is the same.
fn shared(text: String, previous: Option<&Arc<str>>) -> Arc<str> {
    match previous {
        Some(previous) if **previous == *text => previous.clone(),
        _ => text.into(),
    }
}

/// A field in either spelling: `None` if it is absent, `Some(None)` if it is null; otherwise what is wrong with it.
fn field(
    fields: &mut Map<String, Value>,
    camel: &str,
    snake: &str,
) -> Result<Option<Option<String>>, String> {
    let value = match (fields.remove(camel), fields.remove(snake)) {
        (Some(Value::Null) | None, other @ Some(_)) => other,
        (value, _) => value,
    };
    match value {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(Some(Some(text))),
        Some(other) => Err(format!(
            "`{camel}` must be a non-empty string, or null; got {}",
            shown(&other)
        )),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("'{text}'"),
        other => kind(other).to_string(),
    }
}

#[cfg(test)]
mod tests;
