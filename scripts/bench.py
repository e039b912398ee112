"""How long producing takes, against what it cannot take less than; how much memory; how fast the rest is.

The floor is the voice and the encoder alone: the same lines through the same voice on all cores, and one MP3
encode of the podcast's audio with the fastest encoder at the same quality, measured inside a running
interpreter. Above it stands the script that one would write without this product (`bench_script.py`). Then
one word is changed in the middle of the Deep Look, one name is added to the lexicon, and nothing is changed.
Each run measures all sides one after the other, so that a machine that speeds up or slows down does so for
all of them; what counts is the ratio. The cold run and those after it make all that the product makes: both
masters, their proof, pages and feed.

With --long, a programme of half an hour and one of three hours are made besides: see `bench_long.py`.
"""

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bench_script import name_engine

if TYPE_CHECKING:
    from morning_edition.script import Script

ARTICLE = Path(__file__).parents[1] / "src" / "morning_edition" / "starter" / "article.txt"
COMMAND = [sys.executable, "-m", "morning_edition"]
USERS_SCRIPT = Path(__file__).with_name("bench_script.py")
DAY = "2024-12-06"
VOICE = "espeak"
TARGETS = {
    "cold / floor": "at most 1.25",
    "user's script / cold": "at least 4",
    "one word / cold": "at most 0.35",
    "one name / cold": "at most 0.35",
    "nothing / cold": "at most 0.08",
}

FLOOR = """
import sys, time, numpy as np
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import lameenc
from morning_edition.decode import decode_sound
from morning_edition.episode import load_episode
from morning_edition.mp3_reels import QUALITY
from morning_edition.script.notation import parse_script
from morning_edition.spoken import to_spoken
from morning_edition.voices import Utterance
from morning_edition.voices.espeak import EspeakVoice
folder = Path(sys.argv[1])
script = parse_script((folder / "script.md").read_text("utf-8"), to_spoken=to_spoken)
sound = decode_sound(load_episode(folder).audio.find_in(folder))
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
    """Return wall seconds, peak memory in MB, and the output of a command that must succeed.

    The memory is that of the command's largest process: wait4 tells it of the command itself, or of a child
    that it waited for, whichever had more.
    """
    begun = time.perf_counter()
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, stderr=told, text=True)
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        elapsed_s = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{told.read()}")
    return elapsed_s, usage.ru_maxrss / 1024, output


def measure(article: Path, station: Path) -> dict[str, float]:
    """Measure everything once, in a new station."""
    run(*COMMAND, "init", station)
    produce: list[str | Path] = [
        *COMMAND,
        "produce",
        article,
        "--station",
        station,
        "--date",
        DAY,
        "--voice",
        VOICE,
        "-q",
    ]
    cold_s, memory_mb, paths = run(*produce)
    folder = Path(paths.split("\n")[0]).parent.absolute()
    speak_s, encode_s = map(float, run(sys.executable, "-c", FLOOR, folder)[2].split())
    figures = {
        "cold, s": cold_s,
        "floor: voice, s": speak_s,
        "floor: encoder, s": encode_s,
        "cold / floor": cold_s / (speak_s + encode_s),
    }
    if shutil.which("ffmpeg"):
        figures["user's script / cold"] = time_script(folder, station) / cold_s
    before = fingerprint(folder)
    figures["nothing / cold"] = run(*produce)[0] / cold_s
    if fingerprint(folder) != before:
        sys.exit("nothing was changed, yet an MP3 was touched")
    figures |= time_corrections(folder, station, cold_s)
    pass_s = run(sys.executable, "-c", "pass")[0]
    return figures | {
        "help - python, s": run(*COMMAND, "--help")[0] - pass_s,
        "script, s": run(*COMMAND, "script", article, "--station", station)[0],
        "spoken, lines / s": float(run(sys.executable, "-c", SPOKEN, article)[2]),
        "peak memory, MB": memory_mb,
    }


def time_corrections(folder: Path, station: Path, cold_s: float) -> dict[str, float]:
    """Change one word, then one name of the lexicon; each must make both masters' sound another one."""
    regenerate: list[str | Path] = [*COMMAND, "regenerate", folder.name, "--station", station, "-q"]
    figures = {}
    for name, change in (("one word", change_word), ("one name", add_name)):
        before = fingerprint(folder)
        change(folder, station)
        figures[f"{name} / cold"] = run(*regenerate)[0] / cold_s
        if fingerprint(folder)["episode.mp3"] == before["episode.mp3"]:
            sys.exit(f"{name} was changed, yet the MP3 is the same")
    return figures


