//! The texts that the server answers with, and the failures of a request without an answer.

use std::time::{Duration, SystemTime};

use cloudblue_connect_native::core::error::{Failure, Kind as FailureKind};

use super::books::{Invoice, State, Time};
use super::chance::Chance;

/// A failure of a request that may have been carried out.
pub fn lost(chance: &mut Chance) -> Failure {
    let (kind, code) = chance.pick([
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

/// A failure of a request that did not leave.
pub fn unreachable(chance: &mut Chance) -> Failure {
    let (kind, code) = chance.pick([
        (FailureKind::Connection, "ECONNREFUSED"),
        (FailureKind::Connection, "ECONNREFUSED"),
        (FailureKind::Connection, "ENOTFOUND"),
        (FailureKind::Timeout, "ETIMEDOUT"),
        (FailureKind::Certificate, "CERT_HAS_EXPIRED"),
    ]);
    Failure::new(kind, "nothing was sent").with_code(code)
}

/// A `Retry-After`, or none.
pub fn wish_to_wait(chance: &mut Chance, now: Time, most: Duration) -> Option<String> {
    let date = |time: Time| httpdate::fmt_http_date(wall_clock(time));
    let wait = Duration::from_secs(chance.between(1, most.as_secs()));
    match chance.below(10) {
        0..=3 => None,
        4 => Some("0".into()),
        5..=6 => Some(wait.as_secs().to_string()),
        7 => Some(date(now + wait)),
        8 => Some(date(now - Duration::from_secs(chance.between(1, 4000)))),
        _ => Some(chance.pick(["soon", "-1", "0.25", "", "1e300"]).into())
            .filter(|wish| wish != "1e300" || most.as_secs() > 60),
    }
}

/// The time on the wall, where the clock is right.
pub fn wall_clock(time: Time) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000) + time
}

/// A record as the API shows it.
pub fn as_it_is(id: &str, state: &State) -> String {
    let status = state.name();
    match state {
        State::Closed(Some(invoice)) => {
            format!(r#"{{"id":"{id}","status":"closed","external_billing_id":"{invoice}"}}"#)
        }
        _ => format!(r#"{{"id":"{id}","status":"{status}","external_billing_id":null}}"#),
    }
}

pub fn refusal(chance: &mut Chance, id: &str, status: &str) -> String {
    let status = match status {
        "closed" => r#""status":"closed","#,
        "" => "",
        _ => chance.pick([
            "",
            r#""status":"approved","#,
            r#""status":"error","#,
            r#""status":null,"#,
        ]),
    };
    let says = chance.pick([
        r#""error_codes":["VAL_002"],"error_details":["it cannot be closed"]"#,
        r#""error_codes":"VAL_002","error_details":"no""#,
        r#""error_details":["it cannot be closed"]"#,
    ]);
    format!(r#"{{"id":"{id}",{status}{says}}}"#)
}

/// An item that says nothing for certain, or none.
pub fn silent(chance: &mut Chance, id: &str, invoice: &Invoice) -> Option<String> {
    let invoice = invoice.as_deref().unwrap_or("");
    match chance.below(9) {
        // Somebody else's error.
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

pub fn error(code: &str, message: &str, is_closed: bool) -> String {
    let status = if is_closed { r#","status":"closed""# } else { "" };
    format!(r#"{{"error_code":"{code}","errors":["{message}"]{status}}}"#)
}

/// What a proxy answers with.
pub fn page(status: u16) -> String {
    format!("<html><body><h1>{status}</h1></body></html>")
}
