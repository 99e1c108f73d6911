//! The decisions, as Go 1.26 takes them (`golang.org/x/net/http/httpproxy`), and the errors where Go goes on without a
//! proxy or with a wrong host.

use std::ffi::OsString;

use redaction::Secrets;
use secrecy::ExposeSecret;
use url::Url;

use super::Environment;
use super::proxy::{Route, route};

const API: &str = "https://app.deepslate.eu";

fn routed(variables: &[(&str, &str)], url: &str) -> Result<Route, String> {
    let variable =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
    let url = Url::parse(url).expect("a URL");
    route(&url, &Environment(&variable)).map_err(|error| error.to_string())
}

/// The route in words; empty if no variable decides.
fn way(variables: &[(&str, &str)], url: &str) -> String {
    let route = routed(variables, url).unwrap_or_else(|error| panic!("{variables:?}: {error}"));
    route.in_words(&Secrets::default()).unwrap_or_default()
}

#[test]
fn the_variable_that_decides() {
    let through = |variable: &str| format!("through the proxy http://p:1 from `{variable}`");
    for (variables, url, expected) in [
        (&[][..], API, String::new()),
        (&[("HTTPS_PROXY", "p:1")], API, through("HTTPS_PROXY")),
        (&[("https_proxy", "p:1")], API, through("https_proxy")),
        (&[("https_proxy", "q:2"), ("HTTPS_PROXY", "p:1")], API, through("HTTPS_PROXY")),
        (&[("https_proxy", "p:1"), ("HTTPS_PROXY", "")], API, through("https_proxy")),
        (&[("HTTPS_PROXY", "")], API, String::new()),
        (&[("HTTP_PROXY", "p:1")], API, String::new()),
        (&[("HTTP_PROXY", "p:1")], "http://h.example", through("HTTP_PROXY")),
        (&[("http_proxy", "p:1")], "http://h.example", through("http_proxy")),
        (&[("HTTPS_PROXY", "p:1")], "http://h.example", String::new()),
        // Go does not know these.
        (&[("ALL_PROXY", "socks5h://p:1")], API, String::new()),
        (&[("all_proxy", "p:1"), ("Https_Proxy", "p:1")], API, String::new()),
        // The client of a CGI program can set HTTP_PROXY only.
        (&[("HTTPS_PROXY", "p:1"), ("REQUEST_METHOD", "GET")], API, through("HTTPS_PROXY")),
        (&[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "")], "http://h.example", through("HTTP_PROXY")),
        (&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "deepslate.eu")], API, "directly, because of `NO_PROXY`".to_owned()),
        (&[("HTTPS_PROXY", "p:1"), ("no_proxy", "deepslate.eu")], API, "directly, because of `no_proxy`".to_owned()),
        (&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "x"), ("no_proxy", "deepslate.eu")], API, through("HTTPS_PROXY")),
        (
            &[("HTTPS_PROXY", "p:1"), ("NO_PROXY", ""), ("no_proxy", "deepslate.eu")],
            API,
            "directly, because of `no_proxy`".to_owned(),
        ),
    ] {
        assert_eq!(way(variables, url), expected, "{variables:?} {url}");
    }
    let cgi = routed(&[("HTTP_PROXY", "p:1"), ("REQUEST_METHOD", "GET")], "http://h.example");
    assert!(cgi.is_err_and(|error| error.contains("`HTTP_PROXY`") && error.contains("`REQUEST_METHOD`")));
}

#[test]
fn this_machine_is_never_reached_through_a_proxy() {
    for (url, direct) in [
        ("https://localhost", true),
        ("https://LOCALHOST:8443", true),
        ("https://127.0.0.1", true),
        ("https://127.9.9.9:1", true),
        ("https://[::1]", true),
        ("https://[::ffff:127.0.0.1]", true),
        ("http://127.0.0.1:8080", true),
        ("https://localhost.example", false),
        ("https://localhost.", false),
        ("https://0.0.0.0", false),
        ("https://128.0.0.1", false),
        ("https://[::2]", false),
    ] {
        // An unusable proxy does not matter either.
        for proxy in ["p:1", "p q"] {
            let route = routed(&[("HTTPS_PROXY", proxy), ("HTTP_PROXY", proxy)], url);
            assert_eq!(matches!(route, Ok(Route::Direct)), direct, "{url}");
        }
    }
}

