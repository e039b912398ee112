"""The flow: one article becomes a published episode.

article → script → takes → mix → master → episode → feed and pages. Everything that can fail for want of
something is tried before the first line is spoken.
"""

import dataclasses
import datetime as dt
import functools
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from morning_edition.articles import Article
from morning_edition.episode import Episode, is_whole, load_episode, load_episodes, make_guid
from morning_edition.errors import EpisodeError
from morning_edition.files import sha256_of
from morning_edition.plan import SCRIPT_NAME, Plan
from morning_edition.station import Station

if TYPE_CHECKING:
    from morning_edition.artwork import EpisodeCover
    from morning_edition.master import Master
    from morning_edition.mix.timeline import Timeline
    from morning_edition.shelf import Content
    from morning_edition.takes import Tally


class Report(Protocol):
    """Told how far a stage is."""

    def __call__(self, stage: str, done: int, total: int, told: str = "", /) -> None:
        """Tell that *done* of *total* is done; *told* says it in words, where numbers do not."""


@dataclass(frozen=True, slots=True)
class Produced:
    """What came of a plan."""

    episode: Episode
    folder: Path
    unchanged: bool
    """Whether it stood there already, made of the same."""
    edited: bool = False
    """Whether it was made from a script that somebody had edited by hand."""
    new_characters: int = 0
    """How many were spoken for it that no cache held."""
    usd: float = 0.0
    """What the engines charge for them, by their list prices."""


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
        script = _find_edited_script(plan.station, before) if before else ""
        plan = dataclasses.replace(plan, edited_script=script)
        produced = _make_episode(plan, _find_life(plan, before, others, now), report)
    if publish:
        others = load_episodes(plan.station, without=plan.slug)  # another run may have added one meanwhile
        from morning_edition.shelf import publish_site

        report("publish", 0, 1)
        publish_site(plan.station, [produced.episode, *others])
        report("publish", 1, 1)
    return produced


def _find_edited_script(station: Station, before: Episode) -> str:
    """Return the episode's `script.md` where it is not the one that the template wrote."""
    try:
        content = (before.folder(station) / SCRIPT_NAME).read_bytes()
    except FileNotFoundError:
        return ""
    recorded = {file.name: file.sha256 for file in before.files}.get(SCRIPT_NAME)
    return content.decode(errors="replace") if before.edited or sha256_of(content) != recorded else ""


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
    """Speak, mix, master and wrap up, while what goes with the sound is made on the side."""
    from concurrent.futures import ThreadPoolExecutor

    from morning_edition.master import master_mix
    from morning_edition.mix.jingles import load_jingles
    from morning_edition.mix.mixing import mix_programme
    from morning_edition.shelf import find_show_cover, prepare_shelf, store_episode
    from morning_edition.take_cache import TakeCache
    from morning_edition.takes import speak_lines

    station = plan.station
    with ThreadPoolExecutor(1) as side:  # decoding needs no interpreter, and writing little else
        music = side.submit(load_jingles, plan.jingles, station.sound.sample_rate_hz)
        script = plan.script
        prepare_shelf(station)
        if station.artwork.cover:
            find_show_cover(station)  # one of the station's own may be no good, and that is best said first
        jingles = music.result()

    tallies: list[Tally] = []

    def report_speaking(tally: "Tally") -> None:
        tallies[:] = [tally]
        report("speak", tally.lines, tally.of_lines, tally.told)

    takes = speak_lines(
        plan.read_lines,
        plan.cast,
        TakeCache(station.cache_folder / "takes", largest_mb=station.sound.cache_mb),
        report_speaking,
        plan.utter,
    )
    mix = mix_programme(script, takes, station.cast, station.sound, jingles, functools.partial(report, "mix"))
    voices = tuple(sorted({take.voice for take in takes}))
    del takes  # a long programme's are large, and all that is heard of them is in the mix
    with ThreadPoolExecutor(1) as side:
        extras = side.submit(_make_extras, plan, mix.timeline)
        report("master", 0, 1)
        master = master_mix(mix, station.podcast)
        report("master", 1, 1)
        cover, companions = extras.result()
    from morning_edition.wrapping import wrap_episode

    draft = _draft_episode(plan, life, mix.timeline, master, voices)
    episode, content = wrap_episode(station, draft, mix.timeline.cues, master.mp3, cover, companions)
    folder = store_episode(station, episode, content)
    (tally,) = tallies
    return Produced(
        episode,
        folder,
        unchanged=False,
        edited=episode.edited,
        new_characters=tally.new_characters,
        usd=tally.usd,
    )


def _draft_episode(
    plan: Plan, life: _Life, timeline: "Timeline", master: "Master", voices: tuple[str, ...]
) -> Episode:
    """Say what the episode is; only its files are still to be listed."""
    station, article = plan.station, plan.article
    return Episode(
        slug=plan.slug,
        guid=life.guid,
        number=life.number,
        title=article.headline,
        date=plan.date,
        published=life.published,
        language=plan.script.language,
        outlet=article.outlet or station.outlet.name,
        byline=article.byline,
        edition=article.edition or station.outlet.edition,
        summary=summarise(article),
        keywords=article.keywords,
        quick_looks=plan.quick_looks,
        source_url=article.source_url,
        duration_ms=timeline.duration_ms,
        chapters=timeline.chapters,
        voices=voices,
        loudness_lufs=master.loudness_lufs,
        true_peak_dbtp=master.true_peak_dbtp,
        recipe=plan.recipe,
        cast=tuple(plan.voices.items()),
        edited=bool(plan.edited_script),
        files=(),
    )


def _make_extras(plan: Plan, timeline: "Timeline") -> tuple["EpisodeCover", "Content"]:
    """Make what goes with the sound and needs none of it: the cover, and the files beside it."""
    from morning_edition.wrapping import draw_cover, render_companions

    cover = draw_cover(plan.station, plan.article, plan.date)
    return cover, render_companions(plan.article, plan.script_md, timeline)


def summarise(article: Article) -> str:
    """Return what lists show of an article: its lede, or else the first words that it has."""
    paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
    looks = [look.text for look in article.quick_looks]
    return next(filter(None, [article.lede, *paragraphs, *looks]), article.headline)
