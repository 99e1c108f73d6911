//! Real requests by the ways that the environment can set: through proxies, and over TLS with certificates of one's own.

use std::ffi::OsString;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use redaction::Secrets;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::server::{self, Server};
use super::{Config, FOUND, ID, KEY, collection, config_of, operation, shown};
use crate::{ApiKey, BaseUrl, Error, ErrorKind, GaveUp, Network};

/// A name that no name server knows: the proxy decides where it leads.
const API: &str = "https://api.deepslate.test";

/// A private certificate authority, and a folder with what it made.
pub(super) struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

impl Authority {
    pub(super) fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("a certificate");
        let authority = Authority { issuer, folder: tempfile::tempdir().expect("a folder") };
        authority.write("ca.pem", &authority.issuer.pem());
        authority
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).expect("a file");
        path.display().to_string()
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    /// TLS with a certificate for this name.
    pub(super) fn tls(&self, name: &str) -> TlsAcceptor {
        let key = KeyPair::generate().expect("a key");
        let params = CertificateParams::new(vec![name.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        acceptor(certificate.der().clone(), &key)
    }

    /// TLS with a certificate for `localhost` that is its own authority, and the certificate's file.
    fn tls_of_its_own(&self, is_ca: IsCa) -> (TlsAcceptor, String) {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
        params.is_ca = is_ca;
        let certificate = params.self_signed(&key).expect("a certificate");
        (acceptor(certificate.der().clone(), &key), self.write("own.pem", &certificate.pem()))
    }
}

fn acceptor(certificate: CertificateDer<'static>, key: &KeyPair) -> TlsAcceptor {
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .expect("a certificate with its key");
    TlsAcceptor::from(Arc::new(config))
}

/// What arrived, one text for each connection.
pub(super) type Seen = Arc<Mutex<Vec<String>>>;

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Listens, with TLS if it is given, and passes each connection on.
async fn listen<W: Future<Output = Option<()>> + Send>(
    tls: Option<TlsAcceptor>,
    work: impl Fn(Box<dyn Stream>) -> W + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let work = Arc::new(work);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let (tls, work) = (tls.clone(), Arc::clone(&work));
            tokio::spawn(async move {
                let stream: Box<dyn Stream> = match tls {
                    None => Box::new(connection),
                    Some(tls) => Box::new(tls.accept(connection).await.ok()?),
                };
                work(stream).await
            });
        }
    });
    address
}

async fn head(stream: &mut Box<dyn Stream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(char::from(stream.read_u8().await.ok()?));
    }
    Some(head)
}

/// An API that has the object. It answers one request of each connection.
pub(super) async fn api(tls: Option<TlsAcceptor>) -> (SocketAddr, Seen) {
    let seen = Seen::default();
    let seen_by_api = Arc::clone(&seen);
    let address = listen(tls, move |mut stream| {
        let seen = Arc::clone(&seen_by_api);
        async move {
            let request = head(&mut stream).await?;
            seen.lock().expect("not poisoned").push(request);
            let answer =
                format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{FOUND}", FOUND.len());
            stream.write_all(answer.as_bytes()).await.ok()?;
            stream.shutdown().await.ok()
        }
    })
    .await;
    (address, seen)
}

/// A proxy that answers CONNECT with this status line. After a 200 it connects to `target`, whatever is asked for.
async fn proxy(tls: Option<TlsAcceptor>, status: &'static str, target: SocketAddr) -> (SocketAddr, Seen) {
    let seen = Seen::default();
    let seen_by_proxy = Arc::clone(&seen);
    let address = listen(tls, move |mut stream| {
        let seen = Arc::clone(&seen_by_proxy);
        async move {
            let request = head(&mut stream).await?;
            seen.lock().expect("not poisoned").push(request);
            stream.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).await.ok()?;
            if status.starts_with("200") {
                let mut server = TcpStream::connect(target).await.ok()?;
                copy_bidirectional(&mut stream, &mut server).await.ok()?;
            }
            Some(())
        }
    })
    .await;
    (address, seen)
}

