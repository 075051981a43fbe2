//! The options of a run, and the responses of its requests, as JavaScript passes them.

use std::path::PathBuf;
use std::result::Result as StdResult;
use std::sync::Arc;

use napi::Result;
use napi::bindgen_prelude::Object;

use super::client::ConnectClient;
use super::convert;
use crate::core::bulk::closable::Closable;
use crate::core::bulk::read_schedule::ReadBackPolicy;
use crate::core::bulk::records::Defaults;
use crate::core::bulk::run::Options;
use crate::core::bulk::target::Target;
use crate::core::bulk::transport::{self, EngineTransport, PipelineRequests, SendResult, Transport};
use crate::core::error::{Failure, Kind};
use crate::core::http::response::RawResponse;

fn flag(options: &Object, name: &str) -> Result<bool> {
    Ok(options.get::<bool>(name)?.unwrap_or(false))
}

/// What is closed: the objects of the class `resource`.
pub fn closable(options: &Object) -> Result<&'static Closable> {
    let class = convert::text_property(options, "resource")?.unwrap_or_default();
    Closable::of_class(&class).map_err(|failure| napi::Error::from_reason(failure.message))
}

/// What the records are, and what stands in for the fields that one does not have.
pub fn defaults(closable: &'static Closable, options: &Object) -> Result<Defaults> {
    Ok(Defaults {
        closable,
        billing_id: convert::text_property(options, "externalBillingId")?.map(Into::into),
        note: convert::text_property(options, "externalBillingNote")?.map(Into::into),
        requires_billing_id: !flag(options, "isListed")?,
    })
}

/// What the requests are sent with, and where those come out that JavaScript sends.
pub fn transport(client: &ConnectClient, options: &Object) -> Result<(Arc<dyn Transport>, PipelineRequests)> {
    if flag(options, "pipeline")? {
        let (transport, requests) = transport::pipeline(client.core.api_key());
        return Ok((Arc::new(transport), requests));
    }
    let transport = EngineTransport::new(client.core.clone());
    Ok((Arc::new(transport), PipelineRequests::none()))
}

/// What is closed, and where, or why that is not known.
pub fn target(
    closable: &'static Closable,
    client: &ConnectClient,
    base_path: String,
    options: &Object,
) -> Result<StdResult<Target, Failure>> {
    if flag(options, "pipeline")? {
        let endpoint = convert::text_property(options, "endpoint")?.unwrap_or_default();
        return Ok(Ok(Target::of_foreign_client(closable, &endpoint, base_path)));
    }
    let endpoint = client.core.endpoint();
    Ok(endpoint.map(|endpoint| Target::new(closable, endpoint, base_path)))
}

/// The file of the journal.
pub fn journal(options: &Object) -> Result<Option<PathBuf>> {
    Ok(convert::text_property(options, "journal")?.map(PathBuf::from))
}

/// How the run goes about it.
pub fn options(options: &Object) -> Result<Options> {
    let number =
        |name| Ok::<_, napi::Error>(convert::number_property(options, name)?.map(|number| number as usize));
    let duration = |name| convert::duration_property(options, name);
    let defaults = Options::default();
    let first_delay = duration("backOff")?.unwrap_or(defaults.policy.initial_backoff);
    Ok(Options {
        batch_size: number("batchSize")?,
        concurrency: number("concurrency")?.unwrap_or(defaults.concurrency),
        stop_on_error: flag(options, "stopOnError")?,
        dry_run: flag(options, "dryRun")?,
        lists_closed: flag(options, "listClosed")?,
        read_back: ReadBackPolicy {
            window: duration("window")?.unwrap_or(defaults.read_back.window),
            timeout: duration("readBackTimeout")?.unwrap_or(defaults.read_back.timeout),
            max_tries: number("maxTries")?
                .and_then(|tries| u32::try_from(tries).ok())
                .unwrap_or(defaults.read_back.max_tries),
        },
        policy: defaults.policy.with_initial_backoff(first_delay),
    })
}

/// The response to a request that JavaScript sent, as `BulkRun.answer` takes it.
pub fn response(result: &Object) -> Result<SendResult> {
    let text = |name| convert::text_property(result, name);
    if let Some(status) = result.get::<u32>("status")? {
        let body = text("body")?.unwrap_or_default().into_bytes();
        let response = RawResponse {
            redirected: flag(result, "redirected")?,
            ..RawResponse::plain(u16::try_from(status).unwrap_or(0), body)
        };
        return Ok(Ok(response
            .with_retry_after(text("retryAfter")?)
            .with_date(text("date")?)));
    }
    let kind = match flag(result, "input")? {
        true => Kind::Input,
        false => Kind::Connection,
    };
    let mut failure = Failure::new(kind, text("message")?.unwrap_or_default());
    failure.code = text("code")?.map(Into::into);
    failure.maybe_processed = result.get::<bool>("maybeProcessed")?.unwrap_or(true);
    Ok(Err(failure))
}
