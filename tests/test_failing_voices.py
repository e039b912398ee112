"""What becomes of an episode when its voice fails: the run ends with a line, and keeps what was finished.

The real command line speaks with a real server, or a real program, that fails in every way known. Only the
waits between two tries are made shorter, but for one storm.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.take_cache import TakeCache
from morning_edition.voices import Speech, Traits, Utterance, speaking
from morning_edition.voices.lanes import Job
from morning_edition.voices.tone import ToneVoice

pytestmark = pytest.mark.thorough

VOICE = "openai:alloy"
KEY = "sk-local-0123456789abcdef0123456789abcdef"
OPENAI_KEY = "sk-proj-fedcba9876543210fedcba9876543210"
"""Of OpenAI's own server, which has no part in this."""
KEYS = {"OPENAI_COMPATIBLE_API_KEY": KEY, "OPENAI_API_KEY": OPENAI_KEY}
GOOD_LINES = 4
"""How many lines are answered well before the service fails."""
ARTICLE = """\
ferry/ harbour/ Harbour Post/ A. Diaz/ Morning Edition/ The old ferry sails again from Friday.
Old Ferry Sails Again: Quick Looks
- Reopened: The first boat left at noon.
- Cost: The work took $2 million.
Old Ferry Sails Again After Repairs
Deep Look
The ferry had been laid up since the storm in March. Nobody had thought that it would come back.
It will cross the bay six times a day.
"""
SHORT_WAITS = (
    "from morning_edition.voices import speaking; speaking.FIRST_WAIT_S = 0.002; "
    "from morning_edition.cli import main; main()"
)
"""The command line, with waits between tries a fiftieth as long."""


Run = subprocess.CompletedProcess[str]


def finish(process: "subprocess.Popen[str]") -> Run:
    try:
        told = process.communicate(timeout=60)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, *told)


