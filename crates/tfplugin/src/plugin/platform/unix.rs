//! Unix: a socket in a directory that only the owner may enter.

use std::fs::Permissions;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::{env, io};

use redaction::{Length, Secrets};
use rustix::process::{Resource, Rlimit, setrlimit};
use tokio::net::UnixListener;
use tokio::signal::unix as signal;

use super::super::error::Error;
use super::common::{Address, Listener, Signal, Socket};

impl Socket {
    /// Makes the socket in `PLUGIN_UNIX_SOCKET_DIR` if the host sets it. Otherwise it tries the temporary directory, and then
    /// `/tmp`, since the path of a socket is limited to some 100 bytes.
    ///
    /// `PLUGIN_UNIX_SOCKET_GROUP` is not supported: neither Terraform nor OpenTofu sets it.
    ///
    /// In plaintext, nothing but the folder protects the host: anyone who can replace the folder gets what the host
    /// sends. Such places are refused.
    pub(crate) fn bind(in_plaintext: bool) -> Result<Self, Error> {
        // A build for development can use the transport of Windows, so that the tests cover it.
        #[cfg(debug_assertions)]
        if env::var_os("TFPLUGIN_TRANSPORT").is_some_and(|transport| transport == "tcp") {
            return super::tcp::bind();
        }
        let (variable, parents) = parents();
        Self::bind_in_first(variable, &parents, in_plaintext)
    }

    fn bind_in_first(variable: &str, parents: &[PathBuf], in_plaintext: bool) -> Result<Self, Error> {
        let mut failures = Vec::new();
        for parent in parents {
            let folder = if in_plaintext { private(parent) } else { Ok(parent.clone()) };
            match folder.and_then(|folder| Self::bind_in(&folder)) {
                Ok(socket) => return Ok(socket),
                Err(error) => failures.push(format!("in `{}`: {error}", shown(parent))),
            }
        }
        let what_to_do = format!(
            "Set `{variable}` to a folder that has a short path and free disk space, and where the plugin may write"
        );
        Err(Error::new("cannot create a socket", format!("{}. {what_to_do}", failures.join("; "))))
    }

    fn bind_in(parent: &Path) -> io::Result<Self> {
        let owner_only = Permissions::from_mode(0o700);
        let directory = tempfile::Builder::new().prefix("plugin-").permissions(owner_only).tempdir_in(parent)?;
        let path = directory.path().join("s");
        // The path becomes a field of the line that the host reads.
        let location = path
            .to_str()
            .filter(|path| !path.contains(['|', '\n', '\'']))
            .ok_or_else(|| {
                io::Error::new(io::ErrorKind::InvalidInput, "the path has characters that the host cannot read")
            })?
            .to_owned();
        let listener = Listener::Unix(UnixListener::bind(&path)?);
        Ok(Self { listener, address: Address { network: "unix", location }, directory: Some(directory) })
    }
}

/// Returns the folder's path without links, whose owners could change them later. Refuses a folder if others may rename
/// a part of its path. Root may rename everything.
fn private(folder: &Path) -> io::Result<PathBuf> {
    const BY_OTHERS: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let user = rustix::process::geteuid().as_raw();
    let folder = folder.canonicalize()?;
    for part in folder.ancestors() {
        let metadata = part.metadata()?;
        if ![user, 0].contains(&metadata.uid()) {
            let (part, owner) = (shown(part), metadata.uid());
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("the user {owner} owns `{part}` and can rename files in it"),
            ));
        }
        let mode = metadata.permissions().mode();
        if mode & BY_OTHERS != 0 && mode & STICKY == 0 {
            let part = shown(part);
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                format!("other users can write to `{part}` and rename files in it, because it has no sticky bit"),
            ));
        }
    }
    Ok(folder)
}

/// A path as a message shows it: without control characters.
fn shown(path: &Path) -> String {
    Secrets::default().show(&path.to_string_lossy().into_owned().into(), Length::Message).as_line().to_owned()
}

/// The directories to try, in order, and the variable that decides about them.
fn parents() -> (&'static str, Vec<PathBuf>) {
    const BY_HOST: &str = "PLUGIN_UNIX_SOCKET_DIR";
    if let Some(directory) = env::var_os(BY_HOST).filter(|directory| !directory.is_empty()) {
        return (BY_HOST, vec![directory.into()]);
    }
    let mut parents = vec![env::temp_dir(), "/tmp".into()];
    // The host would resolve a relative path in its own working directory.
    parents.retain(|parent| parent.is_absolute());
    parents.dedup();
    ("TMPDIR", parents)
}

/// Keeps the memory of this process, which holds secrets, out of core files, and away from other processes of the same user.
pub(crate) fn keep_memory_private() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    // The limit has no effect on core files that the kernel pipes to a program.
    #[cfg(target_os = "linux")]
    rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable)?;
    Ok(())
}

