"""The script held against its article: every fact spoken or accounted for, nothing made up.

A fact is a number, a name, a date, a quotation or a percentage. What a producer has struck, what the
station's depth or minutes cut, and what style leaves to the eye (datelines, captions, the marks of footnotes)
is accounted for by its reason.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from morning_edition.articles.article import Article
from morning_edition.proof import Finding, LeftOutFact, Severity, Truth
from morning_edition.proof.spoken_forms import prove_spoken_forms
from morning_edition.script.findings import KIND_NAMES
from morning_edition.script.findings import Finding as Difference
from morning_edition.script.places import read_places
from morning_edition.script.script import Script
from morning_edition.script.style.parentheses import FOOTNOTE
from morning_edition.script.truth import Compared, compare_sides, write_frame
from morning_edition.script.words import (
    Fact,
    Word,
    Wording,
    count_words,
    find_facts,
    find_names,
    is_title,
    judge_word,
    read_words,
)
from morning_edition.script.writing import Selection, select_reading
from morning_edition.station import Station

BY_HAND = "struck by hand, without a reason"
FOOTNOTE_REASON = "the mark of a footnote, which is not read aloud"
LONGEST_SHOWN = 160
"""Characters of a sentence that a finding shows."""


def prove_truth(
    article: Article,
    station: Station,
    date: dt.date,
    script: Script,
    selection: Selection | None = None,
    *,
    edited: bool = False,
) -> Truth:
    """Hold *script* against *article*, from both sides.

    *selection* is what of the article is read, where it is known already. An *edited* script is one that a
    producer has changed by hand: it is also held against the one that the template would write of the
    edition of *date*. Raises `ScriptError` when the template is broken.
    """
    selection = selection or select_reading(article, station, date)
    frame = write_frame(article, station, date, script, selection) if edited else script
    compared = compare_sides(selection.article, script, frame)
    names = _find_names(compared.written)
    findings = [
        *_judge(compared, names, edited=edited),
        *prove_spoken_forms(script, names),
    ]
    picks = {
        f"look-{number}" for number, look in enumerate(selection.article.quick_looks, 1) if look.extracted
    }
    accounts = [_Account(compared, names, place) for place in ("", *compared.written) if place not in picks]
    marks = _find_footnotes(selection.article, script) if station.style.parentheses else ()
    return Truth(
        tuple(sorted(findings, key=lambda finding: finding.row)),
        sum(account.spoken for account in accounts),
        (*(fact for account in accounts for fact in account.left_out), *marks),
    )


def _find_names(written: Mapping[str, Sequence[Wording]]) -> frozenset[str]:
    """Return the article's names; a byline is nothing else."""
    byline = (word.name for one in written.get("byline", ()) for word in one.words)
    return find_names(one for sentences in written.values() for one in sentences).union(byline)


class _Account:
    """What of one place's facts is spoken, and what is left out for which reason."""

    def __init__(self, compared: Compared, names: Collection[str], place: str) -> None:
        rows = compared.rows.get(place, ())
        said = [*rows, *compared.copies.get(place, ())]
        self._heard = count_words([row.wording for row in said if not row.struck])
        self._struck = [(row, Counter(row.wording.counted)) for row in rows if row.struck]
        self._place = place
        self.spoken = 0
        self.left_out: list[LeftOutFact] = []
        written = compared.written.get(place) or [row.wording for row in rows if row.struck]
        said_anyway = not rows and not any(one.place == place for one in compared.findings)
        for wording in written:
            for fact in find_facts(wording, names):
                self._settle(fact, said_anyway=said_anyway)

    def _settle(self, fact: Fact, *, said_anyway: bool) -> None:
        """Find *fact* among what is heard, or else among what is struck; a lost one is a finding already.

        A title that is *said_anyway*, as a part of something else, has no line of its own.
        """
        if said_anyway or _take(fact.words, self._heard):
            self.spoken += 1
            return
        for row, counted in self._struck:
            if _take(fact.words, counted):
                place = self._place or f"row {row.number}"
                self.left_out.append(LeftOutFact(fact.kind, fact.text, place, row.reason or BY_HAND))
                return


