"""`proof.html`: a proof as a person reads it, complete in one file that asks nobody for anything.

The verdict comes first; then each master's picture with what was found in it, and its figures; then the
truth: what of the article is not spoken, and why.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote

from markupsafe import Markup

from morning_edition import __version__
from morning_edition.outlets.characters import clean, shorten
from morning_edition.outlets.times import clock, seconds_of
from morning_edition.outlets.typeset import typeset
from morning_edition.proof import LeftOutFact, MasterFigures, Proof
from morning_edition.proof.figures import Figure, list_figures
from morning_edition.proof.marks import Mark
from morning_edition.proof.picture import draw_master
from morning_edition.proof.record import (
    RECORD_NAME,
    REPORT_NAME,
    parse_proof,
    render_proof_json,
    tell_verdict,
)

NO_PLACES: Mapping[str, str] = MappingProxyType({})

MASTER_NAMES = {"podcast": "Podcast", "flash": "Flash briefing"}

LONGEST_TEXT = 1000
"""Characters of a finding; `proof.json` has it whole."""
LONGEST_TITLE = 200

TOLD_FAILURES = 12
"""That the page names at its top."""

LEAD_MS = 1000
"""How long before a finding it is listened to from."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding as the page lists it."""

    number: int
    severity: str
    master: str
    check: str
    text: str
    time: str
    """Empty where it is of the whole."""
    sound: str
    """Where it can be heard, and is marked in a picture; empty where it cannot."""
    row: int


@dataclass(frozen=True, slots=True)
class Section:
    """One master on the page."""

    name: str
    duration: str
    file: str
    """Its address, from the page."""
    picture: Markup
    entries: Sequence[Entry]
    figures: Sequence[Figure]


def render_proof_html(proof: Proof, places: Mapping[str, str] = NO_PLACES) -> str:
    """Write `proof.html`, which stands beside the masters that it tells of.

    *places* has what they are called on disk, by their names; without it, they are called so.
    """
    masters = {master.name: master for master in proof.masters}
    marks = [Mark(number, finding) for number, finding in enumerate(proof.findings, 1)]
    entries = [_list(mark, masters.get(mark.finding.master), places) for mark in marks]
    failures = [entry for entry in entries if entry.severity == "failure"]
    return typeset(
        "proof.html.j2",
        slug=proof.slug,
        title=shorten(clean(proof.title), LONGEST_TITLE) or proof.slug,
        state="passed" if proof.passed else "forced" if proof.forced else "refused",
        verdict=tell_verdict(proof),
        listened=proof.listened,
        failures=failures[:TOLD_FAILURES],
        more_failures=len(failures[TOLD_FAILURES:]),
        general=[entry for entry in entries if entry.master not in masters],
        sections=[
            Section(
                MASTER_NAMES.get(name, name),
                clock(master.duration_ms),
                _address(master, places),
                draw_master(
                    f"master-{place}", master, [mark for mark in marks if mark.finding.master == name]
                ),
                [entry for entry in entries if entry.master == name],
                list_figures(master),
            )
            for place, (name, master) in enumerate(masters.items(), 1)
        ],
        spoken_facts=proof.spoken_facts,
        left_out_facts=len(proof.left_out),
        left_out=_group(proof.left_out),
        record=RECORD_NAME,
        version=__version__,
    )


def _list(mark: Mark, master: MasterFigures | None, places: Mapping[str, str]) -> Entry:
    finding = mark.finding
    start_ms = finding.start_ms
    return Entry(
        mark.number,
        finding.severity,
        finding.master,
        shorten(clean(finding.check), LONGEST_TITLE),
        shorten(clean(finding.text), LONGEST_TEXT),
        "" if start_ms is None else _tell_time(start_ms, finding.end_ms),
        "" if start_ms is None or master is None else _sound_of(master, start_ms, places),
        finding.row,
    )


def _tell_time(start_ms: int, end_ms: int | None) -> str:
    start, end = clock(start_ms), clock(end_ms or start_ms)
    return start if start == end else f"{start}–{end}"


def _sound_of(master: MasterFigures, start_ms: int, places: Mapping[str, str]) -> str:
    return f"{_address(master, places)}#t={seconds_of(max(start_ms - LEAD_MS, 0))}"


def _address(master: MasterFigures, places: Mapping[str, str]) -> str:
    return quote(clean(places.get(master.file, master.file)))


def _group(left_out: Iterable[LeftOutFact]) -> dict[str, dict[str, dict[str, str]]]:
    """Return the places of each fact, by its reason, its kind and its text."""
    groups: dict[str, dict[str, dict[str, str]]] = {}
    for fact in left_out:
        texts = groups.setdefault(fact.reason, {}).setdefault(fact.kind, {})
        text = shorten(clean(fact.text), LONGEST_TITLE)
        texts[text] = f"{texts[text]}, {fact.place}" if text in texts else fact.place
    return groups


__all__ = ["REPORT_NAME", "parse_proof", "render_proof_html", "render_proof_json", "tell_verdict"]
