"""No fact of an article is lost, and none is made up, without the proof saying so; true scripts pass."""

import datetime as dt
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from morning_edition.articles import Article, QuickLook, Section, open_article
from morning_edition.proof import Finding, LeftOutFact, Truth
from morning_edition.proof.truth import prove_truth
from morning_edition.script.reading import parse_script
from morning_edition.script.style import VERBATIM
from morning_edition.script.writing import Selection, select_reading, write_script
from morning_edition.spoken import to_spoken
from morning_edition.station import Extent, Station

TESTS = Path(__file__).parents[1]
STARTER = TESTS.parent / "src" / "morning_edition" / "starter" / "article.txt"
ARTICLES = sorted([STARTER, *(TESTS / "data" / "scripts").glob("*.txt")])
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


def prove(
    edit: Callable[[str], str] | None = None, *, article: Article = ARTICLE, station: Station = NOWHERE
) -> Truth:
    """Prove the script that the template writes, or the one that *edit* makes of it by hand."""
    selection, written = write(article, station)
    script = parse_script((edit or str)(written), to_spoken=to_spoken)
    return prove_truth(article, station, DAY, script, selection, edited=edit is not None)


WRITTEN: dict[str, tuple[Selection, str]] = {}


def write(article: Article, station: Station) -> tuple[Selection, str]:
    """Write an article's script, once for all tests."""
    key = repr((article, station))
    if key not in WRITTEN:
        selection = select_reading(article, station, DAY)
        WRITTEN[key] = selection, write_script(article, station, DAY, selection)
    return WRITTEN[key]


def swap(old: str, new: str) -> Callable[[str], str]:
    def edit(text: str) -> str:
        assert text.count(old) == 1
        return text.replace(old, new)

    return edit


def failures(truth: Truth) -> list[Finding]:
    return [finding for finding in truth.findings if finding.severity == "failure"]


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
@pytest.mark.parametrize(
    "station",
    [
        NOWHERE,
        Station(Path("nowhere"), script=Extent(depth="brief")),
        Station(Path("nowhere"), script=Extent(depth="quick")),
        Station(Path("nowhere"), script=Extent(minutes=0.3)),
        Station(Path("nowhere"), style=VERBATIM),
    ],
    ids=["full", "brief", "quick", "minutes", "verbatim"],
)
def test_a_script_as_it_is_written_is_true(path: Path, station: Station) -> None:
    """At every depth, and when it is held against what the template would write now."""
    article = open_article(str(path))

    assert prove(article=article, station=station).findings == ()
    assert prove(str, article=article, station=station).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("40 km south", "50 km south", "the number “40”"),
        ("412 people", "421 people", "the number “421”"),
        ("$38.5 million", "$38.5 billion", "the number “billion”"),
        ("$38.5 million", "$385 million", "the number “$385”"),
        ("Tom Teale", "Tim Teale", "the name “Tim”"),
        ("Saltmarsh Pier", "Saltmarsh", "the name “Pier”"),
        ("Ana Ruiz waved", "Tom Teale waved", "the name “Ana”"),
        ("60 percent", "70 percent", "the percentage “70”"),
        ("pay 60 percent.", "pay.", "the percentage “percent”"),
        ("until May 15", "until June 15", "the date “June”"),
        ("until May 15", "until May 16", "the number “16”"),
        ("on Monday", "on Tuesday", "the date “Tuesday”"),
        ("never stopped looking", "often stopped looking", "the quoted word “never”"),
        ("R. Okafor. ^byline", "R. Oakfor. ^byline", "the name “Okafor”"),
        ("March 11th", "March 12th", "“12th”"),
        ("Two boats", "Three boats", "the number “Three”"),
        ("Ferries Return to the Bay. ^h", "Ferries Return to Lydd. ^h", "the name “Lydd”"),
    ],
)
def test_a_changed_fact_is_a_failure_that_shows_it_and_its_row(old: str, new: str, said: str) -> None:
    changed = swap(old, new)
    found = failures(prove(changed))
    script = changed(write_script(ARTICLE, NOWHERE, DAY)).splitlines()

    assert said in " ".join(finding.text for finding in found)
    assert all(new in script[finding.row - 1] for finding in found if finding.row)


@pytest.mark.parametrize(
    "line",
    [
        "It cost $38.5 million. ^look-2\n",
        "The first boat left Saltmarsh Pier at sunrise with a brass band on deck. ^deep-1-1\n",
        "It was the first time since 2016. ^lede\n",
        "It rained. ^deep-1-3\n",
    ],
)
def test_a_line_that_is_deleted_without_a_reason_is_a_failure(line: str) -> None:
    """Whether or not there is a fact in it."""
    (first, who_pays) = ARTICLE.deep_look
    longer = replace(first, paragraphs=(*first.paragraphs, "It rained. Nobody minded."))
    article = replace(ARTICLE, deep_look=(longer, who_pays))
    (found,) = failures(prove(swap(line, ""), article=article))

    assert (found.check, found.row) == ("not spoken", 0)
    assert "strike it with a reason: ~~text~~ {left out: why}" in found.text
    assert "or correct it in article.json, too, if the article was wrong" in found.text


