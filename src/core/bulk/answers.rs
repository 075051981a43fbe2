//! What an answer says about the records of its request. Pure.

use serde_json::Value;

use super::records::Record;
use super::report::Fate;
use crate::core::error::Failure;
use crate::core::outcome::Outcome;

/// What a request left of the certainty about its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// The record is closed, by this request.
    Closed,
    /// The API refuses to close it. Whether it is closed already, it alone knows: it is to be read.
    Refused(Refusal),
    /// It may have been closed, or not: it is to be read.
    Lost,
}

/// Why the API refuses.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Its code.
    pub codes: Option<String>,
    /// Its words.
    pub details: Option<String>,
}

/// What a whole request came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Something was said about each record.
    Each(Vec<Said>),
    /// The request was refused as a whole: the records are to be closed one by one.
    Whole(Refusal),
    /// The server asked for patience; nothing was done.
    Throttled,
    /// Nothing was sent.
    NotSent,
    /// Nobody may do this with this key: going on would only repeat it.
    Forbidden,
}

/// What an outcome or a failure without one means, whatever the request was.
fn common(result: &Result<Outcome, Failure>) -> Option<Answered> {
    match result {
        Err(failure) if failure.maybe_processed => None,
        Err(_) => Some(Answered::NotSent),
        Ok(outcome) if was_passed_on(outcome) => None,
        Ok(outcome) => match outcome.status {
            429 => Some(Answered::Throttled),
            401 | 403 => Some(Answered::Forbidden),
            _ => None,
        },
    }
}

/// Whether an answer that says no came after a redirect: whoever redirected has had the request, and may have done it.
fn was_passed_on(outcome: &Outcome) -> bool {
    outcome.redirected && !outcome.is_success()
}

/// Reads the answer to `POST /usage/records/close-records`.
pub fn of_batch(result: &Result<Outcome, Failure>, records: &[&Record]) -> Answered {
    if let Some(answered) = common(result) {
        return answered;
    }
    let lost = || Answered::Each(records.iter().map(|_| Said::Lost).collect());
    let Ok(outcome) = result else { return lost() };
    if was_passed_on(outcome) {
        return lost();
    }
    if outcome.is_success() {
        return match serde_json::from_slice::<Vec<Value>>(&outcome.body) {
            Ok(items) => Answered::Each(of_items(&items, records)),
            Err(_) => lost(),
        };
    }
    match outcome.status {
        // It was refused before anything was done, as far as one can tell; if not, closing one by one finds out.
        400..=499 if outcome.status != 408 => Answered::Whole(refusal(outcome)),
        _ => lost(),
    }
}

/// What the items of an answer say of the records; one that is missing is lost.
fn of_items(items: &[Value], records: &[&Record]) -> Vec<Said> {
    let by_id: std::collections::HashMap<&str, &Value> = items
        .iter()
        .filter_map(|item| Some((item.get("id")?.as_str()?, item)))
        .collect();
    records
        .iter()
        .map(|record| {
            by_id
                .get(record.id.as_str())
                .map_or(Said::Lost, |item| of_item(item))
        })
        .collect()
}

fn of_item(item: &Value) -> Said {
    let refusal = Refusal {
        codes: text(item, "error_codes"),
        details: text(item, "error_details"),
    };
    if refusal != Refusal::default() {
        return Said::Refused(refusal);
    }
    match item.get("status").and_then(Value::as_str) {
        Some("closed") | None => Said::Closed,
        Some(_) => Said::Lost,
    }
}

/// A field that says something: text, or a list of texts; neither null nor empty.
fn text(item: &Value, key: &str) -> Option<String> {
    match item.get(key)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Array(list) if !list.is_empty() => {
            let texts: Vec<_> = list
                .iter()
                .map(|one| one.as_str().map_or_else(|| one.to_string(), Into::into))
                .collect();
            Some(texts.join("; "))
        }
        Value::Null | Value::String(_) | Value::Array(_) => None,
        other => Some(other.to_string()),
    }
}

/// Reads the answer to `POST /usage/records/{id}/close`.
pub fn of_single(result: &Result<Outcome, Failure>) -> Answered {
    if let Some(answered) = common(result) {
        return answered;
    }
    let said = match result {
        Ok(outcome) if outcome.is_success() => match serde_json::from_slice::<Value>(&outcome.body) {
            Ok(record) if record.get("status").and_then(Value::as_str) == Some("closed") => Said::Closed,
            _ => Said::Lost,
        },
        Ok(outcome)
            if (400..500).contains(&outcome.status) && outcome.status != 408 && !was_passed_on(outcome) =>
        {
            Said::Refused(refusal(outcome))
        }
        _ => Said::Lost,
    };
    Answered::Each(vec![said])
}

/// What reading a record back found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It is settled.
    Settled(Fate),
    /// It is open, and can be closed.
    Open,
    /// It could not be read; trying again may help.
    Unreadable,
    /// As in [`Answered`].
    Throttled,
    /// As in [`Answered`].
    Forbidden,
}

