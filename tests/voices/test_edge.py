"""How `EdgeVoice` speaks, against a real websocket server on this machine with the service's frames."""

import asyncio
import functools
import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from xml.etree import ElementTree

import lameenc
import numpy as np
import pytest
from aiohttp import WSMsgType, web

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Delivery, Pronounced, Utterance
from morning_edition.voices.edge import EdgeVoice

RATE_HZ = 24_000
LETTER_MS, GAP_MS = 60, 40
LINE = Utterance("Good morning to all of our listeners.")
NO_SOUND = (
    "Microsoft Edge's voice sends no sound; it may have had too many requests, or has no "
    "en-US-AriaNeural any more"
)
SSML = "{http://www.w3.org/2001/10/synthesis}"


@functools.cache
def mp3_of(duration_ms: int) -> bytes:
    """Return a tone as the service encodes: 48 kbit/s, without a header that tells its length."""
    tone = (np.sin(np.arange(RATE_HZ * duration_ms // 1000) * 2 * np.pi * 300 / RATE_HZ) * 8_000).astype(
        "<i2"
    )
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_bit_rate(48)
    encoder.silence()
    return bytes(encoder.encode(tone.tobytes()) + encoder.flush())


class Edge:
    """The service: what it was sent, and how it answers."""

    def __init__(self) -> None:
        self.configs: list[Any] = []
        self.ssml: list[ElementTree.Element] = []
        self.queries: list[dict[str, str]] = []
        self.at_once = self.most_at_once = 0
        self.answer: Answer = speak
        self.opening: Callable[[], web.Response | None] = lambda: None
        self.url = ""

    @property
    def texts(self) -> list[str]:
        return ["".join(ssml.itertext()) for ssml in self.ssml]

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.queries.append(dict(request.query))
        if refusal := self.opening():
            return refusal
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.converse(socket)
        finally:
            self.at_once -= 1
        return socket

    async def converse(self, socket: web.WebSocketResponse) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                return
            head, _, body = message.data.partition("\r\n\r\n")
            if "Path:speech.config" in head:
                self.configs.append(json.loads(body))
            else:
                assert "Path:ssml" in head
                self.ssml.append(ElementTree.fromstring(body))  # noqa: S314 - our own
                await self.answer(socket, self.texts[-1])

    async def serve(self, started: threading.Event, stopping: asyncio.Event) -> None:
        application = web.Application()
        application.router.add_get("/edge/v1", self.take)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        self.url = f"ws://127.0.0.1:{port}/edge/v1?TrustedClientToken=x"
        started.set()
        await stopping.wait()
        await runner.cleanup()


Answer = Callable[[web.WebSocketResponse, str], Coroutine[Any, Any, None]]


async def tell(socket: web.WebSocketResponse, path: str, record: object = None) -> None:
    await socket.send_str(f"X-RequestId:1\r\nPath:{path}\r\n\r\n{json.dumps(record or {})}")


async def send_word(socket: web.WebSocketResponse, word: str, start_ms: int) -> None:
    place = {"Offset": start_ms * 10_000, "Duration": LETTER_MS * len(word) * 10_000}
    text = {"Text": word.replace("&", "&amp;"), "Length": len(word), "BoundaryType": "WordBoundary"}
    record = {"Metadata": [{"Type": "WordBoundary", "Data": {**place, "text": text}}]}
    await tell(socket, "audio.metadata", record)


async def send_sound(
    socket: web.WebSocketResponse,
    data: bytes,
    head: bytes = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio",
) -> None:
    await socket.send_bytes((len(head) + 2).to_bytes(2, "big") + head + b"\r\n" + data)


async def speak(socket: web.WebSocketResponse, text: str, *, sound: float = 1.0, end: bool = True) -> None:
    """Answer with a tone as long as the words take, of which only the part *sound* is sent."""
    await tell(socket, "turn.start")
    await tell(socket, "response")
    at_ms = 100
    for word in re.findall(r"[\w&'-]+", text):
        await send_word(socket, word, at_ms)
        at_ms += LETTER_MS * len(word) + GAP_MS
    mp3 = mp3_of(at_ms)
    mp3 = mp3[: round(len(mp3) * sound)]
    for start in range(0, len(mp3), 720):
        await send_sound(socket, mp3[start : start + 720])
    if end:
        await send_sound(socket, b"", b"X-RequestId:1\r\nPath:audio")
        await tell(socket, "turn.end")


async def speak_half(socket: web.WebSocketResponse, text: str) -> None:
    await speak(socket, text, sound=0.5, end=False)
    await socket.close()


async def lose_sound(socket: web.WebSocketResponse, text: str) -> None:
    """Leave a stretch of the sound out, and tell of the end all the same."""
    await speak(socket, text, sound=0.3)


async def reset(socket: web.WebSocketResponse, text: str) -> None:
    await speak(socket, text, sound=0.5, end=False)
    transport = socket._req.transport if socket._req else None
    assert transport
    transport.abort()


async def say_nothing(socket: web.WebSocketResponse, _: str) -> None:
    await tell(socket, "turn.start")
    await tell(socket, "turn.end")


async def hang_up(socket: web.WebSocketResponse, _: str) -> None:
    await socket.close(code=1007, message=b"Unsupported voice")


async def stall(socket: web.WebSocketResponse, _: str) -> None:
    await tell(socket, "turn.start")
    await asyncio.sleep(5)


async def trickle(socket: web.WebSocketResponse, _: str) -> None:
    while not socket.closed:
        await send_word(socket, "well", 0)
        await asyncio.sleep(0.02)


async def chatter(socket: web.WebSocketResponse, _: str) -> None:
    await tell(socket, "weather.report")


async def no_header(socket: web.WebSocketResponse, _: str) -> None:
    await socket.send_str("hello")


async def no_json(socket: web.WebSocketResponse, _: str) -> None:
    await socket.send_str("Path:audio.metadata\r\n\r\n<html>")


async def short_frame(socket: web.WebSocketResponse, _: str) -> None:
    await socket.send_bytes(b"\xff\xff<html>")


async def web_page(socket: web.WebSocketResponse, _: str) -> None:
    await send_sound(socket, b"<html>please sign in</html>" * 50)
    await tell(socket, "turn.end")


async def broken_mp3(socket: web.WebSocketResponse, _: str) -> None:
    await send_sound(socket, bytes(range(256)) * 20)
    await tell(socket, "turn.end")


@pytest.fixture
def edge(monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    service = Edge()
    loop = asyncio.new_event_loop()
    started, stopping = threading.Event(), asyncio.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=[service.serve(started, stopping)])
    thread.start()
    assert started.wait(5)
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", service.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    yield service
    loop.call_soon_threadsafe(stopping.set)
    thread.join()
    loop.close()


def busy(line: Utterance = LINE) -> VoiceBusyError:
    with pytest.raises(VoiceBusyError) as error:
        EdgeVoice().speak(line)
    return error.value


def test_a_line_is_asked_for_once_with_its_word_times(edge: Edge) -> None:
    EdgeVoice("en-GB-SoniaNeural", Delivery(rate=1.15, pitch_semitones=2)).speak(
        Utterance("Rain & snow <fell>.")
    )

    assert edge.texts == ["Rain & snow <fell>."]
    wanted = edge.configs[0]["context"]["synthesis"]["audio"]
    assert wanted["metadataoptions"]["wordBoundaryEnabled"] == "true"
    assert wanted["outputFormat"] == "audio-24khz-48kbitrate-mono-mp3"
    voice = edge.ssml[0].find(f"{SSML}voice")
    prosody = edge.ssml[0].find(f".//{SSML}prosody")
    assert voice is not None
    assert prosody is not None
    assert voice.get("name") == "Microsoft Server Speech Text to Speech Voice (en-GB, SoniaNeural)"
    assert prosody.attrib == {"pitch": "+0Hz", "rate": "+15%", "volume": "+0%"}


def test_words_have_the_times_that_the_service_tells(edge: Edge) -> None:
    """In milliseconds; a dash takes none, and a respelled name is the word that it stands for."""
    line = Utterance("Rain — in Latakia.", (Pronounced(10, 17, "lah-tah-kee-ah", "lɑːtɑːˈkiːɑː"),))
    speech = EdgeVoice().speak(line)

    assert edge.texts == ["Rain — in lah-tah-kee-ah."]
    assert [(word.text, word.start_ms, word.end_ms) for word in speech.words] == [
        ("Rain", 100, 340),
        ("—", 340, 340),
        ("in", 380, 500),
        ("Latakia.", 540, 1380),
    ]
    assert speech.sample_rate_hz == RATE_HZ
    assert 0 <= speech.duration_ms - 1420 < 150
    assert np.abs(np.frombuffer(speech.pcm, "<i2")).max() == pytest.approx(8_000, rel=0.1)


@pytest.mark.parametrize("line", ["", " \n", "… — “”!", "* * *"])
def test_a_line_without_letters_takes_no_time_and_no_request(line: str, edge: Edge) -> None:
    assert EdgeVoice().speak(Utterance(line)).pcm == b""
    assert edge.queries == []


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (speak_half, "Microsoft Edge's voice breaks off before the end of the line"),
        (lose_sound, "Microsoft Edge's voice breaks off before the end of the line"),
        (reset, "Microsoft Edge's voice breaks off before the end of the line"),
        (
            say_nothing,
            NO_SOUND,
        ),
        (
            hang_up,
            NO_SOUND,
        ),
        (chatter, "Microsoft Edge's voice answers in a way that cannot be understood"),
        (no_header, "Microsoft Edge's voice answers in a way that cannot be understood"),
        (no_json, "Microsoft Edge's voice answers in a way that cannot be understood"),
        (short_frame, "Microsoft Edge's voice answers in a way that cannot be understood"),
        (web_page, "Microsoft Edge's voice answers with a web page, perhaps this network wants a sign-in"),
        (
            broken_mp3,
            "Microsoft Edge's voice answers with sound that is broken (not a sound that can be read)",
        ),
    ],
)
def test_what_may_pass_is_told_so_after_one_try(answer: Answer, message: str, edge: Edge) -> None:
    edge.answer = answer
    assert str(busy()) == f"edge: {message}"
    assert len(edge.queries) == 1


