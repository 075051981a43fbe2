//! A line of a journal: written, checked and parsed.

use serde_json::{Deserializer, Value, json};

use crate::core::bulk::records::Record;

/// The form of the checksum's field; each `0` stands for a hex digit.
const CHECKSUM_FIELD: &[u8] = br#","crc":"00000000"}"#;

/// An id and a billing id.
pub(super) type Pair<'a> = (&'a str, Option<&'a str>);

/// What a line says of its records.
#[derive(Clone, Copy)]
pub(super) enum LineKind {
    /// They are about to be sent.
    Sending,
    Closed,
    Failed,
    Conflict,
    Unknown,
}

/// The fields of a line before records are sent.
pub(super) fn sending_fields(records: &[&Record]) -> String {
    format!(r#""sending":{}"#, listed(records))
}

/// The fields of a line about the outcome of records.
pub(super) fn outcome_fields(is: &str, records: &[&Record]) -> String {
    format!(r#""is":{},"records":{}"#, json!(is), listed(records))
}

fn listed(records: &[&Record]) -> Value {
    records
        .iter()
        .map(|record| json!([record.id, record.billing_id.as_deref()]))
        .collect()
}

/// The line of these fields, with its checksum and newline.
pub(super) fn with_checksum(fields: &str) -> String {
    let sum = crc32fast::hash(format!("{{{fields}}}").as_bytes());
    format!("{{{fields},\"crc\":\"{sum:08x}\"}}\n")
}

/// Whether a line, without its newline, has a valid checksum.
pub(super) fn has_valid_checksum(line: &[u8]) -> bool {
    let at = line.len().checked_sub(CHECKSUM_FIELD.len());
    let Some((fields, with_checksum)) = at.and_then(|at| line.split_at_checked(at)) else {
        return false;
    };
    let mut sum = crc32fast::Hasher::new();
    sum.update(fields);
    sum.update(b"}");
    with_checksum == format!(",\"crc\":\"{:08x}\"}}", sum.finalize()).as_bytes()
}

/// Parses a line without its newline: its number, if it has one, and its value. `None` if it is damaged.
///
/// * `is_old`: whether the file is of version 1, whose lines have neither number nor checksum.
pub(super) fn read(line: &[u8], is_old: bool) -> Option<(Option<u64>, Value)> {
    let has_valid_checksum = has_valid_checksum(line) || has_fault!(ChecksumIgnored);
    if !has_valid_checksum && !is_old {
        return None;
    }
    let value: Value = serde_json::from_slice(line).ok()?;
    if has_valid_checksum {
        return Some((Some(value.get("line")?.as_u64()?), value));
    }
    // Anything else may be a line of version 2 whose checksum is damaged.
    let keys = value.as_object()?.keys().map(String::as_str);
    let is_known = keys.clone().eq(["sending"]) || keys.eq(["is", "records"]);
    is_known.then_some((None, value))
}

/// What a line says, and of which records.
pub(super) fn entry(value: &Value) -> Option<(LineKind, Vec<Pair<'_>>)> {
    if let Some(sent) = value.get("sending") {
        return Some((LineKind::Sending, pairs(sent)?));
    }
    let is = match value.get("is")?.as_str()? {
        "closed" => LineKind::Closed,
        "failed" => LineKind::Failed,
        "conflict" => LineKind::Conflict,
        "unknown" => LineKind::Unknown,
        _ => return None,
    };
    Some((is, pairs(value.get("records")?)?))
}

/// The `[id, billing id]` pairs of a line.
fn pairs(value: &Value) -> Option<Vec<Pair<'_>>> {
    value.as_array()?.iter().map(pair).collect()
}

fn pair(value: &Value) -> Option<Pair<'_>> {
    match value.as_array()?.as_slice() {
        [Value::String(id), Value::String(bill)] => Some((id, Some(bill))),
        [Value::String(id), Value::Null] => Some((id, None)),
        _ => None,
    }
}

/// Whether these bytes are an incomplete line, as left by a process that was killed during a write.
pub(super) fn is_beginning(bytes: &[u8]) -> bool {
    // Lines are UTF-8; only the last character may be incomplete.
    if std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some()) {
        return false;
    }
    // Before the records there are only known words.
    let Some(list) = bytes.windows(2).position(|two| two == b":[") else {
        return serde_json::from_slice::<Value>(bytes).is_err_and(|error| error.is_eof());
    };
    let (head, list) = bytes.split_at_checked(list + 1).unwrap_or_default();
    // Otherwise a complete line stands before this one, whose newline and another byte are damaged.
    if !opens_list(head) {
        return false;
    }
    let mut values = Deserializer::from_slice(list).into_iter::<Value>();
    match values.next() {
        Some(Ok(_)) => begins_checksum(list.get(values.byte_offset()..).unwrap_or_default()),
        Some(Err(error)) => error.is_eof(),
        None => false,
    }
}

/// Whether this is all that precedes the records in a line, of either version.
fn opens_list(head: &[u8]) -> bool {
    let fields = std::str::from_utf8(head)
        .ok()
        .and_then(|head| head.strip_prefix('{'))
        .unwrap_or_default();
    let fields = match fields.strip_prefix("\"line\":") {
        Some(numbered) => numbered
            .trim_start_matches(|digit: char| digit.is_ascii_digit())
            .trim_start_matches(','),
        None => fields,
    };
    let word = fields
        .strip_prefix("\"is\":\"")
        .and_then(|is| is.strip_suffix("\",\"records\":"));
    fields == "\"sending\":"
        || word.is_some_and(|word| word.bytes().all(|letter| letter.is_ascii_lowercase()))
}

fn begins_checksum(bytes: &[u8]) -> bool {
    let is_like = |(byte, like): (&u8, &u8)| match like {
        b'0' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        like => byte == like,
    };
    bytes.len() < CHECKSUM_FIELD.len() && bytes.iter().zip(CHECKSUM_FIELD).all(is_like)
}
