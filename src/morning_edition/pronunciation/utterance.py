"""A line on its way to a voice: its spoken form, and what in it is said otherwise than it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pronounced:
    """How one stretch of an utterance is said; a voice takes the most exact form that it understands."""

    start: int
    end: int
    """Characters of the utterance's text, *end* after the last."""
    respelling: str
    """For an engine that takes nothing but text: `lah-tah-kee-ah`. Never empty."""
    ipa: str = ""
    """With stress marks, a space between words; empty where only other words were given."""
    phonemes: tuple[tuple[str, str], ...] = ()
    """Engines and what was given in an engine's own notation: `(("espeak", "l,at@k'i:@"),)`."""

    def phonemes_for(self, engine: str) -> str:
        """Return what was given for *engine* alone, empty where nothing was."""
        return dict(self.phonemes).get(engine, "")


@dataclass(frozen=True, slots=True)
class Utterance:
    """One line, as a voice gets it."""

    text: str
    """The spoken form."""
    says: tuple[Pronounced, ...] = ()
    """What in it is said otherwise than it is written, in order and without overlap."""

    @property
    def respelled(self) -> str:
        """The text with respellings put in, for an engine that takes nothing but text."""
        pieces, at = [], 0
        for said in self.says:
            pieces += [self.text[at : said.start], said.respelling]
            at = said.end
        return "".join([*pieces, self.text[at:]])
