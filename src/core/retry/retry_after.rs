//! The header `Retry-After`: how long a server asks its clients to wait.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long a response asks to wait.
///
/// The server's clock may differ from ours, so a date is compared with the response's own `Date` if it has one.
///
/// * `now`: the local time, for a response without a `Date`.
pub fn from_headers(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok();
    // First, because few responses have it: nearly all have a `Date`, which would be parsed for nothing.
    let retry_after = text(RETRY_AFTER)?;
    let date = text(DATE).and_then(|date| httpdate::parse_http_date(date.trim()).ok());
    parse(retry_after, date.unwrap_or(now))
}

/// Parses a `Retry-After`: a date, or seconds. Fractions of a second are not standard, but servers send them.
///
/// Of several values, joined by commas, the first counts. A date may have a comma of its own, behind the day.
///
/// * `now`: the time that a date is compared with.
pub fn parse(text: &str, now: SystemTime) -> Option<Duration> {
    let mut commas = text.match_indices(',').map(|(at, _)| at);
    let until = |comma: Option<usize>| comma.and_then(|at| text.get(..at)).unwrap_or(text);
    let (first, second) = (until(commas.next()), until(commas.next()));
    parse_one(first, now).or_else(|| parse_one(second, now))
}

fn parse_one(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        // A number too large for a `Duration` still asks to wait.
        let is_too_large = seconds.is_sign_positive() && !seconds.is_nan();
        return Duration::try_from_secs_f64(seconds)
            .ok()
            .or_else(|| is_too_large.then_some(Duration::MAX));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    // A date in the past asks for no wait.
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_compared_with_the_date_of_the_response() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let ours = "Sun, 06 Nov 1994 08:49:37 GMT";
        let theirs = "Mon, 06 Nov 1995 08:49:37 GMT";
        for (date, retry_after, expected) in [
            (Some(theirs), "Mon, 06 Nov 1995 08:49:40 GMT", Some(3)),
            (Some(theirs), theirs, Some(0)),
            (Some(theirs), "Mon, 06 Nov 1995 08:49:30 GMT", Some(0)),
            // In the future by our clock, in the past by the server's.
            (Some(theirs), "Sun, 06 Nov 1994 08:49:40 GMT", Some(0)),
            (Some(ours), "Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            (Some("today"), "Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            (None, "Sun, 06 Nov 1994 08:49:40 GMT", Some(3)),
            // Seconds do not depend on a clock.
            (Some(theirs), "3", Some(3)),
            (Some(theirs), "soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
            if let Some(date) = date {
                headers.insert(DATE, date.parse().unwrap());
            }
            let wait = from_headers(&headers, now);
            assert_eq!(wait, expected.map(Duration::from_secs), "{date:?} {retry_after}");
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, expected) in [
            ("3", Some(3000)),
            (" 0.25 ", Some(250)),
            ("Sun, 06 Nov 1994 08:49:40 GMT", Some(3000)),
            ("Sun, 06 Nov 1994 08:49:30 GMT", Some(0)),
            ("3, 5", Some(3000)),
            ("Sun, 06 Nov 1994 08:49:40 GMT, 5", Some(3000)),
            ("Sun Nov  6 08:49:40 1994, Sun Nov  6 08:49:41 1994", Some(3000)),
            ("-1", None),
            ("soon", None),
            ("soon, 5", None),
            ("1e999", Some(Duration::MAX.as_millis())),
            ("99999999999999999999999", Some(Duration::MAX.as_millis())),
            ("NaN", None),
        ] {
            let wait = parse(text, now).map(|wait| wait.as_millis());
            assert_eq!(wait, expected, "{text}");
        }
    }
}
