//! The certificates that are trusted, by the rules of Go.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use redaction::{Length, Secrets};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::{Environment, Tls};

/// Where distributions have the file. The first that exists is read.
const FILES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];
/// Where distributions have one file for each certificate. All are read.
const DIRECTORIES: [&str; 2] = ["/etc/ssl/certs", "/etc/pki/tls/certs"];

/// The certificates that are trusted.
#[derive(Debug, Clone)]
pub(crate) struct Trust {
    /// Whether the server has to show a certificate.
    needed: bool,
    /// The value of `SSL_CERT_FILE`.
    file: Option<OsString>,
    /// The value of `SSL_CERT_DIR`.
    directories: Option<OsString>,
}

impl Trust {
    pub(super) fn new(url: &Url, environment: &Environment<'_>) -> Trust {
        let value = |name| environment.first(&[name]).map(|(_, value)| value);
        Trust { needed: url.scheme() == "https", file: value("SSL_CERT_FILE"), directories: value("SSL_CERT_DIR") }
    }

    /// Reads the certificates.
    ///
    /// # Errors
    /// If there are none although the server has to show one: where they were looked for, in words. They do not show
    /// secrets, which the variables may hold by mistake.
    pub(crate) fn tls(&self, secrets: &Secrets) -> Result<Option<Tls>, String> {
        let mut store = Store { roots: RootCertStore::empty(), known: HashSet::new(), origin: Vec::new() };
        if self.needed {
            store.read_file(self.file.as_deref(), secrets);
            store.read_directories(self.directories.as_deref(), secrets);
            if store.roots.is_empty() {
                return Err(store.origin.join("; "));
            }
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(store.roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Some(Tls { config, origin: store.origin.join("; ") }))
    }
}

struct Store {
    roots: RootCertStore,
    /// The same certificates: most are in a folder and in one file.
    known: HashSet<CertificateDer<'static>>,
    /// What each place had.
    origin: Vec<String>,
}

impl Store {
    fn read_file(&mut self, configured: Option<&OsStr>, secrets: &Secrets) {
        const VARIABLE: &str = "SSL_CERT_FILE";
        let Some(path) = configured.map(Path::new) else {
            let found = FILES.iter().map(Path::new).find_map(|path| Some((path, self.add_file(path).ok()?)));
            self.origin.push(match found {
                Some((path, count)) => format!("`{VARIABLE}` is not set, {}", contents(path.display(), Ok(count))),
                None => format!("`{VARIABLE}` is not set, and the usual places have no file with certificates"),
            });
            return;
        };
        let count = self.add_file(path);
        let path = secrets.show(&path.to_string_lossy().into_owned().into(), Length::Message);
        self.origin.push(format!("`{VARIABLE}` is set, {}", contents(path.as_line(), count)));
    }

    fn read_directories(&mut self, configured: Option<&OsStr>, secrets: &Secrets) {
        const VARIABLE: &str = "SSL_CERT_DIR";
        let Some(list) = configured else {
            let usual = DIRECTORIES.iter().map(Path::new);
            let found: Vec<_> = usual.filter_map(|path| Some((path, self.add_directory(path).ok()?))).collect();
            let found = found.into_iter().map(|(path, count)| contents(path.display(), Ok(count))).collect::<Vec<_>>();
            self.origin.push(match found.join(", ") {
                none if none.is_empty() => {
                    format!("`{VARIABLE}` is not set, and the usual places have no folder with certificates")
                }
                found => format!("`{VARIABLE}` is not set, {found}"),
            });
            return;
        };
        let paths = list.as_bytes().split(|byte| *byte == b':').map(OsStr::from_bytes).map(Path::new);
        let list = list.to_string_lossy();
        // Each part of a secret with colons may be too short to be recognized.
        let is_secret = secrets.contains(&list);
        let shown = |path: &Path| {
            let text = if is_secret { list.clone() } else { path.to_string_lossy() };
            secrets.show(&text.into_owned().into(), Length::Message)
        };
        let found: Vec<_> = paths.map(|path| contents(shown(path).as_line(), self.add_directory(path))).collect();
        self.origin.push(format!("`{VARIABLE}` is set, {}", found.join(", ")));
    }

    fn add_directory(&mut self, path: &Path) -> io::Result<usize> {
        let mut count = 0;
        let mut entries: Vec<PathBuf> = fs::read_dir(path)?.flatten().map(|entry| entry.path()).collect();
        // Links within the folder name a file that is read anyway.
        entries.retain(|entry| fs::read_link(entry).map_or(true, |target| target.components().count() > 1));
        for entry in entries {
            // As in Go, one file that cannot be read does not matter.
            count += self.add_file(&entry).unwrap_or(0);
        }
        Ok(count)
    }

    /// Returns the number of certificates in the file that can be used.
    fn add_file(&mut self, path: &Path) -> io::Result<usize> {
        let text = fs::read(path)?;
        let found: Vec<_> = CertificateDer::pem_slice_iter(&text).flatten().collect();
        let count = found.len();
        let new = found.into_iter().filter(|certificate| self.known.insert(certificate.clone())).collect::<Vec<_>>();
        let (_, unusable) = self.roots.add_parsable_certificates(new);
        Ok(count - unusable)
    }
}

/// What a file or a folder has, in words.
fn contents(path: impl Display, count: io::Result<usize>) -> String {
    match count {
        Ok(0) => format!("`{path}` has no certificates"),
        Ok(1) => format!("`{path}` has 1 certificate"),
        Ok(count) => format!("`{path}` has {count} certificates"),
        Err(error) => format!("`{path}` cannot be read: {error}"),
    }
}
