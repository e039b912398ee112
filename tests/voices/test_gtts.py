"""How `GttsVoice` speaks, against a real server on this machine that answers as Google Translate does."""

import base64
import functools
import json
import re
import shutil
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import lameenc
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Delivery, Pronounced, Utterance, Voice
from morning_edition.voices.cutting import cut_text
from morning_edition.voices.gtts import GttsVoice
from morning_edition.voices.gtts.google_translate import SERVER_VARIABLE, GoogleTranslate

RATE_HZ = 24_000
MS_PER_CHARACTER = 60
LONG_LINE = (
    "“If Hama falls,” the analyst said, “it means that the beginning of the end has arrived for the "
    "government”; nobody, he added, had expected the city to be taken so soon. Officials did not answer."
)


@functools.cache
def mp3_of(characters: int) -> bytes:
    """Return a tone as long as it takes to say so many *characters*."""
    frames = RATE_HZ * MS_PER_CHARACTER * characters // 1000
    tone = (np.sin(np.arange(frames) * 2 * np.pi * 300 / RATE_HZ) * 8_000).astype("<i2")
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE_HZ)
    encoder.set_out_sample_rate(RATE_HZ)
    encoder.set_channels(1)
    encoder.set_bit_rate(32)
    encoder.silence()
    return bytes(encoder.encode(tone.tobytes()) + encoder.flush())


class Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.paths.append(self.path)
        self.server.times_s.append(time.monotonic())
        (((procedure, parameters, _, _),),) = json.loads(parse_qs(body)["f.req"][0])
        assert procedure == "jQ1olc"
        text, language, slow, _ = json.loads(parameters)
        self.server.heard.append((text, language, slow))
        plan = self.server.plans.pop(0) if self.server.plans else self.server.always
        plan(self, text)

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


Plan = Callable[[Handler, str], None]


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[str, str, bool | None]] = []
        self.paths: list[str] = []
        self.times_s: list[float] = []
        self.plans: list[Plan] = []
        self.always: Plan = speak
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    @property
    def texts(self) -> list[str]:
        return [text for text, _, _ in self.heard]


def wrapped(sound: str) -> bytes:
    rows = [["wrb.fr", "jQ1olc", json.dumps([sound]), None, None, None, "generic"], ["di", 79]]
    return (")]}'\n\n" + json.dumps(rows, separators=(",", ":"))).encode()


def speak(handler: Handler, text: str) -> None:
    handler.answer(wrapped(base64.b64encode(mp3_of(len(text))).decode()))


def speak_escaped(handler: Handler, text: str) -> None:
    """Answer with the padding written as Google at times writes it."""
    sound = base64.b64encode(mp3_of(len(text)) + b"\0" * ((4 - len(mp3_of(len(text))) % 3) % 3)).decode()
    assert sound.endswith("=")
    handler.answer(wrapped(sound).replace(b"=", rb"\\u003d"))


def refuse(status: int, **headers: str) -> Plan:
    return lambda handler, _: handler.answer(b"no", status, **headers)


def reset(handler: Handler, _: str) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def stall(handler: Handler, _: str) -> None:
    handler.server.closing.wait(10)


def slowly(handler: Handler, text: str) -> None:
    handler.server.closing.wait(0.2)
    speak(handler, text)


def trickle(handler: Handler, _: str) -> None:
    handler.send_response_only(200)
    handler.end_headers()
    while not handler.server.closing.wait(0.05):
        try:
            handler.wfile.write(b" " * 512)
        except OSError:
            return