#[test]
fn the_hosts_that_no_proxy_excludes() {
    const NAMES: [&str; 5] =
        [API, "https://deepslate.eu", "https://notdeepslate.eu", "https://app.deepslate.eu:8443", "https://eu"];
    const ADDRESSES: [&str; 5] = [
        "https://10.1.2.3",
        "https://10.1.2.3:8443",
        "https://192.168.1.1",
        "https://[2001:db8::1]",
        "https://[2001:db8::1]:8443",
    ];
    const PUNYCODE: [&str; 2] = ["https://xn--mnchen-3ya.example", "https://a.xn--mnchen-3ya.example"];
    // Which of the URLs are excepted, by their places.
    for (list, urls, excepted) in [
        ("*", &NAMES[..], &[0, 1, 2, 3, 4][..]),
        ("x, * ", &NAMES, &[0, 1, 2, 3, 4]),
        ("deepslate.eu", &NAMES, &[0, 1, 3]),
        (".deepslate.eu", &NAMES, &[0, 3]),
        ("*.deepslate.eu", &NAMES, &[0, 3]),
        ("APP.Deepslate.EU", &NAMES, &[0, 3]),
        ("eu", &NAMES, &[0, 1, 2, 3, 4]),
        ("*.eu", &NAMES, &[0, 1, 2, 3]),
        ("deepslate.eu:443", &NAMES, &[0, 1]),
        ("deepslate.eu:8443", &NAMES, &[3]),
        ("*.deepslate.eu:8443", &NAMES, &[3]),
        ("deepslate.eu:", &NAMES, &[0, 1, 3]),
        ("x , app.deepslate.eu,y", &NAMES, &[0, 3]),
        ("x app.deepslate.eu", &NAMES, &[]),
        ("x;app.deepslate.eu", &NAMES, &[]),
        ("slate.eu", &NAMES, &[]),
        ("*deepslate.eu", &NAMES, &[]),
        ("deepslate.*", &NAMES, &[]),
        ("app.*.eu", &NAMES, &[]),
        ("deepslate.eu.", &NAMES, &[]),
        ("https://app.deepslate.eu", &NAMES, &[]),
        ("deepslate.eu/x", &NAMES, &[]),
        (",, ,:443,.,*.", &NAMES, &[]),
        ("deepslate.eu:https", &NAMES, &[]),
        ("10.1.2.3", &ADDRESSES, &[0, 1]),
        ("10.1.2.3:443", &ADDRESSES, &[0]),
        ("10.1.2.3:8443", &ADDRESSES, &[1]),
        ("10.0.0.0/8", &ADDRESSES, &[0, 1]),
        ("10.1.2.3/32,192.168.0.0/16", &ADDRESSES, &[0, 1, 2]),
        ("0.0.0.0/0", &ADDRESSES, &[0, 1, 2]),
        ("::/0", &ADDRESSES, &[3, 4]),
        ("2001:DB8::/32", &ADDRESSES, &[3, 4]),
        ("2001:db8:0:0:0:0:0:1", &ADDRESSES, &[3, 4]),
        ("[2001:db8::1]:8443", &ADDRESSES, &[4]),
        ("[2001:db8::1]", &ADDRESSES, &[]),
        ("::ffff:10.1.2.3", &ADDRESSES, &[0, 1]),
        ("::ffff:10.0.0.0/104", &ADDRESSES, &[0, 1]),
        ("10.0.0.0/33,10.0.0.0/,10.0.0.0/+8,10.0.0/8,10.,10.1,10.*,010.1.2.3", &ADDRESSES, &[]),
        ("*.3,eu", &ADDRESSES, &[]),
        ("münchen.example", &PUNYCODE, &[0, 1]),
        ("MÜNCHEN.example", &PUNYCODE, &[0, 1]),
        ("mu\u{308}nchen.example", &PUNYCODE, &[0, 1]),
        (".münchen.example", &PUNYCODE, &[1]),
        ("xn--mnchen-3ya.example", &PUNYCODE, &[0, 1]),
        ("münchen\u{3002}example", &PUNYCODE, &[0, 1]),
        ("\u{ff0e}münchen\u{ff61}example", &PUNYCODE, &[1]),
        ("deepslate\u{ff0e}eu", &NAMES, &[0, 1, 3]),
        ("\u{ff24}eepslate.e\u{ff55}:8443", &NAMES, &[3]),
    ] {
        for (place, url) in urls.iter().enumerate() {
            let way = way(&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", list)], url);
            assert_eq!(way == "directly, because of `NO_PROXY`", excepted.contains(&place), "{list} {url}: {way}");
        }
    }
}

#[test]
fn the_proxy_and_its_credentials() {
    // The header is `Basic` and this text in Base64.
    for (value, shown, credentials) in [
        ("http://proxy:3128", "http://proxy:3128", None),
        ("proxy:3128", "http://proxy:3128", None),
        ("proxy", "http://proxy:80", None),
        ("http://proxy:", "http://proxy:80", None),
        ("HTTP://Proxy:3128/path?q#f", "http://proxy:3128", None),
        ("https://proxy", "https://proxy:443", None),
        ("socks5://proxy", "socks5://proxy:1080", None),
        ("socks5h://proxy:1081", "socks5h://proxy:1081", None),
        ("127.0.0.1:3128", "http://127.0.0.1:3128", None),
        ("[2001:db8::1]:3128", "http://[2001:db8::1]:3128", None),
        ("http://my_proxy:3128", "http://my_proxy:3128", None),
        ("http://münchen.example", "http://xn--mnchen-3ya.example:80", None),
        ("http:3128", "http://http:3128", None),
        ("none", "http://none:80", None),
        ("http://user:p@ss@127.0.0.1:3128", "http://127.0.0.1:3128", Some("user:p@ss")),
        ("user:p@ss@proxy:3128", "http://proxy:3128", Some("user:p@ss")),
        ("http://user@proxy", "http://proxy:80", Some("user:")),
        ("http://:p@proxy", "http://proxy:80", Some(":p")),
        ("http://@proxy", "http://proxy:80", Some(":")),
        ("https://u:a:b@proxy", "https://proxy:443", Some("u:a:b")),
        ("http://u%20:p%40%2F%3a%25@proxy", "http://proxy:80", Some("u :p@/:%")),
        ("http://u:%C3%BC%ff@proxy", "http://proxy:80", Some("u:ü\u{ff}")),
        ("http://u:-._~!$&'()*+,;=@proxy", "http://proxy:80", Some("u:-._~!$&'()*+,;=")),
    ] {
        let Ok(Route::Proxy(proxy)) = routed(&[("HTTPS_PROXY", value)], API) else { panic!("{value}: no proxy") };
        assert_eq!(way(&[("HTTPS_PROXY", value)], API), format!("through the proxy {shown} from `HTTPS_PROXY`"));
        let expected = credentials.map(|text| {
            use base64::Engine;
            // `\u{ff}` stands for a byte that is not text.
            let bytes = text.replace('\u{ff}', "\0").into_bytes();
            let bytes: Vec<_> = bytes.into_iter().map(|byte| if byte == 0 { 0xff } else { byte }).collect();
            format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(bytes))
        });
        let header = proxy.authorization.as_ref().map(|header| header.to_str().expect("ASCII").to_owned());
        assert_eq!(header, expected, "{value}");
        assert!(proxy.authorization.is_none_or(|header| header.is_sensitive()));
        let password = proxy.password.as_ref().map(ExposeSecret::expose_secret);
        assert_eq!(password, credentials.map(|text: &str| text.split_once(':').expect("a colon").1), "{value}");
    }
}

