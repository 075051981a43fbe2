//! How long a server keeps an idle connection, from its header `Keep-Alive`.

use std::time::Duration;

use reqwest::header::HeaderMap;

/// A connection is not used in the last second before its server closes it, or in the second half of a shorter time.
const MARGIN: Duration = Duration::from_secs(1);

/// For how long after a response its connection can be used, by the header `Keep-Alive: timeout=5`; `None` if there is no
/// such header.
pub(super) fn usable_for(headers: &HeaderMap) -> Option<Duration> {
    let lists = headers.get_all("keep-alive").iter();
    let timeout = lists
        .filter_map(|list| list.to_str().ok())
        .flat_map(|list| list.split(','))
        .filter_map(timeout_seconds)
        .min()?;
    let timeout = Duration::from_secs(timeout);
    Some(timeout - MARGIN.min(timeout / 2))
}

fn timeout_seconds(parameter: &str) -> Option<u64> {
    let (name, value) = parameter.split_once('=')?;
    let is_timeout = name.trim().eq_ignore_ascii_case("timeout");
    value.trim().trim_matches('"').parse().ok().filter(|_| is_timeout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn the_shortest_timeout_less_a_margin_counts() {
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
