"""What is said of a podcast's feed and files, the way directories and apps see them."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that was seen, as a clause: what is so, whose rule it is against, and the way out."""

    text: str
    kind: Literal["refused", "skipped", "note"]


def refuse(text: str) -> Remark:
    """Say what a directory or an app would refuse, or spoil."""
    return Remark(text, "refused")


def skip(text: str) -> Remark:
    """Say what is passed over."""
    return Remark(text, "skipped")


def advise(text: str) -> Remark:
    """Say what is taken, and would be better otherwise; or what was not looked at."""
    return Remark(text, "note")