/// A SOCKS 5 proxy that requires a user name and a password (RFC 1929).
async fn socks(target: SocketAddr) -> (SocketAddr, Seen) {
    let seen = Seen::default();
    let seen_by_proxy = Arc::clone(&seen);
    let address = listen(None, move |mut stream| {
        let seen = Arc::clone(&seen_by_proxy);
        async move {
            let text = async |stream: &mut Box<dyn Stream>| {
                let mut bytes = vec![0; stream.read_u8().await.ok()?.into()];
                stream.read_exact(&mut bytes).await.ok()?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            };
            assert_eq!(stream.read_u8().await.ok()?, 5);
            text(&mut stream).await?;
            stream.write_all(&[5, 2]).await.ok()?;
            assert_eq!(stream.read_u8().await.ok()?, 1);
            let (user, password) = (text(&mut stream).await?, text(&mut stream).await?);
            stream.write_all(&[1, 0]).await.ok()?;
            let mut request = [0; 4];
            stream.read_exact(&mut request).await.ok()?;
            assert_eq!(request, [5, 1, 0, 3], "it connects to a name");
            let (name, port) = (text(&mut stream).await?, stream.read_u16().await.ok()?);
            seen.lock().expect("not poisoned").push(format!("{user} {password} {name}:{port}"));
            stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
            let mut server = TcpStream::connect(target).await.ok()?;
            copy_bidirectional(&mut stream, &mut server).await.ok()?;
            Some(())
        }
    })
    .await;
    (address, seen)
}

pub(super) fn config_with(base_url: &str, variables: &[(&str, &str)]) -> Config {
    let variable = |name: &str| {
        let value = variables.iter().find(|(known, _)| *known == name)?.1;
        Some(OsString::from(value))
    };
    let base_url: BaseUrl = base_url.parse().expect("a base URL");
    Config {
        network: Network::new(&base_url, variable).expect("a proxy or none"),
        base_url,
        api_key: ApiKey::new(KEY.into()).expect("a key"),
        request_timeout: Duration::from_secs(10),
        coalesce_reads: false,
        user_agent: "test/1".to_owned(),
        secrets: Secrets::default(),
    }
}

/// Reads the object by the way that these variables set.
async fn read(base_url: &str, variables: &[(&str, &str)]) -> Result<(), Error> {
    let outcome = collection(config_with(base_url, variables)).get(&operation(), ID).await?;
    assert_eq!(shown(outcome).port, Some(5060));
    Ok(())
}

#[tokio::test]
async fn a_request_goes_through_the_proxy_and_only_the_proxy_gets_its_credentials() {
    let authority = Authority::new();
    let trusted = ("SSL_CERT_FILE", &*authority.path("ca.pem"));
    let (target, requests) = api(Some(authority.tls("api.deepslate.test"))).await;
    let basic = "proxy-authorization: Basic dXNlcjpwQHNz\r\n";
    for (tls, scheme, credentials, header) in [
        (None, "http://", "", None),
        (None, "", "", None),
        (None, "http://", "user:p@ss@", Some(basic)),
        (None, "", "user:p%40ss@", Some(basic)),
        (Some(authority.tls("localhost")), "https://", "user:p@ss@", Some(basic)),
    ] {
        let (address, asked) = proxy(tls, "200 Connection established", target).await;
        let variable = format!("{scheme}{credentials}localhost:{}", address.port());
        read(API, &[("HTTPS_PROXY", &variable), trusted]).await.unwrap_or_else(|error| panic!("{variable}: {error:?}"));

        let asked = asked.lock().expect("not poisoned").concat();
        assert!(asked.starts_with("CONNECT api.deepslate.test:443 HTTP/1.1\r\n"), "{asked}");
        let sent = asked.lines().find(|line| line.to_ascii_lowercase().starts_with("proxy-authorization"));
        assert_eq!(sent.map(|line| line.to_ascii_lowercase() + "\r\n"), header.map(str::to_ascii_lowercase), "{asked}");
        assert!(!asked.contains(KEY), "the key is for the server only");
        let request = requests.lock().expect("not poisoned").pop().expect("the request arrives");
        assert!(request.contains(KEY) && !request.to_ascii_lowercase().contains("proxy-authorization"), "{request}");
    }
}

