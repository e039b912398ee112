"""An utterance as eSpeak takes it: phonemes in double brackets, and where in the text each word came from."""

import bisect
import re
from collections.abc import Iterable
from dataclasses import dataclass

from morning_edition.pronunciation.mnemonics import write_mnemonics
from morning_edition.pronunciation.phonemes import parse_ipa
from morning_edition.voices import Pronounced, Utterance
from morning_edition.voices.espeak.speak_lib import Mark

_UNSAFE = re.compile(r"\[\[|\]\]|\0")


@dataclass(frozen=True, slots=True)
class EngineInput:
    """What the engine gets in place of an utterance's text."""

    text: str
    starts: tuple[int, ...]
    """Where in it each piece begins, in order."""
    places: tuple[int, ...]
    """Where in the utterance's text each piece begins."""
    fixed: tuple[bool, ...]
    """Whether all of the piece stands for that one place: it is in phonemes."""

    def place(self, marks: Iterable[Mark]) -> list[Mark]:
        """Return *marks* with positions in the utterance's text."""
        return [Mark(self._find_place(mark.position), mark.frame) for mark in marks]

    def _find_place(self, position: int) -> int:
        piece = max(bisect.bisect_right(self.starts, position) - 1, 0)
        within = 0 if self.fixed[piece] else position - self.starts[piece]
        return self.places[piece] + within


def write_input(line: Utterance, *, british: bool = False) -> EngineInput:
    """Put *line*'s pronunciations in as phonemes, or other words where it has none."""
    pieces: list[tuple[str, int, bool]] = []
    at = 0
    for said in line.says:
        pieces.append((_make_plain(line.text[at : said.start]), at, False))
        # Brackets right behind a quotation mark or a parenthesis are not seen.
        glue = "" if line.text[: said.start][-1:] in ("", " ", "-") else " "
        pieces += _write_stretch(line.text, said, glue, british=british)
        at = said.end
    pieces.append((_make_plain(line.text[at:]), at, False))
    starts, position = [], 0
    for text, _, _ in pieces:
        starts.append(position)
        position += len(text)
    return EngineInput(
        "".join(text for text, _, _ in pieces),
        tuple(starts),
        tuple(place for _, place, _ in pieces),
        tuple(fixed for _, _, fixed in pieces),
    )


def _write_stretch(text: str, said: Pronounced, glue: str, *, british: bool) -> list[tuple[str, int, bool]]:
    """Return the pieces for one stretch, one a word; words beyond those written share their places."""
    places = [said.start + match.start() for match in re.finditer(r"\S+", text[said.start : said.end])]
    if not places:  # nothing stands there that could be said in another way
        return [(_make_plain(text[said.start : said.end]), said.start, False)]
    phonemes = said.phonemes_for("espeak") or (
        write_mnemonics(parse_ipa(said.ipa), british=british) if said.ipa else ""
    )
    words = [f"[[{word}]]" for word in phonemes.split()] if phonemes else _make_plain(said.respelling).split()
    spread = [places[min(at * len(places) // len(words), len(places) - 1)] for at in range(len(words))]
    return [
        (f"{' ' if at else glue}{word}", place, True)
        for at, (word, place) in enumerate(zip(words, spread, strict=True))
    ]


def _make_plain(text: str) -> str:
    """Take away what is not for reading: brackets that would be phonemes, a NUL that would be the end."""
    return _UNSAFE.sub(lambda match: " " * len(match[0]), text)
