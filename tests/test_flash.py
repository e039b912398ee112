"""What of an edition goes into the flash briefing, and how an item stays itself whenever it is mended."""

import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from pathlib import Path

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, FlashItem
from morning_edition.flash import FlashPart, lay_briefing, make_items
from morning_edition.mix.looks import find_looks
from morning_edition.mix.studio import TakeNote
from morning_edition.script.script import Line, Script, Segment
from morning_edition.station import Station, parse_station

GUID = "5f6f3a1c-0f0a-5c39-9d5b-0d3f3a5d9d11"
PUBLISHED = dt.datetime(2024, 12, 6, 6, tzinfo=dt.UTC)
RATE = 44_100
NO_MUSIC = "".join(
    f'[running_order.{spot}]\nmusic = ""\n'
    for spot in ("opening", "look", "deep_look", "chapter", "closing", "bed")
)

LABELS = ("First Crossing", "Price Tag", "Next Stop", "The Crew", "The Weather", "The Band")


def line(text: str, source: str = "", *, opens: str = "") -> Line:
    return Line(text, text, opens=opens, source=source)  # type: ignore[arg-type]


def script_of(looks: Sequence[QuickLook]) -> Script:
    intro = (
        line("Good morning."),
        line("Ferries Return.", "headline"),
        line("They crossed the bay.", "lede"),
    )
    quick = itertools.chain.from_iterable(
        (line(f"Next, {look.label}.", f"look-{place}", opens="look"), line(look.text, f"look-{place}"))
        for place, look in enumerate(looks, 1)
    )
    parts = (
        Segment("intro", "Intro", intro),
        Segment("quick_looks", "Quick Looks", (line("Here they are."), *quick)),
        Segment("deep_look", "Deep Look", (line("Now, the Deep Look."),)),
    )
    return Script("Ferries Return", dt.date(2024, 12, 6), "en-US", parts)


