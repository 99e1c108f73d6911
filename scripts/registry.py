"""A registry on this machine: files in a folder, served over TLS."""

import functools
import http.server
import ssl
import subprocess
import threading


class _Files(http.server.SimpleHTTPRequestHandler):
    # Without a file name extension, everything is JSON in the protocols of registries.
    extensions_map = {"": "application/json", ".json": "application/json", ".zip": "application/zip"}

    def log_message(self, *arguments):
        pass


def certificate(folder):
    """Makes `certificate.pem` and `key.pem` for localhost in a folder. The certificate is also its own authority."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"]
        + ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        + ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")],
        check=True,
        stderr=subprocess.DEVNULL,
    )


def serve(files, certificates):
    """Serves a folder until the process ends, with the certificate from another folder. Returns the port."""
    handler = functools.partial(_Files, directory=str(files))
    server = http.server.ThreadingHTTPServer(("localhost", 0), handler)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificates / "certificate.pem", certificates / "key.pem")
    server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port
