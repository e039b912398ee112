"""Google Translate's speech over the network: short texts in, sound out.

The gTTS package knows the protocol and writes the requests. They are sent from here because gTTS would send
them without verifying the server's certificate, never try again, and take an answer without sound for a
good one. All that is used of it (`gTTS.get_bodies`, `gTTS.GOOGLE_TTS_HEADERS`) is public.
"""

import base64
import json
import os
import random
import re
import time
from collections.abc import Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from morning_edition.decode import Pcm, decode_sound
from morning_edition.errors import AudioError, VoiceError

if TYPE_CHECKING:
    import requests

LONGEST_PIECE = 100
"""Characters that Google Translate speaks at a time."""
SERVER = "https://translate.google.{accent}"
SERVER_VARIABLE = "MORNING_EDITION_GTTS_URL"
"""The environment variable for another server of the same protocol, such as a newsroom's proxy.

Its value may hold `{accent}`, as `SERVER` does.
"""
PATH = "/_/TranslateWebserverUi/data/batchexecute"
SOUND = re.compile(r'jQ1olc","\[\\"(.*?)\\"\]')

SHORTEST_S_PER_LETTER = 0.02
"""Three times as fast as any newsreader: what is shorter has lost its end."""
LARGEST_ANSWER_BYTES = 4_000_000
TRIES = 4
TRIES_WITHOUT_SOUND = 3