#[tokio::test]
async fn a_socks_proxy_gets_the_name_and_its_credentials() {
    let authority = Authority::new();
    let (target, _) = api(Some(authority.tls("api.deepslate.test"))).await;
    for scheme in ["socks5", "socks5h"] {
        let (address, asked) = socks(target).await;
        let variable = format!("{scheme}://user:p@s%3As@{address}");
        read(API, &[("https_proxy", &variable), ("SSL_CERT_FILE", &authority.path("ca.pem"))]).await.expect(scheme);
        assert_eq!(*asked.lock().expect("not poisoned"), ["user p@s:s api.deepslate.test:443"]);
        let config = config_with(API, &[("https_proxy", &variable)]);
        let secrets = config.secrets.clone();
        let _knowing = collection(config);
        let shown = secrets.show(&"bad password p@s:s".into(), redaction::Length::Message);
        assert!(!shown.as_line().contains("p@s"), "{shown}");
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_is_named_without_its_password() {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 1));
    for (status, kind, attempts, gave_up) in [
        ("407 Proxy Authentication Required", ErrorKind::ProxyUnauthorized, 1, GaveUp::Final),
        ("403 Forbidden", ErrorKind::ProxyRefused, 4, GaveUp::Unreachable),
        ("502 Bad Gateway", ErrorKind::ProxyRefused, 4, GaveUp::Unreachable),
    ] {
        let (address, _) = proxy(None, status, nowhere).await;
        let variable = format!("http://user:hunter2@{address}");
        let error = read(API, &[("HTTPS_PROXY", &variable)]).await.expect_err(status);
        assert_eq!((&error.kind, error.attempts, error.gave_up), (&kind, attempts, gave_up), "{error:?}");
        let route = format!("through the proxy http://{address} from `HTTPS_PROXY`");
        assert_eq!(error.route.as_deref(), Some(&*route));
        assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    }
}

#[tokio::test]
async fn a_proxy_that_cannot_be_reached_is_named() {
    let error = read(API, &[("HTTPS_PROXY", "http://127.0.0.1:1")]).await.expect_err("nobody listens");
    assert_eq!(error.kind, ErrorKind::ConnectionRefused);
    assert_eq!(error.route.as_deref(), Some("through the proxy http://127.0.0.1:1 from `HTTPS_PROXY`"));
    let error =
        read("https://localhost:1", &[("HTTPS_PROXY", "http://127.0.0.1:2")]).await.expect_err("nobody listens");
    assert_eq!((&error.kind, &error.route), (&ErrorKind::ConnectionRefused, &None), "this machine is reached directly");
}

