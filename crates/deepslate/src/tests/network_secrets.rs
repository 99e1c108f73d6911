//! Secrets in the variables that decide about proxy and certificates.

use super::network::{Authority, api, config_with};
use super::*;
use crate::ErrorKind;

#[tokio::test]
async fn a_secret_in_a_variable_of_the_network_is_not_shown() {
    const SECRET: &str = "sk-Zw9qT:r4bN:m7LkX:2v";
    let (nowhere, word) = (("SSL_CERT_FILE", "/nowhere"), "sk-Zw9qTr4bNm7LkX2v");
    for (secret, variables, told) in [
        (word, [("HTTPS_PROXY", word), nowhere], "through the proxy (not shown"),
        (word, [("HTTPS_PROXY", &*format!("http://{word}:3128")), nowhere], "from `HTTPS_PROXY`"),
        (word, [("SSL_CERT_FILE", word), ("", "")], "`SSL_CERT_FILE` is set, `(not shown"),
        (word, [("SSL_CERT_DIR", &format!("/nowhere:{word}/x")), nowhere], "`/nowhere` cannot be read"),
        (SECRET, [("SSL_CERT_DIR", SECRET), nowhere], "`SSL_CERT_DIR` is set, `(not shown"),
        (word, [("SSL_CERT_DIR", "/nowhere/\u{1b}[2J\nApply complete!"), nowhere], "`/nowhere/ [2J Apply complete!`"),
    ] {
        let variables = [&variables[..], &[("SSL_CERT_DIR", "/nowhere")]].concat();
        let config = config_with("https://deepslate.invalid", &variables);
        config.secrets.remember(secret);
        let error = collection(config.clone()).get(&operation(), ID).await.expect_err("nothing to trust");
        assert_eq!(error.kind, ErrorKind::NoCertificates);
        let shown = format!("{:?} {:?}", error.route, error.trusted);
        assert!(shown.contains(told), "{told}: {shown}");
        let client = Client::new(config);
        let shown = format!("{shown} {:?} {error:?}", client.route()).to_lowercase();
        for part in ["zw9q", "r4bn", "m7lk", "\\u{1b}", "\\n"] {
            assert!(!shown.contains(part), "{part}: {shown}");
        }
    }
}

#[tokio::test]
async fn a_secret_that_comes_after_the_first_request_is_not_shown_either() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (address, _) = api(Some(authority.tls("localhost"))).await;
    let file = other.path("ca.pem");
    let config = config_with(&format!("https://localhost:{}", address.port()), &[("SSL_CERT_FILE", &file)]);
    let secrets = config.secrets.clone();
    let collection = collection(config);
    for shows in [true, false] {
        let error = collection.get(&operation(), ID).await.expect_err("untrusted");
        assert_eq!(error.trusted.as_deref().map(|trusted| trusted.contains(&file)), Some(shows), "{error:?}");
        secrets.remember(&file);
    }
}
