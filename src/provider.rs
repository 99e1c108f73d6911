//! The provider block, and the client that it becomes.

use std::collections::BTreeSet;
use std::env::{self, VarError};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tfplugin::cty::Value;
use tfplugin::{Attr, AttributeType, Call, Diagnostic, Result, Schema, Secrets, others_can_connect, refused};
use uuid::Uuid;

use deepslate::{ApiKey, BaseUrl, Network, Operation, ProxyError};

use crate::attributes::{Id, Key, Location};

/// The environment variables that replace arguments of the provider block.
pub(crate) const BASE_URL: &str = "DEEPSLATE_BASE_URL";
pub(crate) const API_KEY: &str = "DEEPSLATE_API_KEY";
pub(crate) const VENDOR_ID: &str = "DEEPSLATE_VENDOR_ID";
pub(crate) const ORGANIZATION_ID: &str = "DEEPSLATE_ORGANIZATION_ID";

const DEFAULT_BASE_URL: &str = "https://app.deepslate.eu";
/// The characters of an API key that nobody can guess. A state must not help to guess a shorter one.
const UNGUESSABLE: usize = 24;
const DEFAULT_REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// Manages voice agents of [Deepslate](https://deepslate.eu) and the SIP accounts that they use to place and answer
/// calls.
#[derive(Schema)]
pub struct Config {
    /// URL of the API. Must use `https`, or `http` if the host is a loopback address. A path prefix is kept. Write a
    /// host with non-ASCII characters in Punycode (`xn--…`). Environment variable: `DEEPSLATE_BASE_URL`. Default:
    /// `https://app.deepslate.eu`.
    #[attribute(optional)]
    base_url: Attr<Location>,
    /// API key, sent as `Authorization: Bearer`. Environment variable: `DEEPSLATE_API_KEY`.
    #[attribute(optional, sensitive)]
    api_key: Attr<Key>,
    /// The ID (UUID) of the vendor of all resources and data sources that do not set `vendor_id`. Environment variable:
    /// `DEEPSLATE_VENDOR_ID`.
    #[attribute(optional)]
    vendor_id: Attr<Id>,
    /// The ID (UUID) of the organization of all resources and data sources that do not set `organization_id`.
    /// Environment variable: `DEEPSLATE_ORGANIZATION_ID`.
    #[attribute(optional)]
    organization_id: Attr<Id>,
    /// Timeout for one HTTP request, from connecting to the last byte of the response, as a duration such as `90s`,
    /// above zero and at most 24 hours. An operation can send several requests: the `timeouts` block of the resource
    /// limits the whole operation. Default: `30s`.
    #[attribute(optional)]
    request_timeout: Attr<Duration>,
    /// Whether a refresh of many objects reads lists instead of each object. This sends about ten requests for a
    /// thousand objects, and at most twice as many requests as individual reads. The provider uses a list only to
    /// confirm the values in the state, and reads all other objects individually. An outdated list can therefore hide a
    /// change made elsewhere, but never show a change that was not made. To detect all such changes, set this to
    /// `false`. Default: `true`.
    #[attribute(optional)]
    coalesce_reads: Attr<bool>,
}

/// The configured provider: what every operation works with.
pub struct Client {
    /// The client of the API.
    api: std::result::Result<deepslate::Client, NotReady>,
    /// The vendor of resources that name none.
    pub(crate) vendor_id: Attr<Id>,
    /// The organization of resources that name none.
    pub(crate) organization_id: Attr<Id>,
    /// The resources for which a warning already said that their objects cannot be read.
    unread: Mutex<BTreeSet<&'static str>>,
}

