"""Sounds in eSpeak's own notation, which it takes in `[[double brackets]]` in place of a word.

The letters are those of its phoneme tables for American and British English; they differ in the vowel of
"lot" and in an r that no vowel follows.
"""

from morning_edition.pronunciation.phonemes import VOWELS, Sound, split_syllables, split_words

_LETTERS = dict(
    pair.split("=")
    for pair in (
        "iː=i: i=i ɪ=I eɪ=eI ɛ=E æ=a ɑː=A: ɒ=0 ɔː=O: oʊ=oU ʊ=U uː=u: ʌ=V ə=@ ɝ=3: ɚ=3 aɪ=aI aʊ=aU ɔɪ=OI "
        "tʃ=tS dʒ=dZ ɡ=g θ=T ð=D ʃ=S ʒ=Z ŋ=N p=p b=b t=t d=d k=k f=f v=v s=s z=z h=h x=x m=m n=n l=l r=r "
        "j=j w=w"
    ).split()
)
_BRITISH = {"ɚ": "@"}
_AMERICAN = {"ɒ": "A:"}
_BEFORE_R = {"ɑː": "A@", "ɒ": "A@", "ɔː": "O@", "ɛ": "e@", "ɪ": "i@3", "iː": "i@3", "ʊ": "U@", "uː": "U@"}
"""One phoneme for a vowel and the r behind it; only where it closes a syllable."""
_STRESSES = ("", "'", ",")
_WEAK = ("ə", "ɚ", "i")


def write_mnemonics(sounds: tuple[Sound, ...], *, british: bool = False) -> str:
    """Return *sounds* as eSpeak writes them, a space between words, without the brackets."""
    return " ".join(_write_word(word, british=british) for word in split_words(_with_stress(sounds)))


def _with_stress(sounds: tuple[Sound, ...]) -> tuple[Sound, ...]:
    """Stress the last word where no stress is marked at all: the engine would swallow it like "the"."""
    if any(sound.stress for sound in sounds):
        return sounds
    word = list(split_words(sounds))[-1] if sounds else ()
    vowels = [at for at, sound in enumerate(word) if sound.phone in VOWELS]
    full = next((at for at in vowels if word[at].phone not in _WEAK), vowels[0] if len(vowels) > 1 else None)
    if full is None:
        return sounds
    at = len(sounds) - len(word) + full
    return (*sounds[:at], sounds[at]._replace(stress=1), *sounds[at + 1 :])


def _write_word(word: tuple[Sound, ...], *, british: bool) -> str:
    letters = _LETTERS | (_BRITISH if british else _AMERICAN)
    written = ""
    for syllable in split_syllables(word):
        written += _STRESSES[max(sound.stress for sound in syllable)]
        for at, (phone, _) in enumerate(syllable):
            before = syllable[at - 1].phone if at else ""
            if phone in _BEFORE_R and at + 1 < len(syllable) and syllable[at + 1].phone == "r":
                written += _BEFORE_R[phone]
            elif phone == "r" and (before in _BEFORE_R or (british and before in VOWELS)):
                continue
            else:
                # A bar keeps two letters from being read as one phoneme, as in "t|S".
                written += ("|" if _joins(written, letters[phone]) else "") + letters[phone]
    return written


def _joins(written: str, letters: str) -> bool:
    return written[-1:] + letters[:1] in {
        "tS",
        "dZ",
        "@L",
        "aI",
        "aU",
        "eI",
        "oU",
        "OI",
        "i@",
        "U@",
        "e@",
        "A@",
    }
