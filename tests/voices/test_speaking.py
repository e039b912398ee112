"""How many lines are read side by side: limits, second tries, and ends that are clear."""

import importlib
import itertools
import os
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Delivery, Speech, Traits, Utterance, speaking
from morning_edition.voices.bending import bend_voice
from morning_edition.voices.lanes import Job
from morning_edition.voices.speaking import confirm_voices, speak_line, speak_side_by_side
from morning_edition.voices.tone import ToneVoice

LINES = [f"Line number {number}." for number in range(12)]


class Service(ToneVoice):
    """Tones, from an engine that may be busy."""

    def __init__(self, answer: Callable[[str, int], None], **traits: object) -> None:
        super().__init__()
        self._answer = answer
        self._traits = Traits(**traits)  # type: ignore[arg-type]
        self.tries: Counter[str] = Counter()
        self.begun_s: list[float] = []
        self.most_at_once = 0
        self._now = 0
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        return "service 1"

    @property
    def traits(self) -> Traits:
        return self._traits

    def speak(self, line: Utterance) -> Speech:
        with self._lock:
            self.tries[line.text] += 1
            self.begun_s.append(time.monotonic())
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            self._answer(line.text, self.tries[line.text])
            return super().speak(line)
        finally:
            with self._lock:
                self._now -= 1


def read(voice: ToneVoice, lines: Sequence[str] = LINES) -> dict[int, Speech]:
    return dict(speak_side_by_side([Job(voice, Utterance(line)) for line in lines]))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaking, "FIRST_WAIT_S", 0.002)


def test_each_line_comes_back_under_its_number() -> None:
    meeting = threading.Barrier(4, timeout=10)

    def meet(text: str, tried: int) -> None:
        meeting.wait()

    voice = Service(meet, lines_at_once=4)

    assert read(voice) == {number: ToneVoice().speak(Utterance(line)) for number, line in enumerate(LINES)}
    assert voice.most_at_once == 4


def test_no_lines_are_no_work() -> None:
    assert read(ToneVoice(), []) == {}


def busy_at_first(text: str, tried: int) -> None:
    if tried < 3:
        raise VoiceBusyError("service: too many requests (429)")


def test_a_busy_service_is_asked_again() -> None:
    """What may pass is waited for; what was said by then stands."""
    voice = Service(busy_at_first, lines_at_once=4)

    assert len(read(voice)) == len(LINES)
    assert set(voice.tries.values()) == {3}


def test_the_wait_that_a_service_asks_for_is_kept() -> None:
    def answer(text: str, tried: int) -> None:
        if tried == 1:
            raise VoiceBusyError("service: too many requests (429)", wait_s=0.3)

    voice = Service(answer)
    speak_line(voice, Utterance(LINES[0]))

    assert voice.begun_s[1] - voice.begun_s[0] >= 0.3


def test_a_line_that_waits_keeps_no_other_from_being_read() -> None:
    """Even where only one is read at a time."""
    order: list[str] = []

    def answer(text: str, tried: int) -> None:
        if text == LINES[0] and tried == 1:
            raise VoiceBusyError("service: busy", wait_s=0.2)
        order.append(text)

    read(Service(answer), LINES[:4])

    assert sorted(order[:3]) == LINES[1:4]
    assert order[3] == LINES[0]


def test_a_storm_of_refusals_ends_with_a_word() -> None:
    """A service that never answers is given up in the end; it is asked for less and less at once."""

    def refuse(text: str, tried: int) -> None:
        raise VoiceBusyError("service: too many requests (429)")

    voice = Service(refuse, lines_at_once=8)
    with pytest.raises(
        VoiceError, match=r"^service: too many requests \(429\); tried 8 times, for: 'Line numb"
    ):
        read(voice, [f"Line number {number}." for number in range(100)])

    assert sum(voice.tries.values()) < 100 * 8


def test_a_wait_of_hours_is_not_waited() -> None:
    def refuse(text: str, tried: int) -> None:
        raise VoiceBusyError("service: too many requests (429)", wait_s=3600)

    begun = time.monotonic()
    with pytest.raises(VoiceError, match=r"it asks to be left alone for 3600 s: try again later$"):
        read(Service(refuse))

    assert time.monotonic() - begun < 5


