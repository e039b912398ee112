"""How long a plan says that the speaking will take: by what was measured here, or else by a rough figure."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from morning_edition.paces import EMBEDDED, MOST_VOICES, NETWORK, NEURAL, Mark, Paces
from morning_edition.voices import Speech, Traits, Utterance
from morning_edition.voices.lanes import Job


class Named:
    """A voice that is never asked to speak."""

    def __init__(self, identity: str, lines_at_once: int = 1) -> None:
        self.identity = identity
        self.traits = Traits(lines_at_once=lines_at_once)

    def speak(self, line: Utterance) -> Speech:
        raise AssertionError(line)


def jobs_of(voice: Named, lines: int = 10, characters: int = 100) -> list[Job]:
    return [Job(voice, Utterance("x" * characters)) for _ in range(lines)]  # type: ignore[arg-type]


def marks_of(jobs: Sequence[Job], *, begin_s: float, line_s: float) -> list[Mark]:
    """Let each line be done so many seconds after the one before."""
    return [Mark(begin_s + (number + 1) * line_s, job) for number, job in enumerate(jobs)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".cache" / "paces.json"


def test_what_was_measured_is_foretold(path: Path) -> None:
    """A run like the last one takes as long, its beginning counted once; half of it, half as long."""
    jobs = jobs_of(Named("own 1"))
    Paces(path).note(marks_of(jobs, begin_s=2.0, line_s=0.5))

    assert Paces(path).foretell_s(jobs) == pytest.approx(2.0 + 10 * 0.5)
    assert Paces(path).foretell_s(jobs[:5]) == pytest.approx(2.0 + 5 * 0.5)


def test_nothing_to_speak_takes_no_time(path: Path) -> None:
    Paces(path).note([])

    assert Paces(path).foretell_s([]) == 0
    assert not path.exists()


@pytest.mark.parametrize(
    ("identity", "pace"),
    [("espeak 1", EMBEDDED), ("google 1", NETWORK), ("piper 1", NEURAL), ("own", NEURAL)],
)
def test_a_voice_that_was_never_heard_has_a_rough_pace(path: Path, identity: str, pace: object) -> None:
    """By the kind of its engine; one that nobody knows is taken for a neural one."""
    foretold_s = Paces(path).foretell_s(jobs_of(Named(identity)))

    assert foretold_s == pytest.approx(pace.begin_s + 1000 * pace.character_s)  # type: ignore[attr-defined]


def test_more_lines_at_once_take_less_time_but_never_less_than_the_longest(path: Path) -> None:
    """Ten at once are ten times as fast for many lines, and no faster for one."""
    Paces(path).note(marks_of(jobs_of(Named("own 1")), begin_s=0.0, line_s=0.5))
    many = Named("own 1", lines_at_once=10)

    assert Paces(path).foretell_s(jobs_of(many, 100)) == pytest.approx(100 * 0.5 / 10)
    assert Paces(path).foretell_s(jobs_of(many, 1)) == pytest.approx(0.5)


def test_what_many_lines_at_once_took_is_foretold(path: Path) -> None:
    """Ten at a time, each of a second: a hundred take ten seconds, and one takes one."""
    jobs = jobs_of(Named("own 1", lines_at_once=10), 100)
    Paces(path).note([Mark(0.5 + (number // 10 + 1) * 1.0, job) for number, job in enumerate(jobs)])

    assert Paces(path).foretell_s(jobs) == pytest.approx(0.5 + 10 * 1.0)
    assert Paces(path).foretell_s(jobs[:1]) == pytest.approx(0.5 + 1.0)


def test_a_service_that_allows_so_many_lines_a_minute_takes_that_long(path: Path) -> None:
    """However quick it is: the last of 61 lines begins after a minute."""
    voice = Named("espeak 1", lines_at_once=100)
    voice.traits = Traits(lines_at_once=100, lines_a_minute=60)

    assert 60 < Paces(path).foretell_s(jobs_of(voice, 61)) < 61


def test_two_engines_speak_side_by_side(path: Path) -> None:
    """The slower one tells how long it takes."""
    slow, quick = jobs_of(Named("slow 1")), jobs_of(Named("quick 1"))
    paces = Paces(path)
    paces.note(marks_of(slow, begin_s=0.0, line_s=1.0))
    paces.note(marks_of(quick, begin_s=0.0, line_s=0.1))

    assert paces.foretell_s([*slow, *quick]) == pytest.approx(10.0)


def test_a_run_of_one_line_tells_how_long_it_takes_to_begin(path: Path) -> None:
    """A correction that loads a model for one line does not make the voice a slow one."""
    voice = Named("own 1")
    paces = Paces(path)
    paces.note(marks_of(jobs_of(voice, 20), begin_s=1.0, line_s=0.1))
    paces.note(marks_of(jobs_of(voice, 1), begin_s=4.0, line_s=0.1))

    assert paces.foretell_s(jobs_of(voice, 100)) == pytest.approx(4.0 + 100 * 0.1)


def test_a_voice_that_was_heard_for_one_line_is_soon_known_better(path: Path) -> None:
    voice = Named("own 1")
    paces = Paces(path)
    paces.note(marks_of(jobs_of(voice, 1), begin_s=4.0, line_s=0.1))
    assert paces.foretell_s(jobs_of(voice, 1)) == pytest.approx(4.1)
    paces.note(marks_of(jobs_of(voice, 20), begin_s=1.0, line_s=0.1))

    assert paces.foretell_s(jobs_of(voice, 100)) == pytest.approx(1.0 + 100 * 0.1)


def test_paces_are_kept_by_voice_and_the_file_stays_small(path: Path) -> None:
    """What spoke longest ago goes first."""
    paces = Paces(path)
    for number in range(MOST_VOICES + 10):
        paces.note(marks_of(jobs_of(Named(f"own {number}"), 3), begin_s=0.0, line_s=5.0))
    kept = json.loads(path.read_text("utf-8"))["paces"]

    assert list(kept) == [f"own {number}" for number in range(10, MOST_VOICES + 10)]
    assert path.stat().st_size < 20_000


DAMAGES = {
    "empty": "",
    "half of it": '{"format": 1, "paces": {"own 1"',
    "another format": '{"format": 2, "paces": {}}',
    "no paces": '{"format": 1}',
    "a list": "[1]",
    "too deep": "[" * 100_000,
    "another shape": '{"format": 1, "paces": {"own 1": [1, 2]}}',
    "texts for numbers": json.dumps(
        {"format": 1, "paces": {"own 1": {"begin_s": "1", "character_s": "x", "lines_at_once": 1}}}
    ),
    "no number": '{"format": 1, "paces": {"own 1": {"begin_s": NaN, "character_s": 1, "lines_at_once": 1}}}',
    "before the beginning": json.dumps(
        {"format": 1, "paces": {"own 1": {"begin_s": -1, "character_s": 1, "lines_at_once": 1}}}
    ),
    "no clock's number": json.dumps(
        {"format": 1, "paces": {"own 1": {"begin_s": 10**400, "character_s": 1, "lines_at_once": 1}}}
    ),
    "no lines at once": json.dumps(
        {"format": 1, "paces": {"own 1": {"begin_s": 1, "character_s": 1, "lines_at_once": 0}}}
    ),
}


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_file_is_as_good_as_none(path: Path, content: str) -> None:
    """The rough figure is told, and the next run writes the file anew."""
    jobs = jobs_of(Named("own 1"))
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")

    assert Paces(path).foretell_s(jobs) == pytest.approx(NEURAL.begin_s + 1000 * NEURAL.character_s)
    Paces(path).note(marks_of(jobs, begin_s=0.0, line_s=0.5))
    assert Paces(path).foretell_s(jobs) == pytest.approx(5.0)


def test_a_file_of_other_bytes_is_as_good_as_none(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\0")

    assert Paces(path).foretell_s(jobs_of(Named("own 1"), 0)) == 0
    assert Paces(path).foretell_s(jobs_of(Named("own 1"))) > 0


def test_a_file_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    """A file where the cache should be: nothing is learnt, and nothing is raised."""
    (tmp_path / ".cache").write_text("mine", encoding="utf-8")
    paces = Paces(tmp_path / ".cache" / "paces.json")
    paces.note(marks_of(jobs_of(Named("own 1")), begin_s=0.0, line_s=0.5))

    assert paces.foretell_s(jobs_of(Named("own 1"))) > 0
    assert list(tmp_path.iterdir()) == [tmp_path / ".cache"]
