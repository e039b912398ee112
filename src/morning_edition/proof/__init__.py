"""The gate between master and publish: is every line there, whole, audible, level, and true to the article.

Each room of the proof looks at one side and gives findings; this module holds the words they share.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["failure", "warning"]
"""A failure keeps an episode from being published; a warning is told and published."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the proof found, where it is, and what to do about it."""

    check: str
    """What was looked for, in a word or two: `loudness`, `dead air`, `line cut short`."""
    severity: Severity
    text: str
    """One sentence: the value, the limit, and the way out."""
    master: str = ""
    """The master it was heard in: `podcast` or `flash`; empty where it is of the script or the folder."""
    start_ms: int | None = None
    """Where it is heard, counted from the master's start; None where it is of the whole."""
    end_ms: int | None = None
    row: int = 0
    """Which row of `script.md` it is about; 0 where it is about none."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a master that the report shows by name: a chapter, or one line."""

    title: str
    start_ms: int
    end_ms: int
    row: int = 0


@dataclass(frozen=True, slots=True)
class MasterFigures:
    """One master, as it was measured on its decoded file."""

    name: str
    """`podcast` or `flash`."""
    file: str
    duration_ms: int
    target_lufs: float
    ceiling_dbtp: float
    loudness_lufs: float
    range_lu: float
    true_peak_dbtp: float
    momentary_max_lufs: float
    offset: float
    """The mean of its samples, full scale at 1.0, of the channel where it is largest."""
    bandwidth_hz: int
    """Up to where its sound reaches: the highest band that is less than 50 dB under the strongest."""
    peaks: tuple[float, ...]
    """The waveform: the highest amplitudes of at most 2,000 stretches of equal length."""
    short_term_lufs: tuple[float | None, ...]
    """Short-term loudness (3 s), once a second; None for silence."""
    segments: tuple[Span, ...]
    """Its chapters."""
    lines: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class LeftOutFact:
    """A number, name, date, quotation or percentage of the article that is not spoken, and why."""

    kind: str
    """`number`, `name`, `date`, `quotation` or `percentage`."""
    text: str
    place: str
    """Where it stands in the article: `look-2`, `deep-1-3`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The script held against its article."""

    findings: tuple[Finding, ...]
    spoken_facts: int
    """How many numbers, names, dates, quotations and percentages of the article are spoken."""
    left_out: tuple[LeftOutFact, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """All that is known of an episode before it may be published."""

    slug: str
    title: str
    masters: tuple[MasterFigures, ...]
    findings: tuple[Finding, ...]
    """In the order of the programme; those of the whole first."""
    spoken_facts: int
    left_out: tuple[LeftOutFact, ...]
    listened: bool
    """Whether a recogniser listened to each line."""
    forced: bool = False
    """Whether it was published in spite of its failures."""

    @property
    def failures(self) -> tuple[Finding, ...]:
        """What keeps it from being published."""
        return tuple(finding for finding in self.findings if finding.severity == "failure")

    @property
    def passed(self) -> bool:
        """Whether it may be published."""
        return not self.failures
