"""A correction: what is said and written of it, and that the wrong item of the briefing never comes back."""

import dataclasses
import datetime as dt
import html
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hostile import HOSTILE, legible
from lxml import html as lxml_html

from morning_edition.articles.open import open_article
from morning_edition.edition import Produced, produce
from morning_edition.episode import Correction, Episode, FlashItem, load_episode, parse_episode
from morning_edition.errors import EpisodeError
from morning_edition.flash import FlashPart, make_items, withdraw_items
from morning_edition.life.correcting import (
    LONGEST_NOTE,
    MOST_CORRECTIONS,
    end_correction,
    find_published,
    join_correction,
    make_correction,
    read_note,
)
from morning_edition.life.history import read_events
from morning_edition.outlets.episode_page import render_episode_page
from morning_edition.outlets.feed import render_feed
from morning_edition.outlets.json_feed import render_json_feed
from morning_edition.outlets.show_page import render_show_page
from morning_edition.outlets.transcripts import render_html
from morning_edition.plan import Plan, keep_corrections, plan_again, plan_edition
from morning_edition.proof.files import prove_files
from morning_edition.proof.transcripts import prove_transcript
from morning_edition.script.corrections import add_corrections, find_place, is_correction
from morning_edition.script.notation import parse_script
from morning_edition.script.script import Script
from morning_edition.station import Station, parse_station
from morning_edition.station.publishing import Corrections

DAY = dt.date(2026, 11, 20)
MADE = dt.datetime(2026, 11, 20, 14, tzinfo=dt.UTC)
LATER = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)
LATEST = dt.datetime(2026, 11, 24, 7, tzinfo=dt.UTC)
SLUG = "2026-11-20-ferries-return-to-the-bay"
NOTE = "An earlier version of this edition gave the fare as $5; it is $4.50."
SPOKEN = "A correction: An earlier version of this edition gave the fare as $5; it is $4.50."

ARTICLE = """\
Bay ferries/ commuters/ Harbour Post/ R. Okafor/ Morning Edition/ Ferries crossed the bay on Monday.
Ferries Return: Quick Looks
- First Crossing: Two boats began at 6:15 a.m. with 412 people, who had come from all the towns of the bay.
- The Fare: Riders pay $5 for a crossing, and nothing at all for the bicycle that they have brought along.
- The Weather: It was cold and clear all day, and there was hardly any wind until the evening came at last.
Ferries Return to the Bay
Deep Look
The first boat left at sunrise.
"""
SETTINGS = """\
[show]
title = "The Morning Brief"
base_url = "https://news.example/brief/"
[outlet]
name = "Harbour Post"
[cast.anchor]
voice = "tone"
""" + "".join(
    f'[running_order.{spot}]\nmusic = ""\n'
    for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
)

SCRIPT = """\
---
title: Ferries Return
date: 2026-11-20
language: en-US
---

# Intro

Good morning. This is The Morning Brief.
{pause}

{headline}

They crossed the bay. ^lede

# Deep Look

Now, the Deep Look.

# Outro

That was The Morning Brief.
Thank you for listening.
""".replace("{pause}\n", "")


def read(text: str) -> Script:
    return parse_script(text, to_spoken=str)


def note(text: str, *, spoken: str = "", moment: dt.datetime = LATER) -> Correction:
    return Correction(moment, text, spoken)


def say(
    script: Script, *corrections: Correction, place: str = "intro", settings: Corrections | None = None
) -> Script:
    return add_corrections(script, corrections, place, settings or Corrections(), str.upper)


def texts(script: Script, kind: str) -> list[str]:
    return [line.text for part in script.parts if part.kind == kind for line in part.lines]


# What may be noted.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        (" \u2003 ", "it is empty"),
        ("… – !", "it is empty"),
        ("One.\nTwo.", "one paragraph"),
        ("One.\tTwo.", "one paragraph"),
        ("One.\u2029Two.", "one paragraph"),
        ("It is \x1b[31m5.", "control characters"),
        ("It is \x00 5.", "control characters"),
        ("It is \u202e5.", "control characters"),
        ("It is \udc80 5.", "control characters"),
        ("x" * (LONGEST_NOTE + 1), "it is 501 characters long, and may have 500"),
    ],
)
def test_what_is_no_note_is_refused(text: str, said: str) -> None:
    """One paragraph of plain text, with something in it, that is not too long to be said."""
    with pytest.raises(ValueError, match=re.escape(said)):
        read_note(text)


