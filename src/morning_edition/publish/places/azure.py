"""Azure Blob Storage: `az://container/prefix`, through `adlfs` and its settings from the environment.

`abfs://container@account.dfs.core.windows.net/prefix` names the account, too. A blob appears when it is there
whole: in one request, or in blocks that a last one joins. The service checks the MD5 of each of them, and
`create` is sent with `If-None-Match: *`, which only one of two can meet ("Put Blob" in its documentation).
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from morning_edition.errors import PublishError
from morning_edition.publish.places.address import Address, parse_address
from morning_edition.publish.places.contents import md5_of, measure_content, open_content
from morning_edition.publish.places.names import check_name
from morning_edition.publish.places.patience import CALL_S, CONNECT_S, reckon_patience
from morning_edition.publish.places.troubles import explain_broken, explain_status, find_package, hush
from morning_edition.publish.target import Stored

WAY_OUT = (
    "check AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY or "
    "AZURE_STORAGE_SAS_TOKEN, and see that they may read, write and delete blobs in the container"
)
RETRIES = {"retry_total": 1}
"""Azure's own wait before the first is some 15 s, and grows."""
BLOCK_BYTES = 1024 * 1024
"""What is longer goes in blocks of this length; aiohttp asks for no more at once."""
PATIENCE_S = reckon_patience(BLOCK_BYTES)


