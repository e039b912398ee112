"""Reels: the stretches of a programme between two rests, each mixed and encoded on its own."""

import dataclasses
import itertools
from collections.abc import Callable
from dataclasses import dataclass

from morning_edition.files import sha256_of
from morning_edition.mix.running_order import Placement, RunningOrder


@dataclass(frozen=True, slots=True)
class Reel:
    """One stretch; times in frames."""

    start: int
    """In the programme."""
    length: int
    placements: tuple[Placement, ...]
    """What is heard in it, counted from its own start."""

    @property
    def end(self) -> int:
        """The frame after its last."""
        return self.start + self.length


def cut_reels(order: RunningOrder) -> tuple[Reel, ...]:
    """Cut the programme where its running order allows."""
    reels = []
    for start, end in itertools.pairwise([*order.cuts, order.length]):
        inside = tuple(
            dataclasses.replace(place, start=place.start - start)
            for place in order.placements
            if start <= place.start < end and place.length
        )
        reels.append(Reel(start, end - start, inside))
    return tuple(reels)


def key_reel(reel: Reel, name_sound: Callable[[str | int], str]) -> str:
    """Return what the reel's sound is kept by: the same wherever in a programme it stands.

    *name_sound* gives a name to a piece of music, or a take, which no other sound has.
    """
    heard = [dataclasses.replace(place, piece=name_sound(place.piece)) for place in reel.placements]
    return sha256_of(repr((reel.length, heard)))
