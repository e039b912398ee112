"""The site at a target as listeners have it, at every moment of every publication, whatever fails."""

import contextlib
import datetime as dt
import hashlib
import itertools
import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from listening import find_faults, read_guids
from publications import (
    BASE_URL,
    HOUR,
    NOW,
    Cut,
    Faulty,
    Mornings,
    be_quiet,
    copy_station,
    link_folder,
    list_folder,
    render,
    retract,
)

from morning_edition.episode import load_episodes
from morning_edition.errors import ConflictError, PublishError
from morning_edition.life.history import read_events
from morning_edition.life.tombstones import load_tombstones
from morning_edition.publish import preview_publishing, publish_to
from morning_edition.publish.course import send_site
from morning_edition.publish.inventory import list_site
from morning_edition.publish.target import Stored

FAULTS = {
    "refuses": {},
    "does it and then fails": {"late": True},
    "is cut off": {"dies": True},
    "is cut off after doing it": {"dies": True, "late": True},
}


def test_a_published_site_is_whole(mornings: Mornings, yesterday: Path) -> None:
    """All that feeds, briefing and pages lead to is there; nothing of the newsroom is."""
    assert find_faults(yesterday, BASE_URL) == []
    assert len(read_guids((yesterday / "podcast.xml").read_bytes())) == 2
    names = {path.rpartition("/")[2] for path in list_folder(yesterday)}
    assert not names & {
        "script.md",
        "article.json",
        "episode.json",
        "proof.html",
        "proof.json",
        "history.jsonl",
    }
    assert names >= {"index.html", "embed.html", "oembed.json", "podcast.xml", "cover.jpg"}


def test_a_second_morning_leaves_what_old_feeds_lead_to(
    mornings: Mornings, yesterday: Path, today: Path
) -> None:
    """What a correction superseded stays beside the new; what was retracted is gone, but for its page."""
    old = (yesterday / "podcast.xml").read_bytes()
    faults = find_faults(today, BASE_URL, former=old)
    assert faults
    assert all(mornings.retracted in fault for fault in faults)
    left = {path for path in list_folder(today) if mornings.retracted in path}
    assert left == {f"audio/{mornings.retracted}/index.html", f"audio/{mornings.retracted}/embed.html"}
    page = (today / "audio" / mornings.retracted / "index.html").read_text("utf-8")
    assert "It was wrong." in page


def test_nothing_is_sent_twice(mornings: Mornings, yesterday: Path, tmp_path: Path) -> None:
    """A site that stands there costs one look at its manifest."""
    target = Faulty(link_folder(yesterday, tmp_path / "public"))
    sent = send_site(mornings.before, target, NOW, be_quiet)
    assert target.calls == ["read .morning-edition/manifest.json"]
    assert (sent.sent, sent.removed, sent.unchanged) == ((), (), len(list_folder(yesterday)))


def test_only_what_changed_is_sent(mornings: Mornings, yesterday: Path, today: Path) -> None:
    """Neither an episode that stays, nor what of a corrected one is the same, is sent again."""
    old, new = list_folder(yesterday), list_folder(today)
    changed = {path for path, content in new.items() if old.get(path) != content}
    assert not any(path in changed and old[path] == new[path] for path in old if path in new)
    assert {path.split("/")[1] for path in changed if path.startswith("audio/")} == {
        mornings.corrected,
        mornings.retracted,
        mornings.added,
    }


def test_the_order_is_kept(mornings: Mornings, yesterday: Path, tmp_path: Path) -> None:
    """Media, then embeds, pages, lists; then the briefing, then the feed; and then what goes."""
    target = Faulty(link_folder(yesterday, tmp_path / "public"))
    send_site(mornings.after, target, NOW, be_quiet)
    steps = [call.split(" ", 1) for call in target.calls if ".morning-edition" not in call]
    sent = [path for verb, path in steps if verb == "send"]
    kinds = [_find_kind(path) for path in sent]
    assert kinds == sorted(kinds), sent
    assert sent[-1] == "podcast.xml"
    verbs = [verb for verb, _ in steps]
    assert "remove" not in verbs[: len(verbs) - verbs[::-1].index("send")]
    assert "remove" in verbs


