"""The words that tell who speaks, and how an attribution is put together."""

import re

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.abbreviations import FIRM_ENDS, NAME_PARTS, TIMES

SPEECH_VERBS = frozenset(
    """
    acknowledged added adds admits admitted announced argued argues asked asks asserted claimed claims
    commented complained conceded concluded confirmed continued cried declared declares exclaimed
    explained explains insisted insists joked lamented noted notes posted quipped recalled recalls
    remarked replied replies reported responded said say says shouted stated states stressed suggested
    tells testified told tweeted urged vowed warned warns writes wrote
    """.split()
)
"""Verbs that stand between a speaker and the words."""

_ADVERBS = frozenset("also later then once has had have previously recently again even simply".split())
_ADDRESSED = frozenset("told tells asked".split())
_CLAUSE_WORDS = frozenset(
    """
    adding although and are as because but citing if is noting or referring so than that though was were
    when where whether which while who whom whose
    """.split()
)
FINITE_VERBS = frozenset(
    "is was are were has had have will would can could may might must should did does".split()
)
_RELATIVES = frozenset("who whom whose which that where".split())
_NO_SPEAKERS = frozenset(
    """
    a.m about according adding after although and as at because before but by citing during for from
    goes have how if in into is it's like more much nor nothing of on or read reads so something than
    that then though to under until was went were what when where which while who why with without yet
    """.split()
)
_LEADING = frozenset(
    """
    about after at before by during earlier early Friday from in last late Monday of on over Saturday
    Sunday this through Thursday to Tuesday via Wednesday yesterday
    """.split()
)
"""What may come after "X said" without turning the sentence to something else."""
_NO_DESCRIPTION = FINITE_VERBS | frozenset(
    "and but or as while when after before because although though according then if so".split()
)
_SAYING = frozenset("said says told tells added adds".split())
_DESCRIBING = frozenset("holding sitting speaking standing wearing testifying writing".split())
_CIRCUMSTANCE = compile_late(
    r"""
    ,?\ (?=
        (?:on\ )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b
      | (?:in|on|via)\ (?:an?\ |her\ |his\ |the\ |their\ )?(?:[\w-]+\ ){0,3}?
        (?:Facebook|Instagram|Telegram|Twitter|X|briefing|conference|e-?mail|interview|letter|memo|message|note
        |post|report|speech|statement|tweet|video)\b
      | at\ (?:an?|the)\ (?:[\w-]+\ ){0,3}?(?:briefing|conference|event|hearing|meeting|rally|summit)\b
      | (?:by|over|via)\ (?:the\ )?(?:e-?mail|phone|telephone)\b
      | yesterday\b | (?:early|late)\ (?:on\ )?[A-Z] | earlier\ this\b | last\ (?:month|night|week|year)\b
      | during\ an?\b | after\ the\b
    )
    """,
    re.VERBOSE,
)
"""What follows a speaker's name and tells when or where it was said."""
_STOP_INSIDE = compile_late(r"\.([\"”»'’]{1,2})$")
"""The sentence's full stop, inside the marks of a title: on “Meet the Press.”"""
_OF_WHAT = compile_late(r"(?:[A-Z][\w'’-]+ ){1,3}(?:about|of) (?:an?|her|his|its|the|their|this) [a-z]")
"""“…,” said Okafor of the flood: what the words are about, and no part of a title."""
LONGEST_ATTRIBUTION = 260
"""Characters; a speaker whose title takes longer to say is left where the article put it."""
MOST_SPEAKER_WORDS = 10
MOST_DESCRIPTION_WORDS = 22


def parse_attribution(tail: str) -> str | None:
    """Return what follows a quotation as what leads to it: "X, the mayor, said" for "said X, the mayor".

    None where *tail* is anything else, or more.
    """
    words = tail.strip()
    if not words or len(words) > LONGEST_ATTRIBUTION or any(sign in words for sign in ";:—?!()"):
        return None
    phrase = _drop_stop(words)
    first, _, rest = phrase.partition(" ")
    if first.lower() == "according" and rest.startswith("to "):
        return _capitalise(phrase) if _is_plain(rest.removeprefix("to ")) else None
    lead = _turn_round(first, rest) if first in SPEECH_VERBS else _keep_order(phrase)
    return _capitalise(lead) if lead else None