def test_a_note_is_kept_as_one_line() -> None:
    assert read_note("  The fare  is\u00a0$4.50. ") == "The fare is $4.50."
    assert read_note("x" * LONGEST_NOTE) == "x" * LONGEST_NOTE
    assert read_note("نص: الأجرة 4") == "نص: الأجرة 4"


# What is said.


def test_a_correction_is_said_after_the_greeting_before_the_headline() -> None:
    """A line of its own, by the anchor, in a paragraph of its own, with its spoken form."""
    script = say(read(SCRIPT.replace("{headline}", "Ferries Return. ^headline")), note(NOTE))
    assert texts(script, "intro") == [
        "Good morning. This is The Morning Brief.",
        SPOKEN,
        "Ferries Return.",
        "They crossed the bay.",
    ]
    line = script.lines[1]
    assert (line.role, line.opens, line.spoken, line.row) == ("anchor", "paragraph", SPOKEN.upper(), 0)
    assert [is_correction(line) for line in script.lines[:3]] == [False, True, False]


def test_several_are_announced_and_said_the_newest_first() -> None:
    """Each in a paragraph of its own; what is only written is not counted."""
    script = read(SCRIPT.replace("{headline}", "Ferries Return. ^headline"))
    first, second = note("The pier is old. It has no roof"), note(NOTE, spoken="The fare is lower.")
    silent = note("A letter was missing.", spoken="-")
    said = say(script, first, silent, second).lines[1:5]
    assert [(line.text, line.opens) for line in said] == [
        ("Two corrections.", "paragraph"),
        ("The fare is lower.", "paragraph"),
        ("The pier is old.", "paragraph"),
        ("It has no roof.", ""),
    ]
    assert texts(say(script, first, silent), "intro")[1] == "A correction: The pier is old."


def test_what_is_only_written_changes_no_script() -> None:
    script = read(SCRIPT.replace("{headline}", "Ferries Return. ^headline"))
    silent = note(NOTE, spoken="-")
    assert say(script, silent) == script
    assert say(script, note(NOTE), place="") == script
    assert find_place([silent], Corrections()) == ""
    assert find_place([silent, note(NOTE)], Corrections()) == "intro"
    assert find_place([note(NOTE)], Corrections(spoken="nowhere")) == ""


def test_in_the_outro_it_comes_before_the_farewell() -> None:
    script = say(read(SCRIPT.replace("{headline}", "Ferries. ^headline")), note(NOTE), place="outro")
    assert texts(script, "outro") == [SPOKEN, "That was The Morning Brief.", "Thank you for listening."]
    assert SPOKEN not in texts(script, "intro")


def test_a_script_without_places_has_it_before_the_second_paragraph() -> None:
    """One that was edited by hand may have lost the marks of the article's places."""
    script = say(read(SCRIPT.replace("{headline}", "Ferries Return.").replace(" ^lede", "")), note(NOTE))
    assert texts(script, "intro")[:3] == [
        "Good morning. This is The Morning Brief.",
        SPOKEN,
        "Ferries Return.",
    ]
    one = say(read("---\ntitle: X\ndate: 2026-11-20\nlanguage: en\n---\n# Intro\nOnly this."), note(NOTE))
    assert texts(one, "intro") == ["Only this.", SPOKEN]


@pytest.mark.parametrize(("place", "at"), [("intro", 0), ("outro", -1)])
def test_a_part_that_is_missing_is_made(place: str, at: int) -> None:
    """With a title of its own, which players show."""
    script = read("---\ntitle: X\ndate: 2026-11-20\nlanguage: en\n---\n# Deep Look\nOnly this.")
    said = say(script, note(NOTE), place=place)
    assert (said.parts[at].kind, said.parts[at].title) == (place, "Correction")
    assert said.parts[at].lines[0].text == SPOKEN
    assert say(script, note(NOTE), note("More."), place=place).parts[at].title == "Corrections"


