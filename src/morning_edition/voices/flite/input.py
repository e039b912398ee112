"""An utterance as Flite takes it: tokens in ASCII, with phones where the lexicon has them."""

import bisect
import re
import unicodedata

from morning_edition.errors import VoiceError
from morning_edition.pronunciation.phonemes import BREAK, VOWELS, Sound, parse_ipa, split_words
from morning_edition.voices import Pronounced, Utterance
from morning_edition.voices.flite.libflite import Token

_PHONES = dict(
    pair.split("=")
    for pair in (
        "iː=iy i=iy ɪ=ih eɪ=ey ɛ=eh æ=ae ɑː=aa ɒ=aa ɔː=ao oʊ=ow ʊ=uh uː=uw ʌ=ah ə=ax ɝ=er ɚ=er aɪ=ay aʊ=aw "
        "ɔɪ=oy p=p b=b t=t d=d k=k ɡ=g tʃ=ch dʒ=jh f=f v=v θ=th ð=dh s=s z=z ʃ=sh ʒ=zh h=hh x=k m=m n=n ŋ=ng "
        "l=l r=r j=y w=w"
    ).split()
)
"""Each sound in the phone set of Flite's American English (us_phoneset.c); it has no x."""
LONGEST_NAME = 60
"""Letters of a token; nothing that is spoken has more, and the library's patterns recurse."""
_ASCII = str.maketrans(
    {
        **dict.fromkeys("“”„«»″", '"'), **dict.fromkeys("‘’‚′ʼ`´", "'"), **dict.fromkeys("—–―", ", "),
        "…": ", ", "‑": "-", "−": "-", "ß": "ss", "æ": "ae", "Æ": "Ae", "ø": "o", "Ø": "O", "œ": "oe",
        "Œ": "Oe", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "th", "Ð": "Th", "þ": "th", "Þ": "Th",
        "ı": "i", "ə": "a", "Ə": "A", "½": " half ",
        "€": " euros ", "£": " pounds ", "°": " degrees ", "&": " and ",
    }
)  # fmt: skip
"""What has no letters underneath its marks."""
_CHUNK = re.compile(
    r"(?P<word>[A-Za-z0-9$#@+=%](?:[A-Za-z0-9$#@+=%'.,:/_-]*[A-Za-z0-9%])?|'[a-z]+)|(?P<mark>[.,:;!?])"
)
_TITLES = ("Mr", "Mrs")
"""The two abbreviations that it knows by their capital letter."""
_WEAK = ("ə", "ɚ", "i")


def write_tokens(line: Utterance) -> list[Token]:
    """Return the tokens of *line*, each with the word of the text it is from. Raises `VoiceError`."""
    starts = [match.start() for match in re.finditer(r"\S+", line.text)]
    tokens: list[Token] = []
    at = 0
    for said in line.says:
        _add_text(tokens, line.text[at : said.start], at, starts)
        tokens += _write_stretch(line.text, said, starts)
        at = said.end
    _add_text(tokens, line.text[at:], at, starts)
    return tokens


def _add_text(tokens: list[Token], text: str, begin: int, starts: list[int]) -> None:
    """Add what *text*, which is read as it is written, consists of; a mark goes to the word before it."""
    for chunk in re.finditer(r"\S+", text):
        place = bisect.bisect_right(starts, begin + chunk.start()) - 1
        for found in _CHUNK.finditer(make_ascii(chunk.group())):
            if word := found["word"]:
                tokens += [token._replace(place=place) for token in _read_word(word)]
            elif tokens and found["mark"] not in tokens[-1].punctuation:
                tokens[-1] = tokens[-1]._replace(punctuation=tokens[-1].punctuation + found["mark"])


def make_ascii(text: str) -> str:
    """Return *text* in the letters that Flite reads; of those of another script nothing is left."""
    plain = unicodedata.normalize("NFKD", text.translate(_ASCII))
    return plain.encode("ascii", "ignore").decode().replace("\0", " ")


def _read_word(word: str) -> list[Token]:
    if len(word) == 2 and word.isalpha() and word.isupper():
        # Spelled here: it would take US for a pronoun, and OR for Oregon.
        return [Token(letter, 0, phones="ey1" if letter == "A" else "") for letter in word]
    if word.isalpha() and word.istitle() and len(word) > 1 and word not in _TITLES:
        # In lower case: after a name it would take the "Or" of a new sentence for Oregon.
        word = word.lower()
    return [Token(word[at : at + LONGEST_NAME], 0) for at in range(0, len(word), LONGEST_NAME)]


def _write_stretch(text: str, said: Pronounced, starts: list[int]) -> list[Token]:
    """Return the tokens of one stretch; words beyond those written share their places."""
    first, last = (bisect.bisect_right(starts, at) - 1 for at in (said.start, said.end - 1))
    if own := said.phonemes_for("flite"):
        spoken = [_check_phones(own)]
    elif said.ipa:
        spoken = [_write_phones(word) for word in split_words(_with_stress(parse_ipa(said.ipa)))]
    else:
        tokens: list[Token] = []
        _add_text(tokens, said.respelling, 0, [0])
        return [token._replace(place=first) for token in tokens]
    return [
        Token("name", first + at * (last - first + 1) // len(spoken), phones=phones)
        for at, phones in enumerate(spoken)
    ]


def _check_phones(phones: str) -> str:
    known = {*_PHONES.values(), "axr", "dx", "el", "em", "en", "hv", "nx"}
    phones = phones.lower()
    if unknown := [phone for phone in phones.split() if phone.rstrip("01") not in known]:
        raise VoiceError(
            f"flite knows no phone {unknown[0]!r} (in {phones!r}); it has {', '.join(sorted(known))}"
        )
    return phones


def _write_phones(word: tuple[Sound, ...]) -> str:
    # It tells but one stress from none.
    return " ".join(
        _PHONES[phone] + (str(min(stress, 1)) if phone in VOWELS else "") for phone, stress in word
    )


def _with_stress(sounds: tuple[Sound, ...]) -> tuple[Sound, ...]:
    """Stress the last word's first full vowel where no stress is marked at all: it would be mumbled."""
    if any(sound.stress for sound in sounds):
        return sounds
    start = max((at + 1 for at, sound in enumerate(sounds) if sound.phone == BREAK), default=0)
    vowels = [at for at in range(start, len(sounds)) if sounds[at].phone in VOWELS]
    full = next((at for at in vowels if sounds[at].phone not in _WEAK), vowels[0] if vowels else None)
    if full is None:
        return sounds
    return (*sounds[:full], sounds[full]._replace(stress=1), *sounds[full + 1 :])
