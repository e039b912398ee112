"""Script to takes: each line is spoken once by its voice, side by side, and kept by content."""

import contextlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from morning_edition.errors import VoiceError
from morning_edition.files import sha256_of, write_whole
from morning_edition.script.script import Line, Role
from morning_edition.voices import Speech, Utterance, Voice, Word

CACHE_FORMAT = 1

Utter = Callable[[str], Utterance]
"""From a line's spoken form to what its voice gets."""


@dataclass(frozen=True, slots=True)
class Take:
    """One line as one voice reads it."""

    voice: str
    """The voice's identity."""
    spoken: str
    speech: Speech


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A take that the script asks for."""

    voice: Voice
    line: Utterance

    @property
    def key(self) -> str:
        """All that decides how the take sounds."""
        says = json.dumps([asdict(said) for said in self.line.says]) if self.line.says else ""
        pieces = (str(CACHE_FORMAT), self.voice.identity, self.line.text, *([says] if says else []))
        return sha256_of("\0".join(pieces))


class TakeCache:
    """Takes on disk, by content. A damaged one counts as absent; the folder may be deleted at any time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.take"

    def load(self, key: str) -> Speech | None:
        """Return the take kept under *key*, or None where none is whole."""
        try:
            seal, _, content = self._path(key).read_bytes().partition(b"\n")
        except OSError:
            return None
        if seal != _seal(key, content):
            return None
        head, _, pcm = content.partition(b"\n")
        record = json.loads(head)
        return Speech(pcm, record["sample_rate_hz"], tuple(Word(*word) for word in record["words"]))

    def store(self, key: str, speech: Speech) -> None:
        """Keep *speech* under *key*; a cache that cannot be written is only slower, and stops nothing."""
        record = {
            "sample_rate_hz": speech.sample_rate_hz,
            "words": [list(asdict(word).values()) for word in speech.words],
        }
        content = json.dumps(record).encode() + b"\n" + speech.pcm
        with contextlib.suppress(OSError):
            write_whole(self._path(key), _seal(key, content) + b"\n" + content, durable=False)


def _seal(key: str, content: bytes) -> bytes:
    """Return what tells that *content* is whole and was made under *key*."""
    return sha256_of(key.encode() + content).encode()


def speak_lines(
    lines: Sequence[Line],
    cast: Mapping[Role, Voice],
    cache: TakeCache,
    report: Callable[[int, int], None] = lambda done, total: None,
    utter: Utter = Utterance,
) -> tuple[Take, ...]:
    """Return one take for each of *lines*, in their order; *utter* says how a spoken form is said.

    A line that the cache holds, or that comes twice, is spoken once. *report* is told how many different
    takes are there and how many there will be. Raises `VoiceError`; takes that were finished by then are
    kept, so that a second run goes on from there.
    """
    wanted = [_want(line, cast, utter) for line in lines]
    keys = [want.key for want in wanted]
    different = dict(zip(keys, wanted, strict=True))
    takes: dict[str, Take] = {}
    for key, want in different.items():
        if speech := cache.load(key):
            takes[key] = Take(want.voice.identity, want.line.text, speech)
    unspoken = {key: want for key, want in different.items() if key not in takes}
    report(len(takes), len(different))
    for key, take in _speak_all(unspoken, cache):
        takes[key] = take
        report(len(takes), len(different))
    return tuple(takes[key] for key in keys)


def count_cached(
    lines: Sequence[Line],
    cast: Mapping[Role, Voice],
    cache: TakeCache,
    utter: Utter = Utterance,
) -> int:
    """Return how many of *lines* need not be spoken again."""
    return sum(cache.load(_want(line, cast, utter).key) is not None for line in lines)


def _want(line: Line, cast: Mapping[Role, Voice], utter: Utter) -> _Wanted:
    return _Wanted(cast[line.role], utter(line.spoken))


def _speak_all(unspoken: Mapping[str, _Wanted], cache: TakeCache) -> Iterable[tuple[str, Take]]:
    """Speak side by side, as many lines of each voice at once as it can; yield each as it is done."""
    pools: dict[str, ThreadPoolExecutor] = {}
    # Not `wait`, which holds the locks of all that are waited for: an interrupt there leaves them held, and
    # the voices at work would never end.
    finished: SimpleQueue[Future[tuple[str, Take]]] = SimpleQueue()
    try:
        # The longest lines go first, so that no core is left with one of them at the end.
        for key, want in sorted(unspoken.items(), key=lambda item: -len(item[1].line.text)):
            voice = want.voice
            if voice.identity not in pools:
                pools[voice.identity] = ThreadPoolExecutor(max(1, voice.lines_at_once))
            pools[voice.identity].submit(_speak, key, want, cache).add_done_callback(finished.put)
        for _ in unspoken:
            yield finished.get().result()
    finally:
        for pool in pools.values():  # all of them, before any is waited for
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in pools.values():
            pool.shutdown()


def _speak(key: str, want: _Wanted, cache: TakeCache) -> tuple[str, Take]:
    speech = want.voice.speak(want.line)
    if not any(speech.pcm) and re.search(r"\w", want.line.text):
        raise VoiceError(
            f"{want.voice.identity.split()[0]} gave no sound for a line: {want.line.text[:60]!r}; "
            "try again, or take another voice"
        )
    cache.store(key, speech)
    return key, Take(want.voice.identity, want.line.text, speech)
