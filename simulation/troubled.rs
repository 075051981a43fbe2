//! Answers that something happened to on their way.

use cloudblue_connect_native::core::error::{Failure, Kind as FailureKind};
use cloudblue_connect_native::core::outcome::Outcome;

use super::answers::{Answer, Done, Writer};
use super::bodies::{error, lost, page, wish_to_wait};
use super::books::{Invoice, Time};
use super::plan::Trouble;
use super::watch::Said;
use super::world::Kind;

impl Writer<'_> {
    /// An answer to a POST in some trouble on its way.
    pub fn in_trouble(
        &mut self,
        trouble: Trouble,
        kind: Kind,
        records: &[(usize, Invoice)],
        done: &[Done],
        now: Time,
    ) -> Answer {
        let unknown = vec![Said::Unknown; records.len()];
        let result = match trouble {
            Trouble::Redirected => {
                let real = self.answer(kind, records, done).result;
                self.redirected(real)
            }
            Trouble::Cut => {
                let real = self.answer(kind, records, done);
                // A refusal is one whatever its body says.
                if real.result.as_ref().is_ok_and(|outcome| outcome.status >= 400) {
                    return real;
                }
                self.cut(real.result)
            }
            trouble => self.broken(trouble, kind, now),
        };
        Answer::post(result, unknown)
    }

    /// The answer, or one of somebody else, after a redirect.
    pub fn redirected(&mut self, real: Result<Outcome, Failure>) -> Result<Outcome, Failure> {
        let status = self.chance.pick([200, 200, 401, 403, 404, 429, 500]);
        let outcome = match self.chance.hits(50) {
            true => real?,
            false => Outcome::plain(status, page(status).into()),
        };
        Ok(Outcome {
            redirected: true,
            ..outcome
        })
    }

    /// The answer up to some byte.
    pub fn cut(&mut self, real: Result<Outcome, Failure>) -> Result<Outcome, Failure> {
        let mut outcome = real?;
        let length = self.chance.below(outcome.body.len() as u64) as usize;
        outcome.body.truncate(length);
        Ok(outcome)
    }

    /// What tells nothing about the request.
    pub fn broken(&mut self, trouble: Trouble, kind: Kind, now: Time) -> Result<Outcome, Failure> {
        match trouble {
            Trouble::Caller => {
                Err(Failure::new(FailureKind::Input, "a hook throws after the request").after_sending())
            }
            Trouble::Lost => Err(lost(&mut self.chance)),
            Trouble::Busy => {
                let wait = wish_to_wait(&mut self.chance, now, self.world.plan.most_wait);
                Ok(Outcome::plain(503, page(503).into()).asking_to_wait(wait))
            }
            Trouble::Garbage => {
                let bodies = [
                    "",
                    "null",
                    "{}",
                    "[]",
                    "\"ok\"",
                    "[[]]",
                    "{\"data\":[]}",
                    "[null,7]",
                    "\u{1}\u{2}",
                    "OK",
                ];
                let status = self.chance.pick([200, 200, 204, 206]);
                Ok(Outcome::plain(status, self.chance.pick(bodies).into()))
            }
            _ => {
                let status = self
                    .chance
                    .pick([200, 302, 307, 404, 408, 500, 500, 502, 502, 504, 520]);
                // A run does not survive this one in answer to a batch.
                let is_missing = kind != Kind::Batch && self.chance.hits(30);
                let status = if is_missing { 404 } else { status };
                let body = match self.chance.hits(30) && status >= 500 {
                    true => error("SYS_000", "it broke", false),
                    false => page(status),
                };
                Ok(Outcome::plain(status, body.into()))
            }
        }
    }
}