def _take(words: Sequence[Word], counted: Counter[str]) -> bool:
    """Take *words* out of *counted*, if all of them are there."""
    wanted = Counter(word.key for word in words)
    if any(counted[key] < count for key, count in wanted.items()):
        return False
    counted.subtract(wanted)
    return True


def _find_footnotes(article: Article, script: Script) -> Iterator[LeftOutFact]:
    said = {mark for line in script.lines if "[" in line.text for mark in FOOTNOTE.findall(line.text)}
    for place, text in read_places(article):
        if "[" in text:
            for mark in FOOTNOTE.findall(text):
                if mark not in said:
                    yield LeftOutFact("number", mark, place, FOOTNOTE_REASON)


def _judge(compared: Compared, names: Collection[str], *, edited: bool) -> Iterator[Finding]:
    """Turn differences into findings: one that touches a fact is a failure, one of plain words a warning.

    A sentence that is gone, with none put in its place, is a failure whatever it says; so is every sentence
    that the template itself loses or makes up.
    """
    sentences = compared.written.values()
    known = frozenset(word.name for written in sentences for one in written for word in one.words)
    changed = _count_words(compared.findings)
    gone = _find_gone(compared.findings)
    for one in compared.findings:
        added = one.side == "not in the article"
        facts = [
            word
            for word, kind in _facts_of(one, names)
            if not changed[one.place, not added, word.name]
            and not (added and edited and kind == "name" and word.name in known)
        ]
        broken = one.kind == "sentence" and (not edited or (not added and one.place in gone))
        severity: Severity = "failure" if facts or broken else "warning"
        yield Finding(one.side if one.kind != "order" else "order", severity, _tell(one, facts), row=one.row)


def _count_words(differences: Sequence[Difference]) -> Mapping[tuple[str, bool, str], int]:
    """Count the words that each place adds (True) and loses (False), to tell those that only change form."""
    return Counter(
        (one.place, one.side == "not in the article", word.name) for one in differences for word in one.words
    )


def _find_gone(differences: Sequence[Difference]) -> frozenset[str]:
    """Return the places that have lost more sentences than were put there; a title may go."""
    lost = Counter[str]()
    for one in differences:
        if one.kind == "sentence" and not is_title(read_words(one.text)):
            lost[one.place] += 1 if one.side == "not spoken" else -1
    return frozenset(place for place, count in lost.items() if count > 0)


def _facts_of(one: Difference, names: Collection[str]) -> Iterator[tuple[Word, str]]:
    """Return the words that make facts; a name that a title adds is one, whether or not it is known."""
    title = one.side == "not spoken" and is_title(read_words(one.sentence or one.text))
    for word in one.words:
        kind = judge_word(word, names, title=title)
        if kind != "word":
            yield word, kind


def _tell(one: Difference, facts: Sequence[Word]) -> str:
    shown = _shorten(one.sentence or one.text)
    where = f" ({one.place})" if one.place else ""
    if one.kind == "order":
        return (
            f"The words stand in another order than in the article{where}: “{shown}”; see that it is meant."
        )
    told = ", ".join(f"“{word.shown}”" for word in facts)
    if one.side == "not spoken":
        way_out = (
            "put it back, or strike it with a reason: ~~text~~ {left out: why}; or correct it in "
            "article.json, too, if the article was wrong."
        )
        if one.kind == "sentence":
            return f"Not spoken{where}: “{shown}”{f', and so {told}' if told else ''}; {way_out}"
        return f"Not spoken{where}: {KIND_NAMES[one.kind]} “{one.text}” of “{shown}”; {way_out}"
    way_out = "put it right, or strike it; or correct it in article.json, too, if the article was wrong."
    if one.kind == "sentence":
        return f"Not in the article{where}: “{shown}”{f', with {told}' if told else ''}; {way_out}"
    return f"Not in the article{where}: {KIND_NAMES[one.kind]} “{one.text}” in “{shown}”; {way_out}"


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1].rstrip()}…"
