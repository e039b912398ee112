"""Google Translate's speech over the network: short texts in, sound out.

The gTTS package knows the protocol and writes the requests. They are sent from here because gTTS would send
them without verifying the server's certificate, and take an answer without sound for a good one. All that
of it (`gTTS.get_bodies`, `gTTS.GOOGLE_TTS_HEADERS`) is public.
"""

import base64
import json
import os
import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlsplit

from morning_edition.errors import AudioError, VoiceBusyError, VoiceError
from morning_edition.voices.network.complaints import asked_wait_s

if TYPE_CHECKING:
    import requests

    from morning_edition.decode import Pcm

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


class GoogleTranslate:
    """The server for one accent."""

    connect_timeout_s: ClassVar[float] = 5.0
    read_timeout_s: ClassVar[float] = 20.0
    deadline_s: ClassVar[float] = 60.0
    """The longest time for a line, however many its pieces: each takes a fraction of a second."""

    def __init__(self, accent: str) -> None:
        """Note the address, the end of which *accent* is; nothing is sent. Raises `VoiceError`."""
        self._address = _address(accent)
        self.host = urlsplit(self._address).netloc.rpartition("@")[2]
        """Name and port, without any password that the address may hold."""

    def speak(self, pieces: Sequence[str], *, language: str) -> list["Pcm"]:
        """Return the sound of each of *pieces*, texts of at most `LONGEST_PIECE` characters with letters.

        Raises `VoiceBusyError` when Google has had enough for now or does not answer with the whole sound,
        `VoiceError` when it cannot be reached or refuses.
        """
        import requests
        from gtts import gTTS
        from requests.utils import get_auth_from_url

        until_s = time.monotonic() + self.deadline_s
        sounds = []
        with requests.Session() as session:
            # Proxies are taken from the environment; passwords of ~/.netrc are for no one here.
            login = get_auth_from_url(self._address)
            session.auth = login if any(login) else _send_as_it_is
            for piece in pieces:
                # Without gTTS's own rules, which take the full stop from "Main St." and lengthen the text, a
                # piece goes out as it is: how words are said was settled before they came here.
                request = gTTS(piece, lang=language, lang_check=False, pre_processor_funcs=[])
                (form,) = request.get_bodies()
                sounds.append(_sound(self._ask(session, form, until_s), piece))
        return sounds

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
                allow_redirects=False,  # it would lead to a page that wants a sign-in, not to a voice
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


def _send_as_it_is(request: "requests.PreparedRequest") -> "requests.PreparedRequest":
    """Add no name and password to *request*."""
    return request


def _refuse_status(answer: "requests.Response") -> None:
    """Raise unless the *answer* says that all is well."""
    status = answer.status_code
    if status == 429 or status >= 500:
        what = "has had too many requests" if status == 429 else "is out of order"
        raise VoiceBusyError(f"gtts: Google Translate {what} ({status})", wait_s=asked_wait_s(answer.headers))
    if 300 <= status < 400:
        raise VoiceBusyError(
            f"gtts: Google Translate sends to another address ({status}); perhaps this network wants a "
            "sign-in"
        )
    if status != 200:
        raise VoiceError(
            f"gtts: Google Translate refuses the request ({status} {answer.reason}); "
            "update the gTTS package, or use --voice espeak"
        )


def _read(answer: "requests.Response", until_s: float) -> str:
    """Return the body, unless it is larger or slower than any sound would be."""
    body = bytearray()
    for block in answer.iter_content(512):
        body += block
        if len(body) > LARGEST_ANSWER_BYTES or time.monotonic() > until_s:
            raise VoiceBusyError("gtts: Google Translate's answer does not come to an end")
    return body.decode(errors="replace")


def _sound(body: str, piece: str) -> "Pcm":
    """Return the sound in an answer's *body*, which must be long enough for *piece*."""
    from morning_edition.decode import decode_sound

    found = SOUND.search(body)
    if not found:
        page = ": it is a web page, perhaps this network wants a sign-in" if body.lstrip()[:1] == "<" else ""
        raise VoiceBusyError(f"gtts: Google Translate's answer has no sound in it{page}")
    try:
        (encoded,) = json.loads(json.loads(f'"[\\"{found[1]}\\"]"'))
        sound = decode_sound(base64.b64decode(encoded, validate=True), name="the answer")
    except (ValueError, AudioError) as error:
        raise VoiceBusyError("gtts: Google Translate's answer is not sound") from error
    if len(sound.samples) < letters(piece) * SHORTEST_S_PER_LETTER * sound.sample_rate_hz:
        raise VoiceBusyError("gtts: Google Translate's answer breaks off")
    return sound


def _network_error(error: "requests.RequestException") -> VoiceError:
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
        return VoiceBusyError("gtts: Google Translate does not answer in time")
    return VoiceBusyError("gtts: the connection to Google Translate breaks off")