/// Why requests are not possible.
enum NotReady {
    /// This argument of the provider block is not known yet.
    Unknown(&'static str),
    /// There is no API key.
    NoKey,
}

/// Makes the client from the provider block, or from the environment if the block has no value.
///
/// # Errors
/// A variable of the environment has an invalid value. A missing API key is an error only of what needs one.
pub(crate) fn configure(config: Config, terraform_version: &str, secrets: &Secrets) -> Result<Client> {
    let others_choose_the_url = others_can_connect() && config.api_key.is_null() && !config.base_url.is_null();
    let api_key = or_environment(config.api_key, API_KEY, secrets)?;
    if others_choose_the_url && !api_key.is_null() {
        return Err(key_for_any_url().into());
    }
    let base_url = or_environment(config.base_url, BASE_URL, secrets)?;
    let api = match (api_key, &base_url, &config.request_timeout) {
        (Attr::Null, ..) => Err(NotReady::NoKey),
        (Attr::Unknown, ..) => Err(NotReady::Unknown("api_key")),
        (_, Attr::Unknown, _) => Err(NotReady::Unknown("base_url")),
        (.., Attr::Unknown) => Err(NotReady::Unknown("request_timeout")),
        (Attr::Known(Key(api_key)), base_url, request_timeout) => {
            let base_url = base_url.get().map_or_else(default_base_url, |Location(url)| Ok(url.clone()))?;
            refuse_key_in(&base_url, &api_key)?;
            // While it is unknown, each object is read individually, which is always correct.
            let coalesce_reads = config.coalesce_reads.get().copied().unwrap_or(config.coalesce_reads.is_null());
            let request_timeout = request_timeout.get().copied().unwrap_or(DEFAULT_REQUEST_TIMEOUT);
            let network = network(&base_url)?;
            let (user_agent, secrets) = (user_agent(terraform_version), secrets.clone());
            Ok(deepslate::Client::new(deepslate::Config {
                base_url,
                network,
                api_key,
                request_timeout,
                coalesce_reads,
                user_agent,
                secrets,
            }))
        }
    };
    Ok(Client {
        api,
        vendor_id: id_or_environment(config.vendor_id, VENDOR_ID, secrets)?,
        organization_id: id_or_environment(config.organization_id, ORGANIZATION_ID, secrets)?,
        unread: Mutex::default(),
    })
}

/// What the environment alone configures. Each setting is read separately, and all are read as [`configure`] reads them.
pub(crate) struct Settings {
    pub(crate) base_url: Result<BaseUrl, Diagnostic>,
    pub(crate) api_key: Result<ApiKey, Diagnostic>,
    pub(crate) vendor_id: Result<Option<Uuid>, Diagnostic>,
    pub(crate) organization_id: Result<Option<Uuid>, Diagnostic>,
    /// What no line of a report may show.
    pub(crate) secrets: Secrets,
}

// === impl Client ===

impl Client {
    /// Notes that objects of this resource cannot be read. Returns whether that is news in this session.
    pub(crate) fn is_news_that_unread(&self, resource: &'static str) -> bool {
        self.unread.lock().unwrap_or_else(PoisonError::into_inner).insert(resource)
    }

    /// The client of the API.
    ///
    /// # Errors
    /// There is no API key. An unknown provider block is a bug: the SDK makes no call before the block is
    /// known.
    pub(crate) fn api(&self) -> Result<&deepslate::Client, Diagnostic> {
        self.api.as_ref().map_err(|reason| match reason {
            NotReady::Unknown(argument) => {
                Diagnostic::bug(format!("A request requires the provider's `{argument}`, which is not known"))
            }
            NotReady::NoKey => missing_key(),
        })
    }
}

impl Settings {
    pub(crate) fn from_environment() -> Settings {
        let secrets = Secrets::default();
        let id = |variable| {
            let id = id_or_environment(Attr::Null, variable, &secrets)?;
            Ok(id.get().and_then(Id::uuid))
        };
        // The key comes first, so that no other message repeats it.
        let api_key = match or_environment(Attr::Null, API_KEY, &secrets) {
            Ok(Attr::Known(Key(api_key))) => Ok(api_key),
            Ok(_) => Err(missing_key()),
            Err(error) => Err(error),
        };
        let base_url = match or_environment(Attr::Null, BASE_URL, &secrets) {
            Ok(Attr::Known(Location(url))) => Ok(url),
            Ok(_) => default_base_url(),
            Err(error) => Err(error),
        };
        let base_url = base_url.and_then(|url| {
            api_key.as_ref().map_or(Ok(()), |key| refuse_key_in(&url, key))?;
            Ok(url)
        });
        let (vendor_id, organization_id) = (id(VENDOR_ID), id(ORGANIZATION_ID));
        Settings { base_url, api_key, vendor_id, organization_id, secrets }
    }

