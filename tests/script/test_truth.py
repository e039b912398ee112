"""What a script keeps silent about and what it makes up are found; a true one has no finding."""

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from morning_edition.articles import Article, QuickLook, Section, open_article
from morning_edition.errors import ScriptError
from morning_edition.script.findings import Finding
from morning_edition.script.truth import check_file, check_own
from morning_edition.script.words import read_words
from morning_edition.script.writing import write_script
from morning_edition.station import Extent, Station

SCRIPTS = Path(__file__).parents[1] / "data" / "scripts"
CASES = sorted(SCRIPTS.glob("*.txt"))
NOWHERE = Station(Path("nowhere"))
DAY = dt.date(2025, 3, 11)

ARTICLE = Article(
    "Ferries Return to the Bay",
    lede="Ferries crossed the bay on Monday. It was the first time since 2016.",
    byline="R. Okafor",
    quick_looks_title="Ferries Return",
    quick_looks=(
        QuickLook("Two boats and 412 people began at 6:15 a.m.", "First Crossing"),
        QuickLook("It cost $38.5 million.", "Price Tag"),
    ),
    deep_look=(
        Section(
            (
                "The first boat left Saltmarsh Pier at sunrise with a brass band on deck. "
                "Mayor Ana Ruiz waved from the pier, 40 km south of Port Anders.",
                "“We never stopped looking at the water,” said Ana Ruiz, the mayor.",
            )
        ),
        Section(
            ("Riders pay 60 percent. The state, led by Tom Teale, pays the rest until May 15.",), "Who Pays"
        ),
    ),
)


@pytest.fixture
def check(tmp_path: Path) -> Callable[..., list[Finding]]:
    """Write the article's script, change it as *edit* does, and check it."""

    def run(
        edit: Callable[[str], str] = str, *, article: Article = ARTICLE, station: Station = NOWHERE
    ) -> list[Finding]:
        path = tmp_path / "script.md"
        path.write_text(edit(write_script(article, station, DAY)), "utf-8")
        return list(check_file(article, station, path))

    return run


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    return edit


def brief(findings: list[Finding]) -> set[tuple[str, str, str, str]]:
    return {(one.side, one.kind, one.text, one.place) for one in findings}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_script_as_it_is_written_is_true(path: Path, check: Callable[..., list[Finding]]) -> None:
    article = open_article(str(path))

    assert list(check_own(article, NOWHERE, DAY)) == []
    assert check(article=article) == []


