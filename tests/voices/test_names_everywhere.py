"""The names of a story come out of every engine as the station's lexicon has them.

Each engine speaks the lines of an article, as `produce` hands them over. Looked at is what its server, here a
real one on this machine, or its program was sent; of those that run in this process, the phonemes.
"""

import asyncio
import base64
import contextlib
import ctypes
import datetime as dt
import functools
import importlib.util
import json
import re
import shlex
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import pytest

from morning_edition.articles.open import open_article
from morning_edition.plan import plan_edition
from morning_edition.station import parse_station
from morning_edition.station.engines import Engines
from morning_edition.voices import Delivery, Utterance, Voice
from morning_edition.voices.espeak import EspeakVoice, speak_lib
from morning_edition.voices.flite import FliteVoice
from morning_edition.voices.flite.input import write_tokens
from morning_edition.voices.flite.libflite import open_library
from morning_edition.voices.registry import open_voice

HAMA = Path(__file__).parents[2].parent / "shared" / "articles" / "hama.txt"
LEXICON = """\
[names]
Hama = { ipa = "ˈhɑːmə" }
Homs = { ipa = "hɒms" }
Latakia = { ipa = "ˌlætəˈkiːə" }
"Hayat Tahrir al-Sham" = { ipa = "haɪˈɑːt tɑːˈriːr ælˈʃɑːm" }
Golani = { ipa = "ɡoʊˈlɑːni" }
Assad = { ipa = "æˈsɑːd" }
"""
ARTICLE = """\
roads/ convoys/ Harbour Post/ A. Diaz/ Morning Edition/ The road from Hama to Homs is open again.
Road Opens Near Hama: Quick Looks
- Route: It runs to Latakia on the coast.
- Control: Hayat Tahrir al-Sham holds the crossing.
Road to Homs Opens, Assad Silent
Deep Look
Hama’s market filled within hours. Its traders said that Golani had met them twice.
Neither Assad’s office nor “the old guard of Latakia” answered; (Hama) waits.
"""
Speaking = Callable[[Utterance], str]
"""Speaks a line; returns what was sent, or the phonemes that are heard."""


@dataclass(frozen=True)
class Said:
    """One name, in each form that an engine takes; a tuple has a form for each of its words."""

    respelled: str
    ssml: tuple[str, ...]
    cmu: tuple[str, ...]
    kokoro: tuple[str, ...]
    espeak: str
    """With its own sounds before an r, and its tap for a t between vowels."""
    flite: str
    piper: str
    """Without stress and length."""


NAMES = {
    "Hama": Said("hah-muh", ("ˈhɑmə",), ("HH AA1 M AH0",), ("hˈɑmə",), "hˈɑːmə", "hh aa m ax", "hɑmə"),
    "Homs": Said("homs", ("hɑms",), ("HH AA0 M S",), ("hɑms",), "hˈɑːms", "hh aa m s", "hɑms"),
    "Latakia": Said(
        "lat-uh-kee-uh",
        ("ˌlætəˈkiə",),
        ("L AE2 T AH0 K IY1 AH0",),
        ("lˌætəkˈiə",),
        "lˌæɾəkˈiːə",
        "l ae t ax k iy ax",
        "lætəkiə",
    ),
    "Hayat Tahrir al-Sham": Said(
        "hy-aht tah-reer al-shahm",
        ("haɪˈɑt", "tɑˈɹiɹ", "ælˈʃɑm"),
        ("HH AY0 AA1 T", "T AA0 R IY1 R", "AE0 L SH AA1 M"),
        ("hIˈɑt", "tɑɹˈiɹ", "ælʃˈɑm"),
        "haɪˈɑːt tɑːɹˈɪɹ ælʃˈɑːm",
        "hh ay aa t t aa r iy r ae l sh aa m",
        "haɪɑttɑɹɪɹælʃɑm",
    ),
    "Golani": Said(
        "goh-lah-nee",
        ("goʊˈlɑni",),
        ("G OW0 L AA1 N IY0",),
        ("ɡOlˈɑni",),
        "ɡoʊlˈɑːni",
        "g ow l aa n iy",
        "ɡoʊlɑni",
    ),
    "Assad": Said("as-ahd", ("æˈsɑd",), ("AE0 S AA1 D",), ("æsˈɑd",), "æsˈɑːd", "ae s aa d", "æsɑd"),
    "Hama's": Said(
        "hah-muh’s", ("ˈhɑməz",), ("HH AA1 M AH0 Z",), ("hˈɑməz",), "hˈɑːməz", "hh aa m ax z", "hɑməz"
    ),
    "Assad's": Said(
        "as-ahd’s", ("æˈsɑdz",), ("AE0 S AA1 D Z",), ("æsˈɑdz",), "æsˈɑːdz", "ae s aa d z", "æsɑdz"
    ),
}