/// The parent of this process. It changes when the parent ends.
#[expect(clippy::unnecessary_wraps, reason = "other platforms cannot tell")]
pub(crate) fn parent_id() -> Option<u32> {
    Some(std::os::unix::process::parent_id())
}

/// The signals that ask a process to end. As long as this exists, they have no other effect.
pub(crate) struct Signals {
    interrupt: signal::Signal,
    hangup: signal::Signal,
    terminate: signal::Signal,
}

impl Signals {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal::signal(signal::SignalKind::interrupt())?,
            hangup: signal::signal(signal::SignalKind::hangup())?,
            terminate: signal::signal(signal::SignalKind::terminate())?,
        })
    }

    pub(crate) async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.hangup.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_usable_directory_is_used() {
        let home = tempfile::tempdir().unwrap();
        let missing = home.path().join("missing");
        let too_long = home.path().join("x".repeat(120));
        let unreadable = home.path().join("a|b");
        std::fs::create_dir(&too_long).unwrap();
        std::fs::create_dir(&unreadable).unwrap();

        let socket = Socket::bind_in_first(
            "TMPDIR",
            &[missing, too_long.clone(), unreadable.clone(), home.path().to_owned()],
            false,
        )
        .unwrap();

        let directory = socket.directory.as_ref().unwrap();
        assert_eq!(directory.path().parent(), Some(home.path()));
        let mode = directory.path().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        for tried in [too_long, unreadable] {
            assert_eq!(tried.read_dir().unwrap().count(), 0, "{} is not empty", tried.display());
        }
    }

    #[tokio::test]
    async fn a_failure_names_every_directory_tried() {
        let home = tempfile::tempdir().unwrap();
        let (missing, file) = (home.path().join("missing"), home.path().join("file"));
        std::fs::write(&file, "").unwrap();
        let Err(error) = Socket::bind_in_first("TMPDIR", &[missing.clone(), file.clone()], false) else {
            panic!("a socket was made")
        };
        let message = error.to_string();
        assert!(message.contains(&format!("in `{}`: No such file or directory", missing.display())), "{message}");
        assert!(message.contains(&format!("in `{}`: Not a directory", file.display())), "{message}");
        assert!(message.contains("Set `TMPDIR` to"), "{message}");
    }

    #[tokio::test]
    async fn the_socket_goes_with_its_directory() {
        let home = tempfile::tempdir().unwrap();
        drop(Socket::bind_in_first("TMPDIR", &[home.path().to_owned()], false).unwrap());
        assert_eq!(home.path().read_dir().unwrap().count(), 0);
    }

    #[tokio::test]
    async fn in_plaintext_others_may_not_rename_the_folder() {
        let home = tempfile::tempdir().unwrap();
        let shared = home.path().join("shared");
        let inner = shared.join("inner");
        std::fs::create_dir_all(&inner).unwrap();
        for (mode, safe) in [(0o755, true), (0o777, false), (0o775, false), (0o1777, true), (0o1775, true)] {
            std::fs::set_permissions(&shared, Permissions::from_mode(mode)).unwrap();
            for folder in [&shared, &inner] {
                let bound = Socket::bind_in_first("TMPDIR", std::slice::from_ref(folder), true);
                assert_eq!(bound.is_ok(), safe, "{mode:o}");
                let message = bound.err().map(|error| error.to_string()).unwrap_or_default();
                assert_eq!(message.contains("sticky bit"), !safe, "{message}");
                assert!(Socket::bind_in_first("TMPDIR", std::slice::from_ref(folder), false).is_ok());
            }
        }
    }

    #[tokio::test]
    async fn in_plaintext_the_host_does_not_follow_a_link() {
        let home = tempfile::tempdir().unwrap();
        let (folder, link) = (home.path().canonicalize().unwrap().join("folder"), home.path().join("link"));
        std::fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        let below = folder.join("below");
        std::fs::create_dir(&below).unwrap();
        for (chosen, real) in [(link.clone(), &folder), (link.join("below"), &below)] {
            let socket = Socket::bind_in_first("TMPDIR", &[chosen], true).unwrap();
            assert!(Path::new(&socket.address.location).starts_with(real), "{:?}", socket.address);
        }
    }

    #[tokio::test]
    async fn a_failure_shows_a_path_without_control_characters() {
        let Err(error) = Socket::bind_in_first("TMPDIR", &["/missing/\x1b[2J\nApply complete!".into()], false) else {
            panic!("a socket was made")
        };
        let message = error.to_string();
        assert!(message.contains("in `/missing/ [2J Apply complete!`: No such file"), "{message}");
    }
}
