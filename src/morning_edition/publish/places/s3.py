"""Amazon S3, and what speaks as it does: `s3://bucket/prefix`, through `s3fs` and its settings.

An object is replaced in one step, and the server checks its MD5 (Content-MD5) before. `create` asks with
`If-None-Match: *` (S3 user guide, "Conditional writes"; Cloudflare R2, MinIO and Ceph have it, too); where a
server is found to ignore that, it looks again after a moment whether its content is still the one there.
Checksums for uploads that newer SDKs add by themselves are left off: not all compatible servers take them.
"""

import contextlib
import io
import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import parse_bucket
from morning_edition.publish.places.claims import has_won
from morning_edition.publish.places.contents import PIECE_BYTES, md5_of, measure_content, open_content
from morning_edition.publish.places.names import check_name
from morning_edition.publish.places.patience import CALL_S, CONNECT_S, reckon_patience
from morning_edition.publish.places.troubles import explain_broken, explain_status, find_package, hush
from morning_edition.publish.target import Stored

WAY_OUT = (
    "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, renew a session that has ended, and see that they "
    "may do s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject in it"
)
CONFIG = {
    "connect_timeout": CONNECT_S,
    "read_timeout": CALL_S,
    "retries": {"total_max_attempts": 3, "mode": "standard"},
    "request_checksum_calculation": "when_required",
    "response_checksum_validation": "when_required",
    "user_agent_extra": "morning-edition",
}
MD5 = re.compile(r"[0-9a-f]{32}")


class S3:
    """A target that is a bucket, or a part of one."""

    at_once = 4
    """How many threads may use it at the same time."""

    def __init__(self, address: str) -> None:
        """Find keys, region and endpoint as all of Amazon's tools do. Raises `PublishError`."""
        parsed = parse_bucket(address)
        self.shown = parsed.shown
        self._bucket, self._prefix = parsed.host, f"{parsed.path}/" if parsed.path else ""
        self._fs = _open_file_system(self.shown)
        self._etags_are_md5 = True
        """Until an upload shows otherwise."""

    def look(self, path: str) -> Stored | None:
        """Return its size and MD5; no checksum where the ETag is none (own keys, uploads in parts)."""
        with self._translated(path):
            try:
                head = self._call("head_object", path)
            except FileNotFoundError:
                return None
        return Stored(int(head["ContentLength"]), self._find_checksum(head))

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces."""
        from fsspec.asyn import sync

        with self._translated(path):
            try:
                body = self._call("get_object", path)["Body"]
            except FileNotFoundError:
                return
            with contextlib.closing(body):
                while piece := sync(self._fs.loop, body.read, PIECE_BYTES, timeout=CALL_S):
                    yield piece

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Put it in one request: up to 5 GB, as the service allows."""
        md5 = md5_of(content)
        headers = {"ContentType": media_type, "CacheControl": cache_control}
        with open_content(content) as body, self._translated(path):
            answer = self._call(
                "put_object",
                path,
                timeout=reckon_patience(measure_content(content)),
                Body=body,
                ContentMD5=b64encode(md5).decode(),
                **{name: value for name, value in headers.items() if value},
            )
        self._etags_are_md5 &= self._find_checksum(answer) in ("", f"md5:{md5.hex()}")

    def create(self, path: str, content: bytes) -> bool:
        """Put it if nothing stands there.

        Two who create the same *content* at once may both be told that they won: let no two be alike.
        """
        if self.look(path) is not None:
            return False
        with self._translated(path):
            if not self._put_new(path, content):  # an answer that was lost, or somebody else?
                return self._read_whole(path) == content
            if self._read_whole(path) != content:
                return False
            if not self._put_new(path, content):
                return True  # the server keeps its word
        return has_won(lambda: self._read_whole(path), content)

    def remove(self, path: str) -> None:
        """Remove it; the service does not say whether it stood there."""
        with self._translated(path), contextlib.suppress(FileNotFoundError):
            self._call("delete_object", path)

    def close(self) -> None:
        """End its connections."""
        fs, self._fs = self._fs, None
        del fs  # which has them closed

    def __repr__(self) -> str:
        """Show where it is."""
        return f"S3({self.shown!r})"

    def _call(self, method: str, path: str, *, timeout: float = CALL_S, **parameters: object) -> Any:  # noqa: ANN401
        key = self._prefix + check_name(path)
        return self._fs.call_s3(method, Bucket=self._bucket, Key=key, timeout=timeout, **parameters)

    def _put_new(self, path: str, content: bytes) -> bool:
        """Put *content* on the condition that nothing stands there; False where something does."""
        try:
            self._call("put_object", path, Body=io.BytesIO(content), IfNoneMatch="*")
        except OSError as error:
            status, code = _find_status(error)
            if status in (409, 412) and code != "NoSuchBucket":
                return False
            if status == 501 or code == "NotImplemented":
                self._call("put_object", path, Body=io.BytesIO(content))
                return True
            raise
        return True

    def _read_whole(self, path: str) -> bytes:
        return b"".join(self.read(path))

    def _find_checksum(self, answer: dict[str, Any]) -> str:
        """Return the MD5 in an ETag, which it is for objects put in one request, but not with keys of KMS."""
        etag = str(answer.get("ETag", "")).strip('"').lower()
        own_keys = "kms" in str(answer.get("ServerSideEncryption", "")) or answer.get("SSECustomerAlgorithm")
        return f"md5:{etag}" if MD5.fullmatch(etag) and not own_keys and self._etags_are_md5 else ""

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except PublishError:
            raise
        except Exception as error:
            raise PublishError(f"{self.shown}/{path}: {_explain(error)}") from None


def _open_file_system(shown: str) -> Any:  # noqa: ANN401 - s3fs has no types
    try:
        from fsspec.config import conf
        from s3fs import S3FileSystem
    except ImportError:
        raise find_package(shown, "s3fs", "s3") from None
    hush("s3fs", "aiobotocore", "botocore")
    config = {**CONFIG, **conf.get("s3", {}).get("config_kwargs", {})}
    fs = S3FileSystem(skip_instance_cache=True, use_listings_cache=False, config_kwargs=config)
    fs.retries = 1  # botocore asks again, from the beginning of what is sent; s3fs would go on at its end
    return fs


def _find_status(error: BaseException) -> tuple[int, str]:
    """Return the HTTP status and Amazon's code of an error; 0 where it has none."""
    answer = getattr(error.__cause__, "response", None) or getattr(error, "response", None) or {}
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return int(status), str(answer.get("Error", {}).get("Code", ""))


def _explain(error: Exception) -> str:
    status, code = _find_status(error)
    if code == "NoSuchBucket":
        return "there is no such bucket; check the address, or make the bucket"
    if code in ("BadDigest", "InvalidDigest"):
        return "it was damaged on its way, and refused; publish again"
    if status:
        return explain_status(status, WAY_OUT)
    if type(error).__name__ in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return f"no keys are there; {WAY_OUT}"
    if type(error).__name__ in ("NoRegionError", "InvalidRegionError"):
        return "no region is named; put it into AWS_DEFAULT_REGION"
    return explain_broken(error)
