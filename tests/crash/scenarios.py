"""The commands that change a station or its site, each with what it finds there."""

import shutil
from collections.abc import Callable
from pathlib import Path

from crash.bench import Scenario, copy_file
from crash.conftest import NEW_SLUG, OLD_SLUG, Steps, edit_script, make_station

from morning_edition.take_cache import TakeCache
from morning_edition.voices import Speech

PRODUCE_FIRST = ["produce", "first.txt", "--date", "2026-03-05", "-q"]
PRODUCE = ["produce", "second.txt", "-q"]
REGENERATE = ["regenerate", OLD_SLUG, "-q"]
CORRECT = ["correct", OLD_SLUG, "It crosses the bay twice a day.", "-q"]
RETRACT = ["retract", OLD_SLUG, "--yes", "--reason", "It does not sail at all.", "-q"]
PUBLISH = ["publish", "--to", "../public", "--no-announce", "-q"]
LATER = "2026-03-08T06:00:00+00:00"


def begin(steps: Steps, disk: Path) -> Path:
    """Make a station that has all in its cache for whatever comes."""
    return _take(steps, disk, "begun", _begin)


def have_one(steps: Steps, disk: Path) -> Path:
    return _take(steps, disk, "one", lambda steps, root: _run_after(steps, begin, root, PRODUCE_FIRST))


def have_two(steps: Steps, disk: Path) -> Path:
    return _take(steps, disk, "two", lambda steps, root: _run_after(steps, have_one, root, PRODUCE))


def _take(steps: Steps, disk: Path, name: str, make: Callable[[Steps, Path], None]) -> Path:
    """Copy a station that is made once."""
    kept = steps.folder / name / "station"
    if not kept.exists():
        make(steps, kept)
    shutil.copytree(kept, disk / "station", copy_function=copy_file)
    return disk / "station"


def _begin(steps: Steps, root: Path) -> None:
    other = make_station(root.with_name("warm"))
    for words in (PRODUCE_FIRST, PRODUCE, CORRECT, REGENERATE):
        if words is REGENERATE:
            edit_script(other)
        steps.run_well(words, other)
    make_station(root)
    _keep(other, root)


def _run_after(steps: Steps, before: Callable[[Steps, Path], Path], root: Path, words: list[str]) -> None:
    steps.run_well(words, before(steps, root.parent))


def _keep(source: Path, root: Path) -> None:
    for name in ("takes", "reels", "covers"):
        shutil.copytree(source / ".cache" / name, root / ".cache" / name, dirs_exist_ok=True)
    shutil.rmtree(source)


def have_one_edited(steps: Steps, disk: Path) -> None:
    """Keep in the cache what the change takes, too."""
    root = have_one(steps, disk)
    edit_script(root)
    other = disk.with_name(f"{disk.name}-edited")
    shutil.copytree(root, other)
    steps.run_well(REGENERATE, other)
    _keep(other, root)


def have_one_sent(steps: Steps, disk: Path) -> None:
    root = have_one(steps, disk)
    steps.run_well(PUBLISH, root)
    steps.run_well(PRODUCE, root)


def have_a_correction_to_send(steps: Steps, disk: Path) -> None:
    root = have_one(steps, disk)
    steps.run_well(PUBLISH, root)
    steps.run_well(CORRECT, root)


def have_one_to_take_away(steps: Steps, disk: Path) -> None:
    root = have_two(steps, disk)
    steps.run_well(PUBLISH, root)
    steps.run_well(RETRACT, root)


def have_one_expiring(steps: Steps, disk: Path) -> None:
    root = have_two(steps, disk)
    steps.run_well([*PRODUCE_FIRST, "--expires", "2026-03-07T06:00"], root)
    steps.run_well(PUBLISH, root)


def have_one_under_embargo(steps: Steps, disk: Path) -> None:
    root = have_one(steps, disk)
    steps.run_well(PUBLISH, root)
    steps.run_well([*PRODUCE, "--date", "2026-03-06", "--embargo", "2026-03-07T06:00"], root)


def have_a_damaged_record(steps: Steps, disk: Path) -> None:
    root = have_one(steps, disk)
    record = root / "audio" / OLD_SLUG / "episode.json"
    record.write_bytes(record.read_bytes()[:1000])


def have_a_silent_take(steps: Steps, disk: Path) -> None:
    """Have the proof refuse the second article's edition: one of its lines is silent."""
    root = have_one(steps, disk)
    cache = TakeCache(root / ".cache" / "takes")
    for path in sorted((root / ".cache" / "takes").rglob("*.take")):
        speech = cache.load(path.stem)
        if speech and any("morning" in word.text for word in speech.words) and len(speech.words) == 7:
            cache.store(path.stem, Speech(bytes(len(speech.pcm)), speech.sample_rate_hz, speech.words))
    shutil.rmtree(root / ".cache" / "reels")
    other = disk.with_name(f"{disk.name}-refused")
    shutil.copytree(root, other)
    _be_refused(steps, other)
    _keep(other, root)


def have_an_edited_refusal(steps: Steps, disk: Path) -> None:
    """Have somebody at work on the script of what was refused; it will be refused again."""
    have_a_silent_take(steps, disk)
    root = disk / "station"
    _be_refused(steps, root)
    script = root / ".cache" / "refused" / NEW_SLUG / "script.md"
    script.write_text(script.read_text().replace("nine months", "ten months"))
    other = disk.with_name(f"{disk.name}-edited")
    shutil.copytree(root, other)
    _be_refused(steps, other)
    _keep(other, root)


def _be_refused(steps: Steps, root: Path) -> None:
    ran = steps.run(PRODUCE, root)
    assert ran.exit == 3, ran.log


PRODUCING = {
    "produce": Scenario(PRODUCE, have_one, every_step=True),
    "regenerate": Scenario(REGENERATE, have_one_edited, every_step=True),
    "the first episode of a station": Scenario(PRODUCE_FIRST, begin),
}
CORRECTING = {
    "correct": Scenario(CORRECT, have_one, again=(1, "has this correction already"), every_step=True),
    "produce beside a damaged record": Scenario(PRODUCE, have_a_damaged_record),
    "produce what the proof refuses": Scenario(PRODUCE, have_a_silent_take, exit=3, again=(3, "")),
    "produce what is refused again": Scenario(PRODUCE, have_an_edited_refusal, exit=3, again=(3, "")),
}
LEAVING = {
    "retract": Scenario(RETRACT, have_two, withdraws=True, every_step=True),
    "expire": Scenario(["publish", "-q"], have_one_expiring, now=LATER, withdraws=True, every_step=True),
    "come out of embargo": Scenario(["publish", "-q"], have_one_under_embargo, now=LATER, every_step=True),
}
SENDING = {
    "publish": Scenario(PUBLISH, have_one_sent, every_step=True),
    "publish for the first time": Scenario(PUBLISH, have_two),
    "publish a correction": Scenario(PUBLISH, have_a_correction_to_send),
}
SENDING_CHANGES = {
    "publish after a retraction": Scenario(PUBLISH, have_one_to_take_away, withdraws=True, every_step=True),
    "publish as one expires": Scenario(PUBLISH, have_one_expiring, now=LATER, withdraws=True),
    "publish as one comes out of embargo": Scenario(PUBLISH, have_one_under_embargo, now=LATER),
}
