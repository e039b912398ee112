"""Written English to its spoken form."""

from morning_edition.spoken.form import to_spoken
from morning_edition.spoken.sentences import split_sentences

__all__ = ["split_sentences", "to_spoken"]
