"""The ways this program can fail: one class for each different thing that the user would do about it.

MorningEditionError
├── StationError   mend station.toml
├── ArticleError   mend or replace the article
├── LexiconError   mend lexicon.toml, or a pronunciation in it
├── ScriptError    mend script.md or the script's template
├── VoiceError     choose another voice, or mend what it lacks
│   └── VoiceBusyError   try the same line again, a little later
├── AudioError     replace a jingle, or change a sound setting
└── EpisodeError   mend or remove an episode's folder
"""

import functools
from typing import Any


class MorningEditionError(Exception):
    """Base of them all: the message is one line that names the thing at fault and the way out."""


class StationError(MorningEditionError):
    """The station's settings cannot be used as they stand."""


class ArticleError(MorningEditionError):
    """What was given is not an article that can be read."""


class LexiconError(MorningEditionError):
    """A lexicon, or a pronunciation in it, cannot be used; the message says where."""


class ScriptError(MorningEditionError):
    """The script, or the template that writes it, is broken; the message says where."""


class VoiceError(MorningEditionError):
    """A voice is unknown, cannot be used here, or gave up."""


class VoiceBusyError(VoiceError):
    """A voice gave up on a line for a cause that may pass: too many requests, a broken connection.

    *wait_s* is how long it asks to be left alone, in seconds; 0 where it does not say. *paid* tells that
    the service has answered, and charges for it.
    """

    def __init__(self, message: str, *, wait_s: float = 0.0, paid: bool = False) -> None:
        super().__init__(message)
        self.wait_s = wait_s
        self.paid = paid

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it pass from one process to another, with its wait."""
        return functools.partial(VoiceBusyError, wait_s=self.wait_s, paid=self.paid), self.args


class AudioError(MorningEditionError):
    """A sound cannot be read, mixed or encoded."""


class EpisodeError(MorningEditionError):
    """An episode's folder is damaged or cannot be written."""
