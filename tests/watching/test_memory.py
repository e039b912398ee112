import dataclasses
import random
from pathlib import Path

import pytest

from morning_edition.watching.memory import Followed, Known, Memory, load_memory

KNOWN = Known(
    "f" * 64,
    "waiting",
    "2026-03-06T12:00:00+00:00",
    "2026-03-06",
    link="https://n.example/?a=1",
    title='Bridge "opens"\n\ud800 “quoted” 🚢',
    day="2026-03-06",
    slug="2026-03-06-bridge",
    article='{"headline": "Bridge"}',
    attempts=3,
    next_try="2026-03-06T13:00:00+00:00",
    complaint="no voice",
)


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    followed = Followed("2026-03-06T12:00:00+00:00", etag='"x"', failures=2, articles={"1": KNOWN, "": KNOWN})
    known = {"https://n.example/feed": followed, "in": Followed(gone=True)}
    return Memory(
        tmp_path / ".watch.json", known, sent="s", sent_at="2026-03-06T12:00:00+00:00", unsent="why"
    )


def test_what_is_written_is_read(memory: Memory) -> None:
    """Every field of it, and letters that no file could hold."""
    memory.save()
    assert load_memory(memory.path) == memory


def test_nothing_is_known_where_nothing_was_written(tmp_path: Path) -> None:
    """A station that was never watched."""
    assert load_memory(tmp_path / ".watch.json") == Memory(tmp_path / ".watch.json")


def test_any_damage_is_noticed(memory: Memory) -> None:
    """Whichever bit has tipped over, and wherever the file ends."""
    memory.save()
    whole = memory.path.read_bytes()
    chance = random.Random(1)
    for _ in range(300):
        place, bit = chance.randrange(len(whole) - 3), 1 << chance.randrange(8)
        damaged = whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :]
        memory.path.write_bytes(chance.choice([damaged, whole[:place], whole[place:], whole + whole]))
        with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
            load_memory(memory.path)


def test_usual_values_take_no_room(tmp_path: Path) -> None:
    """Thousands of articles are remembered, most of which were passed over."""
    passed = dataclasses.replace(
        KNOWN, standing="passed", day="", slug="", article="", attempts=0, next_try="", complaint=""
    )
    memory = Memory(tmp_path / "m", {"a": Followed(articles={str(key): passed for key in range(1000)})})
    memory.save()
    assert memory.path.stat().st_size < 400_000
