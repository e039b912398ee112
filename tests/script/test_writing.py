"""An article becomes a script that loses nothing of it and reads naturally aloud."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.articles import Article, QuickLook, Section, open_article
from morning_edition.errors import ScriptError
from morning_edition.script import Script
from morning_edition.script.lines import format_line
from morning_edition.script.notation import parse_script
from morning_edition.script.style import VERBATIM
from morning_edition.script.writing import write_script
from morning_edition.spoken import split_sentences
from morning_edition.station import Extent, Outlet, Show, Station
from morning_edition.station.publishing import VoiceNotice

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"
CASES = sorted(path.stem for path in SCRIPTS.glob("*.txt"))
HAMA = Path(__file__).parents[2].parent / "shared" / "articles" / "hama.txt"
NOWHERE = Station(Path("nowhere"))
AS_WRITTEN = Station(Path("nowhere"), style=VERBATIM, script=Extent(pick_quick_looks=False))
DAY = dt.date(2025, 3, 11)


def script_of(article: Article, station: Station = NOWHERE) -> Script:
    return parse_script(write_script(article, station, DAY), to_spoken=str)


def golden(case: str) -> Article:
    return open_article(str(SCRIPTS / f"{case}.txt"))


def said_by(article: Article) -> Iterator[tuple[str, str]]:
    """Name everything in *article* that is to be said, in order, with its place."""
    first = article.lede or next((look.text for look in article.quick_looks), "")
    first = first or next((text for section in article.deep_look for text in section.paragraphs), "")
    if not first.startswith(article.headline.rstrip("…")):
        yield from (("headline", sentence) for sentence in split_sentences(article.headline))
    yield "byline", article.byline and f"Reported by {article.byline}"
    yield from (("lede", sentence) for sentence in split_sentences(article.lede))
    if article.quick_looks and article.quick_looks_title != article.headline:
        yield from (("looks-title", sentence) for sentence in split_sentences(article.quick_looks_title))
    for number, look in enumerate(article.quick_looks, 1):
        yield f"look-{number}", look.label
        yield from ((f"look-{number}", sentence) for sentence in split_sentences(look.text))
    for number, section in enumerate(article.deep_look, 1):
        yield f"deep-{number}", section.heading
        for nth, paragraph in enumerate(section.paragraphs, 1):
            yield from ((f"deep-{number}-{nth}", sentence) for sentence in split_sentences(paragraph))


def bare(text: str) -> str:
    """Take away what a script may add to a phrase: its number, a hand-over, and its full stop."""
    hand_over = r"(?:Next|Now|Then|Also in this story|And last|Moving on|A question)(?:, a question)?: "
    number = r"(?:[A-Z][a-z]+|\d+\w\w|And finally), "
    return re.sub(rf"^(?:{hand_over}|{number})|[,;: ]*\.?$", "", " ".join(text.split()))


def assert_nothing_is_lost(article: Article, script: Script) -> None:
    said = [(line.source, bare(line.text)) for line in script.lines if line.source]

    assert said == [(place, bare(text)) for place, text in said_by(article) if text]


@pytest.mark.parametrize("case", CASES)
def test_each_article_has_its_script(case: str) -> None:
    """
    A change of the template, of the notation or of the reading of articles shows in whole scripts.

    To write them anew, in tests/data/scripts:
    for name in *.txt; do morning-edition script --date 2025-03-11 "$name" -o "${name%.txt}.script.md"; done
    """
    written = write_script(golden(case), NOWHERE, DAY)

    assert written == (SCRIPTS / f"{case}.script.md").read_text(encoding="utf-8")


def test_the_cases_are_there() -> None:
    assert CASES == [
        "evening-edition",
        "full",
        "hostile-headline",
        "look-without-label",
        "no-deep-look",
        "no-quick-looks",
        "no-slug",
        "one-look",
        "one-paragraph",
        "picked-looks",
    ]


@pytest.mark.parametrize("case", CASES)
def test_every_sentence_stands_in_the_script_once_with_its_place(case: str) -> None:
    assert_nothing_is_lost(golden(case), script_of(golden(case), AS_WRITTEN))


@pytest.mark.skipif(not HAMA.exists(), reason="the newsroom's own article is not on this machine")
def test_the_newsrooms_own_article_is_read_whole() -> None:
    article = open_article(str(HAMA))
    script = script_of(article, AS_WRITTEN)

    assert_nothing_is_lost(article, script)
    assert [segment.kind for segment in script.segments] == ["intro", "quick_looks", "deep_look", "outro"]
    words = " ".join(bare(line.text) for line in script.lines if line.source.startswith("deep-"))
    body = HAMA.read_text(encoding="utf-8").partition("Deep Look\n")[2]
    assert re.findall(r"\w+", words) == re.findall(r"\w+", body)


signs = st.sampled_from(
    ["# ", "- ", "[quote] ", "<!-- ", "{pause 900} ", "^look-1 ", "\\", "{{ x }} ", "---"]
)
words = st.sampled_from(
    "harbour ferry Dr. U.S. 4.5 “quoted” council’s plan — [sic] x^2 {y} a/b 5\u00a0km".split(" ")
)
phrases = st.builds("{}{}".format, st.just("") | signs, st.lists(words, min_size=1, max_size=8).map(" ".join))
sentences = st.builds("{}{}".format, phrases, st.sampled_from([".", "?", "!", "…", ".”", "", ":"]))
paragraphs = st.lists(sentences, min_size=1, max_size=3).map(" ".join)
stories = st.builds(
    Article,
    headline=phrases.map("Headline: {}".format),
    lede=st.just("") | paragraphs,
    outlet=st.just("") | phrases,
    byline=st.just("") | phrases,
    edition=st.sampled_from(["", "Morning Edition", "# {Evening} Edition", "Late Edition"]),
    quick_looks_title=st.just("") | phrases,
    quick_looks=st.lists(st.builds(QuickLook, paragraphs, st.just("") | phrases), max_size=23).map(tuple),
    deep_look=st.lists(
        st.builds(Section, st.lists(paragraphs, min_size=1, max_size=3).map(tuple), st.just("") | phrases),
        max_size=3,
    ).map(tuple),
    language=st.sampled_from(["", "en-GB"]),
)


@settings(max_examples=60, deadline=None)
@given(stories)
def test_no_article_loses_a_sentence(article: Article) -> None:
    script = script_of(article, AS_WRITTEN)

    assert_nothing_is_lost(article, script)
    assert script.title == " ".join(article.headline.split())
    assert [line.opens for line in script.lines].count("look") == len(article.quick_looks)
    assert [line.chapter for line in script.lines if line.opens == "chapter"] == [
        " ".join(section.heading.split()) for section in article.deep_look if section.heading
    ]


def looks_of(count: int) -> Article:
    return Article("Headline", quick_looks=tuple(QuickLook("Text.", f"Label {n}") for n in range(count)))


def heard(script: Script) -> list[str]:
    return [line.text for line in script.lines]


@pytest.mark.parametrize(
    ("count", "announced", "numbered"),
    [
        (1, "Here is the story in one Quick Look.", ["Label 0."]),
        (2, "Here is the story in two Quick Looks.", ["First, Label 0.", "Second, Label 1."]),
        (
            3,
            "Here is the story in three Quick Looks.",
            ["First, Label 0.", "Second, Label 1.", "And finally, Label 2."],
        ),
    ],
)
def test_quick_looks_are_announced_and_numbered(count: int, announced: str, numbered: list[str]) -> None:
    script = script_of(looks_of(count))

    assert announced in heard(script)
    assert [line.text for line in script.lines if line.opens == "look"] == numbered


def test_many_quick_looks_are_numbered_to_the_end() -> None:
    numbered = [line.text for line in script_of(looks_of(23)).lines if line.opens == "look"]

    assert numbered[18:] == [
        "Nineteenth, Label 18.",
        "Twentieth, Label 19.",
        "21st, Label 20.",
        "22nd, Label 21.",
        "And finally, Label 22.",
    ]


def test_a_quick_look_without_a_label_keeps_its_number() -> None:
    looks = (QuickLook("One is here. It stays.", "Label"), QuickLook("Two is here."), QuickLook("Three is."))

    lines = script_of(Article("Headline", quick_looks=looks)).segments[1].lines[1:]

    assert [(line.text, line.opens, line.source) for line in lines] == [
        ("First, Label.", "look", "look-1"),
        ("One is here.", "", "look-1"),
        ("It stays.", "", "look-1"),
        ("Second.", "look", ""),
        ("Two is here.", "", "look-2"),
        ("And finally.", "look", ""),
        ("Three is.", "", "look-3"),
    ]


@pytest.mark.parametrize("case", CASES)
def test_no_sign_between_label_and_text_is_read(case: str) -> None:
    labels = [look.label for look in golden(case).quick_looks if look.label]
    script = script_of(golden(case))

    assert all(any(line.text.endswith(f"{label}.") for line in script.lines) for label in labels)
    assert not any(f"{label}:" in line.text for line in script.lines for label in labels)


@pytest.mark.parametrize(
    ("edition", "greeting"),
    [
        ("Morning Edition", "Good morning. This is Morning Edition"),
        ("EVENING EDITION", "Good evening. This is Morning Edition, the EVENING EDITION"),
        ("Afternoon Brief", "Good afternoon. This is Morning Edition, the Afternoon Brief"),
        ("Late Edition", "Hello. This is Morning Edition, the Late Edition"),
    ],
)
def test_the_greeting_suits_the_edition(edition: str, greeting: str) -> None:
    """The show is named, and the edition where it has another name."""
    first = heard(script_of(Article("Headline", outlet="Harbour Post", edition=edition)))[0]
    assert first == f"{greeting} from Harbour Post, for Tuesday, March 11th."


@pytest.mark.parametrize(("place", "part"), [("intro", 0), ("outro", -1), ("nowhere", None)])
def test_the_station_chooses_where_listeners_are_told_of_the_voice(place: str, part: int | None) -> None:
    notice = VoiceNotice("Read by a machine: “Ada”, no person.", place)
    station = replace(NOWHERE, voice_notice=notice)

    script = script_of(Article("Headline"), station)

    found = [line.text for segment in script.segments for line in segment.lines if "machine" in line.text]
    assert found == ([] if part is None else [notice.text])
    assert part is None or notice.text in [line.text for line in script.segments[part].lines]
    silent = replace(NOWHERE, voice_notice=VoiceNotice("", place))
    assert "voice" not in " ".join(heard(script_of(Article("Headline"), silent)))


def test_what_the_article_lacks_the_station_gives() -> None:
    station = Station(
        Path("nowhere"),
        show=Show(title="The Bay", language="en-GB"),
        outlet=Outlet("Bay Radio", edition="Evening News"),
    )

    script = script_of(Article("Headline"), station)

    assert heard(script)[0] == (
        "Good evening. This is The Bay, the Evening News from Bay Radio, for Tuesday, March 11th."
    )
    assert heard(script)[-3] == "That was The Bay from Bay Radio."
    assert script.language == "en-GB"
    assert script_of(Article("Headline", language="ar"), station).language == "ar"


def test_the_correspondent_reads_the_deep_look_and_nothing_else() -> None:
    roles = {
        segment.kind: {line.role for line in segment.lines} for segment in script_of(golden("full")).segments
    }

    assert {kind: found - {"quote"} for kind, found in roles.items()} == {
        "intro": {"anchor"},
        "quick_looks": {"anchor"},
        "deep_look": {"correspondent"},
        "outro": {"anchor"},
    }


def test_a_name_that_ends_in_a_full_stop_gets_no_second_one() -> None:
    article = Article("Headline", outlet="Bay News Inc.", byline="Ana Ruiz Jr.")

    assert "Reported by Ana Ruiz Jr." in heard(script_of(article))
    assert "That was Morning Edition from Bay News Inc., reported by Ana Ruiz Jr." in heard(
        script_of(article)
    )


def test_a_headline_that_is_the_ledes_beginning_is_not_said_twice() -> None:
    article = golden("one-paragraph")

    assert article.headline.endswith("…")
    assert not any(line.source == "headline" for line in script_of(article).lines)
    assert any(line.source == "headline" for line in script_of(golden("no-slug")).lines)


def test_a_title_that_is_the_headline_is_not_said_twice() -> None:
    looks = (QuickLook("Text."),)

    same = heard(script_of(Article("Headline", quick_looks_title="Headline", quick_looks=looks)))
    other = heard(script_of(Article("Headline", quick_looks_title="Title", quick_looks=looks)))

    assert same.count("Headline.") == 1
    assert "Title." in other


@pytest.mark.parametrize(
    ("phrase", "line"),
    [
        ("Boats return", "Boats return."),
        ("Boats return.", "Boats return."),
        ("What next?", "What next?"),
        ("“What next?”", "“What next?”"),
        ("He left (at last.)", "He left (at last.)"),
        ("« C’est fini.»", "« C’est fini.»"),
        ("And then…", "And then…"),
        ("What it costs: ", "What it costs:"),
        ("潮が満ちた。", "潮が満ちた。"),
        ("Boats,\n trains;", "Boats, trains."),
        ("“Boats”", "“Boats”."),
        (f"Boats{',' * 100_000}x", f"Boats{',' * 100_000}x."),
    ],
    ids=lambda text: text[:20],
)
def test_every_phrase_ends_as_a_sentence(phrase: str, line: str) -> None:
    assert format_line(phrase) == line


def test_the_guide_to_the_notation_stands_in_every_script() -> None:
    written = write_script(Article("Headline"), NOWHERE, DAY)

    assert "  {pause 900}      after a text: the silence that follows it" in written
    assert not any("pause" in line.text for line in script_of(Article("Headline")).lines)


def own_template(folder: Path, text: str) -> Station:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "script.md.j2").write_text(text, encoding="utf-8")
    return Station(folder)


def test_a_stations_own_template_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    built_in = write_script(Article("Headline"), Station(tmp_path), DAY)
    station = own_template(
        tmp_path,
        "---\ntitle: {{ article.headline }}\ndate: {{ date }}\nlanguage: {{ language }}\n---\n"
        "# Intro\n{{ article.headline | line('headline') }}\n{{ show.title }}, {{ 3 | spell }}.\n",
    )

    script = script_of(Article("Fish {and} chips"), station)

    assert "Thank you for listening." in built_in
    assert heard(script) == ["Fish {and} chips.", "Morning Edition, three."]
    assert script.lines[0].source == "headline"


def test_a_template_that_is_changed_is_used_at_once(tmp_path: Path) -> None:
    first = write_script(Article("Headline"), own_template(tmp_path, "One"), DAY)
    second = write_script(Article("Headline"), own_template(tmp_path, "Second"), DAY)
    (tmp_path / "templates" / "script.md.j2").unlink()

    assert (first, second) == ("One", "Second")
    assert "Thank you" in write_script(Article("Headline"), Station(tmp_path), DAY)


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("One\n{{ article.headlin }}\n", ":2: 'morning_edition.articles.article.Article object' has no"),
        ("One\n\n{{ nobody }}\n", ":3: 'nobody' is undefined"),
        ("{% for look in article.quick_looks %}", ":1: Unexpected end of template."),
        ("One\n{{ article.headline | shout }}", ":2: No filter named 'shout'."),
        ("One\n{{ 1 / 0 }}\n", ":2: division by zero"),
        ("{{ date | spell }}", ":1: '<=' not supported between instances of 'int' and 'datetime.date'"),
        ("{{ article.missing[9] }}", ":1: "),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", ":1: maximum recursion depth exceeded"),
        ("One\n{{ article.__class__.__mro__ }}\n", ":2: access to attribute '__class__' of 'Article' object"),
        ("{{ ''.__class__ }}", ":1: access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ write.__globals__ }}", ":1: 'write' is undefined"),
        (
            "{{ cycler.__init__.__globals__ }}",
            ":1: access to attribute '__init__' of 'type' object is unsafe.",
        ),
        ("{{ range(10 ** 9) }}", ":1: Range too big."),
        ("{% include 'other.j2' %}", ":1: no template is called other.j2"),
    ],
)
def test_a_template_that_fails_is_named_with_its_line(tmp_path: Path, template: str, said: str) -> None:
    station = own_template(tmp_path, template)

    with pytest.raises(ScriptError) as caught:
        write_script(Article("Headline"), station, DAY)

    assert str(caught.value).startswith(f"{tmp_path / 'templates' / 'script.md.j2'}{said}")


def test_a_template_that_is_no_text_is_named(tmp_path: Path) -> None:
    station = own_template(tmp_path, "")
    (tmp_path / "templates" / "script.md.j2").write_bytes(b"Caf\xe9")

    with pytest.raises(ScriptError) as caught:
        write_script(Article("Headline"), station, DAY)

    assert str(caught.value).startswith(
        f"{tmp_path / 'templates' / 'script.md.j2'}: 'utf-8' codec can't decode"
    )


def test_a_pronouncer_is_carried_in_the_head_and_not_read() -> None:
    article = Article(
        "Boats Leave",
        lede="Boats left Latakia (lah-tah-KEE-ah) on Monday.",
        deep_look=(Section(("The mayor of Latakia (lah-tah-KEE-ah) waved (twice).",)),),
    )
    script = script_of(article)

    assert script.says == (("Latakia", "lah-tah-KEE-ah"),)
    assert "Boats left Latakia on Monday." in heard(script)
    assert not any("KEE" in line.text for line in script.lines)


def test_a_head_without_names_is_as_it_was() -> None:
    written = write_script(Article("Headline"), NOWHERE, DAY)

    assert written.startswith("---\ntitle: Headline\ndate: 2025-03-11\nlanguage: en-US\n---\n\n<!--")


def test_what_style_takes_out_stands_struck() -> None:
    article = Article("Headline", deep_look=(Section(("WASHINGTON (AP) — The senate met on Monday.",)),))
    script = script_of(article)

    assert [(one.text, one.source) for one in script.left_out] == [("WASHINGTON (AP) —", "deep-1-1")]
    assert "dateline" in script.left_out[0].reason
    assert "The senate met on Monday." in heard(script)
    assert script_of(article, AS_WRITTEN).left_out == ()


def test_a_quotation_has_lines_of_its_own_unless_the_copy_is_read_as_written() -> None:
    article = Article("Headline", deep_look=(Section(("“It is over,” said Ana Ruiz, the mayor.",)),))

    assert [(line.role, line.text) for line in script_of(article).lines if line.source == "deep-1-1"] == [
        ("correspondent", "Ana Ruiz, the mayor, said:"),
        ("quote", "“It is over.”"),
    ]
    assert "“It is over,” said Ana Ruiz, the mayor." in heard(script_of(article, AS_WRITTEN))


def test_a_sentence_among_the_keywords_is_listed() -> None:
    """The desk's words are never read; a word or two is not missed."""
    article = Article("Headline", keywords=("Bay ferries", "Ferries came back to the bay."))

    assert [(one.text, one.reason, one.source) for one in script_of(article).left_out] == [
        ("Ferries came back to the bay.", "keywords are not read", "keywords")
    ]