def _find_kind(path: str) -> int:
    """Return in which turn a file is to be sent."""
    kinds = (
        r"(cover|cover-small)\.jpg|audio/[^/]+/.*-[0-9a-f]{8}\.\w+",
        r"audio/[^/]+/(embed\.html|oembed\.json)",
        r"audio/[^/]+/index\.html",
        r"index\.html|show\.opml|playlist\.m3u",
        r"flash-briefing\.(json|xml)",
        r"feed\.json",
        r"podcast\.xml",
    )
    return next(kind for kind, form in enumerate(kinds) if re.fullmatch(form, path))


@pytest.mark.parametrize("way", FAULTS)
@pytest.mark.parametrize(
    ("first", "step"),
    [
        pytest.param(False, 31, id="second morning, some calls"),
        pytest.param(False, 1, id="second morning, every call", marks=pytest.mark.thorough),
        pytest.param(True, 1, id="first time, every call", marks=pytest.mark.thorough),
    ],
)
def test_failing_at_any_call_leaves_a_whole_site(
    mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path, way: str, first: bool, step: int
) -> None:
    """A target that fails or a program that is killed leaves listeners a whole site; the next run ends it."""
    station = mornings.before if first else mornings.after
    wanted = list_folder(yesterday if first else today)
    feeds = {(yesterday / "podcast.xml").read_bytes(), (today / "podcast.xml").read_bytes()}
    tried = 0
    for fails_at in itertools.count(1 + len(way) % step, step):
        folder = tmp_path / str(fails_at)
        folder.mkdir() if first else link_folder(yesterday, folder)
        target = Faulty(folder, fails_at, **FAULTS[way])
        with contextlib.suppress(PublishError, Cut):
            send_site(station, target, NOW, be_quiet)
        assert find_faults(folder, BASE_URL) == [], target.calls[-1]
        if (folder / "podcast.xml").exists():
            assert (folder / "podcast.xml").read_bytes() in feeds
        send_site(station, Faulty(folder), NOW, be_quiet)
        assert list_folder(folder) == wanted, target.calls[-1]
        left = {path.name for path in (folder / ".morning-edition").iterdir()}
        assert left <= {"manifest.json", "lease.json"}  # a lease that could not be given back
        tried += 1
        if not target.has_failed:
            break
    assert tried > 80 / step


def test_no_moment_is_inconsistent(mornings: Mornings, yesterday: Path, tmp_path: Path) -> None:
    """After every single call, whoever has the feed that stands there finds all that it leads to."""
    target = Faulty(link_folder(yesterday, tmp_path / "public"))
    folder = tmp_path / "public"
    faults: list[str] = []
    target.watch = lambda: faults.extend(find_faults(folder, BASE_URL))
    send_site(mornings.after, target, NOW, be_quiet)
    assert faults == []


def test_an_app_with_the_old_feed_hears_the_old_sound(
    mornings: Mornings, yesterday: Path, tmp_path: Path
) -> None:
    """Until a feed without it stands there, nothing goes that the old one leads to, retracted or not."""
    folder = link_folder(yesterday, tmp_path / "public")
    old = (folder / "podcast.xml").read_bytes()
    target, faults = Faulty(folder), []

    def watch() -> None:
        if (folder / "podcast.xml").read_bytes() == old:
            faults.extend(find_faults(folder, BASE_URL, former=old))

    target.watch = watch
    send_site(mornings.after, target, NOW, be_quiet)
    assert faults == []


def test_many_threads_send_one_site(mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path) -> None:
    """Where a target takes several files at a time, what stands there in the end is the same."""
    target = Faulty(link_folder(yesterday, tmp_path / "public"))
    target.at_once = 8
    send_site(mornings.after, target, NOW, be_quiet)
    assert list_folder(tmp_path / "public") == list_folder(today)


