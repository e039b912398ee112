"""One edition made, in a folder aside: its lines spoken, its masters pressed, and all that goes with them."""

import dataclasses
import functools
import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from morning_edition.articles import Article
from morning_edition.covers import find_show_cover
from morning_edition.episode import AUDIO_NAME, Episode
from morning_edition.errors import VoiceError
from morning_edition.flash import FlashPart, lay_briefing
from morning_edition.kept import Kept
from morning_edition.master import CODEC_MARGIN_DB
from morning_edition.mix.looks import HeardLook, find_looks
from morning_edition.mix.music import Music
from morning_edition.mix.programme import Programme, lay_programme
from morning_edition.mix.studio import Studio
from morning_edition.outlets.corrections import list_corrections
from morning_edition.paces import FILE_NAME as PACES_NAME
from morning_edition.paces import Paces
from morning_edition.plan import Plan
from morning_edition.press import Order, Press, Pressed
from morning_edition.proof.decoding import HeardMaster, hear_masters
from morning_edition.script.script import Script
from morning_edition.shelf import Content, prepare_shelf
from morning_edition.station import Station
from morning_edition.tags import Tags, render_tag
from morning_edition.take_cache import TakeCache
from morning_edition.takes import Take, Tally, speak_lines
from morning_edition.wrapping import draw_cover, make_flash_tags, make_tags, render_companions

if TYPE_CHECKING:
    from morning_edition.artwork import Cover

MOST_PRESSINGS = 8
SOFTER_STEP_DB = 0.2
BETWEEN_SWEEPS_S = 3600


class Report(Protocol):
    """Told how far a stage is."""

    def __call__(self, stage: str, done: int, total: int, told: str = "", /) -> None:
        """Tell that *done* of *total* is done; *told* says it in words, where numbers do not."""


@dataclass(frozen=True, slots=True)
class Recording:
    """What was spoken, and the programmes laid out of it."""

    plan: Plan
    """As it was read: by the second voice, where another gave out."""
    takes: Sequence[Take]
    cover: "Future[Cover]"
    """Drawn on the side."""
    studio: Studio
    cache: TakeCache
    kept: Kept
    podcast: Programme
    looks: tuple[HeardLook, ...]
    flash: tuple[FlashPart, ...]
    """What goes into the flash briefing."""
    voices: tuple[str, ...]
    tally: Tally

    def sweep(self) -> None:
        """Make room for the next edition, once nothing of this one is to be read back any more."""
        self.kept.sweep(once_in_s=BETWEEN_SWEEPS_S)
        self.cache.sweep()


def record(
    plan: Plan, report: Report, side: Executor, tell: Callable[[str], None] = lambda said: None
) -> Recording:
    """Have the script read, and lay out what was read. Raises the error of whatever fails.

    What needs the interpreter little is done on the *side*. *tell* is told when the second voice reads.
    """
    station, script = plan.station, plan.script
    kept = Kept(station.cache_folder / "reels", largest_mb=station.sound.cache_mb)
    music = Music(plan.jingles, frozenset({station.running_order.bed.music}), station.sound, kept)
    lengths = side.submit(music.measure_lengths)
    cover = side.submit(draw_cover, station, plan.article, plan.date)
    _ = plan.read_lines  # a script that is no good is best said before anything is spoken
    prepare_shelf(station)
    if station.artwork.cover:
        find_show_cover(station)  # one of the station's own may be no good, and that is best said first
    music_lengths = lengths.result()
    cache = TakeCache(station.cache_folder / "takes", largest_mb=station.sound.cache_mb)
    plan, takes, tally = _speak(plan, cache, report, tell)
    for path in cache.damaged:
        tell(f"{path} was damaged, and its line is spoken anew")
    station, script = plan.station, plan.script
    loudness = [
        station.sound.speech_lufs + getattr(station.cast, line.role).gain_db for line in plan.read_lines
    ]
    studio = Studio(takes, loudness, music, station.sound, kept, language=script.language)
    notes = studio.note_takes()
    podcast = lay_programme(script, notes, music_lengths, station)
    looks = find_looks(script, plan.quick_looks)
    flash = lay_briefing(script, looks, notes, music_lengths, station)
    return Recording(
        plan,
        takes,
        cover,
        studio,
        cache,
        kept,
        podcast,
        looks,
        flash,
        tuple(sorted({take.voice for take in takes})),
        tally,
    )


def _speak(
    plan: Plan, cache: TakeCache, report: Report, tell: Callable[[str], None]
) -> tuple[Plan, Sequence[Take], Tally]:
    """Have *plan* read, or else all of it by the second voice; return it as it was read."""
    from morning_edition.second_voice import let_second_read, prepare_second, tell_both, tell_second

    second, fault = prepare_second(plan)
    if fault:
        tell(fault)
        plan = dataclasses.replace(plan, second_fault=fault)
    spent: list[Tally] = []
    try:
        return plan, *_read(plan, cache, report, spent)
    except VoiceError as error:
        if second is None:
            raise
        plan, first = let_second_read(plan, second, error), error
    tell(tell_second(plan, first))
    try:
        takes, tally = _read(plan, cache, report, [])
    except VoiceError as error:
        raise tell_both(plan, first, error) from error
    return plan, takes, _add_up(tally, spent[-1:])


def _add_up(tally: Tally, spent: Sequence[Tally]) -> Tally:
    """Return *tally* with what was spoken for nothing before it."""
    characters = sum(one.new_characters for one in spent)
    usd = sum(one.usd for one in spent)
    return dataclasses.replace(tally, new_characters=tally.new_characters + characters, usd=tally.usd + usd)


