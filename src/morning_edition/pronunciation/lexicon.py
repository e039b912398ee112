"""A lexicon: what a station's `lexicon.toml` says of its names, found in a line as it will be spoken."""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from morning_edition.errors import LexiconError
from morning_edition.files import sha256_of
from morning_edition.patterns import compile_late
from morning_edition.pronunciation.entries import Entry, read_entry
from morning_edition.pronunciation.utterance import Pronounced

_TOKEN = compile_late(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_GAP = compile_late(r"\.?[ \-‐‑\u00a0]?")
"""What may stand between two words of one name: a space, a hyphen, an initial's full stop."""
_POSSESSIVE = compile_late(r"['’ʼ]s?\Z", re.IGNORECASE)
_STRIKING = compile_late(r"[^\W\d_][A-Z]|\d|[^\w\s’'-]")
"""What a name has that a reading might take for something else."""
_INNER_CAPITAL = compile_late(r"[^\W\d_][A-Z]")
_LONGEST_NAME_TOKENS = 20
_END = ""
"""Where a node of the trie keeps the entries that end there; no token is empty."""

Node = dict[str, Any]


@dataclass(frozen=True)
class Lexicon:
    """Entries, the first of which counts where two are of one name. Values are frozen."""

    entries: tuple[Entry, ...] = ()

    @functools.cached_property
    def _trie(self) -> Node:
        root: Node = {}
        for entry in self.entries:
            node = root
            for token in _TOKEN.findall(entry.name):
                node = node.setdefault(_fold(token), {})
            if node is not root:
                node.setdefault(_END, []).append(entry)
        return root

    def find(self, text: str) -> tuple[Pronounced, ...]:
        """Return how the words and names in *text* are said, in order, the longest name first.

        Only whole words count; a possessive is said with its s. Time is linear in the length of *text*.
        """
        tokens = list(_TOKEN.finditer(text))
        found = []
        at = 0
        while at < len(tokens):
            match = self._match(text, tokens, at)
            if match is None:
                at += 1
                continue
            entry, count, end = match
            found.append(_pronounce(entry, tokens[at].start(), end))
            at += count
        return tuple(found)

    def covers(self, name: str) -> bool:
        """Tell whether all the words of *name* are in the lexicon, as one entry or as several."""
        covered = sum(len(_TOKEN.findall(name[said.start : said.end])) for said in self.find(name))
        return 0 < covered == len(_TOKEN.findall(name))

    def with_entries(self, entries: Iterable[Entry]) -> "Lexicon":
        """Return this lexicon with *entries* before its own."""
        added = tuple(entries)
        return Lexicon((*added, *self.entries)) if added else self

    def with_answers(self, answers: Iterable[tuple[str, str]]) -> "Lexicon":
        """Return this lexicon with *answers*, names and respellings from the copy itself, before its own.

        Raises `LexiconError`.
        """
        entries = []
        for name, respelling in answers:
            try:
                entries.append(read_entry(name, respelling))
            except ValueError as error:
                raise LexiconError(f"{name[:60]!r}: {error}") from error
        return self.with_entries(entries)

    @property
    def fingerprint(self) -> str:
        """All that it says, as one short text."""
        return sha256_of(repr(self.entries))

    @functools.cached_property
    def keep(self) -> re.Pattern[str] | None:
        """What the spoken form must leave as it is written, to be found in it later; None for nothing.

        These are the names that a reading might take for something else: with a digit, a sign, or more
        capitals than one in a word.
        """
        names = {entry.name for entry in self.entries if _STRIKING.search(entry.name)}
        if not names:
            return None
        longest_first = sorted(names, key=lambda name: (-len(name), name))
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def _match(self, text: str, tokens: list[re.Match[str]], at: int) -> tuple[Entry, int, int] | None:
        """Return the longest entry that begins with the token *at*, its tokens, and where it ends."""
        node, best = self._trie, None
        for count, token in enumerate(tokens[at : at + _LONGEST_NAME_TOKENS], 1):
            if count > 1 and not _GAP.fullmatch(text, tokens[at + count - 2].end(), token.start()):
                break
            bare, possessive = _split_possessive(token)
            for word, suffix in ((token[0], ""), *([(bare, possessive)] if possessive else [])):
                following = node.get(_fold(word), {})
                written = text[tokens[at].start() : token.start()] + word
                if entry := _choose(following.get(_END, ()), written):
                    best = (entry.with_possessive() if suffix else entry, count, token.end())
            if not (node := node.get(_fold(token[0]), {})):
                break
        return best


def _split_possessive(token: re.Match[str]) -> tuple[str, str]:
    bare = _POSSESSIVE.sub("", token[0])
    return bare, token[0][len(bare) :]


def _fold(token: str) -> str:
    return _even(token).casefold()


def _even(token: str) -> str:
    return token.replace("’", "'").replace("ʼ", "'")


def _choose(entries: Iterable[Entry], written: str) -> Entry | None:
    return next((entry for entry in entries if _fits_case(entry, written)), None)


def _fits_case(entry: Entry, written: str) -> bool:
    """Tell whether *written* has the capitals that *entry* asks for.

    A name written small is never meant by a small word's capital ("Nice" is not "nice", "NICE" may be). One
    with capitals inside ("HTS", "WHO") is meant in that very form alone.
    """
    if entry.case is False:
        return True
    own, other = _TOKEN.findall(entry.name), _TOKEN.findall(written)
    exact = entry.case or any(map(_INNER_CAPITAL.search, own))
    if exact:
        return [_even(token) for token in own] == [_even(token) for token in other]
    return all(not mine[0].isupper() or theirs[0].isupper() for mine, theirs in zip(own, other, strict=True))


def _pronounce(entry: Entry, start: int, end: int) -> Pronounced:
    return Pronounced(start, end, entry.plain, entry.ipa, entry.phonemes)
