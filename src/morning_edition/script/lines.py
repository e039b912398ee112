"""Texts of an article as lines of `script.md`: restyled for the ear, with their place, struck or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from morning_edition.patterns import compile_late
from morning_edition.script.copy_names import part_pronouncers
from morning_edition.script.rendering import strike_text
from morning_edition.script.signs import escape_text
from morning_edition.script.style import (
    Airing,
    Styled,
    drop_glosses,
    leave_out,
    open_up_headline,
    restyle,
)
from morning_edition.script.style.references import ends_in_reference
from morning_edition.spoken import split_sentences

_ENDED = compile_late(r"[.!?…:。！？।။؟۔።][\"'”’»)\]」』]*(?:\[\d{1,3}\])*$")
_GOES_ON = compile_late(r"[,:;—–-][\"'”’»)\]]*$")
FEWEST_WORDS = 4
"""Of a sentence; keywords are shorter."""


class Notation(str):
    """Text that is notation already and must not be escaped again."""

    __slots__ = ()


def end_sentence(phrase: str) -> str:
    """Return *phrase* on one line, with a full stop where it has no end; a colon leads to what comes next."""
    said = " ".join(phrase.split())
    if not said or _ENDED.search(said[-16:]):
        return said
    return (said if ends_in_reference(said) else said.rstrip(",; ")) + "."


def format_line(phrase: str, place: str = "") -> Notation:
    """Write *phrase* as one sentence that comes from *place*, with a full stop where it has no end."""
    return _write(escape_text(end_sentence(phrase)), place)


def _write(text: str, place: str) -> Notation:
    return Notation(text + (f" ^{place}" if place else ""))


@dataclass(frozen=True)
class LineWriter:
    """Writes an article's texts as lines; what is cut stands there struck, with the reason."""

    airing: Airing
    cuts: Mapping[str, str] = field(default_factory=dict)
    """What is not read, by its place: the reason."""
    says: dict[str, str] = field(default_factory=dict)
    """How the copy says its names; filled as the texts are written."""
    glosses: set[str] = field(default_factory=set)
    """The short forms that were told already: HTS."""

    def line(self, phrase: str, place: str = "", origin: str = "") -> Notation:
        """Write *phrase* as one sentence; *origin* is the place to note, where it is another than *place*."""
        phrase = self.hear_names(phrase)
        if place in self.cuts:
            return _write(strike_text(end_sentence(phrase), self.cuts[place]), origin or place)
        return format_line(phrase, origin or place)

    def headline(self, phrase: str, place: str = "") -> Notation:
        """Write a headline, opened up: one line or more."""
        opened = open_up_headline(" ".join(self.hear_names(phrase).split()), self.airing)
        return Notation("\n".join(self.line(sentence, place) for sentence in split_sentences(opened)))

    def sentences(self, text: str, place: str = "", origin: str = "") -> Notation:
        """Write each sentence of *text* on a line of its own."""
        text, noted = self.hear_names(text), origin or place
        sentences = [end_sentence(sentence) for sentence in split_sentences(text)]
        if place in self.cuts:
            struck = (strike_text(sentence, self.cuts[place]) for sentence in sentences)
            return Notation("\n".join(_write(row, noted) for row in struck))
        _, unread = leave_out(sentences, self.airing)
        rows = [strike_text(part.text, f"{part.reason}, which is not read aloud") for part in unread]
        if self.airing.style.parentheses:
            sentences, told = drop_glosses(sentences, self.glosses)
            rows += [strike_text(part.text, part.reason) for part in told]
        rows += _write_styled(restyle(sentences, self.airing))
        return Notation("\n".join(_write(row, noted) for row in rows))

    def strike(self, text: str, reason: str, place: str = "") -> Notation:
        """Write *text* as one line that is not read, for *reason*."""
        return _write(strike_text(end_sentence(self.hear_names(text)), reason), place)

    def strike_sentences(self, texts: Iterable[str], reason: str, place: str = "") -> Notation:
        """Write, struck, those of *texts* that are sentences; nobody misses a word or two."""
        said = (
            text for text in texts if len(text.split()) >= FEWEST_WORDS and _ENDED.search(text.strip()[-8:])
        )
        return Notation("\n".join(self.strike(text, reason, place) for text in said))

    def hear_names(self, text: str) -> str:
        """Take pronouncers out of *text*, and keep what they say."""
        plain, names = part_pronouncers(text)
        for name, said in names:
            self.says.setdefault(name, said)
        return plain


def _write_styled(lines: list[Styled]) -> list[str]:
    rows = []
    for index, line in enumerate(lines):
        goes_on = index + 1 < len(lines) and _GOES_ON.search(line.text[-8:])
        text = " ".join(line.text.split()) if goes_on else end_sentence(line.text)
        rows.append((f"[{line.role}] " if line.role else "") + escape_text(text))
    return rows
