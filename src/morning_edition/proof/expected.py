"""One line of the script as it should be heard in a master, and the words that findings name it by."""

from dataclasses import dataclass

from morning_edition.outlets.times import clock
from morning_edition.pronunciation.utterance import Utterance

FIRST_WORDS = 5
WAY_OUT = (
    "Listen there; if it is wrong, reword the row or choose another voice (or empty .cache/takes to have it "
    "spoken anew), and produce again."
)
"""What can be done about any line that was found wrong."""


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line, and where in a master it is to be heard."""

    utterance: Utterance
    """Its spoken form, with what in it is said otherwise than it is written."""
    start_ms: int
    """Counted from the master's start, where its take was laid."""
    end_ms: int
    voice: str = ""
    """The voice's identity; lines of one voice are held against each other."""
    row: int = 0
    """Which row of `script.md` it stands on; 0 where it comes from none."""
    rate: float = 1.0
    """The pace that its voice was asked for; see `Delivery`."""
    under_music: bool = False
    """Whether a bed or a jingle is heard at the same time."""
    take_ms: int = 0
    """How long its take was when it was laid; 0 where that is not known."""
    master: str = ""
    """`podcast` or `flash`."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words of its spoken form that hold a letter or a digit."""
        return tuple(word for word in self.utterance.text.split() if any(map(str.isalnum, word)))


def name_line(line: ExpectedLine) -> str:
    """Return what a finding calls *line*: its time, its row and its first words."""
    words = line.utterance.text.split()
    shown = " ".join(words[:FIRST_WORDS]) + ("…" if len(words) > FIRST_WORDS else "")
    row = f", row {line.row} of script.md" if line.row else ""
    return f"The line at {clock(line.start_ms)}{row}, “{shown}”,"
