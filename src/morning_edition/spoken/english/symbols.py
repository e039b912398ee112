"""Signs between words: dashes are breaths, "&" is "and", "/" is not said; what nobody can say is left out."""

import re
import unicodedata

from morning_edition.patterns import compile_late
from morning_edition.spoken.english.abbreviations import LETTERED
from morning_edition.spoken.english.amounts import SIGNS as FRACTIONS
from morning_edition.spoken.english.amounts import say_number
from morning_edition.spoken.english.currencies import SIGNS
from morning_edition.spoken.english.letters import word_before
from morning_edition.spoken.reading import Locale, make_reading

NAMES = {
    "&": "and",
    "@": "at",
    "=": "equals",
    "±": "plus or minus",
    "≈": "about",
    "≃": "about",
    "≤": "at most",
    "≥": "at least",
    "≠": "is not",
    "×": "by",
    "÷": "divided by",
    "∞": "infinity",
    "√": "root",
    "→": "to",
    "⇒": "to",
    "↔": "and",
    "§": "section",
    "©": "copyright",
    "№": "number",
    "℅": "care of",
    "¢": "cents",
    "%": "percent",
    "°": "degrees",
    "µ": "micro",
    "Ω": "ohm",
    **{sign: money.many for sign, money in SIGNS.items()},
}
"""What a sign is called that stands among words."""
SILENT = "*#^~<>|\\_`{}®™℠†‡¶•·‣▪▫◦●■□◆◇►◄▸▹○★☆♦※‖¦¬¨¯¸ˈˌ′″‹›«»¡¿+/⁄[]←↑↓⬇⬆►▼▲△▽"
"""What is left out, where nothing above it in the list had a use for it."""
_GREEK = "α-ωΑ-Ω"
_GRADED = frozenset("a an got with".split())
_CHOICES = frozenset("he his him himself she her hers herself they them their".split())
_CLOSED = compile_late(r"\w[\"”]$")
"""What was quoted without a mark of its own."""
_WORD_BEFORE = compile_late(r"\b([A-Za-z]+)$")


def _say_dash(match: re.Match[str], locale: Locale) -> str:
    """Breathe, but not where a line begins or ends, or another mark does."""
    line, start, end = match.string, match.start(), match.end()
    before = line[max(0, start - 8) : start].rstrip()
    after = line[end : end + 8].lstrip()
    if _CLOSED.search(before) and after[:1].isalnum():
        return ", "
    if not before or not after or before[-1] in ',;:.!?([{-–—"' or after[0] in ',;:.!?)]}"':
        return " " if after[:1].isalnum() or (before[-1:].isalnum() and line[end : end + 1] == " ") else ""
    return ", "


def _say_slash(match: re.Match[str], locale: Locale) -> str:
    """Say "he or she", breathe where spaces stand around it, and else let the words meet."""
    before = _WORD_BEFORE.search(match.string, max(0, match.start() - 8), match.start())
    if before and before[1].lower() in _CHOICES and match["after"].lower() in _CHOICES:
        return " or "
    return ", " if match["space"] else " "


def _say_name(match: re.Match[str], locale: Locale) -> str:
    sign = match.group().strip()
    name = NAMES[sign[0]]
    if sign[0] == "§" and len(sign) > 1:
        name = "sections"
    return f" {name} "


def _say_plus(match: re.Match[str], locale: Locale) -> str:
    return " plus " if match.string[match.end() : match.end() + 1].isalnum() else " plus"


def _say_star(match: re.Match[str], locale: Locale) -> str:
    return " star " if match.string[match.end() : match.end() + 1].isalnum() else " star"


def _say_grade(match: re.Match[str], locale: Locale) -> str | None:
    """Say "a B-" as a mark of a school."""
    return f"{match['grade']} minus" if word_before(match) in _GRADED else None


def _say_letter(match: re.Match[str], locale: Locale) -> str | None:
    """Hold the letter of "Vitamin A is" apart from the article, which engines take it for."""
    before = word_before(match)
    return "A-" if before in LETTERED or before.lower() == "an" else None


def _say_than(match: re.Match[str], locale: Locale) -> str:
    return {"<": " less than ", ">": " more than ", "~": " about "}[match.group().strip()[0]]


def _say_greek(match: re.Match[str], locale: Locale) -> str:
    name = unicodedata.name(match.group(), "").lower().removeprefix("greek ")
    return re.sub(r"(?:small|capital|final|letter| with .*)\b ?", "", name).strip().replace("lamda", "lambda")


def _say_bracket(match: re.Match[str], locale: Locale) -> str:
    return "(" if match.group() == "[" else ")"


