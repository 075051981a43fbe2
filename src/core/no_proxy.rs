//! Which hosts are reached without a proxy: the variable `NO_PROXY`, of which every reader has rules of its own. Whatever
//! curl, undici or Node take for a name of the host is one here, so that no request of theirs goes to the proxy by us.

use std::net::IpAddr;

use url::{Host, Url};

/// The hosts of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exceptions(Vec<Exception>);

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Exception {
    host: Pattern,
    /// Only at this port, if there is one.
    port: Option<u16>,
}

/// What an entry says of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    /// `example.com` and `.example.com`: this host, and those below it.
    Name(String),
    /// `*.example.com`, `10.0.*`, `*`: a star is any text.
    Glob(String),
    /// `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`: the addresses that begin with so many of these bits.
    Network(IpAddr, u32),
    /// `10.0.0.1-10.0.0.9`: the addresses from one to another.
    Range(IpAddr, IpAddr),
}

impl Exceptions {
    /// Reads a list; its entries are separated by commas or blanks. Nothing of it is refused: what is no name of a host
    /// is the name of none.
    pub fn read(list: &str) -> Self {
        let entries = list.split(|it: char| it == ',' || it.is_whitespace());
        Self(entries.filter_map(Exception::read).collect())
    }

    /// Whether a URL is one of them.
    pub fn contain(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        let (name, address) = match host {
            Host::Domain(name) => (without_dot(name).to_string(), None),
            Host::Ipv4(address) => (address.to_string(), Some(IpAddr::V4(address))),
            Host::Ipv6(address) => (address.to_string(), Some(IpAddr::V6(address).to_canonical())),
        };
        let port = url.port_or_known_default();
        self.0
            .iter()
            .any(|entry| (entry.port.is_none() || entry.port == port) && entry.host.is(&name, address))
    }
}

impl Exception {
    fn read(entry: &str) -> Option<Self> {
        let lower = entry.to_lowercase();
        let (host, port) = split_port(&lower);
        let host = without_dot(host.trim_start_matches('[').trim_end_matches(']'));
        let host = Pattern::read(&host.replace("]/", "/"))?;
        Some(Self { host, port })
    }
}

/// An entry's port apart from its host. An IPv6 address without brackets has none: its colons are its own.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let Some((host, port)) = entry.rsplit_once(':') else {
        return (entry, None);
    };
    let is_whole = !host.contains(':') || host.ends_with(']');
    match port.parse() {
        Ok(port) if is_whole => (host, Some(port)),
        _ => (entry, None),
    }
}

/// A name without the dot at its end, which makes no other host of it.
fn without_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

impl Pattern {
    fn read(text: &str) -> Option<Self> {
        if let Some(address) = address(text) {
            return Some(Pattern::Network(address, u32::MAX));
        }
        if let Some((first, bits)) = text.split_once('/') {
            let as_given: IpAddr = first.parse().ok()?;
            let mapped = if as_given.to_canonical() == as_given {
                0
            } else {
                96
            };
            let bits = bits.parse::<u32>().ok()?.checked_sub(mapped)?;
            return Some(Pattern::Network(as_given.to_canonical(), bits));
        }
        if let Some((first, last)) = text.split_once('-')
            && let (Some(first), Some(last)) = (address(first), address(last))
        {
            return Some(Pattern::Range(first, last));
        }
        if text.contains('*') {
            return Some(Pattern::Glob(text.to_string()));
        }
        // As the URL's own host is: lower case, and Punycode for what is not ASCII.
        match Host::parse(text.trim_start_matches('.')).ok()? {
            Host::Domain(name) => Some(Pattern::Name(name)),
            Host::Ipv4(address) => Some(Pattern::Network(address.into(), u32::MAX)),
            Host::Ipv6(address) => Some(Pattern::Network(address.into(), u32::MAX)),
        }
    }

    fn is(&self, host: &str, address: Option<IpAddr>) -> bool {
        match (self, address) {
            (Pattern::Name(name), None) => {
                let above = host.strip_suffix(name.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            (Pattern::Glob(glob), _) => is_like(host, glob),
            (Pattern::Network(network, bits), Some(address)) => is_within(address, *network, *bits),
            (Pattern::Range(first, last), Some(address)) => {
                first.is_ipv4() == address.is_ipv4() && *first <= address && address <= *last
            }
            _ => false,
        }
    }
}

fn is_within(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (difference, width) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits() ^ other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits(), 128),
        _ => return false,
    };
    // What is shifted out entirely is a network of all addresses.
    let rest = width - bits.min(width);
    difference.checked_shr(rest).unwrap_or(0) == 0
}

