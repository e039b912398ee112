"""Words that nobody would wish for, in what becomes of an episode: corrections, retractions, notes, memories.

They come out as text in every output; on a terminal nothing of them is obeyed.
"""

import dataclasses
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.etree
import lxml.html
import pytest
from hostile import HOSTILE, legible
from hostile_edition import NOW, Edition, make_edition, render_files, render_pages, tag_edition
from publications import make_station, produce_article, render

from morning_edition.articles.encodings import decode_page
from morning_edition.cli.telling import one_line, render_json
from morning_edition.episode import Correction
from morning_edition.errors import BusyError, StationError
from morning_edition.fetching import Fetched
from morning_edition.holding import LOCK_NAME, NOTE_NAME, hold_station, read_holder
from morning_edition.life.correcting import read_note
from morning_edition.life.retracting import read_reason
from morning_edition.life.tombstones import make_tombstone
from morning_edition.outlets.tombstone_page import render_tombstone
from morning_edition.outlets.typeset import typeset
from morning_edition.script.corrections import add_corrections
from morning_edition.script.reading import parse_script
from morning_edition.script.rendering import render_script
from morning_edition.station import Station
from morning_edition.templates import LONGEST_REPEATED
from morning_edition.watching.feeds import _list_items
from morning_edition.watching.memory import Known, Memory, load_memory
from morning_edition.watching.results import Result

OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal takes for an order, or turns round what follows."""
EVERY = pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
HEAD = "---\ntitle: T\ndate: 2026-03-06\nlanguage: en-US\n---\n\n"
SCRIPT = f"{HEAD}# Intro\n\nGood morning.\n\nTram line opens. ^headline\n"


def build(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements of *page* in order, each with the names of its attributes."""
    root = lxml.html.document_fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    return [(str(one.tag), tuple(sorted(one.keys()))) for one in root.iter(lxml.etree.Element)]


def read(page: str) -> str:
    root = lxml.html.document_fromstring(page.encode(), parser=lxml.html.HTMLParser(encoding="utf-8"))
    return " ".join("".join(root.find("body").itertext()).split())


@pytest.fixture(scope="module")
def plain() -> Edition:
    return make_edition("Plain")


@EVERY
def test_a_note_is_a_line_of_text_or_refused(words: str) -> None:
    """Whatever is kept can be shown, said and written anywhere; what is refused is told in a line."""
    for read_words in (read_note, read_reason):
        try:
            kept = read_words(words)
        except ValueError as error:
            assert "\n" not in str(error)
            continue
        assert kept == " ".join(legible(words).split())
        assert len(kept) <= 500


@EVERY
def test_a_correction_is_text_on_every_page_and_in_every_feed(words: str, plain: Edition) -> None:
    """Even one that never went through the command line: somebody has edited the record."""
    corrections = (Correction(NOW, words),)
    marked = dataclasses.replace(plain.episode, corrections=(Correction(NOW, "Plain"),))
    edition = dataclasses.replace(plain, episode=dataclasses.replace(plain.episode, corrections=corrections))
    plain = dataclasses.replace(plain, episode=marked)
    if not legible(words):
        return
    pages, plain_pages = render_pages(edition), render_pages(plain)
    assert {name: build(page) for name, page in pages.items()} == {
        name: build(page) for name, page in plain_pages.items()
    }
    assert legible(words) in read(pages["episode.html"])
    files, plain_files = render_files(edition), render_files(plain)
    for name in ("podcast.xml", "flash-briefing.xml"):
        root, plain_root = (lxml.etree.fromstring(one[name].encode()) for one in (files, plain_files))
        assert [one.tag for one in root.iter()] == [one.tag for one in plain_root.iter()]
    for name in ("feed.json", "flash-briefing.json"):
        assert json.loads(files[name].encode())
    html = json.loads(files["feed.json"])["items"][0]["content_html"]
    plain_html = json.loads(plain_files["feed.json"])["items"][0]["content_html"]
    assert build(f"<main>{html}</main>") == build(f"<main>{plain_html}</main>")
    assert tag_edition(edition)


@EVERY
@pytest.mark.parametrize("place", ["intro", "outro"])
def test_a_spoken_correction_is_lines_and_no_notation(words: str, place: str) -> None:
    """Written as a script and read again it has the same lines: no chapter, pause or role comes of it."""
    script = parse_script(SCRIPT, to_spoken=str)
    note = " ".join(legible(words).replace("\ud800", "").split())
    if not any(map(str.isalnum, note)):
        return
    made = add_corrections(script, [Correction(NOW, note)], place, Station(Path()).corrections, str)
    lines = [line for part in made.parts for line in part.lines]
    assert len([line for line in lines if line.source.startswith("correction")]) >= 1
    again = parse_script(render_script(made), to_spoken=str)
    assert [line.text for part in again.parts for line in part.lines] == [line.text for line in lines]
    assert {line.role for part in again.parts for line in part.lines} == {"anchor"}