def break_off(handler: Handler, text: str) -> None:
    """Promise the whole answer and hang up halfway."""
    body = wrapped(base64.b64encode(mp3_of(len(text))).decode())
    handler.send_response_only(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body[: len(body) // 2])


def empty(handler: Handler, _: str) -> None:
    handler.answer(b"")


def silent(handler: Handler, _: str) -> None:
    """Answer as Google does to what it cannot speak."""
    handler.answer(b')]}\'\n\n[["wrb.fr","jQ1olc",null,null,null,[3],"generic"]]')


def web_page(handler: Handler, _: str) -> None:
    handler.answer(b"<!doctype html><title>Hotel network: please sign in</title>")


def bad_base64(handler: Handler, _: str) -> None:
    handler.answer(wrapped("//NExAA*!*"))


def no_bytes(handler: Handler, _: str) -> None:
    handler.answer(wrapped(""))


def not_mp3(handler: Handler, _: str) -> None:
    handler.answer(wrapped(base64.b64encode(b"<html>" * 500).decode()))


def truncated(handler: Handler, text: str) -> None:
    mp3 = mp3_of(len(text))
    handler.answer(wrapped(base64.b64encode(mp3[: len(mp3) // 5]).decode()))


@pytest.fixture(autouse=True)
def google(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget any server that this machine is set to."""
    monkeypatch.delenv(SERVER_VARIABLE, raising=False)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as server:
        monkeypatch.setenv(SERVER_VARIABLE, server.url)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.closing.set()
        server.shutdown()
        thread.join()


def voice(name: str = "", *, language: str = "en-US", rate: float = 1.0) -> Voice:
    return GttsVoice(name, Delivery(language, rate))


def refusal(kind: type[VoiceError], line: str) -> str:
    """Return what the one error of *kind* exactly says."""
    with pytest.raises(VoiceError) as error:
        voice().speak(Utterance(line))
    assert type(error.value) is kind
    return str(error.value)


def squeezed(text: str) -> str:
    return "".join(text.split())


def test_a_line_is_spoken_as_one_request_with_its_punctuation(server: Server) -> None:
    line = "Dr. Lee, of Main St., asked: “Why now?”"
    speech = voice().speak(Utterance(line))
    assert server.heard == [(line, "en", None)]
    assert server.paths == ["/_/TranslateWebserverUi/data/batchexecute"]
    assert speech.sample_rate_hz == RATE_HZ
    assert 0 <= speech.duration_ms - len(line) * MS_PER_CHARACTER < 150
    assert np.abs(np.frombuffer(speech.pcm, "<i2")).max() == pytest.approx(8_000, rel=0.1)
    assert speech.words == ()


def test_a_long_line_is_cut_at_its_clauses_and_nothing_is_lost(server: Server) -> None:
    speech = voice().speak(Utterance(LONG_LINE))
    assert squeezed("".join(server.texts)) == squeezed(LONG_LINE)
    assert max(map(len, server.texts)) <= 100
    pauses_ms = 120 + 180
    spoken_ms = sum(map(len, server.texts)) * MS_PER_CHARACTER + pauses_ms
    assert 0 <= speech.duration_ms - spoken_ms < 150 * len(server.texts)


def test_another_language_is_asked_for_at_the_usual_pace(server: Server) -> None:
    """Google knows but two paces, so the rate is left to the sound."""
    reader = voice(language="fr-FR", rate=0.7)
    reader.speak(Utterance("Bonjour"))
    assert server.heard == [("Bonjour", "fr", None)]
    assert not (reader.traits.sets_rate or reader.traits.sets_pitch)


@pytest.mark.parametrize("line", ["", " \n", "… — “”!", "* * *"])
def test_a_line_without_letters_takes_no_time_and_no_request(line: str, server: Server) -> None:
    assert voice().speak(Utterance(line)).pcm == b""
    assert server.heard == []


def test_a_line_that_failed_is_whole_at_the_next_try(server: Server) -> None:
    server.plans = [speak, reset]
    with pytest.raises(VoiceBusyError):
        voice().speak(Utterance(LONG_LINE))
    assert voice().speak(Utterance(LONG_LINE)).duration_ms > len(LONG_LINE) * MS_PER_CHARACTER


def test_padding_may_be_escaped(server: Server) -> None:
    server.always = speak_escaped
    assert voice().speak(Utterance("Good morning.")).duration_ms > 500
    assert len(server.heard) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "40"},
        {"Date": "Mon, 01 Jan 2024 00:00:00 GMT", "Retry_After": "Mon, 01 Jan 2024 00:00:40 GMT"},
    ],
    ids=["seconds", "date"],
)
def test_the_server_says_when_to_come_back(headers: dict[str, str], server: Server) -> None:
    server.plans = [refuse(429, **headers)]
    with pytest.raises(VoiceBusyError) as busy:
        voice().speak(Utterance("Good morning."))
    assert busy.value.wait_s == 40


@pytest.mark.parametrize("asked", ["soon", "-5", "", "Mon, 01 Jan 2024 00:00:01 GMT"])
def test_a_time_that_cannot_be_read_is_not_passed_on(asked: str, server: Server) -> None:
    server.plans = [refuse(503, Retry_After=asked)]
    with pytest.raises(VoiceBusyError) as busy:
        voice().speak(Utterance("Good morning."))
    assert busy.value.wait_s == 0


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (refuse(429), "Google Translate has had too many requests (429)"),
        (refuse(500), "Google Translate is out of order (500)"),
        (refuse(502), "Google Translate is out of order (502)"),
        (reset, "the connection to Google Translate breaks off"),
        (break_off, "the connection to Google Translate breaks off"),
        (empty, "Google Translate's answer has no sound in it"),
        (silent, "Google Translate's answer has no sound in it"),
        (
            web_page,
            "Google Translate's answer has no sound in it: it is a web page, perhaps this network wants a "
            "sign-in",
        ),
        (bad_base64, "Google Translate's answer is not sound"),
        (no_bytes, "Google Translate's answer is not sound"),
        (not_mp3, "Google Translate's answer is not sound"),
        (truncated, "Google Translate's answer breaks off"),
    ],
)
def test_what_may_pass_is_told_so_after_one_try(answer: Plan, message: str, server: Server) -> None:
    server.always = answer
    with pytest.raises(VoiceBusyError, match=f"^gtts: {re.escape(message)}$"):
        voice().speak(Utterance("Good morning to all of our listeners."))
    assert len(server.heard) == 1


@pytest.mark.parametrize(("status", "reason"), [(400, "Bad Request"), (404, "Not Found")])
def test_a_refusal_is_final_and_tells_the_way_out(status: int, reason: str, server: Server) -> None:
    server.always = refuse(status)
    expected = (
        f"gtts: Google Translate refuses the request ({status} {reason}); update the gTTS package, "
        "or use --voice espeak"
    )
    assert refusal(VoiceError, LONG_LINE) == expected
    assert len(server.heard) == 1


def test_a_server_that_says_nothing_is_not_waited_for_for_ever(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GoogleTranslate, "read_timeout_s", 0.1)
    server.always = stall
    with pytest.raises(VoiceBusyError, match=r"^gtts: Google Translate does not answer in time$"):
        voice().speak(Utterance("Good morning."))
    assert len(server.heard) == 1


def test_a_line_of_many_pieces_ends_in_time_however_slow_each_is(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GoogleTranslate, "deadline_s", 0.5)
    server.plans = [slowly, slowly, stall]
    began_s = time.monotonic()
    with pytest.raises(VoiceBusyError, match="in time"):
        voice().speak(Utterance(LONG_LINE * 3))
    assert len(server.heard) == 3
    assert time.monotonic() - began_s < 1.5


def test_an_answer_that_never_ends_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(GoogleTranslate, "deadline_s", 0.5)
    server.always = trickle
    with pytest.raises(VoiceBusyError, match="does not come to an end"):
        voice().speak(Utterance("Good morning."))


def test_without_a_network_the_error_says_so_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv(SERVER_VARIABLE, f"http://127.0.0.1:{port}")
    expected = (
        r"^gtts: Google Translate cannot be reached \(.*refused.*\); check the network, or use --voice "
    )
    with pytest.raises(VoiceError, match=expected):
        voice().speak(Utterance("Good morning."))


@pytest.mark.skipif(not shutil.which("openssl"), reason="a certificate is made by openssl")
def test_a_certificate_that_nobody_vouches_for_is_refused(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        [*made, *named, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(server, "handle_error", lambda *_: None)
    monkeypatch.setenv(SERVER_VARIABLE, server.url.replace("http:", "https:"))
    with pytest.raises(VoiceError, match=r"^gtts: the certificate of Google Translate cannot be verified; "):
        voice().speak(Utterance("Good morning."))
    assert server.heard == []
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert voice().speak(Utterance("Good morning.")).duration_ms > 500


def test_lines_are_spoken_side_by_side(server: Server) -> None:
    reader = voice()
    lines = [f"Line {number}: {'a word or two, ' * number}and the end." for number in range(12)]
    alone = [reader.speak(Utterance(line)) for line in lines]
    with ThreadPoolExecutor(reader.traits.lines_at_once) as pool:
        assert list(pool.map(reader.speak, map(Utterance, lines))) == alone


def test_nothing_is_opened_before_a_line_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    assert voice().identity
    assert [note.name for note in GttsVoice.catalogue({})][:2] == ["com", "co.uk"]


def test_an_identity_tells_all_that_decides_the_sound_and_nothing_else() -> None:
    assert re.fullmatch(r"gtts \d+\.\d+\.\d+ cut=\d+ com en", voice().identity)
    assert voice().identity == voice("com", rate=0.5).identity == voice(language="en").identity
    others = [voice("co.uk"), voice(language="en-AU"), voice(language="de")]
    assert len({voice().identity, *(other.identity for other in others)}) == 4


def test_another_server_is_part_of_the_identity_but_its_password_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    google = voice("co.uk").identity
    monkeypatch.setenv(SERVER_VARIABLE, "https://desk:secret@proxy.example:8443/translate/{accent}/")
    assert voice("co.uk").identity == f"{google} proxy.example:8443"


@pytest.mark.parametrize("name", [note.name for note in GttsVoice.catalogue({})])
def test_every_accent_of_the_catalogue_can_be_chosen_by_name_or_by_place(name: str) -> None:
    language = next(note.language for note in GttsVoice.catalogue({}) if note.name == name)
    assert voice(name).identity == voice(language=language).identity


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [
        ("en", "com en"),
        ("en-NZ", "com en"),
        ("fr", "com fr"),
        ("fr-CA", "com fr-CA"),
        ("pt-BR", "com pt"),
        ("de-CH-1996", "com de"),
        ("zh-Hant-TW", "com zh-TW"),
        ("zh-tw", "com zh-TW"),
        ("he", "com iw"),
        ("nb-NO", "com no"),
    ],
)
def test_other_languages_are_spoken_by_their_tag(tag: str, spoken: str) -> None:
    assert voice(language=tag).identity.endswith(spoken)


@pytest.mark.parametrize(("name", "near"), [("uk", "co.uk"), ("co.au", "com.au"), ("evil.example", "ie")])
def test_an_unknown_accent_is_refused_with_the_nearest_one(name: str, near: str) -> None:
    with pytest.raises(
        VoiceError, match=rf"^gtts: no accent '{name}'; did you mean [a-z.]+\? Known: com, "
    ) as error:
        voice(name)
    assert near in str(error.value)


@pytest.mark.parametrize("tag", ["tlh", "xx-YY"])
def test_an_unknown_language_is_refused(tag: str) -> None:
    with pytest.raises(VoiceError, match=f"^gtts: Google Translate does not speak '{tag}'; choose another"):
        voice(language=tag)


@pytest.mark.parametrize(
    "address",
    ["http://translate.example", "ftp://127.0.0.1", "127.0.0.1:80", "https://", "https://[::1", "https:///x"],
)
def test_a_server_is_reached_over_https_or_on_this_machine(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SERVER_VARIABLE, address)
    with pytest.raises(VoiceError, match=f"^{SERVER_VARIABLE}: must be an https address"):
        voice()


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("One two. Three four.", ["One two.", "Three four."]),
        ("One two, three four.", ["One two,", "three four."]),
        ("“One two,” three four", ["“One two,”", "three four"]),
        ("Hear Gen. Ames and go", ["Hear Gen. Ames", "and go"]),
        ("At 10:30, three, four", ["At 10:30, three,", "four"]),
        ("The U.S. said: no more", ["The U.S. said:", "no more"]),
        ("one two — three four", ["one two —", "three four"]),
        ("早上好。今天天气很好，适合出去散步走走看看", ["早上好。今天天气很好，", "适合出去散步走走看看"]),
        ("Llanfairpwllgwyngyllgogery", ["Llanfairpwllgwyn", "gyllgogery"]),
    ],
)
def test_a_line_is_cut_where_a_reader_would_draw_breath(line: str, pieces: list[str]) -> None:
    assert cut_text(line, 16) == pieces


@settings(deadline=None)
@given(st.text(), st.integers(1, 40))
def test_a_cut_loses_nothing_but_space(text: str, longest: int) -> None:
    pieces = cut_text(text, longest)
    assert squeezed("".join(pieces)) == squeezed(text)
    assert all(piece.strip() == piece and 0 < len(piece) <= longest for piece in pieces)


@settings(deadline=None)
@given(st.lists(st.text("abcDE,.;:“”—", min_size=1, max_size=12), min_size=1), st.integers(12, 60))
def test_a_word_that_fits_is_never_cut(words: list[str], longest: int) -> None:
    """Save after a dash, which joins two."""
    line = " ".join(words)
    pieces = cut_text(line, longest)
    ends = {piece for piece in pieces if not piece.endswith("—")}
    assert all(
        piece.split()[-1].rpartition("—")[2] in {part for word in words for part in word.split("—")}
        for piece in ends
    )


@settings(deadline=None)
@given(st.text(max_size=40))
def test_what_fits_stays_whole(text: str) -> None:
    assert len(cut_text(text, 40)) <= 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirection_is_not_followed(status: int, server: Server) -> None:
    """A hotel's network sends everyone to its own page; no text is sent there, and it may pass."""
    with Server() as elsewhere:
        server.plans = [lambda handler, _: handler.answer(b"", status, Location=f"{elsewhere.url}/sign-in")]
        with pytest.raises(VoiceBusyError, match=rf"sends to another address \({status}\)") as caught:
            voice().speak(Utterance("Good morning."))
        assert not caught.value.paid
        assert elsewhere.heard == []
    assert voice().speak(Utterance("Good morning.")).pcm


def test_no_password_of_a_netrc_is_sent(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands there for a host is for other programs; what the address itself holds is sent."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login desk password hunter2\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    sent: list[str | None] = []

    def plan(handler: Handler, text: str) -> None:
        sent.append(handler.headers["Authorization"])
        speak(handler, text)

    server.always = plan
    voice().speak(Utterance("Good morning."))
    monkeypatch.setenv(SERVER_VARIABLE, server.url.replace("://", "://me:own@"))
    voice().speak(Utterance("Good morning."))
    assert sent == [None, f"Basic {base64.b64encode(b'me:own').decode()}"]


def test_names_are_sent_as_they_are_respelled(server: Server) -> None:
    """Google takes nothing but text, so a respelling stands where the name stood."""
    line = Utterance("Rain in Latakia.", (Pronounced(8, 15, "lah-tah-kee-ah", "lɑːtɑːˈkiːɑː"),))
    voice().speak(line)

    assert server.texts == ["Rain in lah-tah-kee-ah."]
