"""Real servers on this machine, started once: SFTP by OpenSSH, S3, WebDAV, Azure's emulator, and more.

Tests cannot import from here, so a fixture gives all they need: `site.open()`, `site.fetch(path)`.
"""

import contextlib
import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from morning_edition.publish.places import open_target
from morning_edition.publish.target import Target

KINDS = ("folder", "memory", "ftp", "sftp", "webdav", "s3", "gcs", "azure")
STARTED_IN_S = 20.0
PASSWORD = "canary-Pa55w0rd"
"""Of the WebDAV and FTP servers; no message may show it."""


@dataclass(frozen=True)
class Headers:
    """What a web browser is told with a file; None where the target cannot say."""

    media_type: str | None
    cache_control: str | None


@dataclass
class Site:
    """A target of one kind, empty, and a second way to look at what stands there."""

    kind: str
    address: str
    fetch: Callable[[str], bytes | None]
    """By a client of its own: the content at a path, None for nothing."""
    headers: Callable[[str], Headers] = lambda path: Headers(None, None)
    names: Callable[[], list[str]] | None = None
    """Every name there, also of parts."""
    reroute: Callable[[int], str] | None = None
    """Lead to another port of this machine; returns the address there."""
    port: int = 0
    opened: list[Target] = field(default_factory=list)

    def open(self, address: str = "") -> Target:
        target = open_target(address or self.address)
        self.opened.append(target)
        return target


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave what wants a server to the thorough run: most of its time is the server's own."""
    for item in items:
        if item.path.parent == Path(__file__).parent and wants_server(item):
            item.add_marker(pytest.mark.thorough)


