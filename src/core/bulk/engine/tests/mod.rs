//! The run against a server that answers by script, by a clock that stands still while something is to be done.

use std::sync::Mutex;

mod ending;
mod reading;

use super::*;
use crate::core::environment::Machine;
use crate::core::error::Kind;
use crate::core::request::{Body, Verb};

/// The window, and how long is read after it.
const WINDOW: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(60);

type Answer = Result<Outcome, Failure>;

/// A request as the server saw it: seconds since the beginning, what was asked, which ids it is about.
#[derive(Debug, Clone)]
struct Seen {
    at: f64,
    is_post: bool,
    path: String,
    body: String,
}

/// A server of one script: the number of a request of its kind, from 1, and the request, to an answer.
struct Script<F> {
    answer: F,
    /// How long the longest answer takes; others take less.
    latency: Duration,
    started: Instant,
    seen: Mutex<Vec<Seen>>,
}

impl<F: Fn(usize, &Seen) -> Answer + Send + Sync + 'static> Road for Script<F> {
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let seen = Seen {
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

/// Closes records with a server of a script.
struct Trial {
    count: usize,
    options: Options,
    environment: Arc<dyn Environment>,
    latency: Duration,
}

impl Default for Trial {
    fn default() -> Self {
        Self {
            count: 1,
            options: Options::default(),
            environment: Arc::new(Machine),
            latency: Duration::ZERO,
        }
    }
}

impl Trial {
    async fn run(
        self,
        answer: impl Fn(usize, &Seen) -> Answer + Send + Sync + 'static,
    ) -> (Report, Option<Stopped>, Vec<Seen>) {
        let script = Arc::new(Script {
            answer,
            latency: self.latency,
            started: Instant::now(),
            seen: Mutex::default(),
        });
        let place = Place {
            endpoint: "https://api.test".into(),
            base: "/usage/records".into(),
        };
        let progress = Progress::default();
        progress.all_records_are_there();
        let run = Run::new(
            script.clone(),
            place,
            self.options,
            None,
            progress,
            self.environment,
        );
        let (sender, receiver) = mpsc::channel(1);
        let records = (1..=self.count)
            .map(|number| Record {
                id: format!("UR-{number}"),
                billing_id: Some("INV-7".into()),
                note: None,
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

fn ok(body: &str) -> Answer {
    Ok(Outcome::plain(200, body.as_bytes().to_vec()))
}

fn status(status: u16, body: &str) -> Answer {
    Ok(Outcome::plain(status, body.as_bytes().to_vec()))
}

fn lost() -> Answer {
    Err(Failure::new(Kind::Connection, "cut off")
        .with_code("ECONNRESET")
        .after_sending())
}

fn refused() -> Answer {
    Err(Failure::new(Kind::Connection, "refused").with_code("ECONNREFUSED"))
}

/// UR-1 as a read shows it.
fn shows(status: &str) -> Answer {
    ok(&format!(r#"{{"id":"UR-1","status":"{status}"}}"#))
}

fn shows_closed(invoice: &str) -> Answer {
    ok(&format!(
        r#"{{"id":"UR-1","status":"closed","external_billing_id":"{invoice}"}}"#
    ))
}

fn refuses() -> Answer {
    ok(r#"[{"id":"UR-1","error_codes":"VAL_001","error_details":"no"}]"#)
}

/// When requests of a kind were sent, in seconds.
fn times(seen: &[Seen], is_post: bool) -> Vec<f64> {
    seen.iter()
        .filter(|one| one.is_post == is_post)
        .map(|one| one.at)
        .collect()
}
