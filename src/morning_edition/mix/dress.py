"""A take made ready for the mix: trimmed, cleaned, at the programme's level and sample rate."""

from dataclasses import dataclass

import numpy as np
import soxr

from morning_edition.filters import Samples, filter_samples
from morning_edition.loudness import measure_loudness
from morning_edition.voices import Speech, Word

CLEANING = (("highpass", "frequency=80"),)
"""Below a voice there is only rumble and offset."""

EVENING = (("acompressor", "threshold=0.12:ratio=3:attack=3:release=80:knee=6"),)
"""For a voice at `REFERENCE_RMS`: the compressor bends what is louder than the vowels."""

REFERENCE_RMS = 0.1
SHORTEST_MEASURED_MS = 500

SPEECH_GATE = 10 ** (-50 / 20)
"""Below -50 dB under the take's own peak there is no speech, not even the end of an f."""

LEAD_MS = 10
TAIL_MS = 30
"""Kept around what is above the gate, so that no plosive and no breath is cut."""

FADE_MS = 5
SILENT_PEAK = 10 ** (-60 / 20)


@dataclass(frozen=True, slots=True)
class DressedTake:
    """A take that can be laid."""

    samples: Samples
    """One channel, at the programme's sample rate."""
    words: tuple[Word, ...]
    """Counted from the first sample."""


def dress_take(speech: Speech, sample_rate_hz: int, loudness_lufs: float) -> DressedTake:
    """Clean, trim, level and resample one take; a silent one comes back empty.

    The level is the take's own gated loudness brought to *loudness_lufs*; it is one gain for the whole take.
    """
    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float32) / np.float32(32768)
    # It begins at zero, or the filter would take the step to an offset for a thump.
    cleaned = filter_samples(samples - samples[:1], speech.sample_rate_hz, CLEANING)
    first, end = find_speech(cleaned, speech.sample_rate_hz)
    if first == end:
        return DressedTake(cleaned[:0], ())
    spoken = cleaned[first:end]
    spoken = spoken * np.float32(REFERENCE_RMS / np.sqrt(np.mean(spoken**2)))
    evened = filter_samples(spoken, speech.sample_rate_hz, EVENING)
    loudness = measure_loudness(evened, speech.sample_rate_hz)
    if len(evened) < SHORTEST_MEASURED_MS * speech.sample_rate_hz // 1000:
        loudness = _measure_word(evened, speech.sample_rate_hz)
    gain_db = loudness_lufs - loudness
    levelled = evened * np.float32(10 ** (gain_db / 20))
    resampled = soxr.resample(levelled, speech.sample_rate_hz, sample_rate_hz, quality="HQ")
    fade_edges(resampled, sample_rate_hz * FADE_MS // 1000)
    trimmed_ms = first * 1000 / speech.sample_rate_hz
    length_ms = (end - first) * 1000 // speech.sample_rate_hz
    words = tuple(_shift_word(word, -round(trimmed_ms), length_ms) for word in speech.words)
    return DressedTake(resampled, words)


def _measure_word(samples: Samples, sample_rate_hz: int) -> float:
    """Return the loudness of a word too short for a gating block, as if it were repeated."""
    repeats = -(-SHORTEST_MEASURED_MS * sample_rate_hz // 1000 // len(samples))
    return measure_loudness(np.tile(samples, repeats), sample_rate_hz)


def find_speech(samples: Samples, sample_rate_hz: int) -> tuple[int, int]:
    """Return the first frame to keep and the one after the last; two equal ones where there is silence."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < SILENT_PEAK:
        return 0, 0
    loud = np.flatnonzero(np.abs(samples) > peak * SPEECH_GATE)
    first = int(loud[0]) - LEAD_MS * sample_rate_hz // 1000
    end = int(loud[-1]) + 1 + TAIL_MS * sample_rate_hz // 1000
    return max(first, 0), min(end, len(samples))


def fade_edges(samples: Samples, frames: int) -> None:
    """Fade both ends of *samples*, *frames* long, to silence in place, so that no join can click."""
    length = min(frames, len(samples) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))).astype(np.float32)
    samples[:length] *= ramp
    samples[len(samples) - length :] *= ramp[::-1]


def _shift_word(word: Word, by_ms: int, length_ms: int) -> Word:
    start, end = (min(max(at + by_ms, 0), length_ms) for at in (word.start_ms, word.end_ms))
    return Word(word.text, start, end)
