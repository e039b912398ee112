"""One entry of a lexicon: a word or name, and how it is said."""

import dataclasses
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from morning_edition.pronunciation.phonemes import (
    VOWELS,
    PhonemeError,
    Sound,
    parse_ipa,
    write_ipa,
)
from morning_edition.pronunciation.respelling import parse_respelling, write_plain

LONGEST_NAME = 100
"""Characters of a word or name."""

_LETTERS = dict(
    pair.split("=")
    for pair in (
        "a=ˈeɪ b=ˈbiː c=ˈsiː d=ˈdiː e=ˈiː f=ˈɛf g=ˈdʒiː h=ˈeɪtʃ i=ˈaɪ j=ˈdʒeɪ k=ˈkeɪ l=ˈɛl m=ˈɛm n=ˈɛn "
        "o=ˈoʊ p=ˈpiː q=ˈkjuː r=ˈɑːr s=ˈɛs t=ˈtiː u=ˈjuː v=ˈviː w=ˈdʌbəlˌjuː x=ˈɛks y=ˈwaɪ z=ˈziː"
    ).split()
)
_HISSES = frozenset("s z ʃ ʒ tʃ dʒ".split())
_VOICELESS = frozenset("p t k f θ".split())


@dataclass(frozen=True, slots=True)
class Entry:
    """How one word or name is said."""

    name: str
    """As it is written; words are parted by spaces or hyphens."""
    respelling: str = ""
    """As newspapers write it: `lah-tah-KEE-ah`."""
    given_ipa: str = ""
    """Instead of a respelling."""
    letters: bool = False
    """Whether its letters are said one by one."""
    say: str = ""
    """Other words to say in its place."""
    phonemes: tuple[tuple[str, str], ...] = ()
    """Engines, and what was given in each one's own notation."""
    case: bool | None = None
    """Whether only this very case is meant; None: as far as it has capitals."""
    language: str = ""
    """The language of the texts that it is for (BCP 47); empty for all."""
    source: str = ""
    """Where the pronunciation was found."""

    @property
    def sounds(self) -> tuple[Sound, ...]:
        """The sounds; none where only other words or an engine's own phonemes were given.

        Raises `PhonemeError` for what is no pronunciation; `read_entry` has looked.
        """
        return _find_sounds(self.respelling, self.given_ipa, self.name if self.letters else "")

    @property
    def ipa(self) -> str:
        """The sounds in IPA; empty where there are none."""
        return write_ipa(self.sounds) if self.sounds else ""

    @property
    def plain(self) -> str:
        """What an engine gets that takes nothing but text."""
        if self.say:
            return self.say
        if self.respelling:  # whoever wrote it knows best where its syllables part
            return re.sub(r"['’ʹ′]", "", self.respelling).lower()
        return write_plain(self.sounds) if self.sounds else self.name

    def with_possessive(self) -> "Entry":
        """Return the entry of the name's possessive."""
        return dataclasses.replace(
            self,
            name=f"{self.name}’s",
            respelling="",
            letters=False,
            given_ipa=write_ipa(_add_s(self.sounds)) if self.sounds else "",
            say="" if self.plain == self.name else f"{self.plain}’s",
            phonemes=(),
        )


@functools.lru_cache(maxsize=4096)
def _find_sounds(respelling: str, ipa: str, letters: str) -> tuple[Sound, ...]:
    if respelling:
        return parse_respelling(respelling)
    if ipa:
        return parse_ipa(ipa)
    return spell_out(letters) if letters else ()


def _add_s(sounds: tuple[Sound, ...]) -> tuple[Sound, ...]:
    last = sounds[-1].phone
    if last in _HISSES:
        return (*sounds, Sound("ɪ"), Sound("z"))
    return (*sounds, Sound("s" if last in _VOICELESS and last not in VOWELS else "z"))


_KEYS = "respelling ipa say letters phonemes case language source".split()
_WAYS = "respelling ipa say letters phonemes".split()


def read_entry(name: str, value: object) -> Entry:
    """Return the entry that `name = value` of a lexicon.toml means; raises ValueError with what is wrong."""
    if not any(map(str.isalnum, name)) or len(name) > LONGEST_NAME:
        raise ValueError(f"a name needs a letter and has at most {LONGEST_NAME} characters")
    if isinstance(value, str):
        value = {"ipa": value.strip("/")} if value.startswith("/") else {"respelling": value}
    if not isinstance(value, Mapping):
        raise ValueError('must be a respelling, as in "lah-tah-KEE-ah", or a table')
    _check_keys(value)
    entry = Entry(
        name=name,
        respelling=_text(value, "respelling"),
        given_ipa=_text(value, "ipa"),
        letters=bool(_flag(value, "letters")),
        say=_text(value, "say"),
        phonemes=_read_phonemes(value.get("phonemes", {})),
        case=_flag(value, "case"),
        language=_text(value, "language"),
        source=_text(value, "source"),
    )
    _find_sounds(entry.respelling, entry.given_ipa, name if entry.letters else "")
    return entry


def _check_keys(value: Mapping[str, object]) -> None:
    for key in value:
        if key not in _KEYS:
            import difflib

            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(_KEYS)}"
            raise ValueError(f"has an unknown key {key!r}; {hint}")
    given = [way for way in _WAYS if value.get(way)]
    if not given:
        raise ValueError(f"says nothing; give it one of {', '.join(_WAYS)}")
    if len({"respelling", "ipa", "say", "letters"} & {*given}) > 1:
        raise ValueError(
            f"is said in {len(given)} ways ({', '.join(given)}); keep one, and phonemes beside it"
        )


def spell_out(name: str) -> tuple[Sound, ...]:
    """Return the sounds of *name* as its letters' names; raises `PhonemeError` where it has other signs."""
    letters = [letter for letter in name.lower() if letter.isalnum()]
    if strange := next((letter for letter in letters if letter not in _LETTERS), ""):
        raise PhonemeError(f"{strange!r} is no letter that can be spelled out; use `say`")
    return parse_ipa(" ".join(_LETTERS[letter] for letter in letters))


def _text(value: Mapping[str, object], key: str) -> str:
    text = value.get(key, "")
    if not isinstance(text, str) or len(text) > 1000 or not text.isprintable():
        raise ValueError(f"{key} must be text of one line")
    return text.strip()


def _flag(value: Mapping[str, object], key: str) -> bool | None:
    flag = value.get(key)
    if flag is not None and not isinstance(flag, bool):
        raise ValueError(f"{key} must be true or false")
    return flag


def _read_phonemes(value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, Mapping):
        raise ValueError('phonemes must be a table, as in { espeak = "l,at@k\'i:@" }')
    for engine in value:
        if not (phonemes := _text(value, engine)) or "[[" in phonemes or "]]" in phonemes:
            raise ValueError(f"phonemes.{engine} must be the engine's own phonemes, without brackets")
    return tuple(sorted((engine, _text(value, engine)) for engine in value))
