"""Pronouncers in copy are found by their sound, and ordinary parentheses are left alone."""

import time

import pytest

from morning_edition.pronunciation.pronouncers import find_pronouncers, without_pronouncers


@pytest.mark.parametrize(
    ("text", "name", "respelling", "left"),
    [
        ("Latakia (lah-tah-KEE-ah), a port", "Latakia", "lah-tah-KEE-ah", "Latakia, a port"),
        ("in Latakia (lah-tah-KEE'-ah)", "Latakia", "lah-tah-KEE'-ah", "in Latakia"),
        ("Latta (LAH'-tah) won", "Latta", "LAH'-tah", "Latta won"),
        ("Homs (pronounced HOHMS) fell", "Homs", "HOHMS", "Homs fell"),
        ("Kyiv [KEE-yiv] held", "Kyiv", "KEE-yiv", "Kyiv held"),
        ("Abu Mohammed al-Golani (goh-LAH-nee)", "Golani", "goh-LAH-nee", "Abu Mohammed al-Golani"),
        ("Mohammed al-Golani (ahl-goh-LAH-nee)", "al-Golani", "ahl-goh-LAH-nee", "Mohammed al-Golani"),
        ("Xi Jinping (shee jin-PING) met", "Xi Jinping", "shee jin-PING", "Xi Jinping met"),
        ("Buttigieg’s (BOO-tuh-jehj) plan", "Buttigieg", "BOO-tuh-jehj", "Buttigieg’s plan"),
        ("Tehran (/tɛhˈrɑːn/) said", "Tehran", "/tɛhˈrɑːn/", "Tehran said"),
        ("Joaquin (wah-KEEN)", "Joaquin", "wah-KEEN", "Joaquin"),
        ("Leicester (LESS-ter)", "Leicester", "LESS-ter", "Leicester"),
        ("Qom (KOHM) fell", "Qom", "KOHM", "Qom fell"),
    ],
)
def test_a_pronouncer_belongs_to_the_name_before_it(text: str, name: str, respelling: str, left: str) -> None:
    """As many words as it spells, or the part behind the hyphen; it is not read out."""
    (found,) = find_pronouncers(text)

    assert (found.name, found.respelling) == (name, respelling)
    assert without_pronouncers(text) == left
    assert found.entry.sounds


@pytest.mark.parametrize(
    "text",
    [
        "signs (left-to-right) of", "the alliance (NATO)", "Smith (D-Md.) said", "growth (year-on-year)",
        "the coalition (US-led) fought", "a force (UN-backed)", "Johnson (R-Texas)", "a group (HTS)",
        "a man (pronounced dead at the scene)", "the party (pro-EU)", "a jet (F-16)", "the virus (COVID-19)",
        "Bob (left) and Ann", "union (EU-wide) rules", "as before (see below)", "Lee (the tall one)",
        "Mohamed (UK-born)", "Ukraine (UK-made)", "Russia (RU-made)", "a stake (10 percent)",
        "(KEE-yiv) alone", "Zoom (ZOOM) fell", "the Bank of Hawaii (BOH)", "a bowen (BOHN)", "Health (DOH)",
        "Kyiv (see the MAP-page)", "no parentheses", "",
    ],
)  # fmt: skip
def test_other_parentheses_stay(text: str) -> None:
    assert find_pronouncers(text) == ()
    assert without_pronouncers(text) == text


@pytest.mark.parametrize("piece", ["(", "(a", "(pronounced ", "(a-B-", "a(b-C)", " ", "x"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begun = time.process_time()
    without_pronouncers((piece * 250_000)[:250_000])

    assert time.process_time() - begun < 10
