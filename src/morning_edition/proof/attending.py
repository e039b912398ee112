"""A listener for a whole master: each line's sound is heard once, and what was heard is kept."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from morning_edition.files import sha256_of
from morning_edition.kept import Kept
from morning_edition.proof import Finding
from morning_edition.proof.decoding import HeardMaster, HeardReel, decode_line
from morning_edition.proof.expected import ExpectedLine
from morning_edition.proof.heard import Heard, HeardWord, is_another, judge_heard
from morning_edition.proof.listening import Listener, Passage, hear_side_by_side

LINES_AT_ONCE = 60
"""Whose sound is in memory at the same time: 60 MB."""
MOST_RECOGNISED = 20
"""Lines that do not fit their own text, of which it is asked whose they say."""


def listen_to_master(
    master: HeardMaster, expected: Mapping[int, ExpectedLine], listener: Listener, kept: Kept
) -> tuple[Finding, ...]:
    """Return what is wrong with the lines of *master*, as they are heard; *expected* by their numbers."""
    keys = {
        number: sha256_of(repr((listener.identity, expected[number].utterance, reel.key, number_in_reel)))
        for reel in master.reels
        for number_in_reel, number in enumerate(reel.lines)
        if number in expected
    }
    heard = {number: found for number, key in keys.items() if (found := _load(kept.load(key)))}
    for batch in _batch(master.reels, [number for number in keys if number not in heard]):
        passages = [_cut(master, number, expected) for number in batch]
        for number, found in zip(batch, hear_side_by_side(passages), strict=True):
            heard[number] = found
            kept.store(keys[number], json.dumps(asdict(found)).encode())
    lines = [expected[number] for number in keys]
    found_instead = _recognise(master, expected, heard, listener)
    return judge_heard(lines, [heard[number] for number in keys], found_instead)


def _batch(reels: Sequence[HeardReel], wanted: Sequence[int]) -> list[list[int]]:
    """Cut the lines that are to be heard into batches, in the order of the programme."""
    order = [number for reel in reels for number in reel.lines if number in set(wanted)]
    return [order[at : at + LINES_AT_ONCE] for at in range(0, len(order), LINES_AT_ONCE)]


def _cut(master: HeardMaster, number: int, expected: Mapping[int, ExpectedLine]) -> Passage:
    samples = decode_line(master.pressed, number)
    return Passage(expected[number], samples, master.pressed.form.sample_rate_hz)


def _recognise(
    master: HeardMaster,
    expected: Mapping[int, ExpectedLine],
    heard: Mapping[int, Heard],
    listener: Listener,
) -> dict[ExpectedLine, ExpectedLine]:
    """Return which line's text is said in place of one that does not fit its own."""
    unfit = [number for number, one in heard.items() if is_another(one)]
    instead = {}
    for number in unfit[:MOST_RECOGNISED]:
        others = [line for other, line in expected.items() if other != number]
        if found := listener.recognise(_cut(master, number, expected), others):
            instead[expected[number]] = found
    return instead


def _load(content: bytes | None) -> Heard | None:
    """Return what was kept; None where nothing is, or it was kept by another version."""
    try:
        record = json.loads(content or b"")
        words, gaps = (tuple(HeardWord(**word) for word in record[name]) for name in ("words", "gaps"))
        return Heard(record["aligned"], words, gaps)
    except (ValueError, TypeError, KeyError):
        return None
