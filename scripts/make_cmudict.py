"""Pack CMUdict for the package: `python scripts/make_cmudict.py cmudict.dict`, the file of cmusphinx/cmudict.

One gzip file for each first letter, so that a look-up opens one of some 35 kB; a line is a word and one of
its pronunciations, the most usual first. The same input gives the same bytes.
"""

import gzip
import re
import sys
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "src" / "morning_edition" / "pronunciation" / "cmudict_data"

shelves: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
for line in Path(sys.argv[1]).read_text("utf-8").splitlines():
    entry = line.partition("#")[0].strip()
    if entry:
        name, _, phones = entry.partition(" ")
        word = re.sub(r"\(\d+\)$", "", name)
        shelves[word[0] if word[0].isalpha() else "other"].append((word, phones))
for letter, entries in shelves.items():
    entries.sort(key=lambda entry: entry[0])  # stable: the order of a word's pronunciations stays
    text = "".join(f"\n{word} {phones}" for word, phones in entries) + "\n"
    (FOLDER / f"{letter}.gz").write_bytes(gzip.compress(text.encode("ascii"), 9, mtime=0))
