//! The fields of Connect's objects that matter for closing, parsed without building the rest.
//!
//! A response may have any size and content. Of each object only these fields are looked at, and of a list only the
//! objects of requested records are kept: a response of 60 MiB takes its own bytes and no more.

use std::fmt;

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Refusal;

/// How deep the text of an error is looked for in lists and objects.
const MAX_ERROR_DEPTH: u8 = 8;

/// How many characters of an error message are kept.
const MAX_ERROR_CHARS: usize = 500;

/// The fields of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The id.
    pub id: Option<String>,
    /// The status, if it is a string.
    pub status: Option<String>,
    /// The billing id.
    pub billing_id: Option<String>,
    /// The code and message of its error fields, if they are not empty.
    pub refusal: Option<Refusal>,
    /// Whether `error_codes` or `error_details` is set: the API's own fields of a record that was not closed.
    pub is_refused: bool,
    /// Whether it is outdated: a chunk whose usage file has changed.
    pub is_outdated: bool,
    /// Whether it has an `error_code`, as the bodies of Connect's errors do.
    pub has_error_code: bool,
}

impl Fields {
    /// Parses an object; `None` if the text is not one.
    pub fn of(text: &str) -> Option<Self> {
        let mut fields = Self::default();
        entries(text, |name, value| fields.take(name, value)).ok()?;
        Some(fields)
    }

    /// Whether it has this status.
    pub fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }
}

/// Parses a list and passes each of its objects to `each`; other members are skipped.
///
/// # Errors
/// If the text is not a JSON list.
pub fn each_of(text: &str, mut each: impl FnMut(Fields)) -> serde_json::Result<()> {
    members(text, |member| {
        if let Some(fields) = Fields::of(member) {
            each(fields);
        }
    })
}

/// Passes the text of each member of a list to `each`.
fn members(text: &str, each: impl FnMut(&str)) -> serde_json::Result<()> {
    struct List<F>(F);

    impl<'de, F: FnMut(&str)> Visitor<'de> for List<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list")
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
            while let Some(member) = list.next_element::<&'de RawValue>()? {
                (self.0)(member.get());
            }
            Ok(())
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_seq(List(each))?;
    reader.end()
}

/// Passes the name and the text of each field of an object to `each`.
fn entries(text: &str, each: impl FnMut(&str, &str)) -> serde_json::Result<()> {
    struct Object<F>(F);

    impl<'de, F: FnMut(&str, &str)> Visitor<'de> for Object<F> {
        type Value = ();

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
            while let Some(name) = map.next_key::<String>()? {
                (self.0)(&name, map.next_value::<&'de RawValue>()?.get());
            }
            Ok(())
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text);
    reader.deserialize_map(Object(each))?;
    reader.end()
}

impl Fields {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "id" => self.id = text(value),
            "status" => self.status = string(value),
            "external_billing_id" => self.billing_id = text(value),
            "outdated" => self.is_outdated = value == "true",
            // The API has `error_codes` and `error_details` in items, `error_code` and `errors` in error bodies. Similar fields of
            // others (a gateway, a later version) mean that something went wrong, too.
            _ if name.starts_with("error") => {
                self.has_error_code |= name == "error_code";
                let Some(text) = error_text(value, 0) else { return };
                self.is_refused |= matches!(name, "error_codes" | "error_details");
                let refusal = self.refusal.get_or_insert_default();
                let field = match name {
                    "error_code" | "error_codes" => &mut refusal.codes,
                    _ => &mut refusal.details,
                };
                *field = Some(match field.take() {
                    Some(earlier) => format!("{earlier}; {text}"),
                    None => text,
                });
            }
            _ => {}
        }
    }
}

/// A string, or a number as a string.
fn text(value: &str) -> Option<String> {
    let is_number = value.starts_with(|first: char| first == '-' || first.is_ascii_digit());
    if is_number {
        Some(value.into())
    } else {
        string(value)
    }
}

fn string(value: &str) -> Option<String> {
    serde_json::from_str::<String>(value)
        .ok()
        .filter(|text| !text.is_empty())
}