def _read(plan: Plan, cache: TakeCache, report: Report, tallies: list[Tally]) -> tuple[Sequence[Take], Tally]:
    """Have all lines of *plan* read; *tallies* is what came of it, even when a voice fails."""

    def report_speaking(tally: Tally) -> None:
        tallies[:] = [tally]
        report("speak", tally.lines, tally.of_lines, tally.told)

    paces = Paces(plan.station.cache_folder / PACES_NAME)
    takes = speak_lines(plan.read_lines, plan.cast, cache, report_speaking, plan.utter, paces)
    return takes, tallies[0]


def press_masters(
    plan: Plan, recording: Recording, draft: Episode, staged: Path, report: Report, side: Executor
) -> tuple[list[HeardMaster], Content]:
    """Press the masters into *staged* and hear them; return that, and the content of the other files.

    What goes with the sound is made on the *side*. Raises `AudioError`, `StationError` and OSError.
    """
    station, timeline = plan.station, recording.podcast.timeline
    corrections = [one.line for one in list_corrections(draft)]
    companions = side.submit(
        render_companions, plan.article, plan.script, plan.script_md, timeline, corrections
    )

    def tag_podcast() -> Tags:
        return make_tags(station, draft, timeline.cues, recording.cover.result().small)

    press = Press(recording.studio, station.sound, recording.kept, report)
    orders = list(_orders(station, recording, draft, staged, tag_podcast))
    heard = _press_until_under(press, orders, recording, report)
    _encode_alternates(station, press, heard[0].pressed, tag_podcast)
    cover = recording.cover.result()
    return heard, {"cover.jpg": cover.large, "cover-small.jpg": cover.small, **companions.result()}


def _orders(
    station: Station, recording: Recording, draft: Episode, staged: Path, tag_podcast: Callable[[], Tags]
) -> Iterator[Order]:
    yield Order(
        "podcast",
        recording.podcast,
        station.podcast,
        staged / AUDIO_NAME,
        lambda: render_tag(tag_podcast()),
    )
    for part in recording.flash:
        if part.programme:
            tags = make_flash_tags(station, draft, part.title, part.programme.timeline.duration_ms)
            tag_flash = functools.partial(render_tag, tags)
            yield Order(part.name, part.programme, station.flash, staged / part.file, tag_flash)


def _encode_alternates(
    station: Station, press: Press, podcast: Pressed, tag_podcast: Callable[[], Tags]
) -> None:
    """Write the podcast's master in the other forms that the station wants, beside it."""
    wanted = station.alternates
    if not (wanted.m4a or wanted.opus):
        return
    from morning_edition.alternates import encode_m4a, encode_opus, overshoot_db

    channels, order = station.sound.channels, podcast.order

    def write(suffix: str, encode: Callable[..., None], bitrate_kbps: int, over_db: float) -> None:
        margin_db = max(CODEC_MARGIN_DB, over_db + SOFTER_STEP_DB)
        level = dataclasses.replace(podcast.level, ceiling_db=order.profile.true_peak_dbtp - margin_db)
        encode(
            order.path.with_suffix(suffix),
            press.cut_levelled(order.programme, level),
            order.programme.order.length,
            sample_rate_hz=station.sound.sample_rate_hz,
            channels=channels,
            bitrate_kbps=bitrate_kbps,
            tags=tag_podcast(),
        )

    if wanted.m4a:
        write(".m4a", encode_m4a, wanted.m4a_kbps, overshoot_db("m4a", wanted.m4a_kbps, channels))
    if wanted.opus:
        write(".opus", encode_opus, wanted.opus_kbps, overshoot_db("opus", wanted.opus_kbps, channels))


def _press_until_under(
    press: Press, orders: Sequence[Order], recording: Recording, report: Report
) -> list[HeardMaster]:
    """Press until no reel's peak is over its ceiling once it is decoded: an encoder may add to a peak."""
    softer_db: dict[tuple[str, str], float] = {}
    for _ in range(MOST_PRESSINGS):
        pressed = press.press(orders, softer_db)
        heard = hear_masters(pressed, recording.kept, functools.partial(report, "proof"))
        over_db = {key: over for one in heard for key, over in _find_over(one, recording.studio).items()}
        if not over_db:
            break
        for key, over in over_db.items():
            softer_db[key] = round(softer_db.get(key, 0.0) + over + SOFTER_STEP_DB, 1)
    return heard


def _find_over(heard: HeardMaster, studio: Studio) -> dict[tuple[str, str], float]:
    """Return by how many decibels reels are over the ceiling, by the master's name and their keys."""
    order = heard.pressed.order
    peaks_db = [20 * math.log10(max(reel.measured.true_peak, 1e-9)) for reel in heard.reels]
    return {
        (order.name, studio.key(reel)): peak_db - order.profile.true_peak_dbtp
        for reel, peak_db in zip(order.programme.reels, peaks_db, strict=True)
        if peak_db > order.profile.true_peak_dbtp
    }


def summarise(article: Article) -> str:
    """Return what lists show of an article: its lede, or else the first words that it has."""
    paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
    looks = [look.text for look in article.quick_looks]
    return next(filter(None, [article.lede, *paragraphs, *looks]), article.headline)


def summarise_script(script: Script) -> str:
    """Return what a script that was edited by hand says of the article's lede; empty where it has none."""
    return " ".join(line.text for line in script.lines if line.source == "lede")
