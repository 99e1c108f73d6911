//! Starts the built binary as Terraform does, and speaks to it as Terraform does.
#![allow(dead_code, reason = "each test binary that includes this file uses a part of it")]

use std::ffi::OsStr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{env, fs, io};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, RootCertStore};
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, BufReader};
use tokio::net::UnixStream;
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_terraform-provider-deepslate");

/// How long anything may take before a test counts as hung.
const HANG: Duration = Duration::from_secs(30);

/// A message is at most this long, in bytes, either way.
const MESSAGE_LIMIT: usize = 256 << 20;

const NO_VARIABLES: [(&str, &str); 0] = [];

/// A plugin process. It is killed when dropped.
pub(crate) struct Plugin {
    child: Child,
    /// The line that the plugin answered with.
    pub(crate) handshake: Handshake,
    /// With what Terraform proves itself to this plugin; none in plaintext.
    pub(crate) identity: Option<Identity>,
    stdout: BufReader<ChildStdout>,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// Ends when the plugin has closed its standard error.
    collecting_stderr: JoinHandle<()>,
}

impl Plugin {
    /// Starts the plugin with mutual TLS, in an environment without Terraform's variables for logs.
    pub(crate) async fn launch() -> Self {
        Self::launch_with(NO_VARIABLES).await
    }

    /// As [`Self::launch`], with more in the environment.
    pub(crate) async fn launch_with(environment: impl IntoIterator<Item = (&str, impl AsRef<OsStr>)>) -> Self {
        let identity = Identity::generate();
        let mut command = command();
        command.env("PLUGIN_CLIENT_CERT", identity.pem()).envs(environment);
        Self::start(command, Some(identity)).await
    }

    /// Starts the plugin without a client certificate.
    pub(crate) async fn launch_plaintext() -> Self {
        Self::start(command(), None).await
    }

    /// Runs `command`, which has to end in the plugin, and reads its handshake line.
    pub(crate) async fn start(mut command: Command, identity: Option<Identity>) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stderr, collecting_stderr) = collect(child.stderr.take().unwrap());
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        within(stdout.read_line(&mut line)).await.unwrap();
        let Some(handshake) = Handshake::parse(&line) else {
            let status = within(child.wait()).await.unwrap();
            within(collecting_stderr).await.unwrap();
            panic!("no handshake but {line:?}, {status}: {}", text(&stderr));
        };
        Self { child, handshake, identity, stdout, stderr, collecting_stderr }
    }

    /// A client of the provider.
    pub(crate) async fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel().await)
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT)
    }

    /// A gRPC channel, connected as Terraform connects.
    pub(crate) async fn channel(&self) -> Channel {
        let tls = self.identity.as_ref().map(|identity| identity.connector(&self.handshake.certificate));
        channel(&self.handshake.socket, tls).await
    }

    /// The process's number.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().expect("the plugin has not been waited for")
    }

    /// Sends a signal, by its name.
    pub(crate) async fn signal(&self, name: &str) {
        signal(self.pid(), name).await;
    }

    /// Waits until the process has ended, and all that it wrote to standard error is there.
    pub(crate) async fn wait(&mut self) -> ExitStatus {
        let status = within(self.child.wait()).await.unwrap();
        within(&mut self.collecting_stderr).await.unwrap();
        status
    }

    /// Waits until the plugin has closed its standard output, and tells what else it wrote there.
    pub(crate) async fn rest_of_stdout(&mut self) -> String {
        let mut rest = String::new();
        within(self.stdout.read_to_string(&mut rest)).await.unwrap();
        rest
    }

    /// What the plugin has written to standard error so far.
    pub(crate) fn stderr(&self) -> String {
        text(&self.stderr)
    }
}

impl Drop for Plugin {
    /// A plugin that is killed cannot clean up.
    fn drop(&mut self) {
        if let Some(directory) = Path::new(&self.handshake.socket).parent() {
            let _ = fs::remove_dir_all(directory);
        }
    }
}

/// The line with which the plugin answers.
pub(crate) struct Handshake {
    /// All of it, without the line feed.
    pub(crate) line: String,
    /// The socket's path.
    pub(crate) socket: String,
    /// The server's certificate in DER; empty in plaintext.
    pub(crate) certificate: Vec<u8>,
}

impl Handshake {
    fn parse(line: &str) -> Option<Self> {
        let line = line.strip_suffix('\n')?;
        let fields: Vec<_> = line.split('|').collect();
        let ["1", "5", "unix", socket, "grpc", certificate, ..] = fields[..] else { return None };
        Some(Self {
            line: line.to_owned(),
            socket: socket.to_owned(),
            certificate: STANDARD_NO_PAD.decode(certificate).ok()?,
        })
    }
}