#[test]
fn names_are_looked_up_by_a_socks_proxy_which_gets_the_credentials() {
    for scheme in ["socks5", "socks5h"] {
        let value = format!("{scheme}://us%20er:p@%3A%25@proxy");
        let Ok(Route::Proxy(proxy)) = routed(&[("HTTPS_PROXY", &value)], API) else { panic!("no proxy") };
        assert_eq!(proxy.url.as_str(), "socks5h://us%20er:p%40%3A%25@proxy:1080");
        assert!(proxy.authorization.is_none());
        assert!(!format!("{proxy:?}").contains("p%40"));
        assert_eq!(proxy.password.expect("a password").expose_secret(), "p@:%");
    }
}

#[test]
fn an_invalid_url_is_an_error_that_does_not_show_it() {
    for (value, reason) in [
        ("http://hunter2 proxy", "a space"),
        (" http://hunter2", "a space"),
        ("http://hunter2\n", "a space"),
        ("socks4://hunter2", "scheme"),
        ("ftp://hunter2:21", "scheme"),
        ("://hunter2", "scheme"),
        ("http:hunter2", "no `//`"),
        ("http:/hunter2:3128", "no `//`"),
        ("HTTPS:hunter2", "no `//`"),
        ("//hunter2:3128", "no host"),
        ("http://", "no host"),
        ("http://u:hunter2@", "no host"),
        ("@", "no host"),
        (":3128", "no host"),
        ("hunter2:port", "a port"),
        ("http://hunter2:+80", "a port"),
        ("http://hunter2:65536", "a port"),
        ("http://hunter2:0", "a port"),
        ("2001:db8::1", "brackets"),
        ("http://[::1", "brackets"),
        ("http://[hunter2]:3128", "a host"),
        ("http://hunter2:3128]", "a host"),
        ("http://<hunter2>", "a host"),
        ("http://hunter%41:3128", "a host"),
        ("http://u:hunter2@1.2.3:3128", "a host"),
        ("http://u:hunter2@0x7f.1", "a host"),
        ("http://u:hunter2@1.2.3.4.", "a host"),
        ("http://u:hunter2/w@proxy:3128", "an `@` after"),
        ("http://u:hunter2#w@proxy:3128", "an `@` after"),
        ("u:hunter2?w@proxy:3128", "an `@` after"),
        ("http://u:hunter2^@proxy", "percent-encoded"),
        ("http://ü:hunter2@proxy", "percent-encoded"),
        ("http://u:hunter2\"@proxy", "percent-encoded"),
        ("http://u:hunter2%@proxy", "`%25`"),
        ("http://u:hunter2%4@proxy", "`%25`"),
        ("http://u:hunter2%zz@proxy", "`%25`"),
    ] {
        for variable in ["HTTPS_PROXY", "https_proxy"] {
            let error = routed(&[(variable, value)], API).expect_err(value);
            assert!(error.contains(&format!("`{variable}`")) && error.contains(reason), "{value}: {error}");
            assert!(!error.contains("hunter2"), "{error}");
        }
        // A variable that is not used is not looked at.
        for (variables, url) in [
            ([("HTTP_PROXY", value), ("ALL_PROXY", value)], API),
            ([("HTTPS_PROXY", value), ("NO_PROXY", "*")], API),
            ([("HTTPS_PROXY", "proxy"), ("https_proxy", value)], API),
        ] {
            assert!(routed(&variables, url).is_ok(), "{variables:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn bytes_that_are_no_text_are_an_error() {
    use std::os::unix::ffi::OsStringExt;
    let base_url: crate::config::BaseUrl = API.parse().expect("a URL");
    let variable = |name: &str| (name == "HTTPS_PROXY").then(|| OsString::from_vec(b"http://\xff".to_vec()));
    let error = super::Network::new(&base_url, variable).expect_err("no text");
    assert_eq!(error.variable, "HTTPS_PROXY");
}
