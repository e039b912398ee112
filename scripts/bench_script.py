"""The script that one would write to get a podcast out of lines: what Morning Edition is measured against.

    python bench_script.py CUES JINGLES EPISODE.mp3

Each row of the file CUES is a line to be spoken, a jingle (`@sting`), `@bed` where it is laid under all that
came since the opening, or empty for a pause. Each line is a run of the program `espeak-ng`; where there is
none, of Python with the same engine. pydub puts the programme together with `+=` and exports it; `ffmpeg`
measures its loudness, then levels and encodes it, at the sample rate and bit rate of the product's own file.
The same lines, voice and jingles. Nothing here is there to make it slow: each jingle is read once, and what
levels also encodes. It makes one master, no proof, no pages and no feed.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pydub import AudioSegment

RATE_HZ = 44_100
BITRATE = "96k"
LOUDNESS = "loudnorm=I=-16:TP=-1:LRA=11"
SENTENCE_MS, PARAGRAPH_MS = 350, 800
MUSIC_DB, DUCKED_DB = -5, -16

EMBEDDED = """
import ctypes, sys, wave
import espeakng_loader as loader
engine = ctypes.CDLL(loader.get_library_path())
rate = engine.espeak_Initialize(2, 0, loader.get_data_path().encode(), 0)
pcm = bytearray()
@ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
def take(samples, count, events):
    pcm.extend(ctypes.string_at(samples, count * 2) if count else b"")
    return 0
engine.espeak_SetSynthCallback(take)
engine.espeak_SetVoiceByName(b"en-us+edward")
engine.espeak_SetParameter(1, 170, 0)
text = sys.argv[2].encode()
engine.espeak_Synth(text, len(text) + 1, 0, 1, 0, 1, None, None)
engine.espeak_Synchronize()
with wave.open(sys.argv[1], "wb") as file:
    file.setparams((1, 2, rate, 0, "NONE", ""))
    file.writeframes(pcm)
"""


def name_engine() -> str:
    """Say what will speak."""
    return "espeak-ng" if shutil.which("espeak-ng") else "Python with espeakng_loader"


def speak(line: str, wav: Path) -> AudioSegment:
    """Have one line read."""
    if shutil.which("espeak-ng"):
        command = ["espeak-ng", "-v", "en-us+edward", "-s", "170", "-w", str(wav), "--", line]
    else:
        command = [sys.executable, "-c", EMBEDDED, str(wav), line]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return AudioSegment.from_wav(wav)


def assemble(cues: list[str], jingles: Path, wav: Path) -> AudioSegment:
    """Put the programme together."""
    music = {path.stem: AudioSegment.from_file(path) + MUSIC_DB for path in sorted(jingles.glob("*.flac"))}
    programme = AudioSegment.silent(0, frame_rate=RATE_HZ)
    for cue in cues:
        if cue == "@bed":
            begun_ms = len(music["open"])
            bed = (music["bed"] * 9)[: len(programme) - begun_ms].fade_out(1500)
            programme = programme.overlay(bed + DUCKED_DB, position=begun_ms)
        elif cue.startswith("@"):
            programme += music[cue[1:]]
        elif cue:
            programme += speak(cue, wav)
            programme += AudioSegment.silent(SENTENCE_MS, frame_rate=RATE_HZ)
        else:
            programme += AudioSegment.silent(PARAGRAPH_MS - SENTENCE_MS, frame_rate=RATE_HZ)
    return programme


def find_measures(log: str) -> Iterator[str]:
    """Yield what loudnorm's second pass asks for, from what its first one printed."""
    measured = json.loads(log[log.rindex("{") : log.rindex("}") + 1])
    for name in ("I", "LRA", "TP", "thresh"):
        yield f"measured_{name}={measured[f'input_{name.lower()}']}"
    yield f"offset={measured['target_offset']}"
    yield "linear=true"


def main() -> None:
    """Make the episode."""
    cues, jingles, mp3 = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])
    ffmpeg = ["ffmpeg", "-hide_banner", "-nostdin", "-nostats", "-y", "-i"]
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "programme.wav"
        programme = assemble(cues.read_text("utf-8").split("\n"), jingles, Path(folder) / "line.wav")
        programme.export(wav, format="wav").close()
        first = [*ffmpeg, str(wav), "-af", f"{LOUDNESS}:print_format=json", "-f", "null", "-"]
        log = subprocess.run(first, check=True, stderr=subprocess.PIPE, text=True).stderr
        level = ":".join([LOUDNESS, *find_measures(log)])
        encode = ["-af", level, "-ar", str(RATE_HZ), "-c:a", "libmp3lame", "-b:a", BITRATE, str(mp3)]
        subprocess.run([*ffmpeg, str(wav), *encode], check=True, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
