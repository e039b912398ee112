"""A station's diction: spoken forms that leave the lexicon's names alone, and utterances that say them."""

from pathlib import Path

import pytest

from morning_edition.errors import LexiconError
from morning_edition.pronunciation.diction import Diction, load_diction

NAMES = """\
starter = false

[names]
Latakia = "lah-tah-KEE-ah"
KX9 = "kay-ex-NYN"
Lead = "LEED"
"""


@pytest.fixture
def diction(tmp_path: Path) -> Diction:
    (tmp_path / "lexicon.toml").write_text(NAMES, "utf-8")
    return load_diction(tmp_path, "en-US")


def said(diction: Diction, written: str) -> list[tuple[str, str]]:
    """Return each stretch that is said in a way of its own, and its IPA."""
    line = diction.utter(diction.speak(written))
    return [(line.text[said.start : said.end], said.ipa) for said in line.says]


def test_a_name_of_the_lexicon_is_not_read_as_a_code(diction: Diction) -> None:
    """What the lexicon knows reaches the voice as it is written, and is said as the lexicon has it."""
    assert diction.speak("Flight KX9 left Pad KX10.") == "Flight KX9 left Pad K X ten."
    assert [stretch for stretch, _ in said(diction, "Flight KX9 left.")] == ["KX9"]


def test_names_and_heteronyms_are_said_in_order(diction: Diction) -> None:
    """Both kinds go with the line, whatever order they come in."""
    stretches = [
        stretch for stretch, _ in said(diction, "Workers found lead pipes in Latakia and live wires.")
    ]

    assert stretches == ["lead", "Latakia", "live"]


def test_the_lexicon_decides_before_the_neighbours_do(diction: Diction) -> None:
    """A word that the station has answered is said so, whatever its neighbours tell."""
    (stretch,) = said(diction, "Lead poisoning is on the rise.")

    assert "liːd" in stretch[1].replace("ˈ", "")


def test_another_language_has_no_heteronyms_of_english(tmp_path: Path) -> None:
    """What a language does not bring is left to the voice."""
    german = load_diction(tmp_path, "de-DE")

    assert german.utter("Der Minute lead live close.").says == ()


def test_an_answer_in_the_copy_counts_before_the_lexicon(diction: Diction) -> None:
    """Whoever wrote the article knows best."""
    answered = diction.with_answers([("Latakia", "luh-TAK-ee-uh")])

    assert said(diction, "Latakia.") != said(answered, "Latakia.")


def test_an_answer_that_cannot_be_read_is_named(diction: Diction) -> None:
    """The producer is told which one."""
    with pytest.raises(LexiconError, match="Latakia"):
        diction.with_answers([("Latakia", "/q!!/")])
