"""Whether a master sounds as it should: its loudness and peaks as a whole, and its sound from line to line.

All is judged on what was measured of the decoded file, which is what a listener's player makes of it.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from morning_edition.loudness import BLOCK_HOPS, HOP_MS, integrate, measure_range, short_term, to_lufs
from morning_edition.outlets.times import clock
from morning_edition.proof import Finding, MasterFigures, Severity, Span
from morning_edition.proof.cue_sheet import CueSheet
from morning_edition.proof.joins import judge_clicks
from morning_edition.proof.limits import LOUDNESS_TOLERANCE_LU, PEAK_TOLERANCE_DB, RANGE_LU
from morning_edition.proof.measuring import BANDS, BIN_FRAMES, Measured
from morning_edition.proof.passages import judge_passages

SHORTEST_RANGE_MS = 60_000
"""The loudness range means nothing of a shorter sound (EBU R 128 s1)."""
MOMENTARY_LU = 10.0
"""So far above the target no 400 ms should be; measured: 4.7 LU."""
OFFSET_WARNING, OFFSET_FAILURE = 0.001, 0.01
"""Measured: 0.0005 at most."""

BANDWIDTH_DB = -50.0
"""What is softer than this under the strongest band is noise as much as sound."""
TELEPHONE_HZ = 4_200
"""What ends here sounds like a telephone, which is sampled at 8 kHz. Measured: 7.6 kHz of flite's 8, 10.7 of
eSpeak's 11."""
BANDWIDTH_SHARE = 0.8
"""Of what voices and bit rate can give; what gives as much can give no more."""
LOWPASS_HZ_PER_KBPS = 170
"""Up to where LAME goes in stereo, for each kbit/s: 5.5 kHz at 32, 15.1 at 96; mono half as far again."""

MOST_PEAKS = 2000


def judge_sound(
    measured: Measured,
    *,
    master: str,
    target_lufs: float,
    ceiling_dbtp: float,
    bitrate_kbps: int,
    sheet: CueSheet,
) -> tuple[Finding, ...]:
    """Return what is wrong with the sound of a whole master, as `join_measured` gives it."""
    if integrate(to_lufs(measured.powers)) == -np.inf:
        return (_find(master, "loudness", "failure", "nothing is to be heard in it; choose another voice"),)
    return (
        *_judge_loudness(measured, master, target_lufs),
        *_judge_range(measured, master),
        *_judge_peaks(measured, master, ceiling_dbtp),
        *_judge_offset(measured, master),
        *_judge_bandwidth(measured, master, bitrate_kbps, sheet),
        *judge_passages(measured, sheet, master, target_lufs),
        *judge_clicks(measured, sheet, master),
    )


def _find(
    master: str, check: str, severity: Severity, text: str, start_ms: int | None = None, length_ms: int = 0
) -> Finding:
    end_ms = None if start_ms is None else start_ms + length_ms
    return Finding(check, severity, f"The {master} master: {text}.", master, start_ms, end_ms)


def _judge_loudness(measured: Measured, master: str, target_lufs: float) -> Iterator[Finding]:
    momentary = to_lufs(measured.powers)
    loudness, highest = integrate(momentary), float(momentary.max())
    if abs(loudness - target_lufs) > LOUDNESS_TOLERANCE_LU:
        text = (
            f"it is at {loudness:.1f} LUFS, and should be at {target_lufs:g} ± {LOUDNESS_TOLERANCE_LU:g}; "
            f"produce it again, or set loudness_lufs under [{master}] in station.toml to what it can reach"
        )
        yield _find(master, "loudness", "failure", text)
    if highest > target_lufs + MOMENTARY_LU:
        at_ms = int(momentary.argmax()) * HOP_MS
        text = (
            f"at {clock(at_ms)} it is at {highest:.1f} LUFS for a moment, {highest - target_lufs:.0f} LU "
            f"over its target, where {MOMENTARY_LU:g} is the most; turn down what is heard there, with "
            "music_db or gain_db"
        )
        yield _find(master, "momentary loudness", "warning", text, at_ms, HOP_MS * BLOCK_HOPS)


def _judge_range(measured: Measured, master: str) -> Iterator[Finding]:
    low, high = RANGE_LU
    spread = measure_range(measured.powers)
    if measured.duration_ms >= SHORTEST_RANGE_MS and not low <= spread <= high:
        way_out = (
            "set gain_db and music_db closer to 0 in station.toml" if spread > high else "try another voice"
        )
        text = f"its loudness range is {spread:.1f} LU, and should be from {low:g} to {high:g}; {way_out}"
        yield _find(master, "loudness range", "warning", text)