@pytest.mark.parametrize("fails_at", [12, 40, 70])
def test_a_failure_ends_all_threads(
    mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path, fails_at: int
) -> None:
    """What was under way is waited for, nothing more is begun, and the next run ends it."""
    folder = link_folder(yesterday, tmp_path / "public")
    target = Faulty(folder, fails_at)
    target.at_once = 8
    with pytest.raises(PublishError, match=r"failed"):
        send_site(mornings.after, target, NOW, be_quiet)
    calls = len(target.calls)
    assert find_faults(folder, BASE_URL) == []
    send_site(mornings.after, Faulty(folder), NOW, be_quiet)
    assert list_folder(folder) == list_folder(today)
    assert len(target.calls) == calls


def test_of_two_who_publish_at_once_one_is_told(
    mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path
) -> None:
    """Both have the same copy: one sends it, the other hears of a conflict, or finds it all there."""
    folder = link_folder(yesterday, tmp_path / "public")
    start, told, sent = threading.Barrier(4), [], []

    def publish() -> None:
        start.wait()
        try:
            sent.append(send_site(mornings.after, Faulty(folder), NOW, be_quiet))
        except ConflictError as error:
            told.append(str(error))

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([one for one in sent if one.sent]) == 1
    assert len(sent) + len(told) == 4
    assert all("publishes there since" in one for one in told)
    assert list_folder(folder) == list_folder(today)


def test_an_older_copy_takes_nothing_away(mornings: Mornings, today: Path, tmp_path: Path) -> None:
    """One without the new episode, the correction and the retraction is told of all three."""
    folder = link_folder(today, tmp_path / "public")
    with pytest.raises(ConflictError) as caught:
        send_site(mornings.before, Faulty(folder), NOW, be_quiet)
    said = str(caught.value)
    assert re.search(rf"would vanish, as this station does not have it: {mornings.added}", said)
    assert re.search(rf"would go back .* a change made elsewhere: {mornings.corrected}", said)
    assert re.search(rf"would come back, though withdrawn elsewhere: {mornings.retracted}", said)
    assert "--take-over" in said
    assert list_folder(folder) == list_folder(today)


def test_what_is_taken_over_is_named(
    mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path
) -> None:
    """Whoever insists gets their own site, and is told what vanished with that."""
    folder = link_folder(today, tmp_path / "public")
    sent = send_site(mornings.before, Faulty(folder), NOW, be_quiet, take_over=True)
    assert [mornings.added in remark for remark in sent.remarks] == [True, False, False]
    assert find_faults(folder, BASE_URL) == []
    assert list_folder(folder)["podcast.xml"] == list_folder(yesterday)["podcast.xml"]
    assert not [path for path in list_folder(folder) if mornings.added in path]


def test_a_copy_without_a_tombstone_leaves_what_tells_of_it(
    mornings: Mornings, today: Path, tmp_path: Path
) -> None:
    """Whoever never had the episode does not take away the pages that say it is gone, nor anything else."""
    folder = link_folder(today, tmp_path / "public")
    station = copy_station(mornings.after, tmp_path / "station")
    shutil.rmtree(station.root / "audio" / mornings.retracted)
    render(station, NOW + HOUR)
    sent = send_site(station, Faulty(folder), NOW + HOUR, be_quiet)
    left = {path for path in list_folder(folder) if mornings.retracted in path}
    assert left == {f"audio/{mornings.retracted}/{name}" for name in ("index.html", "embed.html")}
    assert not sent.removed
    again = send_site(station, Faulty(folder), NOW + HOUR, be_quiet)
    assert (again.sent, again.removed) == ((), ())
    send_site(mornings.after, Faulty(folder), NOW + HOUR, be_quiet)
    assert list_folder(folder) == list_folder(today)


