"""What a disk has damaged is found, named, and made anew or refused; it is never published."""

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from morning_edition.articles.open import open_article
from morning_edition.decode import decode_sound
from morning_edition.edition import Produced, produce
from morning_edition.episode import AUDIO_NAME, load_episode, load_episodes
from morning_edition.errors import AudioError, EpisodeError, StationError
from morning_edition.files import sha256_of
from morning_edition.kept import Kept
from morning_edition.life.history import read_events
from morning_edition.mix.jingles import load_jingles
from morning_edition.plan import plan_again, plan_edition
from morning_edition.station import load_station
from morning_edition.station.sealing import NOTE_NAME
from morning_edition.take_cache import TakeCache

DAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
SLUG = "2026-03-02-bridge-reopens"
OTHER = "2026-03-02-tram-opens"
LONG_AGO_S = 1_700_000_000
ARTICLE = (
    "bridge/ Harbour Post/ A. Diaz/ Morning Edition/ The old bridge reopened on Friday.\nBridge Reopens\n"
)
STORY = "Deep Look\nIt had been closed since March. Cars crossed at noon.\n"
SETTINGS = (
    '[show]\ntitle = "Test Show"\nbase_url = "https://podcast.example/show/"\n'
    '[cast.anchor]\nvoice = "tone"\n[artwork]\ncover = "own.png"\n[sound.jingles]\nsting = "sting.wav"\n'
    + "".join(f'[running_order.{spot}]\nmusic = ""\n' for spot in ("opening", "chapter", "closing", "bed"))
)


def write_sound(path: Path, form: str = "", seconds: float = 1.0) -> None:
    """Write a tone as WAV, FLAC or MP3, by the path's ending."""
    rate_hz = 44_100
    tone = (np.sin(np.arange(round(rate_hz * seconds)) * 0.05) * 9_000).astype(np.int16)
    codec = {"wav": "pcm_s16le", "flac": "flac", "mp3": "libmp3lame"}[form or path.suffix[1:]]
    with av.open(str(path), "w", format=form or path.suffix[1:]) as file:
        stream = file.add_stream(codec, rate=rate_hz, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone[np.newaxis], format="s16", layout="mono")
        frame.sample_rate = rate_hz
        resampler = av.AudioResampler(
            stream.format, stream.layout, rate_hz, frame_size=stream.frame_size or 1152
        )
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with files of its own and two episodes, made once for all tests."""
    from PIL import Image

    root = tmp_path_factory.mktemp("made")
    (root / "station.toml").write_text(SETTINGS, "utf-8")
    (root / "lexicon.toml").write_text('[names]\nDiaz = "DEE-ahz"\n', "utf-8")
    (root / "bridge.txt").write_text(ARTICLE + STORY, "utf-8")
    (root / "tram.txt").write_text(ARTICLE.replace("Bridge Reopens", "Tram Opens"), "utf-8")
    write_sound(root / "sting.wav")
    Image.new("RGB", (1400, 1400), "navy").save(root / "own.png")
    for path in root.iterdir():
        os.utime(path, (LONG_AGO_S, LONG_AGO_S))
    make(root)
    make(root, "tram.txt")
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    """The same in a folder of the test's own."""
    return Path(shutil.copytree(made, tmp_path / "station"))


def make(root: Path, article: str = "bridge.txt", told: list[str] | None = None) -> Produced:
    station = load_station(root)
    read = open_article(str(root / article), outlet="Harbour Post", edition="Morning Edition")
    tell = (told if told is not None else []).append
    return produce(plan_edition(station, read, DAY), NOW, lambda *stage: None, force=True, tell=tell)


def listing(root: Path) -> dict[str, str]:
    """What listeners would get, by its checksums."""
    paths = [path for name in ("audio/*/*", "*.xml", "*.html", "[!.]*.json") for path in root.glob(name)]
    return {str(path.relative_to(root)): sha256_of(path.read_bytes()) for path in paths if path.is_file()}


def flip(path: Path, *, quietly: bool = False) -> None:
    """Turn one bit in the middle of a file; *quietly*, as a disk does, its time stays."""
    state = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    if quietly:
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def swap(path: Path) -> None:
    """Put what another file holds in the place of this one."""
    other = next(one for one in sorted(path.parents[2].rglob(f"*{path.suffix}")) if one != path)
    path.write_bytes(other.read_bytes())


def empty(path: Path) -> None:
    path.write_bytes(b"")


HARMS: dict[str, Callable[[Path], None]] = {"bit": flip, "cut": cut, "swapped": swap, "empty": empty}
SLOW = pytest.mark.thorough
SLOW_HARMS = [
    pytest.param(harm, id=name, marks=[SLOW] if name != "swapped" else []) for name, harm in HARMS.items()
]


