"""Proves the sound of twenty different episodes with other tools than the product's own.

Their copy, voices, settings, pauses and music differ. Each master is decoded and measured by the program
`ffmpeg` (`ebur128` of EBU R 128, with its true peak); where there is none, by the FFmpeg that PyAV carries.
Clicks are looked for by linear prediction (`click_detector.py`) in every gap, with the 20 ms of speech on
both its sides, and where music ends under a voice; it is shown that planted ones are found. An episode
falls short whose loudness is more than 0.3 LU from its target, whose true peak is over its ceiling, whose
podcast's loudness range, of speech, is not from 3 to 9 LU, or in which something clicks.
"""

import contextlib
import ctypes.util
import dataclasses
import itertools
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from click_detector import AT_JOINS, IN_SPEECH, Click, Span, find_clicks
from news_writer import write_article
from sound_cases import CASES, Case

COMMAND = [sys.executable, "-m", "morning_edition"]
TOLERANCE_LU = 0.3
RANGE_LU = (3.0, 9.0)
NEAR_S = 0.02
SHORTEST_GAP_S = 0.1
SHORTEST_MUSIC_S = 1.5
"""A gap that is longer may hold music, which ends under the next line as much later as it overlaps it."""
OVERLAPS_S = (0.2, 0.25, 0.5, 1.2, 1.8)
DAY = "2024-12-06"
MASTERS = (("podcast", "episode.mp3", -16.0, -1.0), ("flash", "flash.mp3", -14.0, -2.0))
"""Each with its file, loudness and ceiling where a station sets none."""
PLANTED = {
    "line cut at its end": 0.75,
    "line begun in mid-wave": 0.75,
    "spike of 0.3 in a line": 0.6,
    "spike of 0.1 in a gap": 0.75,
}
"""Faults that are planted, and the share of them that must be found."""

THIN = 4
"""Of so many samples one is enough to find a line in the flash briefing."""
ALIKE = 0.8

Cue = tuple[float, float]
"""From a second up to another."""
Sound = npt.NDArray[np.float32]
"""Of shape (frames, channels), full scale at ±1.0."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What was measured of a master."""

    loudness_lufs: float
    range_lu: float
    true_peak_dbtp: float