#[tokio::test]
async fn certificates_come_from_the_file_and_the_folders_that_the_environment_names() {
    let authority = Authority::new();
    let (address, _) = api(Some(authority.tls("localhost"))).await;
    let base_url = format!("https://localhost:{}", address.port());
    let ca = authority.issuer.pem();
    authority.write("one/ca.crt", &ca);
    authority.write("two/any name", &format!("a comment\n{ca}"));
    authority.write("two/rubbish.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    authority.write("empty/none", "");
    symlink(authority.path("ca.pem"), authority.path("empty/link")).expect("a link");
    let [one, two, linked] = ["one", "two", "empty"].map(|name| authority.path(name));
    let missing = authority.path("missing");
    for variables in [
        &[("SSL_CERT_FILE", &*authority.path("ca.pem"))][..],
        &[("SSL_CERT_FILE", &authority.path("ca.pem")), ("SSL_CERT_DIR", "")],
        &[("SSL_CERT_DIR", &one)],
        &[("SSL_CERT_DIR", &format!("{missing}:{two}"))],
        &[("SSL_CERT_DIR", &linked), ("SSL_CERT_FILE", &missing)],
    ] {
        read(&base_url, variables).await.unwrap_or_else(|error| panic!("{variables:?}: {error:?}"));
    }
}

#[tokio::test]
async fn without_a_certificate_to_trust_the_error_names_the_variables_and_what_is_in_them() {
    let authority = Authority::new();
    authority.write("empty/none", "");
    let (file, folder, gone) = (authority.path("empty/none"), authority.path("empty"), authority.path("gone"));
    for (variables, told) in [
        (
            [("SSL_CERT_FILE", &*gone), ("SSL_CERT_DIR", &*folder)],
            [
                format!("`SSL_CERT_FILE` is set, `{gone}` cannot be read: No such file"),
                format!("`SSL_CERT_DIR` is set, `{folder}` has no certificates"),
            ],
        ),
        (
            [("SSL_CERT_FILE", &*file), ("SSL_CERT_DIR", &*format!("{gone}:{folder}"))],
            [format!("`{file}` has no certificates"), format!("`{gone}` cannot be read: No such file")],
        ),
    ] {
        let error = read("https://localhost:1", &variables).await.expect_err("nothing to trust");
        assert_eq!((&error.kind, error.attempts, error.gave_up), (&ErrorKind::NoCertificates, 1, GaveUp::Final));
        let trusted = error.trusted.as_deref().unwrap_or_default();
        assert!(told.iter().all(|told| trusted.contains(told)), "{trusted}");

        let server = Server::start([server::json("200 OK", FOUND)]).await;
        let base_url = config_of(&server).base_url.to_string();
        read(&base_url, &variables).await.expect("a server without TLS needs no certificate");
    }
}

#[tokio::test]
async fn an_empty_variable_counts_as_unset() {
    let system = read("https://localhost:1", &[]).await.expect_err("nobody listens");
    let empty = [("SSL_CERT_FILE", ""), ("SSL_CERT_DIR", ""), ("HTTPS_PROXY", ""), ("NO_PROXY", "")];
    let error = read("https://localhost:1", &empty).await.expect_err("nobody listens");
    assert_eq!((&error.kind, &error.trusted, &error.route), (&system.kind, &system.trusted, &system.route));
}

#[tokio::test]
async fn an_untrusted_certificate_is_an_error_that_says_what_is_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (address, requests) = api(Some(authority.tls("localhost"))).await;
    let base_url = format!("https://localhost:{}", address.port());
    let (file, folder) = (other.path("ca.pem"), other.path(""));
    let error = read(&base_url, &[("SSL_CERT_FILE", &file), ("SSL_CERT_DIR", &folder)]).await.expect_err("untrusted");
    assert_eq!((&error.kind, error.attempts), (&ErrorKind::Tls, 1), "{error:?}");
    let trusted = error.trusted.as_deref().unwrap_or_default();
    assert!(trusted.contains(&format!("`SSL_CERT_FILE` is set, `{file}` has 1 certificate")), "{trusted}");
    assert!(requests.lock().expect("not poisoned").is_empty());
    assert!(Path::new(&folder).is_dir());
}

#[tokio::test]
async fn a_self_signed_certificate_works_unless_it_is_one_of_an_authority() {
    let authority = Authority::new();
    for (is_ca, works) in [
        (IsCa::NoCa, true),
        (IsCa::ExplicitNoCa, true),
        (IsCa::Ca(BasicConstraints::Unconstrained), false),
        (IsCa::Ca(BasicConstraints::Constrained(0)), false),
    ] {
        let (tls, file) = authority.tls_of_its_own(is_ca);
        let (address, _) = api(Some(tls)).await;
        let outcome = read(&format!("https://localhost:{}", address.port()), &[("SSL_CERT_FILE", &file)]).await;
        match outcome {
            Ok(()) => assert!(works),
            Err(error) => assert!(!works && error.kind == ErrorKind::AuthorityAsServer, "{error:?}"),
        }
    }
}
