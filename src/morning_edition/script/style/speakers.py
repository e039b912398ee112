"""Who speaks is named before the words, and quotations get lines of their own.

A listener cannot see a quotation mark: the ear needs the name first. What is certain is turned round; an
attribution that says more than who, to whom, when and where stays as it is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from morning_edition.patterns import compile_late
from morning_edition.script.script import Role
from morning_edition.script.style.airing import LONGEST_SENTENCE, Styled
from morning_edition.script.style.quotations import Quotation, quoted_parts
from morning_edition.script.style.speech import FINITE_VERBS, SPEECH_VERBS, parse_attribution
from morning_edition.spoken.english.abbreviations import STARTERS
from morning_edition.station.settings import Style

_ENDS = (".", "!", "?", "…")
_CLOSING_MARKS = "\"”“»'’"
_FIRST_PERSON = compile_late(r"I\b")
_MOST_ADDRESS_WORDS = 2
"""What so short a part says is no sentence: "Sir," said he, "…"."""
FEWEST_WORDS = 4
"""A quotation of fewer words that nobody is said to say is a name or a term."""


@dataclass(frozen=True, slots=True)
class _Speech:
    """A quotation in its sentences, from number *first* to *last*."""

    first: int
    last: int
    pieces: list[str]
    """Its words, one piece a sentence, the marks where they stood."""
    before: str
    """What the first sentence holds before it."""
    after: str
    """What the last sentence holds behind it."""


def place_speakers(sentences: Sequence[str], style: Style) -> list[Styled]:
    """Return the lines of one paragraph, speakers first and quotations apart as *style* asks."""
    parts = quoted_parts(sentences)
    lines: list[Styled] = []
    number = 0
    while number < len(sentences):
        said, number = _read_speech(sentences, parts, number, style)
        lines.extend(said)
    return lines


def _read_speech(
    sentences: Sequence[str], parts: list[list[Quotation]], number: int, style: Style
) -> tuple[list[Styled], int]:
    """Return the lines of what begins with sentence *number*, with the number of the sentence after it."""
    here = parts[number]
    if not here or len(sentences[number]) > LONGEST_SENTENCE:
        return [Styled(sentences[number])], number + 1
    speech = _take_speech(sentences, parts, number, 0 if here[0].start == 0 else -1)
    if speech.before:
        lines = _follow_intro(speech) if style.quotations else None
    elif not speech.after.strip(" .!?…"):
        lines = _say_alone(speech, style)
    elif style.speaker_first and here[0].opened:
        if split := _read_split(sentences, parts, speech, style):
            return split
        lines = _turn_round(speech, style)
    else:
        lines = None
    if lines:
        return lines, speech.last + 1
    if speech.after and parts[speech.last][-1].start > 0:  # another may begin there, and go on
        after = _take_speech(sentences, parts, speech.last, -1)
        return list(map(Styled, sentences[number : after.last + 1])), after.last + 1
    return _leave(sentences, speech, style), speech.last + 1


def _leave(sentences: Sequence[str], speech: _Speech, style: Style) -> list[Styled]:
    """Leave the words as they stand; a quotation that needs the reader's own words is the reader's whole."""
    is_bare = not speech.before and not speech.after.strip(" .!?…")
    role: Role | None = "quote" if style.quotations and is_bare and speech.first < speech.last else None
    return [Styled(sentence, role) for sentence in sentences[speech.first : speech.last + 1]]


def _take_speech(sentences: Sequence[str], parts: list[list[Quotation]], number: int, which: int) -> _Speech:
    """Take quotation *which* of sentence *number*, on to the sentence that it ends in."""
    part = parts[number][which]
    pieces = [sentences[number][part.start : part.end]]
    last = number
    while not part.closed and part.end == len(sentences[last]) and _goes_on(parts, last + 1):
        last += 1
        part = parts[last][0]
        pieces.append(sentences[last][part.start : part.end])
    before = sentences[number][: parts[number][which].start]
    return _Speech(number, last, pieces, before, sentences[last][part.end :])


def _goes_on(parts: list[list[Quotation]], number: int) -> bool:
    """Tell whether sentence *number* goes on with the quotation that the one before it left open."""
    return number < len(parts) and bool(parts[number]) and parts[number][0].start == 0


def _say_alone(speech: _Speech, style: Style) -> list[Styled] | None:
    """Give sentences that are nothing but quotation to who reads quotations."""
    words = sum(len(piece.split()) for piece in speech.pieces)
    is_sentence = _part_mark(speech.pieces[-1])[0].endswith(_ENDS)
    if not style.quotations or not (is_sentence or words >= FEWEST_WORDS):
        return None
    *others, last = speech.pieces
    return [*_quote(others), *_quote([last + speech.after.rstrip()])]


def _quote(pieces: Sequence[str]) -> Iterator[Styled]:
    return (Styled(piece, "quote") for piece in pieces)


def _turn_round(speech: _Speech, style: Style) -> list[Styled] | None:
    """Make "X said:" and the words of "the words," and "X said."."""
    words = _end_words(speech)
    lead = parse_attribution(speech.after.lstrip(", ")) if words else None
    return _lead_to(lead, words, style) if lead and words else None


def _end_words(speech: _Speech) -> list[str] | None:
    """Return the pieces with a full stop for the comma that joined them to who said them."""
    *others, last = speech.pieces
    inner, mark = _part_mark(last)
    if inner.endswith(_ENDS) or inner.endswith(("—", "–")):
        return [*others, last]
    if not (inner.endswith(",") or speech.after.startswith(",")):
        return None
    words = inner.rstrip(",")
    return [*others, words + ("" if words.endswith(_ENDS) else ".") + mark]


def _part_mark(piece: str) -> tuple[str, str]:
    """Part the closing mark from the words, with the one of a quotation inside."""
    inner = piece.rstrip(_CLOSING_MARKS)
    return inner, piece[len(inner) :]


def _lead_to(lead: str, pieces: list[str], style: Style) -> list[Styled]:
    if style.quotations:
        return [Styled(lead + ":"), *_quote(pieces)]
    return [Styled(f"{lead}: {pieces[0]}"), *map(Styled, pieces[1:])]


def _read_split(
    sentences: Sequence[str], parts: list[list[Quotation]], speech: _Speech, style: Style
) -> tuple[list[Styled], int] | None:
    """Join what an attribution split, as in "A," X said, "B" at a sentence's end."""
    here = parts[speech.last]
    at = next((which for which, part in enumerate(here) if part.start > 0), 0)
    if at == 0 and here[0].start == 0:
        return None
    second = _take_speech(sentences, parts, speech.last, at)
    first_end = len(sentences[speech.last]) - len(speech.after)
    between = sentences[speech.last][first_end : here[at].start].strip()
    words = _end_words(speech)
    if not words or second.after.strip(" .") or not between.endswith(","):
        return None
    lead = parse_attribution(between.lstrip(", ").rstrip(","))
    if lead is None:
        return None
    *others, last = second.pieces
    rest = [*others, last + ("." if second.after.strip() and not _part_mark(last)[0].endswith(_ENDS) else "")]
    return _lead_to(lead, _join(speech.pieces, words, rest), style), second.last + 1


