//! What happened in a world, as readable lines.

use super::ledger::Time;

/// The time at which a world begins: reads may show states from before.
pub const BEGINNING: Time = Time::from_secs(24 * 3600);

#[derive(Debug, Default)]
pub struct Trace(Option<Vec<String>>);

impl Trace {
    pub fn new(is_kept: bool) -> Self {
        Self(is_kept.then(Vec::new))
    }

    pub fn say(&mut self, now: Time, what: impl FnOnce() -> String) {
        if let Some(lines) = &mut self.0 {
            let line = format!(
                "{:>10.3}  {}",
                now.saturating_sub(BEGINNING).as_secs_f64(),
                what()
            );
            lines.push(line);
        }
    }

    pub fn lines(&self) -> &[String] {
        self.0.as_deref().unwrap_or_default()
    }
}
