"""The voices of Microsoft Edge, by the package `edge-tts`: one line in, sound and word times out.

The service has no contract with anyone: it is the one that the browser reads web pages aloud with, asked in
the browser's name. It takes nothing but text, and answers over a websocket with an MP3 of 24 kHz and with
the place of each word in it, in ticks of 100 ns. Pitch it takes in Hz above a voice's own, which it does not
tell; so the pitch is left to the sound.
"""

import asyncio
import importlib.util
from collections.abc import Mapping
from difflib import get_close_matches
from importlib.metadata import version
from typing import TYPE_CHECKING, ClassVar

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import (
    NO_OPTIONS,
    USUAL,
    Delivery,
    Option,
    Speech,
    Traits,
    Utterance,
    VoiceNote,
    Word,
)
from morning_edition.voices.edge.catalogue import FORM, find_voice, list_voices
from morning_edition.voices.network.complaints import asked_wait_s
from morning_edition.voices.sound import read_sound
from morning_edition.voices.word_times import place_words

if TYPE_CHECKING:
    import aiohttp
    from edge_tts import Communicate

SAMPLE_RATE_HZ = 24_000
TICKS_A_MS = 10_000
LARGEST_SOUND_BYTES = 6_000_000
"""A quarter of an hour at the service's 48 kbit/s."""
LONGEST_LINE = 1_000
"""The package cuts at 4,096 bytes, wherever a space is; no character takes more than four."""
LINES_AT_ONCE = 4
"""The service drops sound, or shuts an address out for minutes, when it is asked for much at once."""
TITLE = "Microsoft Edge's voice"


class EdgeVoice:
    """Reads a line in a voice of Microsoft Edge; its name is such as `en-US-AriaNeural`."""

    connect_timeout_s: ClassVar[int] = 10
    receive_timeout_s: ClassVar[float] = 30.0
    """The longest silence of the service. The package's own limit does not hold for a websocket."""
    deadline_s: ClassVar[float] = 90.0
    """The longest time for a line: the service takes 2 s, on a bad day a minute and more."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        """Choose the voice as `Voice` tells; raises `VoiceError` for a name that is none, or no package."""
        if not _is_installed():
            raise VoiceError(
                "edge: the package edge-tts is not installed; pip install 'morning-edition[edge]'"
            )
        self._name = _check_name(name) if name else _default_name(delivery.language)
        self._rate = f"{round((delivery.rate - 1) * 100):+d}%"

    @property
    def identity(self) -> str:
        """The package's version, the voice and the rate."""
        return f"edge {version('edge-tts')} {self._name} rate={self._rate}"

    @property
    def traits(self) -> Traits:
        """A few lines at once, with the times of their words."""
        return Traits(
            sample_rate_hz=SAMPLE_RATE_HZ,
            word_times=True,
            sets_rate=True,
            lines_at_once=LINES_AT_ONCE,
            longest_line=LONGEST_LINE,
        )

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the English voices first, and of other languages the best known."""
        return list_voices(installed=_is_installed())

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, names respelled; what has no letter or digit takes no time at all.

        Raises `VoiceBusyError` for what may pass, `VoiceError` when the service cannot be reached or refuses.
        """
        text = line.respelled
        if not any(map(str.isalnum, text)):
            return Speech(b"", SAMPLE_RATE_HZ)
        content, heard = asyncio.run(self._ask(text))
        speech = read_sound(content, engine="edge", title=TITLE, paid=False)
        if heard and heard[-1].start_ms > speech.duration_ms:
            raise VoiceBusyError(f"edge: {TITLE} breaks off before the end of the line")
        return Speech(speech.pcm, speech.sample_rate_hz, place_words(line.text, heard))

    async def _ask(self, text: str) -> tuple[bytes, list[Word]]:
        """Return the service's MP3 of *text*, and the words that it tells of."""
        import aiohttp
        from edge_tts import Communicate
        from edge_tts.exceptions import EdgeTTSException, NoAudioReceived, SkewAdjustmentError, WebSocketError

        communicate = Communicate(
            text,
            self._name,
            rate=self._rate,
            boundary="WordBoundary",
            connect_timeout=self.connect_timeout_s,
        )
        try:
            async with asyncio.timeout(self.deadline_s):
                return await self._gather(communicate)
        except TimeoutError as error:
            raise VoiceBusyError(f"edge: {TITLE} does not answer in time") from error
        except NoAudioReceived as error:
            raise VoiceBusyError(
                f"edge: {TITLE} sends no sound; it may have had too many requests, or has no {self._name} "
                "any more"
            ) from error
        except SkewAdjustmentError as error:
            raise _refusal(403) from error
        except aiohttp.ClientResponseError as error:
            raise _status_error(error) from error
        except (aiohttp.ClientError, WebSocketError, OSError) as error:
            raise _network_error(error) from error
        except (EdgeTTSException, ValueError, LookupError, TypeError, AttributeError) as error:
            raise VoiceBusyError(f"edge: {TITLE} answers in a way that cannot be understood") from error

    async def _gather(self, communicate: "Communicate") -> tuple[bytes, list[Word]]:
        """Collect what *communicate* streams; raises `VoiceBusyError` when it is not all."""
        sound, heard = bytearray(), []
        chunks = communicate.stream()
        while chunk := await asyncio.wait_for(anext(chunks, None), self.receive_timeout_s):
            if chunk["type"] == "audio":
                sound += chunk["data"]
            elif chunk["type"] == "WordBoundary":
                times = chunk["offset"], chunk["offset"] + chunk["duration"]
                heard.append(Word(chunk["text"], *(round(ticks / TICKS_A_MS) for ticks in times)))
            if len(sound) > LARGEST_SOUND_BYTES:
                raise VoiceBusyError(f"edge: the answer of {TITLE} does not come to an end")
        # A connection closed midway ends the stream without a word; bytes are counted at a turn's end.
        if communicate.state.get("cumulative_audio_bytes", len(sound)) != len(sound):
            raise VoiceBusyError(f"edge: {TITLE} breaks off before the end of the line")
        return bytes(sound), heard


