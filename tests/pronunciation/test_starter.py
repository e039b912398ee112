"""The starter lexicon: each name with a document behind it, and said as that document says."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

import pytest

from morning_edition.pronunciation.cmudict import find_pronunciations
from morning_edition.pronunciation.entries import Entry
from morning_edition.pronunciation.lexicon_file import STARTER, load_lexicon, read_starter
from morning_edition.pronunciation.phonemes import Sound, parse_arpabet

IN_CMUDICT = [entry for entry in read_starter() if entry.source == "CMUdict"]
SAME = {"i": "iː", "ɪ": "iː", "ə": "ʌ", "ɒ": "ɑː", "ɔː": "ɑː", "ʊ": "uː"}
"""Sounds that a respelling cannot tell apart, or that Americans do not."""


def test_the_starter_is_a_lexicon_like_any_other() -> None:
    """Its lines are so plain that no parser reads them; one of TOML finds the same in them."""
    parsed = load_lexicon(STARTER, "en-GB", with_starter=False)

    assert read_starter() == parsed.entries


def test_each_name_has_a_document() -> None:
    """A few hundred names; where each one's pronunciation was found is a work, a page, or a person."""
    entries = read_starter()

    assert len(entries) >= 250
    for entry in entries:
        assert entry.source[:1].isupper() or entry.source.startswith(("placesbook", "toIPA")), entry.name
        assert not re.search(r"usage|memory|unknown", entry.source, re.IGNORECASE), entry.name


@pytest.mark.parametrize("entry", IN_CMUDICT, ids=lambda entry: entry.name)
def test_what_is_said_to_be_from_cmudict_is(entry: Entry) -> None:
    """Word by word, in one of the ways that the dictionary gives, and with a main stress that it has."""
    phones, stressed = hear(entry.sounds)
    ways = list(read_cmudict(entry.name))

    assert phones in [way for way, _ in ways]
    assert any(stressed & there for way, there in ways if way == phones)


def read_cmudict(name: str) -> Iterator[tuple[list[str], set[int]]]:
    """Yield each way in which CMUdict has the words of *name*, whose accents it writes without."""
    plain = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    for ways in itertools.product(*map(find_pronunciations, re.split(r"[ -]", plain))):
        yield hear(tuple(itertools.chain.from_iterable(map(parse_arpabet, ways))))


def hear(sounds: tuple[Sound, ...]) -> tuple[list[str], set[int]]:
    """Return what tells one way from another: the sounds, and where among them a main stress is."""
    phones: list[str] = []
    stressed = set()
    for phone, stress in sounds:
        for part in ("ʌ", "r") if phone in ("ɝ", "ɚ") else (SAME.get(phone, phone).strip(),):
            if part and phones[-1:] != [part]:
                phones.append(part)
            if stress == 1 and part != "r":
                stressed.add(len(phones) - 1)
    return phones, stressed
