use redaction::Length;

use super::*;

fn secrets_of(json: &str) -> Secrets {
    let secrets = Secrets::default();
    remember_json(json, &secrets);
    secrets
}

fn shows(secrets: &Secrets, message: &str) -> bool {
    secrets.show(&message.into(), Length::Message).as_line() == message
}

#[test]
fn a_message_that_repeats_a_secret_is_withheld() {
    let nested = serde_json::json!({ "type": "service_account", "private_key": "abc123-def" }).to_string();
    let twice = serde_json::json!({ "inner": serde_json::json!([nested]).to_string() }).to_string();
    for (json, message) in [
        (r#"{"api_key":"abc123def456"}"#, "api key abc123def456 refused"),
        (" \n{\"api_key\":\"abc123def456\"}\n", "api key abc123def456 refused"),
        ("\u{feff}{\"api_key\":\"abc123def456\"}", "api key abc123def456 refused"),
        (r#"{"password":"first-one","password":"second-one"}"#, "first-one is not allowed"),
        (r#"{"password":12345678}"#, "password 12345678 refused"),
        (r#"{"pin":4839}"#, "PIN 4839 refused"),
        (r#"{"sipPin":"483920"}"#, "pin 483920 refused"),
        (r#"{"pass":"hunter"}"#, "bad: hunter"),
        (r#"{"tokens":["a-b","c-d"]}"#, "token c-d is unknown"),
        (r#"{"secret":{"value":"x1y2"}}"#, "x1y2 is wrong"),
        (r#"{"credentials":{"user":"bob","pwd":"zz9"}}"#, "zz9 is wrong"),
        (&serde_json::json!({ "credentials": nested }).to_string(), "key abc123-def refused"),
        (&twice, "key abc123-def refused"),
        (r#"{"headers":{"Authorization":"Basic Ym9iOmh1bnQzcjI="}}"#, "login bob:hunt3r2 failed"),
        (r#"{"header":"basic Ym9iOmh1bnQzcjI"}"#, "hunt3r2"),
        (r#"{"header":"Bearer abc12"}"#, "token abc12 is unknown"),
        (r#"{"url":"https://bob:hunt3r2@host/"}"#, "login with hunt3r2 failed"),
        (r#"{"url":"https://bob:hunt%33r2%21@host/a/long/path"}"#, "login with hunt3r2! failed"),
        (r#"{"proxy":"socks5://bob:hunt3r2@host:1080"}"#, "login with hunt3r2 failed"),
        (r#"{"to":"sip:bob:hunt3r2@host"}"#, "login with hunt3r2 failed"),
        (r#"{"url":"https://abcd-1234@host/"}"#, "abcd-1234 is unknown"),
        (r#"{"url":"https://host/hooks/T00000000/B00000000/XyZ12abcdefgh"}"#, "hook XyZ12abcdefgh is gone"),
        (r#"{"url":"https://host/hook?access_token=abcdefgh"}"#, "abcdefgh is unknown"),
        (r#"{"note":"a longer text"}"#, "no a longer text"),
    ] {
        assert!(!shows(&secrets_of(json), message), "{json}: {message}");
    }
}

/// What APIs say about settings.
const MESSAGES: [&str; 20] = [
    "parameters.temperature must be between 0 and 0.9",
    "unknown parameter 'speaker_boost_enabled' of extension tuning",
    "the hook https://example.com/calls answered 404",
    "could not connect to https://example.com",
    "the extension is unknown",
    "at least 1 phone number is needed",
    "unknown parameter 'keywords'",
    "webhook.headers must be an object",
    "max_tokens must be at most 4096",
    "call_event_hook.url must use https",
    "The password is too weak",
    "The auth token has expired",
    "none of the SIP credentials match",
    "the key \"voice\" is required",
    "language 'xx' is not supported",
    "parameters.transfer_to must be a phone number in E.164 format",
    "Validation failed: systemPrompt must not be blank",
    "Agent limit of 10 reached for organization ACME",
    "Internal error, trace 7f3a91",
    "Basic authentication is not supported, use a bearer token",
];

/// What users write.
const PARAMETERS: [&str; 12] = [
    r#"{"temperature":1}"#,
    r#"{"speaker_boost_enabled":true,"speed":1.1}"#,
    r#"{"url":"https://example.com/calls","auth_token":"tok-8812-Kestrel"}"#,
    r#"{"keywords":["sip","call","the","support"]}"#,
    r##"{"hotkey":"1","dtmf_key":"#"}"##,
    r#"{"max_tokens":4096,"model":"gpt"}"#,
    r#"{"transfer_to":"+49301234567","after":10}"#,
    r#"{"auth":{"type":"basic","username":"alice","password":"hunter2-Zebra"}}"#,
    r#"{"key":"voice","value":"de"}"#,
    r#"{"pin":"1","language":"de","voice":"anna"}"#,
    r#"{"webhook":{"url":"https://example.com/v1/calls/events","method":"POST","headers":{"Authorization":"Bearer 8Zq-x1"}}}"#,
    r#"{"greeting":"Hello and welcome to the hotline of Globex.","keyboard":"us","token_limit":4096}"#,
];

#[test]
fn ordinary_messages_are_shown_whatever_the_parameters_are() {
    for json in PARAMETERS {
        let secrets = secrets_of(json);
        for message in MESSAGES {
            assert!(shows(&secrets, message), "{json}: {message}");
        }
    }
}

#[test]
fn only_named_secrets_count_in_values() {
    let json = r#"{"transfer_to":"+49301234567","server":"pbx.example.com","auth":{"password":"hunter2-Zebra","user":"alice"},
                  "hook":"https://example.com/T00012345/x?token=abc-12345"}"#;
    let secrets = secrets_of(json);
    for value in ["+49301234567", "pbx.example.com", "T00012345", "alice"] {
        assert!(!secrets.contains(value), "{value}");
    }
    for value in ["hunter2-Zebra", "abc-12345"] {
        assert!(secrets.contains(value), "{value}");
    }
}

#[test]
fn what_is_no_json_is_not_taken_for_it() {
    for text in ["", "{", "[1,", "hunter2", "\"text\"", "{} x"] {
        assert!(!remember_json(text, &Secrets::default()), "{text}");
    }
}