    /// A client with these settings.
    pub(crate) fn client(&self, base_url: BaseUrl, network: Network, api_key: ApiKey) -> deepslate::Client {
        deepslate::Client::new(deepslate::Config {
            base_url,
            network,
            api_key,
            request_timeout: DEFAULT_REQUEST_TIMEOUT,
            coalesce_reads: true,
            user_agent: user_agent(""),
            secrets: self.secrets.clone(),
        })
    }
}

impl tfplugin::Client for Client {
    fn unknown_argument(&self) -> Option<&'static str> {
        match self.api {
            Err(NotReady::Unknown(argument)) => Some(argument),
            Err(NotReady::NoKey) | Ok(_) => None,
        }
    }

    fn ready(&self) -> Result<(), Diagnostic> {
        if matches!(self.api, Err(NotReady::NoKey)) { Err(missing_key()) } else { Ok(()) }
    }

    fn lasting_secret(&self) -> Option<&SecretString> {
        let key = self.api.as_ref().ok().map(deepslate::Client::api_key);
        key.filter(|key| key.expose_secret().len() >= UNGUESSABLE)
    }
}

/// The operation of the API's client that a call of Terraform is.
pub(crate) fn operation(call: &Call<'_, Client>) -> Operation {
    Operation::new(call.deadline, call.stop.clone(), call.shutdown.clone())
}

// === The environment ===

/// The configured value, else that of the environment variable. An empty variable counts as unset.
fn or_environment<T: AttributeType>(
    configured: Attr<T>,
    variable: &str,
    secrets: &Secrets,
) -> Result<Attr<T>, Diagnostic> {
    if !configured.is_null() {
        return Ok(configured);
    }
    match environment(variable) {
        Ok("") => Ok(Attr::Null),
        Ok(text) => {
            if variable == API_KEY {
                secrets.remember(text);
            }
            let value = T::from_value(text.into());
            value.map(Attr::Known).map_err(|mismatch| {
                invalid(variable, &format!("Expected {}, got {}", mismatch.expected, refused(text, T::shows, secrets)))
            })
        }
        Err(NotUnicode) => Err(invalid(variable, "Expected UTF-8 text")),
    }
}

/// The value of a variable is not text.
pub(crate) struct NotUnicode;

