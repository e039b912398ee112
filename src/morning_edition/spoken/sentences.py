"""Where sentences end: in goes a text, out come its sentences, whole and in order.

A sentence is what one voice reads in one breath, so a quotation of three sentences is three, and a line's end
is always one. Nothing is changed but white space.
"""

import re
from collections.abc import Iterator

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.abbreviations import (
    AFTER_TIMES,
    FIRM_ENDS,
    LETTERED,
    LINKS,
    NAME_PARTS,
    NUMBER_SIGNS,
    OFFICES,
    SAYING,
    STARTERS,
    SURNAMES,
    TIMES,
    TITLES,
)

_SIGNS = "•⁃‣▪◦●"
_END = compile_late(
    r"""
    (?P<mark>
        (?:\ \.){2,}                          # a spaced ellipsis
      | (?<!\ )\.(?=(?:\ \.){3}(?!\ \.))      # the full stop before one
      | [.!?…]+
    )
    ["'”’»)\]]*(?:\ »)?(?:\[\d{1,3}\]){0,4}(?=\ )   # and marks of footnotes
    """,
    re.VERBOSE,
)
_NEXT = compile_late(
    r"""(?:\ ?(?:\.\ \.\ \.|\.\.\.|…)\ ?)?[\ "'“‘«(\[¿¡]*(?P<word>[$€£¥#@+-]?\w(?:[\w°'’-]|\.(?=\w))*)""",
    re.VERBOSE,
)
_CITATION = compile_late(r" \([^()]{1,80}\)[.,;:]")
_BULLET = compile_late(rf" (?=[{_SIGNS}] ?\w)")
_ITEM = compile_late(rf"(?<![^ {_SIGNS}])(?P<open>\(?)(?P<name>\d{{1,2}}|[a-z])(?P<close>[.)]{{1,2}})(?= \S)")
_DOTTED = compile_late(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_INNER_CAPITAL = compile_late(r"[a-z]{1,2}[A-Z]|(?:al|el|as|an|ad|ash)-[A-Z]")
_OPENING_TIME = compile_late(
    r"\W*(?:About|After|Around|At|Before|By|From|Near|Since|Until)(?: [\w.:’'-]+){1,4}"
)
_SPEAKER = compile_late(r"(?:(?:[A-Z][\w.'’-]*|of|the|de|van|al-\w+),? ){1,6}(?P<verb>[a-z]+)\b")
_ROMAN = compile_late(r"[IVXLC]+$")

_LOOK_BACK = 160
"""How far back the words before a full stop are read, in characters; keeps the time linear."""

_NO_NAMES = frozenset("And But His In It Its She The Their They This".split())
"""What opens a sentence and is nobody's name, so that no title stands before it."""
_PRONOUNS_AND_SUCH = STARTERS - TITLES


def split_sentences(text: str) -> list[str]:
    """Return the sentences of *text*; joined by single spaces they are *text*, its white space evened out."""
    return [sentence for line in text.splitlines() for sentence in _line_sentences(" ".join(line.split()))]


def _line_sentences(line: str) -> Iterator[str]:
    start = 0
    for end in _ends(line):
        if any(map(str.isalnum, line[start:end])):
            yield line[start:end]
            start = end + 1
    if line:
        yield line[start:]


def _ends(line: str) -> list[int]:
    """Name the places in *line* where the space after a sentence stands."""
    items, item_signs = _list_items(line)
    bullets = {match.start() for match in _BULLET.finditer(line)}
    ends = {
        match.end() for match in _END.finditer(line) if match.end() not in item_signs and _ended(line, match)
    }
    return sorted(ends | items | bullets)


def _list_items(line: str) -> tuple[set[int], set[int]]:
    """Find a list inside a line ("1. … 2. …"): the spaces before its items, the ends of the items' signs."""
    before: set[int] = set()
    signs: set[int] = set()
    form = expected = ""
    for match in _ITEM.finditer(line):
        bulleted = (
            line[: match.start()].strip() in _SIGNS
            if match.start() < 3
            else line[match.start() - 2] in _SIGNS
        )
        if bulleted:
            form = match["open"] + match["close"]
        elif (match["name"], match["open"] + match["close"]) == (expected, form):
            before.add(match.start() - 1)
        else:
            continue
        signs.add(match.end())
        expected = str(int(match["name"]) + 1) if match["name"].isdecimal() else chr(ord(match["name"]) + 1)
    return before, signs


def _ended(line: str, match: re.Match[str]) -> bool:
    """Tell whether the mark that *match* found in *line* ends a sentence."""
    following = _NEXT.match(line, match.end())
    if following is None or _CITATION.match(line, match.end()):
        return False
    word = following["word"]
    if not _may_begin(word):
        return False
    if match["mark"] == ".":
        return _stop_ends(line, match, following)
    if "." in match["mark"] or "…" in match["mark"]:
        return _ellipsis_ends(line, match, word)
    quoted = match.end() > match.end("mark")
    return not (quoted and _names_speaker(line, following))


def _may_begin(word: str) -> bool:
    if word in FIRM_ENDS or word in {"Jr", "Sr"}:
        return False
    return not word[0].islower() or _INNER_CAPITAL.match(word) is not None


def _names_speaker(line: str, following: re.Match[str]) -> bool:
    speaker = _SPEAKER.match(line, following.start("word"))
    return speaker is not None and following["word"] not in _PRONOUNS_AND_SUCH and speaker["verb"] in SAYING


def _ellipsis_ends(line: str, match: re.Match[str], word: str) -> bool:
    dots = match["mark"].replace(" ", "")
    before = _last_word(line[max(0, match.start() - _LOOK_BACK) : match.start()].rstrip())
    if len(dots) < 4 and word in {before, "I"}:
        return False  # somebody stammers
    spaced = match["mark"].startswith(" ") or line[match.start() - 1 : match.start()] == " "
    return not spaced or len(dots) > 3 or word in STARTERS


def _stop_ends(line: str, match: re.Match[str], following: re.Match[str]) -> bool:
    before = line[max(0, match.start() - _LOOK_BACK) : match.start()]
    word = following["word"]
    last = _last_word(before)
    if last in TITLES and word in _NO_NAMES:
        return True  # "Hun Sen. The"
    if last in TITLES or last in LINKS or (last in NUMBER_SIGNS and _is_number(word)):
        return False
    if last in TIMES:
        return _time_ends(before, word)
    if line[match.end("mark")] in "\"'”’»":
        return True
    if last in FIRM_ENDS:
        return _firm_ends(line, following)
    if len(last) == 1 and last.isalpha():
        return _letter_ends(before, line, following)
    return _plainly_begins(line, following) or not (_is_name_part(last) or _DOTTED.fullmatch(last))


def _last_word(text: str) -> str:
    """Return what a full stop after *text* may shorten: the last word, or the last part of a compound."""
    return re.split(r"[-–—/]", text.rpartition(" ")[2].lstrip("\"'“‘«(["))[-1]


def _is_number(word: str) -> bool:
    return word[0].isdigit() or _ROMAN.match(word) is not None


def _plainly_begins(line: str, following: re.Match[str]) -> bool:
    """Tell a word that opens a sentence: by itself, or as a label ("Image: the harbour")."""
    word = following["word"]
    if line.startswith(".", following.end()) and (len(word) == 1 or word in NUMBER_SIGNS):
        return False  # an initial, or "No. 3"
    return word in STARTERS or (word.isalpha() and line.startswith(": ", following.end()))


def _is_name_part(word: str) -> bool:
    return word in NAME_PARTS or (len(word) > 2 and word.isupper() and word.capitalize() in NAME_PARTS)


def _time_ends(before: str, word: str) -> bool:
    if word[0].isdigit() or word in AFTER_TIMES:
        return False
    if word in _PRONOUNS_AND_SUCH:
        return True
    sentence = re.split(r"[.!?][\"”’]? (?=[\"“‘]?[A-Z])", before)[-1]
    return _OPENING_TIME.fullmatch(sentence) is None


def _firm_ends(line: str, following: re.Match[str]) -> bool:
    if _plainly_begins(line, following):
        return True
    goes_on = line[following.end() : following.end() + 2]
    word = following["word"]
    return word not in OFFICES and word[0].isupper() and goes_on.startswith(" ") and goes_on[1:].islower()


def _letter_ends(before: str, line: str, following: re.Match[str]) -> bool:
    """Tell a letter that ends a sentence ("Plan B.") from an initial ("J. Mansour")."""
    word = following["word"]
    if len(word) == 1 and line.startswith(".", following.end()):
        return False
    if word in STARTERS and word not in SURNAMES:
        return True
    previous = _last_word(before[:-1].rstrip())
    pronoun = before[-1] == "I" and previous in {"and", "or", "than"}
    return before[-1].isupper() and (pronoun or previous in LETTERED)
