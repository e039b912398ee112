"""What no voice can say never reaches one, and no line takes longer than its length deserves."""

import random
import re
import time

import pytest

from morning_edition.spoken import to_spoken

UNSPEAKABLE = re.compile(r"[\d$€£¥%&@#°=+<>|~^_\\/*²³½¼¾]")
PIECES = """
1 5 12 100 1,234 3.5 .5 2024 007 1/2 ½ ³ ² $ £ € ¢ C$ US$ USD % pct bps km m ft in kg ' " ° C F - – — / \\
x × + = < > ~ @ # a A F-16 B2 and the million bn k p c ( ) [ ] . , ; : ! ? … & * _ | ^ 😀 ❤️ 🇺🇸 1️⃣ example.com
www. http:// a@b.co #MeToo @you é α Ω ٣ １ Ⅳ ₂ № § © St. Jan. 5pm 19:30 '80s 1990s 3rd No. U.S. 日本 ℃ ① ‰ µ
""".split()
HOSTILE = (
    "1",
    "1-",
    "1,",
    "1.",
    "$1-",
    "1 1/2 ",
    "1x",
    "A-",
    "A1",
    "a.",
    "@",
    "#a",
    "+1 ",
    "(",
    "-=",
    "—",
    "1°",
    '1"',
    "😀",
    "1km ",
    "é",
    " ",
)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("language", ["en-US", "en-GB"])
def test_no_digit_and_no_sign_reaches_the_voice(seed: int, language: str) -> None:
    """Whatever the pieces of a line, and however they run together, all of it can be said."""
    dice = random.Random(seed)
    for _ in range(500):
        written = "".join(dice.choice(PIECES) + dice.choice(("", "", " ")) for _ in range(dice.randint(1, 8)))
        spoken = to_spoken(written, language)
        assert not UNSPEAKABLE.search(spoken), f"{written!r} is said {spoken!r}"


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_line_takes_no_longer_than_its_length_deserves(piece: str) -> None:
    """30,000 characters take less than a second; a pattern that looks back over all of them takes minutes."""
    line = piece * (30_000 // len(piece))
    began = time.process_time()
    to_spoken(line)
    assert time.process_time() - began < 20


def test_a_line_of_nothing_but_signs_is_silent() -> None:
    """A rule between paragraphs is not read."""
    assert to_spoken("* * *") == ""
    assert to_spoken("-----") == ""
    assert to_spoken("") == ""
