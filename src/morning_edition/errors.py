"""The ways this program can fail: one class for each different thing that the user would do about it.

MorningEditionError
├── StationError   mend station.toml
├── ArticleError   mend or replace the article
├── LexiconError   mend lexicon.toml, or a pronunciation in it
├── ScriptError    mend script.md or the script's template
├── VoiceError     choose another voice, or mend what it lacks
│   └── VoiceBusyError   try the same line again, a little later
├── AudioError     replace a jingle, or change a sound setting
├── EpisodeError   mend or remove an episode's folder
├── BusyError      wait for another process to end, or end it
├── FetchError     check an address, or try again later
├── PublishError   mend the target or what it asks for, and publish again
│   └── ConflictError   find out what somebody else has published there
├── ServeError     choose another port or host for `serve`
└── ProofError     mend what the proof found, or publish in spite of it
"""

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from morning_edition.proof import Proof


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


class BusyError(MorningEditionError):
    """Another process is at work on the station."""


class FetchError(MorningEditionError):
    """An address could not be fetched, or must not be.

    *status* is what the server answered (HTTP), 0 where it gave no answer; *wait_s* is how long it asks to be
    left alone, in seconds, 0 where it does not say.
    """

    def __init__(self, message: str, *, status: int = 0, wait_s: float = 0.0) -> None:
        super().__init__(message)
        self.status = status
        self.wait_s = wait_s

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it pass from one process to another, with what the server said."""
        return functools.partial(FetchError, status=self.status, wait_s=self.wait_s), self.args

    @property
    def gone(self) -> bool:
        """Whether the server says that nothing will ever be there again (HTTP 410)."""
        return self.status == 410


class PublishError(MorningEditionError):
    """The site could not be sent to where listeners fetch it; what they had, they still have."""


class ConflictError(PublishError):
    """Somebody else publishes to the same place."""


class ServeError(MorningEditionError):
    """The site cannot be served where it was asked to be."""


class ProofError(MorningEditionError):
    """An episode was made, and the proof refuses to have it published."""

    def __init__(self, proof: "Proof", folder: "Path", script: "Path | None", trouble: str = "") -> None:
        """Refuse what *proof* is of; *trouble* says why it could not be kept in *folder*."""
        self.proof = proof
        self.folder = None if trouble else folder
        """Where it is kept, with its report; None where it could not be."""
        count = len(proof.failures)
        report = f"{folder}: cannot be written: {trouble}" if trouble else f"see {folder / 'proof.html'}"
        mend = f"edit {script} or what is at fault" if script else "mend what is at fault"
        super().__init__(
            f"{proof.slug} is not published: the proof found {count} failure{'s' if count > 1 else ''}; "
            f"{report}; {mend} and make it again, or publish it as it is with --force"
        )