def test_a_title_over_no_quick_looks_is_listed() -> None:
    (struck,) = script_of(Article("Headline", quick_looks_title="Ferries Return")).left_out

    assert (struck.text, struck.source) == ("Ferries Return.", "looks-title")


def test_picked_sentences_are_introduced_as_what_they_are() -> None:
    article = golden("picked-looks")
    written = write_script(article, NOWHERE, DAY)

    assert "<!-- The newsroom wrote no Quick Looks; these sentences were picked" in written
    assert "Here is the story in five of its own sentences." in written
    assert "Quick Look" not in " ".join(heard(parse_script(written, to_spoken=str)))


TIERS: dict[str, dict[str, Any]] = {
    "lede": {"lede": "Ferries crossed the bay on Monday."},
    "looks": {"quick_looks": (QuickLook("Two boats began.", "First Crossing"), QuickLook("It cost much."))},
    "deep": {"deep_look": (Section(("The first boat left.",)), Section(("Riders pay.",), "Who Pays"))},
    "byline": {"byline": "R. Okafor"},
}


@pytest.mark.parametrize("present", list(itertools.product([False, True], repeat=len(TIERS))))
def test_any_tier_may_be_missing(present: tuple[bool, ...]) -> None:
    parts = [part for part, here in zip(TIERS.values(), present, strict=True) if here]
    article = Article("Ferries Return", **{key: value for part in parts for key, value in part.items()})
    script = script_of(article)

    assert_nothing_is_lost(article, script)
    assert ("Here is the story." in heard(script)) == (present[2] and not present[1])
    assert ("Now, the Deep Look." in heard(script)) == (present[2] and present[1])
    assert "None" not in " ".join(heard(script))


