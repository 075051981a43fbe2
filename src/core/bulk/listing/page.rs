//! A page of a list: of each record little more than its id is read.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;

use crate::core::bulk::records::{self, Defaults, Record};
use crate::core::error::Failure;
use crate::core::http::response::RawResponse;
use crate::core::json;

/// The records of a page, and how many there are; `None` if the response is no page.
///
/// * `first`: how many records came before, for messages.
pub(super) fn read_page(
    response: &RawResponse,
    first: u64,
    defaults: &Defaults,
) -> Result<Option<(ListedRecords, u64)>, Failure> {
    let plural = defaults.closable.plural;
    let text = json::readable(&response.body);
    if !response.is_success() || !text.trim_start().starts_with('[') {
        return Ok(None);
    }
    let items: Vec<Item> = match serde_json::from_str(&text) {
        Ok(items) => items,
        Err(error) if error.classify() == Category::Data && json::is_document(text.as_bytes()) => {
            let message = format!("the {plural} must be an array of objects: {error}");
            return Err(Failure::input(message));
        }
        Err(_) => return Ok(None),
    };
    let mut page = ListedRecords::default();
    for (index, item) in items.iter().enumerate() {
        let number = usize::try_from(first).unwrap_or(usize::MAX).saturating_add(index);
        page.add(item, defaults)
            .map_err(|what| records::invalid(number, &what, defaults))?;
    }
    page.shrink();
    Ok(Some((page, items.len() as u64)))
}

/// What a run looks at in a listed record.
struct Item {
    id: Option<Value>,
    outdated: Option<Value>,
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Item, A::Error> {
        let mut item = Item {
            id: None,
            outdated: None,
        };
        while let Some(Key(name)) = fields.next_key()? {
            match name {
                Some(ID) => item.id = Some(fields.next_value()?),
                Some(_) => item.outdated = Some(fields.next_value()?),
                None => {
                    fields.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(item)
    }
}

const ID: &str = "id";
const OUTDATED: &str = "outdated";

/// The name of a field, if it is looked at.
struct Key(Option<&'static str>);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;

        impl Visitor<'_> for KeyVisitor {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Key, E> {
                Ok(Key([ID, OUTDATED].into_iter().find(|known| *known == name)))
            }
        }

        deserializer.deserialize_str(KeyVisitor)
    }
}

/// Records of a list. A million of them may wait, so their ids stand in one text.
#[derive(Debug, Default)]
pub struct ListedRecords {
    ids: String,
    /// Where each id ends.
    ends: Vec<u32>,
    /// Which of them are outdated.
    outdated: Vec<u32>,
}

impl ListedRecords {
    fn add(&mut self, item: &Item, defaults: &Defaults) -> Result<(), String> {
        let id = records::id(item.id.clone())?;
        records::check_missing_invoice(false, defaults)?;
        let is_outdated = item.outdated == Some(Value::Bool(true));
        if is_outdated && defaults.closable.listed_fields.contains(&OUTDATED) {
            self.outdated.extend(u32::try_from(self.ends.len()));
        }
        self.ids.push_str(&id);
        let end = u32::try_from(self.ids.len()).map_err(|_| "the page is too large".to_string())?;
        self.ends.push(end);
        Ok(())
    }

    fn shrink(&mut self) {
        self.ids.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    /// The first of them, at most so many.
    pub(super) fn first(mut self, max: usize) -> Self {
        self.ends.truncate(max);
        self
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Them as records, with the defaults for all that a list does not say.
    pub fn records(&self, defaults: &Defaults) -> impl Iterator<Item = Record> {
        let mut from = 0;
        self.ends.iter().zip(0..).map(move |(end, index)| {
            let end = *end as usize;
            let id = self.ids.get(from..end).unwrap_or_default().to_string();
            from = end;
            Record {
                id,
                billing_id: defaults.billing_id.clone(),
                note: defaults.note.clone(),
                is_outdated: self.outdated.binary_search(&index).is_ok(),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::bulk::closable;

    fn page(body: &str, defaults: &Defaults) -> Result<Option<Vec<Record>>, String> {
        let response = RawResponse::plain(200, body.into());
        match read_page(&response, 100, defaults) {
            Ok(page) => Ok(page.map(|(page, _)| page.records(defaults).collect())),
            Err(failure) => Err(failure.message),
        }
    }

    #[test]
    fn the_ids_of_a_page_are_read_and_nothing_else() {
        let body = r#"[{"id":"UR-1","external_billing_id":"INV-1","outdated":true,"x":{"id":"no","y":[1]}},{"i\u0064":7}]"#;
        let defaults = Defaults {
            billing_id: Some("INV-7".into()),
            ..Defaults::default()
        };
        let records = page(body, &defaults).unwrap().unwrap();
        let found: Vec<_> = records
            .iter()
            .map(|record| (&*record.id, record.billing_id.as_deref(), record.is_outdated))
            .collect();
        assert_eq!(
            found,
            [("UR-1", Some("INV-7"), false), ("7", Some("INV-7"), false)]
        );
    }

    #[test]
    fn a_chunk_that_is_outdated_says_so() {
        let defaults = Defaults {
            closable: &closable::CHUNKS,
            billing_id: Some("INV-7".into()),
            ..Defaults::default()
        };
        let body = r#"[{"id":"UFC-1"},{"id":"UFC-2","outdated":true},{"id":"UFC-3","outdated":false}]"#;
        let records = page(body, &defaults).unwrap().unwrap();
        let outdated: Vec<_> = records.iter().map(|record| record.is_outdated).collect();
        assert_eq!(outdated, [false, true, false]);
        let without = Defaults {
            closable: &closable::CHUNKS,
            ..Defaults::default()
        };
        let message = page(body, &without).unwrap_err();
        assert!(
            message.starts_with("chunks[100]: `externalBillingId` is missing"),
            "{message}"
        );
    }

    #[test]
    fn a_response_that_is_no_page_is_told_from_a_wrong_record() {
        let defaults = Defaults::default();
        for body in ["", "{}", "null", "[{", "[1] 2", "<html>"] {
            assert_eq!(page(body, &defaults), Ok(None), "{body}");
        }
        for (body, says) in [
            ("[{\"id\":\"UR-1\"},{}]", "records[101]: `id` is missing"),
            (
                "[{\"id\":\"..\"}]",
                "records[100]: `id` must be a non-empty string; got '..'",
            ),
            (
                "[7]",
                "the records must be an array of objects: invalid type: integer `7`, expected an object",
            ),
        ] {
            let message = page(body, &defaults).unwrap_err();
            assert!(message.starts_with(says), "{body}: {message}");
        }
    }

    #[test]
    fn what_waits_is_small() {
        let ids: Vec<_> = (0..100)
            .map(|number| format!(r#"{{"id":"UR-2021-01-2023-8696-9408-{number:04}","status":"approved"}}"#))
            .collect();
        let response = RawResponse::plain(200, format!("[{}]", ids.join(",")).into());
        let (page, _) = read_page(&response, 0, &Defaults::default()).unwrap().unwrap();
        let bytes = size_of::<ListedRecords>() + page.ids.capacity() + 4 * page.ends.capacity();
        assert!(bytes <= 100 * 40, "{bytes} bytes for 100 records");
    }
}
