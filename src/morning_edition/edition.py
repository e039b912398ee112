"""The flow: one article becomes a published episode.

article → script → takes → mix → master → episode → feed and pages. Everything that can fail for want of
something is tried before the first line is spoken.
"""

import dataclasses
import datetime as dt
import json
import zoneinfo
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition import __version__
from morning_edition.articles import Article
from morning_edition.episode import Episode, is_whole, load_episode, load_episodes, make_guid, make_slug
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of
from morning_edition.script import Script, parse_script, write_script
from morning_edition.script.script import ROLES, Role
from morning_edition.spoken import to_spoken
from morning_edition.station import Part, Station
from morning_edition.voices import Voice
from morning_edition.voices.registry import open_voice

if TYPE_CHECKING:
    from morning_edition.mix.running_order import JingleName

Report = Callable[[str, int, int], None]
"""Told the stage, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An edition before anything is spoken: what will be made, and of what."""

    station: Station
    article: Article
    date: dt.date
    slug: str
    script_md: str
    script: Script
    cast: Mapping[Role, Voice]
    jingles: Mapping["JingleName", Path]
    recipe: str
    """A fingerprint of all that decides how the episode comes out."""


@dataclass(frozen=True, slots=True)
class Produced:
    """What came of a plan."""

    episode: Episode
    folder: Path
    unchanged: bool
    """Whether it stood there already, made of the same."""


def plan_edition(station: Station, article: Article, date: dt.date, *, voice: str = "") -> Plan:
    """Write the script and find everything that it takes; *voice* takes the place of the whole cast.

    Raises the error of whatever is missing or wrong.
    """
    from morning_edition.mix.jingles import find_jingles

    script_md = write_script(article, station, date)
    script = parse_script(script_md, to_spoken=to_spoken)
    cast = open_cast(station, script.language, voice=voice)
    jingles = find_jingles(station)
    slug = make_slug(date, article.headline)
    recipe = _fingerprint(station, article, script_md, cast, jingles)
    return Plan(station, article, date, slug, script_md, script, cast, jingles, recipe)


def open_cast(station: Station, language: str, *, voice: str = "") -> dict[Role, Voice]:
    """Return each role's voice; *voice* (ENGINE or ENGINE:VOICE) reads them all. Raises `VoiceError`."""
    parts: dict[Role, Part] = {role: getattr(station.cast, role) for role in ROLES}
    return {
        role: open_voice(voice or part.voice or station.cast.anchor.voice, language=language, rate=part.rate)
        for role, part in parts.items()
    }


def _fingerprint(
    station: Station,
    article: Article,
    script_md: str,
    cast: Mapping[Role, Voice],
    jingles: Mapping["JingleName", Path],
) -> str:
    ingredients = {
        "version": __version__,
        "settings": {
            field.name: repr(getattr(station, field.name))
            for field in dataclasses.fields(station)
            if field.name != "root"
        },
        "cover": _fingerprint_cover(station),
        "article": article.to_json(),
        "script": script_md,
        "voices": {role: voice.identity for role, voice in cast.items()},
        "jingles": {name: sha256_of(path.read_bytes()) for name, path in jingles.items()},
    }
    return sha256_of(json.dumps(ingredients, sort_keys=True))


def _fingerprint_cover(station: Station) -> str:
    own = station.root / station.artwork.cover
    return sha256_of(own.read_bytes()) if own.is_file() else ""


def produce(plan: Plan, now: dt.datetime, report: Report, *, publish: bool = True) -> Produced:
    """Make the planned episode, put it on the shelf, and publish the site.

    An episode that stands there already, made of the same, is left as it is. *now* (aware) is when it is
    published, unless its edition's hour is past. With *publish* off, feed and pages stay as they are.
    """
    others = load_episodes(plan.station, without=plan.slug)
    before = _find_before(plan)
    if before and before.recipe == plan.recipe and is_whole(before, plan.station):
        produced = Produced(before, before.folder(plan.station), unchanged=True)
    else:
        produced = _make_episode(plan, _find_life(plan, before, others, now), report)
    if publish:
        from morning_edition.shelf import publish_site

        report("publish", 0, 1)
        publish_site(plan.station, [produced.episode, *others])
        report("publish", 1, 1)
    return produced


