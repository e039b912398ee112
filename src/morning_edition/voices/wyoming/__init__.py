"""A speech server of the network, as Home Assistant has them: one line in, its sound out.

The Wyoming protocol (see `events`): `describe` is answered by `info` with the server's voices,
`synthesize` by `audio-start`, any number of `audio-chunk` with bare samples, and `audio-stop`; or by `error`.
It takes nothing but text, and tells no word times.
"""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import ClassVar

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import NO_OPTIONS, USUAL, Delivery, Option, Speech, Traits, Utterance, VoiceNote
from morning_edition.voices.network.addresses import digest_address
from morning_edition.voices.sound import HIGHEST_RATE_HZ, LOWEST_RATE_HZ
from morning_edition.voices.wyoming.events import Address, Connection, Event, read_address, read_error
from morning_edition.voices.wyoming.offers import SPEAKER, Offer, ask_offers, find_offer, prefer_offer

LINES_AT_ONCE = 2
LONGEST_LINE = 2_000
"""Servers read an event's line up to 64 kB; a small computer takes a minute for this."""
MOST_CHANNELS = 8
USUAL_RATE_HZ = 22_050
"""Of a line without sound."""


class WyomingVoice:
    """Reads a line in a voice of the server that `[engines.wyoming] address` names."""

    connect_timeout_s: ClassVar[float] = 5.0
    read_timeout_s: ClassVar[float] = 60.0
    """The longest silence: a small computer may take so long to begin."""
    deadline_s: ClassVar[float] = 180.0
    """The longest time for a line."""
    describing_s: ClassVar[float] = 5.0
    """How long the server may take to tell what voices it has; the same, while someone looks at a list."""
    listing_s: ClassVar[float] = 2.0

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        """Choose the voice; whether the server has it is for `confirm` to tell. Raises `VoiceError`."""
        self._address = _find_address(delivery.options)
        self._name = name
        self._language = delivery.language
        self._lines_at_once = int(delivery.options.get("lines_at_once", LINES_AT_ONCE))
        self._chosen: Offer | None = None
        self._choosing = threading.Lock()
        self._has_looked = bool(name)

    @property
    def identity(self) -> str:
        """A digest of the server's address and the voice; what version it has, only the server knows.

        Where no voice is named, the server is asked once which one it will be, so that takes of one are not
        kept for another; it is `default` while the server does not tell.
        """
        where = digest_address(str(self._address))
        return f"wyoming 1 {where} {self._name or self._find_usual()} {self._language}"

    @property
    def traits(self) -> Traits:
        """As many lines at once as the station allows."""
        return Traits(lines_at_once=self._lines_at_once, longest_line=LONGEST_LINE)

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Ask the server, where the station names one, for what it has; installed voices come first."""
        if not options.get("address"):
            return (_lacking('a server as Home Assistant has them; lacks its address = "host:port"'),)
        try:
            address = _find_address(options)
            offers = ask_offers(address, cls.listing_s)
        except VoiceError as error:
            return (_lacking(str(error).removeprefix("wyoming: ")),)
        return tuple(
            _describe(offer, address) for offer in sorted(offers, key=lambda offer: not offer.installed)
        )

    def confirm(self) -> None:
        """Ask the server once whether it has the voice.

        Raises `VoiceError`, and `VoiceBusyError` when it does not say so in time.
        """
        self._choose()

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, names respelled; what has no letter or digit takes no time at all.

        Raises `VoiceBusyError` for what may pass, `VoiceError` when the server is not there, has no such
        voice, or refuses.
        """
        if not any(map(str.isalnum, line.text)):
            return Speech(b"", USUAL_RATE_HZ)
        offer = self._choose()
        voice = {"name": offer.name}
        if self._name.startswith(f"{offer.name}{SPEAKER}"):
            voice["speaker"] = self._name[len(offer.name) + 1 :]
        with Connection(
            self._address,
            connect_s=self.connect_timeout_s,
            silence_s=self.read_timeout_s,
            deadline_s=self.deadline_s,
        ) as connection:
            if offer.program:
                connection.send(Event("select-program", {"name": offer.program}))
            connection.send(Event("synthesize", {"text": line.respelled, "voice": voice}))
            return self._hear(connection)

    def _find_usual(self) -> str:
        """Return the name of the voice that speaks where none is asked for, or `default`."""
        if not self._has_looked:
            self._has_looked = True  # a server that does not answer is waited for once
            with suppress(VoiceError):
                self._choose(self.listing_s)
        return self._chosen.name if self._chosen else "default"

    def _choose(self, within_s: float = 0.0) -> Offer:
        """Ask the server once what it has, and find the voice among it."""
        with self._choosing:
            if not self._chosen:
                offers = ask_offers(self._address, within_s or self.describing_s)
                self._chosen = (
                    find_offer(self._name, offers) if self._name else prefer_offer(self._language, offers)
                )
            return self._chosen

    def _hear(self, connection: Connection) -> Speech:
        """Collect the sound of one line."""
        shape: tuple[int, int, int] | None = None
        sound = bytearray()
        while (event := connection.receive()).kind != "audio-stop":
            if event.kind == "error":
                raise read_error(event, self._address)
            if event.kind not in {"audio-start", "audio-chunk"}:
                continue
            told = _shape(event, self._address)
            if told != (shape or told):
                raise VoiceBusyError(f"wyoming: the server at {self._address} changes its sample rate midway")
            shape = told
            sound += event.payload
        if not shape or not sound:
            raise VoiceBusyError(f"wyoming: the server at {self._address} sends no sound")
        rate_hz, width, channels = shape
        return Speech(_narrow(bytes(sound), width, channels), rate_hz)


