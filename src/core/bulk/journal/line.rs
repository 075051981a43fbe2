//! A line of a journal: how it is written, how it is recognised, and what it says.

use serde_json::{Deserializer, Value, json};

use crate::core::bulk::records::Record;

/// How the checksum's field looks; each `0` stands for a digit.
const SEAL: &[u8] = br#","crc":"00000000"}"#;

/// An id and a billing id.
pub(super) type Pair<'a> = (&'a str, Option<&'a str>);

/// What a line says of its records.
#[derive(Clone, Copy)]
pub(super) enum Is {
    /// They are about to be sent.
    Sending,
    Closed,
    Failed,
    Conflict,
    Unknown,
}

/// The fields of a line before records are sent.
pub(super) fn sending(records: &[&Record]) -> String {
    format!(r#""sending":{}"#, listed(records))
}

/// The fields of a line on what became of records.
pub(super) fn settled(is: &str, records: &[&Record]) -> String {
    format!(r#""is":{},"records":{}"#, json!(is), listed(records))
}

fn listed(records: &[&Record]) -> Value {
    records
        .iter()
        .map(|record| json!([record.id, record.billing_id]))
        .collect()
}

/// The line of these fields, with its checksum and its end.
pub(super) fn seal(fields: &str) -> String {
    let sum = crc32fast::hash(format!("{{{fields}}}").as_bytes());
    format!("{{{fields},\"crc\":\"{sum:08x}\"}}\n")
}

/// Whether a line, without its end, has the checksum that it says.
pub(super) fn is_sealed(line: &[u8]) -> bool {
    let at = line.len().checked_sub(SEAL.len());
    let Some((fields, seal)) = at.and_then(|at| line.split_at_checked(at)) else {
        return false;
    };
    let mut sum = crc32fast::Hasher::new();
    sum.update(fields);
    sum.update(b"}");
    seal == format!(",\"crc\":\"{:08x}\"}}", sum.finalize()).as_bytes()
}

/// Reads a line without its end: its number, if it has one, and its value. None of one that is damaged.
///
/// * `is_old`: whether the file is of version 1, whose lines have neither a number nor a checksum.
pub(super) fn read(line: &[u8], is_old: bool) -> Option<(Option<u64>, Value)> {
    let is_sealed = is_sealed(line) || has_fault!(ChecksumIgnored);
    if !is_sealed && !is_old {
        return None;
    }
    let value: Value = serde_json::from_slice(line).ok()?;
    if is_sealed {
        return Some((Some(value.get("line")?.as_u64()?), value));
    }
    // Anything else could be a line of this version whose checksum can no longer be found.
    let keys = value.as_object()?.keys().map(String::as_str);
    let is_known = keys.clone().eq(["sending"]) || keys.eq(["is", "records"]);
    is_known.then_some((None, value))
}

/// What a line says, and of which records.
pub(super) fn entry(value: &Value) -> Option<(Is, Vec<Pair<'_>>)> {
    if let Some(sent) = value.get("sending") {
        return Some((Is::Sending, pairs(sent)?));
    }
    let is = match value.get("is")?.as_str()? {
        "closed" => Is::Closed,
        "failed" => Is::Failed,
        "conflict" => Is::Conflict,
        "unknown" => Is::Unknown,
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

/// Whether these bytes are the beginning of a line and no more, as a process leaves it that dies while it writes.
pub(super) fn is_beginning(bytes: &[u8]) -> bool {
    // Anything that is no text was not written so; a character may have been cut in two.
    if std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some()) {
        return false;
    }
    // Before the records there are only words of ours.
    let Some(list) = bytes.windows(2).position(|two| two == b":[") else {
        return serde_json::from_slice::<Value>(bytes).is_err_and(|error| error.is_eof());
    };
    let (head, list) = bytes.split_at_checked(list + 1).unwrap_or_default();
    // Or a whole line stands before this one, of which a byte is damaged, and the end.
    if !opens_list(head) {
        return false;
    }
    let mut values = Deserializer::from_slice(list).into_iter::<Value>();
    match values.next() {
        Some(Ok(_)) => begins_seal(list.get(values.byte_offset()..).unwrap_or_default()),
        Some(Err(error)) => error.is_eof(),
        None => false,
    }
}

/// Whether this is all that stands before the records of a line, of either version.
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

fn begins_seal(bytes: &[u8]) -> bool {
    let is_like = |(byte, like): (&u8, &u8)| match like {
        b'0' => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        like => byte == like,
    };
    bytes.len() < SEAL.len() && bytes.iter().zip(SEAL).all(is_like)
}
