"""The names of an episode's files on disk and on the web: each has a mark of its content.

Reckoned here once more from what `episode.json` says, and not with the program's own means.
"""

import json
import re
from pathlib import Path

MARK = re.compile(r"-[0-9a-f]{8}(?=\.\w+$)")
STEADY = "article.json embed.html episode.json index.html oembed.json proof.html proof.json script.md".split()


def mark(name: str, sha256: str) -> str:
    """Return what a file is called: `episode.mp3` with `1a2b3c4d…` is `episode-1a2b3c4d.mp3`."""
    path = Path(name)
    return name if name in STEADY else f"{path.stem}-{sha256[:8]}{path.suffix}"


def find(folder: Path, name: str) -> Path:
    """Return where the file *name* stands in an episode's *folder*, as the record there tells."""
    record = json.loads((folder / "episode.json").read_bytes())
    sums = {file["name"]: file["sha256"] for file in record["files"]}
    return folder / (mark(name, sums[name]) if name in sums else name)


def plain(name: str) -> str:
    """Return what a file is, whatever it is called: `episode.mp3`."""
    return MARK.sub("", name)
