//! What is counted.

/// What a world had in it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    pub requests: u64,
    pub posts: u64,
    pub reads: u64,
    pub deaths: u64,
    pub runs: u64,
    pub hours: f64,
}

impl Figures {
    pub fn add(&mut self, other: &Self) {
        self.requests += other.requests;
        self.posts += other.posts;
        self.reads += other.reads;
        self.deaths += other.deaths;
        self.runs += other.runs;
        self.hours += other.hours;
    }
}