@pytest.fixture(params=["own", "hama"])
def lines(request: pytest.FixtureRequest, tmp_path: Path) -> list[Utterance]:
    """The lines with such a name, as a plan hands them to the cast."""
    path = HAMA
    if request.param == "own":
        path = tmp_path / "road.txt"
        path.write_text(ARTICLE, "utf-8")
    elif not HAMA.is_file():
        pytest.skip(f"{HAMA} is not there")
    (tmp_path / "lexicon.toml").write_text(LEXICON, "utf-8")
    station = parse_station('[show]\ntitle = "Test"\nbase_url = "https://podcast.example/"\n', tmp_path)
    article = open_article(str(path), outlet="Harbour Post", edition="Morning Edition")
    plan = plan_edition(station, article, dt.date(2026, 3, 2), voice="tone")
    uttered = [plan.utter(line.spoken) for line in plan.read_lines]
    named = [line for line in uttered if names_in(line)]
    assert {name for line in named for name in names_in(line)} == {*NAMES}
    return named


def names_in(line: Utterance) -> list[str]:
    """Return the names of the table, as the line has them: one pronounced stretch each."""
    written = [line.text[said.start : said.end].replace("’", "'") for said in line.says]
    return [name for name in written if name in NAMES]


def check(lines: Sequence[Utterance], speak: Speaking, form: Callable[[str], str]) -> None:
    """Each name is heard in its form, in the order of the line."""
    for line in lines:
        heard, at = speak(line), 0
        for name in names_in(line):
            found = heard.find(form(name), at)
            assert found >= 0, f"{name} as {form(name)!r} in {heard!r}"
            at = found + len(form(name))


def check_respelled(lines: Sequence[Utterance], speak: Speaking) -> None:
    """Names are sent as they are respelled, and not once as they are written."""
    speak = functools.cache(speak)
    check(lines, speak, lambda name: NAMES[name].respelled)
    assert not [line for line in lines if re.search("|".join(NAMES), speak(line))]


def tagged(markup: str, form: str) -> Callable[[str], str]:
    """Return how a name is written with *markup*, such as `<ph={}>{}</ph>`, around each of its words."""
    return lambda name: " ".join(
        markup.format(sound, word)
        for sound, word in zip(getattr(NAMES[name], form), name.split(), strict=True)
    )


IPA_TAG = '<phoneme alphabet="ipa" ph="{}">{}</phoneme>'
CMU_TAG = '<phoneme alphabet="cmu-arpabet" ph="{}">{}</phoneme>'


def open_engine(setting: str, **options: object) -> Voice:
    engine = setting.partition(":")[0]
    return open_voice(setting, Delivery(options={**Engines().options(engine), **options}))  # type: ignore[dict-item]


def asking(server: Any, voice: Voice, read: Callable[[Any], str], reply: Any) -> Speaking:
    """Return what has *voice* speak to *server*, whose answer is *reply*; *read* finds the text asked for."""
    server.always = reply

    def speak(line: Utterance) -> str:
        server.asked.clear()
        voice.speak(line)
        return " ".join(read(asked) for asked in server.asked if asked.body)

    return speak


@functools.cache
def mp3_of(duration_ms: int) -> bytes:
    import lameenc

    frames = np.sin(np.arange(24 * duration_ms) * 2 * np.pi * 300 / 24_000) * 8_000
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(24_000)
    encoder.set_channels(1)
    encoder.set_bit_rate(48)
    encoder.silence()
    return bytes(encoder.encode(frames.astype("<i2").tobytes()) + encoder.flush())


# Engines that take nothing but text.


def test_openai_is_sent_respellings(speech_server: Any, lines: list[Utterance]) -> None:
    voice = open_engine("openai:alloy", base_url=f"{speech_server.url}/v1")
    check_respelled(
        lines, asking(speech_server, voice, lambda asked: asked.record["input"], speech_server.wav())
    )


