"""A speech server of the network, asked over HTTP: one request in, its answer or a clear error out.

What may pass (429, 5xx, a time-out, a reset, half an answer) is `VoiceBusyError`, everything else
`VoiceError`; whoever asks decides about asking again. What began with the status 2xx is `paid`: the server
has done its work, whatever became of it. Keys are in no message, even when the server echoes them.
"""

import json
import os
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices.network.addresses import check_address
from morning_edition.voices.network.complaints import (
    LONGEST_ERROR,
    asked_wait_s,
    in_one_line,
    is_spent,
    name_content,
    read_complaint,
)

if TYPE_CHECKING:
    import urllib3

NO_HEADERS: Mapping[str, str] = MappingProxyType({})
LARGEST_BYTES = 64_000_000
"""Eleven minutes of 16 bits at 48 kHz: more than any line, and little enough to hold."""
LARGEST_ERROR_BYTES = 64_000
PIECE_BYTES = 65_536
SHORTEST_SECRET = 4
"""Shorter keys are what people give to servers that want none, and would spoil words of the message."""
TELLING_SECRET = 16
"""Servers like to show how a key begins; of one this long, what begins like it is not shown either."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent, whole."""

    content: bytes
    content_type: str
    """In lower case and without parameters: `audio/mpeg`; empty where it does not tell."""
    headers: Mapping[str, str]
    """Names in lower case."""


