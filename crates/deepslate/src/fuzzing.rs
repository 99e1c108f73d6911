//! What the fuzzers call of this room.

use std::collections::HashSet;

use super::base_url::BaseUrl;
use super::envelope::Envelope;
use super::list::Summary;
use super::pages::Pages;
use super::redact::server_text;
use super::sip_credentials::{SipCredentials, SipCredentialsSummary};

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
    assert_fit_to_be_shown(&String::from_utf8_lossy(input));
    let Ok(Some(envelope)) = Envelope::parse(input) else { return };
    for text in [&envelope.message, &envelope.trace_id].into_iter().flatten() {
        assert_fit_to_be_shown(text);
    }
    let Ok(id) = envelope.id() else { return };
    assert!(envelope.has_data());
    if let Ok(credentials) = envelope.object::<SipCredentials>(id) {
        assert!(envelope.success && credentials.id == id);
    }
}

/// The pages of a list, one a line.
pub fn list_page(input: &[u8]) {
    let (mut pages, mut given) = (Pages::new(), HashSet::new());
    for body in input.split(|&byte| byte == b'\n') {
        let Ok(Some(envelope)) = Envelope::parse(body) else { return };
        let Ok(new) = envelope.page::<SipCredentialsSummary>().and_then(|page| pages.take(page)) else { return };
        for (id, summary) in new {
            assert!(id == summary.id && given.insert(id), "each object is given once");
            if let Some(whole) = summary.clone().whole() {
                assert_eq!(SipCredentialsSummary::from(whole), summary);
            }
        }
        if pages.next().is_none() {
            return;
        }
    }
}

/// Holds what is shown of a server's text against what `redact` promises.
fn assert_fit_to_be_shown(text: &str) {
    const SECRET: &str = "hunter2";
    let shown = server_text(text, &[&SECRET.into()]);
    assert!(shown.chars().count() <= 501 && !shown.contains(char::is_control));
    let unescaped = serde_json::from_str(&format!("\"{shown}\"")).unwrap_or_default();
    for spelling in [shown, unescaped] {
        assert!(!spelling.contains(SECRET), "the secret shows in {spelling:?}");
    }
}