class Azure:
    """A target that is a container, or a part of one."""

    at_once = 4
    """How many threads may use it at the same time."""

    def __init__(self, address: str) -> None:
        """Find credentials as `adlfs` does. Raises `PublishError`."""
        parsed = parse_address(address)
        if parsed.port or not parsed.host or (parsed.user and ".core." not in parsed.host):
            raise PublishError(
                f"{parsed.scheme}://…: the address cannot be read; write it as {parsed.scheme}://container/prefix"
            )
        self.shown = parsed.shown
        self._container = parsed.user or parsed.host
        self._prefix = f"{parsed.path}/" if parsed.path else ""
        with self._translated(""):
            self._fs = _open_file_system(parsed)

    def look(self, path: str) -> Stored | None:
        """Return its size and MD5: that of its blocks was checked as they came."""
        with self._translated(path):
            told = self._look(path)
        if told is None:
            return None
        md5 = bytes(told.content_settings.content_md5 or b"").hex()
        return Stored(int(told.size), f"md5:{md5}" if md5 else "")

    def read(self, path: str) -> Iterator[bytes]:
        """Yield it in pieces, all of the same state."""
        from azure.core import MatchConditions

        with self._translated(path):
            told = self._look(path)
            if told is None or told.size <= BLOCK_BYTES:
                yield from self._read_at_once(path) if told else ()
                return
            for start in range(0, told.size, BLOCK_BYTES):
                same = {"etag": told.etag, "match_condition": MatchConditions.IfNotModified}
                part = {"offset": start, "length": min(BLOCK_BYTES, told.size - start)}
                yield self._sync(self._download, path, timeout=PATIENCE_S, **same, **part)

    def send(self, path: str, content: bytes | Path, *, media_type: str, cache_control: str) -> None:
        """Upload it, with its type and what caches are told."""
        with self._translated(path):
            self._upload(path, content, media_type, cache_control, overwrite=True)

    def create(self, path: str, content: bytes) -> bool:
        """Upload it on the condition that nothing stands there."""
        with self._translated(path):
            try:
                self._upload(path, content, "", "", overwrite=False)
            except Exception as error:
                if _code_of(error) not in ("BlobAlreadyExists", "ConditionNotMet"):
                    raise
                return b"".join(self.read(path)) == content  # ours where only the answer was lost
        return True

    def remove(self, path: str) -> None:
        """Remove it, if it is there."""
        with self._translated(path):
            try:
                self._ask(self._find(path).delete_blob)
            except Exception as error:
                if getattr(error, "status_code", 0) != 404:
                    raise

    def close(self) -> None:
        """End its connections."""
        with contextlib.suppress(Exception):
            self._sync(self._fs.service_client.close, timeout=1)
        self._fs = None

    def __repr__(self) -> str:
        """Show where it is."""
        return f"Azure({self.shown!r})"

    def _read_at_once(self, path: str) -> Iterator[bytes]:
        try:
            yield self._sync(self._download, path, timeout=PATIENCE_S)
        except Exception as error:
            if getattr(error, "status_code", 0) != 404:  # removed in the meantime
                raise

    async def _download(self, path: str, **conditions: object) -> bytes:
        download = await self._find(path).download_blob(**conditions, **RETRIES)
        return bytes(await download.readall())

    def _look(self, path: str) -> Any:  # noqa: ANN401
        try:
            return self._ask(self._find(path).get_blob_properties)
        except Exception as error:
            if getattr(error, "status_code", 0) == 404:
                return None
            raise

    def _find(self, path: str) -> Any:  # noqa: ANN401 - adlfs has no types
        return self._fs.service_client.get_blob_client(self._container, self._prefix + check_name(path))

    def _sync(self, call: Any, *arguments: object, timeout: float, **named: object) -> Any:  # noqa: ANN401
        from fsspec.asyn import sync

        return sync(self._fs.loop, call, *arguments, timeout=timeout, **named)

    def _upload(
        self, path: str, content: bytes | Path, media_type: str, cache_control: str, *, overwrite: bool
    ) -> None:
        from azure.storage.blob import ContentSettings

        settings = ContentSettings(
            content_type=media_type or "application/octet-stream",
            cache_control=cache_control or None,
            content_md5=bytearray(md5_of(content)),
        )
        blob = self._find(path)
        with open_content(content) as stream:
            if measure_content(content) > BLOCK_BYTES:
                self._ask(blob.commit_block_list, self._stage(blob, stream), content_settings=settings)
                return
            self._ask(
                blob.upload_blob,
                stream.read(BLOCK_BYTES),
                overwrite=overwrite,
                content_settings=settings,
                validate_content=True,
            )

    def _stage(self, blob: Any, stream: BinaryIO) -> list[Any]:  # noqa: ANN401
        """Send *stream* in blocks, and return what joins them."""
        from azure.storage.blob import BlobBlock

        blocks: list[Any] = []
        while piece := stream.read(BLOCK_BYTES):
            blocks.append(BlobBlock(f"{len(blocks):06}"))
            self._ask(blob.stage_block, blocks[-1].id, piece, validate_content=True)
        return blocks

    def _ask(self, call: Any, *arguments: object, **named: object) -> Any:  # noqa: ANN401
        return self._sync(call, *arguments, timeout=PATIENCE_S, **named, **RETRIES)

    @contextlib.contextmanager
    def _translated(self, path: str) -> Iterator[None]:
        try:
            yield
        except PublishError:
            raise
        except Exception as error:
            place = f"{self.shown}/{path}" if path else self.shown
            raise PublishError(f"{place}: {_explain(error)}") from None


def _open_file_system(address: Address) -> Any:  # noqa: ANN401 - adlfs has no types
    try:
        from adlfs import AzureBlobFileSystem
    except ImportError:
        raise find_package(address.shown, "adlfs", "azure") from None
    hush("adlfs", "azure")
    account = {"account_name": address.host.partition(".")[0]} if address.user else {}
    return AzureBlobFileSystem(
        skip_instance_cache=True,
        use_listings_cache=False,
        connection_timeout=int(CONNECT_S),
        read_timeout=int(CALL_S),
        **account,
    )


def _code_of(error: Exception) -> str:
    return str(getattr(error, "error_code", "") or "")


def _explain(error: Exception) -> str:
    status = int(getattr(error, "status_code", 0) or 0)
    if "ContainerNotFound" in _code_of(error):
        return "there is no such container; check the address, or make the container"
    if "Md5Mismatch" in _code_of(error):
        return "it was damaged on its way, and refused; publish again"
    if status:
        return explain_status(status, WAY_OUT)
    if isinstance(error, ValueError) or type(error).__name__ in ("ClientAuthenticationError",):
        return f"no account or no key is named; {WAY_OUT}"
    return explain_broken(error)