@pytest.mark.parametrize("empty", ["", "  \n", "\u200b", "\u00a0", "\x00"])
@pytest.mark.parametrize("extent", [Extent(), Extent(depth="quick"), Extent(minutes=0.01)])
def test_what_is_empty_is_passed_over(empty: str, extent: Extent) -> None:
    article = Article(
        "Headline",
        quick_looks=(QuickLook(empty, empty), QuickLook("Two boats began.")),
        deep_look=(Section((empty,), empty), Section((empty, "Riders pay."))),
    )
    script = script_of(article, Station(Path("nowhere"), script=extent))

    assert {*heard(script), *(one.text for one in script.left_out)} >= {"Two boats began.", "Riders pay."}
    assert script_of(Article("Headline", quick_looks=(QuickLook(empty),))).left_out == ()


def test_a_short_form_is_told_once_in_an_article() -> None:
    """Later ones stand there struck, so that nothing is lost."""
    said = "Hayat Tahrir al-Sham (HTS) took the bridge."
    article = Article("Bridge taken", lede=said, deep_look=(Section((said, said)),))
    script = script_of(article)

    assert heard(script)[2] == "Hayat Tahrir al-Sham, or HTS, took the bridge."
    assert heard(script)[4:6] == ["Hayat Tahrir al-Sham took the bridge."] * 2
    assert [struck.text for struck in script.left_out] == ["(HTS)", "(HTS)"]


def test_a_chapter_of_captions_alone_is_not_announced() -> None:
    sections = (
        Section(("The pier is open.",), "At the pier"),
        Section(("Photo: Jane Okafor.",), "In the gallery"),
        Section(("The bridge is shut.",), "On the bridge"),
    )
    script = script_of(Article("Pier opens", deep_look=sections))

    assert [line.text for line in script.lines if line.opens == "chapter"] == [
        "Next: At the pier.",
        "Now: On the bridge.",
    ]
    assert "In the gallery." in [struck.text for struck in script.left_out]


def test_rules_that_go_by_english_words_leave_other_languages_alone() -> None:
    written = "Der Rat (mit 12 Sitzen) tagt: „Wir warten noch“, said Ono."

    assert heard(script_of(Article("Rat tagt", lede=written, language="de")))[2] == written
