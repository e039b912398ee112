"""Quick Looks for an article that has none: about five of its own sentences, word for word, in its own order.

Each sentence is scored by its words, its place and its form; near copies of what is read already are passed
over. A sentence that leans on the one before it, or that holds one end of a quotation, is not taken.
"""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from morning_edition.articles.article import Article, QuickLook
from morning_edition.patterns import compile_late
from morning_edition.script.places import read_paragraphs
from morning_edition.script.style.airing import Airing
from morning_edition.script.style.slugs import leave_out
from morning_edition.spoken import split_sentences
from morning_edition.station.settings import Style

PICKED = 5
FEWEST_SENTENCES = 4
"""A story with fewer is as short as its Quick Looks would be."""
SENTENCES_A_PICK = 2
"""At most every other sentence is picked, so that Quick Looks are quicker than the story."""
SENTENCES_SCORED = 2000
"""Only so many are scored: what matters in a longer story stands before."""

MOST_WORDS_BEFORE_ALSO = 6
"""Where "also" comes so early, it says that something was told before."""
SHORTEST_WORDS, LONGEST_WORDS = 7, 45
IDEAL_WORDS = (10, 26)
SAME_SHARE = 0.6
"""A sentence that shares so much of the smaller one's words with another says the same."""

WEIGHTS = {
    "centrality": 0.5,
    "title": 1.2,
    "lede": 0.8,
    "position": 0.6,
    "leads": 0.15,
    "facts": 0.15,
    "length": 0.3,
    "voice": 0.2,
}
"""How much each feature counts; halving or doubling any one changes ROUGE by less than 0.02."""

_WORD = compile_late(r"[^\W_]+(?:['’-][^\W_]+)*")
_COMMON = frozenset(
    "a about after again against all also am an and any are as at be because been before being between both "
    "but by can could did do does doing down during each even few first for from further had has have having "
    "he her here him his how i if in into is it its just last like made make many may me more most much must "
    "my near new no nor not now of off on one only or other our out over own per said same says she should "
    "since so some still such than that the their them then there these they this those three through to too "
    "two under until up upon us very was we were what when where which while who whom why will with would "
    "year years yet you your".split()
)
_LEANING = frozenset(
    "accordingly additionally also and another both but consequently either furthermore he hence her here "
    "hers his however i instead it its later likewise meanwhile moreover my nevertheless nor one or other "
    "others our she similarly so some still such that their them then there therefore these they "
    "this those though thus we what which who yes yet you your".split()
)
"""Opening words that point at what was said before."""
_LEANING_PAIRS = compile_late(
    r"(?:for (?:example|instance)|in (?:addition|contrast|other words|turn|that|this)|as a result|"
    r"by contrast|"
    r"(?:at|by|since|until) (?:that|then|this)|from (?:that|then|there)|"
    r"at the same time|on the other hand|the (?:move|latter|former|two|decision|incident|statement|same)|"
    r"(?:after|on top of|because of) (?:that|this)|even so|of course|read more|click here)\b",
    re.IGNORECASE,
)