@EVERY
def test_a_tombstone_of_any_words_is_built_as_with_plain_ones(words: str, plain: Edition) -> None:
    """Its page and its frame: title and reason are read there, and nothing runs."""
    station = Station(Path())
    stone = make_tombstone(plain.episode, "retracted", NOW, "Plain")
    hostile = dataclasses.replace(stone, title=words, reason=words)
    for name, page in render_tombstone(station, hostile).items():
        plain_page = render_tombstone(station, stone)[name]
        if legible(words):
            assert build(page) == build(plain_page)
            assert legible(words)[:60] in read(page)
        else:
            assert set(build(page)) <= set(build(plain_page))


@EVERY
def test_a_slug_or_a_language_of_any_words_is_text(words: str, plain: Edition) -> None:
    """A folder may be called anything; addresses hold it escaped, and pages no element of it."""
    stone = make_tombstone(plain.episode, "retracted", NOW, "Plain")
    slug = words.replace("\ud800", "").replace("\udfff", "")
    hostile = dataclasses.replace(stone, slug=slug, language=words)
    for name, page in render_tombstone(Station(Path()), hostile).items():
        assert set(build(page)) <= set(build(render_tombstone(Station(Path()), stone)[name]))
    episode = dataclasses.replace(plain.episode, slug=slug)
    edition = dataclasses.replace(plain, episode=episode)
    plain_pages = render_pages(plain)
    for name, page in render_pages(edition).items():
        assert build(page) == build(plain_pages[name])
    root = lxml.etree.fromstring(render_files(edition)["podcast.xml"].encode())
    address = root.find("channel/item/enclosure").get("url")
    assert re.fullmatch(r"https://pod\.example/brief/audio/[\w.~%/-]*episode-00000000\.mp3", address)


@EVERY
def test_what_a_feed_calls_its_entries_is_remembered_as_text(words: str, tmp_path: Path) -> None:
    """Ids, links and titles: on the disk they are JSON, in a line of results there is nothing to obey."""
    item = {"id": words, "url": words, "title": words, "content_text": "Boats crossed. " * 200}
    feed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": words, "items": [item]})
    url = "https://news.example/feed.json"
    items = _list_items(decode_page(feed.encode(), ""), Fetched(url, b""), url, Station(tmp_path))
    memory = Memory(tmp_path / ".watch.json")
    for one in items:
        known = Known(one.fingerprint, "due", NOW.isoformat(), "2026-03-06", link=one.link, title=one.title)
        memory.follow(url).articles[one.key] = known
        result = Result(NOW, "failed", url, one.name, error="it is not there")
        line = result.to_line("UTC")
        assert not OBEYED.search(one_line(line)) and len(line.split("\t")) == 4 and "\n" not in line
        assert line.isprintable() or line.replace("\t", "").isprintable()
        assert not one.link or one.link.startswith(("https://", "http://"))
    memory.save()
    assert load_memory(memory.path).sources == memory.sources


@EVERY
def test_who_holds_a_station_is_told_without_obeying_the_note(words: str, tmp_path: Path) -> None:
    note = {"work": words, "pid": 1, "host": words, "user": words, "since": words}
    (tmp_path / NOTE_NAME).write_text(json.dumps(note))
    holder = read_holder(tmp_path)
    assert holder and holder.tell().isprintable() and len(holder.tell()) < 500


def test_a_note_with_orders_for_a_terminal_is_told_as_text(tmp_path: Path) -> None:
    from filelock import FileLock

    note = {"work": "\x1b]0;x\x07\x9b2J", "pid": 1, "host": "h\n", "user": "\u202eu", "since": "s"}
    (tmp_path / NOTE_NAME).write_text(json.dumps(note))
    with (
        FileLock(tmp_path / LOCK_NAME),
        pytest.raises(BusyError) as busy,
        hold_station(Station(tmp_path), "publish", wait_s=0),
    ):
        pass
    assert str(busy.value).isprintable()


@EVERY
def test_what_is_told_is_one_line_without_orders(words: str) -> None:
    line = one_line(f"{words}\n{words}")
    assert not OBEYED.search(line) and "\n" not in line
    line.encode()
    text = render_json({words: [words]})
    assert not OBEYED.search(text)
    assert json.loads(text.encode()) == {words: [words]}