def _is_installed() -> bool:
    return importlib.util.find_spec("edge_tts") is not None


def _check_name(name: str) -> str:
    """Return *name* when it has the form of one; only the service knows whether there is such a voice."""
    if not FORM.fullmatch(name):
        known = [note.name for note in list_voices(installed=True)]
        short = {
            known_name[6:].removesuffix("Neural").casefold(): known_name for known_name in reversed(known)
        }
        near = short.get(name.casefold()) or next(iter(get_close_matches(name, known, n=1, cutoff=0.0)))
        raise VoiceError(
            f"edge has no voice called {name!r}; did you mean {near}? (`morning-edition voices` lists them)"
        )
    return name


def _default_name(language: str) -> str:
    if name := find_voice(language):
        return name
    raise VoiceError(
        f"edge: no voice is known here for {language!r}; name one (`edge-tts --list-voices` lists all), or "
        "use --voice espeak"
    )


def _status_error(error: "aiohttp.ClientResponseError") -> VoiceError:
    """Say what it means when the service does not open the websocket."""
    wait_s = asked_wait_s(error.headers or {})
    if error.status == 429:
        return VoiceBusyError(f"edge: {TITLE} asks for fewer requests (429)", wait_s=wait_s)
    if error.status >= 500:
        return VoiceBusyError(f"edge: {TITLE} is out of order ({error.status})", wait_s=wait_s)
    return _refusal(error.status)


def _refusal(status: int) -> VoiceError:
    clock = "set this machine's clock, " if status == 403 else ""
    return VoiceError(
        f"edge: {TITLE} refuses ({status}); {clock}update the package (pip install -U edge-tts), or use "
        "--voice espeak"
    )


def _network_error(error: Exception) -> VoiceError:
    """Tell a network that is not there from one that may work at the next try."""
    import aiohttp

    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return VoiceError(
            f"edge: the certificate of {TITLE} cannot be verified; is a proxy in between? Use --voice espeak"
        )
    if isinstance(error, aiohttp.ClientConnectorError):
        why = error.os_error.strerror or error.os_error
        return VoiceError(
            f"edge: {TITLE} cannot be reached ({why}); check the network, or use --voice espeak"
        )
    return VoiceBusyError(f"edge: the connection to {TITLE} breaks off")