def test_what_was_withdrawn_unheard_is_told_nowhere(mornings: Mornings, tmp_path: Path) -> None:
    """Neither its name nor its GUID comes to the target, and a copy that still has it may publish it."""
    folder = tmp_path / "public"
    station = copy_station(mornings.before, tmp_path / "station")
    slug = mornings.retracted
    (episode,) = (one for one in load_episodes(station) if one.slug == slug)
    waiting = replace(episode, published=NOW + 2 * HOUR)
    (station.root / "audio" / slug / "episode.json").write_text(waiting.to_json(), "utf-8")
    render(station)
    retract(station, slug)
    sent = send_site(station, Faulty(folder), NOW, be_quiet)
    assert not [path for path in sent.sent if slug in path]
    for path in folder.rglob("*"):
        told = path.read_bytes() if path.is_file() else b""
        assert not any(word.encode() in told for word in (slug, episode.guid, "It was wrong."))

    send_site(mornings.before, Faulty(folder), NOW, be_quiet)
    send_site(station, Faulty(folder), NOW, be_quiet)
    assert not [path for path in list_folder(folder) if slug in path]


def test_another_show_is_not_written_over(mornings: Mornings, today: Path, tmp_path: Path) -> None:
    """Two shows at one place would each take the other away."""
    folder = link_folder(today, tmp_path / "public")
    show = replace(mornings.after.show, base_url="https://other.example/")
    station = copy_station(mornings.after, tmp_path / "other")
    other = replace(station, show=show)
    render(other)
    with pytest.raises(ConflictError, match=r"another show is published there"):
        send_site(other, Faulty(folder), NOW, be_quiet)


def test_what_is_superseded_goes_when_its_time_is_over(
    mornings: Mornings, today: Path, tmp_path: Path
) -> None:
    """A day after the target had a feed without it, and not before."""
    folder = link_folder(today, tmp_path / "public")
    superseded = {path for path in list_folder(today) if path not in _expected(mornings)}
    assert any("episode-" in path for path in superseded)
    for hours, gone in ((23.9, set()), (24.1, superseded)):
        now = NOW + dt.timedelta(hours=hours)
        sent = send_site(mornings.after, Faulty(folder), now, be_quiet)
        assert set(sent.removed) == gone
        assert list_folder(today).keys() - list_folder(folder).keys() == gone
    assert find_faults(folder, BASE_URL) == []


def _expected(mornings: Mornings) -> set[str]:
    episodes, stones = load_episodes(mornings.after), load_tombstones(mornings.after)
    return {file.path for file in list_site(mornings.after, episodes, stones, NOW)}


def test_a_damaged_file_is_named_and_never_published(
    mornings: Mornings, yesterday: Path, tmp_path: Path
) -> None:
    """One byte of the disk has turned: it is found while it is sent, and listeners have what they had."""
    station = copy_station(mornings.after, tmp_path / "station")
    folder = link_folder(yesterday, tmp_path / "public")
    old = (folder / "podcast.xml").read_bytes()
    for pattern in ("episode-*.mp3", "transcript-*.vtt", "index.html"):
        (path,) = (station.root / "audio" / mornings.added).glob(pattern)
        content = path.read_bytes()
        path.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:])
        said = rf"{re.escape(str(path))} is damaged.*`morning-edition regenerate {mornings.added}`"
        with pytest.raises(PublishError, match=said):
            send_site(station, Faulty(folder), NOW, be_quiet)
        path.write_bytes(content)
        assert (folder / "podcast.xml").read_bytes() == old
        assert find_faults(folder, BASE_URL) == []


def test_a_file_that_is_gone_from_the_disk_is_named(mornings: Mornings, tmp_path: Path) -> None:
    """Nothing is published without it."""
    station = copy_station(mornings.before, tmp_path / "station")
    (path,) = (station.root / "audio" / mornings.corrected).glob("transcript-*.vtt")
    path.unlink()
    with pytest.raises(PublishError, match=rf"{re.escape(str(path))}: cannot be read"):
        send_site(station, Faulty(tmp_path / "public"), NOW, be_quiet)
    assert not (tmp_path / "public" / "podcast.xml").exists()


