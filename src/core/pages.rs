//! Lists come in pages: what the server says of one, and where the next one begins.

/// What `Content-Range: items <first>-<last>/<total>` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The index of the page's first item, from 0. Not to be trusted where the total is 0: `items 0-0/0`.
    pub first: u64,
    /// The index of its last item.
    pub last: u64,
    /// How many items there are in all.
    pub total: u64,
}

/// Reads a `Content-Range`; none where it is something else.
pub fn content_range(text: &str) -> Option<Range> {
    let (range, total) = text.trim().strip_prefix("items")?.trim_start().split_once('/')?;
    let total = total.trim().parse().ok()?;
    // `items */7` is what HTTP has for a range that holds nothing.
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

/// What comes after a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The page that begins here.
    At(u64),
    /// Nothing.
    End,
    /// Nothing, nor is this page what was asked for: the server gave an earlier one again.
    Repeated,
}

/// Decides what comes after a page.
///
/// * `offset`, `limit`: what was asked for.
/// * `count`: how many items came.
/// * `range`: what the server said of them.
pub fn next(offset: u64, limit: u64, count: u64, range: Option<Range>) -> Next {
    // Nothing came, or nothing can be counted beyond it.
    let Some(following) = offset.checked_add(count).filter(|_| count > 0) else {
        return Next::End;
    };
    match range {
        Some(range) if range.total > 0 && range.first < offset => Next::Repeated,
        // A page that is short of its limit is not the last one where the total says otherwise: the server has a
        // limit of its own.
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
    fn ranges_are_read_as_they_are_sent() {
        assert_eq!(content_range("items 0-99/250"), range(0, 99, 250));
        assert_eq!(content_range("items 0-0/0"), range(0, 0, 0));
        assert_eq!(content_range(" items  200-249/250 "), range(200, 249, 250));
        assert_eq!(content_range("items */7"), range(0, 0, 7));
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
    fn pages_follow_each_other_until_there_is_no_more() {
        for (offset, count, said, expected) in [
            (0, 100, range(0, 99, 250), Next::At(100)),
            (200, 50, range(200, 249, 250), Next::End),
            (100, 100, range(100, 199, 200), Next::End),
            (0, 0, range(0, 0, 0), Next::End),
            (0, 100, None, Next::At(100)),
            (100, 99, None, Next::End),
            (100, 0, None, Next::End),
            // The server gives no more than 50 at once.
            (0, 50, range(0, 49, 250), Next::At(50)),
            // It knows no offset.
            (100, 100, range(0, 99, 250), Next::Repeated),
        ] {
            assert_eq!(
                next(offset, 100, count, said),
                expected,
                "{offset} {count} {said:?}"
            );
        }
    }
}
