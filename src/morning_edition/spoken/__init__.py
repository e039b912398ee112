"""Written language to its spoken form."""

from morning_edition.spoken.form import find_heteronyms, speak_line, to_spoken
from morning_edition.spoken.reading import Spoken, SpokenWord
from morning_edition.spoken.sentences import split_sentences

__all__ = ["Spoken", "SpokenWord", "find_heteronyms", "speak_line", "split_sentences", "to_spoken"]
