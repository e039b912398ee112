"""How `WyomingVoice` speaks, against a real server on this machine with the protocol's bytes."""

import asyncio
import io
import json
import os
import re
import socket
import socketserver
import struct
import threading
import time
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Delivery, Pronounced, Utterance, VoiceNote
from morning_edition.voices.wyoming import WyomingVoice
from morning_edition.voices.wyoming.events import read_address

RATE_HZ = 22_050
LINE = Utterance("Good morning to all of our listeners.")
INFO: dict[str, Any] = {
    "asr": [{"name": "whisper", "models": []}],
    "tts": [
        {
            "name": "piper",
            "installed": True,
            "voices": [
                {"name": "de_DE-thorsten-medium", "languages": ["de_DE"], "installed": False},
                {
                    "name": "en_GB-alan-low",
                    "languages": ["en_GB"],
                    "installed": True,
                    "description": "Alan\n\x1b(low)",
                },
                {
                    "name": "en_US-libritts-high",
                    "languages": ["en_US"],
                    "installed": True,
                    "description": "LibriTTS",
                    "speakers": [{"name": "p3922"}, {"name": "p8699"}],
                },
            ],
        },
        {"name": "other", "voices": [{"name": "welsh", "languages": ["cy"], "installed": True}]},
    ],
}


def event(kind: str, data: object = None, payload: bytes = b"", *, apart: bool = True) -> bytes:
    """Return an event as servers write it: its data behind the line, or in it."""
    more = json.dumps(data or {}).encode() if apart and data else b""
    head: dict[str, Any] = {"type": kind, "version": "1.6.0"}
    if more:
        head["data_length"] = len(more)
    elif data:
        head["data"] = data
    if payload:
        head["payload_length"] = len(payload)
    return json.dumps(head).encode() + b"\n" + more + payload


