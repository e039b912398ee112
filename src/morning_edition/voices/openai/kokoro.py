"""Names for Kokoro: `[Hama](/hˈɑmə/)` inside the text, in the phonemes of its front end, misaki.

misaki writes IPA with one letter for each diphthong (https://github.com/hexgrad/misaki, "English phonemes"),
the stress right before the vowel, and has vowels of its own for each of American and British English.
"""

from morning_edition.pronunciation.phonemes import PhonemeError, Sound, parse_ipa, split_words
from morning_edition.pronunciation.utterance import Pronounced
from morning_edition.voices import Utterance

AMERICAN = dict(
    pair.split(":", 1)
    for pair in (
        "iː:i eɪ:A ɑː:ɑ ɒ:ɑ ɔː:ɔ oʊ:O uː:u ɝ:ɜɹ ɚ:əɹ aɪ:I aʊ:W ɔɪ:Y tʃ:ʧ dʒ:ʤ r:ɹ x:k"  # it knows no loch
    ).split()
)
"""What misaki writes otherwise than IPA does."""
BRITISH = AMERICAN | {
    "iː": "iː",
    "æ": "a",
    "ɑː": "ɑː",
    "ɒ": "ɒ",
    "ɔː": "ɔː",
    "oʊ": "Q",
    "uː": "uː",
    "ɝ": "ɜː",
    "ɚ": "ə",
}
STRESSES = ("", "ˈ", "ˌ")
NO_BRACKETS = str.maketrans("[]", "()")
"""What stands in brackets before parentheses would be taken for a name."""


def write_kokoro(line: Utterance, *, british: bool) -> str:
    """Return the text of *line* with its names in Kokoro's phonemes, or respelled where there are none."""
    pieces, at = [], 0
    for said in line.says:
        pieces += [
            line.text[at : said.start].translate(NO_BRACKETS),
            _write_said(line, said, british=british),
        ]
        at = said.end
    return "".join([*pieces, line.text[at:].translate(NO_BRACKETS)])


def _write_said(line: Utterance, said: Pronounced, *, british: bool) -> str:
    """Write one stretch: brackets hold one word, so there must be as many in sound as in writing."""
    words = line.text[said.start : said.end].translate(NO_BRACKETS).split()
    sounds = said.phonemes_for("kokoro").split() or _write_words(said.ipa, british=british)
    if not words or len(words) != len(sounds):
        return said.respelling.translate(NO_BRACKETS)
    return " ".join(f"[{word}](/{sound}/)" for word, sound in zip(words, sounds, strict=True))


def _write_words(ipa: str, *, british: bool) -> list[str]:
    try:
        sounds = parse_ipa(ipa)
    except PhonemeError:
        return []
    return ["".join(_write_sound(sound, british=british) for sound in word) for word in split_words(sounds)]


def _write_sound(sound: Sound, *, british: bool) -> str:
    signs = BRITISH if british else AMERICAN
    return STRESSES[sound.stress] + signs.get(sound.phone, sound.phone)
