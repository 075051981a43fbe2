//! The pages of a list: what the server says about a page, and which page follows.

/// The header `Content-Range: items <first>-<last>/<total>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The index of the page's first item, from 0. Meaningless if the total is 0: `items 0-0/0`.
    pub first: u64,
    /// The index of its last item.
    pub last: u64,
    /// How many items the list has.
    pub total: u64,
}

/// Parses a `Content-Range`, of several values the first; `None` if it does not count items.
pub fn content_range(text: &str) -> Option<Range> {
    let text = text.split_once(',').map_or(text, |(first, _)| first);
    let (range, total) = text.trim().strip_prefix("items")?.trim_start().split_once('/')?;
    let total = total.trim().parse().ok()?;
    // `items */7` is an empty range.
    if range.trim() == "*" {
        return Some(Range {
            first: 0,
            last: 0,
            total,
        });
    }
    let (first, last) = range.split_once('-')?;
    Some(Range {
        first: first.trim().parse().ok()?,
        last: last.trim().parse().ok()?,
        total,
    })
}

/// What follows a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The page that begins at this index.
    At(u64),
    /// Nothing.
    End,
    /// Nothing, and the page is not the requested one: the server sent an earlier page again.
    Repeated,
}

/// Decides what follows a page.
///
/// * `offset`, `limit`: as requested.
/// * `count`: how many items the page has.
/// * `range`: its `Content-Range`.
pub fn next(offset: u64, limit: u64, count: u64, range: Option<Range>) -> Next {
    // The page is empty, or the next offset would overflow.
    let Some(following) = offset.checked_add(count).filter(|_| count > 0) else {
        return Next::End;
    };
    match range {
        Some(range) if range.total > 0 && range.first < offset => Next::Repeated,
        // A page with fewer items than the limit is not the last one if the total is larger: the server has a lower
        // limit.
        Some(range) if following < range.total => Next::At(following),
        Some(_) => Next::End,
        None if count < limit => Next::End,
        None => Next::At(following),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(first: u64, last: u64, total: u64) -> Option<Range> {
        Some(Range { first, last, total })
    }

    #[test]
    fn content_range_is_parsed() {
        assert_eq!(content_range("items 0-99/250"), range(0, 99, 250));
        assert_eq!(content_range("items 0-0/0"), range(0, 0, 0));
        assert_eq!(content_range(" items  200-249/250 "), range(200, 249, 250));
        assert_eq!(content_range("items */7"), range(0, 0, 7));
        assert_eq!(content_range("items 0-9/100, items 0-9/200"), range(0, 9, 100));
        for text in [
            "",
            "items",
            "items 0-99",
            "items a-b/c",
            "bytes 0-1/2",
            "items 0-1/-2",
            "items 0-1/99999999999999999999",
        ] {
            assert_eq!(content_range(text), None, "{text}");
        }
    }

    #[test]
    fn pages_follow_each_other_until_the_end() {
        for (offset, count, range, expected) in [
            (0, 100, range(0, 99, 250), Next::At(100)),
            (200, 50, range(200, 249, 250), Next::End),
            (100, 100, range(100, 199, 200), Next::End),
            (0, 0, range(0, 0, 0), Next::End),
            (0, 100, None, Next::At(100)),
            (100, 99, None, Next::End),
            (100, 0, None, Next::End),
            // The limit of the server is 50.
            (0, 50, range(0, 49, 250), Next::At(50)),
            // The server ignores the offset.
            (100, 100, range(0, 99, 250), Next::Repeated),
        ] {
            assert_eq!(
                next(offset, 100, count, range),
                expected,
                "{offset} {count} {range:?}"
            );
        }
    }
}