@pytest.mark.parametrize("extent", [{"depth": "brief"}, {"depth": "quick"}, {"minutes": 0.5}])
def test_what_is_cut_and_listed_is_true(
    extent: dict[str, object], check: Callable[..., list[Finding]]
) -> None:
    """Whatever the station's settings are when it is checked."""
    cut = Station(Path("nowhere"), script=Extent(**extent))  # type: ignore[arg-type]

    assert list(check_own(ARTICLE, cut, DAY)) == []
    assert check(article=ARTICLE, station=cut) == []
    assert check(lambda _: write_script(ARTICLE, cut, DAY)) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "The first boat left Saltmarsh Pier at sunrise with a brass band on deck. ^deep-1-1\n",
            "",
            {
                (
                    "not spoken",
                    "sentence",
                    "The first boat left Saltmarsh Pier at sunrise with a brass band on deck.",
                    "deep-1-1",
                )
            },
        ),
        (
            "40 km south",
            "50 km south",
            {("not spoken", "number", "40", "deep-1-1"), ("not in the article", "number", "50", "deep-1-1")},
        ),
        (
            "412 people",
            "421 people",
            {("not spoken", "number", "412", "look-1"), ("not in the article", "number", "421", "look-1")},
        ),
        (
            "$38.5 million",
            "$38.5 billion",
            {
                ("not spoken", "number", "million", "look-2"),
                ("not in the article", "number", "billion", "look-2"),
            },
        ),
        (
            "Tom Teale",
            "Tim Teale",
            {("not spoken", "name", "Tom", "deep-2-1"), ("not in the article", "name", "Tim", "deep-2-1")},
        ),
        (
            "60 percent",
            "70 percent",
            {
                ("not spoken", "percentage", "60", "deep-2-1"),
                ("not in the article", "percentage", "70", "deep-2-1"),
            },
        ),
        (
            "until May 15",
            "until June 15",
            {("not spoken", "date", "May", "deep-2-1"), ("not in the article", "date", "June", "deep-2-1")},
        ),
        (
            "“We never stopped looking at the water.”",
            "“We often stopped looking at the water.”",
            {
                ("not spoken", "quotation", "never", "deep-1-2"),
                ("not in the article", "quotation", "often", "deep-1-2"),
            },
        ),
        (
            "It was the first time since 2016. ^lede\n",
            "It was the first time since 2016. ^lede\nThe harbor master resigned at once.\n",
            {("not in the article", "sentence", "The harbor master resigned at once.", "")},
        ),
        (
            "It was the first time since 2016. ^lede\n",
            "It was the first time since 2016. ^lede\nThe harbor master resigned at once. ^lede\n",
            {("not in the article", "sentence", "The harbor master resigned at once.", "lede")},
        ),
        (
            "Next: Who Pays. ^deep-2\n",
            "And now something else.\n",
            {
                ("not spoken", "sentence", "Who Pays", "deep-2"),
                ("not in the article", "sentence", "And now something else.", ""),
            },
        ),
        (
            "Mayor Ana Ruiz waved from the pier, 40 km south of Port Anders.",
            "Mayor Ana Ruiz waved from the pier, Port Anders of south 40 km.",
            {
                (
                    "not in the article",
                    "order",
                    "Mayor Ana Ruiz waved from the pier, Port Anders of south 40 km.",
                    "deep-1-1",
                )
            },
        ),
        (
            "Reported by R. Okafor.",
            "Reported by R. Oakfor.",
            {
                ("not spoken", "name", "Okafor", "byline"),
                ("not in the article", "name", "Oakfor", "byline"),
            },
        ),
    ],
)
def test_a_change_is_found(
    old: str, new: str, found: set[tuple[str, str, str, str]], check: Callable[..., list[Finding]]
) -> None:
    assert brief(check(swap(old, new))) == found


def test_a_finding_names_its_row() -> None:
    script = write_script(ARTICLE, NOWHERE, DAY)
    row = script.splitlines().index("It cost $38.5 million. ^look-2") + 1
    finding = Finding("not in the article", "number", "$39", "look-2", row, "It cost $39 million.")

    assert (
        finding.tell("s.md")
        == f"s.md:{row} (look-2): not in the article: the number “$39” in: It cost $39 million."
    )


def test_the_row_is_that_of_the_file(check: Callable[..., list[Finding]]) -> None:
    rows = write_script(ARTICLE, NOWHERE, DAY).splitlines()
    (_, added) = check(swap("$38.5", "$39"))

    assert rows[added.row - 1] == "It cost $38.5 million. ^look-2"


@pytest.mark.parametrize("reason", ["", " {left out: too long}"])
def test_a_line_that_is_struck_by_hand_is_accounted_for(
    reason: str, check: Callable[..., list[Finding]]
) -> None:
    line = "The state, led by Tom Teale, pays the rest until May 15."

    assert check(swap(f"{line} ^deep-2-1", f"~~{line}~~{reason} ^deep-2-1")) == []


def test_all_but_one_line_can_be_struck(check: Callable[..., list[Finding]]) -> None:
    def strike(text: str) -> str:
        return re.sub(
            r"^((?:- )?(?:\[quote\] )?)(.+?) (\^(?:look|deep|lede|byline)\S*)$",
            r"\1~~\2~~ \3",
            text,
            flags=re.M,
        )

    findings = check(strike)
    assert {one.text for one in findings} <= {"Now, the Deep Look.", "Here is the story in two Quick Looks."}


