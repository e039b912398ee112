"""What an episode takes with a voice of the network, and with a neural one, against the least it can take.

The network is a stand-in on this machine, in a process of its own: it answers each line after 300 ms, 16 at
a time, refuses what comes beyond that, and one in ten of the rest. The ideal is that of lines which wait for
nothing but their 300 ms. The neural voice is one of tones, of the usual medium size and cost; its floor is
the engine alone, as it comes and with one thread a line, with the same lines on all cores. The rest of an
episode, everything but its voice, is measured by making it again from kept takes.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
from bench import ARTICLE, COMMAND, run, show

from morning_edition.script.notation import parse_script
from morning_edition.spoken import to_spoken
from morning_edition.voices import Speech
from morning_edition.voices.wav import wrap_wav

ROOT = Path(__file__).parents[1]
LINE_S = 0.3
AT_ONCE = 16
REFUSE_EVERY = 10
RATE_HZ = 24_000


class StandIn(BaseHTTPRequestHandler):
    """`POST /v1/audio/speech`, as OpenAI's server has it."""

    protocol_version = "HTTP/1.1"
    places = threading.Semaphore(AT_ONCE)
    asked = 0
    lock = threading.Lock()

    def do_POST(self) -> None:
        """Answer with a tone as long as the text would take to read."""
        text = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        with StandIn.lock:
            StandIn.asked += 1
            refused = StandIn.asked % REFUSE_EVERY == 0
        if refused or not self.places.acquire(blocking=False):
            self.answer(429, b"{}")
            return
        try:
            time.sleep(LINE_S)
            self.answer(200, make_sound(text))
        finally:
            self.places.release()

    def answer(self, status: int, content: bytes) -> None:
        """Send one answer."""
        self.send_response(status)
        self.send_header("Content-Type", "audio/wav" if status == 200 else "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def make_sound(text: str) -> bytes:
    """Return a WAV of 65 ms a character."""
    frames = RATE_HZ * 65 * len(text) // 1000
    times = np.arange(frames, dtype=np.float32) / RATE_HZ
    wave = (np.sin(times * 2000) * (1 + np.sin(times * 25)) * 6000).astype("<i2").tobytes()
    return wrap_wav(Speech(wave, RATE_HZ))


@contextmanager
def stand_in() -> Iterator[str]:
    """Run the stand-in in a process of its own; give its address."""
    process = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.kill()
        process.wait()


def serve() -> None:
    """Be the stand-in until killed."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), StandIn)
    server.daemon_threads = True
    print(server.server_port, flush=True)
    server.serve_forever()


def make_episode(article: Path, station: Path, voice: str) -> tuple[float, float, float]:
    """Return seconds with nothing kept, seconds with all takes kept, and the peak memory of the first."""
    produce = [*COMMAND, "produce", article, "--station", station, "--date", "2024-12-06", "--quiet"]
    cold_s, memory_mb, paths = run(*produce, "--voice", voice)
    shutil.rmtree(station / Path(paths.split("\n")[0]).parent)
    rest_s, _, _ = run(*produce, "--voice", voice)
    return cold_s, rest_s, memory_mb


def count_lines(article: Path, station: Path, voice: str) -> int:
    """Return how many lines differ."""
    plan = run(*COMMAND, "produce", article, "--station", station, "--dry-run", "--json", "--voice", voice)[2]
    lines: int = json.loads(plan)["episodes"][0]["lines_to_speak"]
    return lines


def measure_network(article: Path, station: Path) -> dict[str, float]:
    """Measure an episode with a voice of the network, in a new station."""
    with stand_in() as address:
        run(*COMMAND, "init", station)
        settings = (station / "station.toml").read_text("utf-8")
        table = f'[engines.openai]\nbase_url = "{address}"\nmodel = "stand-in"\nlines_at_once = {AT_ONCE}\n'
        (station / "station.toml").write_text(settings.replace("[engines.openai]\n", table), "utf-8")
        lines = count_lines(article, station, "openai:alloy")
        ideal_s = math.ceil(lines / AT_ONCE) * LINE_S
        cold_s, rest_s, _ = make_episode(article, station, "openai:alloy")
    return {
        "network: lines": lines,
        "network: ideal, s": ideal_s,
        "network: rest, s": rest_s,
        "network: episode, s": cold_s,
        "network: speaking / ideal": (cold_s - rest_s) / ideal_s,
        "network: episode / (ideal + rest)": cold_s / (ideal_s + rest_s),
    }


ENGINE = """
import json, sys, time
from concurrent.futures import ThreadPoolExecutor
import onnxruntime
from piper import PiperVoice, SynthesisConfig
model, threads, lines = sys.argv[1], int(sys.argv[2]), sorted(json.load(sys.stdin), key=len, reverse=True)
voice = PiperVoice.load(model)
if threads:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    voice.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
as_it_is = SynthesisConfig(normalize_audio=False)
speak = lambda line: sum(len(chunk.audio_float_array) for chunk in voice.synthesize(line, as_it_is))
speak("Good morning.")
begun = time.perf_counter()
with ThreadPoolExecutor(len(__import__("os").sched_getaffinity(0)) if threads else 1) as pool:
    list(pool.map(speak, lines))
print(time.perf_counter() - begun)
"""


def time_engine(model: Path, threads: int, lines: list[str]) -> float:
    """Return the seconds that Piper alone takes for *lines*; with no *threads* given, as it comes."""
    command = [sys.executable, "-c", ENGINE, str(model), str(threads)]
    done = subprocess.run(command, input=json.dumps(lines), capture_output=True, text=True, check=True)
    return float(done.stdout)


def measure_piper(article: Path, station: Path, model: Path) -> dict[str, float]:
    """Measure an episode with a neural voice, in a new station."""
    run(*COMMAND, "init", station)
    cold_s, rest_s, memory_mb = make_episode(article, station, f"piper:{model}")
    (script,) = station.glob("audio/*/script.md")
    lines = sorted(
        {line.spoken for line in parse_script(script.read_text("utf-8"), to_spoken=to_spoken).lines}
    )
    usual_s, best_s = time_engine(model, 0, lines), time_engine(model, 1, lines)
    return {
        "piper: engine as it comes, s": usual_s,
        "piper: engine, a thread a line, s": best_s,
        "piper: rest, s": rest_s,
        "piper: episode, s": cold_s,
        "piper: episode / engine as it comes": cold_s / usual_s,
        "piper: episode / engine at its best": cold_s / best_s,
        "piper: peak memory, MB": memory_mb,
    }


def main() -> None:
    """Measure as often as asked for, and print each figure."""
    article = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ARTICLE
    runs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        model = Path(folder) / "medium.onnx"
        subprocess.run(
            [sys.executable, ROOT / "tests/voices/make_piper_voice.py", "--medium", model], check=True
        )
        figures = [
            measure_network(article, Path(folder) / f"network-{number}")
            | measure_piper(article, Path(folder) / f"piper-{number}", model)
            for number in range(runs)
        ]
    print(f"{article.name}: {runs} runs; median (least .. most); {os.cpu_count()} cores")
    for name in figures[0]:
        show(name, [figure[name] for figure in figures])


if __name__ == "__main__":
    serve() if sys.argv[1:] == ["--serve"] else main()
