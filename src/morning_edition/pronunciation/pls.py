"""The W3C's Pronunciation Lexicon Specification 1.0, in and out: how lexicons travel between programs."""

import html
from collections.abc import Iterable
from dataclasses import dataclass, field
from xml.parsers import expat

from morning_edition.errors import LexiconError
from morning_edition.pronunciation.entries import Entry, read_entry

NAMESPACE = "http://www.w3.org/2005/01/pronunciation-lexicon"
LARGEST_FILE_BYTES = 20_000_000
_NAMES = {f"{NAMESPACE} {tag}": tag for tag in ("lexicon", "lexeme", "grapheme", "phoneme", "alias")}
_XML_LANG = "http://www.w3.org/XML/1998/namespace lang"
_DEEPEST = 50


@dataclass(slots=True)
class _Reader:
    """What has been read so far of one document."""

    name: str
    parser: expat.XMLParserType
    open_tags: list[str] = field(default_factory=list)
    alphabet: str = ""
    language: str = ""
    graphemes: list[str] = field(default_factory=list)
    ways: list[tuple[bool, str, str]] = field(default_factory=list)
    """Of the lexeme being read: preferred or not, `ipa`, `say` or an engine's alphabet, and the text."""
    text: list[str] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    found: list[Entry] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = _NAMES.get(tag, "")
        if not self.open_tags and name != "lexicon":
            raise self.fail(f"the root is not <lexicon> of {NAMESPACE}")
        if len(self.open_tags) >= _DEEPEST:
            raise self.fail(f"elements stand more than {_DEEPEST} deep")
        self.open_tags.append(name)
        if name == "lexicon":
            self.alphabet = attributes.get("alphabet", "")
            self.language = attributes.get(_XML_LANG, "")
        elif name == "lexeme":
            self.graphemes, self.ways = [], []
        elif name:
            self.text, self.attributes = [], attributes

    def end(self, tag: str) -> None:
        name = self.open_tags.pop()
        text = " ".join("".join(self.text).split())
        if name == "grapheme":
            self.graphemes.append(text)
        elif name in ("phoneme", "alias"):
            preferred = self.attributes.get("prefer") in ("true", "1")
            self.ways.append((preferred, self.find_key(name), text))
        elif name == "lexeme":
            self.found += self.read_lexeme()
        self.text = []

    def add_text(self, text: str) -> None:
        self.text.append(text)

    def find_key(self, tag: str) -> str:
        """Return what the entry of a lexicon.toml calls this way of saying it."""
        if tag == "alias":
            return "say"
        alphabet = self.attributes.get("alphabet", self.alphabet).lower()
        if alphabet == "ipa":
            return "ipa"
        if alphabet.startswith("x-") and alphabet.count("-") == 1:
            return alphabet
        raise self.fail(f"the alphabet {alphabet!r} is not known; ipa is")

    def read_lexeme(self) -> Iterable[Entry]:
        if not self.graphemes or not self.ways:
            raise self.fail("a lexeme needs a grapheme, and a phoneme or an alias")
        value: dict[str, object] = {}
        engines = {key.removeprefix("x-"): text for _, key, text in self.ways if key.startswith("x-")}
        if engines:
            value["phonemes"] = engines
        if general := [way for way in self.ways if not way[1].startswith("x-")]:
            _, key, text = max(general, key=lambda way: way[0])  # of several, the first that is preferred
            value[key] = text
        for grapheme in self.graphemes:
            try:
                yield read_entry(grapheme, {**value, "language": self.language})
            except ValueError as error:
                raise self.fail(f"{grapheme[:60]!r}: {error}") from error

    def refuse_entities(self, *_: object) -> None:
        raise self.fail("it has a DOCTYPE, which a lexicon does not need; take it out")

    def fail(self, what: str) -> LexiconError:
        return LexiconError(f"{self.name}:{self.parser.CurrentLineNumber}: {what}")


def read_pls(content: bytes, *, name: str = "lexicon.pls") -> tuple[Entry, ...]:
    """Return the entries of a PLS document; *name* is what errors call it.

    Of several pronunciations the preferred counts, else the first. Raises `LexiconError`.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise LexiconError(f"{name}: larger than {LARGEST_FILE_BYTES:,} bytes; this is not a lexicon")
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(name, parser)
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.add_text
    parser.StartDoctypeDeclHandler = reader.refuse_entities
    try:
        parser.Parse(content, True)
    except (
        expat.ExpatError,
        LookupError,
        ValueError,
    ) as error:  # an encoding that nobody knows, or of several bytes
        raise LexiconError(f"{name}: not valid XML: {error}") from error
    return tuple(reader.found)


def write_pls(entries: Iterable[Entry], language: str) -> str:
    """Return *entries* as a PLS document in *language* (BCP 47); an entry of other words becomes an alias."""
    lexemes = "".join(_write_lexeme(entry) for entry in entries)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<lexicon version="1.0" xmlns="{NAMESPACE}" alphabet="ipa" xml:lang="{html.escape(language)}">\n'
        f"{lexemes}</lexicon>\n"
    )


def _write_lexeme(entry: Entry) -> str:
    ways = [("phoneme", "", entry.ipa)] if entry.ipa else [("alias", "", entry.say)] if entry.say else []
    ways += [
        ("phoneme", f' alphabet="x-{html.escape(engine)}"', phonemes) for engine, phonemes in entry.phonemes
    ]
    said = "".join(f"    <{tag}{extra}>{html.escape(text)}</{tag}>\n" for tag, extra, text in ways)
    return f"  <lexeme>\n    <grapheme>{html.escape(entry.name)}</grapheme>\n{said}  </lexeme>\n"


def to_value(entry: Entry) -> dict[str, object]:
    """Return what a line of lexicon.toml says for an entry of `read_pls`."""
    pairs = {"say": entry.say, "ipa": entry.given_ipa, "language": entry.language}
    value: dict[str, object] = {key: text for key, text in pairs.items() if text}
    return value | ({"phonemes": dict(entry.phonemes)} if entry.phonemes else {})