class _PassingError(Exception):
    """One of *tries* failed in a way that the next may not; the server may ask to wait *wait_s* first."""

    def __init__(self, message: str, *, tries: int = TRIES, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.tries = tries
        self.wait_s = wait_s


class GoogleTranslate:
    """The server for one accent, asked with patience."""

    connect_timeout_s: ClassVar[float] = 5.0
    read_timeout_s: ClassVar[float] = 20.0
    patience_s: ClassVar[float] = 30.0
    """No try for one text begins, and no wait ends, later than this."""
    first_wait_s: ClassVar[float] = 1.0
    """The longest wait before the second try; it doubles with each."""

    def __init__(self, accent: str) -> None:
        """Note the address, the end of which *accent* is; nothing is sent. Raises `VoiceError`."""
        self._address = _address(accent)
        self.host = urlsplit(self._address).netloc.rpartition("@")[2]
        """Name and port, without any password that the address may hold."""

    def speak(self, pieces: Sequence[str], *, language: str, slow: bool) -> list[Pcm]:
        """Return the sound of each of *pieces*, texts of at most `LONGEST_PIECE` characters with letters.

        Raises `VoiceError` when Google cannot be reached, refuses, or does not answer with the whole sound.
        """
        import requests
        from gtts import gTTS

        sounds = []
        with requests.Session() as session:
            for piece in pieces:
                # Without gTTS's own rules, which take the full stop from "Main St." and lengthen the text, a
                # piece goes out as it is: how words are said was settled before they came here.
                request = gTTS(piece, lang=language, slow=slow, lang_check=False, pre_processor_funcs=[])
                (form,) = request.get_bodies()
                sounds.append(self._fetch(session, form, piece))
        return sounds

    def _fetch(self, session: "requests.Session", form: str, piece: str) -> Pcm:
        """Send *form* until the sound of *piece* comes, or there are no tries or time left."""
        until_s = time.monotonic() + self.patience_s
        wait_s, tried = self.first_wait_s, 0
        while True:
            try:
                return _sound(self._ask(session, form, until_s), piece)
            except _PassingError as error:
                tried += 1
                pause_s = max(error.wait_s, wait_s * random.uniform(0.5, 1))  # noqa: S311 - only spreads requests
                if tried >= error.tries or time.monotonic() + pause_s > until_s:
                    raise VoiceError(f"gtts: {error}; try again later, or use --voice espeak") from error
            time.sleep(pause_s)
            wait_s *= 2

    def _ask(self, session: "requests.Session", form: str, until_s: float) -> str:
        """Send one request and return the body of its answer, at the latest at *until_s* (monotonic)."""
        import requests
        from gtts import gTTS

        read_timeout_s = min(self.read_timeout_s, max(until_s - time.monotonic(), 0.1))
        try:
            with session.post(
                self._address,
                form,
                headers=gTTS.GOOGLE_TTS_HEADERS,
                timeout=(self.connect_timeout_s, read_timeout_s),
                stream=True,
            ) as answer:
                _refuse_status(answer)
                return _read(answer, until_s)
        except requests.RequestException as error:
            raise _network_error(error) from error


def letters(text: str) -> int:
    """Count the letters and digits of *text*, which are what a voice makes sound of."""
    return sum(char.isalnum() for char in text)


def _address(accent: str) -> str:
    """Return the address to ask; plain http is for this machine alone."""
    address = (os.environ.get(SERVER_VARIABLE) or SERVER).replace("{accent}", accent).rstrip("/")
    try:
        parts = urlsplit(address)
        here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        good = parts.hostname and (parts.scheme == "https" or (here and parts.scheme == "http"))
    except ValueError:
        good = False
    if not good:
        raise VoiceError(f"{SERVER_VARIABLE}: must be an https address, such as https://translate.google.com")
    return address + PATH


def _refuse_status(answer: "requests.Response") -> None:
    """Raise unless the *answer* says that all is well."""
    status = answer.status_code
    if status == 429 or status >= 500:
        wait_s = _asked_wait_s(answer.headers)
        asked = f" and asks to wait {wait_s:.0f} s" if wait_s else ""
        what = "has had too many requests" if status == 429 else "is out of order"
        raise _PassingError(f"Google Translate {what} ({status}){asked}", wait_s=wait_s)
    if status != 200:
        raise VoiceError(
            f"gtts: Google Translate refuses the request ({status} {answer.reason}); "
            "update the gTTS package, or use --voice espeak"
        )


def _asked_wait_s(headers: Mapping[str, str]) -> float:
    """Return what Retry-After asks for, in seconds or as a time by the server's own clock; 0 for nothing."""
    asked = headers.get("Retry-After", "")
    try:
        if asked.isdecimal():
            return float(asked)
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return 0.0
    return max(wait.total_seconds(), 0.0)


def _read(answer: "requests.Response", until_s: float) -> str:
    """Return the body, unless it is larger or slower than any sound would be."""
    body = bytearray()
    for block in answer.iter_content(512):
        body += block
        if len(body) > LARGEST_ANSWER_BYTES or time.monotonic() > until_s:
            raise _PassingError(
                "Google Translate's answer does not come to an end", tries=TRIES_WITHOUT_SOUND
            )
    return body.decode(errors="replace")


def _sound(body: str, piece: str) -> Pcm:
    """Return the sound in an answer's *body*, which must be long enough for *piece*."""
    found = SOUND.search(body)
    if not found:
        page = ": it is a web page, perhaps this network wants a sign-in" if body.lstrip()[:1] == "<" else ""
        raise _PassingError(f"Google Translate's answer has no sound in it{page}", tries=TRIES_WITHOUT_SOUND)
    try:
        (encoded,) = json.loads(json.loads(f'"[\\"{found[1]}\\"]"'))
        sound = decode_sound(base64.b64decode(encoded, validate=True), name="the answer")
    except (ValueError, AudioError) as error:
        raise _PassingError("Google Translate's answer is not sound", tries=TRIES_WITHOUT_SOUND) from error
    if len(sound.samples) < letters(piece) * SHORTEST_S_PER_LETTER * sound.sample_rate_hz:
        raise _PassingError("Google Translate's answer breaks off", tries=TRIES_WITHOUT_SOUND)
    return sound


def _network_error(error: "requests.RequestException") -> Exception:
    """Tell a network that is not there from one that may work at the next try."""
    import requests
    from urllib3.exceptions import NewConnectionError

    inner = error.args[0] if error.args else None
    reason = getattr(inner, "reason", inner)
    if isinstance(error, requests.exceptions.SSLError):
        return VoiceError(
            "gtts: the certificate of Google Translate cannot be verified; if a proxy of your own is in "
            "between, name its certificate in REQUESTS_CA_BUNDLE, or use --voice espeak"
        )
    if isinstance(reason, NewConnectionError) or isinstance(error, requests.exceptions.ProxyError):
        return VoiceError(
            f"gtts: Google Translate cannot be reached ({str(reason).rpartition(': ')[2]}); "
            "check the network, or use --voice espeak"
        )
    if isinstance(error, requests.Timeout):
        return _PassingError("Google Translate does not answer in time")
    return _PassingError("the connection to Google Translate breaks off")
