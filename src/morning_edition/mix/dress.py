"""A take made ready for the mix: trimmed, cleaned, at the programme's level and sample rate."""

from dataclasses import dataclass

import numpy as np
import soxr

from morning_edition.filters import Samples, filter_samples, measure_loudness
from morning_edition.voices import Speech, Word

CLEANING = (
    ("highpass", "frequency=80"),  # below a voice there is only rumble and offset
    ("acompressor", "threshold=0.12:ratio=3:attack=3:release=80:knee=6"),
)
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
    """Sound for the mix, at the programme's sample rate, and the times of its words."""

    samples: Samples
    words: tuple[Word, ...]


def dress_take(speech: Speech, sample_rate_hz: int, loudness_lufs: float) -> DressedTake:
    """Trim, clean, level and resample one take; a silent one comes back empty.

    The level is the take's own gated loudness brought to *loudness_lufs*; it is one gain for the whole take.
    """
    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float32) / np.float32(32768)
    first, end = find_speech(samples, speech.sample_rate_hz)
    if first == end:
        return DressedTake(samples[:0], ())
    spoken = samples[first:end]
    spoken = spoken * np.float32(REFERENCE_RMS / np.sqrt(np.mean(spoken**2)))
    cleaned = filter_samples(spoken, speech.sample_rate_hz, CLEANING)
    gain_db = loudness_lufs - _measure_take(cleaned, speech.sample_rate_hz)
    levelled = cleaned * np.float32(10 ** (gain_db / 20))
    resampled = soxr.resample(levelled, speech.sample_rate_hz, sample_rate_hz, quality="HQ")
    trimmed_ms = first * 1000 / speech.sample_rate_hz
    length_ms = (end - first) * 1000 // speech.sample_rate_hz
    words = tuple(_shift_word(word, -round(trimmed_ms), length_ms) for word in speech.words)
    return DressedTake(fade_edges(resampled.astype(np.float32, copy=False), sample_rate_hz, FADE_MS), words)


def _measure_take(samples: Samples, sample_rate_hz: int) -> float:
    """Return the loudness of a take; a word too short for a gating block is measured as if repeated."""
    repeats = -(-SHORTEST_MEASURED_MS * sample_rate_hz // 1000 // len(samples))
    return measure_loudness([samples] * max(repeats, 1), sample_rate_hz)


def find_speech(samples: Samples, sample_rate_hz: int) -> tuple[int, int]:
    """Return the first frame to keep and the one after the last; two equal ones where there is silence."""
    peak = float(np.abs(samples).max(initial=0.0))
    if peak < SILENT_PEAK:
        return 0, 0
    loud = np.flatnonzero(np.abs(samples) > peak * SPEECH_GATE)
    first = int(loud[0]) - LEAD_MS * sample_rate_hz // 1000
    end = int(loud[-1]) + 1 + TAIL_MS * sample_rate_hz // 1000
    return max(first, 0), min(end, len(samples))


def fade_edges(samples: Samples, sample_rate_hz: int, fade_ms: int) -> Samples:
    """Return *samples* with both ends faded to silence, so that no join can click."""
    length = min(fade_ms * sample_rate_hz // 1000, len(samples) // 2)
    ramp = (0.5 - 0.5 * np.cos(np.pi * np.arange(length) / max(length, 1))).astype(np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded


def _shift_word(word: Word, by_ms: int, length_ms: int) -> Word:
    start, end = (min(max(at + by_ms, 0), length_ms) for at in (word.start_ms, word.end_ms))
    return Word(word.text, start, end)