@dataclass(frozen=True)
class Station:
    """A station's folder, and runs of `produce` in it."""

    folder: Path

    def begin(self, voice: str, *, short_waits: bool = True) -> "subprocess.Popen[str]":
        program = ["-c", SHORT_WAITS] if short_waits else ["-m", "morning_edition"]
        return subprocess.Popen(
            [
                sys.executable,
                *program,
                "produce",
                "ferry.txt",
                "--date",
                "2026-03-02",
                "--voice",
                voice,
                "--force",
            ],
            cwd=self.folder,
            env={**os.environ, **KEYS, "PYTHONUTF8": "1", "NO_PROXY": "127.0.0.1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def produce(self, voice: str, *, short_waits: bool = True) -> Run:
        with self.begin(voice, short_waits=short_waits) as process:
            return finish(process)

    @property
    def cache(self) -> Path:
        return self.folder / ".cache" / "takes"

    @property
    def takes(self) -> list[Speech]:
        """All that the cache holds, read as `produce` reads it; every file in it is a whole take."""
        cache = TakeCache(self.cache)
        files = [path for path in self.cache.rglob("*") if path.is_file()]
        takes = [cache.load(path.stem) for path in files]
        whole = [take for take in takes if take]
        assert len(whole) == len(files)
        return whole

    @property
    def published(self) -> list[str]:
        """What a listener would find."""
        names = ("podcast.xml", "audio/*/*", "*.html")
        return [str(path.relative_to(self.folder)) for name in names for path in self.folder.glob(name)]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    (tmp_path / "ferry.txt").write_text(ARTICLE, "utf-8")
    return Station(tmp_path)


def set_up(station: Station, engine: str, **settings: object) -> None:
    table = "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
    (station.folder / "station.toml").write_text(
        '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n'
        f"[sound]\nsample_rate_hz = 32000\n[engines.{engine}]\n{table}",
        "utf-8",
    )


class Service:
    """A speech service that answers some lines well, and does something else with the others."""

    def __init__(self, server: Any, fail: Callable[[Any, Any], Any], *, good_lines: int = GOOD_LINES) -> None:
        self.server = server
        self.good_lines = good_lines
        self.asked: list[str] = []
        self.good: dict[str, int] = {}
        """How long each line is that was answered well, in thousandths of a second."""
        self._fail = fail
        self._lock = threading.Lock()
        server.always = self.answer

    @property
    def sounds(self) -> list[bytes]:
        """What was answered, in order of the bytes."""
        return sorted(self.server.pcm_of(length_ms) for length_ms in self.good.values())

    def answer(self, asked: Any) -> Any:
        text = asked.record["input"]
        with self._lock:
            self.asked.append(text)
            if text not in self.good and len(self.good) < self.good_lines:
                self.good[text] = 20 * len(text) + len(self.good)  # no two alike
            length_ms = self.good.get(text)
        return self.server.wav(length_ms) if length_ms else self._fail(self.server, asked)


def storm(server: Any, **headers: str) -> Any:
    record = {"error": {"message": f"Slow down, {KEY}!", "code": "rate_limit_exceeded"}}
    return server.json(record, 429, **headers)


def silence(server: Any) -> Any:
    sound = server.wav_of(1_000)
    return server.reply(sound[:44] + bytes(len(sound) - 44), headers={"Content-Type": "audio/wav"})


FAILURES: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "storm": (lambda server, asked: storm(server), "asks for fewer requests (429"),
    "reset": (lambda server, asked: server.reply(reset=True), "breaks off the connection"),
    "half an answer": (
        lambda server, asked: server.reply(server.wav_of(2_000), half=True),
        "breaks off the connection",
    ),
    "web page": (lambda server, asked: server.web_page(), "answers with a web page"),
    "JSON": (lambda server, asked: server.json({"error": f"wrong key {KEY}"}), "answers with JSON"),
    "silence": (lambda server, asked: silence(server), "gave no sound"),
    "absurd rate": (
        lambda server, asked: server.wav(4_000, rate_hz=4_000),
        "answers with 4000 samples a second",
    ),
    "too short": (lambda server, asked: server.wav(50), "broke off after 0.1 s of a line"),
}
LASTING = ("silence", "absurd rate")
"""What is no better at the next try."""
WAYS_OUT = ("try again", "choose another voice", "take another voice", "use another voice", "mend its line")


def check_end(station: Station, run: Run, engine: str, message: str) -> None:
    """The run ended with one clear line; nothing is published, and no key is anywhere."""
    told = [line for line in run.stderr.splitlines() if line.startswith("morning-edition: ")]
    assert run.returncode == 1
    assert len(told) == 1, run.stderr
    assert told[0] == run.stderr.splitlines()[-1]
    assert told[0].startswith(f"morning-edition: {engine}")
    assert message in told[0]
    assert any(way in told[0] for way in WAYS_OUT), told[0]
    assert "Traceback" not in run.stderr
    assert not run.stdout
    assert not station.published


def check_keys(station: Station, service: Service, *runs: Run) -> None:
    """The server was sent its key with every line; it stands nowhere else, and another's not even there."""
    assert {asked.headers["authorization"] for asked in service.server.asked} == {f"Bearer {KEY}"}
    said = "".join(run.stdout + run.stderr for run in runs)
    files = [path for path in station.folder.rglob("*") if path.is_file()]
    for key in KEYS.values():
        assert key[:12] not in said
        assert not [path for path in files if key.encode() in path.read_bytes()]


def check_rest(station: Station, service: Service, voice: str) -> Run:
    """A second run asks for nothing but the lines that the first one lacks, and succeeds."""
    kept = set(service.good)
    service.asked.clear()
    service.good_lines = 1_000
    run = station.produce(voice)
    assert run.returncode == 0, run.stderr
    assert len(service.asked) == len(set(service.asked) - kept) >= 5
    assert sorted(take.pcm for take in station.takes) == service.sounds
    assert "podcast.xml" in station.published
    return run


def set_up_service(station: Station, service: Service, **settings: object) -> None:
    set_up(station, "openai", base_url=f"{service.server.url}/v1", **settings)


@pytest.mark.parametrize("kind", FAILURES)
def test_a_service_that_fails_ends_the_run_and_what_was_finished_is_kept(
    station: Station, speech_server: Any, kind: str
) -> None:
    """Of the lines that were answered well a take is kept, of no other; the next run asks for the rest."""
    fail, message = FAILURES[kind]
    service = Service(speech_server, fail)
    set_up_service(station, service, lines_at_once=2)
    run = station.produce(VOICE)

    check_end(station, run, "openai", message)
    assert sorted(take.pcm for take in station.takes) == service.sounds
    assert len(service.good) == GOOD_LINES
    check_keys(station, service, run, check_rest(station, service, VOICE))


def test_a_service_that_wants_to_be_left_alone_for_an_hour_is_not_waited_for(
    station: Station, speech_server: Any
) -> None:
    """Nor is it asked again."""
    service = Service(speech_server, lambda server, asked: storm(server, Retry_After="3600"))
    set_up_service(station, service, lines_at_once=1)
    begun_s = time.monotonic()
    run = station.produce(VOICE, short_waits=False)

    check_end(station, run, "openai", "it asks to be left alone for 3600 s: try again later")
    assert time.monotonic() - begun_s < 10
    assert len(service.asked) == GOOD_LINES + 1
    assert sorted(take.pcm for take in station.takes) == service.sounds
    check_keys(station, service, run)


class Hung(ToneVoice):
    """Does not answer in time, however often it is asked."""

    tries = 0

    @property
    def traits(self) -> Traits:
        return Traits(lines_at_once=8)

    def speak(self, line: Utterance) -> Speech:
        self.tries += 1
        time.sleep(0.02)
        raise VoiceBusyError("hung: it does not answer in time")


def test_a_service_that_never_answers_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try may take a minute: one line is tried to the end, before all are tried again."""
    monkeypatch.setattr(speaking, "FIRST_WAIT_S", 0.0001)
    voice = Hung()
    jobs = [Job(voice, Utterance(f"Line number {number}.")) for number in range(60)]
    with pytest.raises(VoiceError, match="tried 8 times"):
        list(speaking.speak_side_by_side(jobs))

    assert voice.tries < 3 * speaking.MOST_TRIES


def test_what_passes_is_waited_for(station: Station, speech_server: Any) -> None:
    """One line after another fails in a way of its own at the first try, and the run goes on."""
    passing = {kind: fail for kind, (fail, _) in FAILURES.items() if kind not in LASTING}
    passing["storm with a wait"] = lambda server, asked: storm(server, Retry_After="0.1")
    passing["out of order"] = lambda server, asked: server.web_page(status=503)
    passing["nothing"] = lambda server, asked: server.reply()
    passing["half a stream"] = lambda server, asked: server.reply(
        server.wav_of(2_000), half=True, chunked=True
    )
    failures = list(passing.values())
    failed: set[str] = set()

    def fail_once(server: Any, asked: Any) -> Any:
        text = asked.record["input"]
        if text not in failed and failures:
            failed.add(text)
            return failures.pop(0)(server, asked)
        return server.wav(20 * len(text))

    service = Service(speech_server, fail_once, good_lines=0)
    set_up_service(station, service)
    run = station.produce(VOICE, short_waits=False)

    assert run.returncode == 0, run.stderr
    assert not failures
    assert len(service.asked) == len(station.takes) + len(passing)
    assert sorted(take.pcm for take in station.takes) == sorted(
        speech_server.pcm_of(20 * len(text)) for text in set(service.asked)
    )
    check_keys(station, service, run)


def test_an_interrupted_run_ends_soon_and_keeps_what_was_finished(
    station: Station, speech_server: Any
) -> None:
    """Lines that take half a minute are not waited for."""
    service = Service(speech_server, lambda server, asked: server.reply(delay_s=30))
    set_up_service(station, service)
    with station.begin(VOICE, short_waits=False) as process:
        until_s = time.monotonic() + 20
        while len(list(station.cache.glob("*/*.take"))) < GOOD_LINES and time.monotonic() < until_s:
            time.sleep(0.02)
        stopped_s = time.monotonic()
        process.send_signal(signal.SIGINT)
        run = finish(process)

    assert time.monotonic() - stopped_s < 3.5
    assert run.returncode == 130
    assert run.stderr.splitlines()[-1] == "morning-edition: stopped; what was finished is kept"
    assert "Traceback" not in run.stderr
    assert not station.published
    assert sorted(take.pcm for take in station.takes) == service.sounds
    assert len(service.good) == GOOD_LINES
    check_keys(station, service, run, check_rest(station, service, VOICE))


PROGRAM = """
import os, pathlib, signal, sys, time, wave
text = sys.stdin.read().strip()
with open("asked.txt", "a", encoding="utf-8") as asked:
    asked.write(text + "\\n")
if len(text) < 30 and not os.path.exists("healthy"):
    FAIL
with wave.open(sys.argv[1], "wb") as file:
    file.setnchannels(1), file.setsampwidth(2), file.setframerate(16000)
    file.writeframes((b"\\x00\\x20" * 20 + b"\\x00\\xe0" * 20) * 8 * len(text))
"""
"""Longer lines are spoken first; it fails with the short ones, until a file says that it is well."""
PROGRAM_FAILURES = {
    "it dies": ("sys.exit('no licence')", "failed with status 1: no licence"),
    "it crashes": ("os.kill(os.getpid(), signal.SIGSEGV)", "was ended by signal 11"),
    "it hangs": ("time.sleep(60)", "was not done with a line after 1 s"),
    "it writes garbage": (
        "pathlib.Path(sys.argv[1]).write_bytes(bytes(range(256)) * 40); sys.exit()",
        "answers with sound that is broken",
    ),
}


@pytest.mark.parametrize("kind", PROGRAM_FAILURES)
def test_a_program_that_fails_ends_the_run_and_what_was_finished_is_kept(station: Station, kind: str) -> None:
    """As a service does."""
    code, message = PROGRAM_FAILURES[kind]
    program, log = station.folder / "speak.py", station.folder / "asked.txt"
    program.write_text(PROGRAM.replace("FAIL", code), "utf-8")
    line = f"{shlex.join([sys.executable, '-I', '-S', str(program)])} {{output}}"
    set_up(station, "command", line=line, timeout_s=1)
    run = station.produce("command")
    asked = log.read_text("utf-8").splitlines()
    long = [text for text in asked if len(text) >= 30]

    check_end(station, run, "command", message)
    assert sorted(len(take.pcm) for take in station.takes) == sorted(640 * len(text) for text in long)
    assert len(long) >= GOOD_LINES

    log.unlink()
    (station.folder / "healthy").touch()
    again = station.produce("command")
    assert again.returncode == 0, again.stderr
    rest = log.read_text("utf-8").splitlines()
    assert len(rest) == len(set(rest) - {*long}) == len(station.takes) - len(long)
    assert "podcast.xml" in station.published
