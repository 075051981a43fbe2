//! The progress and the result of a run, as JavaScript objects.

use napi::bindgen_prelude::{JsObjectValue, Object, Unknown};
use napi::{Env, JsValue, Result};

use super::reply::{self, RequestLine};
use crate::core::bulk::job::FinishedRun;
use crate::core::bulk::progress::Progress;
use crate::core::bulk::report::{Cause, Report, StopReason};
use crate::core::error::{Failure, Kind};

/// What a run came to; a failure if it could not start.
pub type JobResult = std::result::Result<FinishedRun, Failure>;

/// The failure of a run that ended without a result.
pub fn broken_down() -> Failure {
    Failure::new(
        Kind::Connection,
        "the engine failed; this is a defect of cloudblue-connect-native",
    )
    .after_sending()
}

/// The report, with `stopped`, `refusal` or `aborted` if the run ended before its records did; or `{ failure }`.
pub fn result(env: &Env, result: JobResult) -> Result<Unknown<'_>> {
    let FinishedRun {
        closable,
        report,
        stopped,
        elapsed,
    } = match result {
        Ok(finished) => finished,
        Err(failure) => return reply::failure(env, &failure, None),
    };
    let mut object = report_object(env, report)?;
    object.set_named_property("elapsedMs", elapsed.as_secs_f64() * 1000.0)?;
    match stopped {
        None => {}
        Some(StopReason::Aborted) => object.set_named_property("aborted", true)?,
        Some(StopReason::OnError(why)) => object.set_named_property("cause", cause(env, &why)?)?,
        Some(StopReason::Failed(failure)) => {
            object.set_named_property("cause", cause(env, &Cause::from(&failure))?)?;
            object.set_named_property("stopped", reply::failure(env, &failure, None)?)?;
        }
        Some(StopReason::Throttled(failure, status)) => {
            let why = Cause {
                status: Some(status),
                ..Cause::from(&failure)
            };
            object.set_named_property("cause", cause(env, &why)?)?;
            object.set_named_property("stopped", reply::failure(env, &failure, None)?)?;
        }
        Some(StopReason::Refused(response)) => {
            let why = Cause {
                status: Some(response.status),
                ..Cause::new(response.text())
            };
            object.set_named_property("cause", cause(env, &why)?)?;
            // Whichever of the run's requests was refused.
            let request = RequestLine {
                method: "POST",
                path: closable.closing_url_path(),
            };
            object.set_named_property("refusal", reply::answer(env, response, &request)?)?;
        }
    }
    Ok(object.to_unknown())
}

/// How far a run is: `{ done, total, closed, failed, rate, etaMs }`.
pub fn progress<'env>(env: &'env Env, progress: &Progress) -> Result<Unknown<'env>> {
    let now = progress.snapshot();
    let mut object = Object::new(env)?;
    object.set_named_property("done", now.done as f64)?;
    if let Some(total) = now.total {
        object.set_named_property("total", total as f64)?;
    }
    object.set_named_property("closed", now.closed as f64)?;
    object.set_named_property("failed", now.failed as f64)?;
    object.set_named_property("rate", now.rate)?;
    if let Some(left) = now.remaining {
        object.set_named_property("etaMs", left.as_secs_f64() * 1000.0)?;
    }
    Ok(object.to_unknown())
}

/// `{ code, status, message }`, of which only `message` is always present.
fn cause<'env>(env: &'env Env, cause: &Cause) -> Result<Object<'env>> {
    let mut object = Object::new(env)?;
    add_cause(&mut object, cause)?;
    Ok(object)
}

fn add_cause(object: &mut Object, cause: &Cause) -> Result<()> {
    if let Some(code) = &cause.code {
        object.set_named_property("code", code.as_str())?;
    }
    if let Some(status) = cause.status {
        object.set_named_property("status", u32::from(status))?;
    }
    object.set_named_property("message", cause.message.as_str())
}

fn report_object(env: &Env, report: Report) -> Result<Object<'_>> {
    let mut object = Object::new(env)?;
    object.set_named_property("closed", report.closed as f64)?;
    object.set_named_property("alreadyClosed", report.already_closed as f64)?;
    if let Some(ids) = report.closed_ids {
        object.set_named_property("closedIds", ids.now)?;
        object.set_named_property("alreadyClosedIds", ids.before)?;
    }
    let mut failed = env.create_array(0)?;
    for refused in report.failed {
        let mut item = Object::new(env)?;
        item.set_named_property("id", refused.id)?;
        if let Some(codes) = refused.codes {
            item.set_named_property("errorCodes", codes)?;
        }
        if let Some(details) = refused.details {
            item.set_named_property("errorDetails", details)?;
        }
        failed.insert(item)?;
    }
    object.set_named_property("failed", failed)?;
    let mut conflicts = env.create_array(0)?;
    for conflict in report.conflicts {
        let mut item = Object::new(env)?;
        item.set_named_property("id", conflict.id)?;
        item.set_named_property("externalBillingId", conflict.billing_id)?;
        conflicts.insert(item)?;
    }
    object.set_named_property("conflicts", conflicts)?;
    let mut unknown = env.create_array(0)?;
    for one in report.unknown {
        let mut item = Object::new(env)?;
        item.set_named_property("id", one.id)?;
        add_cause(&mut item, &one.cause)?;
        unknown.insert(item)?;
    }
    object.set_named_property("unknown", unknown)?;
    object.set_named_property("duplicates", report.duplicates as f64)?;
    object.set_named_property("notSent", report.not_sent as f64)?;
    object.set_named_property("requests", report.requests as f64)?;
    object.set_named_property("retries", report.retries as f64)?;
    Ok(object)
}