def _join(pieces: list[str], ended: list[str], rest: list[str]) -> list[str]:
    """Put two halves of a quotation together: as one sentence where the second goes on with it."""
    begins = rest[0].lstrip("\"“„«'‘")
    inner, _ = _part_mark(pieces[-1])
    first = begins.partition(" ")[0]
    joins = first[:1].islower() or first.rstrip(",") not in STARTERS
    goes_on = joins or _FIRST_PERSON.match(begins) or len(inner.split()) <= _MOST_ADDRESS_WORDS
    if not goes_on or inner.endswith(_ENDS):
        return [*ended, *rest]
    if begins.partition(" ")[0] in FINITE_VERBS:  # no comma stands between a subject and its verb
        inner = inner.rstrip(",")
    elif not inner.endswith((",", "—", "–")):
        inner += ","
    return [*pieces[:-1], f"{inner} {begins}", *rest[1:]]


def _follow_intro(speech: _Speech) -> list[Styled] | None:
    """Part "X said, …" from a quotation that ends the sentence."""
    intro = speech.before.rstrip()
    words = [word for piece in speech.pieces for word in piece.split()]
    begins = speech.pieces[0].lstrip("\"“„«'‘[(. …")[:1]
    if len(words) < FEWEST_WORDS or begins.islower() or speech.after.strip(" .!?"):
        return None
    if not (intro.endswith(":") or (intro.endswith(",") and _tells_speech(intro)) or _says(intro, words)):
        return None
    *others, last = speech.pieces
    return [Styled(intro.rstrip(",:") + ":"), *_quote([*others, last + speech.after.strip()])]


def _says(intro: str, words: list[str]) -> bool:
    """Tell "X said" without a comma from "X wrote" a book: what it says goes on in small letters."""
    verb = intro.rpartition(" ")[2]
    return verb in {"said", "says", "added", "warned", "replied"} and words[1][0].islower()


def _tells_speech(intro: str) -> bool:
    return any(word in SPEECH_VERBS for word in intro.rstrip(",").split()[-8:])
