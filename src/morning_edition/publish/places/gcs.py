"""Google Cloud Storage: `gs://bucket/prefix`, through `gcsfs` and Google's own ways to credentials.

An object is sent as a resumable upload of the JSON API and appears when its last piece is there; its MD5 goes
with it, and the service refuses what does not match. `create` is sent with `ifGenerationMatch=0`, which only
one of two can meet ("Request preconditions" in the service's documentation).
"""

import contextlib
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import parse_bucket
from morning_edition.publish.places.contents import md5_of, measure_content, open_content
from morning_edition.publish.places.names import check_name
from morning_edition.publish.places.patience import CALL_S, CONNECT_S, reckon_patience
from morning_edition.publish.places.troubles import explain_broken, explain_status, find_package, hush
from morning_edition.publish.target import Stored

WAY_OUT = (
    "check GOOGLE_APPLICATION_CREDENTIALS, or sign in with `gcloud auth application-default login`, and see "
    "that they have the role Storage Object User on the bucket"
)
PIECE_BYTES = 1024 * 1024
"""Of an upload or a download; the service asks for multiples of 256 KiB, aiohttp for no more than this."""
EMULATOR = "STORAGE_EMULATOR_HOST"


class Gcs:
    """A target that is a bucket, or a part of one."""

    at_once = 4
    """How many threads may use it at the same time."""

    def __init__(self, address: str) -> None:
        """Find credentials as all of Google's tools do. Raises `PublishError`."""
        parsed = parse_bucket(address)
        self.shown = parsed.shown
        self._bucket, self._prefix = parsed.host, f"{parsed.path}/" if parsed.path else ""
        with self._translated(""):
            self._fs = _open_file_system(self.shown)

    def look(self, path: str) -> Stored | None:
        """Return its size and MD5; objects that were composed of others have none."""
        with self._translated(path):
            told = self._look(path)
        if told is None:
            return None
        md5 = b64decode(told.get("md5Hash", "")).hex()
        return Stored(int(told["size"]), f"md5:{md5}" if md5 else "")

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces, all of the same generation."""
        with self._translated(path):
            told = self._look(path)
            if told is None or int(told["size"]) <= PIECE_BYTES:
                with contextlib.suppress(FileNotFoundError):  # removed in the meantime
                    yield from [self._download(path)] if told else ()
                return
            for start in range(0, int(told["size"]), PIECE_BYTES):
                end = min(start + PIECE_BYTES, int(told["size"])) - 1
                headers = {"Range": f"bytes={start}-{end}"}
                yield self._download(path, generation=told["generation"], headers=headers)

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Upload it, with its type and what caches are told."""
        with self._translated(path):
            self._upload(path, content, media_type=media_type, cache_control=cache_control)

    def create(self, path: str, content: bytes) -> bool:
        """Upload it on the condition that no generation of it is there."""
        with self._translated(path):
            try:
                self._upload(path, content, ifGenerationMatch="0")
            except Exception as error:
                if _find_status(error) != 412:
                    raise
                return b"".join(self.read(path)) == content  # ours where only the answer was lost
        return True

    def remove(self, path: str) -> None:
        """Remove it, if it is there."""
        with self._translated(path), contextlib.suppress(FileNotFoundError):
            self._fs.call("DELETE", self._url("storage", path), timeout=CALL_S)

    def close(self) -> None:
        """End its connections."""
        fs, self._fs = self._fs, None
        with contextlib.suppress(Exception):
            fs.close_session(fs.loop, fs.session)

    def __repr__(self) -> str:
        """Show where it is."""
        return f"Gcs({self.shown!r})"

    def _download(self, path: str, **conditions: object) -> bytes:
        url = self._url("storage", path)
        _, piece = self._fs.call("GET", url, alt="media", timeout=CALL_S, **conditions)
        return bytes(piece)

    def _look(self, path: str) -> dict[str, Any] | None:
        try:
            told = self._fs.call("GET", self._url("storage", path), json_out=True, timeout=CALL_S)
        except FileNotFoundError:
            return None
        return dict(told)

    def _url(self, service: str, path: str) -> str:
        key = quote(self._prefix + check_name(path), safe="")
        return f"{self._fs._location}/{service}/v1/b/{quote(self._bucket, safe='')}/o/{key}"

    def _upload(
        self,
        path: str,
        content: bytes | Path,
        *,
        media_type: str = "",
        cache_control: str = "",
        **conditions: str,
    ) -> None:
        """Upload it in pieces ("Resumable uploads" in the service's documentation)."""
        size = measure_content(content)
        named = {
            "contentType": media_type or "application/octet-stream",
            "cacheControl": cache_control or "no-store",
            "md5Hash": b64encode(md5_of(content)).decode(),
        }
        headers, _ = self._fs.call(
            "POST",
            f"{self._fs._location}/upload/storage/v1/b/{quote(self._bucket, safe='')}/o",
            uploadType="resumable",
            name=self._prefix + check_name(path),
            json=named,
            timeout=CALL_S,
            **conditions,
        )
        with open_content(content) as stream:
            for sent, piece in _read_ranges(stream, size):
                self._fs.call(
                    "PUT",
                    str(headers["Location"]),
                    data=piece,
                    headers={"Content-Range": sent},
                    timeout=reckon_patience(len(piece)),
                )

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except PublishError:
            raise
        except Exception as error:
            place = f"{self.shown}/{path}" if path else self.shown
            raise PublishError(f"{place}: {_explain(error)}") from None


def _read_ranges(stream: BinaryIO, size_bytes: int) -> Iterator[tuple[str, bytes]]:
    """Yield the pieces of *stream*, each with its Content-Range; one empty piece where it is empty."""
    if not size_bytes:
        yield "bytes */0", b""
    for start in range(0, size_bytes, PIECE_BYTES):
        piece = stream.read(PIECE_BYTES)
        yield f"bytes {start}-{start + len(piece) - 1}/{size_bytes}", piece


def _open_file_system(shown: str) -> Any:  # noqa: ANN401 - gcsfs has no types
    try:
        from fsspec.config import conf
        from gcsfs.core import GCSFileSystem
    except ImportError:
        raise find_package(shown, "gcsfs", "gcs") from None
    import aiohttp

    hush("gcsfs", "google.auth")
    named = {**conf.get("gs", {}), **conf.get("gcs", {})}.get("token")
    token = named or ("anon" if os.environ.get(EMULATOR) else "google_default")
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=CALL_S)
    return GCSFileSystem(
        skip_instance_cache=True, use_listings_cache=False, requests_timeout=timeout, token=token
    )


def _find_status(error: Exception) -> int:
    """Return the HTTP status that gcsfs has made *error* of; 0 for none."""
    if isinstance(error, FileExistsError):
        return 412
    if isinstance(error, FileNotFoundError):
        return 404
    if isinstance(error, OSError) and str(error).startswith("Forbidden"):
        return 403
    code = getattr(error, "code", 0)
    return int(code) if isinstance(code, int | str) and str(code).isdigit() else 0


def _explain(error: Exception) -> str:
    status = _find_status(error)
    if status == 404:
        return "there is no such bucket; check the address, or make the bucket"
    if status:
        return explain_status(status, WAY_OUT)
    if type(error).__name__ in ("DefaultCredentialsError", "RefreshError", "NonRetryableError"):
        return f"no credentials are there, or they have ended; {WAY_OUT}"
    if isinstance(error, ValueError):
        return "the service does not take it; publish again"
    return explain_broken(error)
