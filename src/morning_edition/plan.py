"""A plan: all that an edition is made of, found before anything is spoken."""

import dataclasses
import datetime as dt
import functools
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from morning_edition import __version__
from morning_edition.articles import Article
from morning_edition.casting import choose_voices, open_cast, open_kept_cast
from morning_edition.episode import Episode, make_slug
from morning_edition.files import sha256_of
from morning_edition.pronunciation.diction import Diction, load_diction
from morning_edition.script import Line, Script, Segment
from morning_edition.script.script import Role
from morning_edition.standing import find_edited_script, find_script, find_workplace, load_article
from morning_edition.station import Station
from morning_edition.voices import Utterance, Voice
from morning_edition.voices.auto import Fetching

if TYPE_CHECKING:
    from morning_edition.articles import QuickLook
    from morning_edition.script.writing import Selection

NOTHING_ASKED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Plan:
    """An edition before anything is spoken: what will be made, and of what."""

    station: Station
    article: Article
    date: dt.date
    slug: str
    cast: Mapping[Role, Voice]
    voices: Mapping[Role, str]
    """What each role is read with, as a setting names it: what `auto` was that day."""
    diction: Diction
    jingles: Mapping[str, Path]
    recipe: str
    """A fingerprint of all that decides how the episode comes out."""
    edited_script: str = ""
    """The `script.md` that a producer changed by hand; empty where there is none."""
    asked: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What was asked for this once, in place of the station's settings."""

    @functools.cached_property
    def script_md(self) -> str:
        """The script as it can be edited; not written before it is asked for. Raises `ScriptError`."""
        if self.edited_script:
            return self.edited_script

        from morning_edition.script.writing import write_script

        return write_script(self.article, self.station, self.date, self.selection)

    @functools.cached_property
    def selection(self) -> "Selection":
        """What of the article is read, where no script was edited by hand. Raises `ScriptError`."""
        from morning_edition.script.writing import select_reading

        return select_reading(self.article, self.station, self.date)

    @functools.cached_property
    def quick_looks(self) -> "tuple[QuickLook, ...]":
        """The newsroom's, or those picked from the story."""
        if self.article.quick_looks or not self.station.script.pick_quick_looks:
            return self.article.quick_looks

        from morning_edition.script.extracting import fill_quick_looks

        return fill_quick_looks(self.article).quick_looks

    @functools.cached_property
    def script(self) -> Script:
        """What will be said. Raises `ScriptError`."""
        from morning_edition.script.notation import parse_script

        path = find_script(self.station, self.slug)
        script = parse_script(self.script_md, to_spoken=self.diction.speak, name=str(path))
        return _alternate_anchors(script) if self.station.cast.co_anchor.voice else script

    @functools.cached_property
    def read_lines(self) -> tuple[Line, ...]:
        """The script's lines, each with the role whose voice reads it.

        Quotations for which the cast has no voice are read by whoever reads around them.
        """
        if self.station.cast.quote.voice:
            return self.script.lines
        return tuple(line for part in self.script.parts for line in _read_around(part))

    def utter(self, spoken: str) -> Utterance:
        """Return a line's spoken form as its voice gets it. Raises `LexiconError`."""
        return self._own_diction.utter(spoken)

    @functools.cached_property
    def _own_diction(self) -> Diction:
        """The station's, with what the copy itself says of names."""
        return self.diction.with_answers(self.script.says)


def plan_edition(
    station: Station,
    article: Article,
    date: dt.date,
    *,
    voice: str = "",
    asked: Mapping[str, str] = NOTHING_ASKED,
    fetching: Fetching | None = None,
) -> Plan:
    """Find everything that the edition takes; *voice* takes the place of the whole cast.

    *asked* is what was asked for this once, for the record. With *fetching*, `auto` may fetch the voice that
    it wants. Raises the error of whatever is missing or wrong.
    """
    language = station.choose_language(article.language)
    diction = load_diction(station.root, language)
    voices = choose_voices(station, language, voice=voice, fetching=fetching)
    cast = open_cast(station, language, voices)
    plan = _gather(station, article, date, make_slug(date, article.headline), diction, cast, voices)
    return dataclasses.replace(plan, asked=asked)


def plan_again(
    station: Station, episode: Episode, *, voice: str = "", fetching: Fetching | None = None
) -> Plan:
    """Find everything that *episode*, which stands or was refused, takes to be made again from its folder.

    The settings are those of now. But a role that is read by `auto` keeps the voice that it had: it would be
    another one as soon as the machine has a better one. Raises `EpisodeError` where the article is not there
    any more, else as `plan_edition`.
    """
    workplace = find_workplace(station, episode.slug)
    article = load_article(workplace)
    language = station.choose_language(article.language)
    diction = load_diction(station.root, language)
    kept = {} if voice else dict(episode.cast)
    voices = choose_voices(station, language, voice=voice, kept=kept, fetching=fetching)
    cast = open_kept_cast(station, language, voices, kept, episode.slug)
    plan = _gather(station, article, episode.date, episode.slug, diction, cast, voices)
    return dataclasses.replace(
        plan, asked=dict(episode.asked), edited_script=find_edited_script(episode, workplace)
    )


def _gather(
    station: Station,
    article: Article,
    date: dt.date,
    slug: str,
    diction: Diction,
    cast: Mapping[Role, Voice],
    voices: Mapping[Role, str],
) -> Plan:
    from morning_edition.mix.jingles import find_jingles

    jingles = find_jingles(station)
    recipe = _fingerprint(station, article, date, cast, diction, jingles)
    return Plan(station, article, date, slug, cast, voices, diction, jingles, recipe)


def _alternate_anchors(script: Script) -> Script:
    """Return *script* with every other Quick Look read by the co-anchor."""
    parts = [_alternate(part) if part.kind == "quick_looks" else part for part in script.parts]
    return dataclasses.replace(script, parts=tuple(parts))


def _alternate(part: Segment) -> Segment:
    looks = itertools.accumulate(line.opens == "look" for line in part.lines)
    lines = [
        dataclasses.replace(line, role="co_anchor")
        if line.role == "anchor" and look and look % 2 == 0
        else line
        for line, look in zip(part.lines, looks, strict=True)
    ]
    return dataclasses.replace(part, lines=tuple(lines))


def _read_around(part: Segment) -> Iterator[Line]:
    reader: Role = "correspondent" if part.kind == "deep_look" else "anchor"
    for line in part.lines:
        reader = reader if line.role == "quote" else line.role
        yield dataclasses.replace(line, role=reader)


def _fingerprint(
    station: Station,
    article: Article,
    date: dt.date,
    cast: Mapping[Role, Voice],
    diction: Diction,
    jingles: Mapping[str, Path],
) -> str:
    templates = sorted(path for path in (station.root / "templates").rglob("*") if path.is_file())
    cover = station.root / station.artwork.cover
    files = [*templates, *jingles.values(), *([cover] if cover.is_file() else [])]
    ingredients = {
        "version": __version__,
        "settings": station.fingerprint,
        "article": article.to_json(),
        "date": date.isoformat(),
        "voices": {role: voice.identity for role, voice in cast.items()},
        "lexicon": diction.lexicon.fingerprint,
        "files": [(path.name, sha256_of(path.read_bytes())) for path in files],
    }
    return sha256_of(json.dumps(ingredients, sort_keys=True))
