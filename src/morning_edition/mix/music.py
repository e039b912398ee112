"""The music of a programme: known by its length, and decoded only once something is to be mixed with it."""

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from morning_edition.files import sha256_of
from morning_edition.filters import Samples
from morning_edition.kept import Kept
from morning_edition.mix.jingles import load_jingles
from morning_edition.station import Sound

VERSION = "music 1"
"""Raised when the same files come to sound otherwise."""


class Music:
    """Pieces of music by their names in the settings; *loops* are those that are repeated."""

    def __init__(self, files: Mapping[str, Path], loops: frozenset[str], sound: Sound, kept: Kept) -> None:
        self._files, self._loops, self._sound, self._kept = files, loops, sound, kept
        self._lock = threading.Lock()
        self._loaded: Mapping[str, Samples] = {}
        made = (VERSION, sound.sample_rate_hz, sound.channels)
        self._keys = {
            name: sha256_of(repr((*made, sha256_of(path.read_bytes()), name in loops)))
            for name, path in files.items()
        }

    def key(self, name: str) -> str:
        """Return what no other sound has."""
        return self._keys[name]

    def measure_lengths(self) -> dict[str, int]:
        """Return the length of each piece in frames. Raises `AudioError` naming a file that is no good."""
        known = {name: self._kept.load(key) for name, key in self._keys.items()}
        if all(known.values()):
            return {name: json.loads(content or b"0") for name, content in known.items()}
        lengths = {name: len(samples) for name, samples in self.load().items()}
        for name, length in lengths.items():
            self._kept.store(self._keys[name], json.dumps(length).encode())
        return lengths

    def load(self) -> Mapping[str, Samples]:
        """Return the sound of each piece, of shape (frames, channels). Raises `AudioError`."""
        with self._lock:
            if not self._loaded:
                self._loaded = load_jingles(
                    self._files, self._sound.sample_rate_hz, self._sound.channels, loops=self._loops
                )
            return self._loaded
