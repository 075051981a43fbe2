//! Repeats what the core does for one call; `bench/costs.js` counts the instructions that it takes.
//!
//!     bench-costs <what> <times> [port]
//!
//! Only `close` uses the network: it sends requests over the loopback interface to the benchmark's server on that port.

use std::error::Error;
use std::future::pending;
use std::hint::black_box;
use std::sync::Arc;

use cloudblue_connect_native::core::api::base_url::BaseUrl;
use cloudblue_connect_native::core::api::client::Client;
use cloudblue_connect_native::core::api::path::Id;
use cloudblue_connect_native::core::api::request::{Body, Request, Verb, json_object};
use cloudblue_connect_native::core::bulk::closable::RECORDS;
use cloudblue_connect_native::core::bulk::progress::Progress;
use cloudblue_connect_native::core::bulk::records::{self, Defaults};
use cloudblue_connect_native::core::bulk::run::{Options, Run};
use cloudblue_connect_native::core::bulk::target::Target;
use cloudblue_connect_native::core::bulk::transport::{PendingSend, Transport};
use cloudblue_connect_native::core::environment::Machine;
use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::http::response::RawResponse;
use cloudblue_connect_native::core::resources::ALL;
use cloudblue_connect_native::core::retry::limits::Limits;
use cloudblue_connect_native::core::rql::{Dialect, Filter, search_path};
use cloudblue_connect_native::core::tables::cancellation::Cancellation;
use cloudblue_connect_native::core::tables::reader::{Options as ReadOptions, Reader};
use reqwest::header::HeaderMap;
use tokio::sync::mpsc;

type Done = Result<(), Box<dyn Error>>;

const USAGE: &str = "usage: bench-costs <what> <times> [port]";

/// How many records a chunk has, and a request for them.
const CHUNK: usize = 100;

fn main() -> Done {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().ok_or(USAGE)?;
    let times: usize = arguments.next().ok_or(USAGE)?.parse()?;
    let port = arguments.next().unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match what.as_str() {
        "close" => runtime.block_on(close(times, &port)),
        "path" => path(times),
        "search" => search(times),
        "records" => read_records(times),
        "rows" => read_rows(times),
        "bulk" => runtime.block_on(close_many(times)),
        other => Err(format!("unknown benchmark {other}; {USAGE}").into()),
    }
}

fn id(number: usize) -> String {
    format!("UR-2021-01-2023-8696-9408-{number:06}")
}

/// The path of a record's `close`.
fn close_path(number: usize) -> Result<String, Failure> {
    let resource = ALL.iter().find(|resource| resource.property == "usageRecords");
    let (resource, endpoint) = resource
        .and_then(|resource| Some((resource, resource.endpoint("close")?)))
        .ok_or_else(|| Failure::input("usageRecords has no endpoint close"))?;
    endpoint.path_for(resource.path, &[Id::Text(id(number))])
}

/// Closes one record after the other, each with a request of its own.
async fn close(times: usize, port: &str) -> Done {
    let endpoint = format!("http://127.0.0.1:{port}/public/v1");
    let key = "ApiKey SU-000-000-000:none".to_string();
    let client = Client::new(Ok(endpoint), Ok(key), Limits::default(), Arc::default());
    for number in 0..times {
        let billing_id = ("external_billing_id", Some("\"INV-2021-01\"".to_string()));
        let request = Request {
            verb: Verb::Post,
            path: close_path(number)?,
            body: Body::Json(json_object([billing_id])),
            headers: HeaderMap::new(),
            save_to: None,
        };
        let response = client
            .send(request, client.limits(), None)
            .await
            .map_err(|failure| failure.message)?;
        if response.status != 200 {
            return Err(format!("status {}", response.status).into());
        }
    }
    Ok(())
}