def test_an_episode_without_its_sound_is_not_taken_away(
    mornings: Mornings, yesterday: Path, tmp_path: Path
) -> None:
    """Its folder is damaged here, and it is public there: that is told, and nothing changes."""
    station = copy_station(mornings.before, tmp_path / "station")
    folder = link_folder(yesterday, tmp_path / "public")
    (path,) = (station.root / "audio" / mornings.corrected).glob("episode-*.mp3")
    path.write_bytes(b"")
    render(station)
    with pytest.raises(PublishError, match=rf"the sound in .*{mornings.corrected} is not what its record"):
        send_site(station, Faulty(folder), NOW, be_quiet, take_over=True)
    assert list_folder(folder) == list_folder(yesterday)


@pytest.mark.parametrize("damage", [b"", b"damaged on its way"])
def test_what_arrives_otherwise_is_noticed(mornings: Mornings, tmp_path: Path, damage: bytes) -> None:
    """A target that says nothing of what it got is read back; the feed waits until all is right."""
    folder = tmp_path / "public"
    target = Faulty(folder)

    def spoil() -> None:
        if target.calls[-1].startswith("send") and target.calls[-1].endswith(".mp3"):
            (folder / target.calls[-1].removeprefix("send ")).write_bytes(damage)

    target.watch = spoil
    with pytest.raises(PublishError, match=r"\.mp3 did not arrive as it was sent"):
        send_site(mornings.before, target, NOW, be_quiet)
    assert not (folder / "podcast.xml").exists()


class Silent:
    """A target that tells no checksum, or one of another kind."""

    def __init__(self, target: Faulty, kind: str) -> None:
        self._target, self._kind = target, kind
        self.shown, self.at_once = target.shown, 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._target, name)

    def look(self, path: str) -> Stored | None:
        stored = self._target.look(path)
        if stored is None or not self._kind:
            return stored and Stored(stored.size_bytes)
        digest = hashlib.new(self._kind, b"".join(self._target.read(path)))
        return Stored(stored.size_bytes, f"{self._kind}:{digest.hexdigest().upper()}")


@pytest.mark.parametrize("kind", ["", "md5"])
def test_each_kind_of_checksum_will_do(
    mornings: Mornings, yesterday: Path, today: Path, tmp_path: Path, kind: str
) -> None:
    """MD5 as stores have it; where there is none, what was sent is read back."""
    target = Silent(Faulty(link_folder(yesterday, tmp_path / "public")), kind)
    send_site(mornings.after, target, NOW, be_quiet)
    assert list_folder(tmp_path / "public") == list_folder(today)


def test_a_folder_in_the_station_is_refused(mornings: Mornings) -> None:
    """Nor is one that the station is in; a link there is seen through."""
    for address in (
        ".",
        "public",
        "..",
        "/",
        str(mornings.before.root / "x"),
        f"file://{mornings.before.root}/x",
    ):
        with pytest.raises(PublishError, match=r"lie in each other"):
            publish_to(mornings.before, address, NOW, be_quiet)


def test_a_preview_changes_nothing(mornings: Mornings, yesterday: Path, tmp_path: Path) -> None:
    """It tells what publishing then does."""
    folder = link_folder(yesterday, tmp_path / "public")
    preview = preview_publishing(mornings.after, str(folder), NOW)
    assert list_folder(folder) == list_folder(yesterday)
    assert [path.name for path in (folder / ".morning-edition").iterdir()] == ["manifest.json"]
    sent = publish_to(mornings.after, str(folder), NOW, be_quiet)
    assert replace(sent, seconds=0.0) == preview


def test_the_history_tells_of_it(mornings: Mornings, tmp_path: Path) -> None:
    """What was sent and whither; where nothing was, nothing is noted."""
    station = copy_station(mornings.before, tmp_path / "station")
    before = list(read_events(station))
    for _ in range(2):
        publish_to(station, str(tmp_path / "public"), NOW, be_quiet)
    (event,) = [one for one in read_events(station) if one.what == "published" and one not in before]
    assert event.facts["to"] == str(tmp_path / "public")
    assert event.facts["sent"] == len(list_folder(tmp_path / "public"))