def test_an_intro_that_is_struck_is_heard_again_with_it() -> None:
    """And what is struck stays struck, behind it."""
    script = read(SCRIPT.replace("{headline}", "~~Ferries Return.~~ {left out: said before} ^headline"))
    said = say(script, note(NOTE))
    (struck,) = said.left_out
    assert (struck.before, texts(said, "intro")[1]) == (2, SPOKEN)


def test_a_station_has_words_of_its_own() -> None:
    """Not every station speaks English; without a lead, only the note is said."""
    script = read(SCRIPT.replace("{headline}", "Ferries Return. ^headline"))
    own = Corrections(lead="Berichtigung:", several="Berichtigungen, {count} {0}")
    assert texts(say(script, note("Es sind drei."), settings=own), "intro")[1] == (
        "Berichtigung: Es sind drei."
    )
    assert texts(say(script, note("A."), note("B."), settings=own), "intro")[1] == (
        "Berichtigungen, two {0}."
    )
    bare = Corrections(lead="", several="")
    assert texts(say(script, note("A."), note("B."), settings=bare), "intro")[1:3] == ["B.", "A."]


# What is written.


@pytest.fixture
def show() -> Station:
    return parse_station(SETTINGS, Path("/station"))


def episode(*corrections: Correction, **changes: Any) -> Episode:
    from morning_edition.episode import EpisodeFile

    record: dict[str, Any] = {
        "slug": SLUG,
        "guid": "5f6f3a1c-0f0a-5c39-9d5b-0d3f3a5d9d11",
        "number": 1,
        "title": "Ferries Return",
        "date": DAY,
        "published": MADE,
        "language": "en-US",
        "outlet": "Harbour Post",
        "byline": "",
        "edition": "Morning Edition",
        "summary": "Ferries crossed the bay.",
        "keywords": (),
        "quick_looks": (),
        "source_url": "",
        "duration_ms": 60_000,
        "chapters": (),
        "voices": (),
        "loudness_lufs": -16.0,
        "true_peak_dbtp": -1.0,
        "recipe": "",
        "files": (EpisodeFile("episode.mp3", 1000, "0" * 64),),
        "corrections": corrections,
    }
    return Episode(**record | changes)


def test_it_stands_dated_in_every_outlet_the_newest_first(show: Station) -> None:
    """Feed, description, JSON Feed, page, linked data and the show's list."""
    made = episode(note("The pier is new.", moment=LATER), note("The fare is $4.", moment=LATEST))
    first, second = (
        "Correction, November 24, 2026: The fare is $4.",
        "Correction, November 23, 2026: The pier is new.",
    )
    entry = feedparser.parse(render_feed(show, [made])).entries[0]
    assert entry.summary == f"Ferries crossed the bay.\n\n{first}\n\n{second}"
    notes = lxml_html.fromstring(f"<div>{entry.content[0].value}</div>").text_content()
    assert notes.index(first) < notes.index(second)
    item = json.loads(render_json_feed(show, [made]))["items"][0]
    assert f"Ferries crossed the bay.\n\n{first}\n\n{second}" in item["content_text"]

    page = lxml_html.fromstring(render_episode_page(show, made, ()))
    shown = [(one.find("h2/time").get("datetime"), one.text_content().split()) for one in find(page)]
    assert [moment for moment, _ in shown] == [LATEST.isoformat(), LATER.isoformat()]
    assert " ".join(shown[0][1]) == "Correction, November 24, 2026 The fare is $4."
    for thing in json.loads(page.xpath("//script[@type='application/ld+json']")[0].text)[:2]:
        assert [(one["@type"], one["text"]) for one in thing["correction"]] == [
            ("CorrectionComment", "The fare is $4."),
            ("CorrectionComment", "The pier is new."),
        ]
        assert thing["correction"][0]["datePublished"] == LATEST.isoformat()
    assert render_show_page(show, [made, episode(slug="2026-11-19-x")]).count(
        "Corrected November 24, 2026"
    ) == (1)


def find(page: Any) -> list[Any]:
    return list(page.xpath("//section[@class='corrections']/div"))


