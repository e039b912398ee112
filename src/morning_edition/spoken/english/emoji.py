"""Emoji: said by name, once for a run of the same; the colour of a skin is not said."""

import re
import unicodedata

from morning_edition.patterns import compile_late
from morning_edition.spoken.reading import Locale, make_reading

_NAMES = {
    "❤": "red heart",
    "😂": "tears of joy",
    "🤣": "rolling on the floor laughing",
    "😀": "grinning face",
    "😊": "smiling face",
    "😭": "loudly crying face",
    "😍": "heart eyes",
    "👍": "thumbs up",
    "👎": "thumbs down",
    "🙏": "folded hands",
    "👏": "clapping hands",
    "💪": "flexed biceps",
    "🔥": "fire",
    "🎉": "party popper",
    "✅": "check mark",
    "✔": "check mark",
    "❌": "cross mark",
    "⚠": "warning",
    "⭐": "star",
    "🚨": "police light",
    "💔": "broken heart",
    "☺": "smiling face",
    "☀": "sun",
    "♥": "heart",
    "⚽": "football",
    "🇪🇺": "flag of the European Union",
    "🇬🇧": "British flag",
    "🇺🇸": "American flag",
    "🇺🇦": "Ukrainian flag",
    "🇷🇺": "Russian flag",
    "🇫🇷": "French flag",
    "🇩🇪": "German flag",
    "🇮🇹": "Italian flag",
    "🇪🇸": "Spanish flag",
    "🇨🇦": "Canadian flag",
    "🇨🇳": "Chinese flag",
    "🇯🇵": "Japanese flag",
    "🇮🇱": "Israeli flag",
    "🇵🇸": "Palestinian flag",
    "🇮🇳": "Indian flag",
    "🇧🇷": "Brazilian flag",
    "🇦🇺": "Australian flag",
    "🇲🇽": "Mexican flag",
    "🇮🇪": "Irish flag",
    "🏳🌈": "rainbow flag",
    "🏴󠁧󠁢󠁥󠁮󠁧󠁿": "flag of England",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿": "flag of Scotland",
    "🏴󠁧󠁢󠁷󠁬󠁳󠁿": "flag of Wales",
    "👨👩👧": "family",
    "👨👩👧👦": "family",
    "👨👩👦": "family",
}
"""Where the name in Unicode is not what people call it; joiners and variation selectors left out."""
_ORNAMENTS = frozenset("♩♪♫♬✉☎✓★☆■□▪▫◾◽◼◻▶◀☐➤➜➔➡⬅⬆⬇⬤⚫⚪")
"""What lists begin with."""
_FAMILY = compile_late("[\U0001f466-\U0001f469\U0001f9d1\U0001f9d2]{3,}")
_SILENT = compile_late("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_LETTER = "\U0001f1e6-\U0001f1ff"
_FLAG = f"[{_LETTER}]{{2}}"
_START = (
    "[\u203c\u2049\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff]"
)
_DRESS = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]*"
"""Variation selectors and colours of skin."""
_JOINED = rf"\u200d[\u2190-\u2bff\U0001f000-\U0001faff]{_DRESS}"
_EMOJI = rf"{_START}(?:(?<=[{_LETTER}])[{_LETTER}])?{_DRESS}[\U000e0020-\U000e007f]*(?:{_JOINED})*"
_KEYCAP = "\ufe0f?\u20e3"


def _say_emoji(match: re.Match[str], locale: Locale) -> str:
    names = list(dict.fromkeys(_name(emoji) for emoji in re.findall(_EMOJI, match.group())))
    said = ", ".join(name for name in names if name)
    if not said:
        return " "
    line, start, end = match.string, match.start(), match.end()
    before = ", " if line[:start].rstrip()[-1:].isalnum() else " "
    return (
        f"{before}{said}{'' if end >= len(line.rstrip()) or not line[end:].lstrip()[:1].isalnum() else ', '}"
    )


def _name(emoji: str) -> str:
    """Return what one emoji, with all that is joined to it, is called; empty for a mere ornament."""
    plain = _SILENT.sub("", emoji)
    if plain in _ORNAMENTS:
        return ""
    if plain in _NAMES:
        return _NAMES[plain]
    if _FAMILY.fullmatch(plain):
        return "family"
    if re.fullmatch(_FLAG, plain):
        return "flag"
    name = unicodedata.name(plain[0], "").lower()
    if name.startswith(("black ", "white ", "heavy ", "box drawings", "variation")):
        name = name.split(" ", 1)[1]
    return re.sub(r"\b(?:sign|symbol|emoji modifier.*)\b", "", name).strip()


_UNSEEN = "\u200b-\u200d\u2060\u00ad\ufeff"

READINGS = (
    make_reading("emoji", rf"{_EMOJI}(?:[ ]?{_EMOJI}){{0,40}}", _say_emoji),
    make_reading("keycap", rf"(?<=[0-9#*]){_KEYCAP}", lambda match, locale: "", needs="\u20e3"),
    make_reading(
        "left of an emoji",
        f"[{_UNSEEN}\ufe00-\ufe0f]",
        lambda match, locale: "",
        needs="".join(map(chr, (*range(0x200B, 0x200E), 0x2060, 0xAD, 0xFEFF, *range(0xFE00, 0xFE10)))),
    ),
)