def test_a_service_that_takes_less_than_it_says_is_served_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Refused beyond four at once, all lines are read in the end."""
    monkeypatch.setattr(speaking, "FIRST_WAIT_S", 0.02)
    at_work = threading.Semaphore(4)

    def answer(text: str, tried: int) -> None:
        if not at_work.acquire(blocking=False):
            raise VoiceBusyError("service: too many requests (429)")
        try:
            time.sleep(0.01)
        finally:
            at_work.release()

    voice = Service(answer, lines_at_once=16)
    lines = [f"Line number {number}." for number in range(120)]

    assert len(read(voice, lines)) == 120


def test_one_refusal_in_ten_costs_little() -> None:
    """Refused lines are read while others are: the time is that of the requests, spread over all places."""
    lines = [f"Line number {number}." for number in range(160)]

    meeting = threading.Barrier(16, timeout=10)
    numbers = itertools.count()

    def answer(text: str, tried: int) -> None:
        if next(numbers) < 16:  # the first of them are all there at the same time
            meeting.wait()
        time.sleep(0.03)
        if tried == 1 and text in lines[::10]:
            raise VoiceBusyError("service: too many requests (429)")

    voice = Service(answer, lines_at_once=16)
    read(voice, lines)

    assert sum(voice.tries.values()) == 176
    assert voice.most_at_once == 16


def test_a_rate_limit_is_kept() -> None:
    """Six hundred a minute are ten a second, however many may be under way."""
    voice = Service(lambda text, tried: None, lines_at_once=8, lines_a_minute=600)
    read(voice, LINES[:6])

    assert voice.begun_s[-1] - voice.begun_s[0] >= 0.5 - 0.05


def test_a_failure_that_will_not_pass_ends_it_at_once() -> None:
    """No further line is begun; what is under way is kept."""
    kept: list[int] = []
    begun = threading.Barrier(2, timeout=10)

    def answer(text: str, tried: int) -> None:
        if text == LINES[10]:
            begun.wait()
            raise VoiceError("service: the key is wrong; set SERVICE_KEY")
        if text == LINES[11]:
            begun.wait()
            time.sleep(0.2)

    voice = Service(answer, lines_at_once=2)
    jobs = [Job(voice, Utterance(line)) for line in LINES]
    with pytest.raises(VoiceError, match=r"^service: the key is wrong; set SERVICE_KEY, for: 'Line number 1"):
        list(speak_side_by_side(jobs, lambda number, speech: kept.append(number)))

    assert kept == [11]
    assert set(voice.tries) == {LINES[10], LINES[11]}  # the longest go first


def test_a_voice_that_breaks_is_told_with_its_line() -> None:
    """Whatever a plug-in raises."""

    def answer(text: str, tried: int) -> None:
        raise ZeroDivisionError("a fault")

    with pytest.raises(VoiceError, match=r"^service failed on a line \(ZeroDivisionError: a fault\): 'Line "):
        read(Service(answer))


def test_an_answer_that_is_paid_for_is_not_asked_for_often() -> None:
    """Three times at most, where a refusal that costs nothing is tried eight times."""

    def answer(text: str, tried: int) -> None:
        raise VoiceBusyError("service: broke off", paid=True)

    voice = Service(answer)
    with pytest.raises(VoiceError, match=r"^service: broke off; tried 3 times, "):
        read(voice, LINES[:1])

    assert voice.tries == {LINES[0]: 3}


def test_voices_of_one_engine_keep_to_what_the_most_careful_of_them_allows() -> None:
    """An engine that is not safe in threads is not asked twice at once, whoever else speaks by it."""
    careful = Service(lambda text, tried: time.sleep(0.005), lines_at_once=1)
    bold = Service(lambda text, tried: time.sleep(0.005), lines_at_once=8)
    jobs = [Job(voice, Utterance(line)) for line in LINES for voice in (bold, careful)]
    bold_name = type("Bold", (Service,), {"identity": "service 2"})
    bold.__class__ = bold_name
    list(speak_side_by_side(jobs))

    assert (careful.most_at_once, bold.most_at_once) == (1, 1)


def test_voices_that_can_are_asked_whether_they_are_there_before_any_line() -> None:
    """Once each, and nothing is spoken when one is not; what bends a voice does not hide it."""
    asked: list[str] = []

    class Served(Service):
        def confirm(self) -> None:
            asked.append("served")
            raise VoiceError("served: there is no such voice")

    voice = bend_voice(Served(lambda text, tried: None), Delivery(rate=1.2, pitch_semitones=2))
    with pytest.raises(VoiceError, match=r"^served: there is no such voice$"):
        confirm_voices(
            [Job(ToneVoice(), Utterance("One.")), *[Job(voice, Utterance(line)) for line in LINES]]
        )

    assert asked == ["served"]
    confirm_voices([Job(ToneVoice(), Utterance("One."))])


THINKER = """
import os
from dataclasses import replace

from morning_edition.errors import VoiceBusyError
from morning_edition.voices.tone import ToneVoice


class Thinker(ToneVoice):
    identity = "thinker 1"

    @property
    def traits(self):
        return replace(super().traits, lines_at_once=2, holds_interpreter=True)

    def speak(self, line):
        if line.text == "Die.":
            os._exit(3)
        if line.text == "Fail.":
            raise VoiceBusyError("thinker: not now", wait_s=90)
        return replace(super().speak(line), sample_rate_hz=8_000 + os.getpid() % 8_000)
"""


@pytest.fixture
def thinker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ToneVoice:
    """A plug-in that computes in Python: each of its lines is read in another process."""
    (tmp_path / "thinking_voice.py").write_text(THINKER, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "thinking_voice", raising=False)
    voice: ToneVoice = importlib.import_module("thinking_voice").Thinker()
    return voice


def test_an_engine_that_holds_the_interpreter_reads_in_processes(thinker: ToneVoice) -> None:
    """None of its lines is read here."""
    rates = {speech.sample_rate_hz for speech in read(thinker, LINES[:8]).values()}

    assert rates
    assert 8_000 + os.getpid() % 8_000 not in rates


def test_an_engine_that_dies_is_told(thinker: ToneVoice) -> None:
    with pytest.raises(VoiceError, match=r"^thinker died while it read a line: 'Die\.'; use another voice$"):
        read(thinker, ["Die."])


def test_a_failure_in_another_process_keeps_its_meaning(thinker: ToneVoice) -> None:
    with pytest.raises(
        VoiceError, match=r"^thinker: not now, for: 'Fail\.'; it asks to be left alone for 90 s"
    ):
        read(thinker, ["Fail."])


def test_a_voice_that_cannot_go_to_another_process_is_told() -> None:
    voice = Service(lambda text, tried: None, lines_at_once=2, holds_interpreter=True)
    with pytest.raises(VoiceError, match=r"^service cannot be sent to another process \("):
        read(voice)
