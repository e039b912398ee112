"""What can be made again, on disk: the bytes that were stored, never too many, whoever else works there."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from morning_edition.kept import Kept
from morning_edition.sweeping import LEFTOVER_S

SIZE_BYTES = 100_000
ROOM_MB = 1_000


def key_of(name: object) -> str:
    return hashlib.sha256(str(name).encode()).hexdigest()


def thing_of(name: object, size_bytes: int = SIZE_BYTES) -> bytes:
    """Return bytes that no other name has."""
    return random.Random(str(name)).randbytes(size_bytes)


def fill(kept: Kept, *names: object) -> None:
    for name in names:
        kept.store(key_of(name), thing_of(name))


def held(kept: Kept, *names: object) -> list[object]:
    return [name for name in names if kept.load(key_of(name)) is not None]


def used_ago(folder: Path, name: object, seconds: float) -> None:
    """Let a file look as if it had last been used so long ago."""
    at = time.time() - seconds
    os.utime(file_of(folder, name), (at, at))


def file_of(folder: Path, name: object) -> Path:
    return folder / key_of(name)[:2] / f"{key_of(name)}.kept"


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def open_kept(folder: Path, largest_mb: int = ROOM_MB) -> Kept:
    return Kept(folder, largest_mb=largest_mb)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "reels"


# What is stored is what is loaded.


@pytest.mark.parametrize(
    "payload",
    [b"", b"\0", bytes(range(256)) * 400, thing_of("long", 4_000_000)],
    ids=["nothing", "one byte", "every byte", "a long one"],
)
def test_what_is_kept_comes_back_as_it_was(folder: Path, payload: bytes) -> None:
    """Nothing at all is something too: it is not taken for what is absent."""
    open_kept(folder).store(key_of("reel"), payload)

    assert open_kept(folder).load(key_of("reel")) == payload


def test_what_was_never_stored_is_absent(folder: Path) -> None:
    assert open_kept(folder).load(key_of("reel")) is None
    assert not folder.exists()


def test_a_thing_may_be_stored_anew(folder: Path) -> None:
    """The last one stands."""
    kept = open_kept(folder)
    for name in ("first", "second"):
        kept.store(key_of("reel"), thing_of(name))

    assert kept.load(key_of("reel")) == thing_of("second")
    assert files_in(folder) == [file_of(folder, "reel")]


# What is not whole is not there.


def flip(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda content: b"",
    "cut within the checksum": lambda content: content[:20],
    "nothing but the checksum": lambda content: content[:32],
    "one byte lost at the end": lambda content: content[:-1],
    "zeros after a power cut": lambda content: bytes(len(content)),
    "one bit of the checksum": lambda content: flip(content, 3),
    "one bit of what it keeps": lambda content: flip(content, len(content) - 500),
    "a byte appended": lambda content: content + b"\0",
    "another file's content": lambda content: b"\xff\xfb\x90\x64" * 300,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_what_is_damaged_is_absent_and_goes(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """What is not whole is never used, and is not left lying about."""
    kept = open_kept(folder)
    fill(kept, "reel")
    file = file_of(folder, "reel")
    whole = file.read_bytes()
    assert damage(whole) != whole
    file.write_bytes(damage(whole))

    assert kept.load(key_of("reel")) is None
    assert files_in(folder) == []
    fill(kept, "reel")
    assert kept.load(key_of("reel")) == thing_of("reel")


def test_what_is_damaged_is_absent_though_it_cannot_be_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may refuse, or another process may have been here first."""
    fill(open_kept(folder), "reel")
    file_of(folder, "reel").write_bytes(b"broken" * 99)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "not permitted", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)

    assert open_kept(folder).load(key_of("reel")) is None


def test_what_is_in_another_s_place_is_absent(folder: Path) -> None:
    """A whole file under a wrong name is still the wrong one."""
    kept = open_kept(folder)
    fill(kept, "one", "other")
    file_of(folder, "one").write_bytes(file_of(folder, "other").read_bytes())

    assert kept.load(key_of("one")) is None
    assert kept.load(key_of("other")) == thing_of("other")


# A disk that refuses.


