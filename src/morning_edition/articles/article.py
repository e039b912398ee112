"""The article: what the newsroom wrote, as plain text without any markup."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class QuickLook:
    """One labelled bullet: "Major Victory: Insurgents capture Hama"."""

    text: str
    """What follows the label; one or more sentences."""
    label: str = ""
    """What stands before the colon; empty for a bullet without one."""
    extracted: bool = False
    """Made by picking sentences; the newsroom wrote none."""


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the Deep Look under one subhead."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    """Empty for what stands before the first subhead."""


@dataclass(frozen=True, slots=True)
class Article:
    """One story in three tiers: slug line, Quick Looks, Deep Look. Any tier may be missing."""

    headline: str
    lede: str = ""
    """The paragraph that ends the slug line."""
    keywords: tuple[str, ...] = ()
    outlet: str = ""
    byline: str = ""
    """The writer's name alone, without "By"."""
    edition: str = ""
    quick_looks_title: str = ""
    """What stands before ": Quick Looks": the story's short headline."""
    quick_looks: tuple[QuickLook, ...] = ()
    deep_look: tuple[Section, ...] = ()
    date: dt.date | None = None
    language: str = ""
    """BCP 47; empty where neither the article says nor its words tell."""
    source_url: str = ""
    section: str = ""
    """The part of the paper that it stands in: "World", "Sport"."""
    image_url: str = ""
    """The lead picture, on the web."""

    @property
    def missing(self) -> tuple[str, ...]:
        """What a complete article would have and this one lacks, in words for the producer."""
        parts = {
            "keywords": self.keywords,
            "an outlet": self.outlet,
            "a byline": self.byline,
            "an edition": self.edition,
            "a lede": self.lede,
            "Quick Looks": self.quick_looks,
            "a Deep Look": self.deep_look,
        }
        return tuple(name for name, part in parts.items() if not part)

    @property
    def text(self) -> str:
        """All that it tells, a paragraph a line, without its headline where there is anything else."""
        looks = [look.text for look in self.quick_looks]
        paragraphs = [paragraph for section in self.deep_look for paragraph in section.paragraphs]
        return "\n".join(filter(None, [self.lede, *looks, *paragraphs])) or self.headline

    def to_json(self) -> dict[str, Any]:
        """Return the article as JSON values, for `article.json`."""
        record = dataclasses.asdict(self)
        record["date"] = self.date.isoformat() if self.date else None
        return record
