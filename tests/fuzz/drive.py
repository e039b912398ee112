"""Fuzzing by coverage: each reader in a process of its own, on as many cores as there are.

What it is given is made from seeds, by what new code they reach (atheris, libFuzzer). The first input that
ends in anything but a value or the reader's own error is kept, shown, and ends the run with status 1.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz.targets import MOST_BYTES, find_targets

USUAL_RUNS = 8_000
LONGEST_S = 300
"""Of a reader: a bound in time, should it be slow."""
SLOWEST_S = 20
"""Of one input."""
MOST_MB = 2048


def main(words: list[str]) -> int:
    """Try all readers, or those that are named; return the exit status."""
    if words[:1] == ["--one"]:
        return fuzz(words[1], words[2:])
    runs = int(words.pop(0)) if words and words[0].isdecimal() else USUAL_RUNS
    unknown = set(words) - set(find_targets())
    if unknown:
        sys.stderr.write(
            f"no reader is called {', '.join(unknown)}; there are: {', '.join(find_targets())}\n"
        )
        return 2
    names = words or list(find_targets())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tried = list(pool.map(lambda name: drive(name, runs), names))
    sys.stdout.write(f"{sum(count for count, _ in tried):,} inputs in {len(tried)} readers\n")
    return max(status for _, status in tried)


def drive(name: str, runs: int) -> tuple[int, int]:
    """Fuzz one reader in a process of its own; return how many inputs it had, and its status."""
    with corpus(name) as folder:
        command = [
            sys.executable,
            __file__,
            "--one",
            name,
            f"-runs={runs}",
            f"-max_total_time={LONGEST_S}",
            f"-timeout={SLOWEST_S}",
            f"-rss_limit_mb={MOST_MB}",
            f"-max_len={MOST_BYTES}",
            f"-dict={folder / 'words'}",
            f"-artifact_prefix={folder}/fault-",
            "-seed=1",
            "-print_final_stats=1",
            str(folder / "inputs"),
        ]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        found = re.search(r"number_of_executed_units: (\d+)", done.stderr)
        count = int(found[1]) if found else 0
        sys.stdout.write(f"{name}: {count:,} inputs\n")
        if done.returncode or not found:
            told = done.stderr.partition("=== Uncaught Python exception: ===")[2] or done.stderr[-3000:]
            sys.stdout.write(told[:6000] + "\n")
            for fault in folder.glob("fault-*"):
                kept = Path(tempfile.gettempdir()) / f"morning-edition-{name.replace(' ', '-')}-{fault.name}"
                kept.write_bytes(fault.read_bytes())
                sys.stdout.write(f"the input is kept: {kept}\n")
        return count, 1 if done.returncode or not found else 0


@contextlib.contextmanager
def corpus(name: str) -> Iterator[Path]:
    """Give a folder with the reader's seeds and words as libFuzzer takes them."""
    target = find_targets()[name]
    with tempfile.TemporaryDirectory(prefix="morning-edition-corpus-") as made:
        folder = Path(made)
        (folder / "inputs").mkdir()
        for number, content in enumerate((*target.seeds, *target.others)):
            (folder / "inputs" / str(number)).write_bytes(content[:MOST_BYTES])
        words = ["".join(f"\\x{value:02x}" for value in word[:60]) for word in target.words]
        (folder / "words").write_text("".join(f'"{word}"\n' for word in words))
        yield folder


def fuzz(name: str, options: list[str]) -> int:
    """Be fuzzed: the reader's code is loaded so that what it reaches is seen."""
    import atheris

    with atheris.instrument_imports(include=["morning_edition"], enable_loader_override=False):
        target = find_targets()[name]
        for content in target.seeds:  # what is loaded late is loaded now
            target.try_input(content)
    atheris.Setup([sys.argv[0], *options], target.try_input)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
