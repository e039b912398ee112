"""What a script and its article differ in, as it is told."""

from dataclasses import dataclass
from typing import Any, Literal

from morning_edition.script.words import Word, WordKind

Side = Literal["not spoken", "not in the article"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in which script and article differ."""

    side: Side
    kind: WordKind | Literal["sentence", "order"]
    text: str
    """The word or the sentence."""
    place: str = ""
    """Where in the article."""
    row: int = 0
    """Which row of the script; 0 where it stands on none."""
    sentence: str = ""
    """The sentence around a word."""
    words: tuple[Word, ...] = ()
    """All that is lost or added, word by word."""

    def tell(self, name: str) -> str:
        """Say it in one line; *name* is the script's."""
        spot = f"{name}:{self.row}" if self.row else (self.place or name)
        where = f" ({self.place})" if self.row and self.place else ""
        if self.kind == "order":
            return f"{spot}{where}: the words stand in another order than in the article: {self.text}"
        if self.kind == "sentence":
            return f"{spot}{where}: {self.side}: {self.text}"
        return f"{spot}{where}: {self.side}: {KIND_NAMES[self.kind]} “{self.text}” in: {self.sentence}"

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {name: getattr(self, name) for name in ("side", "kind", "text", "place", "row", "sentence")}


KIND_NAMES: dict[str, str] = {
    "quotation": "the quoted word",
    "percentage": "the percentage",
    "number": "the number",
    "date": "the date",
    "name": "the name",
    "word": "the word",
}

Findings = tuple[Finding, ...]
