"""The Quick Looks that are heard: which lines each has, what it is called, and how it reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from morning_edition.articles.article import QuickLook
from morning_edition.mix.running_order import RunningOrder
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.characters import clean, shorten
from morning_edition.patterns import compile_late
from morning_edition.script.script import Line, Script
from morning_edition.script.wording import ORDINALS

LONGEST_NAME = 60
"""Characters of its first words, by which a Quick Look without a label goes."""

_NUMBER = compile_late(
    rf"(?:And finally|{'|'.join(word.capitalize() for word in ORDINALS)}|\d+(?:st|nd|rd|th))(?:, |[.,:]?$)"
)
"""What counts the Quick Looks aloud, before a label or alone."""


@dataclass(frozen=True, slots=True)
class HeardLook:
    """One Quick Look, as it stands in the script."""

    lines: tuple[int, ...]
    """Their numbers, counted through the whole script."""
    title: str
    """Its label, or its first words."""
    text: str
    """What is heard of it, as it is written: its label, a colon, and the rest."""
    label: str = ""
    """Empty where it has none, and its title are its first words."""


def number_looks(script: Script) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of each Quick Look's lines, in running order."""
    looks: list[list[int]] = []
    number = 0
    for part in script.parts:
        begun = False
        for line in part.lines:
            if part.kind == "quick_looks" and line.opens == "look":
                looks.append([])
                begun = True
            if begun:
                looks[-1].append(number)
            number += 1
    return tuple(map(tuple, looks))


def find_looks(script: Script, quick_looks: Sequence[QuickLook]) -> tuple[HeardLook, ...]:
    """Return the Quick Looks of *script*; *quick_looks* are the article's, whose labels are known by them."""
    labels = {_bare(look.label): clean(look.label).strip() for look in quick_looks if look.label}
    lines = script.lines
    return tuple(_name([lines[at] for at in numbers], numbers, labels) for numbers in number_looks(script))


def _name(lines: Sequence[Line], numbers: tuple[int, ...], labels: Mapping[str, str]) -> HeardLook:
    first, *rest = (clean(line.text).strip() for line in lines)
    uncounted = _NUMBER.sub("", first, count=1) if _NUMBER.match(first) else first
    label = _find_label(first, labels) if rest else ""
    if rest and uncounted != first and len(uncounted) <= LONGEST_NAME:
        label = label or uncounted.rstrip(".:")  # a producer has put another in its place
    said = " ".join(filter(None, rest if label else [uncounted, *rest])) or first
    if not label:
        return HeardLook(numbers, shorten(said, LONGEST_NAME), said)
    return HeardLook(numbers, label, f"{label}{'' if label[-1] in '!?…:' else ':'} {said}", label)


def _find_label(first: str, labels: Mapping[str, str]) -> str:
    """Return the label that the first line of a Quick Look says, whatever words lead up to it."""
    said = f", {_bare(first)}"
    return next((label for bare, label in labels.items() if said.endswith(f", {bare}")), "")


def _bare(label: str) -> str:
    return " ".join(clean(label).split()).rstrip(".:").casefold()


def copy_looks(looks: Sequence[HeardLook], quick_looks: Sequence[QuickLook]) -> tuple[QuickLook, ...]:
    """Return *looks* as pages and show notes print them; *quick_looks* are the article's."""
    extracted = any(look.extracted for look in quick_looks)
    return tuple(
        QuickLook(look.text[len(look.label) :].lstrip(": "), look.label, extracted=extracted)
        for look in looks
    )


def cut_soundbites(looks: Sequence[HeardLook], order: RunningOrder) -> tuple[Chapter, ...]:
    """Return where each of *looks* is heard: from its first line's start to its last line's end."""
    heard = {int(place.piece): place for place in order.takes if place.length}
    bites = []
    for look in looks:
        places = [heard[number] for number in look.lines if number in heard]
        if places:
            start, end = places[0].start, places[-1].end
            bites.append(Chapter(look.title, order.to_ms(start), order.to_ms(end)))
    return tuple(bites)