@pytest.mark.parametrize(
    ("status", "headers", "wait_s", "message"),
    [
        (429, {}, 0, "asks for fewer requests (429)"),
        (429, {"Retry-After": "30"}, 30, "asks for fewer requests (429)"),
        (503, {}, 0, "is out of order (503)"),
        (500, {"Retry-After": "7"}, 7, "is out of order (500)"),
    ],
)
def test_a_service_that_has_enough_says_when_to_come_back(
    status: int, headers: dict[str, str], wait_s: int, message: str, edge: Edge
) -> None:
    edge.opening = lambda: web.Response(status=status, headers=headers)
    error = busy()
    assert str(error) == f"edge: Microsoft Edge's voice {message}"
    assert error.wait_s == wait_s


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (401, {}, r"refuses \(401\); update the package"),
        (
            403,
            {},
            r"refuses \(403\); set this machine's clock, update the package \(pip install -U edge-tts\)",
        ),
        (403, {"Date": "x"}, r"refuses \(403\); set this machine's clock, "),
        (404, {}, r"refuses \(404\); update the package"),
        (200, {}, r"refuses \(200\); update the package"),
    ],
)
def test_a_refusal_is_final_and_tells_the_way_out(
    status: int, headers: dict[str, str], expected: str, edge: Edge
) -> None:
    edge.opening = lambda: web.Response(status=status, headers=headers)
    with pytest.raises(VoiceError, match=f"^edge: Microsoft Edge's voice {expected}") as error:
        EdgeVoice().speak(LINE)
    assert not isinstance(error.value, VoiceBusyError)