def test_what_is_told_is_bounded() -> None:
    assert len(one_line("x" * 1_000_000)) < 5_000


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_command(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        outside = {key: value for key, value in os.environ.items() if not key.startswith("MORNING_EDITION")}
        return subprocess.run(
            [sys.executable, "-m", "morning_edition", *words],
            cwd=tmp_path / "station",
            env={**outside, "PYTHONUTF8": "1", **environment},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )

    return run_command


def test_no_command_hands_orders_to_a_terminal(run: Run, tmp_path: Path) -> None:
    """Title, GUID, corrections, history, reasons: whoever edits them moves no cursor."""
    evil = "x\x1b[2J\x9b31m\u202ey"
    station = make_station(tmp_path / "station")
    produce_article(station, "Tram Line Opens", "The tram opened at noon on Thursday.")
    render(station)
    (path,) = station.episodes_folder.glob("[!.]*/episode.json")
    record = json.loads(path.read_text("utf-8"))
    record.pop("checksum")
    moment = "2026-03-06T07:00:00+00:00"
    record |= {"title": evil, "guid": evil, "voices": [evil]}
    record |= {"corrections": [{"moment": moment, "text": evil, "spoken": evil}]}
    path.write_text(json.dumps(record), "utf-8")
    with (station.root / "history.jsonl").open("a", encoding="utf-8") as history:
        slug = path.parent.name
        history.write(json.dumps({"at": evil, "what": evil, "slug": slug, "by": evil, "reason": evil}) + "\n")
    for words in (
        ("episodes",),
        ("episodes", "--json"),
        ("show",),
        ("show", "--json"),
        ("retract", evil, "--reason", "wrong", "--yes"),
    ):
        done = run(*words)
        assert "x" in done.stdout + done.stderr
        assert not OBEYED.search(done.stdout), words
        assert not OBEYED.search(done.stderr), words


def test_what_a_server_says_is_quoted_in_a_line(run: Run, tmp_path: Path, speech_server: Any) -> None:
    """Orders for a terminal and a hundred kilobytes: a line of bearable length is told of them."""
    make_station(tmp_path / "station")
    settings = tmp_path / "station" / "station.toml"
    text = settings.read_text("utf-8").replace('"tone"\nrate = 2.0', '"openai:alloy"')
    settings.write_text(text + f'[engines.openai]\nbase_url = "{speech_server.url}"\n', "utf-8")
    (tmp_path / "station" / "a.txt").write_text("Boats Cross\n\nTwo boats crossed the bay on Monday.\n")
    said = "\x1b[2J\x9b31m\u202e" + "no " * 30_000
    speech_server.always = speech_server.json({"error": {"message": said}}, 400)
    for words in (("produce", "a.txt"), ("produce", "a.txt", "--json")):
        done = run(*words, OPENAI_COMPATIBLE_API_KEY="sk-nothing")
        assert done.returncode == 1 and "refuses" in done.stderr
        assert not OBEYED.search(done.stderr) and not OBEYED.search(done.stdout)
        assert len(done.stderr) < 2_000 and len(done.stdout) < 4_000


TRICKS = {
    "a number without end": "{{ 10 ** (10 ** 9) }}",
    "a text without end": '{{ "x" * 10 ** 10 }}',
    "a list without end": "{{ [1] * 10 ** 9 }}",
    "a width without end": '{{ "%999999999d" % 1 }}',
    "a range without end": "{% for x in range(10 ** 9) %}{% endfor %}",
    "a product without end": "{{ (2 ** 900000) * (2 ** 900000) }}",
    "its own class": '{{ "".__class__.__mro__[1].__subclasses__() }}',
    "its globals": "{{ self.__init__.__globals__ }}",
    "a function's code": "{{ lipsum.__globals__['os'].popen('id').read() }}",
    "a format that looks inside": '{{ "{0.__class__.__init__.__globals__}".format(self) }}',
    "what would change a value": "{% set a = [] %}{{ a.append(1) }}{{ cycler.__init__.__globals__ }}",
    "Python": "{% import 'os' as os %}{{ os.system('id') }}",
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_template_of_the_stations_own_stays_in_its_box(trick: str, tmp_path: Path) -> None:
    """No file, no attribute of Python's own, no value without bounds; the line at fault is told."""
    (tmp_path / "show.html.j2").write_text(f"\n{TRICKS[trick]}")
    with pytest.raises(StationError, match=r"show\.html\.j2"):
        typeset("show.html.j2", tmp_path)


def test_a_template_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By how much it writes, or how long it takes, whichever comes first."""
    (tmp_path / "show.html.j2").write_text(
        "{% for a in range(99999) %}{% for b in range(99999) %}" + "x" * 1000 + "{% endfor %}{% endfor %}"
    )
    with pytest.raises(StationError, match=r"writes more than 50,000,000 signs"):
        typeset("show.html.j2", tmp_path)
    monkeypatch.setattr("morning_edition.templates.LONGEST_S", 0.0)
    with pytest.raises(StationError, match="writes for more than 0 seconds"):
        typeset("show.html.j2", tmp_path)


@pytest.mark.parametrize(
    ("template", "written"),
    [
        ('{{ "ab" * 3 }}', "ababab"),
        ("{{ 2 ** 10 }}", "1024"),
        ('{{ "%05.1f" % 2.5 }}', "002.5"),
        ('{{ "%s of %d%%" % ("x", 5) }}', "x of 5%"),
        ("{{ 7 % 4 }}", "3"),
        ("{{ 1.5 * 2 }}", "3.0"),
        (f'{{{{ ("x" * {LONGEST_REPEATED}) | count }}}}', str(LONGEST_REPEATED)),
    ],
)
def test_a_template_reckons_as_usual(template: str, written: str, tmp_path: Path) -> None:
    (tmp_path / "show.html.j2").write_text(template)
    assert typeset("show.html.j2", tmp_path) == written