def test_without_one_nothing_tells_of_any(show: Station) -> None:
    made = episode()
    pages = [render_feed(show, [made]), render_json_feed(show, [made]), render_html("X", "en", ())]
    pages += [render_episode_page(show, made, ()), render_show_page(show, [made])]
    assert [page for page in pages if re.search('Correct|correction"', page)] == []


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words_in_every_outlet(show: Station, text: str) -> None:
    """A record may have been written by anybody; what reads as markup is shown as it is written."""
    made = episode(note(text), summary="S.")
    shown = legible(text)
    entry = feedparser.parse(render_feed(show, [made])).entries[0]
    page = lxml_html.fromstring(render_episode_page(show, made, ()).encode())
    blocks = [" ".join(one.find("p").text_content().split()) for one in find(page)]
    transcript = render_html("X", "en", (), [f"Correction: {text}"])
    asides = [" ".join(one.text_content().split()) for one in lxml_html.fromstring(transcript).iter("aside")]

    assert blocks == ([shown] if shown else [])
    assert asides == [f"Correction: {shown}".strip()]
    if not shown:
        assert "Correction" not in entry.summary
        return
    description = re.search(
        r"<description><!\[CDATA\[(S\..*?)]]></description>", render_feed(show, [made]), re.S
    )
    assert description
    assert "Correction, November 23, 2026: " in description[1]
    assert " ".join(html.unescape(description[1]).split()).endswith(shown)
    item = json.loads(render_json_feed(show, [made]))["items"][0]
    assert shown in " ".join(item["content_text"].split())
    assert (
        len(lxml_html.fromstring(f"<div>{item['content_html']}</div>").xpath("//script|//img|//audio")) == 0
    )


def test_a_description_is_never_too_long_and_rather_cuts_the_summary(show: Station) -> None:
    """Apple takes 4,000 bytes; even with as many corrections as there may be."""
    one = episode(note(NOTE), summary="Wörter & mehr " * 600)
    many = episode(
        *(note(f"{number} {'ä' * 490}") for number in range(MOST_CORRECTIONS)), summary="S & S " * 900
    )
    for made in (one, many):
        (told,) = re.findall(
            r"<description><!\[CDATA\[(.*?)]]></description>", render_feed(show, [made]), re.S
        )
        assert 3000 < len(told.encode()) <= 4000
        assert "…\n\nCorrection, November 23, 2026: " in told
    assert render_feed(show, [one]).count(NOTE) == 3


def test_a_transcript_page_with_a_correction_is_read_as_one_without(tmp_path: Path) -> None:
    """It stands in an element that no reader takes for a speaker, a time or a paragraph."""
    path = tmp_path / "transcript.html"
    path.write_text(render_html("X", "en", (), [NOTE]), "utf-8")
    assert list(prove_transcript(path, Script("X", DAY, "en", ()), 0)) == []


def test_the_record_keeps_what_it_needs(show: Station) -> None:
    made = episode(
        note(NOTE), note("More.", spoken="-"), corrections_in="outro", withdrawn_uids=("one", "two")
    )
    assert parse_episode(made.to_json()) == made


# The briefing drops the wrong item.


def item(uid: str, title: str = "", text: str = "", file: str = "") -> FlashItem:
    return FlashItem(uid, title, text, MADE, file)


def test_what_changes_gets_a_uid_of_its_own_and_what_does_not_keeps_it() -> None:
    parts = [FlashPart(title, f"{title} and what is told of it.") for title in ("A", "B", "C")]
    before = dataclasses.replace(episode(), flash=make_items(episode(), parts, None))
    a, b, c = (one.uid for one in before.flash)
    after = withdraw_items(before, before, {a, c})
    assert [one.uid == uid for one, uid in zip(after.flash, (a, b, c), strict=True)] == [True, False, True]
    assert after.withdrawn_uids == (b,)


