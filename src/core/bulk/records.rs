//! What is to be closed: read from JSON, in the API's spelling or JavaScript's, and checked.

use serde_json::{Map, Value, json};

use crate::core::error::Failure;
use crate::core::json;

/// A record to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The number of the invoice that billed it; none closes it without.
    pub billing_id: Option<String>,
    /// A note.
    pub note: Option<String>,
}

/// What stands in for what a record does not say.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// The billing id of records that have none.
    pub billing_id: Option<String>,
    /// The note of records that have none.
    pub note: Option<String>,
    /// Whether a record must say with which billing id it is to be closed, be it null: a misspelt key would go
    /// unnoticed otherwise. Not so for records as the API lists them.
    pub requires_billing_id: bool,
}

impl Record {
    /// The record as an item of `POST /usage/records/close-records`.
    pub fn item(&self) -> Value {
        let mut item = self.billing();
        item.insert("id".into(), json!(self.id));
        Value::Object(item)
    }

    /// The record's part of the body of a close by itself.
    pub fn billing(&self) -> Map<String, Value> {
        let mut fields = Map::new();
        if let Some(billing_id) = &self.billing_id {
            fields.insert("external_billing_id".into(), json!(billing_id));
        }
        if let Some(note) = &self.note {
            fields.insert("external_billing_note".into(), json!(note));
        }
        fields
    }
}

/// Reads a JSON array of records.
///
/// * `text`: in UTF-8.
/// * `first`: the number of the first one in the whole input, for the error message.
///
/// # Errors
/// A failure of kind `Input` that names the record and what is wrong with it, and the records before it.
pub fn read(text: &[u8], first: usize, defaults: &Defaults) -> Result<Vec<Record>, (Vec<Record>, Failure)> {
    // A note that was cut within an emoji ends in half a surrogate pair.
    let values: Vec<Value> = match serde_json::from_str(&json::readable(text)) {
        Ok(values) => values,
        Err(error) => {
            let message = format!("the records must be an array of objects: {error}");
            return Err((Vec::new(), Failure::input(message)));
        }
    };
    let mut records = Vec::with_capacity(values.len());
    for (index, value) in values.into_iter().enumerate() {
        match record(value, first + index, defaults) {
            Ok(record) => records.push(record),
            Err(failure) => return Err((records, failure)),
        }
    }
    Ok(records)
}

fn record(value: Value, number: usize, defaults: &Defaults) -> Result<Record, Failure> {
    let wrong = |what: &str| {
        Failure::input(format!(
            "records[{number}]: {what}; a record is {{ id, externalBillingId, externalBillingNote }}"
        ))
    };
    let Value::Object(mut fields) = value else {
        return Err(wrong(&format!("{} is no object", kind(&value))));
    };
    let id = match fields.remove("id") {
        Some(Value::String(id)) if !id.is_empty() && id != "." && id != ".." => id,
        Some(Value::Number(id)) => id.to_string(),
        Some(other) => {
            return Err(wrong(&format!(
                "`id` must be a non-empty string; got {}",
                shown(&other)
            )));
        }
        None => return Err(wrong("`id` is missing")),
    };
    let billing_id = field(&mut fields, "externalBillingId", "external_billing_id", number)?;
    let note = field(
        &mut fields,
        "externalBillingNote",
        "external_billing_note",
        number,
    )?;
    if billing_id.is_none() && defaults.billing_id.is_none() && defaults.requires_billing_id {
        return Err(wrong(
            "`externalBillingId` is missing (null closes the record without)",
        ));
    }
    Ok(Record {
        id,
        billing_id: billing_id.flatten().or_else(|| defaults.billing_id.clone()),
        note: note.flatten().or_else(|| defaults.note.clone()),
    })
}

/// A field in either spelling: `None` if it is absent, `Some(None)` if it is null.
fn field(
    fields: &mut Map<String, Value>,
    camel: &str,
    snake: &str,
    number: usize,
) -> Result<Option<Option<String>>, Failure> {
    let value = match (fields.remove(camel), fields.remove(snake)) {
        (Some(Value::Null) | None, other @ Some(_)) => other,
        (value, _) => value,
    };
    match value {
        None => Ok(None),
        Some(Value::Null) => Ok(Some(None)),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(Some(text))),
        Some(other) => Err(Failure::input(format!(
            "records[{number}]: `{camel}` must be a non-empty string, or null; got {}",
            shown(&other)
        ))),
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
mod tests {
    use super::*;

    fn strict() -> Defaults {
        Defaults {
            requires_billing_id: true,
            ..Defaults::default()
        }
    }

    fn one(text: &str, defaults: &Defaults) -> Result<Record, String> {
        read(format!("[{text}]").as_bytes(), 1, defaults)
            .map(|mut records| records.remove(0))
            .map_err(|(_, failure)| failure.message)
    }

    #[test]
    fn either_spelling_is_read() {
        for text in [
            r#"{"id":"UR-1","externalBillingId":"INV-7","externalBillingNote":"n"}"#,
            r#"{"external_billing_note":"n","external_billing_id":"INV-7","id":"UR-1","more":1}"#,
        ] {
            let record = one(text, &strict()).unwrap();
            assert_eq!(
                record.item(),
                json!({"id": "UR-1", "external_billing_id": "INV-7", "external_billing_note": "n"})
            );
        }
    }

    #[test]
    fn what_is_missing_is_taken_from_the_defaults() {
        let defaults = Defaults {
            billing_id: Some("INV-7".into()),
            note: Some("n".into()),
            requires_billing_id: true,
        };
        let record = one(r#"{"id":7,"external_billing_id":null}"#, &defaults).unwrap();
        assert_eq!(
            record.item(),
            json!({"id": "7", "external_billing_id": "INV-7", "external_billing_note": "n"})
        );
        assert_eq!(
            one(r#"{"id":"UR-1"}"#, &Defaults::default()).unwrap().item(),
            json!({"id": "UR-1"})
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (text, says) in [
            ("7", "records[1]: a number is no object"),
            ("{}", "`id` is missing"),
            (r#"{"id":""}"#, "`id` must be a non-empty string; got ''"),
            (r#"{"id":".."}"#, "got '..'"),
            (r#"{"id":null}"#, "got null"),
            (r#"{"id":"UR-1"}"#, "`externalBillingId` is missing"),
            (
                r#"{"id":"UR-1","externalBillingId":7}"#,
                "must be a non-empty string, or null; got a number",
            ),
            (r#"{"id":"UR-1","externalBillingId":""}"#, "got ''"),
            (
                r#"{"id":"UR-1","externalBillingId":null,"externalBillingNote":[]}"#,
                "got an array",
            ),
        ] {
            let message = one(text, &strict()).unwrap_err();
            assert!(message.contains(says), "{text}: {message}");
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_replaced() {
        let text = r#"{"id":"UR-1","externalBillingId":"INV-7","externalBillingNote":"a\ud83d"}"#;
        assert_eq!(one(text, &strict()).unwrap().note.as_deref(), Some("a\u{FFFD}"));
    }

    #[test]
    fn the_records_before_a_wrong_one_are_kept() {
        let (before, failure) = read(br#"[{"id":"UR-1"},{}]"#, 100, &Defaults::default()).unwrap_err();
        assert_eq!(before.len(), 1);
        assert!(failure.message.starts_with("records[101]:"), "{failure}");
    }
}
