"""Parts of a file, as `Range` asks for them (RFC 9110 §14).

A header that follows no rule is ignored, as the RFC has it, and the whole is sent. So is one that asks for
more parts than any player does. Parts that overlap are sent as one, so that nobody is sent more than the file
(§17.15).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_PARTS = 64
ONE_PART = re.compile(r"([0-9]*)-([0-9]*)", re.ASCII)
USUAL = re.compile(r"bytes=([0-9]{1,15})-([0-9]{1,15})", re.ASCII)
LONGEST_NUMBER = 18
"""Digits; a longer number is beyond the end of any file."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file."""

    start: int
    length: int

    def describe(self, size: int) -> str:
        """Return it for `Content-Range`, in a file of *size* bytes."""
        return f"bytes {self.start}-{self.start + self.length - 1}/{size}"


def parse_range(header: str, size: int) -> tuple[Part, ...] | None:
    """Return the parts that *header* asks for of a file of *size* bytes, in the order it asks for them.

    None where it is to be ignored; empty where the file has none of them (416).
    """
    if usual := USUAL.fullmatch(header):  # as nearly all players ask; it is what a busy server does most
        first, last = int(usual[1]), int(usual[2])
        if first <= last:
            return (Part(first, min(last + 1, size) - first),) if first < size else ()
    unit, equals, listed = header.partition("=")
    pieces = [piece.strip(" \t") for piece in listed.split(",")]
    pieces = [piece for piece in pieces if piece]
    if unit.strip(" \t").lower() != "bytes" or not equals or not 0 < len(pieces) <= MOST_PARTS:
        return None
    spans = [_parse_part(piece, size) for piece in pieces]
    if any(span is None for span in spans):
        return None
    parts = [Part(first, end - first) for first, end in filter(None, spans) if first < end]
    return tuple(_join_overlapping(parts))


def _parse_part(piece: str, size: int) -> tuple[int, int] | None:
    """Return where a part begins and ends, the same for one that the file has not; None for nonsense."""
    match = ONE_PART.fullmatch(piece)
    if not match or piece == "-":
        return None
    first, last = ((_number(digits) if digits else None) for digits in match.groups())
    if first is None:
        return max(0, size - (last or 0)), size
    if last is not None and last < first:
        return None
    return min(first, size), size if last is None else min(last + 1, size)


def _number(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return int(digits) if len(digits) <= LONGEST_NUMBER else 10**LONGEST_NUMBER


def _join_overlapping(parts: Sequence[Part]) -> Sequence[Part]:
    """Return *parts* as they are; where any overlap, all in the order of the file and those joined."""
    joined: list[Part] = []
    for part in sorted(parts, key=lambda part: part.start):
        before = joined[-1] if joined else None
        if before and part.start < before.start + before.length:
            end = max(before.start + before.length, part.start + part.length)
            joined[-1] = Part(before.start, end - before.start)
        else:
            joined.append(part)
    return parts if len(joined) == len(parts) else joined