def test_a_byline_that_is_said_at_the_end_all_the_same_is_not_lost() -> None:
    assert prove(swap("Reported by R. Okafor. ^byline\n", "")).findings == ()


def test_the_same_line_struck_is_accounted_for_with_its_reason() -> None:
    line = "Riders pay 60 percent."
    told = prove(swap(f"{line} ^deep-2-1", f"~~{line}~~ {{left out: the figure is disputed}} ^deep-2-1"))
    bare = prove(swap(f"{line} ^deep-2-1", f"~~{line}~~ ^deep-2-1"))

    assert told.findings == bare.findings == ()
    assert told.left_out == (LeftOutFact("percentage", "60 percent", "deep-2-1", "the figure is disputed"),)
    assert [fact.reason for fact in bare.left_out] == ["struck by hand, without a reason"]
    assert told.spoken_facts == prove().spoken_facts - 1


@pytest.mark.parametrize(
    ("added", "severity"),
    [
        ("The council fined Lydd Shipping 3,000 euros.", "failure"),
        ("The council fined Lydd Shipping 3,000 euros. ^lede", "failure"),
        ("Boats crossed the bay on Sunday, too.", "failure"),
        ("Stay with us for what they said of it.", "warning"),
        ("The harbor master resigned at once. ^lede", "warning"),
        ("More of Ana Ruiz, the mayor, in a moment.", "warning"),
    ],
)
def test_an_invented_sentence_is_found_and_fails_where_it_brings_a_fact(added: str, severity: str) -> None:
    anchor = "It was the first time since 2016. ^lede\n"
    (found,) = prove(swap(anchor, f"{anchor}{added}\n")).findings

    assert (found.check, found.severity) == ("not in the article", severity)
    assert added.partition(" ^")[0] in found.text
    assert found.row > 0


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Good morning. This", "Good morning, dear listeners. This"),
        ("crossed the bay on Monday", "went across the bay on Monday"),
        ("Thank you for listening.", "Thanks for listening."),
        ("It was the first time", "It happened for the first time"),
        ("Now, the Deep Look.", "Here comes more of it."),
        ("Ferries Return to the Bay.", "Ferries are back in the bay."),
        ("First, First Crossing.", "First, the Crossing."),
        ("Mayor Ana Ruiz waved from the pier, 40 km", "From the pier, Mayor Ana Ruiz waved, 40 km"),
    ],
)
def test_reworded_by_hand_is_a_warning(old: str, new: str) -> None:
    """It is told, and published all the same."""
    article = replace(ARTICLE, edition="Morning Edition")
    found = prove(swap(old, new), article=article).findings

    assert {finding.severity for finding in found} == {"warning"}


def test_a_quick_look_can_be_struck_though_the_anchor_announces_more_of_them() -> None:
    """That is told as a warning, not a failure."""
    strike = swap("It cost $38.5 million. ^look-2", "~~It cost $38.5 million.~~ {left out: old} ^look-2")
    label = swap("- Second, Price Tag. ^look-2", "- ~~Second, Price Tag.~~ ^look-2")
    truth = prove(lambda text: strike(label(text)))

    assert [(one.severity, one.row > 0) for one in truth.findings] == [("warning", True)]
    assert "Here is the story in two Quick Looks." in truth.findings[0].text


def test_a_name_that_only_loses_its_possessive_is_no_failure() -> None:
    article = replace(ARTICLE, lede="The plans of Port Anders's council, led by Tom Teale, failed.")
    edit = swap("The plans of Port Anders's council", "The council's plans in Port Anders")

    assert failures(prove(edit, article=article)) == []


def test_what_a_template_makes_up_is_a_failure(tmp_path: Path) -> None:
    """Not what it says of its own around the article, but what it says as the article's."""
    folder = tmp_path / "templates"
    folder.mkdir()
    own = TESTS.parent / "src/morning_edition/script/templates/script.md.j2"
    text = own.read_text("utf-8")
    folder.joinpath(own.name).write_text(
        text.replace("Thank you for listening.", "Call Harbour 555-0100.\nRates rose by 9%. ^lede"), "utf-8"
    )
    (found,) = prove(station=Station(tmp_path)).findings

    assert (found.check, found.severity) == ("not in the article", "failure")
    assert "“9%”" in found.text


