"""Two producers at once, publishing as fast as they can, and a listener who looks all the while.

Each corrects, retracts and produces; both send the one station to the same place. At no moment does the
listener find a feed that names what is not there, or is not what the feed says.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from crash.conftest import make_station
from crash.reader import find_faults, read_folder, read_guids

pytestmark = pytest.mark.thorough

PUBLISHES = int(os.environ.get("MORNING_EDITION_SOAK", "100"))
"""Of each producer."""
PRODUCER = """
import json, sys, time
import typer
from pathlib import Path
from morning_edition.cli import app
from morning_edition.errors import BusyError, ConflictError

root, target, name, publishes = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
counts = {"published": 0, "lost": 0, "waited": 0}

def run(*words):
    for _ in range(200):
        try:
            app([*words, "-q", "--station", str(root)], standalone_mode=False)
        except typer.Exit as end:
            return end.exit_code
        except ConflictError:
            counts["lost"] += 1
            time.sleep(0.02)
        except BusyError:
            counts["waited"] += 1
        else:
            return 0
    raise SystemExit("never came to its turn")

article = root / f"{name}.txt"
for number in range(publishes):
    story, version = divmod(number, 5)
    article.write_text(
        f"{name}/ Post/ A. Diaz/ Morning Edition/ Story of {name}.\\n"
        f"Story {'abcdefghijklmnopqrstuvwxyz'[story]} of {name}\\nDeep Look\\n"
        f"It has changed {'again ' * version}since noon.\\n"
    )
    status = run("produce", str(article), "--date", "2026-03-06")
    assert status in (0, None), f"produce ended with {status}"
    if version == 4 and story % 2:
        slug = f"2026-03-06-story-{'abcdefghijklmnopqrstuvwxyz'[story]}-of-{name}"
        assert run("retract", slug, "--yes", "--reason", "Not so.") in (0, None)
    assert run("publish", "--to", target, "--no-announce") in (0, None)
    counts["published"] += 1
print(json.dumps(counts))
"""


def test_nobody_sees_a_moment_that_is_not_whole(tmp_path: Path) -> None:
    root = make_station(tmp_path / "station")
    target = tmp_path / "public"
    producers = [
        subprocess.Popen(
            [sys.executable, "-c", PRODUCER, str(root), str(target), name, str(PUBLISHES)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"MORNING_EDITION_OFFLINE": "1"},
        )
        for name in ("ana", "ben")
    ]
    looks, faults = 0, []
    while any(producer.poll() is None for producer in producers):
        faults += look(target)
        looks += 1
        time.sleep(0.05)
    told = [producer.communicate() for producer in producers]
    assert [producer.returncode for producer in producers] == [0, 0], [error for _, error in told]
    assert faults == []
    assert looks > PUBLISHES
    published = [json.loads(said.splitlines()[-1])["published"] for said, _ in told]
    assert published == [PUBLISHES, PUBLISHES]
    assert look(target) == []
    retracted = [
        path.parent for path in target.glob("audio/*/index.html") if not list(path.parent.glob("*.mp3"))
    ]
    assert len(read_guids(read_folder(target))) == 2 * PUBLISHES // 5 - len(retracted)
    assert len(retracted) == 2 * (PUBLISHES // 10)


def look(target: Path) -> list[str]:
    """Read the site as a client does: feed, briefing and pages, then all that they name.

    A publication may come in between. Then all that was named is still there, but for what was retracted, and
    that the feed names no more.
    """
    read = read_folder(target)
    faults = find_faults(read)
    feed = (read("podcast.xml") or b"").decode()
    named = {fault: re.search(r"audio/([^/]+)/", fault) for fault in faults}
    return [fault for fault, place in named.items() if not place or f"/{place[1]}/" in feed]
