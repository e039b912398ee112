"""The names to check before air: what no dictionary has and no lexicon answers, each once, with its place."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from morning_edition.articles import Article
from morning_edition.patterns import compile_late
from morning_edition.pronunciation.known_words import is_known
from morning_edition.pronunciation.lexicon import Lexicon
from morning_edition.pronunciation.pronouncers import find_pronouncers, without_pronouncers
from morning_edition.spoken import split_sentences
from morning_edition.spoken.english.abbreviations import STARTERS, TITLES

_CHUNK = compile_late(r"\S+")
_NO_WORDS = compile_late(r"@|://|^#|\d|www\.|\w\.(?:com|org|net|gov|edu|co|uk|de|fr|io)\b")
"""What a chunk has that is an address, a handle or a number rather than words."""
_LONGEST_CHUNK = 100
_WORD = compile_late(r"[^\W\d_]+(?:[-‐‑'’ʼ][^\W\d_]+)*")
_IN_PARENTHESES = compile_late(r"\(([A-Z]{2,5})\)")
_ROMAN = compile_late(r"[IVXLC]+")
_POSSESSIVE = compile_late(r"['’ʼ]s?$")
_PARTICLES = frozenset(
    """
    al el as ar an ad at ash bin bint ibn ben abu da das de del della der den des di do dos du e la las
    le los of san te ten ter van von und y zu zur
    """.split()
) - {"an", "as", "at", "of", "do", "e", "ten", "da"}
"""Small words inside a name."""
_OFFICES = (
    frozenset(
        """
        Acting Admiral Ambassador Archbishop Attorney Ayatollah Baroness Bishop Brigadier Captain
        Cardinal Chairman Chancellor Chief Colonel Commander Commissioner Congressman Congresswoman
        Corporal Councillor Councilman Councilwoman Count Countess Crown Dame Dean Deputy Director
        Doctor Dr Duchess Duke Emir Emperor Empress Father First Foreign Former General Governor Imam
        Judge Justice King Lady Leader Lieutenant Lord Madam Major Mayor Minister Miss Mother Mr Mrs Ms
        MP Mullah Officer Police Pope Premier President Prime Prince Princess Professor Queen Rabbi
        Representative Republican Reverend Secretary Senator Sergeant Sheikh Sheriff Sir Sister Speaker
        Spokesman Spokeswoman Sultan Superintendent Supreme Treasurer Vice
        """.split()
    )
    | TITLES
)
_CALENDAR = frozenset(
    """
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August
    September October November December
    """.split()
)
_MOST_LEADING = 3
"""Known words before an unknown one that count as part of its name."""
_LONGEST_SHORT = 3
"""Letters of an acronym that is spelled out as a matter of course."""

Kind = Literal["name", "acronym"]


@dataclass(frozen=True, slots=True)
class NameToCheck:
    """A name, or an acronym, that a voice may get wrong."""

    name: str
    kind: Kind
    count: int
    """How often it stands in the article, in full or in part."""
    sentence: str
    """The first sentence that it stands in."""


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    """Without a possessive."""
    start: int
    end: int
    known: bool
    first: bool
    """Whether it opens its sentence."""

    @property
    def capital(self) -> bool:
        return self.text[0].isupper() or any(map(str.isupper, re.findall(r"[-‐‑](\w)", self.text)))

    @property
    def acronym(self) -> bool:
        return len(self.text) > 1 and self.text.isupper() and self.text.isalpha()

    @property
    def particle(self) -> bool:
        return self.text in _PARTICLES


@dataclass(frozen=True, slots=True)
class _Mention:
    name: str
    unknown: frozenset[str]
    sentence: str


def texts_of(article: Article) -> tuple[str, ...]:
    """Return what an article says, in the order in which it is read; names stand in all of it."""
    sections = [text for section in article.deep_look for text in (section.heading, *section.paragraphs)]
    looks = [text for look in article.quick_looks for text in (look.label, look.text)]
    return tuple(filter(None, [article.lede, *looks, *sections, article.headline, article.byline]))


def find_names(texts: Iterable[str], lexicon: Lexicon) -> tuple[NameToCheck, ...]:
    """Return the names in *texts* that nobody has answered for, the first to be read first.

    Neighbouring capitals are one name, and a part of a name that comes later is the same name. A name with a
    pronouncer behind it has its answer there.
    """
    written = list(texts)
    answered = lexicon.with_entries(
        pronouncer.entry for text in written for pronouncer in find_pronouncers(text)
    )
    sentences = [
        (sentence, _read_words(sentence, answered))
        for text in written
        for sentence in split_sentences(without_pronouncers(text))
    ]
    small = {word.text for _, words in sentences for word in words if word.text.islower()} - _PARTICLES
    mentions = [mention for item in sentences for mention in _find_mentions(*item, small)]
    return (*_join_mentions(mentions), *_find_acronyms(sentences))


def _read_words(sentence: str, lexicon: Lexicon) -> list[_Word]:
    spans = [(said.start, said.end) for said in lexicon.find(sentence)]
    words: list[_Word] = []
    at = 0
    for match in _find_words(sentence):
        while at < len(spans) and spans[at][1] <= match.start():
            at += 1
        answered = at < len(spans) and spans[at][0] < match.end()
        text = _POSSESSIVE.sub("", match[0])
        known = answered or all(is_known(part) or part.isupper() for part in re.split(r"[-‐‑]", text))
        if text.isupper() and text.isalpha():
            known = answered or is_known(text)
        words.append(_Word(text, match.start(), match.end(), known, first=not words))
    return words


def _find_words(sentence: str) -> Iterator[re.Match[str]]:
    for chunk in _CHUNK.finditer(sentence):
        if len(chunk[0]) <= _LONGEST_CHUNK and not _NO_WORDS.search(chunk[0]):
            yield from _WORD.finditer(sentence, chunk.start(), chunk.end())


def _find_mentions(sentence: str, words: list[_Word], small: set[str]) -> Iterator[_Mention]:
    titled = not sentence.rstrip("\"”’')").endswith((".", "!", "?")) and _is_titled(words)
    for run in _find_runs(sentence, words):
        yield from _read_run(sentence, run, small, titled=titled)


def _is_titled(words: list[_Word]) -> bool:
    """Tell a headline, in which a capital means nothing."""
    long = [word for word in words if len(word.text) > 3]
    return len(long) > 2 and sum(word.capital for word in long) > 0.7 * len(long)


def _find_runs(sentence: str, words: list[_Word]) -> Iterator[list[_Word]]:
    """Yield neighbouring words that could be one name: capitals, and particles between them."""
    run: list[_Word] = []
    for word in words:
        beside = run and re.fullmatch(r"\.? ", sentence[run[-1].start + len(run[-1].text) : word.start])
        if not beside or not (word.particle or (word.capital and not word.acronym)):
            yield run
            run = []
        if (word.capital and not word.acronym) or (run and word.particle):
            run.append(word)
    yield run


def _read_run(sentence: str, run: list[_Word], small: set[str], *, titled: bool) -> Iterator[_Mention]:
    """Yield the names in a run: unknown words, what leads up to them, and nothing behind them."""
    unknown = [at for at, word in enumerate(run) if _is_unknown(word, small)]
    if not unknown:
        return
    groups = [[at] for at in unknown] if titled else [unknown]
    for group in groups:
        first = group[0]
        while not titled and first > 0 and group[0] - first < _MOST_LEADING and _leads(run[first - 1], small):
            first -= 1
        while run[first].particle:
            first += 1
        last = group[-1] if titled else _find_tail(run, group[-1])
        name = sentence[run[first].start : run[last].start + len(run[last].text)]
        yield _Mention(name, frozenset(run[at].text for at in group), sentence)


def _find_tail(run: list[_Word], last: int) -> int:
    """Return where a name ends whose *last* unknown word is followed by a particle's: "Tahrir al-Sham"."""
    while last + 1 < len(run):
        after = run[last + 1]
        if re.split(r"[-‐‑]", after.text)[0].lower() in _PARTICLES and not after.particle:
            last += 1
        elif after.particle and last + 2 < len(run) and run[last + 2].capital:
            last += 2
        else:
            break
    return last


