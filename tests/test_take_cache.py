"""The takes on disk: the same sound as was stored, never too much of it, whoever else is at work there."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from morning_edition.errors import AudioError
from morning_edition.sweeping import LEFTOVER_S
from morning_edition.take_cache import TakeCache
from morning_edition.voices import Speech, Word

TAKE_BYTES = 100_000


def key_of(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


def take_of(name: object, size_bytes: int = TAKE_BYTES) -> Speech:
    """Return a sound that no other name has."""
    return Speech(random.Random(str(name)).randbytes(size_bytes), 22_050, (Word(str(name), 0, 250),))


def fill(cache: TakeCache, *names: object) -> None:
    for name in names:
        cache.store(key_of(name), take_of(name))


def held(cache: TakeCache, *names: object) -> list[object]:
    return [name for name in names if cache.load(key_of(name))]


def used_ago(folder: Path, name: object, seconds: float) -> None:
    """Let a take look as if it had last been used so long ago."""
    at = time.time() - seconds
    os.utime(file_of(folder, name), (at, at))


def file_of(folder: Path, name: object) -> Path:
    return folder / key_of(name)[:2] / f"{key_of(name)}.take"


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "takes"


# What is stored is what is loaded.


@pytest.mark.parametrize(
    "speech",
    [
        Speech(b"", 24_000),
        Speech(b"\n{}\n\n\0\xff", 1),
        Speech(bytes(range(256)) * 400, 48_000, (Word("naïve “word”\n", 0, 1), Word("", 1, 3_600_000))),
        Speech(b"\0\1", 16_000, (Word("count", np.int64(1), np.int32(20)),)),  # type: ignore[arg-type]
        take_of("long", 4_000_000),
    ],
    ids=["no sound", "sound that looks like a head", "strange words", "numpy's numbers", "a long take"],
)
def test_a_take_comes_back_as_it_was(folder: Path, speech: Speech) -> None:
    """Every sample, the rate and the words are the same in the next run."""
    TakeCache(folder).store(key_of("line"), speech)

    assert TakeCache(folder).load(key_of("line")) == speech


@pytest.mark.parametrize("words", [0, 3, 2000])
def test_a_take_is_known_without_its_sound(folder: Path, words: int) -> None:
    """How long it is and when its words are heard is told by what is on disk, which gives the sound."""
    speech = replace(take_of("line"), words=tuple(Word(f"w{n}", n, n + 1) for n in range(words)))
    TakeCache(folder).store(key_of("line"), speech)
    found = TakeCache(folder).find(key_of("line"))

    assert found
    assert (found.samples, found.duration_ms) == (TAKE_BYTES // 2, speech.duration_ms)
    assert (found.sample_rate_hz, found.words) == (speech.sample_rate_hz, speech.words)
    assert found.load() == speech
    assert TakeCache(folder).find(key_of("other")) is None


def test_a_take_that_was_spoken_anew_meanwhile_is_not_taken_for_the_first(folder: Path) -> None:
    """Another run's reading of the same line may be longer, and would not fit where the first was laid."""
    fill(TakeCache(folder), "line")
    found = TakeCache(folder).find(key_of("line"))
    TakeCache(folder).store(key_of("line"), take_of("line", TAKE_BYTES + 2))

    assert found
    with pytest.raises(AudioError, match="is not what it was; run it again"):
        found.load()


def test_what_was_never_stored_is_absent(folder: Path) -> None:
    cache = TakeCache(folder)

    assert cache.load(key_of("line")) is None
    assert not folder.exists()


def test_a_take_may_be_stored_anew(folder: Path) -> None:
    """The last one stands."""
    cache = TakeCache(folder)
    for name in ("first", "second"):
        cache.store(key_of("line"), take_of(name))

    assert cache.load(key_of("line")) == take_of("second")
    assert files_in(folder) == [file_of(folder, "line")]