_LEANING_LATER = compile_late(
    r"(?:After|Although|As|At|Before|Besides|By|Despite|During|For|From|If|In|On|Since|Though|To|Until|When|While"
    r"|With|[A-Z][a-z]+(?:ing|ed))\b(?:[^,]{1,80}, ){1,2}(?:he|it|she|they|this|these|those)(?:['’]\w+)?\b"
)
"""A clause that opens a sentence whose subject was named before: "After the vote, she left"."""
_SHOWN = Airing(dt.date.min, None, Style(dateline="drop"))
"""Captions, credits and datelines are no news, however the station has them."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    place: str
    index: int
    """Which sentence of the story it is, from 0."""
    leads: bool
    """Whether it opens its paragraph."""
    words: frozenset[str]
    """Those that carry meaning, in small letters."""
    length: int
    """All its words."""


def fill_quick_looks(article: Article, *, picked: int = PICKED) -> Article:
    """Return *article* with extracted Quick Looks where it has none and is long enough for them."""
    if article.quick_looks:
        return article
    return with_quick_looks(article, pick_sentences(article, picked))


def with_quick_looks(article: Article, picks: Sequence[tuple[str, str]]) -> Article:
    """Return *article* with *picks* from it, as `pick_sentences` gives them, for its Quick Looks."""
    return replace(article, quick_looks=tuple(QuickLook(text, extracted=True) for _, text in picks))


def pick_sentences(article: Article, picked: int = PICKED) -> list[tuple[str, str]]:
    """Pick the story's most telling sentences, in its order, each with its place; none from a short story."""
    candidates = list(_candidates(article))
    wanted = min(picked, len(candidates) // SENTENCES_A_PICK)
    if len(candidates) < FEWEST_SENTENCES:
        return []
    scores = _score(candidates, article)
    chosen: list[_Candidate] = []
    told = [content_words(article.lede)] if article.lede else []
    for index in sorted(range(len(candidates)), key=lambda index: (-scores[index], index)):
        candidate = candidates[index]
        if len(chosen) == wanted:
            break
        if stands_alone(candidate.text) and not any(_says_the_same(candidate.words, one) for one in told):
            chosen.append(candidate)
            told.append(candidate.words)
    chosen.sort(key=lambda candidate: candidate.index)
    return [(candidate.place, candidate.text) for candidate in chosen] if len(chosen) > 1 else []


def content_words(text: str) -> frozenset[str]:
    """Return the words of *text* that carry meaning, in small letters, without a possessive's end."""
    words = (re.sub(r"['’]s$", "", word.lower()) for word in _WORD.findall(text))
    return frozenset(word for word in words if word not in _COMMON and (len(word) > 1 or word.isdigit()))


def stands_alone(sentence: str) -> bool:
    """Tell a whole statement that needs nothing before it and cuts no quotation in two."""
    words = _WORD.findall(sentence)
    if not SHORTEST_WORDS <= len(words) <= LONGEST_WORDS or not re.search(r"[.!…][\"”’»)]*$", sentence):
        return False
    if (
        re.split("['’]", words[0].lower())[0] in _LEANING
        or _LEANING_PAIRS.match(sentence)
        or _LEANING_LATER.match(sentence)
        or "also" in words[:MOST_WORDS_BEFORE_ALSO]
        or not _opens_well(sentence)
    ):
        return False
    return _holds_whole_quotations(sentence)


def _holds_whole_quotations(sentence: str) -> bool:
    count = sentence.count
    opened = count("„") or count("“")
    closed = count("“") + count("”") if count("„") else count("”")
    return opened == closed and count("«") == count("»") and not count('"') % 2


def _opens_well(sentence: str) -> bool:
    return sentence[0].isalnum() or sentence[0] in "$€£¥"


def _says_the_same(words: frozenset[str], others: frozenset[str]) -> bool:
    smaller = min(len(words), len(others))
    return smaller > 0 and len(words & others) / smaller >= SAME_SHARE


def _candidates(article: Article) -> Iterator[_Candidate]:
    index = 0
    for place, paragraph in read_paragraphs(article):
        read, _ = leave_out(split_sentences(paragraph), _SHOWN)
        for nth, sentence in enumerate(read):
            if index == SENTENCES_SCORED:
                return
            words = content_words(sentence)
            yield _Candidate(sentence, place, index, not nth, words, len(_WORD.findall(sentence)))
            index += 1


def _score(candidates: Sequence[_Candidate], article: Article) -> list[float]:
    frequency = Counter(word for candidate in candidates for word in candidate.words)
    headings = " ".join(section.heading for section in article.deep_look)
    title = content_words(f"{article.headline} {article.quick_looks_title}")
    lede = content_words(article.lede) | content_words(headings) | content_words(" ".join(article.keywords))
    return [
        WEIGHTS["centrality"] * _centrality(candidate, frequency)
        + WEIGHTS["title"] * _share(title, candidate.words)
        + WEIGHTS["lede"] * _share(lede, candidate.words)
        + WEIGHTS["position"] * math.exp(-candidate.index / 12)
        + WEIGHTS["leads"] * candidate.leads
        + WEIGHTS["facts"] * _facts(candidate.text)
        - WEIGHTS["length"] * _misfit(candidate.length)
        - WEIGHTS["voice"] * bool(re.search(r"[\"“”«»]|\b(?:I|we|you|my|our|your)\b", candidate.text))
        for candidate in candidates
    ]


def _centrality(candidate: _Candidate, frequency: Counter[str]) -> float:
    """Tell how much of the story's talk the words carry, 0 to about 1; a word said once counts nothing."""
    top = max(frequency.values(), default=1)
    said = sum(math.log(frequency[word]) for word in candidate.words)
    return said / (math.log(top) or 1) / math.sqrt(len(candidate.words) or 1) / 2


def _share(wanted: frozenset[str], words: frozenset[str]) -> float:
    return len(wanted & words) / math.sqrt(len(wanted) * len(words)) if wanted and words else 0.0


def _facts(text: str) -> float:
    """Tell how much is named and counted, 0 to 1."""
    return min(len(re.findall(r"(?<=\s)[A-Z][\w’'-]+|\d[\d.,]*", text)) / 5, 1)


def _misfit(length: int) -> float:
    """Tell how far a length in words is from what is easily heard, 0 to 1."""
    low, high = IDEAL_WORDS
    return min(max(low - length, length - high, 0) / 10, 1)