def measure(path: Path) -> Measures:
    """Measure an MP3's loudness, range and true peak once it is decoded."""
    if not shutil.which("ffmpeg"):
        return measure_with_av(path)
    chain = "ebur128=peak=true:metadata=1:framelog=verbose,ametadata=mode=print:file=-"
    command = ["ffmpeg", "-hide_banner", "-nostdin", "-i", str(path), "-vn", "-af", chain, "-f", "null", "-"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak = re.findall(r"Peak:\s+(-?[\d.]+|-inf) dBFS", done.stderr)[-1]
    integrated, spread = (re.findall(rf"r128\.{key}=(\S+)", done.stdout)[-1] for key in ("I", "LRA"))
    return Measures(float(integrated), float(spread), float(peak))


def measure_with_av(path: Path) -> Measures:
    """Measure the same with the FFmpeg that PyAV carries."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        graph = av.filter.Graph()
        source = graph.add_abuffer(template=stream)
        meter = graph.add("ebur128", "peak=true:metadata=1:framelog=verbose")
        sink = graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        last: Mapping[str, str] = {}
        peak = 0.0
        for frame in container.decode(stream):
            graph.push(frame)
            with contextlib.suppress(av.BlockingIOError):
                while True:
                    last = graph.pull().metadata
                    peaks = [float(value) for key, value in last.items() if "true_peaks_ch" in key]
                    peak = max(peak, *peaks)
    return Measures(
        float(last["lavfi.r128.I"]), float(last["lavfi.r128.LRA"]), 20 * float(np.log10(max(peak, 1e-9)))
    )


def decode(path: Path) -> tuple[Sound, int]:
    """Return an MP3's sound, of shape (frames, channels), and its sample rate in Hz."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        parts = [frame.to_ndarray() for frame in container.decode(stream)]
        return np.ascontiguousarray(np.concatenate(parts, axis=1).T), stream.rate


def find_file(folder: Path, name: str) -> Path:
    """Return where an episode's file stands, whose name has a mark of its content; or where it would."""
    listed = json.loads((folder / "episode.json").read_text("utf-8"))["files"]
    stem, _, suffix = name.rpartition(".")
    marks = (f"{stem}-{file['sha256'][:8]}.{suffix}" for file in listed if file["name"] == name)
    return folder / next(marks, name)


def read_cues(folder: Path) -> list[Cue]:
    """Return when the lines of an episode are heard, by its transcript."""
    lines = json.loads(find_file(folder, "transcript.json").read_text("utf-8"))["segments"]
    return [(line["startTime"], line["endTime"]) for line in lines]


def find_cues(cues: list[Cue], podcast: Sound, flash: Sound, rate_hz: int) -> list[Cue]:
    """Return when those of the podcast's *cues* are heard that the flash briefing has too, by their sound."""
    thin, thin_flash = (
        sound[: len(sound) // THIN * THIN, 0].reshape(-1, THIN).mean(axis=1) for sound in (podcast, flash)
    )
    size = 1 << (2 * len(thin_flash)).bit_length()
    spectrum = np.fft.rfft(thin_flash, size)
    sums = np.pad(np.cumsum(thin_flash.astype(np.float64) ** 2), (1, 0))
    found = []
    for start_s, end_s in cues:
        line = thin[round(start_s * rate_hz / THIN) : round(end_s * rate_hz / THIN)]
        if len(line) >= len(thin_flash):
            continue
        alike = np.fft.irfft(spectrum * np.conj(np.fft.rfft(line, size)), size)
        at = int(alike[: len(thin_flash) - len(line)].argmax())
        energy = float(np.sum(line**2)) * (sums[at + len(line)] - sums[at])
        if alike[at] > ALIKE * np.sqrt(energy):
            begun_s = at * THIN / rate_hz
            found.append((begun_s, begun_s + end_s - start_s))
    return sorted(found)


def find_joins(cues: list[Cue], end_s: float) -> list[Span]:
    """Return the gaps between *cues*, with the speech just beside them, and where music may end under it."""
    spans, before_s = [], 0.0
    for start_s, next_s in [*cues, (end_s, end_s)]:
        if start_s - before_s > SHORTEST_GAP_S:
            spans.append((before_s - NEAR_S, start_s + NEAR_S, AT_JOINS))
        if start_s - before_s > SHORTEST_MUSIC_S:
            ends = (start_s + overlap_s for overlap_s in OVERLAPS_S)
            spans += [(end - NEAR_S, end + NEAR_S, IN_SPEECH) for end in ends]
        before_s = next_s
    return spans


def hear_clicks(sound: Sound, rate_hz: int, joins: list[Span]) -> list[Click]:
    """Return what clicks at the *joins* of a sound, in any channel."""
    return [click for channel in sound.T for click in find_clicks(channel, rate_hz, joins)]


def plant(sound: Sound, rate_hz: int, fault: str, cues: list[Cue]) -> list[Span]:
    """Put a *fault* into each cue of a sound of one channel; return where."""
    places = []
    for start_s, end_s in cues:
        start, end = round(start_s * rate_hz), round(end_s * rate_hz)
        reach = min(rate_hz // 8, (end - start) // 3)
        if fault == "line cut at its end":
            at = end - reach + int(np.abs(sound[end - reach : end - reach // 4]).argmax())
            sound[at : end + rate_hz // 100] = 0
        elif fault == "line begun in mid-wave":
            at = start + reach // 4 + int(np.abs(sound[start + reach // 4 : start + reach]).argmax())
            sound[start - rate_hz // 100 : at] = 0
        elif fault == "spike of 0.3 in a line":
            at = (start + end) // 2
            sound[at] += 0.3
        else:
            at = end + rate_hz // 10
            sound[at] += 0.1
        places.append((at / rate_hz - NEAR_S, at / rate_hz + NEAR_S, AT_JOINS))
    return places


def prove_detector(folder: Path) -> bool:
    """Plant faults in an episode, encode it again, and tell whether enough of them are heard."""
    enough = True
    sound, rate_hz = decode(find_file(folder, "episode.mp3"))
    all_cues = read_cues(folder)
    cues = [
        cue for cue, following in itertools.pairwise(all_cues) if following[0] - cue[1] > 2 * SHORTEST_GAP_S
    ]
    for fault, least in PLANTED.items():
        damaged = sound[:, 0].copy()
        places = plant(damaged, rate_hz, fault, cues)
        again = encode_again(damaged, rate_hz, folder.parent / "planted.mp3")
        heard = len(find_clicks(again[:, 0], rate_hz, places))
        enough &= heard >= least * len(places)
        print(f"planted: {fault:<26} {heard} of {len(places)} found")
    clean = encode_again(sound[:, 0], rate_hz, folder.parent / "planted.mp3")
    joins = find_joins(all_cues, len(clean) / rate_hz)
    cried = len(hear_clicks(clean, rate_hz, joins))
    print(f"planted: {'nothing':<26} {cried} found in {len(joins)} places")
    return enough and not cried


def encode_again(sound: Sound, rate_hz: int, path: Path) -> Sound:
    """Return what a sound of one channel is after another MP3 at 96 kbit/s."""
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate_hz, layout="mono", bit_rate=96_000)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound)[None, :], format="fltp", layout="mono")
        frame.rate = rate_hz
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return decode(path)[0]


def judge(case: Case, folder: Path) -> list[str]:
    """Print the figures of both masters of an episode; return in what it falls short."""
    settings = tomllib.loads(case.settings)
    short, cues, podcast = [], read_cues(folder), np.zeros((0, 1), np.float32)
    for name, file, lufs, ceiling in MASTERS:
        path = find_file(folder, file)
        if not path.exists():
            short.append(f"{name} is missing")
            continue
        profile = settings.get(name, {})
        target = profile.get("loudness_lufs", lufs), profile.get("true_peak_dbtp", ceiling)
        measured = measure(path)
        sound, rate_hz = decode(path)
        if name == "podcast":
            podcast = sound
        else:
            cues = find_cues(cues, podcast, sound, rate_hz)
        joins = find_joins(cues, len(sound) / rate_hz)
        clicks = hear_clicks(sound, rate_hz, joins)
        found = list(find_shortfalls(case, name, measured, target, clicks))
        show(case.name if name == "podcast" else "", name, measured, target, len(joins), found)
        short += found
    return short


def show(
    title: str, name: str, measured: Measures, target: tuple[float, float], joins: int, found: list[str]
) -> None:
    """Print one row."""
    loudness = f"{measured.loudness_lufs:7.2f} ({target[0]:5.1f})"
    peak = f"{measured.true_peak_dbtp:5.1f} ({target[1]:4.1f})"
    row = f"{title:<28} {name:<8} {loudness} {peak} {measured.range_lu:5.1f} {joins:6}   {'; '.join(found)}"
    print(row.rstrip(), flush=True)


def find_shortfalls(
    case: Case, name: str, measured: Measures, target: tuple[float, float], clicks: list[Click]
) -> Iterator[str]:
    """Yield in what a master falls short."""
    if abs(measured.loudness_lufs - target[0]) > TOLERANCE_LU:
        yield "loudness"
    if measured.true_peak_dbtp > target[1]:
        yield "true peak"
    if case.speech and name == "podcast" and not RANGE_LU[0] <= measured.range_lu <= RANGE_LU[1]:
        yield "range"
    if clicks:
        yield "clicks: " + ", ".join(f"{click.second:.2f} s ({click.ratio:.1f})" for click in clicks[:5])


def produce(number: int, case: Case, root: Path) -> tuple[Path | None, str]:
    """Make a case's episode; return its folder if there is one, and what the product has against it."""
    station = root / f"station-{number}"
    article = root / f"article-{number}.txt"
    article.write_text(write_article(number, case.minutes), "utf-8")
    subprocess.run([*COMMAND, "init", str(station)], check=True, capture_output=True)
    (station / "station.toml").write_text(case.settings, "utf-8")
    command = [*COMMAND, "produce", str(article), "--station", str(station), "--date", DAY, "--force", "-q"]
    command += ["--voice", case.voice] if case.voice else []
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return None, " ".join(done.stderr.split())
    folder = next((station / "audio").glob("*/episode.json")).parent
    proof = json.loads((folder / "proof.json").read_text("utf-8"))
    return folder, "" if proof["passed"] else "its own proof refuses it"


def main() -> None:
    """Make the episodes, one after the other, and judge each."""
    short = {}
    print(f"{'EPISODE':<28} MASTER     LUFS (to be)    dBTP (most)   LRA PLACES   FALLS SHORT")
    with tempfile.TemporaryDirectory(prefix="prove-sound-") as root:
        folders = []
        for number, case in enumerate(choose_cases()):
            folder, refused = produce(number, case, Path(root))
            if found := [*(judge(case, folder) if folder else []), *filter(None, [refused])]:
                short[case.name] = found
            folders += [folder] if folder else []
        if not prove_detector(folders[0]):
            short["the click detector"] = ["it hears too little, or too much"]
    for name, found in short.items():
        print(f"falls short: {name}: {'; '.join(found)}")
    sys.exit(bool(short))


def choose_cases() -> Iterator[Case]:
    """Yield the cases, or those whose names were given; without flite, its are read by other voices."""
    flite = ctypes.util.find_library("flite")
    for number, case in enumerate(CASES):
        if sys.argv[1:] and case.name not in sys.argv[1:]:
            continue
        if case.voice.startswith("flite") and not flite:
            yield dataclasses.replace(case, voice=("espeak:en", "espeak:en-us+f3")[number % 2])
        else:
            yield case


if __name__ == "__main__":
    main()
