"""How long and how often a service of the network is asked before it is given up, and what is kept by then.

A real server of this machine fails in every way that networks know; the waits are made short, the numbers of
tries are those of the program.
"""

import dataclasses
import datetime as dt
import io
import time
from collections import Counter
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from morning_edition.errors import VoiceError
from morning_edition.script import Line
from morning_edition.take_cache import TakeCache
from morning_edition.takes import speak_lines
from morning_edition.voices import Delivery, speaking
from morning_edition.voices.openai import OpenAiVoice
from morning_edition.voices.speaking import MOST_PAID_TRIES, MOST_TRIES, GaveOutError

pytestmark = pytest.mark.thorough

TEXTS = [f"This is line number {number} of the programme." for number in range(8)]
LINES = tuple(Line(text, text) for text in TEXTS)
BAD = TEXTS[5]
LONGEST_RUN_S = 5.0
"""For a service that answers at once, with waits of two thousandths of a second."""
PAID, FREE, ONCE = MOST_PAID_TRIES, MOST_TRIES, 1

Fail = Callable[[Any], Any]


def sound_of(form: str, rate_hz: int, seconds: float, amplitude: int = 9_000) -> bytes:
    """Return a tone in another form than was asked for."""
    tone = (np.sin(np.arange(round(rate_hz * seconds)) * 0.1) * amplitude).astype(np.int16)
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        codec = {"mp3": "libmp3lame", "flac": "flac", "wav": "pcm_s16le"}[form]
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = rate_hz
        wanted = stream.frame_size or 1_152
        resampler = av.AudioResampler(stream.format, stream.layout, rate_hz, frame_size=wanted)
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return file.getvalue()


def http_date(server: Any) -> str:
    return format_datetime(dt.datetime.now(dt.UTC), usegmt=True)


FAILURES: dict[str, tuple[Fail, str, int]] = {
    "429": (lambda server: server.json({}, 429), "asks for fewer requests", FREE),
    "429, wait 0 s": (lambda server: server.json({}, 429, Retry_After="0"), "fewer requests", FREE),
    "429, wait until now": (
        lambda server: server.json({}, 429, Retry_After=http_date(server)),
        "fewer requests",
        FREE,
    ),
    "429, wait an hour": (
        lambda server: server.json({}, 429, Retry_After="3600"),
        "asks to be left alone for 3600 s",
        ONCE,
    ),
    "500": (lambda server: server.reply(b"", 500), "out of order (500", FREE),
    "502": (lambda server: server.web_page(502), "out of order (502", FREE),
    "503": (lambda server: server.json({}, 503, Retry_After="0"), "out of order (503", FREE),
    "401": (lambda server: server.json({"error": "revoked"}, 401), "refuses (401: revoked)", ONCE),
    "reset": (lambda server: server.reply(reset=True), "breaks off the connection", FREE),
    "half": (lambda server: server.reply(server.wav_of(900), half=True), "breaks off the connection", PAID),
    "half in chunks": (
        lambda server: server.reply(server.wav_of(900), half=True, chunked=True),
        "breaks off the connection",
        PAID,
    ),
    "nothing": (lambda server: server.reply(b""), "answers with nothing", PAID),
    "header alone": (lambda server: server.reply(server.wav_of(900)[:44]), "answers with sound that", PAID),
    "truncated": (lambda server: server.reply(server.wav_of(900)[:9_000]), "cut short", PAID),
    "truncated MP3": (
        lambda server: server.reply(sound_of("mp3", 24_000, 3.0)[:4_000]),
        "answers with sound that is broken",
        PAID,
    ),
    "silence": (lambda server: server.reply(sound_of("wav", 24_000, 3.0, 0)), "gave no sound", PAID),
    "sign-in page": (lambda server: server.web_page(), "a web page, perhaps this network", PAID),
    "sign-in elsewhere": (
        lambda server: server.reply(b"", 302, {"Location": "http://login.hotel.example/"}),
        "whether this network wants a sign-in",
        ONCE,
    ),
    "JSON": (lambda server: server.json({"error": "no voice today"}), "answers with JSON", PAID),
    "absurd rate": (lambda server: server.wav(4_000, 4_000), "answers with 4000 samples a second", ONCE),
}