def test_a_line_may_lose_its_place_and_its_paragraph(check: Callable[..., list[Finding]]) -> None:
    line = "Mayor Ana Ruiz waved from the pier, 40 km south of Port Anders."

    assert check(swap(f"{line} ^deep-1-1", line)) == []
    assert (
        check(lambda text: swap(f"{line} ^deep-1-1\n", "")(text).replace("# Outro\n", f"# Outro\n\n{line}\n"))
        == []
    )


def test_a_sentence_may_be_parted_and_joined_again(check: Callable[..., list[Finding]]) -> None:
    """Words count, not where a line ends."""
    assert (
        check(
            swap(
                "Ferries crossed the bay on Monday. ^lede\nIt was",
                "Ferries crossed the bay on Monday. It was",
            )
        )
        == []
    )
    assert check(swap("at sunrise with a brass", "at sunrise ^deep-1-1\nwith a brass")) == []


def test_a_sentence_said_once_where_the_article_says_it_twice_is_found(
    check: Callable[..., list[Finding]],
) -> None:
    doubled = replace(ARTICLE, lede="Boats came back. Nobody knew. Boats came back.")
    found = check(lambda text: text.replace("Boats came back. ^lede\n", "", 1), article=doubled)

    assert brief(found) == {("not spoken", "sentence", "Boats came back.", "lede")}


def test_a_changed_pick_is_found_beside_the_sentence_it_was_picked_from(
    check: Callable[..., list[Finding]],
) -> None:
    article = open_article(str(SCRIPTS / "picked-looks.txt"))

    def change_first(text: str) -> str:
        return text.replace("240 people", "250 people", 1)

    assert brief(check(change_first, article=article)) == {
        ("not in the article", "number", "250", "deep-1-1")
    }


def test_a_pick_can_be_struck(check: Callable[..., list[Finding]]) -> None:
    """But then what the anchor announces is wrong, and is found."""
    article = open_article(str(SCRIPTS / "picked-looks.txt"))

    def strike_first(text: str) -> str:
        return re.sub(r"^(The farms employ.*?) (\^\S+)$", r"~~\1~~ \2", text, count=1, flags=re.M)

    assert [one.text for one in check(strike_first, article=article)] == [
        "Here is the story in five of its own sentences."
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no such file"),
        (b"\xff\xfe", "not UTF-8 text; save it as UTF-8"),
        (b"Hello.", "the file begins with its head"),
    ],
)
def test_a_script_that_cannot_be_read_is_named(content: bytes | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "script.md"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ScriptError, match=re.escape(f"{path}:") + ".*" + re.escape(said)):
        check_file(ARTICLE, NOWHERE, path)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("The mayor met Ana Ruiz.", ["word", "word", "word", "name", "name"]),
        ("Ana met HTS on Monday, May 15.", ["word", "word", "name", "word", "date", "date", "number"]),
        ("It cost $3.5m, or 60 percent.", ["word", "word", "number", "word", "percentage", "percentage"]),
        ("A 4% rise: I saw it.", ["word", "percentage", "word", "word", "word", "word"]),
        ("He said “no way” twice.", ["word", "word", "quotation", "quotation", "word"]),
        ("NATO met.", ["name", "word"]),
        ("Two met al-Assad first.", ["number", "word", "name", "word"]),
        ("A third of one per cent fell.", ["word", "number", "word", "word", "word", "percentage", "word"]),
    ],
)
def test_words_are_told_apart(text: str, kinds: list[str]) -> None:
    assert [word.kind for word in read_words(text).words] == kinds


@pytest.mark.parametrize("pair", [("Assad’s", "Assad's"), ("HTS", "hts"), ("COVID-19,", "covid-19")])
def test_the_same_word_in_another_dress_is_the_same(pair: tuple[str, str]) -> None:
    assert read_words(pair[0]).key == read_words(pair[1]).key


