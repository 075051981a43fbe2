//! The run against a scripted server, on a paused clock.

use std::sync::Mutex;

mod chunks;
mod read_back;
mod stopping;

use super::*;
use crate::core::api::request::{Body, Request, Verb};
use crate::core::bulk::closable::{Closable, RECORDS};
use crate::core::bulk::transport::PendingSend;
use crate::core::environment::Machine;
use crate::core::error::{Failure, Kind};
use crate::core::http::response::RawResponse;

/// The window, and how long a record is read after it.
const WINDOW: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(60);

type Response = Result<RawResponse, Failure>;

/// A request as the server saw it, with the seconds since the start.
#[derive(Debug, Clone)]
struct ReceivedRequest {
    at: f64,
    is_post: bool,
    path: String,
    body: String,
}

/// A scripted server: maps the number of a POST or GET (from 1) and the request to a response.
struct Script<F> {
    answer: F,
    /// How long the slowest response takes; others take less.
    latency: Duration,
    started: Instant,
    seen: Mutex<Vec<ReceivedRequest>>,
}

impl<F: Fn(usize, &ReceivedRequest) -> Response + Send + Sync + 'static> Transport for Script<F> {
    fn send(&self, request: Request) -> PendingSend {
        let seen = ReceivedRequest {
            at: (Instant::now() - self.started).as_secs_f64(),
            is_post: request.verb == Verb::Post,
            path: request.path,
            body: match request.body {
                Body::Json(text) => text,
                _ => String::new(),
            },
        };
        let mut all = self.seen.lock().unwrap();
        all.push(seen.clone());
        let number = all.iter().filter(|one| one.is_post == seen.is_post).count();
        drop(all);
        let answer = (self.answer)(number, &seen);
        let latency = self.latency * (number as u32 * 37 % 100) / 100;
        Box::pin(async move {
            tokio::time::sleep(latency).await;
            answer
        })
    }
}

/// Closes records with a scripted server.
struct Trial {
    closable: &'static Closable,
    count: usize,
    options: Options,
    environment: Arc<dyn Environment>,
    latency: Duration,
}

impl Default for Trial {
    fn default() -> Self {
        Self {
            closable: &RECORDS,
            count: 1,
            options: Options::default(),
            environment: Arc::new(Machine),
            latency: Duration::ZERO,
        }
    }
}

impl Trial {
    /// The beginning of the ids.
    fn prefix(&self) -> &'static str {
        match self.closable.noun {
            "chunk" => "UFC",
            _ => "UR",
        }
    }

    async fn run(
        self,
        answer: impl Fn(usize, &ReceivedRequest) -> Response + Send + Sync + 'static,
    ) -> (Report, Option<StopReason>, Vec<ReceivedRequest>) {
        let script = Arc::new(Script {
            answer,
            latency: self.latency,
            started: Instant::now(),
            seen: Mutex::default(),
        });
        let target = Target {
            closable: self.closable,
            endpoint: "https://api.test".into(),
            base_path: self.closable.resource.path.into(),
        };
        let prefix = self.prefix();
        let progress = Progress::default();
        progress.set_all_records_known();
        let run = Run::new(
            script.clone(),
            target,
            self.options,
            None,
            progress,
            self.environment,
        );
        let (sender, receiver) = mpsc::channel(1);
        let records = (1..=self.count)
            .map(|number| Record {
                id: format!("{prefix}-{number}"),
                billing_id: Some("INV-7".into()),
                note: None,
                is_outdated: false,
            })
            .collect();
        sender.send(records).await.unwrap();
        drop(sender);
        let (report, stopped) = run.close_all(receiver, std::future::pending()).await;
        let seen = script.seen.lock().unwrap().clone();
        let settled = report.done() + report.not_sent;
        assert_eq!(
            settled, self.count as u64,
            "each record is counted once: {report:?}"
        );
        (report, stopped, seen)
    }
}

fn ok(body: &str) -> Response {
    Ok(RawResponse::plain(200, body.as_bytes().to_vec()))
}

fn status(status: u16, body: &str) -> Response {
    Ok(RawResponse::plain(status, body.as_bytes().to_vec()))
}

fn lost() -> Response {
    Err(Failure::new(Kind::Connection, "cut off")
        .with_code("ECONNRESET")
        .after_sending())
}

fn refused() -> Response {
    Err(Failure::new(Kind::Connection, "refused").with_code("ECONNREFUSED"))
}

/// The response to a read of UR-1.
fn shows(status: &str) -> Response {
    ok(&format!(r#"{{"id":"UR-1","status":"{status}"}}"#))
}

fn shows_closed(invoice: &str) -> Response {
    ok(&format!(
        r#"{{"id":"UR-1","status":"closed","external_billing_id":"{invoice}"}}"#
    ))
}

fn refuses() -> Response {
    ok(r#"[{"id":"UR-1","error_codes":"VAL_001","error_details":"no"}]"#)
}

/// When the POSTs or GETs were sent, in seconds.
fn times(seen: &[ReceivedRequest], is_post: bool) -> Vec<f64> {
    seen.iter()
        .filter(|one| one.is_post == is_post)
        .map(|one| one.at)
        .collect()
}
