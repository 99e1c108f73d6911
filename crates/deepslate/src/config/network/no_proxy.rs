//! The hosts that `NO_PROXY` excepts, by the rules of Go.

use std::net::IpAddr;

use unicode_normalization::UnicodeNormalization;
use url::{Host, Url};

/// Whether the list excepts the host of this URL. An entry that is not understood excepts nothing, as in Go.
///
/// An entry is `*`, an address, a range of addresses (`10.0.0.0/8`), or a name. A name excepts its subdomains too. With a
/// leading `.` or `*.` it excepts only these. An address and a name may have a port.
pub(super) fn excepts(list: &str, url: &Url) -> bool {
    let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else { return false };
    list.split(',').any(|entry| {
        let entry = entry.trim().to_lowercase();
        entry == "*"
            || match &host {
                Host::Ipv4(address) => excepts_address(&entry, (*address).into(), port),
                Host::Ipv6(address) => excepts_address(&entry, (*address).into(), port),
                Host::Domain(name) => excepts_name(&entry, name, port),
            }
    })
}

fn excepts_address(entry: &str, address: IpAddr, port: u16) -> bool {
    let address = address.to_canonical();
    if let Some((base, length)) = range(entry) {
        return is_in_range(address, base, length);
    }
    let (host, port_of_entry) = split_port(entry).unwrap_or((entry, ""));
    host.parse().is_ok_and(|excepted: IpAddr| excepted.to_canonical() == address) && is_port(port_of_entry, port)
}

fn excepts_name(entry: &str, name: &str, port: u16) -> bool {
    if range(entry).is_some() {
        return false;
    }
    let (excepted, port_of_entry) = split_port(entry).unwrap_or((entry, ""));
    if excepted.is_empty() || excepted.parse::<IpAddr>().is_ok() {
        return false;
    }
    let excepted = ascii(excepted.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(excepted));
    let is_excepted = match name.strip_suffix(excepted.trim_start_matches('.')) {
        _ if excepted.starts_with('.') => name.ends_with(&excepted),
        Some(rest) => rest.is_empty() || rest.ends_with('.'),
        None => false,
    };
    is_excepted && is_port(port_of_entry, port)
}

/// The base and the length of `10.0.0.0/8` or `2001:db8::/32`.
fn range(entry: &str) -> Option<(IpAddr, u32)> {
    let (base, length) = entry.split_once('/')?;
    let base: IpAddr = base.parse().ok()?;
    let length = Some(length).filter(|length| length.bytes().all(|byte| byte.is_ascii_digit()))?.parse().ok()?;
    match (base, base.to_canonical()) {
        (IpAddr::V4(_), _) => (length <= 32).then_some((base, length)),
        // An IPv4 address in the form of IPv6.
        (IpAddr::V6(_), short @ IpAddr::V4(_)) if length >= 96 => (length <= 128).then_some((short, length - 96)),
        (IpAddr::V6(_), _) => (length <= 128).then_some((base, length)),
    }
}

fn is_in_range(address: IpAddr, base: IpAddr, length: u32) -> bool {
    match (address, base) {
        (IpAddr::V4(address), IpAddr::V4(base)) => {
            (address.to_bits() ^ base.to_bits()).checked_shr(32 - length).unwrap_or(0) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(base)) => {
            (address.to_bits() ^ base.to_bits()).checked_shr(128 - length).unwrap_or(0) == 0
        }
        _ => false,
    }
}

/// Host and port of `host:port` or `[host]:port`. The port may be empty.
fn split_port(entry: &str) -> Option<(&str, &str)> {
    let (host, port) = entry.rsplit_once(':')?;
    let host = match host.strip_prefix('[') {
        Some(bracketed) => bracketed.strip_suffix(']')?,
        None if host.contains(':') => return None,
        None => host,
    };
    (!host.contains(['[', ']']) && !port.contains(['[', ']'])).then_some((host, port))
}

fn is_port(entry: &str, port: u16) -> bool {
    entry.is_empty() || entry == port.to_string()
}

/// A name with its labels beyond ASCII in Punycode, as URLs have them. Wide letters and dots are mapped to usual ones.
pub(super) fn ascii(name: &str) -> String {
    let mapped: String = name.nfkc().collect::<String>().to_lowercase().nfc().collect();
    let label = |label: &str| match idna::punycode::encode_str(label) {
        Some(encoded) if !label.is_ascii() => format!("xn--{encoded}"),
        _ => label.to_owned(),
    };
    mapped.split(['.', '\u{3002}']).map(label).collect::<Vec<_>>().join(".")
}