/// A certificate and a key to sign with, by which a client proves itself.
pub(crate) struct Identity {
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Identity {
    /// As Terraform makes it: P-521, an authority of its own, for `localhost`.
    pub(crate) fn generate() -> Self {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// The certificate as the plugin is told it.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// This certificate, with a key that does not belong to it.
    pub(crate) fn with_another_key(&self) -> Self {
        Self { certificate: self.certificate.clone(), pem: self.pem.clone(), key: Self::generate().key }
    }

    /// Shows this certificate, and trusts one server.
    pub(crate) fn connector(&self, server_certificate: &[u8]) -> TlsConnector {
        let mut roots = RootCertStore::empty();
        roots.add(server_certificate.to_vec().into()).unwrap();
        let mut config =
            client_config(roots).with_client_cert_resolver(Arc::new(SingleCertAndKey::from(self.certified_key())));
        config.alpn_protocols = vec![b"h2".to_vec()];
        TlsConnector::from(Arc::new(config))
    }

    /// The certificate with the key to sign with.
    pub(crate) fn certified_key(&self) -> CertifiedKey {
        let key = PrivateKeyDer::Pkcs8(self.key.serialize_der().into());
        let key = aws_lc_rs::default_provider().key_provider.load_private_key(key).unwrap();
        CertifiedKey::new(vec![self.certificate.clone()], key)
    }
}

/// Shows no certificate, and trusts one server.
pub(crate) fn anonymous_connector(server_certificate: &[u8]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    roots.add(server_certificate.to_vec().into()).unwrap();
    TlsConnector::from(Arc::new(client_config(roots).with_no_client_auth()))
}

/// A gRPC channel to the plugin's socket, through TLS where a connector is given.
pub(crate) async fn channel(socket: &str, tls: Option<TlsConnector>) -> Channel {
    let socket = socket.to_owned();
    let connect = service_fn(move |_| {
        let (socket, tls) = (socket.clone(), tls.clone());
        async move { open(&socket, tls).await.map(TokioIo::new) }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(connect).await.unwrap()
}

/// A connection to the plugin's socket, through TLS where a connector is given.
pub(crate) async fn open(socket: &str, tls: Option<TlsConnector>) -> io::Result<Box<dyn Stream>> {
    let stream = UnixStream::connect(socket).await?;
    match tls {
        None => Ok(Box::new(stream)),
        Some(tls) => Ok(Box::new(tls.connect(ServerName::try_from("localhost").unwrap(), stream).await?)),
    }
}

/// What bytes go through, both ways.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// The binary just built, or the one that `TF_PROVIDER_BINARY` names, as [`command_of`] has it.
pub(crate) fn command() -> Command {
    command_of(env::var_os("TF_PROVIDER_BINARY").unwrap_or(BINARY.into()))
}

/// A plugin with the environment that Terraform gives it, but for the client's certificate.
pub(crate) fn command_of(binary: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if ["TF_", "PLUGIN_", "DEEPSLATE_"].iter().any(|prefix| name.starts_with(prefix)) {
            command.env_remove(&*name);
        }
    }
    command
        .env("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
        .env("PLUGIN_PROTOCOL_VERSIONS", "6,5")
        .env("PLUGIN_MIN_PORT", "10000")
        .env("PLUGIN_MAX_PORT", "25000")
        .kill_on_drop(true);
    command
}

/// Sends a signal, by its name.
pub(crate) async fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args(["-s", name, &pid.to_string()]).status().await.unwrap();
    assert!(status.success(), "kill -s {name} {pid}: {status}");
}

/// The answer of `work`, which must not hang.
pub(crate) async fn within<T>(work: impl Future<Output = T>) -> T {
    timeout(HANG, work).await.expect("hung")
}

/// Whether the plugin's socket and its directory are gone.
pub(crate) fn is_cleaned_up(socket: &str) -> bool {
    Path::new(socket).parent().is_some_and(|directory| !directory.exists())
}

fn client_config(roots: RootCertStore) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
}

fn collect(mut stderr: ChildStderr) -> (Arc<Mutex<Vec<u8>>>, JoinHandle<()>) {
    let collected = Arc::new(Mutex::new(Vec::new()));
    let so_far = Arc::clone(&collected);
    let collecting = tokio::spawn(async move {
        let mut chunk = [0; 4096];
        while let Ok(length @ 1..) = stderr.read(&mut chunk).await {
            so_far.lock().unwrap().extend_from_slice(&chunk[..length]);
        }
    });
    (collected, collecting)
}

fn text(collected: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&collected.lock().unwrap()).into_owned()
}