def tone(duration_ms: int, rate_hz: int = RATE_HZ) -> Any:
    return (np.sin(np.arange(rate_hz * duration_ms // 1000) * 2 * np.pi * 300 / rate_hz) * 8_000).astype(
        "<i2"
    )


def answer_of(
    pcm: bytes, *, rate: int = RATE_HZ, width: int = 2, channels: int = 1, step: int = 2_048
) -> bytes:
    shape = {"rate": rate, "width": width, "channels": channels}
    chunks = [event("audio-chunk", shape, pcm[at : at + step]) for at in range(0, len(pcm), step)]
    return event("audio-start", shape) + b"".join(chunks) + event("audio-stop", {"timestamp": 1})


class Handler(socketserver.StreamRequestHandler):
    server: "Server"

    def handle(self) -> None:
        while head := self.rfile.readline():
            asked = json.loads(head)
            more = self.rfile.read(asked.get("data_length") or 0)
            data = {**asked.get("data", {}), **(json.loads(more) if more else {})}
            self.server.asked.append((asked["type"], data))
            if asked["type"] == "describe":
                self.server.describing(self)
            elif asked["type"] == "synthesize":
                self.server.speaking(self)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


Answer = Callable[[Handler], Any]


def send(*pieces: bytes) -> Answer:
    return lambda handler: handler.wfile.write(b"".join(pieces))


def send_and_hang_up(*pieces: bytes) -> Answer:
    def answer(handler: Handler) -> None:
        handler.wfile.write(b"".join(pieces))
        handler.connection.shutdown(socket.SHUT_RDWR)

    return answer


def stall(handler: Handler) -> None:
    handler.server.closing.wait(10)


def trickle(handler: Handler) -> None:
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(event("ping"))


def reset(handler: Handler) -> None:
    handler.wfile.write(WHOLE[:5_000])
    handler.reset()


def slowly(handler: Handler) -> None:
    """Send the bytes in odd pieces, as networks do."""
    for at in range(0, len(WHOLE), 997):
        handler.wfile.write(WHOLE[at : at + 997])
        handler.wfile.flush()


WHOLE = answer_of(tone(1_000).tobytes())
GARBLED = "answers in a way that cannot be understood"


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.asked: list[tuple[str, Any]] = []
        self.describing: Answer = send(event("info", INFO))
        self.speaking: Answer = send(WHOLE)
        self.closing = threading.Event()

    @property
    def lines(self) -> list[Any]:
        return [data for kind, data in self.asked if kind == "synthesize"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about connections that the test broke off."""


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


def voice(server: Server, name: str = "", *, language: str = "en-US") -> WyomingVoice:
    return WyomingVoice(name, Delivery(language, options={"address": server.address, "lines_at_once": 3}))


def busy(server: Server) -> str:
    with pytest.raises(VoiceBusyError) as error:
        voice(server).speak(LINE)
    return str(error.value).removeprefix(f"wyoming: the server at {server.address} ")


def refusal(server: Server, name: str = "", language: str = "en-US") -> str:
    with pytest.raises(VoiceError) as error:
        voice(server, name, language=language).speak(LINE)
    assert not isinstance(error.value, VoiceBusyError)
    return str(error.value)


def test_a_line_is_asked_for_with_its_names_respelled(server: Server) -> None:
    line = Utterance("Rain in Latakia — „so“.", (Pronounced(8, 15, "lah-tah-kee-ah", "lɑːtɑːˈkiːɑː"),))
    speech = voice(server, "en_GB-alan-low").speak(line)

    assert server.asked == [
        ("describe", {}),
        ("synthesize", {"text": "Rain in lah-tah-kee-ah — „so“.", "voice": {"name": "en_GB-alan-low"}}),
    ]
    assert (speech.sample_rate_hz, speech.duration_ms, speech.words) == (RATE_HZ, 1_000, ())
    assert speech.pcm == tone(1_000).tobytes()


def test_the_server_is_asked_once_what_it_has(server: Server) -> None:
    reader = voice(server)
    reader.speak(LINE)
    reader.speak(LINE)
    assert [kind for kind, _ in server.asked] == ["describe", "synthesize", "synthesize"]


def test_a_speaker_of_a_voice_is_named_behind_it(server: Server) -> None:
    voice(server, "en_US-libritts-high#p8699").speak(LINE)
    assert server.lines[0]["voice"] == {"name": "en_US-libritts-high", "speaker": "p8699"}


def test_a_voice_of_another_program_is_selected_first(server: Server) -> None:
    voice(server, "welsh").speak(LINE)
    assert server.asked[1:] == [
        ("select-program", {"name": "other"}),
        ("synthesize", {"text": LINE.text, "voice": {"name": "welsh"}}),
    ]


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en-US", "en_US-libritts-high"),
        ("en-gb", "en_GB-alan-low"),
        ("en-AU", "en_GB-alan-low"),
        ("de-AT", "de_DE-thorsten-medium"),
        ("cy-GB", "welsh"),
    ],
)
def test_without_a_name_the_voice_is_that_of_the_language(language: str, name: str, server: Server) -> None:
    voice(server, language=language).speak(LINE)
    assert server.lines[0]["voice"] == {"name": name}


def test_a_language_that_the_server_lacks_is_refused(server: Server) -> None:
    expected = "wyoming: the server has no voice for 'fr-FR'; it speaks cy, de-DE, en-GB, en-US"
    assert refusal(server, language="fr-FR") == expected
    assert server.lines == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("en_GB-alan-lo", "did you mean en_GB-alan-low?"),
        ("en_US-libritts-high#p3923", "did you mean en_US-libritts-high#p3922?"),
        ("zz", "it has de_DE-thorsten-medium, en_GB-alan-low, en_US-libritts-high, "),
    ],
)
def test_an_unknown_voice_is_refused_with_the_nearest(name: str, hint: str, server: Server) -> None:
    assert refusal(server, name).startswith(f"wyoming: the server has no voice called '{name}'; {hint}")
    assert server.lines == []


@pytest.mark.parametrize("line", ["", " \n", "… — “”!"])
def test_a_line_without_letters_takes_no_time_and_no_request(line: str, server: Server) -> None:
    assert voice(server).speak(Utterance(line)).pcm == b""
    assert server.asked == []


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 48_000])
def test_sound_keeps_its_rate(rate: int, server: Server) -> None:
    server.speaking = send(answer_of(tone(500, rate).tobytes(), rate=rate))
    speech = voice(server).speak(LINE)
    assert (speech.sample_rate_hz, speech.pcm) == (rate, tone(500, rate).tobytes())


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_samples_of_any_width_become_16_bits(width: int, server: Server) -> None:
    """Their highest bytes, that is; one byte alone is the higher of two."""
    samples = tone(200).astype("<i4") << 16
    wide = samples.view(np.uint8).reshape(-1, 4)[:, 4 - width :].tobytes()
    server.speaking = send(answer_of(wide, width=width, step=997))
    heard = np.frombuffer(voice(server).speak(LINE).pcm, "<i2")
    expected = tone(200) if width > 1 else tone(200) & ~0xFF
    assert heard.tolist() == expected.tolist()


def test_channels_become_one(server: Server) -> None:
    both = np.stack([tone(200), np.zeros_like(tone(200))], axis=1)
    server.speaking = send(answer_of(both.tobytes(), channels=2))
    assert np.frombuffer(voice(server).speak(LINE).pcm, "<i2") == pytest.approx(tone(200) / 2, abs=1)


def test_bytes_may_come_in_any_pieces(server: Server) -> None:
    server.speaking = slowly
    assert voice(server).speak(LINE).pcm == tone(1_000).tobytes()


def test_data_may_stand_in_the_line_and_events_of_other_kinds_are_passed_over(server: Server) -> None:
    shape = {"rate": RATE_HZ, "width": 2, "channels": 1}
    server.describing = send(event("pong"), event("info", INFO, apart=False))
    server.speaking = send(
        event("audio-start", shape, apart=False),
        event("transcript", {"text": "?"}, b"\n\n{"),
        event("audio-chunk", shape, tone(500).tobytes(), apart=False),
        event("audio-stop", apart=False),
        event("synthesize-stopped"),
    )
    assert voice(server).speak(LINE).duration_ms == 500


SHAPE = {"rate": RATE_HZ, "width": 2, "channels": 1}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (send_and_hang_up(), "breaks off the connection"),
        (send_and_hang_up(WHOLE[: len(WHOLE) // 2]), "breaks off the connection"),
        (send_and_hang_up(WHOLE[:10]), "breaks off the connection"),
        (reset, "breaks off the connection"),
        (send(event("audio-start", SHAPE), b"<html>\n"), GARBLED),
        (send(event("audio-start", SHAPE), b"{broken\n"), GARBLED),
        (send(event("audio-start", SHAPE), b"[1]\n"), GARBLED),
        (send(event("audio-start", SHAPE), b'{"type": 5}\n'), GARBLED),
        (send(event("audio-start", SHAPE), b'{"type": "x", "payload_length": -1}\n'), GARBLED),
        (send(event("audio-start", SHAPE), b'{"type": "x", "payload_length": "9"}\n'), GARBLED),
        (send(event("audio-start", SHAPE), b'{"type": "x", "data": [1]}\n'), GARBLED),
        (send(event("audio-start", SHAPE), b'{"type": "x", "data_length": 2}\n[]'), GARBLED),
        (send(event("audio-start", SHAPE), b"[" * 50_000 + b"\n"), GARBLED),
        (send(event("audio-start", {"rate": "fast", "width": 2, "channels": 1})), GARBLED),
        (send(event("audio-start")), GARBLED),
        (
            send(event("audio-start", SHAPE), b'{"type": "audio-chunk", "payload_length": 9999999999}\n'),
            "sends more than any sound would be",
        ),
        (send(event("audio-start", SHAPE), event("audio-stop")), "sends no sound"),
        (send(event("audio-stop")), "sends no sound"),
        (
            send(event("audio-start", SHAPE), event("audio-chunk", {**SHAPE, "rate": 16_000}, bytes(4))),
            "changes its sample rate midway",
        ),
        (
            send(event("error", {"text": "upstream is slow", "code": "APITimeoutError"})),
            "gives up on the line (APITimeoutError: upstream is slow)",
        ),
    ],
)
def test_what_may_pass_is_told_so_after_one_try(answer: Answer, message: str, server: Server) -> None:
    server.speaking = answer
    assert busy(server) == message
    assert len(server.lines) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (
            {"text": "no such\nvoice \x1b[31m", "code": "VoiceNotFoundError"},
            "VoiceNotFoundError: no such voice [31m",
        ),
        ({"text": "out of memory"}, "out of memory"),
        ({}, "it does not say why"),
        ({"text": "x" * 5_000}, "x" * 200),
    ],
)
def test_a_refusal_is_final_and_shows_what_the_server_says(data: object, said: str, server: Server) -> None:
    server.speaking = send(event("error", data))
    told = refusal(server)
    assert told.startswith(f"wyoming: the server at {server.address} refuses ({said}")
    assert told.endswith("; look into its log")
    assert len(told) < 300


@pytest.mark.parametrize(
    "shape", [{"rate": 0}, {"rate": 400_000}, {"width": 8}, {"width": 0}, {"channels": 99}]
)
def test_a_format_that_no_speech_has_is_refused(shape: dict[str, int], server: Server) -> None:
    server.speaking = send(event("audio-start", {**SHAPE, **shape}))
    assert "which no speech has" in refusal(server)


@pytest.mark.parametrize(
    "greeting",
    [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH_9.2\r\n", b"\x00\xff\n", b"{}\n", b"\n"],
)
def test_a_server_of_another_kind_is_told_at_once(greeting: bytes, server: Server) -> None:
    server.describing = send_and_hang_up(greeting)
    assert f"what answers at {server.address} is no Wyoming server; check the address" in refusal(server)


@pytest.mark.parametrize(
    "info", [{}, {"tts": []}, {"tts": None}, {"tts": [{"voices": [{}, 5, {"name": "\x1b[2J"}]}, "x"]}]
)
def test_a_server_that_does_not_speak_is_refused(info: object, server: Server) -> None:
    server.describing = send(event("info", info))
    assert refusal(server).endswith("has no voices; is it one that speaks?")


def test_a_server_that_hangs_is_not_waited_for_for_ever(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WyomingVoice, "read_timeout_s", 0.1)
    server.speaking = stall
    assert busy(server) == "does not answer in time"


def test_an_answer_that_never_ends_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WyomingVoice, "deadline_s", 0.3)
    server.speaking = trickle
    began_s = time.monotonic()
    assert busy(server) == "does not answer in time"
    assert time.monotonic() - began_s < 1.5


def test_an_answer_that_is_too_large_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("morning_edition.voices.wyoming.events.LARGEST_BYTES", 20_000)
    assert busy(server) == "sends more than any sound would be"


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    reader = WyomingVoice("", Delivery(options={"address": f"127.0.0.1:{port}"}))
    expected = (
        rf"^wyoming: the server at 127\.0\.0\.1:{port} cannot be reached \(Connection refused\); is it "
    )
    with pytest.raises(VoiceError, match=expected) as error:
        reader.speak(LINE)
    assert not isinstance(error.value, VoiceBusyError)


def test_lines_are_spoken_side_by_side(server: Server) -> None:
    reader = voice(server)
    meeting = threading.Barrier(3, timeout=5)

    def together(handler: Handler) -> None:
        meeting.wait()
        handler.wfile.write(WHOLE)

    server.speaking = together
    with ThreadPoolExecutor(reader.traits.lines_at_once) as pool:
        speeches = list(pool.map(reader.speak, [LINE] * 6))
    assert {speech.pcm for speech in speeches} == {tone(1_000).tobytes()}
    assert [kind for kind, _ in server.asked].count("describe") == 1


def test_nothing_is_sent_before_a_line_is_spoken(server: Server) -> None:
    """The identity of a voice that is named needs no server; where that is, it does not show."""
    reader = voice(server, "whoever")
    assert re.fullmatch(r"wyoming 1 server=[0-9a-f]{12} whoever en-US", reader.identity)
    assert reader.traits.lines_at_once == 3
    assert server.asked == []


def test_a_voice_that_is_not_named_is_known_by_its_real_name(server: Server) -> None:
    """So that takes of one voice are not kept for another, when the server has changed its mind."""
    reader = voice(server)
    assert reader.identity.endswith(" en_US-libritts-high en-US")
    assert reader.identity == voice(server, "en_US-libritts-high").identity
    reader.confirm()
    assert [kind for kind, _ in server.asked] == ["describe"]


def test_a_server_that_does_not_tell_is_waited_for_once(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WyomingVoice, "listing_s", 0.1)
    server.describing = stall
    reader = voice(server)
    assert {reader.identity.split()[3] for _ in range(5)} == {"default"}
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("name", "near"), [("en_GB-allan-low", "did you mean en_GB-alan-low"), ("x", "it has ")]
)
def test_a_voice_that_the_server_lacks_is_told_before_any_line(server: Server, name: str, near: str) -> None:
    with pytest.raises(VoiceError, match=f"no voice called '{name}'; {near}") as caught:
        voice(server, name).confirm()
    assert not isinstance(caught.value, VoiceBusyError)
    assert server.lines == []


def test_a_voice_is_confirmed_once(server: Server) -> None:
    reader = voice(server, "en_US-libritts-high#p3922")
    reader.confirm()
    reader.confirm()
    assert reader.speak(LINE).pcm
    assert [kind for kind, _ in server.asked] == ["describe", "synthesize"]


def test_a_server_that_is_slow_to_tell_its_voices_is_not_waited_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WyomingVoice, "describing_s", 0.1)
    server.describing = stall
    with pytest.raises(VoiceBusyError, match="does not answer in time"):
        voice(server, "en_GB-alan-low").confirm()


def test_a_text_with_half_a_sign_is_sent(server: Server) -> None:
    """Half of a pair of surrogates is no character; what is around it is read."""
    voice(server).speak(Utterance("Good \ud83d morning."))
    assert server.lines[0]["text"] == "Good ? morning."


@pytest.mark.parametrize("port", ["9" * 5_000, "100000", "0"])
def test_a_port_that_is_none_is_told(port: str) -> None:
    """However long it is: Python itself refuses to read thousands of digits."""
    with pytest.raises(VoiceError, match="is no host and port"):
        read_address(f"piper.local:{port}")


def test_without_an_address_the_error_tells_where_to_write_it() -> None:
    with pytest.raises(VoiceError, match=re.escape('write address = "host:port" in [engines.wyoming]')):
        WyomingVoice("", Delivery(options={"address": ""}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("piper.local:10300", "piper.local:10300"),
        (" tcp://192.168.1.20:10200/ ", "192.168.1.20:10200"),
        ("piper.local", "piper.local:10200"),
        ("[::1]:10300", "[::1]:10300"),
        ("[fe80::1]", "[fe80::1]:10200"),
        ("::1", "[::1]:10200"),
    ],
)
def test_an_address_is_a_host_and_may_have_a_port(text: str, shown: str) -> None:
    assert str(read_address(text)) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":10200",
        "host:",
        "host:port",
        "host:0",
        "host:70000",
        "host:-1",
        "http://host:80",
        "a b:1",
        "a:b:1",
        "host:１",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(VoiceError, match="is no host and port"):
        read_address(text)


def test_a_server_may_have_an_ipv6_address() -> None:
    try:
        listener = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    with listener:
        listener.settimeout(5)
        address = f"[::1]:{listener.getsockname()[1]}"
        with ThreadPoolExecutor(1) as pool:
            notes = pool.submit(WyomingVoice.catalogue, {"address": address})
            connection, _ = listener.accept()
            with connection:
                assert json.loads(connection.recv(1_000))["type"] == "describe"
                connection.sendall(event("info", INFO))
                assert len(notes.result()) == 4


def test_the_catalogue_is_what_the_server_has(server: Server) -> None:
    by = f"by the server at {server.address}"
    assert WyomingVoice.catalogue({"address": server.address}) == (
        VoiceNote("en_GB-alan-low", "en-GB", f"Alan (low); {by}"),
        VoiceNote(
            "en_US-libritts-high",
            "en-US",
            f"LibriTTS; 2 speakers, such as en_US-libritts-high#p3922; {by}",
        ),
        VoiceNote("welsh", "cy", f"welsh; {by}"),
        VoiceNote(
            "de_DE-thorsten-medium",
            "de-DE",
            f"de_DE-thorsten-medium; {by}; the server fetches it when it is asked for",
            installed=False,
        ),
    )


def test_a_catalogue_without_an_address_says_what_it_lacks() -> None:
    (note,) = WyomingVoice.catalogue({})
    assert not note.installed
    assert 'lacks its address = "host:port"' in note.description


@pytest.mark.parametrize("describing", [stall, send_and_hang_up(b"HTTP/1.1 400\r\n")])
def test_a_catalogue_of_a_server_that_fails_says_so_in_time(
    describing: Answer, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WyomingVoice, "listing_s", 0.2)
    server.describing = describing
    began_s = time.monotonic()
    (note,) = WyomingVoice.catalogue({"address": server.address})
    assert not note.installed
    assert server.address in note.description
    assert time.monotonic() - began_s < 1


def test_the_protocols_own_package_understands_what_is_sent() -> None:
    """Its server reads our events, and we read what it writes."""
    wyoming = pytest.importorskip("wyoming.server")
    from wyoming.audio import wav_to_chunks
    from wyoming.event import Event
    from wyoming.info import Attribution, Describe, Info, TtsProgram, TtsVoice
    from wyoming.tts import Synthesize

    told = {"attribution": Attribution("", ""), "installed": True, "description": "", "version": "1"}
    speaking = TtsVoice(name="en_US-x", languages=["en_US"], **told)
    info = Info(tts=[TtsProgram(name="piper", voices=[speaking], **told)])
    asked: list[Any] = []

    class Reader(wyoming.AsyncEventHandler):  # type: ignore[name-defined, misc, unused-ignore]
        async def handle_event(self, event: Event) -> bool:
            if Describe.is_type(event.type):
                await self.write_event(info.event())
            elif Synthesize.is_type(event.type):
                asked.append(Synthesize.from_event(event))
                with wave.open(io.BytesIO(wav), "rb") as file:
                    for part in wav_to_chunks(file, 1_000, start_event=True, stop_event=True):
                        await self.write_event(part.event())
            return True

    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(tone(1_000).tobytes())
    wav = held.getvalue()

    async def converse() -> Any:
        with socket.create_server(("127.0.0.1", 0)) as free:
            address = f"127.0.0.1:{free.getsockname()[1]}"
        serving = wyoming.AsyncServer.from_uri(f"tcp://{address}")
        await serving.start(Reader)
        reader = WyomingVoice("", Delivery(options={"address": address}))
        speech = await asyncio.to_thread(reader.speak, Utterance("“Ünïcode,” she said."))
        await serving.stop()
        return speech

    speech = asyncio.run(converse())
    assert (asked[0].text, asked[0].voice.name) == ("“Ünïcode,” she said.", "en_US-x")
    assert speech.pcm == tone(1_000).tobytes()
