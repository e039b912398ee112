"""An utterance as Piper speaks it: sentences of phonemes, names as the lexicon has them.

Piper knows double brackets for phonemes, but would read what stands between two of them as sentences of
their own, with the stress and without the marks. So each name is replaced by a word that nobody uses, the
line is turned into phonemes as a whole, by eSpeak's rules, and the word's phonemes by the name's.
"""

import functools
import itertools
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from morning_edition.pronunciation.mnemonics import write_mnemonics
from morning_edition.pronunciation.phonemes import PhonemeError, parse_ipa
from morning_edition.voices import Pronounced, Utterance
from morning_edition.voices.piper.words import Token, match_words

STAND_INS = ("Zuxam", "Oxam")
"""For a name that begins with a consonant, and with a vowel: "the" before it differs."""
LONGEST = 200
"""Phonemes of a sentence that are spoken at once, about 14 s; a longer one is cut at a comma or the like.

A run's memory grows by 5 MB with each second of it.
"""
LONGEST_BREATH = 300
"""Phonemes without a mark, about 20 s, after which a sentence is cut between two words."""
CUTS = ",;:"
MARKS = frozenset(",.;:!?¡¿—…\"'()«»“”„‚‘’-")
STRESSES = "ˈˌ"
SPACE = " "
ESPEAK = "espeak"

# eSpeak's own IPA, which voices are trained with, of what `write_mnemonics` writes; longer ones first.
_IPA = {
    letters: sign
    for letters, _, sign in (
        pair.partition("=")
        for pair in (
            "i@3=ɪɹ i:=iː eI=eɪ A:=ɑː O:=ɔː oU=oʊ u:=uː 3:=ɜː aI=aɪ aU=aʊ OI=ɔɪ tS=tʃ dZ=dʒ A@=ɑːɹ O@=ɔːɹ "
            "e@=ɛɹ U@=ʊɹ i=i I=ɪ E=ɛ a=æ 0=ɒ U=ʊ V=ʌ @=ə 3=ɚ g=ɡ T=θ D=ð S=ʃ Z=ʒ N=ŋ r=ɹ | '=ˈ ,=ˌ"
        ).split()
    )
}
_BRITISH_IPA = {"oU": "əʊ", "i@3": "iə", "A@": "ɑː", "O@": "ɔː", "e@": "eə", "U@": "ʊə", "i": "ɪ"}
_VOWELS = frozenset("aeiouæɑɒɔəɚɛɜɪʊʌ")
NEAREST = {
    "ɝ": "ɜː",
    "ɚ": "ə",
    "g": "ɡ",
    "ɡ": "g",
    "r": "ɹ",
    "ɹ": "r",
    "ʦ": "ts",
    "ʤ": "dʒ",
    "ʧ": "tʃ",
    "ɫ": "l",
}
"""For signs that a voice does not know; any other is left out."""


class Phonemizer(Protocol):
    """**Protocol:** what turns text into phonemes, by eSpeak's rules."""

    def __hash__(self) -> int:
        """Tell it from others: what it says of a word is remembered."""

    def phonemize(self, text: str) -> list[list[str]]:
        """Return the phonemes of each sentence."""


class Phone(NamedTuple):
    """A phoneme, a space or a mark."""

    sign: str
    word: int = -1
    """Of which of the words it is; -1 for none."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line, in phonemes."""

    sentences: tuple[tuple[Phone, ...], ...]
    """Each short enough to be spoken at once."""
    words: tuple[str, ...] = ()
    """What of the line's text each word is; several run together are one."""


def write_phonemes(line: Utterance, voice: Phonemizer, *, espeak_voice: str, timed: bool) -> Spoken:
    """Return *line* as *voice* says it; words only where they are to be *timed*."""
    if (spoken := _write(line, voice, espeak_voice, timed=timed)) is not None:
        return spoken
    # The stand-ins were not recognised: names by their respelling, then.
    plain = Utterance(line.text, tuple(Pronounced(s.start, s.end, s.respelling) for s in line.says))
    return _write(plain, voice, espeak_voice, timed=timed) or Spoken(())


def _write(line: Utterance, voice: Phonemizer, espeak_voice: str, *, timed: bool) -> Spoken | None:
    """Return *line* in phonemes; None where a stand-in is not found again."""
    names = [_name_signs(said, espeak_voice) for said in line.says]
    text, tokens = _put_stand_ins(line, names)
    rows = [row for row in voice.phonemize(text) if row]
    numbers, words = match_words([], rows, str)
    if timed:
        numbers, words = match_words(tokens, rows, lambda text: _alone(voice, text))
    waiting = [(_alone(voice, _stand_in(signs)), signs) for signs in names if signs]
    sentences = []
    for row, of in zip(rows, numbers, strict=True):
        phones, waiting = _take_out(tuple(map(Phone, row, of)), waiting)
        sentences.append(phones)
    return None if waiting else Spoken(tuple(_cut(sentences)), words)


def _name_signs(said: Pronounced, espeak_voice: str) -> tuple[str, ...]:
    """Return a name's phonemes as eSpeak would write them, stress before the vowel; empty for none."""
    given = said.phonemes_for("piper")
    if not given and said.ipa:
        english = espeak_voice.lower().startswith("en")
        given = (
            _spell(said.ipa, british=not espeak_voice.lower().startswith("en-us")) if english else said.ipa
        )
    return tuple(unicodedata.normalize("NFD", SPACE.join(given.split())))


