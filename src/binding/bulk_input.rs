//! What JavaScript tells a run.

use napi::Result;
use napi::bindgen_prelude::Object;

use super::convert;
use crate::core::bulk::engine::Options;
use crate::core::bulk::read_back::ReadBackPolicy;
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;

/// The options of a run, as the constructor of `BulkRun` takes them.
pub fn options(options: &Object) -> Result<Options> {
    let flag = |name| Ok::<_, napi::Error>(options.get::<bool>(name)?.unwrap_or(false));
    let number =
        |name| Ok::<_, napi::Error>(convert::number_property(options, name)?.map(|size| size as usize));
    let usual = Options::default();
    let first = convert::duration_property(options, "backOff")?.unwrap_or(usual.policy.first);
    let duration = |name| convert::duration_property(options, name);
    Ok(Options {
        batch_size: number("batchSize")?.unwrap_or(usual.batch_size),
        concurrency: number("concurrency")?.unwrap_or(usual.concurrency),
        stop_on_error: flag("stopOnError")?,
        dry_run: flag("dryRun")?,
        read_back: ReadBackPolicy {
            window: duration("window")?.unwrap_or(usual.read_back.window),
            timeout: duration("readBackTimeout")?.unwrap_or(usual.read_back.timeout),
            max_tries: number("maxTries")?
                .and_then(|most| u32::try_from(most).ok())
                .unwrap_or(usual.read_back.max_tries),
        },
        policy: usual.policy.starting_with(first),
    })
}

/// What became of a request that JavaScript sent, as `BulkRun.answer` takes it.
pub fn answer(result: &Object) -> Result<std::result::Result<Outcome, Failure>> {
    let text = |name| convert::text_property(result, name);
    let flag = |name, otherwise| Ok::<_, napi::Error>(result.get::<bool>(name)?.unwrap_or(otherwise));
    if let Some(status) = result.get::<u32>("status")? {
        let body = text("body")?.unwrap_or_default().into_bytes();
        let outcome = Outcome {
            redirected: flag("redirected", false)?,
            ..Outcome::plain(u16::try_from(status).unwrap_or(0), body)
        };
        return Ok(Ok(outcome
            .asking_to_wait(text("retryAfter")?)
            .dated(text("date")?)));
    }
    let kind = if flag("input", false)? {
        Kind::Input
    } else {
        Kind::Connection
    };
    let mut failure = Failure::new(kind, text("message")?.unwrap_or_default());
    failure.code = text("code")?.map(Into::into);
    failure.maybe_processed = flag("maybeProcessed", true)?;
    Ok(Err(failure))
}
