//! Which records have come already: by hashes, so that a million of them take some 20 MB and not their texts.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

use super::records::Record;

/// A hash of 96 bits: among ten million records two agree by chance in one of 10^15 runs.
type Key = [u32; 3];

/// Entries in the order of their keys.
type Table<V> = Vec<(Key, V)>;

/// How many tables there are: enough that finding room for an entry among its neighbours costs little.
const TABLES: usize = 1024;

/// What the hashes begin with: nobody who does not know it can make up records whose hashes agree. It is given, so that
/// a simulated run goes the same way each time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seed(pub u64, pub u64);

impl Seed {
    /// A seed that nobody knows.
    pub fn random() -> Self {
        let chance = RandomState::new();
        Self(chance.hash_one(0), chance.hash_one(1))
    }

    /// The hash of a value; `which` tells apart the hashes of one seed.
    fn hash(self, which: u8, value: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.0, self.1, which).hash(&mut hasher);
        value.hash(&mut hasher);
        hasher.finish()
    }
}

/// A map from record ids to something small: sorted lists, which hold twice as much in the same memory as hash tables
/// of the standard library do.
#[derive(Debug)]
pub struct Ids<V> {
    seed: Seed,
    tables: Vec<Table<V>>,
}

impl<V: Copy> Ids<V> {
    /// An empty map.
    pub fn new(seed: Seed) -> Self {
        Self {
            seed,
            tables: (0..TABLES).map(|_| Vec::new()).collect(),
        }
    }

    /// The table of an id, its key, and where that is or belongs.
    fn find(&mut self, id: &str) -> Option<(&mut Table<V>, Key, Result<usize, usize>)> {
        let (a, b) = (self.seed.hash(0, id), self.seed.hash(1, id));
        let table = usize::try_from(b >> 32).unwrap_or(0) % TABLES;
        let key = [a as u32, (a >> 32) as u32, b as u32];
        let table = self.tables.get_mut(table)?;
        let place = table.binary_search_by_key(&key, |(key, _)| *key);
        Some((table, key, place))
    }

    /// What is kept for an id.
    pub fn get(&mut self, id: &str) -> Option<V> {
        let (table, _, place) = self.find(id)?;
        table.get(place.ok()?).map(|(_, value)| *value)
    }

    /// Keeps something for an id, in the place of what was there.
    pub fn set(&mut self, id: &str, value: V) {
        if let Some((table, key, place)) = self.find(id) {
            match place {
                Ok(at) => {
                    if let Some(entry) = table.get_mut(at) {
                        entry.1 = value;
                    }
                }
                Err(at) => insert(table, at, (key, value)),
            }
        }
    }

    /// Keeps something for an id unless there is something; gives what is there then.
    pub fn claim(&mut self, id: &str, value: V) -> Option<V> {
        let (table, key, place) = self.find(id)?;
        match place {
            Ok(at) => table.get(at).map(|(_, value)| *value),
            Err(at) => {
                insert(table, at, (key, value));
                None
            }
        }
    }
}

/// Inserts, growing by an eighth: doubling would leave half of the memory unused.
fn insert<T>(table: &mut Vec<T>, at: usize, entry: T) {
    if table.len() == table.capacity() {
        table.reserve_exact(table.len() / 8 + 8);
    }
    table.insert(at, entry);
}

/// A hash of a billing id, the same within one `Bills`.
#[derive(Debug)]
pub struct Bills(Seed);

impl Bills {
    /// The hashes of a seed.
    pub fn new(seed: Seed) -> Self {
        Self(seed)
    }

    /// The hash.
    pub fn of(&self, billing_id: Option<&str>) -> u32 {
        self.0.hash(2, billing_id) as u32
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
#[derive(Debug)]
pub struct Seen {
    ids: Ids<u32>,
    bills: Bills,
}

impl Seen {
    /// None yet.
    pub fn new(seed: Seed) -> Self {
        Self {
            ids: Ids::new(seed),
            bills: Bills::new(seed),
        }
    }

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
        let mut seen = Seen::new(Seed::random());
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

    #[test]
    fn many_are_told_apart() {
        let mut ids = Ids::new(Seed::random());
        for number in 0..50_000_u32 {
            assert_eq!(ids.claim(&format!("UR-{number}"), number), None);
        }
        for number in 0..50_000_u32 {
            assert_eq!(ids.get(&format!("UR-{number}")), Some(number));
        }
        ids.set("UR-7", 1);
        ids.set("UR-new", 2);
        assert_eq!(
            (ids.get("UR-7"), ids.get("UR-new"), ids.get("UR-none")),
            (Some(1), Some(2), None)
        );
    }

    #[test]
    fn a_seed_decides_where_each_id_is() {
        let places = |seed| {
            let mut ids = Ids::new(seed);
            (0..50).for_each(|number| ids.set(&format!("UR-{number}"), ()));
            ids.tables
        };
        assert_eq!(places(Seed(1, 2)), places(Seed(1, 2)));
        assert_ne!(places(Seed(1, 2)), places(Seed(2, 1)));
        assert_ne!(places(Seed::random()), places(Seed::random()));
    }
}
