//! Responses that are lost, cut off or replaced on their way.

use cloudblue_connect_native::core::error::{Failure, Kind as FailureKind};
use cloudblue_connect_native::core::http::response::RawResponse;

use super::ledger::{Invoice, Time};
use super::payloads::{error_body, html_page, lost_response, retry_after};
use super::plan::Fault;
use super::request_invariants::PostResult;
use super::responses::{Answer, Processed, Writer};
use super::world::RequestKind;

impl Writer<'_> {
    /// The response to a POST under a fault.
    pub fn faulty(
        &mut self,
        fault: Fault,
        kind: RequestKind,
        records: &[(usize, Invoice)],
        done: &[Processed],
        now: Time,
    ) -> Answer {
        let unknown = vec![PostResult::Indeterminate; records.len()];
        let result = match fault {
            Fault::Redirected => {
                let real = self.answer(kind, records, done).result;
                self.redirected(real)
            }
            Fault::Cut => {
                let real = self.answer(kind, records, done);
                // A refusal is one whatever its body says.
                if real.result.as_ref().is_ok_and(|response| response.status >= 400) {
                    return real;
                }
                self.cut(real.result)
            }
            fault => self.broken(fault, kind, now),
        };
        Answer::post(result, unknown)
    }

    /// The response, or one of somebody else, after a redirect.
    pub fn redirected(&mut self, real: Result<RawResponse, Failure>) -> Result<RawResponse, Failure> {
        let status = self.random.pick([200, 200, 401, 403, 404, 429, 500]);
        let response = match self.random.hits(50) {
            true => real?,
            false => RawResponse::plain(status, html_page(status).into()),
        };
        Ok(RawResponse {
            redirected: true,
            ..response
        })
    }

    /// The response, cut off at some byte.
    pub fn cut(&mut self, real: Result<RawResponse, Failure>) -> Result<RawResponse, Failure> {
        let mut response = real?;
        let length = self.random.below(response.body.len() as u64) as usize;
        response.body.truncate(length);
        Ok(response)
    }

    /// A response or failure that says nothing about the request.
    pub fn broken(&mut self, fault: Fault, kind: RequestKind, now: Time) -> Result<RawResponse, Failure> {
        match fault {
            Fault::Caller => {
                Err(Failure::new(FailureKind::Input, "a hook throws after the request").after_sending())
            }
            Fault::Lost => Err(lost_response(&mut self.random)),
            Fault::Busy => {
                let wait = retry_after(&mut self.random, now, self.world.plan.max_wait);
                Ok(RawResponse::plain(503, html_page(503).into()).with_retry_after(wait))
            }
            Fault::Garbage => {
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
                let status = self.random.pick([200, 200, 204, 206]);
                Ok(RawResponse::plain(status, self.random.pick(bodies).into()))
            }
            _ => {
                let status = self
                    .random
                    .pick([200, 302, 307, 404, 408, 500, 500, 502, 502, 504, 520]);
                // In response to a batch this one ends the run.
                let is_missing = kind != RequestKind::Batch && self.random.hits(30);
                let status = if is_missing { 404 } else { status };
                let body = match self.random.hits(30) && status >= 500 {
                    true => error_body("SYS_000", "it broke", false),
                    false => html_page(status),
                };
                Ok(RawResponse::plain(status, body.into()))
            }
        }
    }
}
