"""The language of a text, by its words: a cheap look for English, the script's own letters, then a model."""

import functools
import unicodedata
from collections import Counter
from typing import Any

from morning_edition.patterns import compile_late

SAMPLE_CHARACTERS = 4000
"""So much of a text tells its language."""

FEWEST_WORDS = 6
"""A text with fewer words than this could be in any language."""

ENGLISH_SHARE = 0.12
"""At least so many words of English prose are among `_ENGLISH`; other languages stay under half of it."""

CERTAIN = 0.35
"""What the model gives the languages that it knows well, in a paragraph; where it guesses, it gives less."""

_ENGLISH = frozenset(
    """
    a about after and are as at been but by for from has have he her his how it its more not of on said she
    than that the their they this to was were what when which who will with would you
    """.split()
)
_ONLY_ENGLISH = frozenset(
    "about and been from his how said than that the their they this were what when which with would".split()
)
"""Dutch, Danish and others share the short ones."""

_LETTERS = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "THAI": "th",
    "LAO": "lo",
    "KHMER": "km",
    "MYANMAR": "my",
    "GREEK": "el",
    "HEBREW": "he",
    "ARMENIAN": "hy",
    "GEORGIAN": "ka",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "SINHALA": "si",
}
"""Letters that news in one language alone is written in."""

NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "cy": "Welsh",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "ga": "Irish",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "my": "Burmese",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "sw": "Swahili",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
"""What a producer calls them; another language is told by its tag."""

_WORD = compile_late(r"[^\W\d_]+")
_TAG = compile_late(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")


def detect_language(text: str) -> str:
    """Return the BCP 47 primary tag of the language *text* is in; empty when that is not sure."""
    sample = text[:SAMPLE_CHARACTERS]
    words = _WORD.findall(sample.casefold())
    if is_english(words):
        return "en"
    by_letters = _by_letters(sample)
    if by_letters or len(words) < FEWEST_WORDS:
        return by_letters
    return _by_model(sample)


def is_english(words: list[str]) -> bool:
    """Tell English by the small words among *words*, which are in small letters."""
    if len(words) < FEWEST_WORDS:
        return False
    share = sum(word in _ENGLISH for word in words) / len(words)
    only = sum(word in _ONLY_ENGLISH for word in words) / len(words)
    return share >= ENGLISH_SHARE and only >= ENGLISH_SHARE / 3


def primary_tag(tag: str) -> str:
    """Return the language alone of a tag ("en" of "en_GB"); empty for what is no tag."""
    found = _TAG.fullmatch(tag.strip())
    return found[1].casefold() if found else ""


def choose_language(declared: str, text: str) -> str:
    """Return the tag that a page *declared*, in BCP 47, unless the words of *text* say otherwise.

    Pages of many a system say "en" whatever they hold.
    """
    detected = detect_language(text)
    stated = primary_tag(declared)
    if stated and detected in {"", stated}:
        first, *rest = declared.strip().replace("_", "-").split("-")
        return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part for part in rest)])
    return detected


def language_note(language: str, station: str) -> str:
    """Say that an article's *language* is not the *station*'s; empty where it is, or is not known."""
    if not language or primary_tag(language) == primary_tag(station):
        return ""
    name = NAMES.get(primary_tag(language), "")
    spoken = f"{name} ({language})" if name else language
    return f"the article is in {spoken}; the station speaks {station}"


def _by_letters(sample: str) -> str:
    """Name the language by its letters, where most of them belong to one alone; kana make Japanese."""
    letters = [letter for letter in sample if letter.isalpha()]
    counts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in letters)
    found = Counter[str]()
    for script, count in counts.items():
        if language := _LETTERS.get(script):
            found[language] += count
    if sum(found.values()) * 2 < len(letters) or len(letters) < FEWEST_WORDS:
        return ""
    if found["ja"] * 20 > len(letters):
        return "ja"
    return found.most_common(1)[0][0] if found else ""


def _by_model(sample: str) -> str:
    tag, probability = _load_model().classify(sample)
    return str(tag) if probability >= CERTAIN and tag != "zxx" else ""


@functools.cache
def _load_model() -> Any:  # noqa: ANN401 - py3langid has no types
    """Load the model, which takes the better part of a second, once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
