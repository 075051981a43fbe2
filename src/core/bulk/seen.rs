//! Which records have come already: by hashes, so that a million of them take some 35 MB and not their texts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};

use super::records::Record;

/// A hash of 96 bits: among ten million records two agree by chance in one of 10^15 runs.
type Key = [u32; 3];

/// How many tables there are: when one grows, only its own entries are there twice for a moment.
const TABLES: usize = 64;

/// A map from record ids to something small.
#[derive(Debug)]
pub struct Ids<V> {
    hashers: [RandomState; 2],
    tables: Vec<HashMap<Key, V>>,
}

impl<V> Default for Ids<V> {
    fn default() -> Self {
        Self {
            hashers: [RandomState::new(), RandomState::new()],
            tables: (0..TABLES).map(|_| HashMap::new()).collect(),
        }
    }
}

impl<V: Copy> Ids<V> {
    /// The entry's table and key.
    fn find(&mut self, id: &str) -> Option<(&mut HashMap<Key, V>, Key)> {
        let [first, second] = &self.hashers;
        let (a, b) = (first.hash_one(id), second.hash_one(id));
        let table = usize::try_from(b >> 32).unwrap_or(0) % TABLES;
        let key = [a as u32, (a >> 32) as u32, b as u32];
        self.tables.get_mut(table).map(|table| (table, key))
    }

    /// What is kept for an id.
    pub fn get(&mut self, id: &str) -> Option<V> {
        let (table, key) = self.find(id)?;
        table.get(&key).copied()
    }

    /// Keeps something for an id, in the place of what was there.
    pub fn set(&mut self, id: &str, value: V) {
        if let Some((table, key)) = self.find(id) {
            table.insert(key, value);
        }
    }

    /// Keeps something for an id unless there is something; gives what is there then.
    pub fn claim(&mut self, id: &str, value: V) -> Option<V> {
        let (table, key) = self.find(id)?;
        match table.entry(key) {
            Entry::Occupied(entry) => Some(*entry.get()),
            Entry::Vacant(entry) => {
                entry.insert(value);
                None
            }
        }
    }
}

/// A hash of a billing id, the same within one `Bills`.
#[derive(Debug, Default)]
pub struct Bills(RandomState);

impl Bills {
    /// The hash.
    pub fn of(&self, billing_id: Option<&str>) -> u32 {
        self.0.hash_one(billing_id) as u32
    }
}

/// What a record is, seen from those that came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// It has not come before.
    New,
    /// It has, with the same billing id.
    Same,
    /// It has, with another billing id.
    Other,
}

/// The records that have come.
#[derive(Debug, Default)]
pub struct Seen {
    ids: Ids<u32>,
    bills: Bills,
}

impl Seen {
    /// Notes a record.
    pub fn note(&mut self, record: &Record) -> Novelty {
        let bill = self.bills.of(record.billing_id.as_deref());
        match self.ids.claim(&record.id, bill) {
            None => Novelty::New,
            Some(earlier) if earlier == bill => Novelty::Same,
            Some(_) => Novelty::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_counts_once_and_not_for_two_invoices() {
        let mut seen = Seen::default();
        let mut note = |id: &str, bill: Option<&str>| {
            seen.note(&Record {
                id: id.into(),
                billing_id: bill.map(Into::into),
                note: None,
            })
        };
        assert_eq!(note("UR-1", Some("A")), Novelty::New);
        assert_eq!(note("UR-1", Some("A")), Novelty::Same);
        assert_eq!(note("UR-1", Some("B")), Novelty::Other);
        assert_eq!(note("UR-1", None), Novelty::Other);
        assert_eq!(note("UR-2", None), Novelty::New);
        assert_eq!(note("UR-2", None), Novelty::Same);
    }
}