def test_a_clock_that_is_wrong_is_set_by_the_service(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package asks a second time with the service's own time; that is not a try of ours."""
    monkeypatch.setattr("edge_tts.drm.DRM.clock_skew_seconds", 0.0)
    refusals = iter([web.Response(status=403, headers={"Date": "Mon, 01 Jan 2024 00:00:00 GMT"})])
    edge.opening = lambda: next(refusals, None)
    assert EdgeVoice().speak(LINE).words
    first, second = (query["Sec-MS-GEC"] for query in edge.queries)
    assert first != second


def test_a_service_that_says_nothing_is_not_waited_for_for_ever(
    edge: Edge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(EdgeVoice, "receive_timeout_s", 0.2)
    edge.answer = stall
    began_s = time.monotonic()
    assert str(busy()) == "edge: Microsoft Edge's voice does not answer in time"
    assert time.monotonic() - began_s < 1.5


def test_an_answer_that_never_ends_is_given_up(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EdgeVoice, "deadline_s", 0.3)
    edge.answer = trickle
    began_s = time.monotonic()
    assert str(busy()) == "edge: Microsoft Edge's voice does not answer in time"
    assert time.monotonic() - began_s < 1.5


def test_an_answer_that_is_too_large_is_given_up(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morning_edition.voices.edge.LARGEST_SOUND_BYTES", 4_000)
    assert str(busy()) == "edge: the answer of Microsoft Edge's voice does not come to an end"


def test_without_a_network_the_error_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", f"ws://127.0.0.1:{port}/x?y=z")
    with pytest.raises(
        VoiceError, match=r"^edge: Microsoft Edge's voice cannot be reached \(.*\); check the network"
    ):
        EdgeVoice().speak(LINE)


def test_lines_are_spoken_side_by_side(edge: Edge) -> None:
    reader = EdgeVoice()
    lines = [Utterance(f"Line {number}: {'a word or two, ' * number}and the end.") for number in range(8)]
    alone = [reader.speak(line) for line in lines]

    async def together(socket: web.WebSocketResponse, text: str) -> None:
        async with asyncio.timeout(5):
            while edge.most_at_once < 2:
                await asyncio.sleep(0.01)
        await speak(socket, text)

    edge.answer = together
    with ThreadPoolExecutor(reader.traits.lines_at_once) as pool:
        assert list(pool.map(reader.speak, lines)) == alone
    assert 1 < edge.most_at_once <= reader.traits.lines_at_once


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en-US", "en-US-AriaNeural"),
        ("en-gb", "en-GB-SoniaNeural"),
        ("en", "en-US-AriaNeural"),
        ("en-BZ", "en-US-AriaNeural"),
        ("de-CH-1996", "de-CH-LeniNeural"),
        ("zh-Hant-TW", "zh-TW-HsiaoChenNeural"),
        ("no", "nb-NO-PernilleNeural"),
        ("es-419", "es-ES-ElviraNeural"),
    ],
)
def test_without_a_name_the_voice_is_that_of_the_language(language: str, name: str) -> None:
    assert EdgeVoice(delivery=Delivery(language)).identity.split()[2] == name


def test_a_language_without_a_known_voice_is_refused() -> None:
    with pytest.raises(VoiceError, match=r"^edge: no voice is known here for 'tlh'; name one"):
        EdgeVoice(delivery=Delivery("tlh"))


@pytest.mark.parametrize(
    ("name", "near"),
    [("Aria", "en-US-AriaNeural"), ("sonia", "en-GB-SoniaNeural"), ("en-US-Aria", "en-US-AriaNeural")],
)
def test_what_is_no_voices_name_is_refused_with_the_nearest(name: str, near: str) -> None:
    with pytest.raises(VoiceError, match=f"^edge has no voice called '{name}'; did you mean {near}\\?"):
        EdgeVoice(name)


def test_a_name_can_bring_nothing_else_into_the_request() -> None:
    with pytest.raises(VoiceError, match="has no voice called"):
        EdgeVoice("en-US-AriaNeural'/><break time='9s'/><voice name='en-US-AriaNeural")


def test_a_voice_that_is_not_in_the_catalogue_may_be_named() -> None:
    """The service gets new ones."""
    for name in (
        "zh-CN-liaoning-XiaobeiNeural",
        "fil-PH-BlessicaNeural",
        "en-US-NovaTurboMultilingualNeural",
    ):
        assert name in EdgeVoice(name).identity


def test_every_voice_of_the_catalogue_can_be_chosen() -> None:
    notes = EdgeVoice.catalogue({})
    assert len({note.name for note in notes}) == len(notes)
    for note in notes:
        assert note.name in EdgeVoice(note.name).identity
        assert note.name.startswith(f"{note.language}-")
        assert "unofficial" in note.licence
    languages = [note.language[:2] for note in notes]
    assert languages == sorted(languages, key=lambda language: language != "en")


def test_an_identity_tells_all_that_decides_the_sound_and_nothing_else() -> None:
    usual = EdgeVoice().identity
    assert re.fullmatch(r"edge \d+\.\d+\.\d+ en-US-AriaNeural rate=\+0%", usual)
    assert EdgeVoice("en-US-AriaNeural", Delivery(pitch_semitones=3)).identity == usual
    assert EdgeVoice(delivery=Delivery(rate=0.9)).identity.endswith("rate=-10%")


def test_without_the_package_the_error_tells_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "edge_tts", None)
    with pytest.raises(VoiceError, match=r"pip install 'morning-edition\[edge\]'$"):
        EdgeVoice()
    note = EdgeVoice.catalogue({})[0]
    assert not note.installed
    assert note.description.endswith("lacks a package: pip install 'morning-edition[edge]'")
