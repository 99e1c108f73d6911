//! The provider block, and the environment that stands in for it.

use std::env::{self, VarError};
use std::time::Duration;

use secrecy::SecretString;
use tfplugin::Schema;
use uuid::Uuid;

use super::client::Client;
use deepslate::{self, ApiKey, BaseUrl, Deepslate};
use tfplugin::cty::{Path, Type, Value};
use tfplugin::{Attr, AttributeType, Diagnostic, Mismatch, Result};

/// The environment variables that stand in for arguments of the provider block.
const BASE_URL: &str = "DEEPSLATE_BASE_URL";
const API_KEY: &str = "DEEPSLATE_API_KEY";
pub(super) const VENDOR_ID: &str = "DEEPSLATE_VENDOR_ID";
pub(super) const ORGANIZATION_ID: &str = "DEEPSLATE_ORGANIZATION_ID";

const DEFAULT_BASE_URL: &str = "https://app.deepslate.eu";
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Manages SIP accounts that voice agents of [Deepslate](https://deepslate.eu) place and take calls over.
#[derive(Schema)]
pub struct Config {
    /// Where the API is. `https`; `http` is for a loopback address only. A path prefix is kept. A host with characters
    /// beyond ASCII has to be written in Punycode (`xn--…`). May come from the environment variable
    /// `DEEPSLATE_BASE_URL`. Default: `https://app.deepslate.eu`.
    #[attribute(optional)]
    base_url: Attr<Location>,
    /// The API key, sent as `Authorization: Bearer`. May come from the environment variable `DEEPSLATE_API_KEY`.
    #[attribute(optional, sensitive)]
    api_key: Attr<Key>,
    /// The vendor of all resources that do not name one, a UUID. May come from the environment variable
    /// `DEEPSLATE_VENDOR_ID`.
    #[attribute(optional)]
    vendor_id: Attr<Uuid>,
    /// The organization of all resources that do not name one, a UUID. May come from the environment variable
    /// `DEEPSLATE_ORGANIZATION_ID`.
    #[attribute(optional)]
    organization_id: Attr<Uuid>,
    /// How long one HTTP request may take, from connecting to the last byte of the answer, as a duration such as `90s`
    /// or `2m`. An operation may make several; its own limit is in the resource's `timeouts`. Default: `30s`.
    #[attribute(optional)]
    request_timeout: Attr<Duration>,
    /// Whether a refresh of many objects reads their lists instead of each object: about ten requests in place of a
    /// thousand, and never more than twice as many. A list only confirms what the state says; all else is read by
    /// itself. So a list that lags behind can hide a change that was made elsewhere, but never show one that was not
    /// made. Set it to `false` in a run that looks for such changes. Default: `true`.
    #[attribute(optional)]
    coalesce_reads: Attr<bool>,
}

/// Makes the client from the provider block, or from the environment where the block is silent.
pub(super) fn client(config: Config, terraform_version: &str) -> Result<Client> {
    let api_key = or_environment(config.api_key, API_KEY)?;
    let base_url = or_environment(config.base_url, BASE_URL)?;
    let deepslate = match (api_key, &base_url, &config.request_timeout) {
        (Attr::Null, ..) => return Err(missing_key().into()),
        (Attr::Unknown, ..) => Err("api_key"),
        (_, Attr::Unknown, _) => Err("base_url"),
        (.., Attr::Unknown) => Err("request_timeout"),
        (Attr::Known(api_key), base_url, request_timeout) => Ok(Deepslate::new(deepslate::Config {
            base_url: base_url.get().map_or_else(default_base_url, |Location(base_url)| Ok(base_url.clone()))?,
            api_key: api_key.0,
            request_timeout: request_timeout.get().copied().unwrap_or(DEFAULT_REQUEST_TIMEOUT),
            // Reading each is right in any case, also in the one that is not known yet.
            coalesce_reads: config.coalesce_reads.get().copied().unwrap_or(config.coalesce_reads.is_null()),
            user_agent: user_agent(terraform_version),
        })),
    };
    Ok(Client {
        deepslate,
        vendor_id: or_environment(config.vendor_id, VENDOR_ID)?,
        organization_id: or_environment(config.organization_id, ORGANIZATION_ID)?,
    })
}

/// The configured value, else that of the environment variable. An empty variable counts as unset.
fn or_environment<T: AttributeType>(configured: Attr<T>, variable: &str) -> Result<Attr<T>, Diagnostic> {
    if !configured.is_null() {
        return Ok(configured);
    }
    let invalid =
        |detail: String| Diagnostic::error(format!("Invalid value in the environment variable `{variable}`"), detail);
    match env::var(variable) {
        Ok(text) if !text.is_empty() => {
            let value = Value::from(text);
            T::from_value(value.clone()).map(Attr::Known).map_err(|mismatch| {
                let came = value.as_str().filter(|_| !mismatch.may_hold_secret);
                let came = came.map(|text| format!(", got {text:?}")).unwrap_or_default();
                invalid(format!("Expected {}{came}", mismatch.expected))
            })
        }
        Ok(_) | Err(VarError::NotPresent) => Ok(Attr::Null),
        Err(VarError::NotUnicode(_)) => Err(invalid("Expected text in UTF-8".to_owned())),
    }
}

fn default_base_url() -> Result<BaseUrl, Diagnostic> {
    DEFAULT_BASE_URL.parse().map_err(|error| Diagnostic::bug(format!("`{DEFAULT_BASE_URL}` is refused: {error}")))
}

/// `TF_APPEND_USER_AGENT` is what providers commonly add for whoever runs them.
fn user_agent(terraform_version: &str) -> String {
    let ours =
        concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");
    let agent =
        format!("{ours} Terraform/{terraform_version} {}", env::var("TF_APPEND_USER_AGENT").unwrap_or_default());
    agent.trim_end().chars().filter(|character| character.is_ascii_graphic() || *character == ' ').collect()
}

fn missing_key() -> Diagnostic {
    Diagnostic::error(
        "Missing API key",
        format!(
            "Deepslate needs an API key, and none is given. Set `api_key` in the provider block, or set the \
                 environment variable `{API_KEY}`."
        ),
    )
    .at(Path::attribute("api_key"))
}

/// A `base_url` as an attribute.
struct Location(BaseUrl);

/// An `api_key` as an attribute.
struct Key(ApiKey);

impl AttributeType for Location {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value)?.parse().map(Self).map_err(|error| Mismatch {
            may_hold_secret: true,
            ..Mismatch::expected(format!("a URL such as `{DEFAULT_BASE_URL}`; {error}"))
        })
    }

    fn into_value(self) -> Value {
        self.0.to_string().into()
    }
}

impl AttributeType for Key {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        ApiKey::new(SecretString::from_value(value)?)
            .map(Self)
            .map_err(|error| Mismatch { may_hold_secret: true, ..Mismatch::expected(format!("an API key; {error}")) })
    }

    fn into_value(self) -> Value {
        self.0.secret().clone().into_value()
    }
}
