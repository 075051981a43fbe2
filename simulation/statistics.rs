//! Statistics.

/// What happened in a world, in numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Statistics {
    pub requests: u64,
    pub posts: u64,
    pub reads: u64,
    pub crashes: u64,
    pub runs: u64,
    pub hours: f64,
}

impl Statistics {
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.posts += other.posts;
        self.reads += other.reads;
        self.crashes += other.crashes;
        self.runs += other.runs;
        self.hours += other.hours;
    }
}
