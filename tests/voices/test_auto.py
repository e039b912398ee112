"""`auto`: the best voice that a machine has, and what it does to get a better one."""

import os
import time
from pathlib import Path
from typing import Any

import pytest

from morning_edition.voices import auto
from morning_edition.voices.auto import Choice, Fetching, choose_voice
from morning_edition.voices.flite import FliteVoice
from morning_edition.voices.piper import catalogue

USUAL = catalogue.default_voice_name("en-US")
SYSTEM = "flite" if FliteVoice.is_available() else "espeak"
ADVICE = f"for a better voice: morning-edition voices install {USUAL}"


class Told:
    """What was told on the way."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.fetching = Fetching(self.lines.append, lambda done, total: None)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def voices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speech_server: Any) -> Path:
    """The user's folder of voices, empty; what is to be fetched comes from a server of the test's own."""
    monkeypatch.setenv("MORNING_EDITION_VOICES", str(tmp_path / "voices"))
    monkeypatch.setenv("MORNING_EDITION_VOICES_URL", speech_server.url)
    monkeypatch.delenv("MORNING_EDITION_OFFLINE")
    return tmp_path / "voices"


def put(voices: Path, *names: str) -> None:
    """Put something in the place of voices; none of it is opened before it speaks."""
    voices.mkdir()
    for name in names:
        (voices / f"{name}.onnx").write_bytes(b"a model")
        (voices / f"{name}.onnx.json").write_text("{}", "utf-8")


def test_an_installed_voice_of_the_language_is_taken(voices: Path, told: Told, speech_server: Any) -> None:
    """Nothing is asked of the network, and nothing is said."""
    put(voices, "de_DE-thorsten-medium", USUAL)

    assert choose_voice("en-US", told.fetching) == Choice(f"piper:{USUAL}")
    assert choose_voice("de", told.fetching) == Choice("piper:de_DE-thorsten-medium")
    assert (told.lines, speech_server.asked) == ([], [])


def test_what_cannot_be_fetched_is_told_and_remembered_for_a_day(
    voices: Path, told: Told, speech_server: Any
) -> None:
    """The next run does not wait for it again; the day after, it is tried anew."""
    speech_server.always = speech_server.reply(status=404)
    for _ in range(2):
        assert choose_voice("en-US", told.fetching) == Choice(SYSTEM, ADVICE)
    asked = len(speech_server.asked)

    assert told.lines[0].startswith(f"fetching the voice {USUAL} (")
    assert told.lines[1].endswith("; tried again in a day")
    assert len(told.lines) == 2
    yesterday = time.time() - auto.ASK_AGAIN_S - 1
    os.utime(voices / auto.MEMO, (yesterday, yesterday))
    choose_voice("en-US", told.fetching)
    assert len(speech_server.asked) > asked > 0


def test_a_network_that_is_not_there_is_found_out_quickly(
    voices: Path, told: Told, speech_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORNING_EDITION_VOICES_URL", "https://voices.invalid")
    begun = time.monotonic()

    assert choose_voice("en-US", told.fetching) == Choice(SYSTEM, ADVICE)
    assert time.monotonic() - begun < 4
    assert told.lines == ["no voice can be fetched: the network is not there; asked again in a day"]


def test_nothing_is_fetched_where_that_is_not_wanted(
    voices: Path, told: Told, speech_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a command that only looks, or by a user who says so."""
    assert choose_voice("en-US") == Choice(SYSTEM, ADVICE)
    monkeypatch.setenv(auto.OFFLINE_VARIABLE, "1")
    assert choose_voice("en-US", told.fetching) == Choice(SYSTEM, ADVICE)

    assert (told.lines, speech_server.asked) == ([], [])


def test_a_language_that_only_the_embedded_voice_has_is_read_by_it(voices: Path) -> None:
    """The system's voice is English alone."""
    assert choose_voice("eo") == Choice("espeak")
    assert choose_voice("de").setting == "espeak"


def test_a_folder_that_cannot_be_written_only_costs_the_memory(
    voices: Path, told: Told, speech_server: Any
) -> None:
    speech_server.always = speech_server.reply(status=404)
    voices.write_text("a file where the folder should be", "utf-8")

    assert choose_voice("en-US", told.fetching) == Choice(SYSTEM, ADVICE)