def test_a_folder_that_cannot_be_written_only_slows(tmp_path: Path) -> None:
    """A file where it should be: nothing is kept, and nothing is raised."""
    (tmp_path / "reels").write_text("mine", encoding="utf-8")
    kept = open_kept(tmp_path / "reels", 0)
    fill(kept, "reel")
    kept.sweep()

    assert kept.load(key_of("reel")) is None
    assert (tmp_path / "reels").read_text(encoding="utf-8") == "mine"


def test_a_folder_in_a_file_s_place_only_slows(folder: Path) -> None:
    file_of(folder, "reel").mkdir(parents=True)
    kept = open_kept(folder, 0)
    fill(kept, "reel")

    assert kept.load(key_of("reel")) is None
    kept.sweep()
    assert files_in(folder) == []


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from morning_edition.kept import Kept
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
kept = Kept(Path(sys.argv[1]), largest_mb=50)
kept.store(sys.argv[2], bytes(100_000))
assert kept.load(sys.argv[2]) is None
kept.store(sys.argv[2], bytes(10_000))
assert kept.load(sys.argv[2]) == bytes(10_000)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit on the size of files")
def test_what_finds_no_room_leaves_nothing(folder: Path) -> None:
    """When the disk takes only half of it, that half goes again, and the programme is made all the same."""
    subprocess.run([sys.executable, "-c", FULL_DISK, str(folder), key_of("reel")], check=True, timeout=60)

    assert files_in(folder) == [file_of(folder, "reel")]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_what_may_only_be_read_is_read(folder: Path) -> None:
    """What another user made is good; that it was used cannot be noted."""
    fill(open_kept(folder), "reel")
    shelf = file_of(folder, "reel").parent
    shelf.chmod(0o555)
    kept = open_kept(folder, 0)
    fill(kept, "reel")
    kept.sweep()
    shelf.chmod(0o755)

    assert kept.load(key_of("reel")) == thing_of("reel")


# Never too much of it.


def test_what_was_used_longest_ago_goes_first(folder: Path) -> None:
    """A sweep takes down to the bound, no further, and leaves what was used lately."""
    fill(open_kept(folder), *range(15))
    for name in range(15):
        used_ago(folder, name, 1000 - name)
    open_kept(folder, 1).sweep()

    assert held(open_kept(folder), *range(15)) == list(range(6, 15))
    assert sum(path.stat().st_size for path in files_in(folder)) <= 1_000_000


def test_what_was_loaded_is_new_again(folder: Path) -> None:
    """What every programme opens with stays, however old it is."""
    fill(open_kept(folder), *range(15))
    for name in range(15):
        used_ago(folder, name, 1000 - name)
    assert open_kept(folder).load(key_of(0))
    open_kept(folder, 1).sweep()

    assert held(open_kept(folder), *range(15)) == [0, *range(7, 15)]


def test_a_run_keeps_its_own(folder: Path) -> None:
    """What this run has loaded or stored outlives what another has used since."""
    fill(open_kept(folder), *range(15))
    run = open_kept(folder, 1)
    assert run.load(key_of(3))
    fill(run, "new")
    for name in (3, "new"):
        used_ago(folder, name, 1000)
    run.sweep()

    left = held(open_kept(folder), *range(15), "new")
    assert {3, "new"} < set(left)
    assert len(left) == 9


def test_a_run_larger_than_the_bound_keeps_what_it_may(folder: Path) -> None:
    """The bound holds even then: all others go, and of its own what it used first."""
    fill(open_kept(folder), "other")
    run = open_kept(folder, 1)
    fill(run, *range(12))
    for name in range(12):
        used_ago(folder, name, 100 - name)
    run.sweep()

    assert held(open_kept(folder), "other", *range(12)) == list(range(3, 12))


def test_a_sweep_under_the_bound_touches_nothing(folder: Path) -> None:
    fill(open_kept(folder), *range(5))
    before = {path: path.stat().st_mtime_ns for path in files_in(folder)}
    open_kept(folder, 1).sweep()

    assert {path: path.stat().st_mtime_ns for path in files_in(folder)} == before


