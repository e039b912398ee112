"""The source of a claim comes before the claim: "X said the talks failed", for "The talks failed, X said".

Only where nothing else can be meant: one plain clause whose first word is known to be no name or is part of a
longer one, and a source without a clause of its own.
"""

import re

from morning_edition.patterns import compile_late
from morning_edition.script.style.airing import LONGEST_SENTENCE
from morning_edition.script.style.speech import is_speaker
from morning_edition.spoken.english.abbreviations import STARTERS

_SAYING = compile_late(
    r"(?P<source>[^\s,][^,]*?) (?P<verb>said|says|say)"
    r"(?P<when> (?:on |late |early )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|"
    r" in an? (?:[\w-]+ )?(?:statement|report|interview))?\.$"
)
_ACCORDING = compile_late(r"according to (?P<source>[^\s,][^,]*)\.$")
_SUBJECTS = frozenset(
    """
    A All An At Both Each Every Few Half He Her His It Its Many Most More Nearly No Nobody None Over
    Several She Some That The Their There These They This Those Two Under

    Aid Children Demonstrators Dozens Drivers Emergency Employees Families Fighters Fighting Fire
    Firefighters Flooding Forces Gunmen Heavy Hospitals Houses Hundreds Inflation Insurgents Lawmakers Men
    Militants Millions Negotiations Passengers Patients People Prices Protesters Rebels Rents Rescuers Retail
    Sales Schools Shares Soldiers Students Talks Temperatures Thousands Troops Unemployment Voters Wages
    Wildfires Women Workers
    """.split()
)
"""Words that begin a clause as its subject or with it, and are no name."""
_FINITE = compile_late(
    r"\b(?:is|was|are|were|has|have|had|will|would|can|could|may|might|must|should|did|does|do|began|became"
    r"|broke|came|caused|cost|cut|fell|found|gave|got|grew|held|hit|kept|killed|knew|left|let|lost|made|met"
    r"|paid|put|ran|rose|sent|set|shot|spent|struck|took|won|went|\w{2,}ed)\b"
)
_OTHER_CLAUSE = compile_late(
    r"""
    [;:—–?!()"“”«»…] | \.\.\. | \s-\s
  | ,\ (?:after|although|and|as|at|because|before|but|by|for|he|if|in|it|nor|on|or(?!\ [A-Z][\w.&-]*,)|she
    |since|so|that|they|though|until|when|where|which|while|who|whose|with|yet)\b
    """,
    re.VERBOSE,
)
"""What makes a claim more than one plain clause; a gloss (", or HTS,") does not."""
FEWEST_WORDS = 3
MOST_WORDS = 38


def name_source(sentence: str) -> str:
    """Return *sentence* with its source first, or as it is."""
    claim, comma, tail = sentence.rpartition(", ")
    if not comma or len(sentence) > LONGEST_SENTENCE or not FEWEST_WORDS <= len(claim.split()) <= MOST_WORDS:
        return sentence
    if _OTHER_CLAUSE.search(claim) or not _FINITE.search(claim):
        return sentence
    begun = _begin_inside(claim)
    return (begun and _lead(begun, tail)) or sentence


def _lead(claim: str, tail: str) -> str:
    if (match := _SAYING.match(tail)) and _is_source(match["source"]):
        source = match["source"][0].upper() + match["source"][1:]
        when = match["when"]
        return f"{source} {match['verb']}{f'{when} that' if when else ''} {claim}."
    if (match := _ACCORDING.match(tail)) and _is_source(match["source"]):
        return f"According to {match['source']}, {claim}."
    return ""


def _is_source(phrase: str) -> bool:
    return is_speaker(phrase) and not phrase.endswith((".", "not", "n't"))


def _begin_inside(claim: str) -> str:
    """Return *claim* as it stands inside a sentence; empty where its first word might be a name or none."""
    first, _, rest = claim.partition(" ")
    if first in _SUBJECTS:
        return first.lower() + " " + rest
    named = first not in STARTERS and first[:1].isupper() and rest[:1].isupper()
    return claim if named else ""
