//! How long a server keeps a connection, as it says itself.

use std::time::Duration;

use reqwest::header::HeaderMap;

/// So long before its server closes a connection it is left alone; half of a shorter time.
const MARGIN: Duration = Duration::from_secs(1);

/// For how long after an answer its connection may be used again, by its header `Keep-Alive: timeout=5`; none where it
/// says nothing of it.
pub(super) fn usable_for(headers: &HeaderMap) -> Option<Duration> {
    let lists = headers.get_all("keep-alive").iter();
    let announced = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(seconds)
        .min()?;
    let announced = Duration::from_secs(announced);
    Some(announced - MARGIN.min(announced / 2))
}

fn seconds(parameter: &str) -> Option<u64> {
    let (name, value) = parameter.split_once('=')?;
    let is_it = name.trim().eq_ignore_ascii_case("timeout");
    value.trim().trim_matches('"').parse().ok().filter(|_| is_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn what_servers_announce_is_read() {
        for (lines, expected) in [
            (&[][..], None),
            (&["timeout=5"], Some(4000)),
            (&["timeout=5, max=100"], Some(4000)),
            (&["max=100, Timeout = 60"], Some(59_000)),
            (&["timeout=2"], Some(1000)),
            (&["timeout=1"], Some(500)),
            (&["timeout=0"], Some(0)),
            (&["timeout=\"5\""], Some(4000)),
            (&["timeout=60", "timeout=5"], Some(4000)),
            (&["max=100"], None),
            (&["timeout=soon"], None),
            (&["timeout=-1"], None),
            (&["300"], None),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("keep-alive", HeaderValue::from_static(line));
            }
            assert_eq!(
                usable_for(&headers),
                expected.map(Duration::from_millis),
                "{lines:?}"
            );
        }
    }
}