/// Whether a text is that of a pattern in which a star stands for any text.
fn is_like(text: &str, glob: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else {
        return text == glob;
    };
    let Some(mut left) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        // The first place will do: whatever comes after a later one comes after this one, too.
        match left.split_once(part) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contain(list: &str, url: &str) -> bool {
        Exceptions::read(list).contain(&Url::parse(url).unwrap())
    }

    /// A list, a URL that it names, and one that it does not.
    const TABLE: &[(&str, &str, &str)] = &[
        ("example.com", "http://example.com/", "http://notexample.com"),
        (
            "example.com",
            "https://api.example.com",
            "https://example.com.evil.test",
        ),
        (".example.com", "https://example.com", "https://notexample.com"),
        (".example.com", "https://api.example.com", "https://example.org"),
        ("*.example.com", "https://api.example.com", "https://example.com"),
        (
            "*.example.com",
            "https://a.b.example.com",
            "https://notexample.com",
        ),
        ("*example.com", "https://myexample.com", "https://example.org"),
        (
            "api.*.example.com",
            "https://api.eu.example.com",
            "https://eu.api.example.com",
        ),
        ("10.0.*", "http://10.0.7.1", "http://10.1.0.1"),
        ("EXAMPLE.Com", "https://API.example.COM", "https://example.org"),
        ("example.com.", "https://example.com", "https://com"),
        ("example.com", "https://example.com.", "https://com."),
        ("*.example.com.", "https://a.example.com.", "https://example.org."),
        (
            "münchen.example",
            "https://xn--mnchen-3ya.example",
            "https://munchen.example",
        ),
        ("host.test:8080", "http://host.test:8080", "http://host.test"),
        ("host.test:443", "https://host.test", "http://host.test"),
        (".test:80", "http://a.test", "http://a.test:81"),
        ("*.test:80", "http://a.test", "https://a.test"),
        ("*:8080", "http://anybody.test:8080", "http://anybody.test"),
        ("127.0.0.1:3000", "http://127.0.0.1:3000", "http://127.0.0.1:3001"),
        ("a.test b.test", "http://b.test", "http://c.test"),
        ("a.test\tb.test\n c.test", "http://c.test", "http://d.test"),
        ("a.test, b.test ,,c.test", "http://b.test", "http://d.test"),
        ("10.1.2.3", "http://10.1.2.3", "http://10.1.2.30"),
        ("10.0.0.0/8", "http://10.200.0.1", "http://11.0.0.1"),
        ("0.0.0.0/0", "http://11.0.0.1", "http://[::1]"),
        (
            "192.168.1.1-192.168.1.9",
            "http://192.168.1.9",
            "http://192.168.1.10",
        ),
        ("::1", "http://[::1]:8080", "http://[::2]"),
        ("[::1]", "http://[::1]", "http://[::2]"),
        ("[::1]:8080", "http://[::1]:8080", "http://[::1]"),
        ("fd00::/8", "http://[fd12::1]", "http://[fe80::1]"),
        ("[fd00::]/8", "http://[fd12::1]", "http://[fe80::1]"),
        (
            "10.0.0.0/8",
            "http://[::ffff:10.0.0.1]",
            "http://[::ffff:11.0.0.1]",
        ),
        ("::ffff:10.0.0.0/104", "http://10.9.9.9", "http://11.0.0.1"),
        ("0:0:0:0:0:0:0:1", "http://[::1]", "http://[::2]"),
        ("localhost", "http://localhost:9", "http://localhost.test"),
        // What nobody can read spoils nothing.
        (
            "10.0.0.0/x,a.test:99999,[,%,a.test",
            "http://a.test",
            "http://10.0.0.1",
        ),
    ];

    #[test]
    fn hosts_are_named_as_others_read_the_variable() {
        for (list, inside, outside) in TABLE {
            assert!(contain(list, inside), "{list} names {inside}");
            assert!(!contain(list, outside), "{list} does not name {outside}");
        }
    }

    #[test]
    fn a_star_names_all_of_them_and_nothing_none() {
        for url in ["http://a.test", "https://10.0.0.1:8443", "http://[::1]"] {
            assert!(contain("*", url) && contain("a.example, *", url));
            assert!(!contain("", url) && !contain(" , ", url));
        }
    }
}
