//! The hosts that are reached without a proxy, as listed in the environment variable `NO_PROXY`.
//!
//! There is no standard for its syntax. An entry matches if it does so in curl, undici or Node, so that no request that they
//! would send directly goes through the proxy.

use std::net::IpAddr;

use url::{Host, Url};

/// The hosts of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NoProxy(Vec<Entry>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    host: Pattern,
    /// The only port that matches, if there is one.
    port: Option<u16>,
}

/// The hosts of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Pattern {
    /// `example.com` and `.example.com`: this host and its subdomains.
    Name(String),
    /// `*.example.com`, `10.0.*`, `*`: a star stands for any text.
    Glob(String),
    /// `10.0.0.1`, `10.0.0.0/8`, `fd00::/8`: the addresses with a common prefix of this many bits.
    Network(IpAddr, u32),
    /// `10.0.0.1-10.0.0.9`: the addresses from the first to the last.
    Range(IpAddr, IpAddr),
}

impl NoProxy {
    /// Parses a list; its entries are separated by commas or whitespace. Invalid entries match no host.
    pub fn parse(list: &str) -> Self {
        let entries = list.split(|character: char| character == ',' || character.is_whitespace());
        Self(entries.filter_map(Entry::parse).collect())
    }

    /// Whether the host of a URL is in the list.
    pub fn contains(&self, url: &Url) -> bool {
        let Some(host) = url.host() else { return false };
        let (name, address) = match host {
            Host::Domain(name) => (without_root_dot(name).to_string(), None),
            Host::Ipv4(address) => (address.to_string(), Some(IpAddr::V4(address))),
            Host::Ipv6(address) => (address.to_string(), Some(IpAddr::V6(address).to_canonical())),
        };
        let port = url.port_or_known_default();
        self.0
            .iter()
            .any(|entry| (entry.port.is_none() || entry.port == port) && entry.host.matches(&name, address))
    }
}

impl Entry {
    fn parse(entry: &str) -> Option<Self> {
        let lower = entry.to_lowercase();
        let (host, port) = split_port(&lower);
        let host = without_root_dot(host.trim_start_matches('[').trim_end_matches(']'));
        let host = Pattern::parse(&host.replace("]/", "/"))?;
        Some(Self { host, port })
    }
}

/// Splits an entry into host and port. In an IPv6 address without brackets, the last colon does not begin a port.
fn split_port(entry: &str) -> (&str, Option<u16>) {
    let Some((host, port)) = entry.rsplit_once(':') else {
        return (entry, None);
    };
    let is_host = !host.contains(':') || host.ends_with(']');
    match port.parse() {
        Ok(port) if is_host => (host, Some(port)),
        _ => (entry, None),
    }
}

/// A name without the final dot of a fully qualified name.
fn without_root_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

fn address(text: &str) -> Option<IpAddr> {
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

impl Pattern {
    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = address(text) {
            return Some(Pattern::Network(address, u32::MAX));
        }
        if let Some((network, bits)) = text.split_once('/') {
            let network: IpAddr = network.parse().ok()?;
            let canonical = network.to_canonical();
            // An IPv4-mapped address has the 96 bits of the mapping before its own.
            let mapped_bits = if canonical == network { 0 } else { 96 };
            let bits = bits.parse::<u32>().ok()?.checked_sub(mapped_bits)?;
            return Some(Pattern::Network(canonical, bits));
        }
        if let Some((first, last)) = text.split_once('-')
            && let (Some(first), Some(last)) = (address(first), address(last))
        {
            return Some(Pattern::Range(first, last));
        }
        if text.contains('*') {
            return Some(Pattern::Glob(text.to_string()));
        }
        // Normalizes the name as the URL parser does: Punycode for non-ASCII characters.
        match Host::parse(text.trim_start_matches('.')).ok()? {
            Host::Domain(name) => Some(Pattern::Name(name)),
            Host::Ipv4(address) => Some(Pattern::Network(address.into(), u32::MAX)),
            Host::Ipv6(address) => Some(Pattern::Network(address.into(), u32::MAX)),
        }
    }

    fn matches(&self, host: &str, address: Option<IpAddr>) -> bool {
        match (self, address) {
            (Pattern::Name(name), None) => {
                let prefix = host.strip_suffix(name.as_str());
                prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('.'))
            }
            (Pattern::Glob(glob), _) => matches_glob(host, glob),
            (Pattern::Network(network, bits), Some(address)) => is_in_network(address, *network, *bits),
            (Pattern::Range(first, last), Some(address)) => {
                first.is_ipv4() == address.is_ipv4() && *first <= address && address <= *last
            }
            _ => false,
        }
    }
}

fn is_in_network(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let (difference, width) = match (address, network) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (u128::from(one.to_bits() ^ other.to_bits()), 32),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits(), 128),
        _ => return false,
    };
    let host_bits = width - bits.min(width);
    // Fails for `::/0`, the network of all addresses.
    difference.checked_shr(host_bits).unwrap_or(0) == 0
}

/// Whether a text matches a pattern in which a star stands for any text.
fn matches_glob(text: &str, glob: &str) -> bool {
    let Some((start, rest)) = glob.split_once('*') else {
        return text == glob;
    };
    let Some(mut remaining) = text.strip_prefix(start) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let end = parts.pop().unwrap_or_default();
    for part in parts {
        // The first occurrence leaves the most text for the parts that follow.
        match remaining.split_once(part) {
            Some((_, after)) => remaining = after,
            None => return false,
        }
    }
    remaining.ends_with(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(list: &str, url: &str) -> bool {
        NoProxy::parse(list).contains(&Url::parse(url).unwrap())
    }

    /// A list, a URL that it contains, and one that it does not.
    const CASES: &[(&str, &str, &str)] = &[
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
        // Invalid entries are ignored.
        (
            "10.0.0.0/x,a.test:99999,[,%,a.test",
            "http://a.test",
            "http://10.0.0.1",
        ),
    ];

    #[test]
    fn entries_match_as_in_curl_undici_and_node() {
        for (list, inside, outside) in CASES {
            assert!(contains(list, inside), "{list} contains {inside}");
            assert!(!contains(list, outside), "{list} does not contain {outside}");
        }
    }

    #[test]
    fn a_star_matches_every_host_and_an_empty_list_none() {
        for url in ["http://a.test", "https://10.0.0.1:8443", "http://[::1]"] {
            assert!(contains("*", url) && contains("a.example, *", url));
            assert!(!contains("", url) && !contains(" , ", url));
        }
    }
}
