//! Finds records that come twice, in bounded memory: a million hashes take some 20 MB, their texts would take far more.

use std::hash::{BuildHasher, DefaultHasher, Hash, Hasher, RandomState};

use super::records::Record;

/// A hash of 96 bits: among ten million records two collide in one of 10^15 runs.
type Key = [u32; 3];

/// Entries, sorted by key.
type Table<V> = Vec<(Key, V)>;

/// The number of tables: enough to make an insertion among the neighbours cheap.
const TABLES: usize = 1024;

/// The seed of the hashes. Whoever does not know it cannot craft records that collide. Passed in, so that a simulated run
/// is reproducible.
#[derive(Debug, Clone, Copy, Default)]
pub struct HashSeed(pub u64, pub u64);

impl HashSeed {
    /// A random seed.
    pub fn random() -> Self {
        let random = RandomState::new();
        Self(random.hash_one(0), random.hash_one(1))
    }

    /// The hash of a value; `which` separates the different hashes of one seed.
    fn hash(self, which: u8, value: impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.0, self.1, which).hash(&mut hasher);
        value.hash(&mut hasher);
        hasher.finish()
    }
}

/// A map from record ids to small values: sorted lists, which take half the memory of the standard library's hash tables.
#[derive(Debug)]
pub struct IdMap<V> {
    seed: HashSeed,
    tables: Vec<Table<V>>,
}

impl<V: Copy> IdMap<V> {
    /// An empty map.
    pub fn new(seed: HashSeed) -> Self {
        Self {
            seed,
            tables: (0..TABLES).map(|_| Vec::new()).collect(),
        }
    }

    /// The table of an id, its key, and the index at which the key is or belongs.
    fn find(&mut self, id: &str) -> Option<(&mut Table<V>, Key, Result<usize, usize>)> {
        let (a, b) = (self.seed.hash(0, id), self.seed.hash(1, id));
        let table = usize::try_from(b >> 32).unwrap_or(0) % TABLES;
        let key = [a as u32, (a >> 32) as u32, b as u32];
        let table = self.tables.get_mut(table)?;
        let place = table.binary_search_by_key(&key, |(key, _)| *key);
        Some((table, key, place))
    }

    /// The value of an id.
    pub fn get(&mut self, id: &str) -> Option<V> {
        let (table, _, place) = self.find(id)?;
        table.get(place.ok()?).map(|(_, value)| *value)
    }

    /// Sets the value of an id.
    pub fn insert(&mut self, id: &str, value: V) {
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

    /// Sets the value of an id that has none; otherwise returns the value that it has.
    pub fn insert_new(&mut self, id: &str, value: V) -> Option<V> {
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

/// Inserts, growing by an eighth: doubling would leave up to half of the memory unused.
fn insert<T>(table: &mut Vec<T>, at: usize, entry: T) {
    if table.len() == table.capacity() {
        table.reserve_exact(table.len() / 8 + 8);
    }
    table.insert(at, entry);
}

/// Fingerprints of billing ids: equal for equal billing ids.
#[derive(Debug)]
pub struct Fingerprints(HashSeed);

impl Fingerprints {
    /// With this seed.
    pub fn new(seed: HashSeed) -> Self {
        Self(seed)
    }

    /// The fingerprint of a billing id.
    pub fn of(&self, billing_id: Option<&str>) -> u32 {
        self.0.hash(2, billing_id) as u32
    }
}

/// How a record relates to those that came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occurrence {
    /// It has not come before.
    First,
    /// It has, with the same billing id.
    Duplicate,
    /// It has, with another billing id.
    Conflicting,
}

/// The records that have come.
#[derive(Debug)]
pub struct DedupSet {
    ids: IdMap<u32>,
    fingerprints: Fingerprints,
}

impl DedupSet {
    /// An empty set.
    pub fn new(seed: HashSeed) -> Self {
        Self {
            ids: IdMap::new(seed),
            fingerprints: Fingerprints::new(seed),
        }
    }

    /// Adds a record.
    pub fn insert(&mut self, record: &Record) -> Occurrence {
        let fingerprint = self.fingerprints.of(record.billing_id.as_deref());
        match self.ids.insert_new(&record.id, fingerprint) {
            None => Occurrence::First,
            Some(earlier) if earlier == fingerprint => Occurrence::Duplicate,
            Some(_) => Occurrence::Conflicting,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_new_once_and_conflicts_with_another_billing_id() {
        let mut seen = DedupSet::new(HashSeed::random());
        let mut note = |id: &str, bill: Option<&str>| {
            seen.insert(&Record {
                id: id.into(),
                billing_id: bill.map(Into::into),
                note: None,
                is_outdated: false,
            })
        };
        assert_eq!(note("UR-1", Some("A")), Occurrence::First);
        assert_eq!(note("UR-1", Some("A")), Occurrence::Duplicate);
        assert_eq!(note("UR-1", Some("B")), Occurrence::Conflicting);
        assert_eq!(note("UR-1", None), Occurrence::Conflicting);
        assert_eq!(note("UR-2", None), Occurrence::First);
        assert_eq!(note("UR-2", None), Occurrence::Duplicate);
    }

    #[test]
    fn many_ids_are_kept_apart() {
        let mut ids = IdMap::new(HashSeed::random());
        for number in 0..50_000_u32 {
            assert_eq!(ids.insert_new(&format!("UR-{number}"), number), None);
        }
        for number in 0..50_000_u32 {
            assert_eq!(ids.get(&format!("UR-{number}")), Some(number));
        }
        ids.insert("UR-7", 1);
        ids.insert("UR-new", 2);
        assert_eq!(
            (ids.get("UR-7"), ids.get("UR-new"), ids.get("UR-none")),
            (Some(1), Some(2), None)
        );
    }

    #[test]
    fn the_seed_decides_where_an_id_is_stored() {
        let places = |seed| {
            let mut ids = IdMap::new(seed);
            (0..50).for_each(|number| ids.insert(&format!("UR-{number}"), ()));
            ids.tables
        };
        assert_eq!(places(HashSeed(1, 2)), places(HashSeed(1, 2)));
        assert_ne!(places(HashSeed(1, 2)), places(HashSeed(2, 1)));
        assert_ne!(places(HashSeed::random()), places(HashSeed::random()));
    }
}
