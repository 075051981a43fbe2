//! The fields of an object of Connect that count for closing, read without building the rest of it.
//!
//! An answer may be any size and hold anything. Of each object only these fields are looked at, and of a list only the
//! objects that were asked for are kept: an answer of 60 MiB costs its own bytes and no more.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Refusal;

/// How many characters of an error's text are kept.
const MOST_TEXT: usize = 500;

/// What an object says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Its id.
    pub id: Option<String>,
    /// Its status, if that is text.
    pub status: Option<String>,
    /// The invoice that it names.
    pub billing_id: Option<String>,
    /// What its error fields say, if they say something.
    pub refusal: Option<Refusal>,
    /// Whether the API's own fields for a record that was not closed, `error_codes` or `error_details`, say something.
    pub is_refused: bool,
    /// Whether it has an `error_code`, as the bodies of Connect's errors do.
    pub has_error_code: bool,
}

impl Fields {
    /// Reads an object; none where the text is not one.
    pub fn of(text: &str) -> Option<Self> {
        let Raw(fields) = serde_json::from_str(text).ok()?;
        Some(fields)
    }

    /// Whether its status is this one.
    pub fn is(&self, status: &str) -> bool {
        self.status.as_deref() == Some(status)
    }
}

/// Reads a list of objects, and gives each to `each` as it comes; what is no object is passed over.
///
/// # Errors
/// Where the text is no JSON, or no list.
pub fn each_of(text: &str, mut each: impl FnMut(Fields)) -> serde_json::Result<()> {
    members(text, |member| {
        if let Some(fields) = Fields::of(member) {
            each(fields);
        }
    })
}

/// Gives the text of each member of a list as it comes.
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

/// As `serde` reads the fields.
struct Raw(Fields);

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Raw;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
                let mut fields = Fields::default();
                while let Some(name) = map.next_key::<String>()? {
                    fields.take(&name, map.next_value::<&'de RawValue>()?.get());
                }
                Ok(Raw(fields))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

impl Fields {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "id" => self.id = text(value),
            "status" => self.status = string(value),
            "external_billing_id" => self.billing_id = text(value),
            // The API's own are `error_codes` and `error_details`, of a whole answer `error_code` and `errors`; what
            // others (a gateway, a later version) call so means that something went wrong, too.
            _ if name.starts_with("error") => {
                self.has_error_code |= name == "error_code";
                let Some(said) = said(value) else { return };
                self.is_refused |= matches!(name, "error_codes" | "error_details");
                let refusal = self.refusal.get_or_insert_default();
                let place = match name {
                    "error_code" | "error_codes" => &mut refusal.codes,
                    _ => &mut refusal.details,
                };
                *place = Some(match place.take() {
                    Some(earlier) => format!("{earlier}; {said}"),
                    None => said,
                });
            }
            _ => {}
        }
    }
}

/// Text, or a number as text.
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

/// What an error field says: nothing, if it is null, empty text or an empty list.
fn said(value: &str) -> Option<String> {
    if value.starts_with('[') {
        let mut all = String::new();
        let joined = members(value, |member| {
            if let (true, Some(said)) = (all.len() <= MOST_TEXT, said(member)) {
                if !all.is_empty() {
                    all.push_str("; ");
                }
                all.push_str(&said);
            }
        });
        return (joined.is_ok() && !all.is_empty()).then(|| clipped(&all));
    }
    match value {
        "null" | "\"\"" => None,
        _ => {
            Some(serde_json::from_str::<String>(value).map_or_else(|_| clipped(value), |text| clipped(&text)))
        }
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(MOST_TEXT).collect()
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
    fn an_error_says_something_or_nothing() {
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
    fn ids_and_invoices_may_be_numbers_and_a_status_may_not() {
        let fields = Fields::of(r#"{"id":7,"status":1,"external_billing_id":1234}"#).unwrap();
        assert_eq!(fields.id.as_deref(), Some("7"));
        assert_eq!(fields.status, None);
        assert_eq!(fields.billing_id.as_deref(), Some("1234"));
    }

    #[test]
    fn what_is_no_object_is_passed_over() {
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
    fn the_text_of_an_error_is_kept_short() {
        let text = format!(r#"{{"error_details":"{}"}}"#, "é".repeat(10_000));
        let details = Fields::of(&text).unwrap().refusal.unwrap().details.unwrap();
        assert_eq!(details.chars().count(), MOST_TEXT);
    }
}
