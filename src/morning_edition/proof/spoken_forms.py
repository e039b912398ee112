"""What a line's spoken form has lost of its written one: numbers are spelled out, but names stay as they are.

Only what can be told surely is a finding: as many numbers as were written must be said somehow, and a name of
plain letters must be heard as it stands.
"""

import re
from collections.abc import Collection, Iterator

from morning_edition.patterns import compile_late
from morning_edition.proof import Finding
from morning_edition.script.script import Line, Script
from morning_edition.script.words import read_words

_NUMBER_WORD = compile_late(
    r"""
    \b(?:
        zero|oh?|nil|nought|love|noon|midnight|one|ones|two|three|four|five|six|seven|eight|nine|ten
      | eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety
      | first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|\w+teenth|\w+tieth
      | (?:half|hal(?:ves)|quarter|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?
      | (?:two|three|four|five|sixe|seven|eight|nine|ten|twelve|twentie|thirtie|fortie|fiftie|sixtie|seventie
          |eightie|ninetie|\w+teen)s
      | hundreds?|thousands?|\w+illions?|hundredths?|thousandths?|\w+illionths?
    )\b | \d+
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PLAIN_NAME = compile_late(r"[A-Z][a-z]{4,}")
_WORDS = compile_late(r"[^\W\d_]+")


def prove_spoken_forms(script: Script, names: Collection[str]) -> Iterator[Finding]:
    """Compare each line's spoken form with its written one; English only, as number words are."""
    if script.language.partition("-")[0].lower() != "en":
        return
    for line in script.lines:
        if line.spoken != line.text:
            yield from _prove_line(line, names)


def _prove_line(line: Line, names: Collection[str]) -> Iterator[Finding]:
    words = read_words(line.text).words
    numbers = [word.shown for word in words if any(sign.isdigit() for sign in word.shown)]
    if numbers and len(_NUMBER_WORD.findall(line.spoken)) < len(numbers):
        told = ", ".join(f"“{number}”" for number in numbers)
        yield _find(line, f"the numbers {told} are written, and fewer are said")
    heard = set(_WORDS.findall(line.spoken.casefold()))
    for word in words:
        if word.name in names and _PLAIN_NAME.fullmatch(word.shown) and word.key not in heard:
            yield _find(line, f"the name “{word.shown}” is written, and not said")


def _find(line: Line, said: str) -> Finding:
    text = f"The spoken form has lost something: {said}: “{line.spoken[:160]}”; write it in other words."
    return Finding("spoken form", "failure", text, row=line.row)