/// Reads the answer to `GET /usage/records/{id}`.
///
/// * `refusal`: why the API refused to close it, if it did.
/// * `was_lost`: whether a request of ours may have closed it.
pub fn of_read(
    result: &Result<Outcome, Failure>,
    record: &Record,
    refusal: Option<&Refusal>,
    was_lost: bool,
) -> Read {
    match common(result) {
        Some(Answered::Throttled) => return Read::Throttled,
        Some(Answered::Forbidden) => return Read::Forbidden,
        _ => {}
    }
    let Ok(outcome) = result else {
        return Read::Unreadable;
    };
    let body = serde_json::from_slice::<Value>(&outcome.body);
    // The API's own word that there is no such record; what a proxy says of it means nothing.
    if outcome.status == 404 && body.as_ref().is_ok_and(|body| body.get("error_code").is_some()) {
        let found = refusal.cloned().unwrap_or_else(|| self::refusal(outcome));
        return Read::Settled(failed(found));
    }
    let (true, Ok(found)) = (outcome.is_success(), body) else {
        return Read::Unreadable;
    };
    let Some(status) = found.get("status").and_then(Value::as_str) else {
        return Read::Unreadable;
    };
    let billing_id = text(&found, "external_billing_id");
    match status {
        "closed" if billing_id != record.billing_id => Read::Settled(Fate::Conflict(billing_id)),
        "closed" if was_lost => Read::Settled(Fate::Closed),
        "closed" => Read::Settled(Fate::AlreadyClosed),
        "approved" => Read::Open,
        other => Read::Settled(failed(refusal.cloned().unwrap_or_else(|| Refusal {
            codes: None,
            details: Some(format!(
                "the record is {other}; only an approved one can be closed"
            )),
        }))),
    }
}

/// The fate of a record that the API refuses to close.
pub fn failed(Refusal { codes, details }: Refusal) -> Fate {
    Fate::Failed { codes, details }
}

/// What an answer that is no success says: Connect's code and words, or its text.
pub fn refusal(outcome: &Outcome) -> Refusal {
    let body: Value = serde_json::from_slice(&outcome.body).unwrap_or_default();
    let details = text(&body, "errors").or_else(|| {
        let start: String = outcome.text().chars().take(200).collect();
        (!start.is_empty() && !body.is_object()).then_some(start)
    });
    Refusal {
        codes: text(&body, "error_code").or_else(|| Some(format!("HTTP {}", outcome.status))),
        details,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::error::Kind;

    fn record(id: &str) -> Record {
        Record {
            id: id.into(),
            billing_id: Some("INV-7".into()),
            note: None,
        }
    }

    fn answer(status: u16, body: &str) -> Result<Outcome, Failure> {
        Ok(Outcome::plain(status, body.as_bytes().to_vec()))
    }

    fn lost() -> Result<Outcome, Failure> {
        Err(Failure::new(Kind::Connection, "cut off").after_sending())
    }

    #[test]
    fn a_batch_is_read_record_by_record() {
        let records = [record("UR-1"), record("UR-2"), record("UR-3"), record("UR-4")];
        let records: Vec<_> = records.iter().collect();
        let body = r#"[{"id":"UR-3","error_codes":"VAL_001","error_details":["a","b"]},{"id":"UR-1","status":"closed"},
            {"id":"UR-2","status":"approved","error_codes":null}]"#;
        let refused = Said::Refused(Refusal {
            codes: Some("VAL_001".into()),
            details: Some("a; b".into()),
        });
        assert_eq!(
            of_batch(&answer(206, body), &records),
            Answered::Each(vec![Said::Closed, Said::Lost, refused, Said::Lost])
        );
    }

    #[test]
    fn what_a_batch_comes_to() {
        let records = [record("UR-1")];
        let records: Vec<_> = records.iter().collect();
        let each_lost = Answered::Each(vec![Said::Lost]);
        for (result, expected) in [
            (answer(206, "{}"), each_lost.clone()),
            (answer(206, "[{"), each_lost.clone()),
            (answer(206, ""), each_lost.clone()),
            (answer(500, "oops"), each_lost.clone()),
            (answer(503, ""), each_lost.clone()),
            (answer(408, ""), each_lost.clone()),
            (lost(), each_lost.clone()),
            (answer(429, ""), Answered::Throttled),
            (answer(401, ""), Answered::Forbidden),
            (Err(Failure::new(Kind::Connection, "refused")), Answered::NotSent),
        ] {
            assert_eq!(of_batch(&result, &records), expected, "{result:?}");
        }
        assert!(matches!(
            of_batch(&answer(413, "too large"), &records),
            Answered::Whole(_)
        ));
    }

    #[test]
    fn what_a_record_is_when_it_is_read_back() {
        let record = record("UR-1");
        let refusal = Refusal::default();
        let read = |body: &str, was_refused: bool, was_lost: bool| {
            of_read(
                &answer(200, body),
                &record,
                was_refused.then_some(&refusal),
                was_lost,
            )
        };
        let ours = r#"{"status":"closed","external_billing_id":"INV-7"}"#;
        assert_eq!(read(ours, false, true), Read::Settled(Fate::Closed));
        assert_eq!(read(ours, true, false), Read::Settled(Fate::AlreadyClosed));
        assert_eq!(read(ours, true, true), Read::Settled(Fate::Closed));
        let other = r#"{"status":"closed","external_billing_id":"INV-8"}"#;
        assert_eq!(
            read(other, true, false),
            Read::Settled(Fate::Conflict(Some("INV-8".into())))
        );
        assert_eq!(
            read(r#"{"status":"closed"}"#, true, true),
            Read::Settled(Fate::Conflict(None))
        );
        assert_eq!(read(r#"{"status":"approved"}"#, false, true), Read::Open);
        assert!(matches!(
            read(r#"{"status":"rejected"}"#, false, true),
            Read::Settled(Fate::Failed { .. })
        ));
        assert_eq!(read("{}", false, true), Read::Unreadable);
        assert_eq!(of_read(&answer(502, ""), &record, None, true), Read::Unreadable);
        assert_eq!(of_read(&lost(), &record, None, true), Read::Unreadable);
        assert_eq!(
            of_read(&answer(404, "<html>"), &record, None, true),
            Read::Unreadable
        );
        let unknown = answer(404, r#"{"error_code":"NFND_000","errors":["Not found."]}"#);
        assert!(matches!(
            of_read(&unknown, &record, None, true),
            Read::Settled(Fate::Failed { .. })
        ));
    }
}
