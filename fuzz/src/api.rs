//! What the fuzzers call of the API client.

use std::collections::HashSet;

use deepslate::internals::{Envelope, Item, Pages, partial};
use deepslate::{BaseUrl, SipCredentials};
use tfplugin::{ForeignText, Length, Secrets};

/// The `base_url` of a configuration.
pub fn base_url(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(base) = text.parse::<BaseUrl>() {
        let url = base.join("/api/v1");
        assert!(url.scheme() == "https" || base.is_loopback());
        assert!(url.username().is_empty() && url.password().is_none());
        assert!(url.path().ends_with("/api/v1") && url.query().is_none() && url.fragment().is_none());
        assert_eq!(base.to_string().parse::<BaseUrl>().map(|again| again.join("/api/v1")), Ok(url));
    }
}

/// The body of any answer, and what is shown of it.
pub fn api_envelope(input: &[u8]) {
    assert_fit_to_be_shown(&String::from_utf8_lossy(input).into_owned().into());
    let Ok(envelope) = Envelope::parse(input) else { return };
    for text in [&envelope.message, &envelope.trace_id].into_iter().flatten() {
        assert_fit_to_be_shown(text);
    }
    let Ok(id) = envelope.created_id() else { return };
    assert_eq!(envelope.object(id).is_ok(), envelope.success);
    if let Ok(members) = envelope.object(id) {
        let item: Item<SipCredentials> = partial(id, &members);
        assert!(item.id == id && item.value.password.is_none());
        assert_eq!(item.value.port.is_some(), item.fields.contains_key("port"));
    }
}

/// The pages of a list, one per line.
pub fn list_page(input: &[u8]) {
    let (mut pages, mut given) = (Pages::default(), HashSet::new());
    for body in input.split(|&byte| byte == b'\n') {
        let Ok(envelope) = Envelope::parse(body) else { return };
        let page = envelope.page().map(|page| page.map(|id, members| partial::<SipCredentials>(id, &members)));
        let Ok(new) = page.and_then(|page| pages.add(page)) else { return };
        for (id, item) in new {
            assert!(id == item.id && given.insert(id), "each object is given once");
            assert_eq!(item.is_usable(), item.value.port.is_some() && item.is_full());
        }
        if pages.next().is_none() {
            return;
        }
    }
}

/// Checks what is promised of every text that is shown.
fn assert_fit_to_be_shown(text: &ForeignText) {
    const SECRET: &str = "hunter2";
    let secrets = Secrets::default();
    secrets.remember(SECRET);
    let shown = secrets.show(text, Length::Message).as_line().to_owned();
    assert!(shown.chars().count() <= 501 && !shown.contains(char::is_control));
    let unescaped = serde_json::from_str(&format!("\"{shown}\"")).unwrap_or_default();
    for spelling in [shown, unescaped] {
        assert!(!spelling.contains(SECRET), "the secret shows in {spelling:?}");
    }
}
