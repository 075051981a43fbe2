//! The bodies of responses, and the failures of requests without a response.

use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::error::{Failure, Kind as FailureKind};

use super::ledger::{Invoice, Time};
use super::random::Random;

/// A failure of a request that may have been processed.
pub fn lost_response(random: &mut Random) -> Failure {
    let (kind, code) = random.pick([
        (FailureKind::Connection, Some("ECONNRESET")),
        (FailureKind::Connection, Some("ERR_STREAM_PREMATURE_CLOSE")),
        (FailureKind::Connection, None),
        (FailureKind::Timeout, Some("ETIMEDOUT")),
        (FailureKind::Redirect, None),
        (FailureKind::Size, None),
    ]);
    let failure = Failure::new(kind, "the answer is lost").after_sending();
    match code {
        Some(code) => failure.with_code(code),
        None => failure,
    }
}

/// A failure of a request that was not sent.
pub fn unreachable(random: &mut Random) -> Failure {
    let (kind, code) = random.pick([
        (FailureKind::Connection, "ECONNREFUSED"),
        (FailureKind::Connection, "ECONNREFUSED"),
        (FailureKind::Connection, "ENOTFOUND"),
        (FailureKind::Timeout, "ETIMEDOUT"),
        (FailureKind::Certificate, "CERT_HAS_EXPIRED"),
    ]);
    Failure::new(kind, "nothing was sent").with_code(code)
}

/// A `Retry-After`, or none.
pub fn retry_after(random: &mut Random, now: Time, max: Duration) -> Option<String> {
    let date = |time: Time| httpdate::fmt_http_date(wall_clock(time));
    let wait = Duration::from_secs(random.between(1, max.as_secs()));
    match random.below(10) {
        0..=3 => None,
        4 => Some("0".into()),
        5..=6 => Some(wait.as_secs().to_string()),
        7 => Some(date(now + wait)),
        8 => Some(date(now - Duration::from_secs(random.between(1, 4000)))),
        _ => Some(random.pick(["soon", "-1", "0.25", "", "1e300"]).into())
            .filter(|wish| wish != "1e300" || max.as_secs() > 60),
    }
}

/// The time of a wall clock that is right.
pub fn wall_clock(time: Time) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + time
}

pub fn refusal_item(random: &mut Random, id: &str, status: &str) -> String {
    let status = match status {
        "closed" => r#""status":"closed","#,
        "" => "",
        _ => random.pick([
            "",
            r#""status":"approved","#,
            r#""status":"error","#,
            r#""status":null,"#,
        ]),
    };
    let says = random.pick([
        r#""error_codes":["VAL_002"],"error_details":["it cannot be closed"]"#,
        r#""error_codes":"VAL_002","error_details":"no""#,
        r#""error_details":["it cannot be closed"]"#,
    ]);
    format!(r#"{{"id":"{id}",{status}{says}}}"#)
}

/// An item that says nothing certain, or none.
pub fn silent_item(random: &mut Random, id: &str, invoice: &Invoice) -> Option<String> {
    let invoice = invoice.as_deref().unwrap_or("");
    match random.below(9) {
        // An error that is not the API's own.
        7 => Some(format!(r#"{{"id":"{id}","error":"gateway"}}"#)),
        8 => Some(format!(
            r#"{{"id":"{id}","error_code":"GW_1","errors":["it broke"]}}"#
        )),
        0..=1 => None,
        2 => Some(format!(r#"{{"id":"{id}"}}"#)),
        3 => Some(format!(
            r#"{{"id":"{id}","external_billing_id":"{invoice}","external_billing_note":"n"}}"#
        )),
        4 => Some(format!(r#"{{"id":"{id}","status":null,"error_codes":[]}}"#)),
        5 => Some(format!(r#"{{"id":"{id}","status":1}}"#)),
        _ => Some(format!(r#"{{"id":"{id}","status":"","error_details":""}}"#)),
    }
}

pub fn error_body(code: &str, message: &str, is_closed: bool) -> String {
    let status = if is_closed { r#","status":"closed""# } else { "" };
    format!(r#"{{"error_code":"{code}","errors":["{message}"]{status}}}"#)
}

/// The body of a proxy's response.
pub fn html_page(status: u16) -> String {
    format!("<html><body><h1>{status}</h1></body></html>")
}