def fingerprint(folder: Path) -> dict[str, tuple[int, str]]:
    """Return when each MP3 of an episode was written, and what it holds."""
    from morning_edition.episode import load_episode

    files = [file for file in load_episode(folder).files if file.name.endswith(".mp3")]
    paths = {file.name: file.find_in(folder) for file in files}
    return {
        name: (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for name, path in sorted(paths.items())
    }


def change_word(folder: Path, station: Path) -> None:
    """Change one small word of a line in the middle of the Deep Look, as a producer would."""
    path = folder / "script.md"
    rows = path.read_text("utf-8").split("\n")
    first, last = rows.index("# Deep Look"), rows.index("# Outro")
    middle = (first + last) // 2
    fit = [number for number in range(first, last) if " the " in rows[number]]
    chosen = min(fit, key=lambda number: abs(number - middle))
    rows[chosen] = rows[chosen].replace(" the ", " this ", 1)
    path.write_text("\n".join(rows), "utf-8")


def add_name(folder: Path, station: Path) -> None:
    """Say how a name is said that the fewest lines hold, and one at least."""
    rows = (folder / "script.md").read_text("utf-8").split("\n")
    story = [row for row in rows if "^deep-" in row]
    names = [word for row in story for word in row.split()[1:] if word.isalpha() and word.istitle()]
    name = min(names, key=lambda word: (sum(word in row for row in rows), -len(word), word))
    (station / "lexicon.toml").write_text(f'[names]\n{name} = "lah-tah-KEE-ah"\n', "utf-8")


def list_cues(script: "Script") -> Iterator[str]:
    """Yield a programme's lines, jingles and pauses, as `bench_script.py` reads them."""
    yield "@open"
    looks = 0
    for segment in script.segments:
        for number, line in enumerate(segment.lines):
            looks += line.opens == "look"
            if segment.kind == "deep_look" and (not number or line.opens == "chapter"):
                yield "@bumper"
            elif line.opens == "look" and looks > 1:
                yield "@sting"
            elif line.opens:
                yield ""
            yield line.spoken
        if segment.kind == "intro":
            yield "@bed"
    yield "@close"


def time_script(folder: Path, station: Path) -> float:
    """Return how long the script that one would write takes for an episode's lines, in seconds."""
    from morning_edition.script.notation import parse_script
    from morning_edition.spoken import to_spoken

    script = parse_script((folder / "script.md").read_text("utf-8"), to_spoken=to_spoken)
    with tempfile.TemporaryDirectory() as work:
        sheet, mp3 = Path(work) / "cues.txt", Path(work) / "episode.mp3"
        sheet.write_text("\n".join(list_cues(script)), "utf-8")
        return run(sys.executable, USERS_SCRIPT, sheet, station / "audio" / "jingles", mp3)[0]


def show(name: str, values: list[float], spell: Callable[[float], str] = "{:8.3f}".format) -> None:
    """Print one figure: its median, and the least and the most."""
    spread = f"({spell(min(values))} ..{spell(max(values))})"
    print(f"{name:<38} {spell(statistics.median(values))}   {spread}   {TARGETS.get(name, '')}".rstrip())


def read_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bench", description="Speed and memory, as ratios in one run.")
    parser.add_argument("article", nargs="?", type=Path, default=ARTICLE)
    parser.add_argument("runs", nargs="?", type=int, default=5)
    parser.add_argument("--long", action="store_true", help="half an hour and three hours besides; minutes")
    return parser.parse_args()


def main() -> None:
    """Measure as often as asked for, and print each figure."""
    asked = read_arguments()
    article = asked.article.resolve()
    figures: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        os.chdir(folder)
        for number in range(asked.runs + 1):
            figures.append(measure(article, Path(folder) / f"station-{number}"))
        print(f"{article.name}: {asked.runs} runs after a warm-up, on {os.cpu_count()} cores")
        print(f"{'':<38}   median   (  least ..    most)   target")
        for name in figures[0]:
            show(name, [figure[name] for figure in figures[1:]])
        if shutil.which("ffmpeg"):
            print(f"(the user's script speaks with {name_engine()}, and makes the podcast's MP3 alone)")
        else:
            print("(no program called ffmpeg is here, so the script that one would write is left out)")
        if asked.long:
            from bench_long import measure_long

            measure_long(Path(folder))


if __name__ == "__main__":
    main()
