//! Starts a plugin as Terraform does, and connects to it.

mod connection;
mod identity;

use std::ffi::OsStr;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{env, fs};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::transport::Channel;

use self::connection::is_path;
pub use self::connection::{Stream, channel, is_cleaned_up, open};
pub use self::identity::{Identity, anonymous_connector};

/// A test counts as hung if one step takes longer.
const HANG: Duration = Duration::from_secs(30);

/// The largest message, in bytes, in both directions. Terraform's limit is the same.
pub const MESSAGE_LIMIT: usize = 256 << 20;

/// A plugin process. It is killed when dropped.
pub struct Plugin {
    child: Child,
    /// The plugin's first line on standard output.
    pub handshake: Handshake,
    /// The time from before the start of the process to its handshake.
    pub handshake_time: Duration,
    /// The client's certificate; `None` in plaintext.
    pub identity: Option<Arc<Identity>>,
    stdout: BufReader<ChildStdout>,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// Ends when the plugin has closed its standard error.
    collecting_stderr: JoinHandle<()>,
}

impl Plugin {
    /// Starts a plugin with mutual TLS, in an environment without Terraform's variables for logs.
    pub async fn launch(binary: impl AsRef<OsStr>) -> Self {
        const NO_VARIABLES: [(&str, &str); 0] = [];
        Self::launch_with(binary, NO_VARIABLES).await
    }

    /// Starts a plugin as [`Self::launch`] does, with more variables in its environment.
    pub async fn launch_with(
        binary: impl AsRef<OsStr>,
        environment: impl IntoIterator<Item = (&str, impl AsRef<OsStr>)>,
    ) -> Self {
        let identity = Arc::new(Identity::generate());
        let mut command = command(binary);
        command.env("PLUGIN_CLIENT_CERT", identity.pem()).envs(environment);
        Self::start(command, Some(identity)).await
    }

    /// Starts a plugin without a client certificate.
    pub async fn launch_plaintext(binary: impl AsRef<OsStr>) -> Self {
        Self::start(command(binary), None).await
    }

    /// Starts a plugin for a debugger, with `--debug` and without a client certificate.
    pub async fn debug(binary: impl AsRef<OsStr>) -> Self {
        let mut command = command(binary);
        command.env_remove("TF_PLUGIN_MAGIC_COOKIE").arg("--debug");
        Self::start(command, None).await
    }

    /// Runs `command`, which must start the plugin, and reads its handshake.
    pub async fn start(mut command: Command, identity: Option<Arc<Identity>>) -> Self {
        let started = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stderr, collecting_stderr) = collect(child.stderr.take().unwrap());
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        within(stdout.read_line(&mut line)).await.unwrap();
        let handshake_time = started.elapsed();
        let Some(handshake) = Handshake::parse(&line) else {
            let status = within(child.wait()).await.unwrap();
            within(collecting_stderr).await.unwrap();
            panic!("expected a handshake of {command:?}, got: {line:?}, {status}: {}", text(&stderr));
        };
        Self { child, handshake, handshake_time, identity, stdout, stderr, collecting_stderr }
    }

    /// Returns a client of the provider.
    pub async fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel().await)
            .max_decoding_message_size(MESSAGE_LIMIT)
            .max_encoding_message_size(MESSAGE_LIMIT)
    }

    /// Opens a gRPC channel. The server's certificate is verified as rustls does.
    pub async fn channel(&self) -> Channel {
        let tls = self.identity.as_ref().map(|identity| identity.connector(&self.handshake.certificate));
        channel(&self.handshake.socket, tls).await
    }

    /// Opens a gRPC channel to a plugin in any language; see [`Identity::lenient_connector`].
    pub async fn lenient_channel(&self) -> Channel {
        let tls = self.identity.as_ref().map(|identity| identity.lenient_connector(&self.handshake.certificate));
        channel(&self.handshake.socket, tls).await
    }

    /// Returns the process ID.
    pub fn pid(&self) -> u32 {
        self.child.id().expect("the plugin has not been waited for")
    }

    /// Sends a signal, by its name.
    #[cfg(unix)]
    pub async fn signal(&self, name: &str) {
        signal(self.pid(), name).await;
    }

    /// Waits until the process has ended and its standard error has been read.
    pub async fn wait(&mut self) -> ExitStatus {
        let status = within(self.child.wait()).await.unwrap();
        within(&mut self.collecting_stderr).await.unwrap();
        status
    }

    /// Waits until the plugin has closed its standard output, and returns what it wrote after the handshake.
    pub async fn rest_of_stdout(&mut self) -> String {
        let mut rest = String::new();
        within(self.stdout.read_to_string(&mut rest)).await.unwrap();
        rest
    }

    /// Returns what the plugin has written to standard error so far.
    pub fn stderr(&self) -> String {
        text(&self.stderr)
    }
}

