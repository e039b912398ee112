"""Who wrote it, out of the many forms in which pages and feeds say so: names alone, or nothing."""

import re
from collections.abc import Iterable

from morning_edition.articles.blocks import even_text, squeeze
from morning_edition.patterns import compile_late

LONGEST_CHARACTERS = 60
MOST_WORDS = 5
MOST_WRITERS = 4

_BY = compile_late(r"(?:(?:words|written|story|text|reported|posted|published)\s+)?by\b:?\s+", re.IGNORECASE)
_NAMES = compile_late(r"\s*(?:;|\||•|·|\s&\s|\band\b)\s*", re.IGNORECASE)
_ROLE = compile_late(
    r"""
    (?<![\w-])(?:staff|correspondent|editor|reporter|writer|columnist|contributor|desk|producer|special|senior
    |chief|bureau|political|business|sports|national|foreign|health|science|updated|published)(?![\w-])
  | (?<=\s)(?:for|of|at|in|on)(?=\s)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NOBODY = compile_late(
    r"""
    (?:the\s+)?(?:admin(?:istrator)?|anonymous|author|by|editors?|editorial(?:\s+(?:board|team|staff))?|guest|news(?:room|desk)?
    |online|reporters?|site|staff(?:\s+(?:reports?|writers?|reporter))?|submitted|team|unknown|user|web(?:master|desk)?
    |wires?|agencies|agency|redacci[oó]n|redaktion|none|null|press\s+release|\w+\s+(?:desk|wire|staff|team))
    """,
    re.VERBOSE | re.IGNORECASE,
)


def clean_byline(text: str, *, outlet: str = "") -> str:
    """Return the writers' names in *text* ("By Ana Ruiz, Chief Editor"); empty where it names nobody.

    *outlet* is the publication's own name, which is no writer's.
    """
    return join_names([text], outlet=outlet)


def join_names(names: Iterable[str], *, outlet: str = "") -> str:
    """Return *names* as one would say them: "A", "A and B", "A, B and C"; those that are none left out."""
    kept: dict[str, str] = {}
    for name in (one for text in names for one in _NAMES.split(even_text(text)[:400])):
        for part in _apart(name):
            if is_name(part) and squeeze(part) != squeeze(outlet):
                kept.setdefault(squeeze(part), _capitals(part))
    found = list(kept.values())[:MOST_WRITERS]
    return " and ".join(filter(None, (", ".join(found[:-1]), found[-1]))) if found else ""


def is_name(text: str) -> bool:
    """Tell a person's name from a role, a newsroom's desk, an address or a sentence."""
    words = text.split()
    if not words or len(text) > LONGEST_CHARACTERS or len(words) > MOST_WORDS or _NOBODY.fullmatch(text):
        return False
    if any(sign in text for sign in "@/:<>{}|_=") or any(map(str.isdigit, text)) or text.endswith("..."):
        return False
    cased = [word for word in words if word[0].isalpha() and word[0].upper() != word[0].lower()]
    return not cased or any(word[0].isupper() for word in cased)


def _apart(text: str) -> list[str]:
    """Part "By Ana Ruiz, Bo Lee, The Paper" at its commas, and end where roles and newsrooms begin."""
    names: list[str] = []
    for piece in _BY.sub("", text.strip(" ,-–—"), count=1).split(","):
        name = piece.strip(" .,-–—") + ("." if re.search(r"\b(?:Jr|Sr)\.$", piece.strip()) else "")
        if re.fullmatch(r"(?:Jr|Sr)\.?|I{2,3}", name) and names:
            names[-1] += f" {name}"
            continue
        role = _ROLE.search(name)
        if role or (names and len(name.split()) < 2):
            before = name[: role.start()].strip() if role else ""
            return [*names, before] if len(before.split()) > 1 else names
        names.append(name)
    return names


def _capitals(name: str) -> str:
    """Give a name that shouts its usual letters; initials and "McKay" stay."""
    if not name.isupper() or len(name.replace(".", "").replace(" ", "")) <= 3:
        return name
    return " ".join(word if "." in word or len(word) == 1 else word.title() for word in name.split())