words = st.sampled_from(
    "harbour ferry U.S. 4.5 council’s 5% $3m Port Anders — it (HTS) Monday x^2 {y} ~~ [sic]".split(" ")
)
sentences = st.lists(words, min_size=3, max_size=9).map(lambda found: f"The {' '.join(found)}.")
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
stories = st.builds(
    Article,
    headline=sentences.map("Headline: {}".format),
    lede=st.just("") | paragraphs,
    byline=st.sampled_from(["", "A. Diaz"]),
    quick_looks_title=st.sampled_from(["", "A Title"]),
    quick_looks=st.lists(st.builds(QuickLook, paragraphs, st.sampled_from(["", "Label"])), max_size=3).map(
        tuple
    ),
    deep_look=st.lists(
        st.builds(
            Section,
            st.lists(paragraphs, min_size=1, max_size=3).map(tuple),
            st.sampled_from(["", "Why", "Who?"]),
        ),
        max_size=3,
    ).map(tuple),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stories, st.sampled_from(["brief", "quick", "full"]), st.sampled_from([0.0, 0.2, 1.0]))
def test_every_sentence_of_every_article_is_spoken_or_listed(
    story: Article, depth: str, minutes: float
) -> None:
    """With all rules of style on, and whatever is cut."""
    station = Station(Path("nowhere"), script=Extent(depth=depth, minutes=minutes))

    assert list(check_own(story, station, DAY)) == []


@pytest.mark.parametrize(
    "paragraph",
    [
        " ".join(f"The council of Port {n} bought ferry {n * 7}." for n in range(2000)),
        "The council bought a ferry. " * 2500,
        "word " * 20_000 + ".",
        "“a " * 20_000,
        "~" * 100_000 + "a",
        "a.b" * 50_000,
    ],
    ids=lambda text: text[:12],
)
def test_a_huge_article_takes_no_longer_than_its_length(paragraph: str, tmp_path: Path) -> None:
    article = Article("Headline", deep_look=(Section((paragraph,)),))
    path = tmp_path / "script.md"
    path.write_text(
        write_script(article, NOWHERE, DAY).replace("council", "mayor").replace("word", "wort", 9), "utf-8"
    )
    begun = time.process_time()
    check_file(article, NOWHERE, path)

    assert time.process_time() - begun < 8


def test_a_day_that_owns_something_is_resolved_without_a_finding() -> None:
    said = "The mayor saw today's vote. Today's vote was the last, and the vote took place in Lydd."
    article = replace(ARTICLE, date=dt.date(2025, 3, 10), deep_look=(Section((said,)),))

    assert "Monday's vote" in write_script(article, NOWHERE, DAY)
    assert list(check_own(article, NOWHERE, DAY)) == []


def test_a_day_that_is_told_by_its_date_is_resolved_without_a_finding(
    check: Callable[..., list[Finding]],
) -> None:
    """ "Yesterday" is "on February 9" a month later; another date in its place is found."""
    said = "The council met yesterday and took the vote."
    article = replace(ARTICLE, date=dt.date(2025, 2, 10), deep_look=(Section((said,)),))

    assert "on February 9" in write_script(article, NOWHERE, DAY)
    assert check(article=article) == []
    assert brief(check(swap("February 9", "February 8"), article=article)) == {
        ("not in the article", "number", "8", "deep-1-1")
    }


def test_a_changed_line_of_the_template_is_told_with_the_words_that_it_did_not_have(
    check: Callable[..., list[Finding]],
) -> None:
    """Of a line that is nobody's, they are the words that stand nowhere."""
    (changed,) = check(swap("for Tuesday, March 11th", "for Monday, March 10th"))
    (added,) = check(swap("Thank you for", "Ana Ruiz met Tom Teale on 12 boats.\nThank you for"))

    assert [word.shown for word in changed.words] == ["Monday", "10th"]
    assert [word.shown for word in added.words] == ["met", "12"]
    assert set(added.to_json()) == {"side", "kind", "text", "place", "row", "sentence"}