def _is_unknown(word: _Word, small: set[str]) -> bool:
    return not (word.known or word.particle or word.text in TITLES or word.text.lower() in small)


def _leads(word: _Word, small: set[str]) -> bool:
    """Tell a word that may belong to the name after it from one that only stands before it."""
    if word.text in _OFFICES or word.text in _CALENDAR or word.text.lower() in small:
        return False
    return not (word.first and word.text in STARTERS)


def _join_mentions(mentions: list[_Mention]) -> Iterator[NameToCheck]:
    """Yield each name once, as it stands in full; what is a part of it counts with it."""
    forms: defaultdict[frozenset[str], Counter[str]] = defaultdict(Counter)
    for mention in mentions:
        forms[mention.unknown][mention.name] += 1
    holders: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    owners: dict[frozenset[str], frozenset[str]] = {}
    for unknown in sorted(forms, key=len, reverse=True):
        rarest = min((holders[word] for word in sorted(unknown)), key=len)
        owners[unknown] = next((names for names in rarest if unknown <= names), unknown)
        if owners[unknown] is unknown:
            for word in unknown:
                holders[word].append(unknown)
    counts = Counter(owners[mention.unknown] for mention in mentions)
    firsts: dict[frozenset[str], str] = {}
    for mention in mentions:
        firsts.setdefault(owners[mention.unknown], mention.sentence)
    for owner, sentence in firsts.items():
        yield NameToCheck(_find_full_form(forms[owner]), "name", counts[owner], sentence)


def _find_full_form(forms: Counter[str]) -> str:
    """Return the form that stands most often of those that are more than the bare name."""
    fuller = [name for name in forms if len(name) > min(map(len, forms))] or [*forms]
    return max(fuller, key=lambda name: (forms[name], len(name)))


def _find_acronyms(sentences: list[tuple[str, list[_Word]]]) -> Iterator[NameToCheck]:
    """Yield acronyms that nobody knows how to say: long ones, and short ones that stand in parentheses."""
    from morning_edition.spoken.english.acronym_list import COMMON_SHORT, LETTERS, SAID, WORDS

    listed = WORDS | LETTERS | COMMON_SHORT | {*SAID}
    counts: Counter[str] = Counter()
    firsts: dict[str, str] = {}
    introduced: set[str] = set()
    for sentence, words in sentences:
        if sum(word.acronym for word in words) > len(words) / 2:
            continue
        introduced.update(_IN_PARENTHESES.findall(sentence))
        for word in words:
            if word.acronym and not (word.known or word.text in listed or _ROMAN.fullmatch(word.text)):
                counts[word.text] += 1
                firsts.setdefault(word.text, sentence)
    for acronym, sentence in firsts.items():
        if len(acronym) > _LONGEST_SHORT or acronym in introduced:
            yield NameToCheck(acronym, "acronym", counts[acronym], sentence)
