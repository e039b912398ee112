"""Producers who publish over and over, and are killed in the middle, before the eyes of one who listens."""

import contextlib
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from listening import find_faults, read_guids
from publications import BASE_URL, NOW, be_quiet, make_station, produce_article, render

from morning_edition.publish import publish_to
from morning_edition.station import load_station

TIMES = int(os.environ.get("MORNING_EDITION_SOAK", "6"))
"""How often each of two producers publishes; more for a longer soak."""
PRODUCER = """
import sys
from pathlib import Path
from publications import NOW, be_quiet, produce_article, render
from morning_edition.errors import BusyError, ConflictError
from morning_edition.holding import hold_station
from morning_edition.publish import publish_to
from morning_edition.settling import settle_station
from morning_edition.station import load_station

root, public, name, times = sys.argv[1:]
station = load_station(Path(root))
for count in range(int(times)):
    with hold_station(station, "soak", wait_s=120) as killed:
        settle_station(station, NOW, thorough=killed)
        produce_article(station, f"Tram {name}", f"The tram of {name} opened {count} times.")
        render(station)
        publish_to(station, public, NOW, be_quiet)
        print(count, flush=True)
"""


class Listener:
    """Fetches the feed again and again, and all that it leads to."""

    def __init__(self, public: Path) -> None:
        self.faults: list[str] = []
        self.looks = 0
        self._public, self._over = public, threading.Event()
        self._thread = threading.Thread(target=self._listen)

    def __enter__(self) -> "Listener":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(FileNotFoundError):
                feed = (self._public / "podcast.xml").read_bytes()
                self.faults += find_faults(self._public, BASE_URL, former=feed)
                self.looks += 1
            time.sleep(0.01)


def start(station: Path, public: Path, name: str, times: int) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", PRODUCER, station, public, name, str(times)]
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.thorough
def test_two_processes_publish_before_a_listener(tmp_path: Path) -> None:
    """Both publish each time, one after the other, and nobody who listens ever misses anything."""
    station, public = make_station(tmp_path / "station"), tmp_path / "public"
    with Listener(public) as listener:
        producers = [start(station.root, public, name, TIMES) for name in ("North", "South")]
        told = [producer.communicate(timeout=60 + 30 * TIMES) for producer in producers]
    assert [producer.returncode for producer in producers] == [0, 0], told
    assert [out.split() for out, _ in told] == [[str(count) for count in range(TIMES)]] * 2
    assert listener.faults == []
    assert listener.looks > TIMES
    assert len(read_guids((public / "podcast.xml").read_bytes())) == 2


@pytest.mark.thorough
def test_producers_are_killed_before_a_listener(tmp_path: Path) -> None:
    """Whenever that is: the site stays whole, and the next one who publishes ends what was begun."""
    station, public = make_station(tmp_path / "station"), tmp_path / "public"
    produce_article(station, "Tram North", "The tram opened.")
    render(station)
    publish_to(station, str(public), NOW, be_quiet)
    chance = random.Random(7)
    with Listener(public) as listener:
        for _ in range(3 * TIMES):
            producer = start(station.root, public, "North", 50)
            with contextlib.suppress(subprocess.TimeoutExpired):
                producer.communicate(timeout=1.5 + 2 * chance.random())
            assert producer.poll() is None, producer.communicate()
            producer.kill()
            producer.communicate()
        last = start(station.root, public, "North", 1)
        assert last.communicate(timeout=120)[1] == ""
    assert listener.faults == []
    assert find_faults(public, BASE_URL) == []
    assert {path.name for path in (public / ".morning-edition").iterdir()} == {"manifest.json"}
    sent = publish_to(load_station(station.root), str(public), NOW, be_quiet)
    assert sent.sent == ()