@dataclass(frozen=True, slots=True)
class _Life:
    """What an episode keeps, however often it is made again."""

    guid: str
    number: int
    published: dt.datetime


def _find_life(plan: Plan, before: Episode | None, others: Iterable[Episode], now: dt.datetime) -> _Life:
    if before:
        return _Life(before.guid, before.number, before.published)
    number = max((episode.number for episode in others), default=0) + 1
    published = find_publication(plan.station, plan.date, now)
    return _Life(make_guid(plan.station, plan.slug), number, published)


def _find_before(plan: Plan) -> Episode | None:
    """Return the episode that stands in the plan's place; one with a damaged record is made anew."""
    try:
        return load_episode(plan.station.episodes_folder / plan.slug)
    except EpisodeError:
        return None


def find_publication(station: Station, date: dt.date, now: dt.datetime) -> dt.datetime:
    """Return when the edition of *date* is published: at the station's hour, but never after *now*."""
    zone = zoneinfo.ZoneInfo(station.show.timezone)
    planned = dt.datetime.combine(date, dt.time.fromisoformat(station.show.publish_at), zone)
    return min(planned, now.astimezone(zone).replace(microsecond=0))


def _make_episode(plan: Plan, life: _Life, report: Report) -> Produced:
    """Speak, mix, master and wrap up."""
    from morning_edition.artwork import draw_episode_cover
    from morning_edition.master import master_mix
    from morning_edition.mix.mixing import mix_programme
    from morning_edition.shelf import store_episode
    from morning_edition.takes import TakeCache, speak_lines
    from morning_edition.wrapping import render_companions, wrap_episode

    station, article = plan.station, plan.article
    edition = article.edition or station.outlet.edition
    takes = speak_lines(
        plan.script.lines,
        plan.cast,
        TakeCache(station.cache_folder / "takes"),
        lambda done, total: report("speak", done, total),
    )
    mix = mix_programme(
        plan.script,
        takes,
        station.cast,
        station.sound,
        plan.jingles,
        lambda done, total: report("mix", done, total),
    )
    with ThreadPoolExecutor(1) as pool:
        # The encoder keeps one core busy; what goes with the sound is made on another meanwhile.
        cover = pool.submit(
            draw_episode_cover, station, edition=edition, date=plan.date, headline=article.headline
        )
        companions = pool.submit(render_companions, article, plan.script_md, mix.timeline)
        report("master", 0, 1)
        master = master_mix(mix, station.podcast)
        report("master", 1, 1)
        draft = Episode(
            slug=plan.slug,
            guid=life.guid,
            number=life.number,
            title=article.headline,
            date=plan.date,
            published=life.published,
            language=plan.script.language,
            outlet=article.outlet or station.outlet.name,
            byline=article.byline,
            edition=edition,
            summary=summarise(article),
            keywords=article.keywords,
            quick_looks=article.quick_looks,
            source_url=article.source_url,
            duration_ms=mix.timeline.duration_ms,
            chapters=mix.timeline.chapters,
            voices=tuple(sorted({take.voice for take in takes})),
            loudness_lufs=master.loudness_lufs,
            true_peak_dbtp=master.true_peak_dbtp,
            recipe=plan.recipe,
            files=(),
        )
        episode, content = wrap_episode(
            station, draft, mix.timeline.cues, master.mp3, cover.result(), companions.result()
        )
    return Produced(episode, store_episode(station, episode, content), unchanged=False)


def summarise(article: Article) -> str:
    """Return what lists show of an article: its lede, or else the first words that it has."""
    paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
    looks = [look.text for look in article.quick_looks]
    return next(filter(None, [article.lede, *paragraphs, *looks]), article.headline)