def test_a_uid_that_was_withdrawn_is_never_used_again() -> None:
    """Through ten corrections, whether the briefing is one item or headlines, and though words come back."""
    used: set[str] = set()
    current = episode()
    whole, headlines = (
        [FlashPart("", "All.", file="flash.mp3", whole=True)],
        [FlashPart("A", "One and two and three."), FlashPart("A", "Four and five and six.")],
    )
    for number in range(10):
        parts = (whole, headlines)[number % 3 == 2]
        draft = dataclasses.replace(current, flash=make_items(current, parts, current))
        assert not {one.uid for one in draft.flash} & set(current.withdrawn_uids)
        after = withdraw_items(draft, draft, ())
        uids = [one.uid for one in after.flash]
        assert len(set(uids)) == len(parts)
        assert not set(uids) & used
        used |= {*uids, *(one.uid for one in draft.flash)}
        current = after


def test_an_item_that_a_correction_removes_is_withdrawn() -> None:
    before = dataclasses.replace(episode(), flash=(item("one"), item("two")))
    after = withdraw_items(dataclasses.replace(before, flash=(item("one"),)), before, {"one"})
    assert ([one.uid for one in after.flash], after.withdrawn_uids) == (["one"], ("two",))


# From a note to what listeners have.


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A station with one episode, made of a tone; made once for all tests."""
    root = tmp_path_factory.mktemp("produced")
    (root / "station.toml").write_text(SETTINGS, encoding="utf-8")
    (root / "ferries.txt").write_text(ARTICLE, encoding="utf-8")
    station = parse_station(SETTINGS, root)
    make(plan_edition(station, open_article(str(root / "ferries.txt")), DAY), MADE)
    return root


@pytest.fixture
def root(produced: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "station"
    shutil.copytree(produced, folder)
    return folder


Correct = Callable[..., Produced]


@pytest.fixture
def correct(root: Path) -> Correct:
    """Correct the episode, as the command does."""

    def run(text: str = NOTE, now: dt.datetime = LATER, *, settings: str = "", spoken: str = "") -> Produced:
        station = parse_station(SETTINGS + settings, root)
        stood = find_published(station, SLUG, now)
        made = make_correction(station, text, spoken, now)
        plan = plan_again(station, load_episode(stood.folder(station)))
        return make(dataclasses.replace(plan, corrections=join_correction(stood, made)), now)

    return run


def make(plan: Plan, now: dt.datetime) -> Produced:
    return produce(plan, now, lambda *_: None)


def edit(root: Path, *changes: tuple[str, str], name: str = "script.md") -> None:
    path = root / "audio" / SLUG / name
    text = path.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def briefing(root: Path) -> list[dict[str, str]]:
    items: list[dict[str, str]] = json.loads((root / "flash-briefing.json").read_text("utf-8"))
    return items


def entry_of(root: Path) -> Any:
    return feedparser.parse((root / "podcast.xml").read_text("utf-8")).entries[0]


def captions(root: Path, done: Produced, suffix: str) -> str:
    return (root / "audio" / SLUG / done.episode.find_place(f"transcript.{suffix}")).read_text("utf-8")


def test_a_corrected_episode_says_so_everywhere_and_stays_itself(root: Path, correct: Correct) -> None:
    """GUID, number and date stay; sound, address, last change and history tell of it; the proof passes."""
    before, feed = load_episode(root / "audio" / SLUG), (root / "podcast.xml").read_text("utf-8")
    edit(root, ("pay $5", "pay $4.50"))
    edit(root, ("pay $5", "pay $4.50"), name="article.json")
    done = correct()
    after = done.episode

    assert done.proof and done.proof.passed
    for kept in ("guid", "number", "date", "published", "slug", "season"):
        assert getattr(after, kept) == getattr(before, kept)
    assert (after.updated, after.corrections) == (LATER, (Correction(LATER, NOTE),))
    assert after.corrections_in == "intro"
    assert after.audio.place != before.audio.place
    assert {before.audio.place, after.audio.place} <= {path.name for path in done.folder.iterdir()}
    entry = entry_of(root)
    assert entry.enclosures[0].href.endswith(after.audio.place)
    assert entry.published == feedparser.parse(feed).entries[0].published
    assert "<lastBuildDate>Mon, 23 Nov 2026 09:30:00 +0000</lastBuildDate>" in (
        root / "podcast.xml"
    ).read_text("utf-8")
    for suffix in ("vtt", "srt", "json", "html"):
        assert "correction:" in captions(root, done, suffix), suffix
        assert "earlier version" in " ".join(captions(root, done, suffix).split()), suffix
    assert "<aside>Correction, November 23, 2026: An earlier" in captions(root, done, "html")
    assert NOTE not in (done.folder / "script.md").read_text("utf-8")
    (event,) = [event for event in read_events(parse_station(SETTINGS, root)) if event.what == "corrected"]
    assert (event.slug, event.facts["text"]) == (SLUG, NOTE)


def test_the_number_in_it_is_said_in_words(root: Path) -> None:
    station = parse_station(SETTINGS, root)
    plan = plan_again(station, load_episode(root / "audio" / SLUG))
    plan = dataclasses.replace(plan, corrections=(Correction(LATER, NOTE),))
    (line,) = [line for line in plan.script.lines if is_correction(line)]
    assert line.text == SPOKEN
    assert "five dollars" in line.spoken
    assert plan.copy.lines == tuple(line for line in plan.script.lines if not is_correction(line))


def test_what_stands_is_proved_again_with_its_correction(root: Path, correct: Correct) -> None:
    """From the files alone, and though the station has another place for corrections by now."""
    done = correct()
    other = parse_station(SETTINGS + '[corrections]\nspoken = "outro"\n', root)
    assert prove_files(done.folder, done.episode, other) == ()


def test_the_wrong_item_leaves_the_briefing_for_good(root: Path, correct: Correct) -> None:
    """With every correction a new one, dated by it; to make the episode again changes none."""
    station = parse_station(SETTINGS, root)
    (first,) = briefing(root)
    correct()
    (second,) = briefing(root)
    assert second["updateDate"] == "2026-11-23T09:30:00.0Z"
    assert SPOKEN in second["mainText"]
    correct("The boats are blue.", LATEST)
    (third,) = briefing(root)
    assert "Two corrections." in third["mainText"]
    assert len({one["uid"] for one in (first, second, third)}) == 3
    edit(root, ("Riders pay", "All riders pay"))
    done = make(plan_again(station, load_episode(root / "audio" / SLUG)), LATEST)
    assert done.unchanged is False
    assert [one["uid"] for one in briefing(root)] == [third["uid"]]
    assert done.episode.withdrawn_uids == (first["uid"], second["uid"])


def test_headlines_that_are_right_stay_in_the_briefing(root: Path) -> None:
    """The one that was wrong, and the one that says so, are new."""
    settings = '[flash]\nitems = "headlines"\n[cast.anchor]\nvoice = "tone"\nrate = 0.5\n'
    station = parse_station(SETTINGS.replace('[cast.anchor]\nvoice = "tone"\n', "") + settings, root)
    make(plan_again(station, load_episode(root / "audio" / SLUG)), MADE)
    before = {one["titleText"]: one for one in briefing(root)}
    edit(root, ("pay $5", "pay $4.50"))
    edit(root, ("pay $5", "pay $4.50"), name="article.json")
    plan = plan_again(station, load_episode(root / "audio" / SLUG))
    make(dataclasses.replace(plan, corrections=(Correction(LATER, NOTE),)), LATER)
    after = {one["titleText"]: one for one in briefing(root)}

    assert list(before) == list(after) == ["First Crossing", "The Fare", "The Weather"]
    assert [after[title]["uid"] == before[title]["uid"] for title in after] == [False, False, True]
    assert SPOKEN in after["First Crossing"]["mainText"]
    assert after["The Weather"]["streamUrl"] == before["The Weather"]["streamUrl"]


def test_one_that_is_only_written_leaves_sound_and_briefing_alone(root: Path, correct: Correct) -> None:
    """The page and the feed have it, and the date of the last change moves."""
    before, items = load_episode(root / "audio" / SLUG), briefing(root)
    done = correct(spoken="-")
    assert (done.episode.audio, done.episode.corrections_in) == (before.audio, "")
    assert briefing(root) == items
    assert done.episode.updated == LATER
    assert NOTE in entry_of(root).summary
    assert NOTE in (done.folder / "index.html").read_text("utf-8")
    assert "A correction:" not in captions(root, done, "vtt")


def test_it_may_be_said_in_other_words(root: Path, correct: Correct) -> None:
    """And written as it was noted."""
    done = correct(spoken="A crossing is cheaper than we said.")
    transcript = " ".join(captions(root, done, "html").split())
    assert "A correction: A crossing is cheaper than we said." in transcript
    assert "gave the fare" not in transcript.partition("</aside>")[2]
    assert NOTE in entry_of(root).summary


def test_said_in_the_outro_the_briefing_has_it_too(root: Path, correct: Correct) -> None:
    done = correct(settings='[corrections]\nspoken = "outro"\n')
    assert done.episode.corrections_in == "outro"
    assert SPOKEN in briefing(root)[0]["mainText"]
    assert done.proof and done.proof.passed
    said = " ".join(captions(root, done, "html").split())
    assert said.index("The first boat left") < said.index("A correction: An") < said.index("That was The")


def test_a_script_edited_by_hand_is_left_as_it_stands(root: Path, correct: Correct) -> None:
    """The producer's file keeps each byte, and the correction is said once."""
    edit(root, ("Riders pay $5", "All riders pay $5"))
    script = (root / "audio" / SLUG / "script.md").read_bytes()
    done = correct()
    assert (done.folder / "script.md").read_bytes() == script
    assert done.edited
    assert " ".join(captions(root, done, "html").split()).count("A correction: An earlier") == 1