def wants_server(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    call = getattr(item, "callspec", None)
    kinds = (
        {value for value in call.params.values() if isinstance(value, str)} & set(KINDS) if call else set()
    )
    served = {"ssh_server", *(f"{kind}_site" for kind in KINDS)} - {"folder_site", "memory_site"}
    return bool(kinds - {"folder", "memory"} or fixtures & served)


@pytest.fixture(params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """Give an empty place of each kind in turn."""
    yield from _give(request, request.param)


@pytest.fixture
def site_of(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    """Give a place of the kind that is asked for."""
    with contextlib.ExitStack() as stack:

        def give(kind: str) -> Site:
            return stack.enter_context(contextlib.contextmanager(_give)(request, kind))

        yield give


def _give(request: pytest.FixtureRequest, kind: str) -> Iterator[Site]:
    site: Site = request.getfixturevalue(f"{kind}_site")
    yield site
    for target in site.opened:
        target.close()


@pytest.fixture
def folder_site(tmp_path: Path) -> Site:
    return Site("folder", str(tmp_path / "www"), *_on_disk(tmp_path / "www"))


@pytest.fixture
def memory_site(request: pytest.FixtureRequest) -> Site:
    import fsspec

    base = f"/{_unique()}"

    def fetch(path: str) -> bytes | None:
        held = fsspec.filesystem("memory").store.get(f"{base}/{path}")
        return held.getvalue() if held else None

    return Site("memory", f"memory:/{base}", fetch)


def _unique() -> str:
    return f"t{os.urandom(6).hex()}"


def _on_disk(root: Path) -> tuple[Any, Any, Any]:
    def fetch(path: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            return (root / path).read_bytes()
        return None

    def names() -> list[str]:
        return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())

    return fetch, lambda path: Headers(None, None), names


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    until_s = time.monotonic() + STARTED_IN_S
    while time.monotonic() < until_s:
        if process and process.poll() is not None:
            pytest.skip(f"the server ended at once, with {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
            return
        time.sleep(0.02)
    pytest.fail(f"no server answers at port {port}")


@contextlib.contextmanager
def running(*command: object, port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process of its own until the end."""
    process = subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    try:
        wait_for(port, process)
        yield process
    finally:
        process.terminate()
        process.wait(10)


# SFTP


@dataclass(frozen=True)
class SshServer:
    folder: Path
    """With keys and `known_hosts`, and all that is published."""
    port: int
    config: Path

    @property
    def address(self) -> str:
        return f"sftp://{getpass.getuser()}@127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "MORNING_EDITION_SFTP_KEY": str(self.folder / "user_key"),
            "MORNING_EDITION_SFTP_KNOWN_HOSTS": str(self.folder / "known_hosts"),
        }


@pytest.fixture(scope="session")
def ssh_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    pytest.importorskip("paramiko", reason="paramiko is not installed")
    sshd, sftp = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin"), Path("/usr/lib/openssh/sftp-server")
    if sshd is None or not sftp.exists():
        pytest.skip("OpenSSH's server is not installed (Debian: openssh-server)")
    folder = tmp_path_factory.mktemp("ssh")
    for name in ("host_key", "user_key", "other_key"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(folder / name)]
        subprocess.run(command, check=True)
    port = free_port()
    shutil.copy(folder / "user_key.pub", folder / "authorized_keys")
    host_key = (folder / "host_key.pub").read_text("ascii").split()[:2]
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {' '.join(host_key)}\n", "ascii")
    config = folder / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder / 'host_key'}\nPidFile none\n"
        f"AuthorizedKeysFile {folder / 'authorized_keys'}\nStrictModes no\nUsePAM no\n"
        f"PasswordAuthentication no\nKbdInteractiveAuthentication no\nMaxStartups 100\n"
        f"Subsystem sftp {sftp}\n",
        "ascii",
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # it asks for that when root starts it
    with running(sshd, "-D", "-e", "-f", config, port=port):
        yield SshServer(folder, port, config)


@pytest.fixture
def sftp_site(ssh_server: SshServer, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in ssh_server.environment.items():
        monkeypatch.setenv(name, value)
    root = ssh_server.folder / _unique()

    def reroute(port: int) -> str:
        known = ssh_server.folder / f"known_hosts.{port}"
        known.write_text(
            (ssh_server.folder / "known_hosts").read_text().replace(f"]:{ssh_server.port}", f"]:{port}")
        )
        monkeypatch.setenv("MORNING_EDITION_SFTP_KNOWN_HOSTS", str(known))
        return f"sftp://{getpass.getuser()}@127.0.0.1:{port}{root}"

    return Site("sftp", f"{ssh_server.address}{root}", *_on_disk(root), reroute, ssh_server.port)


# WebDAV

WEBDAV = """
import sys
from cheroot import wsgi
from wsgidav.wsgidav_app import WsgiDAVApp

root, port, user, password = sys.argv[1:]
app = WsgiDAVApp({
    "provider_mapping": {"/": root},
    "simple_dc": {"user_mapping": {"*": {user: {"password": password}}}},
    "http_authenticator": {"accept_digest": False, "default_to_digest": False},
    "property_manager": True, "lock_storage": True, "verbose": 0, "logging": {"enable": False},
})
server = wsgi.Server(("127.0.0.1", int(port)), app, numthreads=10)
server.safe_start()
"""


@pytest.fixture(scope="session")
def webdav_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    pytest.importorskip("wsgidav", reason="WsgiDAV is not installed")
    pytest.importorskip("cheroot", reason="cheroot is not installed")
    root, port = tmp_path_factory.mktemp("webdav"), free_port()
    with running(sys.executable, "-c", WEBDAV, root, port, "desk", PASSWORD, port=port):
        yield root, port


@pytest.fixture
def webdav_site(webdav_server: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("MORNING_EDITION_WEBDAV_USER", "desk")
    monkeypatch.setenv("MORNING_EDITION_WEBDAV_PASSWORD", PASSWORD)
    root, port = webdav_server
    base = root / _unique()
    base.mkdir()

    def reroute(port: int) -> str:
        return f"webdav://127.0.0.1:{port}/{base.name}"

    return Site("webdav", reroute(port), *_on_disk(base), reroute, port)


# FTP, for what fsspec knows besides

FTP = """
import sys
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

root, port, user, password = sys.argv[1:]
FTPHandler.authorizer = DummyAuthorizer()
FTPHandler.authorizer.add_user(user, password, root, perm="elradfmwMT")
ThreadedFTPServer(("127.0.0.1", int(port)), FTPHandler).serve_forever()
"""


@pytest.fixture(scope="session")
def ftp_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    pytest.importorskip("fsspec", reason="fsspec is not installed")
    pytest.importorskip("pyftpdlib", reason="pyftpdlib is not installed")
    root, port = tmp_path_factory.mktemp("ftp"), free_port()
    with running(sys.executable, "-W", "ignore", "-c", FTP, root, port, "desk", PASSWORD, port=port):
        yield root, port


@pytest.fixture
def ftp_site(ftp_server: tuple[Path, int], monkeypatch: pytest.MonkeyPatch) -> Site:
    import fsspec.config

    monkeypatch.setitem(fsspec.config.conf, "ftp", {"password": PASSWORD})
    root, port = ftp_server
    base = root / _unique()
    base.mkdir()

    def reroute(port: int) -> str:
        return f"ftp://desk@127.0.0.1:{port}/{base.name}"

    return Site("ftp", reroute(port), *_on_disk(base), reroute, port)


# S3


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    pytest.importorskip("moto", reason="moto is not installed")
    port = free_port()
    code = f"import sys; from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
    with running(sys.executable, "-W", "ignore", "-c", code, port=port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def s3_site(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> Site:
    for name, value in {
        "AWS_ENDPOINT_URL": s3_server,
        "AWS_ACCESS_KEY_ID": "canary-access-key",
        "AWS_SECRET_ACCESS_KEY": "canary-secret-key",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    import boto3
    from botocore.exceptions import ClientError

    client, bucket = boto3.client("s3"), _unique()
    client.create_bucket(Bucket=bucket)

    def get(path: str) -> Any:
        try:
            return client.get_object(Bucket=bucket, Key=f"show/{path}")
        except ClientError:
            return None

    def fetch(path: str) -> bytes | None:
        found = get(path)
        return found["Body"].read() if found else None

    def names() -> list[str]:
        listed = client.list_objects_v2(Bucket=bucket).get("Contents", ())
        return sorted(item["Key"].removeprefix("show/") for item in listed)

    def headers(path: str) -> Headers:
        found = get(path)
        return Headers(found.get("ContentType"), found.get("CacheControl"))

    def reroute(port: int) -> str:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
        return f"s3://{bucket}/show"

    port = int(s3_server.rpartition(":")[2])
    return Site("s3", f"s3://{bucket}/show", fetch, headers, names, reroute, port)


# Azure


@pytest.fixture(scope="session")
def azure_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pytest.importorskip("adlfs", reason="adlfs is not installed")
    named = os.environ.get("AZURITE_BLOB") or shutil.which("azurite-blob")
    if not named:
        pytest.skip("Azurite is not installed (npm install azurite); AZURITE_BLOB names its azurite-blob")
    port = free_port()
    command = (named, "--blobPort", port, "--inMemoryPersistence", "--skipApiVersionCheck", "--silent")
    with running(*command, port=port):
        # The account and key that every emulator has, printed in Microsoft's documentation.
        yield (
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDX"
            "J1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            f"BlobEndpoint=http://127.0.0.1:{port}/devstoreaccount1;"
        )


@pytest.fixture
def azure_site(azure_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", azure_server)
    from azure.core.exceptions import ResourceNotFoundError
    from azure.storage.blob import BlobServiceClient

    with BlobServiceClient.from_connection_string(azure_server) as service:
        container = service.create_container(_unique())

        def get(path: str) -> Any:
            try:
                return container.get_blob_client(f"show/{path}").download_blob()
            except ResourceNotFoundError:
                return None

        def fetch(path: str) -> bytes | None:
            found = get(path)
            return found.readall() if found is not None else None

        def headers(path: str) -> Headers:
            settings = get(path).properties.content_settings
            return Headers(settings.content_type, settings.cache_control)

        def names() -> list[str]:
            return sorted(str(blob.name).removeprefix("show/") for blob in container.list_blobs())

        port = int(azure_server.partition("BlobEndpoint=http://127.0.0.1:")[2].partition("/")[0])

        def reroute(other: int) -> str:
            monkeypatch.setenv(
                "AZURE_STORAGE_CONNECTION_STRING", azure_server.replace(f":{port}/", f":{other}/")
            )
            return f"az://{container.container_name}/show"

        yield Site("azure", reroute(port), fetch, headers, names, reroute, port)


# Google Cloud Storage: a small server that knows what of its JSON API is asked here.


class GcsServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _GcsHandler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.objects: dict[tuple[str, str], dict[str, Any]] = {}
        self.uploads: dict[str, dict[str, Any]] = {}
        self.lock = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when the other side hangs up."""


class _GcsHandler(BaseHTTPRequestHandler):
    server: GcsServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        bucket = unquote(self.path.split("/b/")[1].split("/o")[0])
        told = json.loads(self._body())
        if bucket.startswith("no-"):
            self._answer(404, {"error": {"code": 404, "message": "canary-secret"}})
            return
        if bucket.startswith("forbidden-"):
            self._answer(403, {"error": {"code": 403, "message": "canary-secret"}})
            return
        token = os.urandom(8).hex()
        held = {**told, "bucket": bucket, "name": query["name"], "media": b""}
        self.server.uploads[token] = {**held, "condition": query.get("ifGenerationMatch")}
        place = f"http://{self.headers['Host']}/upload/storage/v1/b/{quote(bucket)}/o?upload_id={token}"
        self._answer(200, {}, Location=place)

    def do_PUT(self) -> None:
        upload = self.server.uploads[parse_qs(urlsplit(self.path).query)["upload_id"][0]]
        upload["media"] += self._body()
        total = int(self.headers["Content-Range"].rpartition("/")[2])
        if len(upload["media"]) < total:
            self._answer(308, None, Range=f"bytes=0-{len(upload['media']) - 1}")
            return
        self._finish(upload)

    def _finish(self, upload: dict[str, Any]) -> None:
        import base64
        import hashlib

        md5 = base64.b64encode(hashlib.md5(upload["media"], usedforsecurity=False).digest()).decode()
        if upload["md5Hash"] != md5:
            self._answer(400, {"error": {"code": 400, "message": "invalid MD5"}})
            return
        key = upload["bucket"], upload["name"]
        with self.server.lock:
            if upload["condition"] == "0" and key in self.server.objects:
                self._answer(412, {"error": {"code": 412, "message": "conditionNotMet"}})
                return
            size = str(len(upload["media"]))
            self.server.objects[key] = {**upload, "size": size, "generation": str(time.time_ns())}
        self._answer(200, {"name": upload["name"]})

    def do_GET(self) -> None:
        found = self._find()
        if not found:
            self._answer(404, {"error": {"code": 404, "message": "Not Found"}})
            return
        if "alt=media" not in self.path:
            self._answer(200, {name: value for name, value in found.items() if name != "media"})
            return
        if "Range" not in self.headers:
            self._answer(200, found["media"])
            return
        start, _, end = self.headers["Range"].removeprefix("bytes=").partition("-")
        self._answer(206, found["media"][int(start) : int(end) + 1])

    def do_DELETE(self) -> None:
        found = self._find()
        if found:
            del self.server.objects[found["bucket"], found["name"]]
        self._answer(204 if found else 404, None)

    def _find(self) -> dict[str, Any] | None:
        bucket, _, name = urlsplit(self.path).path.split("/b/")[1].partition("/o/")
        return self.server.objects.get((unquote(bucket), unquote(name)))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def _answer(self, status: int, record: Mapping[str, Any] | bytes | None, **headers: str) -> None:
        body = record if isinstance(record, bytes) else b"" if record is None else json.dumps(record).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture(scope="session")
def gcs_server() -> Iterator[GcsServer]:
    pytest.importorskip("gcsfs", reason="gcsfs is not installed")
    with GcsServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def gcs_site(gcs_server: GcsServer, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", gcs_server.url)
    bucket = _unique()

    def get(path: str) -> dict[str, Any]:
        return gcs_server.objects.get((bucket, f"show/{path}"), {})

    def names() -> list[str]:
        return sorted(name.removeprefix("show/") for place, name in gcs_server.objects if place == bucket)

    def headers(path: str) -> Headers:
        return Headers(get(path).get("contentType"), get(path).get("cacheControl"))

    def reroute(port: int) -> str:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
        return f"gs://{bucket}/show"

    def fetch(path: str) -> bytes | None:
        return get(path).get("media")

    return Site("gcs", f"gs://{bucket}/show", fetch, headers, names, reroute, gcs_server.server_port)


# What stands between, and does harm


class Line:
    """A line to a server of this machine that can be cut after so many bytes to it."""

    def __init__(self, port: int) -> None:
        self.to = port
        self.cut_after: int | None = None
        self.drop = b""
        """Taken out of what passes to the server."""
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection(("127.0.0.1", self.to))
                threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, counted: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while piece := source.recv(65_536):
                passed += len(piece)
                if counted and self.cut_after is not None and passed > self.cut_after:
                    break
                sink.sendall(
                    piece.replace(self.drop, b"X" * len(self.drop)) if counted and self.drop else piece
                )
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def line_to() -> Iterator[Callable[[int], Line]]:
    """Give a line to a port of this machine."""
    lines: list[Line] = []

    def lay(port: int) -> Line:
        lines.append(Line(port))
        return lines[-1]

    yield lay
    for line in lines:
        line.close()