/// Builds the URL of a request.
fn path(times: usize) -> Done {
    let endpoint = BaseUrl::parse(Ok("https://api.connect.cloudblue.com/public/v1".into()))
        .map_err(|failure| failure.message)?;
    for number in 0..times {
        let path = close_path(number).map_err(|failure| failure.message)?;
        black_box(endpoint.join(&path).map_err(|failure| failure.message)?);
    }
    Ok(())
}

/// Writes a filter as RQL.
fn search(times: usize) -> Done {
    let text = |text: &str| Filter::Text(text.into());
    let filter = Filter::Map(vec![
        ("usage_file.id".into(), text("UF-2021-01-1234-5678")),
        ("status".into(), Filter::List(vec![text("valid"), text("open")])),
        (
            "start_time_utc".into(),
            Filter::Map(vec![("$ge".into(), text("2021-01-01T00:00:00+00:00"))]),
        ),
        ("limit".into(), Filter::Other("100".into())),
    ]);
    for _ in 0..times {
        let path = search_path("/usage/records", black_box(&filter), Dialect::Server);
        black_box(path.map_err(|error| error.to_string())?);
    }
    Ok(())
}

/// A chunk of the records of `closeMany`, as JSON.
fn chunk(first: usize) -> String {
    let records: Vec<_> = (first..first + CHUNK)
        .map(|number| {
            format!(
                "{{\"id\":\"{}\",\"externalBillingId\":\"INV-2021-01\"}}",
                id(number)
            )
        })
        .collect();
    format!("[{}]", records.join(","))
}

fn read(text: &str, first: usize) -> Result<Vec<records::Record>, Box<dyn Error>> {
    Ok(
        records::read(text.as_bytes(), first, &Defaults::default())
            .map_err(|(_, failure)| failure.message)?,
    )
}

/// Records from JSON.
fn read_records(times: usize) -> Done {
    let text = chunk(0);
    for _ in 0..times / CHUNK {
        black_box(read(&text, 0)?);
    }
    Ok(())
}

/// Records from CSV.
fn read_rows(times: usize) -> Done {
    let lines: String = (0..times)
        .map(|number| format!("{},INV-2021-01,\n", id(number)))
        .collect();
    let text = format!("id,external_billing_id,external_billing_note\n{lines}");
    let mut reader = Reader::new(None, ReadOptions::default(), Cancellation::default());
    let read = |failure: Failure| failure.message;
    reader.push(text.as_bytes()).map_err(read)?;
    reader.check().map_err(|error| error.failure.message)?;
    while let Some(chunk) = reader.next(CHUNK).map_err(read)? {
        black_box(chunk);
    }
    Ok(())
}

/// A run of `closeMany` whose requests get their responses at once.
async fn close_many(times: usize) -> Done {
    let run = Run::new(
        Arc::new(Echo),
        Target {
            closable: &RECORDS,
            endpoint: "https://api.test".into(),
            base_path: "/usage/records".into(),
        },
        Options::default(),
        None,
        Progress::default(),
        Arc::new(Machine),
    );
    let (sender, receiver) = mpsc::channel(1);
    let sending = async move {
        for first in (0..times).step_by(CHUNK) {
            let records = read(&chunk(first), first).unwrap_or_default();
            if sender.send(records).await.is_err() {
                return;
            }
        }
    };
    let ((report, _), ()) = tokio::join!(run.close_all(receiver, pending()), sending);
    if report.closed != times as u64 {
        return Err(format!("{} of {times} closed", report.closed).into());
    }
    Ok(())
}

/// Responds that each record is closed.
struct Echo;

impl Transport for Echo {
    fn send(&self, request: Request) -> PendingSend {
        Box::pin(async move {
            let Body::Json(text) = request.body else {
                return Err(Failure::input("a batch is JSON"));
            };
            let response = text.replace(
                "\"external_billing_id\"",
                "\"status\":\"closed\",\"external_billing_id\"",
            );
            Ok(RawResponse::plain(200, response.into_bytes()))
        })
    }
}