@pytest.mark.parametrize("harm", SLOW_HARMS)
def test_a_damaged_take_is_named_and_spoken_anew(harm: Callable[[Path], None], root: Path) -> None:
    """The episode comes out as it was: nothing of the damage is heard."""
    before = listing(root)
    (take,) = (path for path in root.glob(".cache/takes/*/*.take") if b"noon" in path.read_bytes())
    harm(take)
    shutil.rmtree(root / ".cache" / "reels")
    for path in root.glob(f"audio/{SLUG}/episode-*.mp3"):
        path.unlink()
    told: list[str] = []
    produced = make(root, told=told)

    assert not produced.unchanged
    assert told == [f"{take} was damaged, and its line is spoken anew"]
    assert listing(root) == before


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_every_kept_take_is_found_when_it_is_damaged(harm: Callable[[Path], None], root: Path) -> None:
    """Whatever the damage, and even when it is another take, whole, in the wrong place."""
    for path in sorted(root.glob(".cache/takes/*/*.take")):
        whole = path.read_bytes()
        harm(path)
        cache = TakeCache(root / ".cache" / "takes")
        assert cache.load(path.stem) is None
        assert cache.damaged == [path]
        path.write_bytes(whole)
        assert cache.load(path.stem)


@pytest.mark.parametrize("harm", SLOW_HARMS)
def test_everything_else_that_is_kept_is_made_anew_when_it_is_damaged(
    harm: Callable[[Path], None], root: Path
) -> None:
    """Reels, levels, notes, encodings, what was heard of them, covers: each reader asks for the checksum."""
    before = listing(root)
    kept = sorted(root.glob(".cache/*/*/*.kept"))
    assert {path.parents[1].name for path in kept} == {"reels", "covers"}
    harmed = {}
    for path in kept:
        whole = path.read_bytes()
        harm(path)
        harmed[path] = path.read_bytes()
        assert Kept(path.parents[1], largest_mb=1_000).load(path.stem) is None
        path.write_bytes(whole)
    for path, content in harmed.items():
        path.write_bytes(content)
    for path in root.glob(f"audio/{SLUG}/*"):
        if path.name != "episode.json":
            path.unlink()
    make(root)

    assert listing(root) == before


@pytest.mark.parametrize(
    ("name", "again"),
    [
        (AUDIO_NAME, False),
        pytest.param("transcript.vtt", True, marks=SLOW),
        pytest.param("index.html", False, marks=SLOW),
        pytest.param("proof.json", True, marks=SLOW),
    ],
)
def test_a_damaged_file_of_an_episode_is_made_anew(name: str, again: bool, root: Path) -> None:
    before = listing(root)
    episode = load_episode(root / "audio" / SLUG)
    flip(root / "audio" / SLUG / episode.find_place(name), quietly=True)
    if again:
        plan = plan_again(load_station(root), episode)
        produced = produce(plan, NOW, lambda *stage: None, force=True)
    else:
        produced = make(root)

    assert not produced.unchanged
    assert listing(root) == before


@pytest.mark.parametrize("harm", [flip, cut, empty])
@pytest.mark.parametrize("own", [True, False], ids=["its own run", "the run of another"])
def test_a_damaged_record_is_restored_from_its_copy(
    harm: Callable[[Path], None], own: bool, root: Path
) -> None:
    """With a word, and a line in the history; number, GUID and date are what they were."""
    before = listing(root)
    path = root / "audio" / SLUG / "episode.json"
    harm(path)
    told: list[str] = []
    assert len(load_episodes(load_station(root))) == 2  # whoever only reads goes by the copy
    produced = make(root, "bridge.txt" if own else "tram.txt", told)

    assert produced.unchanged
    assert told == [f"{path} was damaged, and is restored from its copy"]
    assert listing(root) == before
    assert [(one.what, one.slug) for one in read_events(load_station(root))][-1] == ("repaired", SLUG)


@pytest.mark.parametrize("harm", [flip, cut, empty, Path.unlink])
def test_a_damaged_record_whose_copy_is_no_good_is_refused(harm: Callable[[Path], None], root: Path) -> None:
    """The feed that stood stands, and the message says the way out."""
    path = root / "audio" / SLUG / "episode.json"
    cut(path)
    harm(root / ".cache" / "records" / f"{SLUG}.json")
    before = listing(root)
    (root / "tram.txt").write_text(ARTICLE.replace("Bridge Reopens", "Tram Opens") + STORY, "utf-8")
    with pytest.raises(EpisodeError, match=r"episode\.json: cannot be used .* or remove the folder$"):
        make(root, "tram.txt")

    assert listing(root) == before