# What is not whole is not there.


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "one byte lost at the end": lambda content: content[:-1],
    "one sample lost at the end": lambda content: content[:-2],
    "all lost but the first line": lambda content: content[: content.index(b"\n") + 1],
    "all lost but the mark": lambda content: content[:20],
    "zeros after a power cut": lambda content: bytes(len(content)),
    "one bit of the mark": lambda content: flip(content, 3),
    "one bit of the checksum": lambda content: flip(content, 40),
    "one bit of the head": lambda content: flip(content, content.index(b"sample_rate")),
    "one bit of a sample": lambda content: flip(content, len(content) - 500),
    "a byte appended": lambda content: content + b"\0",
    "another file's content": lambda content: b"RIFF\x24\0\0\0WAVEfmt ",
    "the form of an earlier version": lambda content: (
        hashlib.sha256(key_of("line").encode() + b"[]").hexdigest().encode() + b"\n[]"
    ),
    "the form of a later version": lambda content: content.replace(b"take 2", b"take 3", 1),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_take_is_absent_and_goes(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """What is not whole is never heard, and is not left lying about."""
    cache = TakeCache(folder)
    fill(cache, "line")
    file = file_of(folder, "line")
    whole = file.read_bytes()
    assert damage(whole) != whole
    file.write_bytes(damage(whole))

    assert cache.load(key_of("line")) is None
    assert files_in(folder) == []
    fill(cache, "line")
    assert cache.load(key_of("line")) == take_of("line")


def test_a_take_in_another_s_place_is_absent(folder: Path) -> None:
    """A whole file under a wrong name is still the wrong line."""
    cache = TakeCache(folder)
    fill(cache, "one", "other")
    file_of(folder, "one").write_bytes(file_of(folder, "other").read_bytes())

    assert cache.load(key_of("one")) is None
    assert cache.load(key_of("other")) == take_of("other")


# A disk that refuses.


def test_a_cache_that_cannot_be_written_only_slows(tmp_path: Path) -> None:
    """A file where the folder should be: nothing is kept, and nothing is raised."""
    (tmp_path / "takes").write_text("mine", encoding="utf-8")
    cache = TakeCache(tmp_path / "takes", largest_mb=0)
    fill(cache, "line")
    cache.sweep()

    assert cache.load(key_of("line")) is None
    assert (tmp_path / "takes").read_text(encoding="utf-8") == "mine"


def test_a_folder_in_a_take_s_place_only_slows(folder: Path) -> None:
    file_of(folder, "line").mkdir(parents=True)
    cache = TakeCache(folder, largest_mb=0)
    fill(cache, "line")

    assert cache.load(key_of("line")) is None
    cache.sweep()
    assert files_in(folder) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from morning_edition.errors import AudioError
from morning_edition.take_cache import TakeCache
from morning_edition.voices import Speech
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
cache = TakeCache(Path(sys.argv[1]))
cache.store(sys.argv[2], Speech(bytes(100_000), 24_000))
assert cache.load(sys.argv[2]) is None
cache.store(sys.argv[2], Speech(bytes(10_000), 24_000))
assert cache.load(sys.argv[2]) == Speech(bytes(10_000), 24_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_a_take_that_finds_no_room_leaves_nothing(folder: Path) -> None:
    """When the disk takes only half of it, that half goes again, and the programme is made all the same."""
    subprocess.run([sys.executable, "-c", FULL_DISK, str(folder), key_of("line")], check=True, timeout=60)

    assert files_in(folder) == [file_of(folder, "line")]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_may_only_be_read_is_read(folder: Path) -> None:
    """Takes that another user made are good; that they were used cannot be noted."""
    fill(TakeCache(folder), "line")
    shelf = file_of(folder, "line").parent
    shelf.chmod(0o555)
    cache = TakeCache(folder, largest_mb=0)
    fill(cache, "line")
    cache.sweep()
    shelf.chmod(0o755)

    assert cache.load(key_of("line")) == take_of("line")


# Never too much of it.


def test_what_was_used_longest_ago_goes_first(folder: Path) -> None:
    """A sweep takes down to the bound, no further, and leaves what was heard lately."""
    fill(TakeCache(folder), *range(15))
    for name in range(15):
        used_ago(folder, name, 1000 - name)
    TakeCache(folder, largest_mb=1).sweep()

    assert held(TakeCache(folder), *range(15)) == list(range(6, 15))
    assert sum(path.stat().st_size for path in files_in(folder)) <= 1_000_000


def test_a_take_that_was_loaded_is_new_again(folder: Path) -> None:
    """What every programme opens with stays, however old it is."""
    fill(TakeCache(folder), *range(15))
    for name in range(15):
        used_ago(folder, name, 1000 - name)
    used = TakeCache(folder)
    assert used.load(key_of(0))
    TakeCache(folder, largest_mb=1).sweep()

    assert held(TakeCache(folder), *range(15)) == [0, *range(7, 15)]


def test_a_run_keeps_its_own_takes(folder: Path) -> None:
    """What this run has loaded or stored outlives what another has used since."""
    fill(TakeCache(folder), *range(15))
    run = TakeCache(folder, largest_mb=1)
    assert run.load(key_of(3))
    fill(run, "new")
    for name in (3, "new"):
        used_ago(folder, name, 1000)
    run.sweep()

    kept = held(TakeCache(folder), *range(15), "new")
    assert {3, "new"} < set(kept)
    assert len(kept) == 9


def test_a_run_larger_than_the_bound_keeps_what_it_may(folder: Path) -> None:
    """The bound holds even then: all others go, and of its own what it used first."""
    fill(TakeCache(folder), "other")
    run = TakeCache(folder, largest_mb=1)
    fill(run, *range(12))
    for name in range(12):
        used_ago(folder, name, 100 - name)
    run.sweep()

    assert held(TakeCache(folder), "other", *range(12)) == list(range(3, 12))


def test_a_sparing_sweep_takes_nothing_of_the_run_s_own(folder: Path) -> None:
    """What may still be read back stays, though it is more than the bound; all others go."""
    fill(TakeCache(folder), "other")
    run = TakeCache(folder, largest_mb=1)
    fill(run, *range(12))
    run.sweep(sparing=True)

    assert held(TakeCache(folder), "other", *range(12)) == list(range(12))


def test_a_sweep_under_the_bound_touches_nothing(folder: Path) -> None:
    fill(TakeCache(folder), *range(5))
    before = {path: path.stat().st_mtime_ns for path in files_in(folder)}
    TakeCache(folder, largest_mb=1).sweep()

    assert {path: path.stat().st_mtime_ns for path in files_in(folder)} == before


def test_a_bound_of_nothing_keeps_nothing(folder: Path) -> None:
    cache = TakeCache(folder, largest_mb=0)
    fill(cache, *range(3))
    cache.sweep()

    assert files_in(folder) == []


def test_thousands_of_takes_are_swept_at_once(folder: Path) -> None:
    """The end of a run costs nothing that anybody would notice."""
    content = b"x" * 100
    for name in range(3000):
        path = file_of(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    started = time.process_time()
    TakeCache(folder).sweep()

    assert time.process_time() - started < 0.3


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_what_killed_writers_left_goes_after_a_day(folder: Path) -> None:
    """An unfinished file may still be written today; yesterday's is of no use to anyone."""
    program = "import sys; from morning_edition.files import *; from pathlib import Path; import os, signal\n"
    program += "Path.replace = lambda *paths: os.kill(os.getpid(), signal.SIGKILL)\n"
    program += "write_whole(Path(sys.argv[1]), b'half', durable=False)"
    for name in ("old", "new"):
        killed = subprocess.run(
            [sys.executable, "-c", program, str(file_of(folder, name))], check=False, timeout=60
        )
        assert killed.returncode == -signal.SIGKILL
    (old,) = file_of(folder, "old").parent.glob(".*")
    (new,) = file_of(folder, "new").parent.glob(f".{key_of('new')}*")
    os.utime(old, (time.time() - LEFTOVER_S - 60,) * 2)
    TakeCache(folder).sweep()

    assert files_in(folder) == [new]


def test_what_is_not_the_cache_s_own_stays(folder: Path) -> None:
    """A file that somebody put there is neither counted nor removed, whatever its age."""
    fill(TakeCache(folder), "line")
    own = [folder / "notes.txt", folder / "mine" / f"{key_of(1)}.take", folder / "ab" / "x.take"]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(2_000_000))
        os.utime(path, (0, 0))
    TakeCache(folder, largest_mb=1).sweep()

    assert files_in(folder) == sorted([*own, file_of(folder, "line")])


# Many at once.


WORKER = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_take_cache import key_of, take_of
from morning_edition.errors import AudioError
from morning_edition.take_cache import TakeCache
seed = int(sys.argv[3])
chance = random.Random(seed)
expected = {name: take_of(name) for name in range(20)}
loaded = 0
for run in range(8):
    cache = TakeCache(Path(sys.argv[1]), largest_mb=1)
    for _ in range(60):
        name = chance.randrange(20)
        speech = cache.load(key_of(name))
        assert speech is None or speech == expected[name], name
        loaded += speech is not None
        if speech is None:
            cache.store(key_of(name), expected[name])
        if chance.random() < 0.02:
            path = Path(sys.argv[1]) / key_of(name)[:2] / f"{key_of(name)}.take"
            try:
                path.write_bytes(b"broken")
            except OSError:
                pass
    cache.sweep()
print(loaded)
"""


def test_many_processes_share_one_cache(folder: Path) -> None:
    """Whoever stores, loads, breaks and sweeps there meanwhile: no wrong take, and no complaint."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", WORKER, str(folder), str(Path(__file__).parent), str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(4)
    ]
    ends = [(worker.communicate(timeout=120), worker.returncode) for worker in workers]

    assert [(said[1], code) for said, code in ends] == [("", 0)] * 4
    assert all(int(said[0]) > 50 for said, _ in ends)
    TakeCache(folder, largest_mb=1).sweep()
    assert sum(path.stat().st_size for path in files_in(folder)) <= 1_000_000
    assert all(path.suffix == ".take" for path in files_in(folder))


def test_threads_share_one_cache(folder: Path) -> None:
    """Lines are stored from wherever they were spoken; all count as this run's own."""
    cache = TakeCache(folder, largest_mb=1)
    threads = [threading.Thread(target=fill, args=(cache, *range(at, 8, 4))) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fill(TakeCache(folder), *range(100, 110))
    cache.sweep()

    assert set(range(8)) <= set(held(cache, *range(8)))


def test_a_folder_that_goes_away_meanwhile_only_slows(folder: Path) -> None:
    """The cache may be deleted at any time."""
    cache = TakeCache(folder)
    fill(cache, "line")
    for path in files_in(folder):
        path.unlink()
        path.parent.rmdir()
    folder.rmdir()
    cache.sweep()

    assert cache.load(key_of("line")) is None
    fill(cache, "line")
    assert cache.load(key_of("line")) == take_of("line")