def _find_address(options: Mapping[str, Option]) -> Address:
    if text := str(options.get("address", "")):
        return read_address(text)
    raise VoiceError('wyoming: no server is named; write address = "host:port" in [engines.wyoming]')


def _describe(offer: Offer, address: Address) -> VoiceNote:
    told = offer.description or offer.name
    speakers = ""
    if len(offer.speakers) > 1:
        speakers = f"; {len(offer.speakers)} speakers, such as {offer.name}{SPEAKER}{offer.speakers[0]}"
    fetched = "" if offer.installed else "; the server fetches it when it is asked for"
    return VoiceNote(
        offer.name,
        offer.languages[0] if offer.languages else "",
        f"{told}{speakers}; by the server at {address}{fetched}",
        installed=offer.installed,
    )


def _lacking(description: str) -> VoiceNote:
    return VoiceNote("", "", description, installed=False)


def _shape(event: Event, address: Address) -> tuple[int, int, int]:
    """Return sample rate, bytes a sample and channels of *event*'s sound."""
    values = [event.data.get(name) for name in ("rate", "width", "channels")]
    if not all(type(value) is int for value in values):
        raise VoiceBusyError(f"wyoming: the server at {address} answers in a way that cannot be understood")
    rate_hz, width, channels = (int(value or 0) for value in values)
    if not (
        LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ and 1 <= width <= 4 and 1 <= channels <= MOST_CHANNELS
    ):
        raise VoiceError(
            f"wyoming: the server at {address} answers with {rate_hz} samples a second of {width} bytes in "
            f"{channels} channels, which no speech has; choose another voice"
        )
    return rate_hz, width, channels


def _narrow(content: bytes, width: int, channels: int) -> bytes:
    """Return signed little-endian samples of *width* bytes as one channel of 16 bits."""
    import numpy as np

    frames = len(content) // (width * channels)
    bytewise = np.frombuffer(content[: frames * width * channels], np.uint8).reshape(frames, channels, width)
    # The two highest bytes of each sample are the 16 bits wanted; one byte is the higher of two.
    pairs = bytewise[..., -2:] if width > 1 else np.concatenate([np.zeros_like(bytewise), bytewise], axis=-1)
    samples = np.ascontiguousarray(pairs).view("<i2")[..., 0]
    mono = samples[:, 0] if channels == 1 else samples.mean(axis=1).round().astype("<i2")
    return bytes(mono.tobytes())