def _drop_stop(words: str) -> str:
    """Take the full stop that ends the sentence; one that also shortens a word stays."""
    words = _STOP_INSIDE.sub(r"\1", words)
    last = words.rpartition(" ")[2].removesuffix(".")
    shortened = "." in last or last in NAME_PARTS or last in FIRM_ENDS or last in TIMES
    return words if shortened else words.removesuffix(".")


def _capitalise(phrase: str) -> str:
    """Begin *phrase* with a capital, unless it begins with a name that has its capital inside (al-Golani)."""
    first = phrase.partition(" ")[0]
    return phrase if any(map(str.isupper, first[1:])) else phrase[:1].upper() + phrase[1:]


def _turn_round(verb: str, rest: str) -> str | None:
    """Make "X, title, said" of "said" and "X, title"."""
    if (verb in _ADDRESSED and verb != "asked") or _OF_WHAT.match(rest):
        return None
    circumstance = ""
    if cut := _CIRCUMSTANCE.search(rest):
        rest, circumstance = rest[: cut.start()], " " + rest[cut.end() :]
        if not _is_plain(circumstance):
            return None
    speaker, comma, description = rest.partition(", ")
    if not is_speaker(speaker) or " with " in speaker or (comma and not _describes(description)):
        return None
    return f"{rest.rstrip(',')}{',' if comma else ''} {verb}{circumstance}"


def _keep_order(phrase: str) -> str | None:
    """Return "X, title, said" as it stands, where that is all that *phrase* says."""
    words = phrase.split(" ")
    number = next((number for number, word in enumerate(words) if word.rstrip(",") in SPEECH_VERBS), 0)
    if not number or words[number].endswith(","):
        return None
    before, after = words[:number], words[number + 1 :]
    while len(before) > 1 and before[-1] in _ADVERBS:
        before.pop()
    speaker, comma, description = " ".join(before).partition(", ")
    if comma and not description.endswith(","):
        return None
    if not is_speaker(speaker.rstrip(",")) or (comma and not _describes(description.rstrip(","))):
        return None
    if speaker.endswith(","):
        return None
    return phrase if not after or _follows(words[number], after) else None


def _follows(verb: str, after: list[str]) -> bool:
    """Tell whether what comes *after* the verb says only to whom, when or where."""
    begins = after[0] in _LEADING or verb in _ADDRESSED
    return begins and _is_plain(" ".join(after))


def _is_plain(phrase: str) -> bool:
    """Tell a phrase without a clause of its own."""
    words = phrase.split()
    return 0 < len(words) <= 14 and "," not in phrase and not _CLAUSE_WORDS.intersection(words)


def is_speaker(phrase: str) -> bool:
    """Tell who could speak: a pronoun, a name, a title with a name, "the minister", "officials"."""
    words = phrase.split(" ")
    if not words[0] or not words[0][0].isalpha() or words[0].lower() in _NO_SPEAKERS:
        return False
    if phrase.lower().startswith("a lot "):
        return False
    relative = next((number for number, word in enumerate(words) if word in _RELATIVES), len(words))
    noun = words[:relative]
    if not noun or len(words) > MOST_SPEAKER_WORDS or words[-1].lower() in _NO_SPEAKERS | _ADVERBS:
        return False
    return not (FINITE_VERBS | SPEECH_VERBS).intersection(noun) and not any(map(_is_odd, words))


def _is_odd(word: str) -> bool:
    return any(sign in word for sign in ',;:"“”«»[]{}<>|/\\=_*')


def _describes(phrase: str) -> bool:
    """Tell a title or the like: "chief of the Observatory", "who lives there", "42"."""
    words = phrase.split(" ")
    first = words[0]
    if len(words) > MOST_DESCRIPTION_WORDS or first in _NO_DESCRIPTION or not first[:1].isalnum():
        return False
    if first.endswith("ing") and first not in _DESCRIBING:
        return False
    return not _SAYING.intersection(words) and ", and " not in phrase
