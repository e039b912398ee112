"""One line read: cut where its engine takes no more, joined again, and looked at before it counts."""

import dataclasses
import pickle
import signal
from collections.abc import Sequence

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Speech, Utterance, Voice
from morning_edition.voices.cutting import cut_utterance, pause_after

SOFTEST = 32
"""Of 32767: -60 dBFS. What has no louder sample is silence."""
SHORTEST_S_PER_LETTER = 0.015
"""Twice as fast as the fastest setting of a voice: what is shorter has lost its end."""
LONGEST_S = 20.0
LONGEST_S_PER_LETTER = 1.0
"""What goes on for longer, over and above `LONGEST_S`, drones or repeats itself."""
LOWEST_RATE_HZ, HIGHEST_RATE_HZ = 8_000, 192_000


def read_line(voice: Voice, line: Utterance) -> Speech:
    """Return *line* as *voice* reads it, in one piece.

    Raises `VoiceBusyError` where it may be better the next time, `VoiceError` where it will not.
    """
    longest = voice.traits.longest_line
    if not longest or len(line.text) <= longest:
        return check_speech(voice, line, voice.speak(line))
    pieces = cut_utterance(line, longest)
    speeches = [check_speech(voice, piece, voice.speak(piece)) for piece in pieces]
    spoken = [pair for pair in zip(pieces, speeches, strict=True) if pair[1].pcm]
    return _join(spoken) if spoken else Speech(b"", voice.traits.sample_rate_hz or LOWEST_RATE_HZ)


def check_speech(voice: Voice, line: Utterance, speech: Speech) -> Speech:
    """Return *speech* where it can be *line*, read aloud; raises as `read_line` does."""
    engine, shown = voice.identity.split()[0], repr(line.text[:60])
    rate_hz, size = speech.sample_rate_hz, len(speech.pcm)
    if not LOWEST_RATE_HZ <= rate_hz <= HIGHEST_RATE_HZ or size % 2:
        raise VoiceError(
            f"{engine} gave {size} bytes at {rate_hz} Hz, which is no sound of 16 bits; use another voice"
        )
    letters = sum(map(str.isalnum, line.text))
    if not letters:
        return speech
    if _is_silent(speech.pcm):
        raise VoiceBusyError(f"{engine} gave no sound for a line: {shown}", paid=True)
    length_s = size / 2 / rate_hz
    if length_s < letters * SHORTEST_S_PER_LETTER:
        raise VoiceBusyError(f"{engine} broke off after {length_s:.1f} s of a line: {shown}", paid=True)
    if length_s > LONGEST_S + letters * LONGEST_S_PER_LETTER:
        raise VoiceError(f"{engine} went on for {length_s:.0f} s with a line: {shown}; use another voice")
    return speech


_voices: dict[str, Voice] = {}
"""In another process: the voices that read there, by identity."""


def begin_worker(packed: bytes) -> None:
    """Take in the voices that read in this process, and leave Control-C to the one that gave the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _voices.update(pickle.loads(packed))  # noqa: S301 - packed by the process that began this one


def read_in_worker(identity: str, line: Utterance) -> Speech:
    """Do as `read_line` does, in a process that `begin_worker` has begun."""
    return read_line(_voices[identity], line)


def _is_silent(pcm: bytes) -> bool:
    import numpy as np

    samples = np.frombuffer(pcm, "<i2")
    return not len(samples) or max(int(samples.max()), -int(samples.min())) < SOFTEST


def _join(spoken: Sequence[tuple[Utterance, Speech]]) -> Speech:
    """Put the pieces of a line one after another, each with the pause that it ends in."""
    rates = {speech.sample_rate_hz for _, speech in spoken}
    if len(rates) > 1:
        raise VoiceError(f"the pieces of a line came at {sorted(rates)} Hz; use another voice")
    (rate_hz,) = rates
    pcm = bytearray()
    words = []
    for piece, speech in spoken:
        begun_ms = round(len(pcm) / 2 * 1000 / rate_hz)
        words += [
            dataclasses.replace(word, start_ms=word.start_ms + begun_ms, end_ms=word.end_ms + begun_ms)
            for word in speech.words
        ]
        pcm += speech.pcm + bytes(2 * (rate_hz * pause_after(piece.text) // 1000))
    del pcm[len(pcm) - 2 * (rate_hz * pause_after(spoken[-1][0].text) // 1000) :]
    return Speech(bytes(pcm), rate_hz, tuple(words) if all(speech.words for _, speech in spoken) else ())