impl Drop for Plugin {
    /// Removes the socket, because a killed plugin cannot, and its directory if that is empty then.
    fn drop(&mut self) {
        if !is_path(&self.handshake.socket) {
            return;
        }
        let socket = Path::new(&self.handshake.socket);
        let _ = fs::remove_file(socket);
        let _ = socket.parent().map(fs::remove_dir);
    }
}

/// The line that a plugin prints when it is ready.
pub struct Handshake {
    /// The line without its line feed.
    pub line: String,
    /// The value of `TF_REATTACH_PROVIDERS` that makes Terraform use this process; empty without `--debug`.
    pub reattach: String,
    /// The version of the plugin protocol: `5` or `6`.
    pub protocol: String,
    /// The socket's path, or its address and port.
    pub socket: String,
    /// The server's certificate in DER; empty in plaintext.
    pub certificate: Vec<u8>,
}

impl Handshake {
    fn parse(line: &str) -> Option<Self> {
        let line = line.strip_suffix('\n')?;
        if let Some(reattach) = line.strip_prefix("TF_REATTACH_PROVIDERS='") {
            return Self::parse_reattach(line, reattach.strip_suffix('\'')?);
        }
        let fields: Vec<_> = line.split('|').collect();
        let ["1", protocol, "unix" | "tcp", socket, "grpc", certificate, ..] = fields[..] else { return None };
        Some(Self {
            line: line.to_owned(),
            reattach: String::new(),
            protocol: protocol.to_owned(),
            socket: socket.to_owned(),
            certificate: STANDARD_NO_PAD.decode(certificate.trim_end_matches('=')).ok()?,
        })
    }

    fn parse_reattach(line: &str, reattach: &str) -> Option<Self> {
        let providers: serde_json::Map<String, serde_json::Value> = serde_json::from_str(reattach).ok()?;
        let provider = providers.values().next()?;
        Some(Self {
            line: line.to_owned(),
            reattach: reattach.to_owned(),
            protocol: provider["ProtocolVersion"].to_string(),
            socket: provider["Addr"]["String"].as_str()?.to_owned(),
            certificate: Vec::new(),
        })
    }
}

/// Returns a command that starts a plugin in the environment that Terraform gives it, without a client certificate.
pub fn command(binary: impl AsRef<OsStr>) -> Command {
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
        .env(TRANSPORT, env::var_os(TRANSPORT).unwrap_or_default())
        .kill_on_drop(true);
    command
}

/// The variable that makes a provider built for development listen on TCP, as on Windows, if it is `tcp`.
pub const TRANSPORT: &str = "TFPLUGIN_TRANSPORT";

/// Returns `tcp` if the tests run over TCP, as always on Windows, else `unix`.
pub fn network() -> &'static str {
    if cfg!(windows) || env::var_os(TRANSPORT).is_some_and(|transport| transport == "tcp") { "tcp" } else { "unix" }
}

/// Sends a signal to a process, by its name.
#[cfg(unix)]
pub async fn signal(pid: u32, name: &str) {
    let status = Command::new("kill").args(["-s", name, &pid.to_string()]).status().await.unwrap();
    assert!(status.success(), "kill -s {name} {pid}: {status}");
}

/// Returns what `work` returns. Panics if it hangs.
pub async fn within<T>(work: impl Future<Output = T>) -> T {
    timeout(HANG, work).await.expect("hung")
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
