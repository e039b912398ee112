"""Feeds, pages and transcripts as they are sent.

With the addresses of this server where that is wished for, and packed for those who unpack. Each form is made
once, and kept as long as there is room.
"""

import asyncio
import gzip
import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from urllib.parse import quote

from morning_edition.files import sha256_of
from morning_edition.serving.site import ROOT_NAMES, SiteFile

KEPT_BYTES = 64_000_000
QUICK_BYTES = 100_000
"""What is rendered or packed in a millisecond or so; more is done beside, so that nobody waits for it."""
LEVEL = 6
END = rb"(?![A-Za-z0-9_~%/-]|\.[A-Za-z0-9])"


class Texts:
    """The text files of the site whose address on the web is *base_url*."""

    def __init__(self, base_url: str, *, kept_bytes: int = KEPT_BYTES) -> None:
        self._base_url = base_url
        self._room = kept_bytes
        self._taken = 0
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._making: dict[Hashable, asyncio.Task[bytes]] = {}

    async def read(self, file: SiteFile, origin: str) -> tuple[bytes, str]:
        """Return a text and its entity tag; with *origin*, its addresses are those below that.

        *origin* ends in a slash, or is empty for the addresses on the web. Raises OSError.
        """

        def render() -> bytes:
            content = file.path.read_bytes()
            return move_addresses(content, self._base_url, origin) if origin else content

        key = (file.path, file.identity, origin)
        content = await self._get(key, file.size_bytes, render)
        tag = await self._get((*key, "tag"), len(content), lambda: sha256_of(content)[:32].encode())
        return content, f'"{tag.decode()}"'

    async def pack(self, content: bytes, etag: str) -> tuple[bytes, str]:
        """Return what *etag* stands for with gzip (RFC 1952), and the entity tag of that."""
        packed = await self._get((etag, "gzip"), len(content), lambda: gzip.compress(content, LEVEL, mtime=0))
        return packed, f'{etag[:-1]}-gzip"'

    async def _get(self, key: Hashable, size: int, make: Callable[[], bytes]) -> bytes:
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        if size <= QUICK_BYTES:
            return self._keep(key, make())
        if key not in self._making:  # whoever asks for it meanwhile waits for the same
            self._making[key] = asyncio.create_task(asyncio.to_thread(make))
            self._making[key].add_done_callback(lambda _: self._making.pop(key))
        return self._keep(key, await asyncio.shield(self._making[key]))

    def _keep(self, key: Hashable, content: bytes) -> bytes:
        """Keep *content* in the place of what was used longest ago."""
        self._taken += len(content) - len(self._kept.pop(key, b""))
        self._kept[key] = content
        while len(self._kept) > 1 and self._taken > self._room:
            self._taken -= len(self._kept.popitem(last=False)[1])
        return content


def accepts_gzip(header: str) -> bool:
    """Tell whether `Accept-Encoding` takes gzip, and does not like the plain file better (§12.5.3)."""
    weights: dict[str, float] = {}
    for item in header.lower().split(","):
        coding, *parameters = (part.strip() for part in item.split(";"))
        weights[coding] = next((_weigh(value[2:]) for value in parameters if value.startswith("q=")), 1.0)
    packed = weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0)))
    return packed > 0 and packed >= weights.get("identity", 0.0)


def _weigh(value: str) -> float:
    return float(value) if re.fullmatch(r"[01](\.[0-9]{0,3})?", value) else 0.0


def move_addresses(text: bytes, base_url: str, origin: str) -> bytes:
    """Return *text* with each address of the site's own files below *origin* instead of *base_url*.

    Both end in a slash. Other addresses at the same place stay: a newspaper's articles often have it. Those
    inside another address (`?url=https%3A%2F%2F…`) and those with an app's scheme (`podcast://…`) move, too.
    """
    names = sorted(ROOT_NAMES)
    there, here = base_url.split(":", 1)[1], origin.split(":", 1)[1]
    plain = b"|".join([b"audio/", *(re.escape(name.encode()) + END for name in names), END])
    packed = b"|".join(
        [b"audio%2F", *(re.escape(quote(name, safe="").encode()) + END for name in names), END]
    )
    text = re.sub(
        rb"(https?:)?" + re.escape(there.encode()) + rb"(?=" + plain + rb")",
        lambda match: (origin if match[1] else here).encode(),
        text,
    )
    return re.sub(
        rb"https?%3A" + re.escape(quote(there, safe="").encode()) + rb"(?=" + packed + rb")",
        lambda _: quote(origin, safe="").encode(),
        text,
    )