def test_a_sweep_may_be_left_out_where_one_was_made_lately(folder: Path) -> None:
    """By whichever process; a clock that was wrong then does not put it off for ever."""
    fill(open_kept(folder), *range(12))
    open_kept(folder, 1).sweep(once_in_s=3600)
    assert len(held(open_kept(folder), *range(12))) == 9

    fill(open_kept(folder), *range(12))
    open_kept(folder, 1).sweep(once_in_s=3600)
    assert len(held(open_kept(folder), *range(12))) == 12

    open_kept(folder, 1).sweep()
    assert len(held(open_kept(folder), *range(12))) == 9
    fill(open_kept(folder), *range(12))
    for off_s in (-3601, 86_400):
        (stamp,) = (path for path in files_in(folder) if path.suffix != ".kept")
        os.utime(stamp, (time.time() + off_s,) * 2)
        open_kept(folder, 1).sweep(once_in_s=3600)
        assert len(held(open_kept(folder), *range(12))) == 9
        fill(open_kept(folder), *range(12))


def test_a_bound_of_nothing_keeps_nothing(folder: Path) -> None:
    kept = open_kept(folder, 0)
    fill(kept, *range(3))
    kept.sweep()

    assert files_in(folder) == []


def test_thousands_are_swept_at_once(folder: Path) -> None:
    """The end of a run costs nothing that anybody would notice."""
    for name in range(2000):
        path = file_of(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 100)
    started = time.process_time()
    open_kept(folder).sweep()

    assert time.process_time() - started < 0.2


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
    open_kept(folder).sweep()

    assert files_in(folder) == [new]


def test_what_is_somebody_else_s_stays(folder: Path) -> None:
    """A file that somebody put there is neither counted nor removed, whatever its age."""
    fill(open_kept(folder), "reel")
    own = [folder / "notes.txt", folder / "mine" / f"{key_of(1)}.kept", folder / "ab" / "x.kept"]
    for path in own:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(2_000_000))
        os.utime(path, (0, 0))
    open_kept(folder, 1).sweep()

    assert files_in(folder) == sorted([*own, file_of(folder, "reel")])


# Many at once.


WORKER = """
import random, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_kept import key_of, thing_of
from morning_edition.kept import Kept
chance = random.Random(int(sys.argv[3]))
expected = {name: thing_of(name) for name in range(20)}
loaded = 0
for run in range(8):
    kept = Kept(Path(sys.argv[1]), largest_mb=1)
    for _ in range(60):
        name = chance.randrange(20)
        payload = kept.load(key_of(name))
        assert payload is None or payload == expected[name], name
        loaded += payload is not None
        if payload is None:
            kept.store(key_of(name), expected[name])
        if chance.random() < 0.02:
            path = Path(sys.argv[1]) / key_of(name)[:2] / f"{key_of(name)}.kept"
            try:
                path.write_bytes(b"broken")
            except OSError:
                pass
    kept.sweep()
print(loaded)
"""


def test_many_processes_share_one_folder(folder: Path) -> None:
    """Whoever stores, loads, breaks and sweeps there: nothing wrong comes back, nobody complains."""
    workers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", WORKER, str(folder), str(Path(__file__).parent), str(seed)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for seed in range(3)
    ]
    ends = [(worker.communicate(timeout=120), worker.returncode) for worker in workers]

    assert [(said[1], code) for said, code in ends] == [("", 0)] * 3
    assert all(int(said[0]) > 50 for said, _ in ends)
    open_kept(folder, 1).sweep()
    assert sum(path.stat().st_size for path in files_in(folder)) <= 1_000_000
    assert all(path.suffix == ".kept" for path in files_in(folder))


def test_threads_share_one_folder(folder: Path) -> None:
    """Reels are kept from whichever thread made them; all count as this run's own."""
    kept = open_kept(folder, 1)
    threads = [threading.Thread(target=fill, args=(kept, *range(at, 8, 4))) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fill(open_kept(folder), *range(100, 110))
    kept.sweep()

    assert set(range(8)) <= set(held(kept, *range(8)))


def test_a_folder_that_goes_away_meanwhile_only_slows(folder: Path) -> None:
    """It may be deleted at any time."""
    kept = open_kept(folder)
    fill(kept, "reel")
    for path in files_in(folder):
        path.unlink()
        path.parent.rmdir()
    folder.rmdir()
    kept.sweep()

    assert kept.load(key_of("reel")) is None
    fill(kept, "reel")
    assert kept.load(key_of("reel")) == thing_of("reel")
