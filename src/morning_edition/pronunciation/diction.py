"""Diction: how one station's lines are said in one language, from the written line to the utterance."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

from morning_edition.pronunciation.lexicon import Lexicon
from morning_edition.pronunciation.lexicon_file import FILE_NAME, load_lexicon
from morning_edition.pronunciation.utterance import Pronounced, Utterance


@dataclass(frozen=True, slots=True)
class Diction:
    """What decides how lines are said, whatever voice says them."""

    language: str = "en-US"
    """BCP 47."""
    lexicon: Lexicon = field(default_factory=Lexicon)

    def speak(self, written: str) -> str:
        """Return the spoken form of a written line, with the lexicon's names left as they are."""
        from morning_edition.spoken import to_spoken  # not before a line is spoken: it takes 20 ms

        return to_spoken(written, self.language, keep=self.lexicon.keep)

    def utter(self, spoken: str) -> Utterance:
        """Return *spoken* as a voice gets it: names as the lexicon has them, heteronyms told apart."""
        from morning_edition.spoken import find_heteronyms

        named = self.lexicon.find(spoken)
        taken = {place for said in named for place in range(said.start, said.end)}
        told = (
            Pronounced(word.start, word.end, spoken[word.start : word.end], word.ipa)
            for word in find_heteronyms(spoken, self.language)
            if word.start not in taken
        )
        return Utterance(spoken, tuple(sorted((*named, *told), key=lambda said: said.start)))

    def with_answers(self, answers: Iterable[tuple[str, str]]) -> "Diction":
        """Return this diction with *answers*, names and respellings from the copy. Raises `LexiconError`."""
        return replace(self, lexicon=self.lexicon.with_answers(answers))


def load_diction(station: Path, language: str) -> Diction:
    """Return the diction of the station in a folder; one without a lexicon has the built-in names.

    Raises `LexiconError`.
    """
    return Diction(language, load_lexicon(station / FILE_NAME, language))