def test_what_style_and_depth_leave_out_is_listed_with_its_reason() -> None:
    story = Section(
        (
            "HAMA, Syria (AP) — The army left Hama on Thursday.[3]",
            "Soldiers near Homs on Tuesday. (Photo by A. Diaz)",
            "The Hayat Tahrir al-Sham (HTS) rebels took 40 towns.",
        )
    )
    article = replace(ARTICLE, deep_look=(story,))
    quick = Station(Path("nowhere"), script=Extent(depth="quick"))
    whole = {(fact.kind, fact.text): fact.reason for fact in prove(article=article).left_out}
    cut = prove(article=article, station=quick)

    assert whole["name", "AP"] == "dateline, which is not read aloud"
    assert whole["name", "Homs"] == whole["date", "Tuesday"] == "caption, which is not read aloud"
    assert whole["number", "[3]"] == "the mark of a footnote, which is not read aloud"
    assert ("number", "40") not in whole
    assert {fact.reason for fact in cut.left_out if "[" not in fact.text} == {"the depth is quick"}
    assert ("number", "40", "deep-1-3") in {(fact.kind, fact.text, fact.place) for fact in cut.left_out}


def test_facts_are_counted_as_the_listener_counts_them() -> None:
    """A name of three words is one, and so is a date or a quotation."""
    article = Article(
        "Storm Hits Coast",
        lede="On May 15, 2024, Ana de Ruiz of Port Anders said: “All 40 boats are safe.” It cost 5 percent.",
    )
    truth = prove(lambda text: text.replace("It cost 5 percent.", "~~It cost 5 percent.~~"), article=article)

    assert truth.findings == ()
    assert [(fact.kind, fact.text) for fact in truth.left_out] == [("percentage", "5 percent")]
    assert truth.spoken_facts == len(["May 15, 2024", "Ana", "Ruiz", "Port Anders", "All 40 boats are safe"])


def test_an_article_without_facts_has_none_to_lose() -> None:
    truth = prove(article=Article("Rain", lede="It rained all day, and nobody minded."))

    assert (truth.findings, truth.spoken_facts, truth.left_out) == ((), 0, ())


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        ("Mayor Ana Ruiz waved from the pier, kilometers south of Port Anders.", "the numbers “40”"),
        ("Mayor Ana Ruiz waved from the pier, forty kilometers south of Port.", "the name “Anders”"),
    ],
)
def test_what_the_spoken_form_of_a_line_has_lost_is_a_failure(spoken: str, said: str) -> None:
    lines = {"Mayor Ana Ruiz waved from the pier, 40 km south of Port Anders.": spoken}
    selection = select_reading(ARTICLE, NOWHERE, DAY)
    written = write_script(ARTICLE, NOWHERE, DAY, selection)
    script = parse_script(written, to_spoken=lambda text: lines.get(text) or to_spoken(text))
    (found,) = prove_truth(ARTICLE, NOWHERE, DAY, script, selection).findings

    assert (found.check, found.severity) == ("spoken form", "failure")
    assert said in found.text
    assert written.splitlines()[found.row - 1].startswith("Mayor Ana Ruiz")


@pytest.mark.parametrize(
    "paragraph",
    ["The council of Port Lydd bought 7 ferries. " * 2500, "Lydd[1] " * 20_000 + ".", "“a " * 20_000],
    ids=["sentences", "footnotes", "quotations"],
)
def test_a_huge_article_takes_no_longer_than_its_length(paragraph: str) -> None:
    article = Article("Ferries", deep_look=(Section((paragraph,)),))
    selection = select_reading(article, NOWHERE, DAY)
    script = parse_script(write_script(article, NOWHERE, DAY, selection), to_spoken=str)
    begun = time.process_time()
    prove_truth(article, NOWHERE, DAY, script, selection)

    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "written",
    [
        "Doors open at 12:00 a.m. and at 12 noon, 24/7, says the FIFA 2026 chief.",
        "½ of COVID-19 tests, 3/4 of all, came back in the 1990s and '80s, from No. 10.",
        "Louis XIV beat Arsenal 4-0 on 5/6/2024, $3.5m richer; call 555-0100.",
        "Mr. Smith Jr. of Acme Corp. ran 5km in 00:19:07.2 on the 21st, 0.5% up.",
        "See https://news.example/a1b2c3 or e-mail ana2@news.example by 9am GMT+2.",
    ],
)
def test_the_many_ways_to_say_a_number_are_no_loss(written: str) -> None:
    article = Article("Storm", lede=f"It rained. {written}")

    assert [one for one in prove(article=article).findings if one.check == "spoken form"] == []


def test_a_long_article_takes_little_time() -> None:
    """A three-hour programme's; the plan has parsed it already."""
    towns = (f"Port {name * 3}" for name in ("Ane", "Bole", "Cari", "Dune", "Este"))
    text = " ".join(
        f"The mayor of {town} bought {n} boats on May {n % 28 + 1}." for n, town in enumerate([*towns] * 400)
    )
    paragraphs = tuple(re.findall(r"(?:[^.]+\.){1,5} ?", text))
    article = Article("Boats", deep_look=(Section(paragraphs),))
    selection = select_reading(article, NOWHERE, DAY)
    script = parse_script(write_script(article, NOWHERE, DAY, selection), to_spoken=str)
    begun = time.process_time()
    truth = prove_truth(article, NOWHERE, DAY, script, selection)

    assert time.process_time() - begun < 3
    assert truth.findings == ()
    assert truth.spoken_facts >= 3 * 2000