READINGS = (
    make_reading("dash", r"—[ ]?-*|--+|–(?=\s)|(?<=\s)–|(?<=\s)-(?=\s)|―|⸺|\A-[ ]", _say_dash, needs="—–-―⸺"),
    make_reading("dash between names", r"(?<=\w)–(?=\w)", lambda match, locale: "-", needs="–"),
    make_reading(
        "with", r"\bw/(?=[ ]?(?:[A-Za-z]{2}|[0-9\"']))[ ]?", lambda match, locale: "with ", needs="/"
    ),
    make_reading("without", r"\bw/o\b", lambda match, locale: "without", needs="/"),
    make_reading("care of", r"\bc/o\b", lambda match, locale: "care of", needs="/"),
    make_reading("she or he", r"\bs/he\b", lambda match, locale: "she or he", needs="/"),
    make_reading("best mark", r"(?<=\bA)\*(?![a-z*])|(?<=\*A)\*(?![a-z*])", _say_star, needs="*"),
    make_reading("school mark", r"(?<=\ )(?P<grade>[A-F])-(?=[,.;:)]|\ [a-z]|$)", _say_grade, needs="-"),
    make_reading("letter A", r"(?<=[a-zP]\ )A(?=\ [a-z])", _say_letter, needs="A"),
    make_reading("plus plus", r"(?<=\bC)\+\+", lambda match, locale: " plus plus", needs="+"),
    make_reading("not available", r"\b[nN]/[aA]\b", lambda match, locale: "not available", needs="/"),
    make_reading("plus or minus", r"\+/-[ ]?", lambda match, locale: "plus or minus ", needs="/"),
    make_reading(
        "slash between words",
        r"(?P<space>[ ])?/[ ]?(?=(?P<after>[^\W\d_]*+))",
        _say_slash,
        needs="/",
    ),
    make_reading("ampersand", r"&(?:amp;)?", lambda match, locale: " and ", needs="&"),
    make_reading(
        "multiplied", r"(?<=[0-9)])[ ]?[*×·⋅][ ]?(?=[0-9(])", lambda match, locale: " times ", needs="*×·⋅"
    ),
    make_reading(
        "arrow or rule",
        r"(?<![-=<])<?[-=]++>++|<[-=]++|={2,}+|~{2,}+|<!?--",
        lambda match, locale: " ",
        needs="=~<>",
    ),
    make_reading("power", r"(?<=[\w)])\^(?=[0-9])", lambda match, locale: " to the power of ", needs="^"),
    make_reading(
        "less, more, about",
        r"(?:[<>](?:[ ]?(?=[$£€]?\.?[0-9]))|(?<![\w~/])~[ ]?(?=[$£€]?\.?[0-9]))",
        _say_than,
        needs="<>~",
    ),
    make_reading(
        "plus",
        r"[ ]?(?:(?<=[\w)\"'%$£€][ ])|(?<=[\w)\"'%$£€]))\+(?![+])|(?<![\w+])\+(?=[$£€.]?[0-9])",
        _say_plus,
        needs="+",
    ),
    make_reading("sharp", r"(?<=\b[A-G])[#♯](?!\w)", lambda match, locale: " sharp", needs="#♯"),
    make_reading(
        "Greek letter",
        rf"(?<![^\W\d_])[{_GREEK}](?![^\W\d_])",
        _say_greek,
        needs="".join(map(chr, range(0x391, 0x3CA))),
    ),
    make_reading(
        "emphasis", r"(?<![\w_])__?(?=\w)|(?<=[\w.,!?])__?(?![\w_])", lambda match, locale: "", needs="_"
    ),
    make_reading("bracket", r"[\[\]]", _say_bracket, needs="[]"),
    make_reading("bar", r"[ ][|¦•·][ ](?=\w)", lambda match, locale: ", ", needs="|¦•·"),
    make_reading("sign of what belongs to whom", r"[ ]?[®™℠]", lambda match, locale: "", needs="®™℠"),
    make_reading(
        "price class", r"([$£€])\1+", lambda match, locale: f" {NAMES[match.group()[0]]} ", needs="$£€"
    ),
    make_reading(
        "any fraction left",
        f"[{''.join(FRACTIONS)}]",
        lambda match, locale: f" {say_number(match.group(), locale)} ",
        needs=FRACTIONS,
    ),
    make_reading(
        "any power left",
        "[²³]",
        lambda match, locale: " squared" if match.group() == "²" else " cubed",
        needs="²³",
    ),
    make_reading(
        "sign with a name", "§§?|[" + re.escape("".join(NAMES)) + "]", _say_name, needs="".join(NAMES)
    ),
    make_reading(
        "sign that is not said", "[" + re.escape(SILENT) + "]", lambda match, locale: " ", needs=SILENT
    ),
)