class Service:
    """Answers each line well but one."""

    def __init__(self, server: Any, fail: Fail | None) -> None:
        self.server, self.fail = server, fail
        self.asked: Counter[str] = Counter()
        server.always = self.answer

    def answer(self, asked: Any) -> Any:
        text = asked.record["input"]
        self.asked[text] += 1
        return self.fail(self.server) if self.fail and text == BAD else self.server.wav(40 * len(text))

    def voice(self, **options: Any) -> OpenAiVoice:
        given = {"base_url": f"{self.server.url}/v1", "lines_at_once": 1, **options}
        return OpenAiVoice("alloy", Delivery(options=given))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "FIRST_WAIT_S", 0.002)


def speak(voice: OpenAiVoice, folder: Path) -> None:
    speak_lines(LINES, {"anchor": voice}, TakeCache(folder))


@pytest.mark.parametrize("kind", FAILURES)
def test_a_failing_service_is_given_up_within_bounds_and_the_next_run_goes_on_from_there(
    speech_server: Any, tmp_path: Path, kind: str
) -> None:
    """The error names engine and line; what was finished is kept, and not asked for again."""
    fail, message, tries = FAILURES[kind]
    service = Service(speech_server, fail)
    begun_s = time.monotonic()
    with pytest.raises(GaveOutError) as failure:
        speak(service.voice(), tmp_path)

    assert time.monotonic() - begun_s < LONGEST_RUN_S
    assert service.asked[BAD] == tries
    said = str(failure.value)
    assert said.startswith("openai")
    assert message in said
    assert BAD in said
    assert "\n" not in said
    assert failure.value.identity == service.voice().identity

    finished = {text for text, times in service.asked.items() if text != BAD and times == 1}
    assert len(list(tmp_path.rglob("*.take"))) == len(finished)
    service.fail = None
    service.asked.clear()
    speak(service.voice(), tmp_path)
    assert {*service.asked} == {*TEXTS} - finished
    assert {*service.asked.values()} == {1}


@pytest.mark.parametrize(
    "reply",
    [
        {"stall": True},
        {"body": b"RIFF" * 200, "trickle_s": 0.05},
        {"slow_head_s": 0.02},
    ],
    ids=["silent", "slow", "slow head"],
)
def test_a_service_that_takes_too_long_is_given_up_in_time(
    speech_server: Any, tmp_path: Path, reply: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A try may last so long, and a line may be tried for so long."""
    monkeypatch.setattr(speaking, "PATIENCE_S", 0.5)
    service = Service(speech_server, lambda server: server.reply(**reply))
    voice = service.voice()
    voice._settings = dataclasses.replace(
        voice._settings, timeout_s=0.3
    )  # a station can set no less than 1 s
    begun_s = time.monotonic()
    with pytest.raises(GaveOutError, match=r"^openai: .*(does not answer in time|does not come to an end)"):
        speak(voice, tmp_path)

    assert time.monotonic() - begun_s < LONGEST_RUN_S
    assert 2 <= service.asked[BAD] <= MOST_TRIES


@pytest.mark.parametrize("form", ["mp3", "flac", "wav"])
@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_sound_in_another_form_or_rate_than_was_asked_for_is_taken_as_it_is(
    speech_server: Any, tmp_path: Path, form: str, rate_hz: int
) -> None:
    """It is told by its content, and counted by its own rate."""
    service = Service(speech_server, lambda server: server.reply(sound_of(form, rate_hz, 3.0)))
    takes = speak_lines(LINES, {"anchor": service.voice()}, TakeCache(tmp_path))

    assert takes[5].sample_rate_hz == rate_hz
    assert abs(takes[5].duration_ms - 3_000) < 60
    assert service.asked[BAD] == 1


def test_a_server_that_is_gone_is_given_up_at_once(speech_server: Any, tmp_path: Path) -> None:
    """Nobody listens there any more: no line is tried a second time."""
    service = Service(speech_server, None)
    voice = service.voice(base_url=f"{speech_server.unused_url()}/v1")
    with pytest.raises(VoiceError, match=r"^openai: .* cannot be reached .*, for: 'This is line number"):
        speak(voice, tmp_path)

    assert not service.asked


def test_a_server_that_cannot_prove_who_it_is_is_told_nothing(speech_server: Any, tmp_path: Path) -> None:
    """Neither the key nor the text goes out where TLS fails."""
    service = Service(speech_server, None)
    voice = service.voice(base_url=f"{speech_server.url.replace('http:', 'https:')}/v1")
    with pytest.raises(VoiceError, match=r"^openai: .*(cannot prove who it is|breaks off the connection)"):
        speak(voice, tmp_path)

    assert not service.asked
