"""Certificates of every kind, good and bad, made by the openssl command."""

from __future__ import annotations

import ssl
import subprocess
from pathlib import Path

_CONFIG = """
[ca]
default_ca = authority
[authority]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = named
unique_subject = no
[named]
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[leaf]
basicConstraints = CA:FALSE
subjectAltName = {name}
"""
_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Authority:
    """Issues certificates for servers in `folder`. Trusted by whoever is told of `root`."""

    def __init__(self, folder: Path, name: str = "An authority") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self.root = folder / "root.pem"
        self._root_key = folder / "root.key"
        (folder / "index").touch()
        (folder / "serial").write_text("01\n")
        (folder / "root.cnf").write_text(_CONFIG.format(name="DNS:unused"))
        self._openssl(
            *["req", "-x509", *_NEW_KEY, "-days", "2", "-subj", f"/CN={name}", "-config", "root.cnf"],
            *["-extensions", "root", "-keyout", str(self._root_key), "-out", str(self.root)],
        )

    def certificate(
        self,
        name: str = "IP:127.0.0.1",
        *,
        begins: str = "20200101000000Z",
        ends: str = "20980101000000Z",
        self_signed: bool = False,
    ) -> Path:
        """A file with a key, its certificate for `name` and the root's; the dates are whole seconds, UTC."""
        count = len(list(self._folder.glob("leaf*.pem")))
        path, key, request, config = (
            self._folder / f"leaf{count}.{end}" for end in ("pem", "key", "csr", "cnf")
        )
        config.write_text(_CONFIG.format(name=name))
        self._openssl("req", "-new", *_NEW_KEY, "-subj", "/CN=leaf", "-keyout", key, "-out", request)
        signer = (
            ["-selfsign", "-keyfile", key]
            if self_signed
            else ["-cert", self.root, "-keyfile", self._root_key]
        )
        self._openssl(
            *["ca", "-batch", "-notext", "-config", config.name, "-extensions", "leaf", *signer],
            *["-startdate", begins, "-enddate", ends, "-in", request, "-out", path],
        )
        chain = b"" if self_signed else self.root.read_bytes()
        path.write_bytes(key.read_bytes() + path.read_bytes() + chain)
        return path

    def _openssl(self, *arguments: object) -> None:
        command = ["openssl", *map(str, arguments)]
        ran = subprocess.run(command, cwd=self._folder, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr


def server_side(certificate: Path) -> ssl.SSLContext:
    """What a server presents `certificate` with."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context