def test_gtts_is_sent_respellings(
    speech_server: Any, lines: list[Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In pieces of a hundred characters, none of which cuts a name."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("MORNING_EDITION_GTTS_URL", speech_server.url)
    rows = [["wrb.fr", "jQ1olc", json.dumps([base64.b64encode(mp3_of(6_000)).decode()])]]
    reply = speech_server.reply(f")]}}'\n\n{json.dumps(rows, separators=(',', ':'))}".encode())

    def read(asked: Any) -> str:
        procedures = json.loads(parse_qs(asked.body.decode())["f.req"][0])
        return str(json.loads(procedures[0][0][1])[0])

    check_respelled(lines, asking(speech_server, open_engine("gtts"), read, reply))


class WyomingServer(socketserver.ThreadingTCPServer):
    """Says that it has a voice, and answers each line with a tenth of a second of sound."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WyomingHandler)
        self.texts: list[str] = []


class WyomingHandler(socketserver.StreamRequestHandler):
    server: WyomingServer

    def handle(self) -> None:
        while head := self.rfile.readline():
            asked = json.loads(head)
            more = self.rfile.read(asked.get("data_length") or 0)
            if asked["type"] == "describe":
                voices = [{"name": "en_US-x", "languages": ["en_US"], "installed": True}]
                self.tell("info", {"tts": [{"name": "piper", "installed": True, "voices": voices}]})
            elif asked["type"] == "synthesize":
                self.server.texts.append({**asked.get("data", {}), **json.loads(more or "{}")}["text"])
                shape = {"rate": 22_050, "width": 2, "channels": 1}
                self.tell("audio-start", shape)
                self.tell("audio-chunk", shape, b"\1\1" * 2_205)
                self.tell("audio-stop", {})

    def tell(self, kind: str, data: object, payload: bytes = b"") -> None:
        head = {"type": kind, "data": data, "payload_length": len(payload)}
        self.wfile.write(json.dumps(head).encode() + b"\n" + payload)


def test_wyoming_is_sent_respellings(lines: list[Utterance]) -> None:
    with WyomingServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        voice = open_engine("wyoming", address=f"127.0.0.1:{server.server_address[1]}")

        def speak(line: Utterance) -> str:
            voice.speak(line)
            return server.texts[-1]

        check_respelled(lines, speak)
        server.shutdown()
        thread.join()


@contextlib.contextmanager
def serving_edge(texts: list[str]) -> Iterator[str]:
    """Yield the address of a service as Edge's, which notes the SSML of each line in *texts*."""
    from aiohttp import WSMsgType, web

    async def take(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.TEXT and "Path:ssml" in message.data:
                texts.append(message.data.partition("\r\n\r\n")[2])
                await socket.send_str("Path:turn.start\r\n\r\n{}")
                head = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nPath:audio"
                await socket.send_bytes((len(head) + 2).to_bytes(2, "big") + head + b"\r\n" + mp3_of(6_000))
                await socket.send_str("Path:turn.end\r\n\r\n{}")
        return socket

    async def serve() -> None:
        application = web.Application()
        application.router.add_get("/edge/v1", take)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address.append(f"ws://127.0.0.1:{runner.addresses[0][1]}/edge/v1?TrustedClientToken=x")
        started.set()
        await stopping.wait()
        await runner.cleanup()

    address: list[str] = []
    started, stopping, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=[serve()])
    thread.start()
    assert started.wait(5)
    try:
        yield address[0]
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        loop.close()


def test_edge_is_sent_respellings(lines: list[Utterance], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    texts: list[str] = []
    voice = open_engine("edge")

    def speak(line: Utterance) -> str:
        voice.speak(line)
        return texts[-1]

    with serving_edge(texts) as address:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", address)
        check_respelled(lines, speak)


def test_a_program_is_given_respellings(lines: list[Utterance], speech_server: Any, tmp_path: Path) -> None:
    sound, given, program = tmp_path / "sound.wav", tmp_path / "given.txt", tmp_path / "speak.py"
    sound.write_bytes(speech_server.wav_of(300))
    program.write_text(
        "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[3]); shutil.copy(sys.argv[2], sys.argv[4])"
    )
    words = shlex.join([sys.executable, "-I", "-S", str(program)])
    line = f"{words} {{input}} {shlex.quote(str(sound))} {shlex.quote(str(given))} {{output}}"
    voice = open_engine("command", line=line)

    def speak(line: Utterance) -> str:
        voice.speak(line)
        return given.read_text("utf-8")

    check_respelled(lines, speak)


# Engines that take the sounds of a name.


def test_kokoro_is_sent_its_own_phonemes(speech_server: Any, lines: list[Utterance]) -> None:
    voice = open_engine("openai:af_heart", base_url=f"{speech_server.url}/v1", flavour="kokoro")
    reply = speech_server.json({"audio": base64.b64encode(speech_server.wav_of(900)).decode()})
    speak = asking(speech_server, voice, lambda asked: asked.record["input"], reply)
    kokoro = tagged("[{1}](/{0}/)", "kokoro")
    check(lines, speak, kokoro)


@pytest.mark.parametrize("model", ["eleven_multilingual_v2", "eleven_flash_v2"])
def test_elevenlabs_is_sent_respellings_or_cmu_phonemes(
    speech_server: Any, lines: list[Utterance], monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    """By what its model takes."""
    monkeypatch.setenv("ELEVENLABS_API_KEY", "sk_0123456789abcdef")
    voice = open_engine("elevenlabs:Alice", base_url=speech_server.url, model=model)
    reply = speech_server.json({"audio_base64": base64.b64encode(speech_server.pcm_of(6_000)).decode()})
    speak = asking(speech_server, voice, lambda asked: asked.record["text"], reply)
    if model == "eleven_flash_v2":
        check(lines, speak, tagged(CMU_TAG, "cmu"))
    else:
        check_respelled(lines, speak)


def test_google_is_sent_ipa(
    speech_server: Any, lines: list[Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_API_KEY", "AIzaSy-0123456789")
    voice = open_engine("google", base_url=speech_server.url)
    reply = speech_server.json({"audioContent": base64.b64encode(speech_server.wav_of(900)).decode()})

    def read(asked: Any) -> str:
        return re.sub("<mark [^>]*>", "", asked.record["input"]["ssml"])

    check(lines, asking(speech_server, voice, read, reply), tagged(IPA_TAG, "ssml"))


def test_azure_is_sent_ipa(
    speech_server: Any, lines: list[Utterance], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_SPEECH_KEY", "0123456789abcdef")
    voice = open_engine("azure", base_url=speech_server.url, region="westeurope")
    speak = asking(speech_server, voice, lambda asked: asked.body.decode(), speech_server.wav())
    check(lines, speak, tagged(IPA_TAG, "ssml"))


def test_polly_is_sent_ipa(
    speech_server: Any, lines: list[Utterance], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "0123456789abcdef")
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "nothing"))
    voice = open_engine("polly", endpoint_url=speech_server.url, region="us-east-1", word_times=False)
    speak = asking(speech_server, voice, lambda asked: asked.record["Text"], speech_server.wav())
    check(lines, speak, tagged(IPA_TAG, "ssml"))


# Engines that run here: what is heard.


@pytest.mark.skipif(sys.platform == "win32", reason="a stream of the C library's own is needed")
def test_espeak_says_the_lexicon_s_phonemes(
    lines: list[Utterance], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Asked of the engine itself, which writes down what it says while it speaks."""
    libc = ctypes.CDLL(None)
    libc.fopen.argtypes, libc.fopen.restype = [ctypes.c_char_p, ctypes.c_char_p], ctypes.c_void_p
    libc.fclose.argtypes = [ctypes.c_void_p]
    trace = tmp_path / "phonemes.txt"
    open_quietly = speak_lib.Library.__init__

    def speak(line: Utterance) -> str:
        stream = libc.fopen(bytes(trace), b"w")

        def open_traced(self: Any, handle: Any) -> None:
            open_quietly(self, handle)
            handle.espeak_SetPhonemeTrace.argtypes = [ctypes.c_int, ctypes.c_void_p]
            handle.espeak_SetPhonemeTrace(IN_IPA, stream)

        monkeypatch.setattr(speak_lib.Library, "__init__", open_traced)
        EspeakVoice().speak(line)
        libc.fclose(stream)
        return " ".join(trace.read_text("utf-8").split())

    check(lines, speak, lambda name: NAMES[name].espeak)


IN_IPA = 2
"""eSpeak's mode for writing phonemes, of speak_lib.h."""


@pytest.mark.skipif(not FliteVoice.is_available(), reason="libflite is not installed")
def test_flite_says_the_lexicon_s_phones(lines: list[Utterance]) -> None:
    library = open_library("rms")
    check(
        lines, lambda line: " ".join(library.list_phones(write_tokens(line))), lambda name: NAMES[name].flite
    )


@pytest.fixture(scope="module")
def piper_voice(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """A Piper voice that sounds a tone for each phoneme, and the module that knows which."""
    pytest.importorskip("onnx", reason="the voice for this test is made with onnx")
    place = Path(__file__).with_name("make_piper_voice.py")
    spec = importlib.util.spec_from_file_location("make_piper_voice_of_names", place)
    assert spec
    assert spec.loader
    make = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = make
    spec.loader.exec_module(make)
    return make, make.write_voice(tmp_path_factory.mktemp("voices") / "en_US-tone-medium.onnx")


def test_piper_says_the_lexicon_s_phonemes(piper_voice: tuple[Any, Path], lines: list[Utterance]) -> None:
    """Read off the sound of the voice; stresses, lengths and pauses are left out."""
    make, path = piper_voice
    voice = open_engine(f"piper:{path}")
    signs = {make.tone_of(ids[0]): sign for sign, ids in make.DEFAULT_PHONEME_ID_MAP.items() if ids[0] < 120}

    def speak(line: Utterance) -> str:
        frames = np.frombuffer(voice.speak(line).pcm, "<i2").astype(float)
        frames = frames[: len(frames) // make.HOP * make.HOP].reshape(-1, make.HOP)
        tones = np.abs(np.fft.rfft(frames)).argmax(axis=1)
        changed = [
            int(tone) for before, tone in zip([0, *tones], tones, strict=False) if tone not in (0, before)
        ]
        return "".join(signs.get(tone, "") for tone in changed)

    check(lines, speak, lambda name: NAMES[name].piper)
