"""Readings: each claims its written forms in a line and says them; what nobody claims is said as it stands.

A reading sees the written line alone, never what another made of it, so that readings are independent and
every spoken word knows the span of written text that it came from. Where two want the same letters, the one
that stands first in its language's list has them.
"""

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from morning_edition.patterns import compile_late

DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Locale:
    """Where a language is spoken, for what differs from place to place."""

    language: str = "en"
    """The primary tag of BCP 47."""
    region: str = "US"

    @classmethod
    def from_tag(cls, tag: str) -> "Locale":
        """Return the locale of a BCP 47 *tag*; a language without a region is spoken at its largest."""
        language, _, rest = tag.replace("_", "-").partition("-")
        regions = [part.upper() for part in rest.split("-") if len(part) == 2]
        return cls(language.lower() or "en", regions[-1] if regions else "US")

    @property
    def is_american(self) -> bool:
        """Whether months come before days, and "and" is not said in numbers."""
        return self.region in ("US", "PR", "PH", "LR")


Say = Callable[["re.Match[str]", Locale], str | None]
"""From one match to its spoken form; None where it is not what it looked like.

It may look around in `match.string`.
"""


@dataclass(frozen=True)
class Reading:
    """One written form, and how it is said."""

    name: str
    source: str
    """Its pattern, in the verbose syntax of `re`."""
    say: Say
    needs: frozenset[str] = frozenset()
    """A line without any of these characters cannot hold the form; empty where any line may."""
    cue: str = ""
    """A short pattern; a line without it cannot hold the form either."""
    flags: int = 0
    """Of `re`."""

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled pattern; most lines hold few forms, and a short run never needs them all."""
        return re.compile(self.source, re.VERBOSE | self.flags)

    @functools.cached_property
    def _compiled_cue(self) -> re.Pattern[str]:
        return re.compile(self.cue)

    def may_stand_in(self, line: str, signs: frozenset[str]) -> bool:
        """Tell whether *line*, made of *signs*, may hold the form, by a look that costs little."""
        if self.needs and self.needs.isdisjoint(signs):
            return False
        return not self.cue or self._compiled_cue.search(line) is not None


def make_reading(
    name: str, pattern: str, say: Say, *, needs: Iterable[str] = "", cue: str = "", flags: int = 0
) -> Reading:
    """Return the reading of *pattern*, which is written in the verbose syntax of `re`."""
    return Reading(name, pattern, say, frozenset(needs), cue, flags)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """One word as the voice gets it, marks and all."""

    text: str
    start: int
    """Where the written text that it comes from begins."""
    end: int


@dataclass(frozen=True, slots=True)
class Spoken:
    """One line, written and spoken."""

    written: str
    words: tuple[SpokenWord, ...]

    @property
    def text(self) -> str:
        """What the voice gets."""
        return " ".join(word.text for word in self.words)


class _Part(NamedTuple):
    """A stretch of the line: claimed, or said as it stands."""

    said: str
    start: int
    end: int
    claimed: bool


_SAME = str.maketrans(
    {
        **dict.fromkeys(
            "\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003\u2004\u2005\u2006\u3000\t\v\f\r\n\u2028\u2029\x85\0",
            " ",
        ),
        **dict.fromkeys("\u2019\u02bc\u2018\u201b\uff07", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2212\ufe63\uff0d", "-"),
        "\u2044": "/",
        "\uff05": "%",
        "\u066a": "%",
        **{chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966, 0xFF10) for digit in range(10)},
    }
)
"""Signs that differ to the eye alone: readings need to know but one of them. Lengths stay as they are."""

_INVISIBLE = "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069"
_ACCENTS = "\u0300-\u036f"
_LIGATURES = "\ufb00-\ufb06"
_UNEVEN = compile_late(f"[{_INVISIBLE}{_ACCENTS}{_LIGATURES}]|  ")
_LETTER = compile_late(
    f" (?= )|(?P<ligature>[{_LIGATURES}])|(?P<letter>[^{_INVISIBLE}][{_ACCENTS}]{{0,8}})|.", re.DOTALL
)
"""A letter with the accents that stand behind it; a space before another, or a sign that nobody sees."""

_TOKEN = compile_late(r"\S+")
_CLINGS = compile_late(r"[,;:.!?…)\]}%]+$")


def read_line(written: str, readings: Iterable[Reading], locale: Locale) -> Spoken:
    """Return the spoken form of one line; *readings* in the order of their rights."""
    line, places = _even_out(written.translate(_SAME))
    words = _join(_parts(line, _claim(line, readings, locale)))
    return Spoken(
        written, tuple(SpokenWord(word.text, places[word.start], places[word.end]) for word in words)
    )


def _even_out(line: str) -> tuple[str, Sequence[int]]:
    """Put letters and their accents together, part ligatures, and drop what nobody sees.

    Return where each letter stood, too.
    """
    if not _UNEVEN.search(line):
        return line, range(len(line) + 1)
    letters: list[str] = []
    places: list[int] = []
    for match in _LETTER.finditer(line):
        form: Literal["NFKC", "NFC"] = "NFKC" if match["ligature"] else "NFC"
        letter = unicodedata.normalize(form, match.group()) if match.lastgroup else ""
        letters.append(letter)
        places += [match.start()] * len(letter)
    return "".join(letters), [*places, len(line)]


def _claim(line: str, readings: Iterable[Reading], locale: Locale) -> list[_Part]:
    claims: list[_Part] = []
    signs = frozenset(line)
    taken = bytearray(len(line))
    for reading in readings:
        if not reading.may_stand_in(line, signs):
            continue
        at = 0
        while match := reading.pattern.search(line, at):
            start, end = match.span()
            if (other := taken.find(1, start, end)) >= 0:
                at = taken.find(0, other)
                if at < 0:
                    break
                continue
            at = max(end, start + 1)
            if start < end and (said := reading.say(match, locale)) is not None:
                claims.append(_Part(said, start, end, claimed=True))
                taken[start:end] = b"\1" * (end - start)
    return sorted(claims, key=lambda part: part.start)


def _parts(line: str, claims: list[_Part]) -> Iterator[_Part]:
    """Return all of *line*, claimed or not, in order."""
    at = 0
    for claim in claims:
        if at < claim.start:
            yield _Part(line[at : claim.start], at, claim.start, claimed=False)
        yield claim
        at = claim.end
    if at < len(line):
        yield _Part(line[at:], at, len(line), claimed=False)


def _join(parts: Iterable[_Part]) -> Iterator[SpokenWord]:
    """Cut the parts into words; what meets without a space is one word, unless letters would run together."""
    word: list[str] = []
    start = end = 0
    apart = True
    for part in parts:
        for token in _TOKEN.finditer(part.said):
            text = token.group()
            meets = not apart and token.start() == 0
            if word and not (
                _CLINGS.match(text) or (meets and not (word[-1][-1].isalnum() and text[0].isalnum()))
            ):
                yield SpokenWord("".join(word), start, end)
                word = []
            if not word:
                start = part.start if part.claimed else part.start + token.start()
            word.append(text)
            end = part.end if part.claimed else part.start + token.end()
        if part.said:
            apart = part.said[-1].isspace()
    if word:
        yield SpokenWord("".join(word), start, end)