/// The value of a variable, or nothing. All are read once, since each of them may hold a secret by mistake.
pub(crate) fn environment(variable: &str) -> Result<&'static str, &'static NotUnicode> {
    type Values = [(&'static str, Result<Zeroizing<String>, NotUnicode>); 4];
    static VALUES: LazyLock<Values> = LazyLock::new(|| {
        [BASE_URL, API_KEY, VENDOR_ID, ORGANIZATION_ID].map(|name| match env::var(name) {
            Ok(text) => (name, Ok(text.into())),
            Err(VarError::NotPresent) => (name, Ok(Zeroizing::default())),
            Err(VarError::NotUnicode(_)) => (name, Err(NotUnicode)),
        })
    });
    match VALUES.iter().find(|(name, _)| *name == variable) {
        Some((_, value)) => value.as_ref().map(|text| text.as_str()),
        None => Ok(""),
    }
}

/// The configured ID, else that of the environment variable, where no test puts anything but a UUID.
fn id_or_environment(configured: Attr<Id>, variable: &str, secrets: &Secrets) -> Result<Attr<Id>, Diagnostic> {
    let id = if configured.is_null() {
        or_environment(Attr::<Uuid>::Null, variable, secrets)?.get().copied().map(Id::from).into()
    } else {
        configured
    };
    match id.get().cloned().map(AttributeType::into_value) {
        Some(Value::String(text)) if secrets.contains(&text) => Err(secret_as_id(variable)),
        _ => Ok(id),
    }
}

/// A plan and the paths of requests would show it.
fn secret_as_id(variable: &str) -> Diagnostic {
    let argument = variable.trim_start_matches("DEEPSLATE_").to_lowercase();
    let detail = format!(
        "`{argument}` (or `{variable}`) has the same value as the API key or another secret. Two settings may be \
         swapped. Set `{argument}` to the ID, a UUID. No request was sent."
    );
    Diagnostic::error(format!("`{argument}` is set to a secret"), detail)
}

/// Errors and logs show the URLs of requests.
fn refuse_key_in(base_url: &BaseUrl, api_key: &ApiKey) -> Result<(), Diagnostic> {
    let key = Secrets::default();
    key.remember(api_key.secret().expose_secret());
    if !key.are_whole_in(&base_url.to_string()) {
        return Ok(());
    }
    let detail = format!(
        "The URL in `base_url` (or `{BASE_URL}`) contains the API key. Error messages and logs show the URLs of requests, and \
         would show the key. Remove the key from the URL: the provider sends it in a header. Nothing was sent."
    );
    Err(Diagnostic::error("`base_url` contains the API key", detail))
}

fn default_base_url() -> Result<BaseUrl, Diagnostic> {
    DEFAULT_BASE_URL.parse().map_err(|error| Diagnostic::bug(format!("`{DEFAULT_BASE_URL}` is refused: {error}")))
}

/// The `User-Agent` header. Users of all providers can add to it with `TF_APPEND_USER_AGENT`.
fn user_agent(terraform_version: &str) -> String {
    let ours =
        concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_REPOSITORY"), ")");
    let agent =
        format!("{ours} Terraform/{terraform_version} {}", env::var("TF_APPEND_USER_AGENT").unwrap_or_default());
    agent.trim_end().chars().filter(|character| character.is_ascii_graphic() || *character == ' ').collect()
}

/// The way to the server, by the proxy and certificate variables.
pub(crate) fn network(base_url: &BaseUrl) -> Result<Network, Diagnostic> {
    Network::new(base_url, |name| env::var_os(name)).map_err(|error| no_proxy(&error, base_url))
}

fn no_proxy(ProxyError { variable, reason }: &ProxyError, base_url: &BaseUrl) -> Diagnostic {
    let detail = format!(
        "Requests to {base_url} use the proxy in this variable, but its value is not a valid proxy URL: it {reason}. \
         This message does not show the value, because it may contain a password.\n\nSet the variable to a URL such \
         as `http://proxy.example:3128` or `http://user:password@proxy.example:3128`. Percent-encode special \
         characters of the password. Or unset the variable, or add the host to `NO_PROXY`."
    );
    invalid(variable, &detail)
}

/// Another user could connect, name a server of their own, and get the key.
fn key_for_any_url() -> Diagnostic {
    let detail = format!(
        "Other users of this machine can connect to this process, because it listens on a TCP port without TLS. So the \
         provider does not send the key in `{API_KEY}` to a `base_url` that the configuration sets. Set `api_key` in the \
         provider block too, or remove `base_url` from it and set the environment variable `{BASE_URL}` instead."
    );
    Diagnostic::error(format!("The provider does not send `{API_KEY}` to the configured `base_url`"), detail)
}

fn missing_key() -> Diagnostic {
    let detail = format!(
        "Deepslate requires an API key, but none is set. Set `api_key` in the provider block, or set the environment \
         variable `{API_KEY}`."
    );
    Diagnostic::error("Missing API key", detail)
}

fn invalid(variable: &str, detail: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid value in the environment variable `{variable}`"), detail)
}