def _judge_peaks(measured: Measured, master: str, ceiling_dbtp: float) -> Iterator[Finding]:
    peak_dbtp = _decibels(measured.true_peak)
    if peak_dbtp > ceiling_dbtp + PEAK_TOLERANCE_DB:
        at_ms = round(int(measured.peaks.argmax()) * BIN_FRAMES * 1000 / measured.sample_rate_hz)
        text = (
            f"near {clock(at_ms)} its true peak is {peak_dbtp:.2f} dBTP, over the {ceiling_dbtp:g} that it "
            f"may have; lower loudness_lufs or raise bitrate_kbps under [{master}] in station.toml"
        )
        yield _find(master, "true peak", "failure", text, at_ms, 100)
    if len(measured.clipped):
        at_ms = int(measured.clipped["frame"][0]) * 1000 // measured.sample_rate_hz
        text = (
            f"it is clipped in {len(measured.clipped)} places, the first at {clock(at_ms)}, for up to "
            f"{measured.clipped['length'].max()} samples; lower true_peak_dbtp under [{master}] in "
            "station.toml"
        )
        yield _find(master, "clipping", "failure", text, at_ms, 100)


def _judge_offset(measured: Measured, master: str) -> Iterator[Finding]:
    offset = find_offset(measured)
    if abs(offset) > OFFSET_WARNING:
        severity: Severity = "failure" if abs(offset) > OFFSET_FAILURE else "warning"
        text = (
            f"its middle lies {offset:+.2%} off zero, where {OFFSET_WARNING:.1%} is the most; export the "
            "station's own music again, with a high-pass"
        )
        yield _find(master, "offset", severity, text)


def _judge_bandwidth(
    measured: Measured, master: str, bitrate_kbps: int, sheet: CueSheet
) -> Iterator[Finding]:
    codec_hz = bitrate_kbps * LOWPASS_HZ_PER_KBPS * (1.5 if len(measured.offsets) == 1 else 1.0)
    possible_hz = min(sheet.voice_hz, codec_hz, measured.sample_rate_hz / 2)
    bandwidth_hz = find_bandwidth(measured)
    if bandwidth_hz < min(TELEPHONE_HZ, possible_hz * BANDWIDTH_SHARE):
        text = (
            f"it reaches up to {bandwidth_hz / 1000:.1f} kHz only, where its voices and its bit rate can "
            f"give {possible_hz / 1000:.0f}, and sounds like a telephone; choose another voice"
        )
        yield _find(master, "bandwidth", "warning", text)


def find_offset(measured: Measured) -> float:
    """Return the mean of the channel where it lies farthest from zero."""
    return float(measured.offsets[np.abs(measured.offsets).argmax()])


def find_bandwidth(measured: Measured) -> int:
    """Return up to where its sound reaches, in hertz, as the highest band that counts; 0 for silence."""
    counting = np.flatnonzero(measured.spectrum > measured.spectrum.max() * 10 ** (BANDWIDTH_DB / 10))
    return round((int(counting[-1]) + 1) * measured.sample_rate_hz / 2 / BANDS) if len(counting) else 0


def _decibels(amplitude: float) -> float:
    return 20 * float(np.log10(amplitude)) if amplitude else -np.inf


def figures(
    measured: Measured,
    *,
    master: str,
    file: str,
    target_lufs: float,
    ceiling_dbtp: float,
    segments: Sequence[Span] = (),
    lines: Sequence[Span] = (),
) -> MasterFigures:
    """Return what the report tells of a whole master, as `join_measured` gives it."""
    momentary = to_lufs(measured.powers)
    seconds = to_lufs(short_term(measured.powers))[::10].tolist()
    return MasterFigures(
        name=master,
        file=file,
        duration_ms=measured.duration_ms,
        target_lufs=target_lufs,
        ceiling_dbtp=ceiling_dbtp,
        loudness_lufs=round(integrate(momentary), 2),
        range_lu=round(measure_range(measured.powers), 2),
        true_peak_dbtp=round(_decibels(measured.true_peak), 2),
        momentary_max_lufs=round(float(momentary.max(initial=-np.inf)), 2),
        offset=round(find_offset(measured), 6),
        bandwidth_hz=find_bandwidth(measured),
        peaks=reduce_peaks(measured),
        short_term_lufs=tuple(round(level, 1) if level > -np.inf else None for level in seconds),
        segments=tuple(segments),
        lines=tuple(lines),
    )


def reduce_peaks(measured: Measured) -> tuple[float, ...]:
    """Return the highest amplitude of each of at most `MOST_PEAKS` stretches of equal length."""
    size = max(-(-len(measured.peaks) // MOST_PEAKS), 1)
    whole = np.pad(measured.peaks.astype(np.float64), (0, -len(measured.peaks) % size))
    return tuple(np.round(whole.reshape(-1, size).max(axis=1), 3).tolist())
