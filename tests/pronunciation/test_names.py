"""The names to check: those that nobody answers for, each once, and nothing but names."""

import time

import pytest

from morning_edition.articles import Article, QuickLook, Section
from morning_edition.pronunciation.entries import read_entry
from morning_edition.pronunciation.known_words import is_known
from morning_edition.pronunciation.lexicon import Lexicon
from morning_edition.pronunciation.names import find_names, texts_of


def names_in(*texts: str, answered: dict[str, str] | None = None) -> dict[str, int]:
    """Return the names in *texts*, with their counts, in order."""
    lexicon = Lexicon(tuple(read_entry(name, say) for name, say in (answered or {}).items()))
    return {name.name: name.count for name in find_names(texts, lexicon)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The ferry to Zimbrona left at noon.", {"Zimbrona": 1}),
        ("Zimbrona’s pier, Zimbrona's end and Zimbrona.", {"Zimbrona": 3}),
        ("The mayor, Ana Zimbrona, met Peter Qovar of Lisbon.", {"Ana Zimbrona": 1, "Peter Qovar": 1}),
        ("President Abu Zimbron al-Qovari spoke.", {"Abu Zimbron al-Qovari": 1}),
        ("Ana bint Qovar al Zimbron spoke.", {"Ana bint Qovar al Zimbron": 1}),
        ("They fled Zimbron al-Sham by boat.", {"Zimbron al-Sham": 1}),
        ("On Monday Zimbrona Province voted.", {"Zimbrona": 1}),
        ("In Zimbrona they wait. However, Zimbrona waits.", {"Zimbrona": 2}),
        ("Peter Qovar spoke. Mr. Qovar left. Qovar’s car stood there.", {"Peter Qovar": 3}),
        ("Spain's Zimbrona lost.", {"Zimbrona": 1}),
        ("Lt. Gen. Bo Day met Ltjg. Ana Zimbrona.", {"Ana Zimbrona": 1}),
        ("Old Bridge Near Zimbrona Falls After Long Winter Storm", {"Zimbrona": 1}),
        ("qovar is written small, and Qovar is not.", {}),
        ("Airbases, cyberattacks, co-workers, Re-elected, Stopped, Colour, Organisations.", {}),
        ("Write to qovar@zimbrona.org or see www.zimbrona.org; @qovar #Zimbrona Q4 F16X.", {}),
        ("Henry VIII, World War II, an XVII century.", {}),
        ("", {}),
    ],
)
def test_names_are_found_as_a_reader_would_name_them(text: str, names: dict[str, int]) -> None:
    """In full where they stand in full, without titles before and common words behind."""
    assert names_in(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The QZAF met. The QZAF voted.", {"QZAF": 2}),
        ("The Zimbrona Front (ZQF) fell.", {"Zimbrona": 1, "ZQF": 1}),
        ("A ZQF spokesman.", {}),
        ("NATO, the IMF, UNICEF and ATACMS.", {}),
        ("ALL OF ZIMBRONA WAITS FOR QZAFI", {}),
    ],
)
def test_acronyms_that_could_be_either_are_asked_about(text: str, names: dict[str, int]) -> None:
    """Long ones that no list has, and short ones that the article introduces; none in a shouted heading."""
    assert names_in(text) == names


def test_an_answered_name_is_not_asked_about_again() -> None:
    """Neither in full nor in part, nor one whose pronouncer stands behind it."""
    text = "Ana Zimbrona met Peter Qovar in Xerkopol (zair-KOH-pol). Xerkopol’s mayor came."

    assert names_in(text) == {"Ana Zimbrona": 1, "Peter Qovar": 1}
    assert names_in(text, answered={"Zimbrona": "zim-BROH-nah"}) == {"Peter Qovar": 1}
    assert names_in(text, answered={"Ana Zimbrona": "AH-nah zim-BROH-nah", "Qovar": "koh-VAR"}) == {}


def test_a_name_comes_with_its_first_sentence() -> None:
    (name,) = find_names(["It rained. The pier of Zimbrona fell. Zimbrona wept."], Lexicon())

    assert (name.sentence, name.kind, name.count) == ("The pier of Zimbrona fell.", "name", 2)


def test_all_of_an_article_is_looked_through() -> None:
    article = Article(
        headline="Aq falls",
        lede="Bq.",
        quick_looks=(QuickLook("Dq.", "Cq"),),
        deep_look=(Section(("Fq.", "Gq."), "Eq"),),
        byline="Hq",
    )

    assert texts_of(article) == ("Bq.", "Cq", "Dq.", "Eq", "Fq.", "Gq.", "Aq falls", "Hq")


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("bridge", True), ("Bridges", True), ("Hama’s", True), ("airbase", True), ("redeploying", True),
        ("counter-offensive", True), ("colour", True), ("organised", True), ("stopped", True),
        ("Müller", True),
        ("Turkish-backed", True), ("cyberattack", True), ("Latakia", False), ("Golani", False),
        ("Abdurrahman", False), ("Zimbrona-backed", False), ("x" * 100_000, False),
    ],
)  # fmt: skip
def test_english_makes_many_words_of_the_dictionary_s(word: str, known: bool) -> None:
    """Inflections, prefixes, compounds and British spellings are no names; foreign names are no compounds."""
    assert is_known(word) == known


@pytest.mark.parametrize("piece", ["Zimbrona ", "al ", "Al-", "A.", "Q’s ", "www.", "x.y", "(Z", "ZQAF "])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begun = time.process_time()
    find_names([(piece * 100_000)[:100_000]], Lexicon())

    assert time.process_time() - begun < 10


@pytest.mark.thorough
def test_many_names_take_linear_time() -> None:
    signs = "abcdefghij"
    words = [f"Q{a}{b}{c}{d}v" for a in signs for b in signs for c in signs for d in signs]
    begun = time.process_time()
    found = find_names(
        [f"{word} Zq{word[1:]}." for word in words] + [f"{word}." for word in words], Lexicon()
    )

    assert len(found) == len(words)
    assert time.process_time() - begun < 10