class RefusedError(VoiceError):
    """A server has understood, and says no; *status* is HTTP's."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Server:
    """One server, by its base address; many threads may ask it at once."""

    connect_timeout_s: ClassVar[float] = 5.0
    read_timeout_s: ClassVar[float] = 30.0
    """The longest silence of the server."""
    deadline_s: ClassVar[float] = 60.0
    """The longest time for a whole answer, unless one is given."""

    def __init__(
        self,
        engine: str,
        base_url: str,
        *,
        title: str,
        headers: Mapping[str, str] = NO_HEADERS,
        key_variable: str = "",
    ) -> None:
        """Note where the server is; nothing is sent. Raises `VoiceError` for an address it may not have.

        *title* is what messages call it. *headers* go with every request and may hold the key, which stands
        in the environment's *key_variable*.
        """
        from morning_edition.voices.network.connections import open_pools

        parts = check_address(engine, base_url)
        self.title = title
        self.host = parts.netloc
        self._engine = engine
        self._base_url = base_url.rstrip("/")
        self._headers = dict(headers)
        self._key_variable = key_variable
        self._pools = open_pools(engine, parts)

    def __repr__(self) -> str:
        """Show no headers."""
        return f"Server({self._engine!r}, {self._base_url!r})"

    def ask(
        self,
        method: str,
        path: str,
        *,
        record: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] = NO_HEADERS,
        largest_bytes: int = LARGEST_BYTES,
        deadline_s: float | None = None,
    ) -> Answer:
        """Send one request and return its answer.

        *path* is put behind the base address, query included; *record* goes out as JSON, or *content* as it
        is. A *deadline_s* that is given may pass in silence. Raises `VoiceBusyError`, with the wait that
        the server asks for, and `VoiceError`, of which `RefusedError` is one that the server wrote.
        """
        import urllib3

        silence_s, within_s = self.read_timeout_s, self.deadline_s
        if deadline_s is not None:
            silence_s = within_s = deadline_s
        until_s = time.monotonic() + within_s
        sent = {"User-Agent": "morning-edition", **self._headers, **headers}
        if record is not None:
            content = json.dumps(record, ensure_ascii=False).encode(
                errors="replace"
            )  # half a pair of surrogates
            sent["Content-Type"] = "application/json"
        try:
            answer = self._pools.urlopen(
                method,
                self._base_url + path,
                body=content,
                headers=sent,
                timeout=urllib3.Timeout(
                    connect=min(self.connect_timeout_s, within_s), read=min(silence_s, within_s)
                ),
                retries=False,
                redirect=False,
                preload_content=False,
            )
            return self._take(answer, largest_bytes, until_s)
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise self._network_error(error) from None  # its text may hold headers or a proxy's password

    def ask_record(
        self, method: str, path: str, *, record: object = None, deadline_s: float | None = None
    ) -> Mapping[str, Any]:
        """Send one request and return the JSON object that is its answer; raises as `ask` does."""
        answer = self.ask(method, path, record=record, deadline_s=deadline_s)
        try:
            found = json.loads(answer.content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            named = name_content(answer.content)
            what = named if named and named != "JSON" else "something that is not the JSON it should be"
            raise VoiceBusyError(f"{self._engine}: {self.title} answers with {what}", paid=True)
        return found

    def _take(self, answer: "urllib3.BaseHTTPResponse", largest_bytes: int, until_s: float) -> Answer:
        """Read *answer* to its end, or leave it and its connection."""
        import urllib3

        good = 200 <= answer.status < 300
        try:
            content = self._read(answer, largest_bytes if good else LARGEST_ERROR_BYTES, until_s, good=good)
        except BaseException as error:
            answer.close()
            if good and isinstance(error, urllib3.exceptions.HTTPError | OSError):
                raise self._network_error(error, paid=True) from None
            raise
        answer.release_conn()
        if not good:
            raise self._refusal(answer, content)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        content_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        return Answer(content, content_type, headers)

    def _read(self, answer: "urllib3.BaseHTTPResponse", largest: int, until_s: float, *, good: bool) -> bytes:
        """Return the body; of one that tells of an error, as much as is worth reading."""
        body = bytearray()
        while piece := answer.read1(PIECE_BYTES):
            body += piece
            if len(body) > largest or time.monotonic() > until_s:
                if not good:
                    answer.close()
                    break
                raise VoiceBusyError(
                    f"{self._engine}: the answer of {self.title} does not come to an end", paid=True
                )
        return bytes(body)

    def _refusal(self, answer: "urllib3.BaseHTTPResponse", content: bytes) -> VoiceError:
        """Say what an answer that is none means."""
        status, (code, said) = answer.status, read_complaint(content)
        spent = status == 402 or is_spent(code)
        shown = self._clean(f"{status}: {said}" if said else str(status))
        begin = f"{self._engine}: {self.title}"
        if status in {408, 425, 429} and not spent:
            return VoiceBusyError(
                f"{begin} asks for fewer requests ({shown})", wait_s=asked_wait_s(answer.headers)
            )
        if status >= 500 and not spent:
            return VoiceBusyError(f"{begin} is out of order ({shown})", wait_s=asked_wait_s(answer.headers))
        way_out = self._way_out(status, spent=spent)
        return RefusedError(f"{begin} refuses ({shown}); {way_out}", status=status)

    def _way_out(self, status: int, *, spent: bool) -> str:
        if spent:
            return "your plan there is used up: add to it, or choose another voice"
        if status in {401, 403, 407}:
            key = self._key_variable
            return f"check the key in {key} and what it may do" if key else "check whether it wants a key"
        if status in {404, 405}:
            return "check base_url, the model and the voice"
        if 300 <= status < 400:
            return "it sends to another address: check base_url, and whether this network wants a sign-in"
        return "check the voice and the settings of the engine"

    def _clean(self, text: str) -> str:
        """Return *text* in one line of a bearable length, without any of the keys that were sent."""
        for secret in (value.split()[-1] for value in self._headers.values() if value.strip()):
            if len(secret) >= SHORTEST_SECRET:
                text = text.replace(secret, "…")
            if len(secret) >= TELLING_SECRET:
                text = re.sub(re.escape(secret[:SHORTEST_SECRET]) + r"\S*", "…", text)
        line = in_one_line(text)
        return line if len(line) <= LONGEST_ERROR else line[: LONGEST_ERROR - 1] + "…"

    def _network_error(self, error: Exception, *, paid: bool = False) -> VoiceError:
        """Tell a server that is not there from one that may answer the next time."""
        from urllib3 import exceptions

        begin = f"{self._engine}: {self.title}"
        inner = error.args[-1] if error.args else None
        if isinstance(error, exceptions.SSLError):
            if isinstance(inner, ssl.SSLEOFError | ssl.SSLZeroReturnError):
                return VoiceBusyError(f"{begin} breaks off the connection", paid=paid)
            return VoiceError(
                f"{begin} ({self.host}) cannot prove who it is; if a proxy of your own is in between, name "
                "its certificate in REQUESTS_CA_BUNDLE"
            )
        if isinstance(error, exceptions.ProxyError):
            return VoiceError(
                f"{begin} cannot be reached: the proxy does not answer; check HTTPS_PROXY and NO_PROXY"
            )
        if isinstance(error, exceptions.NewConnectionError | exceptions.LocationValueError):
            why = str(error).rpartition(": ")[2].rstrip(")")
            return VoiceError(
                f"{begin} cannot be reached at {self.host} ({why}); check the network and base_url"
            )
        if isinstance(error, exceptions.TimeoutError):
            return VoiceBusyError(f"{begin} does not answer in time", paid=paid)
        return VoiceBusyError(f"{begin} breaks off the connection", paid=paid)


def read_key(variable: str, *, engine: str, title: str) -> str:
    """Return the key in the environment's *variable*; raises `VoiceError` when there is none."""
    key = os.environ.get(variable, "").strip(" ")
    if not key:
        raise VoiceError(f"{engine}: {title} wants a key: put yours in the environment variable {variable}")
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise VoiceError(
            f"{engine}: {variable} is no key: it holds a space, a line break or a special character"
        )
    return key