def test_to_produce_or_regenerate_keeps_the_correction(root: Path, correct: Correct) -> None:
    """The same again is unchanged; of another article of that headline, it is said before the new words."""
    station = parse_station(SETTINGS, root)
    correct()
    (root / "ferries.txt").write_text(ARTICLE, encoding="utf-8")
    again = make(plan_edition(station, open_article(str(root / "ferries.txt")), DAY), LATEST)
    assert again.unchanged
    assert make(plan_again(station, again.episode), LATEST).unchanged
    (root / "ferries.txt").write_text(ARTICLE.replace("cold and clear", "warm and dull"), encoding="utf-8")
    other = make(plan_edition(station, open_article(str(root / "ferries.txt")), DAY), LATEST)
    assert (other.unchanged, other.episode.corrections) == (False, (Correction(LATER, NOTE),))
    assert "A correction:" in captions(root, other, "vtt")


def test_a_correction_made_meanwhile_is_not_lost(root: Path, correct: Correct) -> None:
    """By another process, after this one had planned."""
    station = parse_station(SETTINGS, root)
    plan = plan_again(station, load_episode(root / "audio" / SLUG))
    done = correct()
    assert keep_corrections(plan, done.episode).corrections == done.episode.corrections
    assert make(plan, LATEST).episode.corrections == (Correction(LATER, NOTE),)
    twice = dataclasses.replace(plan, corrections=(Correction(LATEST, NOTE.upper()),))
    assert keep_corrections(twice, done.episode).corrections == done.episode.corrections
    assert keep_corrections(twice, None) == twice


def test_a_run_that_was_killed_is_ended_by_the_same_again(root: Path, correct: Correct) -> None:
    """The episode was stored and the site not published: that, and the history, are done once."""
    station = parse_station(SETTINGS, root)
    feed = (root / "podcast.xml").read_bytes()
    done = correct()
    whole = (root / "podcast.xml").read_bytes()
    (root / "podcast.xml").write_bytes(feed)
    (root / "history.jsonl").unlink()
    for _ in range(2):
        end_correction(station, done.episode, done.episode.corrections[0], LATEST, publish=True)
    assert (root / "podcast.xml").read_bytes() == whole
    assert [event.what for event in read_events(station)] == ["corrected"]


def test_no_more_than_twenty_and_none_twice(show: Station) -> None:
    made = episode(*(note(f"Number {number}.") for number in range(MOST_CORRECTIONS)))
    with pytest.raises(EpisodeError, match=r"has 20 corrections, and may have no more; `morning-edition ret"):
        join_correction(made, note("Another."))
    with pytest.raises(
        EpisodeError, match=r"has this correction already, of 2026-11-23 09:30; write another"
    ):
        join_correction(made, note("NUMBER 7."))
