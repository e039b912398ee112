"""Headlines, opened up: what commas, colons and semicolons stand for is said.

Words, names, numbers and capitals stay; a voice does not hear title case.
"""

import re

from morning_edition.patterns import compile_late
from morning_edition.script.style.airing import LONGEST_SENTENCE, Airing
from morning_edition.script.style.days import resolve_days
from morning_edition.script.style.quotations import Quotation, find_quotations
from morning_edition.script.style.references import ends_in_reference
from morning_edition.script.style.speech import parse_attribution

_LABEL = compile_late(
    r"(?:GALLERY|Gallery|IN PICTURES|In pictures|LISTEN|Listen|PHOTOS?|Photos|VIDEO|Video|WATCH|Watch)"
    r"(?: ?[:|] | [-–—] )"
)
"""What only a screen can keep: a picture, a film."""
_COMMA_INSIDE = compile_late(r",(?=[\"'’”»]$)")
_AMPERSAND = compile_late(r"(?<=\w) & (?=\w)")
_SEMICOLON = compile_late(r" ?; (?=\w)")
_SPEAKER = compile_late(r"(?P<speaker>[^\W\d_][^:;,.?!|]{1,48}): $")
_SOURCES = compile_late(
    r"(?P<source>Police|Officials|Sources|Prosecutors|Authorities|Experts|Researchers|Scientists|Doctors|Lawyers"
    r"|Reports|Economists|Analysts|Investigators|Witnesses): (?=\w)"
)
_SOURCE_LAST = compile_late(
    r""":\ (?:
        (?P<many>activists|analysts|authorities|experts|officials|police|prosecutors|reports|researchers
        |scientists|sources|witnesses)
      | (?P<one>army|lawyer|military|minister|ministry|monitor|official|poll|report|source|study|survey|UN
        |watchdog)
    )$""",
    re.VERBOSE,
)
_LABELS = frozenset(
    """
    advice analysis breaking comment commentary correction editorial exclusive explained explainer factbox
    feature interview investigation live opinion obituary poll profile q&a review timeline update updates
    """.split()
)
_TOPICAL = frozenset("about after amid before on over vs with".split())
_SAYS = compile_late(
    r", (?:(?P<verb>say|says) (?P<name>[^,;:.?!]{2,40})|(?P<named>[^,;:.?!]{2,40}) (?P<verbs>say|says))$"
)


def open_up_headline(text: str, airing: Airing) -> str:
    """Return a headline as it is said; one or more sentences, the last as it ended."""
    text = resolve_days([text], airing)[0] if airing.style.days else text
    if not airing.style.headlines or len(text) > LONGEST_SENTENCE:
        return text
    label = _LABEL.match(text)
    bare = text[label.end() :] if label else text
    if not bare.strip():
        return text
    quoted = find_quotations(bare)
    cuts = [match.span() for match in _SEMICOLON.finditer(bare) if _parts(match, quoted)]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(bare)]
    return ". ".join(_attribute(_spell_and(bare[start:end])) for start, end in zip(starts, ends, strict=True))


def _parts(match: re.Match[str], quoted: list[Quotation]) -> bool:
    """Tell whether a semicolon parts two sentences: it is not quoted, and does not end "&amp;"."""
    return not _is_inside(match, quoted) and not ends_in_reference(match.string[: match.end()].rstrip())


def _spell_and(headline: str) -> str:
    quoted = find_quotations(headline)
    return _AMPERSAND.sub(lambda match: match[0] if _is_inside(match, quoted) else " and ", headline)


def _is_inside(match: re.Match[str], quoted: list[Quotation]) -> bool:
    return any(part.start < match.end() and match.start() < part.end for part in quoted)


def _attribute(headline: str) -> str:
    """Say who says it: "Mayor: 'We will rebuild'" and "…, says Seoul"."""
    quoted = find_quotations(headline)
    if (
        quoted
        and not headline[quoted[0].end :].strip(" .")
        and (match := _SPEAKER.match(headline[: quoted[0].start]))
        and _may_say(match["speaker"])
    ):
        verb = "say" if _SOURCES.match(headline + " x") else "says"
        return f"{match['speaker']} {verb}: {headline[quoted[0].start :]}"
    if (
        quoted
        and quoted[0].start == 0
        and (lead := parse_attribution(headline[quoted[0].end :].lstrip(", ")))
    ):
        return f"{lead}: {_COMMA_INSIDE.sub('', headline[: quoted[0].end])}"
    if match := _SOURCE_LAST.search(headline):
        source, verb = match["many"] or match["one"], "say" if match["many"] else "says"
        return f"{source[0].upper()}{source[1:]} {verb} {headline[: match.start()]}"
    if match := _SOURCES.match(headline):
        return f"{match['source']} say {headline[match.end() :]}"
    match = _SAYS.search(headline)
    if match is None or (quoted and quoted[-1].end > match.start()) or ":" in headline:
        return headline
    name, verb = match["name"] or match["named"], match["verb"] or match["verbs"]
    return f"{name[0].upper()}{name[1:]} {verb} {headline[: match.start()]}"


def _may_say(speaker: str) -> bool:
    """Tell a name or an office from a label, and from "Gates on Russia: 'We wait'"."""
    words = speaker.lower().split()
    return len(words) <= 5 and not (_LABELS | _TOPICAL).intersection(words)
