"""The Wyoming protocol: events over TCP, each a line of JSON with what belongs to it behind it.

`{"type": …, "data": {…}, "data_length": …, "payload_length": …}`, a line feed, so many bytes of further JSON
data, so many bytes of payload (https://github.com/OHF-Voice/wyoming). What comes is bounded in size and in
time; the protocol's own package would wait for ever, take any length, and read half an event as the end.
"""

import ipaddress
import json
import re
import socket
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices.network.complaints import in_one_line

USUAL_PORT = 10_200
"""Where the Piper of Home Assistant listens."""
LARGEST_JSON_BYTES = 4_000_000
"""A server tells of each voice that it could fetch: Piper's, of more than a hundred, in 100 kB."""
LARGEST_BYTES = 64_000_000
"""Of a whole answer: eleven minutes of 16 bits at 48 kHz."""
PIECE_BYTES = 65_536
LONGEST_ERROR = 200
PASSING = re.compile("Timeout|Busy|Overload|RateLimit|Connection|Unavailable", re.IGNORECASE)
"""Servers give the name of a Python exception as the code of an error; these may pass."""


@dataclass(frozen=True, slots=True)
class Event:
    """One message, either way."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is."""

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def read_address(text: str) -> Address:
    """Return what `host:port`, `host` or `tcp://host:port` names; before a port, IPv6 goes in brackets.

    Raises `VoiceError`.
    """
    place = text.strip().removeprefix("tcp://").rstrip("/")
    host, colon, port = place.rpartition(":")
    if not colon or _is_ipv6(place.strip("[]")):
        host, port = place, str(USUAL_PORT)
    host = host.removeprefix("[").removesuffix("]") if _is_ipv6(host.strip("[]")) else host
    if not host or not host.isprintable() or set(host) & set(" /@[]") or (":" in host and not _is_ipv6(host)):
        port = ""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and 0 < int(port) < 65_536):
        raise VoiceError(
            f'wyoming: {text!r} is no host and port; write address = "192.168.1.20:{USUAL_PORT}" in '
            "[engines.wyoming]"
        )
    return Address(host, int(port))


class Connection:
    """A conversation with one server, for one thread; open it by `with`."""

    def __init__(self, address: Address, *, connect_s: float, silence_s: float, deadline_s: float) -> None:
        """Note how long to wait: to connect, for the next bytes, and in all."""
        self._address = address
        self._connect_s = connect_s
        self._silence_s = silence_s
        self._until_s = time.monotonic() + deadline_s
        self._held = bytearray()
        self._taken = 0
        self._is_wyoming = False

    def __enter__(self) -> Self:
        """Connect. Raises `VoiceBusyError` when that takes too long, `VoiceError` when no one is there."""
        try:
            self._socket = socket.create_connection(
                (self._address.host, self._address.port), timeout=self._left_s(self._connect_s)
            )
        except TimeoutError as error:
            raise self._busy("does not answer in time") from error
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or "no such host"
            raise VoiceError(
                f"wyoming: the server at {self._address} cannot be reached ({why}); is it running, and is "
                "the address in [engines.wyoming] right?"
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._socket.close()

    def send(self, event: Event) -> None:
        """Send *event*, which has no payload. Raises `VoiceBusyError`."""
        line = json.dumps({"type": event.kind, "data": event.data}, ensure_ascii=False).encode(
            errors="replace"
        )
        try:
            self._socket.settimeout(self._left_s(self._silence_s))
            self._socket.sendall(line + b"\n")
        except TimeoutError as error:
            raise self._busy("does not answer in time") from error
        except OSError as error:
            raise self._busy("breaks off the connection") from error

    def receive(self) -> Event:
        """Return the next event. Raises `VoiceBusyError`, and `VoiceError` for a server of another kind."""
        head = self._read_json(self._take_line())
        kind, data = head.get("type"), head.get("data") or {}
        lengths = [head.get(name) or 0 for name in ("data_length", "payload_length")]
        if not isinstance(kind, str) or not isinstance(data, dict) or not all(map(_is_length, lengths)):
            raise self._garbled()
        self._is_wyoming = True
        if lengths[0] > LARGEST_JSON_BYTES or sum(lengths) > LARGEST_BYTES:
            raise self._busy("sends more than any sound would be")
        more = self._read_json(self._take(lengths[0])) if lengths[0] else {}
        return Event(kind, {**data, **more}, self._take(lengths[1]))

    def _read_json(self, content: bytes) -> dict[str, Any]:
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self._garbled()
        return found

    def _take_line(self) -> bytes:
        while (end := self._held.find(b"\n")) < 0:
            if len(self._held) > LARGEST_JSON_BYTES:
                raise self._garbled()
            self._fill()
        return self._take(end + 1)

    def _take(self, length: int) -> bytes:
        while len(self._held) < length:
            self._fill()
        taken = bytes(self._held[:length])
        del self._held[:length]
        return taken

    def _fill(self) -> None:
        """Hold some more of what the server sends."""
        try:
            self._socket.settimeout(self._left_s(self._silence_s))
            piece = self._socket.recv(PIECE_BYTES)
        except TimeoutError as error:
            raise self._busy("does not answer in time") from error
        except OSError as error:
            raise self._busy("breaks off the connection") from error
        if not piece:
            raise self._busy("breaks off the connection")
        self._held += piece
        self._taken += len(piece)
        if self._taken > LARGEST_BYTES:
            raise self._busy("sends more than any sound would be")

    def _left_s(self, most_s: float) -> float:
        left_s = self._until_s - time.monotonic()
        if left_s <= 0:
            raise self._busy("does not answer in time")
        return min(most_s, left_s)

    def _busy(self, what: str) -> VoiceBusyError:
        return VoiceBusyError(f"wyoming: the server at {self._address} {what}")

    def _garbled(self) -> VoiceError:
        if self._is_wyoming:
            return self._busy("answers in a way that cannot be understood")
        return VoiceError(
            f"wyoming: what answers at {self._address} is no Wyoming server; check the address in "
            "[engines.wyoming]"
        )


def read_error(event: Event, address: Address) -> VoiceError:
    """Say what the server said by an `error`, in one line of a bearable length."""
    code, text = str(event.data.get("code") or ""), str(event.data.get("text") or "")
    said = in_one_line(f"{code}: {text}" if code else text)
    begin = f"wyoming: the server at {address}"
    if PASSING.search(code):
        return VoiceBusyError(f"{begin} gives up on the line ({said[:LONGEST_ERROR]})")
    return VoiceError(f"{begin} refuses ({said[:LONGEST_ERROR] or 'it does not say why'}); look into its log")


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).version == 6
    except ValueError:
        return False


def _is_length(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
