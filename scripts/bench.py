"""How long producing takes, against what it cannot take less than; how much memory; how fast the rest is.

The floor is the voice and the encoder alone: the same lines through the same voice on all cores, and one MP3
encode of the same audio, measured inside a running interpreter. Each run measures all sides one after the
other, so that a machine that speeds up or slows down does so for all of them; what counts is the ratio.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ARTICLE = Path(__file__).parents[1] / "src" / "morning_edition" / "starter" / "article.txt"
COMMAND = [sys.executable, "-m", "morning_edition"]

FLOOR = """
import sys, time, numpy as np
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from morning_edition.decode import decode_sound
from morning_edition.filters import filter_samples
import lameenc
from morning_edition.mp3 import QUALITY
from morning_edition.script.notation import parse_script
from morning_edition.spoken import to_spoken
from morning_edition.voices import Utterance
from morning_edition.voices.espeak import EspeakVoice
folder = Path(sys.argv[1])
script = parse_script((folder / "script.md").read_text("utf-8"), to_spoken=to_spoken)
sound = decode_sound(folder / "episode.mp3")
samples = (sound.samples[:, 0] * 32767).clip(-32768, 32767).astype(np.int16)
voice = EspeakVoice()
lines = sorted({line.spoken for line in script.lines}, key=len, reverse=True)
begun = time.perf_counter()
with ThreadPoolExecutor(voice.traits.lines_at_once) as pool:
    list(pool.map(voice.speak, map(Utterance, lines)))
spoken = time.perf_counter()
encoder = lameenc.Encoder()
encoder.silence()
encoder.set_channels(1)
encoder.set_in_sample_rate(sound.sample_rate_hz)
encoder.set_bit_rate(96)
encoder.set_quality(QUALITY)
encoder.encode(samples.tobytes()) + encoder.flush()
print(spoken - begun, time.perf_counter() - spoken)
"""

SPOKEN = """
import sys, time
from pathlib import Path
from morning_edition.spoken import split_sentences, to_spoken
lines = split_sentences(Path(sys.argv[1]).read_text("utf-8"))
to_spoken(lines[0])
begun = time.process_time()
for line in lines * 10:
    to_spoken(line)
print(len(lines) * 10 / (time.process_time() - begun))
"""


def run(*command: str | Path) -> tuple[float, float, str]:
    """Return wall seconds, peak memory in MB, and the output of a command that must succeed."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, command))} ended with status {process.returncode}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024, output


def measure(article: Path, station: Path) -> dict[str, float]:
    """Measure everything once, in a new station."""
    run(*COMMAND, "init", station)
    produce = [*COMMAND, "produce", article, "--station", station, "--date", "2024-12-06", "--quiet"]
    produce += ["--voice", "espeak"]
    cold_s, memory_mb, paths = run(*produce)
    again_s, _, _ = run(*produce)
    speak_s, encode_s = map(
        float, run(sys.executable, "-c", FLOOR, Path(paths.split("\n")[0]).parent)[2].split()
    )
    help_s, _, _ = run(*COMMAND, "--help")
    script_s, _, _ = run(*COMMAND, "script", article, "--station", station)
    pass_s, _, _ = run(sys.executable, "-c", "pass")
    spoken_a_second = float(run(sys.executable, "-c", SPOKEN, article)[2])
    return {
        "cold, s": cold_s,
        "floor: voice, s": speak_s,
        "floor: encoder, s": encode_s,
        "voice / cold": speak_s / cold_s,
        "cold / floor": cold_s / (speak_s + encode_s),
        "again / cold": again_s / cold_s,
        "help - python, s": help_s - pass_s,
        "script, s": script_s,
        "spoken, lines / s": spoken_a_second,
        "peak memory, MB": memory_mb,
    }


def show(name: str, values: list[float], spell: Callable[[float], str] = "{:8.3f}".format) -> None:
    """Print one figure: its median, and the least and the most."""
    print(f"{name:<38} {spell(statistics.median(values))}   ({spell(min(values))} ..{spell(max(values))})")


def main() -> None:
    """Measure as often as asked for, and print each figure."""
    article = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ARTICLE
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    figures: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.chdir(folder)
        for number in range(runs + 1):
            figures.append(measure(article, Path(folder) / f"station-{number}"))
    print(f"{article.name}: {runs} runs after a warm-up; median (least .. most); {os.cpu_count()} cores")
    for name in figures[0]:
        show(name, [figure[name] for figure in figures[1:]])


if __name__ == "__main__":
    main()