def _spell(ipa: str, *, british: bool) -> str:
    try:
        letters = write_mnemonics(parse_ipa(ipa), british=british)
    except PhonemeError:
        return ipa
    table = _IPA | (_BRITISH_IPA if british else {})
    written, stress = "", ""
    while letters:
        size = next((size for size in (3, 2, 1) if letters[:size] in table), 0)
        sign = table[letters[:size]] if size else letters[0]
        letters = letters[size or 1 :]
        if sign and sign in STRESSES:
            stress = sign
        else:
            begins = stress if sign[:1] in _VOWELS else ""
            written += begins + sign
            stress = "" if begins else stress
    return written


def _stand_in(signs: Sequence[str]) -> str:
    first = next((sign for sign in signs if sign not in STRESSES), "")
    return STAND_INS[first in _VOWELS]


def _put_stand_ins(line: Utterance, names: Sequence[Sequence[str]]) -> tuple[str, list[Token]]:
    """Return the text to be turned into phonemes, and its words with what of the line each stands for."""
    pieces: list[tuple[str, int, int]] = []
    at = 0
    for said, signs in zip(line.says, names, strict=True):
        pieces += [(sign, place, place + 1) for place, sign in enumerate(line.text[at : said.start], at)]
        pieces += [(sign, said.start, said.end) for sign in (_stand_in(signs) if signs else said.respelling)]
        at = said.end
    pieces += [(sign, place, place + 1) for place, sign in enumerate(line.text[at:], at)]
    plain = [(" " if sign in "[]\0" else sign, start, end) for sign, start, end in pieces]
    return "".join(sign for sign, _, _ in plain), list(_find_tokens(line.text, plain))


def _find_tokens(text: str, pieces: Iterable[tuple[str, int, int]]) -> Iterator[Token]:
    """Yield the words, those of one stretch of the text together."""
    begun: tuple[str, int, int] | None = None
    for blank, group in itertools.groupby(pieces, lambda piece: piece[0].isspace()):
        if blank:
            continue
        signs = list(group)
        spoken, start, end = "".join(sign for sign, _, _ in signs), signs[0][1], signs[-1][2]
        if begun and start < begun[2]:
            begun = (f"{begun[0]} {spoken}", begun[1], max(end, begun[2]))
            continue
        if begun:
            yield Token(begun[0], text[begun[1] : begun[2]])
        begun = (spoken, start, end)
    if begun:
        yield Token(begun[0], text[begun[1] : begun[2]])


def _take_out(
    sentence: tuple[Phone, ...], waiting: list[tuple[str, tuple[str, ...]]]
) -> tuple[tuple[Phone, ...], list[tuple[str, tuple[str, ...]]]]:
    """Put names in for the stand-ins of a sentence; return it, and the names that are still waiting."""
    done: list[Phone] = []
    at = 0
    waiting = list(waiting)
    while at < len(sentence):
        length = _match(sentence, at, waiting[0][0]) if waiting else 0
        if length:
            done += (Phone(sign, sentence[at].word) for sign in waiting.pop(0)[1])
        else:
            done.append(sentence[at])
        at += length or 1
    return tuple(done), waiting


def _match(sentence: Sequence[Phone], at: int, wanted: str) -> int:
    """Return how many phones from *at* on are those *wanted*, stress marks among them; 0 for others."""
    start, found = at, 0
    while at < len(sentence) and found < len(wanted):
        sign = sentence[at].sign
        if wanted.startswith(sign, found):
            found += len(sign)
        elif sign not in STRESSES:
            return 0
        at += 1
    return at - start if wanted and found == len(wanted) else 0


@functools.lru_cache(maxsize=8192)
def _alone(voice: Phonemizer, text: str) -> str:
    """Return the phonemes of a word by itself, without stress, marks and spaces."""
    signs = itertools.chain.from_iterable(voice.phonemize(text))
    return "".join(sign for sign in signs if sign not in STRESSES and sign not in MARKS and sign != SPACE)


def _cut(sentences: Iterable[tuple[Phone, ...]]) -> Iterator[tuple[Phone, ...]]:
    """Cut sentences that are too long to be spoken at once, each time at the place nearest the middle."""
    for sentence in sentences:
        spaces = [at for at in range(1, len(sentence) - 1) if sentence[at].sign == SPACE]
        places = [at for at in spaces if sentence[at - 1].sign in CUTS]
        if not places and len(sentence) > LONGEST_BREATH:
            places = spaces
        if len(sentence) <= LONGEST or not places:
            yield sentence
        else:
            place = min(places, key=lambda at: abs(2 * at - len(sentence)))
            yield from _cut((sentence[:place], sentence[place + 1 :]))


def find_ids(
    sentence: Sequence[Phone], ids: Mapping[str, Sequence[int]]
) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Return the ids of a sentence, padded as voices are trained, and which of them make each word.

    The latter are the word, the first id and the one after the last. Signs that *ids* lacks are
    replaced by the nearest, or left out.
    """
    pad = list(ids["_"])
    row = [*ids["^"], *pad]
    places = []
    for phone in sentence:
        for sign in _known(phone.sign, ids):
            if phone.word >= 0:
                places.append((phone.word, len(row), len(row) + len(ids[sign])))
            row += [*ids[sign], *pad]
    return [*row, *ids["$"]], places


def _known(sign: str, ids: Mapping[str, Sequence[int]]) -> Iterator[str]:
    if sign in ids:
        yield sign
    else:
        yield from (other for other in NEAREST.get(sign, "") if other in ids)