/// The text of an error field; `None` if it is null, or an empty string, or a list or an object of nothing else.
///
/// * `depth`: how deep it is within others. What is nested too deeply is taken as it is: it could exhaust the stack.
fn error_text(value: &str, depth: u8) -> Option<String> {
    match value.as_bytes().first() {
        Some(b'[') if depth < MAX_ERROR_DEPTH => error_of_list(value, depth + 1),
        Some(b'{') if depth < MAX_ERROR_DEPTH => error_of_object(value, depth + 1),
        _ if matches!(value, "null" | "\"\"") => None,
        _ => Some(
            serde_json::from_str::<String>(value).map_or_else(|_| truncated(value), |text| truncated(&text)),
        ),
    }
}

/// The texts of the members of a list.
fn error_of_list(value: &str, depth: u8) -> Option<String> {
    let mut all = String::new();
    let joined = members(value, |member| {
        if let (true, Some(text)) = (all.len() <= MAX_ERROR_CHARS, error_text(member, depth)) {
            if !all.is_empty() {
                all.push_str("; ");
            }
            all.push_str(&text);
        }
    });
    (joined.is_ok() && !all.is_empty()).then(|| truncated(&all))
}

/// The text of an object's `detail`, if it says nothing else, as that of a chunk; otherwise all of it.
fn error_of_object(value: &str, depth: u8) -> Option<String> {
    let (mut detail, mut says_more) = (None, false);
    let read = entries(value, |name, member| match name {
        "detail" => detail = error_text(member, depth),
        _ => says_more = says_more || error_text(member, depth).is_some(),
    });
    match read.is_err() || says_more {
        true => Some(truncated(value)),
        false => detail,
    }
}

fn truncated(text: &str) -> String {
    text.chars().take(MAX_ERROR_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(codes: Option<&str>, details: Option<&str>) -> Option<Refusal> {
        Some(Refusal {
            codes: codes.map(Into::into),
            details: details.map(Into::into),
        })
    }

    #[test]
    fn empty_error_fields_are_ignored() {
        for (text, expected) in [
            (r#"{"error_codes":null,"error_details":"","errors":[]}"#, None),
            (r#"{"errors":[null,""]}"#, None),
            (
                r#"{"error_code":"VAL_001","errors":["a","b"]}"#,
                refusal(Some("VAL_001"), Some("a; b")),
            ),
            (
                r#"{"error":{"message":"no"}}"#,
                refusal(None, Some(r#"{"message":"no"}"#)),
            ),
            (
                r#"{"error":{"detail":"no price"}}"#,
                refusal(None, Some("no price")),
            ),
            (r#"{"error":{}}"#, None),
            (r#"{"error":{"detail":null}}"#, None),
            (r#"{"error":{"code":"","detail":[{}]}}"#, None),
            (r#"{"error":false}"#, refusal(None, Some("false"))),
            (
                r#"{"errors":["a"],"error_details":"b"}"#,
                refusal(None, Some("a; b")),
            ),
        ] {
            assert_eq!(Fields::of(text).unwrap().refusal, expected, "{text}");
        }
    }

    #[test]
    fn ids_and_invoices_may_be_numbers_but_a_status_may_not() {
        let fields = Fields::of(r#"{"id":7,"status":1,"external_billing_id":1234}"#).unwrap();
        assert_eq!(fields.id.as_deref(), Some("7"));
        assert_eq!(fields.status, None);
        assert_eq!(fields.billing_id.as_deref(), Some("1234"));
    }

    #[test]
    fn members_that_are_not_objects_are_skipped() {
        let mut ids = Vec::new();
        each_of(
            r#"[7,null,"x",[],{"id":"UR-1","more":{"id":"UR-2"}}]"#,
            |fields| ids.push(fields.id),
        )
        .unwrap();
        assert_eq!(ids, [Some("UR-1".to_string())]);
        for broken in ["{}", "[{}", "[{}] more", "7", ""] {
            assert!(each_of(broken, |_| ()).is_err(), "{broken}");
        }
    }

    #[test]
    fn an_error_may_be_nested_as_deeply_as_it_likes() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let deep = format!("{}1{}", open.repeat(300_000), close.repeat(300_000));
            let fields = Fields::of(&format!(r#"{{"errors":{deep}}}"#)).unwrap();
            assert!(fields.refusal.unwrap().details.unwrap().starts_with(open));
        }
    }

    #[test]
    fn a_long_error_message_is_truncated() {
        let text = format!(r#"{{"error_details":"{}"}}"#, "é".repeat(10_000));
        let details = Fields::of(&text).unwrap().refusal.unwrap().details.unwrap();
        assert_eq!(details.chars().count(), MAX_ERROR_CHARS);
    }
}
