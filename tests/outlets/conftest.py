"""A station, an episode and its cues, as small as they can be and still have every part."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from hostile import HOSTILE

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.station import Outlet, Owner, Show, Station

FILE_NAMES = (
    "article.json",
    "chapters.json",
    "cover.jpg",
    "episode.mp3",
    "index.html",
    "script.md",
    "transcript.json",
    "transcript.srt",
    "transcript.vtt",
)


@pytest.fixture(scope="session")
def station() -> Station:
    return Station(
        Path("/station"),
        show=Show(
            title="The Morning Brief",
            description="News & views: the day’s story in <three> parts.",
            timezone="America/New_York",
            base_url="https://pod.example/brief/",
        ),
        outlet=Outlet(name="Newslooks", url="https://news.example/"),
        owner=Owner(name="The Desk", email="desk@news.example"),
    )


@pytest.fixture(scope="session")
def episode() -> Episode:
    return make_episode()


@pytest.fixture(scope="session")
def bare_episode() -> Episode:
    """Nothing but its sound."""
    return dataclasses.replace(
        make_episode(2),
        byline="",
        summary="",
        quick_looks=(),
        source_url="",
        chapters=(),
        files=(EpisodeFile("episode.mp3", 20_480, "0" * 64),),
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for *hostile* once for each of these."""
    if "hostile" in metafunc.fixturenames:
        metafunc.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))


def make_episode(number: int = 1) -> Episode:
    date = dt.date(2024, 12, 5) + dt.timedelta(days=number)
    return Episode(
        slug=f"{date}-hama-falls",
        guid=f"00000000-0000-5000-8000-{number:012}",
        number=number,
        title="Hama’s fall: Assad’s regime “shaken” & Homs next",
        date=date,
        published=dt.datetime(date.year, date.month, date.day, 6, tzinfo=dt.timezone(dt.timedelta(hours=-5))),
        language="en-US",
        outlet="Newslooks",
        byline="J. Mansour",
        edition="Morning Edition",
        summary="Insurgents captured the key city of Hama on Thursday, a blow to Assad’s government.",
        keywords=("Syria", "Hama"),
        quick_looks=(
            QuickLook("Insurgents capture Hama after intense clashes.", "Major Victory"),
            QuickLook("Rebels aim to take Homs, 40 km south of Hama."),
        ),
        source_url="https://news.example/hama?a=1&b=2",
        duration_ms=62_530,
        chapters=(
            Chapter("Introduction", 0, 12_345),
            Chapter("Quick Looks", 12_345, 40_000),
            Chapter("Hama & after", 40_000, 62_530),
        ),
        voices=("espeak 1.52 en-us",),
        loudness_lufs=-16.0,
        true_peak_dbtp=-1.2,
        recipe="0123456789abcdef",
        files=tuple(EpisodeFile(name, 750_360, "0" * 64) for name in FILE_NAMES),
    )


@pytest.fixture(scope="session")
def cues() -> tuple[Cue, ...]:
    return (
        Cue(900, 4_000, "Good morning; this is The Morning Brief.", "anchor", "intro"),
        Cue(4_350, 12_000, "Hama’s fall: Assad’s regime “shaken” & Homs next.", "anchor", "intro"),
        Cue(
            13_000,
            22_000,
            "Major Victory: Insurgents captured the city at 6:30 p.m. on Thursday after three days of "
            "intense clashes with Syrian forces, which withdrew to spare civilian lives.",
            "anchor",
            "quick_looks",
        ),
        Cue(
            40_800,
            49_000,
            "The rebels now hold the key <crossroads> north of Homs.",
            "correspondent",
            "deep_look",
        ),
        Cue(49_500, 55_000, "“It means the beginning of the regime’s collapse,”", "quote", "deep_look"),
        Cue(55_100, 60_000, "said Rami Abdurrahman of the Observatory.", "correspondent", "deep_look"),
    )