def lay(
    looks: int,
    seconds: float = 6,
    *,
    labels: Sequence[str] = LABELS,
    items: str = "headlines",
    silent: tuple[int, ...] = (),
    longest_s: int = 600,
) -> tuple[FlashPart, ...]:
    """Lay out the briefing of a script whose lines are each so long."""
    settings = f'[flash]\nitems = "{items}"\nlongest_s = {longest_s}\n' + NO_MUSIC
    station: Station = parse_station(settings, Path())
    quick_looks = [QuickLook(f"It is number {number}.", label) for number, label in enumerate(labels[:looks])]
    script = script_of(quick_looks)
    notes = [
        TakeNote(length=length, start_ms=0, end_ms=length * 1000 // RATE, timing="estimated", words=())
        for number in range(len(script.lines))
        for length in (0 if number in silent else round(seconds * RATE),)
    ]
    return lay_briefing(script, find_looks(script, quick_looks), notes, {}, station)


def heard(part: FlashPart) -> list[str]:
    return [cue.text for cue in part.programme.timeline.cues] if part.programme else []


# What is laid out.


def test_an_edition_is_one_item_of_intro_and_quick_looks() -> None:
    """Its text is the article's words as they are heard, with the labels, and nothing that only leads on."""
    (part,) = lay(2, items="episode")
    assert (part.file, part.name, part.whole) == ("flash.mp3", "flash", True)
    assert heard(part)[0] == "Good morning."
    assert heard(part)[-1] == "It is number 1."
    assert part.text == (
        "Ferries Return. They crossed the bay. Next, First Crossing: It is number 0. "
        "Next, Price Tag: It is number 1."
    ).replace("Next, ", "")


def test_headlines_are_one_item_a_quick_look_the_first_with_the_intro() -> None:
    parts = lay(3)
    assert [part.title for part in parts] == ["First Crossing", "Price Tag", "Next Stop"]
    assert [part.file for part in parts] == ["flash-1.mp3", "flash-2.mp3", "flash-3.mp3"]
    assert heard(parts[0]) == [
        *("Good morning.", "Ferries Return.", "They crossed the bay."),
        *("Next, First Crossing.", "It is number 0."),
    ]
    assert heard(parts[1]) == ["Next, Price Tag.", "It is number 1."]
    assert parts[1].text == "Price Tag: It is number 1."


def test_headlines_are_five_at_most() -> None:
    """The first five: a sixth would not be played."""
    assert [part.title for part in lay(6)] == list(LABELS[:5])


def test_short_quick_looks_are_joined_so_that_all_of_them_are_heard() -> None:
    """Ten seconds are the least; the first has the intro, and so is long enough."""
    parts = lay(5, 3)
    assert [part.title for part in parts] == [
        "First Crossing",
        "Price Tag; Next Stop",
        "The Crew; The Weather",
    ]
    assert [part.file for part in parts] == ["flash-1.mp3", "flash-2.mp3", "flash-3.mp3"]
    assert parts[1].text == "Price Tag: It is number 1. Next Stop: It is number 2."
    assert heard(parts[1]) == [
        *("Next, Price Tag.", "It is number 1."),
        *("Next, Next Stop.", "It is number 2."),
    ]
    assert [part.title for part in lay(4, 3)] == ["First Crossing", "Price Tag; Next Stop; The Crew"]


def test_an_edition_that_is_too_short_is_read_by_the_speaker() -> None:
    """All of it as one item: a briefing is not to be heard and read aloud both."""
    (part,) = lay(2, 0.5)
    assert (part.title, part.file, part.programme) == ("First Crossing; Price Tag", "", None)
    assert part.text.endswith("First Crossing: It is number 0. Price Tag: It is number 1.")


def test_a_headline_that_is_too_long_is_read_by_the_speaker() -> None:
    """Without the intro before it, the first is not."""
    parts = lay(3, 20, longest_s=60)
    assert [part.file for part in parts] == ["flash-1.mp3", "flash-2.mp3", "flash-3.mp3"]
    assert heard(parts[0]) == ["Next, First Crossing.", "It is number 0."]
    assert [part.file for part in lay(3, 20, longest_s=30)] == ["", "", ""]


def test_a_title_of_many_is_shortened() -> None:
    """Between two words; what ends one of them gives way to the semicolon."""
    labels = [f"Thing number {number} of all those there are." for number in range(9)]
    (part,) = lay(9, 0.1, labels=labels)
    assert part.title.startswith(f"{labels[0].rstrip('.')}; {labels[1].rstrip('.')}; ")
    assert len(part.title) <= 120
    assert part.title.endswith("…")


def test_a_quick_look_of_which_nothing_is_heard_is_no_headline() -> None:
    parts = lay(3, silent=(6, 7))
    assert [part.title for part in parts] == ["First Crossing", "Next Stop"]
    assert [part.file for part in parts] == ["flash-1.mp3", "flash-2.mp3"]


def test_without_quick_looks_headlines_are_the_intro() -> None:
    (part,) = lay(0)
    assert (part.whole, part.file) == (True, "flash.mp3")
    assert heard(part)[:2] == ["Good morning.", "Ferries Return."]


@pytest.mark.parametrize("items", ["episode", "headlines"])
def test_where_nothing_is_heard_nothing_is_laid_out(items: str) -> None:
    assert lay(2, silent=tuple(range(9)), items=items) == ()
    assert lay(2, 300, items="episode", longest_s=30) == ()


# What the items are.


def episode(*flash: FlashItem, guid: str = GUID) -> Episode:
    return Episode(
        *("slug", guid, 1, "Ferries Return", PUBLISHED.date(), PUBLISHED, "en-US", "", "", ""),
        *("The summary.", (), (), "", 0, (), (), 0.0, 0.0, "", ()),
        flash=flash,
    )


def part(title: str, text: str = "") -> FlashPart:
    return FlashPart(title, text or f"{title}: what happened there, in six words or more.")


def made(*parts: FlashPart, before: Episode | None = None) -> tuple[FlashItem, ...]:
    return make_items(episode(), parts, before)


def test_an_edition_of_which_nothing_is_laid_out_is_its_summary() -> None:
    (item,) = made()
    assert (item.title, item.text, item.file, item.updated) == (
        *("Ferries Return", "The summary."),
        *("", PUBLISHED),
    )


def test_uids_are_uuids_of_the_episode_and_what_they_name() -> None:
    """The same again gives the same; another episode, and every headline, gives another."""
    items = made(part("A"), part("B"), part("B"))
    assert made(part("A"), part("B"), part("B")) == items
    (single,), (other,) = made(), make_items(episode(guid=str(uuid.uuid4())), (), None)
    uids = [item.uid for item in (*items, single, other)]
    assert len(set(uids)) == 5
    assert {uuid.UUID(uid).version for uid in uids} == {5}


def test_a_guid_that_came_from_elsewhere_names_items_too() -> None:
    """A show may have been moved here with the GUIDs that it had."""
    (item,) = make_items(episode(guid="https://old.example/?p=17"), (), None)
    assert uuid.UUID(item.uid).version == 5


def test_a_headline_stays_itself_whatever_comes_before_it() -> None:
    """With and without knowing what stood: one that is new, one that goes, another order."""
    a, b, c = made(part("A"), part("B", "Quite another thing."), part("C"))
    before = episode(a, b, c)
    for stood in (None, before):
        after = made(part("New", "Never heard of before."), part("C"), part("A"), before=stood)
        assert [item.uid for item in after[1:]] == [c.uid, a.uid]
        assert after[0].uid not in (a.uid, b.uid, c.uid)


@pytest.mark.parametrize(
    "mended",
    [
        part("Another title", "A: what happened there, in six words or more."),
        part("A", "All of it is written anew."),
        part("Another: what…", "Another: what happened there, in six words or less."),
    ],
    ids=["another title", "another text", "some other words in both"],
)
def test_a_headline_that_is_mended_stays_itself(mended: FlashPart) -> None:
    a, b = made(part("A"), part("B", "Quite another thing."))
    after = made(mended, part("B", "Quite another thing."), before=episode(a, b))
    assert [item.uid for item in after] == [a.uid, b.uid]


@pytest.mark.parametrize("looks", [1, 2, 3])
def test_corrected_headlines_keep_their_uids(looks: int) -> None:
    """However many there are, and though they have one title."""
    stood = [
        part("Ferries", f"Boat {number} left the old pier at six in the morning.") for number in range(looks)
    ]
    before = made(*stood)
    for place in range(looks):
        mended = list(stood)
        mended[place] = part("Ferries", stood[place].text.replace("six", "seven"))
        after = made(*mended, before=episode(*before))
        assert [item.uid for item in after] == [item.uid for item in before]


def test_of_two_headlines_with_one_title_each_keeps_its_uid_by_its_words() -> None:
    """When one of them goes."""
    first, second = part("Ferries", "Boats left."), part("Ferries", "Nobody paid for the new pier.")
    before = made(first, second)
    (left,) = made(second, before=episode(*before))
    assert left.uid == before[1].uid


def test_a_joined_headline_that_takes_another_in_stays_itself() -> None:
    """By most of its words; the one that is new in its title has another."""
    text = "Price Tag: It cost more than all the boats of the bay together."
    (joined,) = made(part("Price Tag; Next Stop", f"{text} Next Stop: The island."))
    (alone,) = made(part("Price Tag", text), before=episode(joined))
    assert alone.uid == joined.uid


def test_a_headline_in_the_place_of_another_is_a_new_one() -> None:
    (a,) = made(part("A", "The harbour was closed by ice."))
    (other,) = made(part("Z", "Riders will pay sixty percent more in May."), before=episode(a))
    assert other.uid != a.uid


def test_a_title_that_another_had_does_not_make_two_of_one_uid() -> None:
    """A headline was named anew, and its old name went to one that is new."""
    (a,) = made(part("Price", "It cost a lot of money to build."))
    items = made(
        part("Cost", "It cost a lot of money to build."),
        part("Price", "Riders pay."),
        part("Price", "Nobody pays."),
        before=dataclasses.replace(episode(a)),
    )
    assert len({item.uid for item in items}) == 3


def test_one_item_and_headlines_are_never_taken_for_each_other() -> None:
    (single,) = make_items(episode(), (FlashPart("", "All of it.", whole=True),), None)
    (headline,) = made(part("Ferries Return", "All of it."), before=episode(single))
    assert headline.uid != single.uid