def test_a_copy_that_tells_of_another_state_does_not_count(root: Path) -> None:
    """One that lists what is not there was left by a run that was killed."""
    folder = root / "audio" / SLUG
    next(folder.glob("transcript-*.vtt")).unlink()
    cut(folder / "episode.json")
    with pytest.raises(EpisodeError):
        load_episode(folder)


def test_a_folder_that_was_removed_stays_removed(root: Path) -> None:
    """The copy of its record brings nothing back."""
    shutil.rmtree(root / "audio" / SLUG)
    make(root, "tram.txt")

    assert [episode.slug for episode in load_episodes(load_station(root))] == [OTHER]
    assert "Bridge Reopens" not in (root / "podcast.xml").read_text("utf-8")


FILES = {
    "station.toml": StationError,
    "lexicon.toml": StationError,
    "own.png": StationError,
    "sting.wav": AudioError,
}


def harm_quietly(path: Path) -> None:
    """Change a byte so that the file is as good as before, to look at."""
    state = path.stat()
    if path.name == "station.toml":
        path.write_bytes(path.read_bytes().replace(b"Test Show", b"Tent Show"))
    elif path.name == "lexicon.toml":
        path.write_bytes(path.read_bytes().replace(b"DEE", b"DIE"))
    else:
        flip(path)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize("name", FILES)
def test_a_station_file_that_has_changed_by_itself_is_refused_by_name(name: str, root: Path) -> None:
    """Nothing is published, and both ways out work: the file put back, or touched."""
    path = root / name
    whole, before = path.read_bytes(), listing(root)
    harm_quietly(path)
    with pytest.raises(FILES[name]) as refusal:
        make(root)
    assert str(refusal.value).startswith(f"{path}: damaged, its content has changed")
    assert "put it back from a backup, or `touch` it" in str(refusal.value)
    assert listing(root) == before

    harmed = path.read_bytes()
    path.write_bytes(whole)
    os.utime(path, (LONG_AGO_S, LONG_AGO_S))
    assert make(root).unchanged
    path.write_bytes(harmed)
    os.utime(path, (LONG_AGO_S + 60, LONG_AGO_S + 60))
    if name != "own.png":
        make(root)


@SLOW
def test_an_edit_is_no_damage(root: Path) -> None:
    """It gives a file another time, or another size."""
    path = root / "station.toml"
    path.write_bytes(path.read_bytes().replace(b"Test Show", b"Tent Show"))
    assert not make(root).unchanged
    path.write_bytes(path.read_bytes().replace(b"Tent Show", b"Best Show"))
    assert not make(root).unchanged


@SLOW
def test_a_file_without_a_time_of_its_own_is_not_judged_by_it(root: Path) -> None:
    """Archives that are to be the same each time give all files one time, of 1970 or 1980."""
    path = root / "station.toml"
    for title in (b"Tent Show", b"Best Show"):
        path.write_bytes(path.read_bytes().replace(b"Tent Show", title).replace(b"Test Show", title))
        os.utime(path, (1, 1))
        assert not make(root).unchanged


@pytest.mark.parametrize("harm", [flip, cut, empty, Path.unlink])
def test_a_damaged_note_of_station_files_accuses_nobody(harm: Callable[[Path], None], root: Path) -> None:
    note = root / ".cache" / NOTE_NAME
    whole = note.read_bytes()
    harm(note)
    assert make(root).unchanged
    assert note.read_bytes() == whole


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["sting.wav", "sting.flac", "sting.mp3"])
def test_a_jingle_that_was_cut_short_is_refused_by_name(name: str, share: float, tmp_path: Path) -> None:
    """Its header says how much there should be: it is not played as far as it goes."""
    path = tmp_path / name
    write_sound(path, seconds=2.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: round(len(whole) * share)])
    with pytest.raises(
        AudioError, match=rf"{name}: (cut short|not a sound|damaged).* \(sound\.jingles\.sting"
    ):
        load_jingles({"sting": path}, 44_100, 1, loops=frozenset())
    path.write_bytes(whole)
    assert 1.9 < len(decode_sound(path).samples) / 44_100 < 2.1


def test_check_and_proof_name_a_damaged_file(root: Path) -> None:
    """In the folder and on the console."""
    (path,) = (root / "audio" / SLUG).glob("transcript-*.srt")
    flip(path, quietly=True)
    from morning_edition.proof.files import prove_files

    episode = load_episode(path.parent)
    found = prove_files(path.parent, episode, load_station(root))
    assert [one for one in found if "transcript.srt" in one.text and one.severity == "failure"]
