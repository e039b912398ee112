"""A plan: all that an edition is made of, found before anything is spoken."""

import dataclasses
import datetime as dt
import functools
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from morning_edition import __version__
from morning_edition.articles import Article
from morning_edition.casting import choose_voices, open_cast, open_kept_cast
from morning_edition.episode import Correction, Episode, make_slug
from morning_edition.files import sha256_of
from morning_edition.life.naming import ANEW, choose_slug
from morning_edition.life.times import NOTHING_WISHED, Wishes
from morning_edition.pronunciation.diction import Diction, load_diction
from morning_edition.script import Line, Script, Segment
from morning_edition.script.script import Role
from morning_edition.standing import (
    find_edited_script,
    find_script,
    find_standing,
    find_workplace,
    load_article,
)
from morning_edition.station import Station
from morning_edition.station.sealing import Seal, seal_files
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
    made_of: str
    """A fingerprint of all that decides how the episode comes out, but for its corrections."""
    edited_script: str = ""
    """The `script.md` that a producer changed by hand; empty where there is none."""
    asked: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """What was asked for this once, in place of the station's settings."""
    corrections: tuple[Correction, ...] = ()
    """What the episode corrects of itself, the oldest first."""
    tries_again: bool = False
    """Whether it is made even if it stands already: the second voice reads what stands."""
    stood_in: str = ""
    """Why the second voice reads it, fit to be published; empty where it does not."""
    wishes: Wishes = NOTHING_WISHED
    """What was asked of its time before listeners."""
    second_fault: str = ""
    """Why the second voice could not; empty where it could, or there is none."""
    seals: Mapping[Path, Seal] = dataclasses.field(default_factory=dict)
    """What the station's own files were when they were read."""

    @property
    def recipe(self) -> str:
        """A fingerprint of all that decides how the episode comes out."""
        if not self.corrections:
            return self.made_of
        noted = [(one.moment.isoformat(), one.text, one.spoken) for one in self.corrections]
        return sha256_of(json.dumps([self.made_of, noted]))

    @property
    def corrections_in(self) -> str:
        """The part in which the corrections are said: `intro` or `outro`; empty where none is."""
        if not self.corrections:
            return ""
        from morning_edition.script.corrections import find_place

        return find_place(self.corrections, self.station.corrections)

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
    def copy(self) -> Script:
        """What `script.md` says of the article: the script without corrections. Raises `ScriptError`."""
        from morning_edition.script.notation import parse_script

        path = find_script(self.station, self.slug)
        script = parse_script(self.script_md, to_spoken=self.diction.speak, name=str(path))
        return _alternate_anchors(script) if self.station.cast.co_anchor.voice else script

    @functools.cached_property
    def script(self) -> Script:
        """What will be said, with the corrections that are. Raises `ScriptError`."""
        if not self.corrections_in:
            return self.copy
        from morning_edition.script.corrections import add_corrections

        return add_corrections(
            self.copy,
            self.corrections,
            self.corrections_in,
            self.station.corrections,
            self.diction.speak,
        )

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
    slug: str = "",
    asked: Mapping[str, str] = NOTHING_ASKED,
    anew: bool = False,
    fetching: Fetching | None = None,
) -> Plan:
    """Find everything that the edition takes; *voice* takes the place of the whole cast.

    *slug* is the episode's folder, whatever the headline says; without, it is made of the headline. *asked*
    is what was asked for this once, for the record. With *anew*, what was withdrawn is followed by a new
    episode. With *fetching*, `auto` may fetch the voice that it wants. Raises the error of whatever is
    missing or wrong.
    """
    natural = slug or make_slug(date, article.headline)
    slug = choose_slug(station, natural, anew=anew)
    asked = asked if slug == natural else {**asked, ANEW: natural}
    language = station.choose_language(article.language)
    diction = load_diction(station.root, language)
    voices = choose_voices(station, language, voice=voice, fetching=fetching)
    cast = open_cast(station, language, voices)
    plan = _gather(station, article, date, slug, diction, cast, voices)
    return keep_corrections(dataclasses.replace(plan, asked=asked), find_standing(station, plan.slug))


def plan_again(
    station: Station, episode: Episode, *, voice: str = "", fetching: Fetching | None = None
) -> Plan:
    """Find everything that *episode*, which stands or was refused, takes to be made again from its folder.

    The settings are those of now. But a role that is read by `auto` keeps the voice that it had: it would be
    another one as soon as the machine has a better one. Where the second voice stood in, the first are tried
    again. Raises `EpisodeError` where the article is not there any more, else as `plan_edition`.
    """
    workplace = find_workplace(station, episode.slug)
    article = load_article(workplace)
    language = station.choose_language(article.language)
    diction = load_diction(station.root, language)
    kept = {} if voice or episode.stood_in else dict(episode.cast)
    voices = choose_voices(station, language, voice=voice, kept=kept, fetching=fetching)
    cast = open_kept_cast(station, language, voices, kept, episode.slug)
    plan = _gather(station, article, episode.date, episode.slug, diction, cast, voices)
    return dataclasses.replace(
        plan,
        asked=dict(episode.asked),
        edited_script=find_edited_script(episode, workplace),
        corrections=episode.corrections,
        tries_again=bool(episode.stood_in),
    )


def keep_corrections(plan: Plan, episode: Episode | None) -> Plan:
    """Return *plan* with the corrections of *episode*, which it takes the place of, besides its own."""
    noted = episode.corrections if episode else ()
    told = {one.text.casefold() for one in noted}
    more = (one for one in plan.corrections if one.text.casefold() not in told)
    return dataclasses.replace(plan, corrections=(*noted, *more))


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
    templates = sorted(path for path in station.templates_folder.rglob("*") if path.is_file())
    cover, trailer = (
        [path] if (path := station.root / name).is_file() else []
        for name in (station.artwork.cover, station.feed.trailer)
    )
    seals = seal_files(station, [*templates, *cover, *trailer], jingles.values())
    sums = [(path.name, seals[path].sha256) for path in (*templates, *jingles.values(), *cover)]
    made_of = _fingerprint(station, article, date, cast, diction, sums)
    return Plan(station, article, date, slug, cast, voices, diction, jingles, made_of, seals=seals)


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
    files: Sequence[tuple[str, str]],
) -> str:
    """Return what tells this edition from any other; *files* are names and checksums of what goes into it."""
    ingredients = {
        "version": __version__,
        "settings": station.fingerprint,
        "article": article.to_json(),
        "date": date.isoformat(),
        "voices": {role: voice.identity for role, voice in cast.items()},
        "lexicon": diction.lexicon.fingerprint,
        "files": files,
    }
    return sha256_of(json.dumps(ingredients, sort_keys=True))
