"""What a feed must be before it is published, whoever wrote its template."""

import dataclasses
import datetime as dt
import functools
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from morning_edition.articles.article import QuickLook
from morning_edition.episode import Episode, EpisodeFile
from morning_edition.errors import StationError
from morning_edition.files import sha256_of
from morning_edition.mix.timeline import Chapter
from morning_edition.outlets.feed import render_feed
from morning_edition.outlets.feed_check import check_feed
from morning_edition.station import Show, Station
from morning_edition.station.publishing import Feed


def number_of_days(count: int, episode: Episode) -> list[Episode]:
    """Make an episode for each of so many days."""
    first = episode.published
    return [
        dataclasses.replace(
            episode,
            slug=f"{(first + dt.timedelta(days=day)).date()}-hama",
            guid=f"00000000-0000-5000-8000-{day:012}",
            number=day + 1,
            published=first + dt.timedelta(days=day),
        )
        for day in range(count)
    ]


def refusal_of(feed: str, station: Station, *episodes: Episode) -> str:
    with pytest.raises(StationError) as refused:
        check_feed(feed, station, episodes)
    return str(refused.value)


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_our_own_feed_may_be_published(count: int, station: Station, episode: Episode) -> None:
    episodes = number_of_days(count, episode)

    check_feed(render_feed(station, episodes), station, episodes)


def test_our_own_feed_may_be_published_whatever_is_in_it(
    station: Station, episode: Episode, hostile: str
) -> None:
    told = dataclasses.replace(
        episode,
        title=hostile,
        byline=hostile,
        summary=hostile,
        outlet=hostile,
        quick_looks=(QuickLook(hostile, hostile),),
        chapters=(Chapter(hostile, 0, 62_530),),
        soundbites=(Chapter(hostile, 0, 30_000),),
        source_url=hostile,
        keywords=(hostile,),
        files=(*episode.files, EpisodeFile("flash.mp3", 5, "0" * 64)),
    )
    named = dataclasses.replace(
        station,
        show=dataclasses.replace(station.show, title=hostile if hostile.isprintable() else "Show"),
        feed=Feed(license=hostile, license_url="https://n.example/", trailer_title=hostile),
    )
    if named.show.title.strip():
        check_feed(render_feed(named, [told]), named, [told])


def test_a_feed_with_all_that_there_can_be_may_be_published(
    station: Station, episode: Episode, tmp_path: Path
) -> None:
    (tmp_path / "hello there.mp3").write_bytes(b"sound")
    own = dataclasses.replace(station, root=tmp_path, feed=Feed(trailer="hello there.mp3", season=3))
    names = ("cover-small.jpg", "episode.m4a", "episode.opus", "flash.mp3", "transcript.html")
    added = tuple(EpisodeFile(name, 5, "0" * 64) for name in names)
    told = dataclasses.replace(episode, season=3, files=(*episode.files, *added))
    feed = render_feed(own, [told])
    assert "hello%20there.mp3" in feed

    check_feed(feed, own, [told])


def test_a_moment_between_seconds_may_be_published(station: Station, episode: Episode) -> None:
    exact = dataclasses.replace(episode, published=episode.published.replace(microsecond=654_321))

    check_feed(render_feed(station, [exact]), station, [exact])


CHANGES = [
    (r"<\?xml [^>]*\?>\n", "", "it begins with “<rss version="),
    (r"^<\?xml", "\ufeff<?xml", "and must begin with <?xml version="),
    ("UTF-8", "ISO-8859-1", "it says that it is XML 1.0 in ISO-8859-1"),
    ('version="1.0"', 'version="1.1"', "it says that it is XML 1.1 in UTF-8"),
    (r"(<rss)", r"<!DOCTYPE rss>\1", "it has a <!DOCTYPE>"),
    (r"(<rss)", r'<!DOCTYPE rss [<!ENTITY a "aaa">]>\1', "it has a <!DOCTYPE>"),
    ("</item>", "", "it is not well-formed XML: Opening and ending tag mismatch"),
    ("<language>", "<language>R&D", "where it says “<language>R&Den-US</language>”; write & as &amp;"),
    ('rss version="2.0"', 'rss version="0.91"', 'its first element is not <rss version="2.0">'),
    (r"(<channel>.*</channel>)", r"\1<channel/>", "it has 2 channels, and should have one"),
    (r"<channel>.*</channel>", "", "it has no channel, and should have one"),
    ("podcast-1.0.dtd", "podcast-1.0.DTD", "xmlns:itunes is “http://www.itunes.com/dtds/podcast-1.0.DTD”"),
    ("namespace/1.0", "namespace/1.1", "and should be “https://podcastindex.org/namespace/1.0”"),
    (r"<title>[^<]*</title>", "", "the channel has no title, and should have one"),
    (r"(<title>[^<]*</title>)", r"\1\1", "the channel has 2 title, and should have one"),
    (r"<title>[^<]*</title>", "<title> </title>", "the channel has an empty title"),
    (r"(<title>)", r"\1\n  ", "the channel has white space around the text of title"),
    (r"<link>[^<]*</link>", "<link>pod.example</link>", "the channel's link is “pod.example”"),
    (r"<description>[^<]*</description>", "<description/>", "the channel's description is empty"),
    (r"(<description>)", r"\1" + "é" * 2000, "or longer than 4,000 bytes"),
    ("en-US", "English", "the channel's language is “English”, and should be a language such as en-US"),
    ("en-US", "x" * 300, "the channel has a language of 300 characters, and it may have 255"),
    (
        r"<itunes:explicit>false",
        "<itunes:explicit>no",
        "itunes:explicit is “no”, and should be true or",
    ),
    (r"<itunes:image [^>]*/>", "", "the channel has no itunes:image with its href; write <itunes:image"),
    (r"<itunes:category .*</itunes:category>", "", "the channel has no itunes:category with its text"),
    (r'rel="self"', 'rel="alternate"', "the channel has no atom:link with its own address; write <atom:link"),
    (r"brief/podcast\.xml", "feed.xml", "the address in atom:link is “https://pod.example/feed.xml”"),
    ("application/rss.xml", "text/xml", "the type in atom:link is “text/xml”"),
    (r"<pubDate>\w\w\w", "<pubDate>Mon", "the channel's pubDate is “Mon, 06 Dec 2024"),
    (r"<lastBuildDate>.*?<", "<lastBuildDate>2024-12-06<", "lastBuildDate is “2024-12-06”"),
    (r"<guid.*?</guid>", "", "item 1 has no guid"),
    (r"<guid.*?</guid>", "<guid>x</guid>", "no item has the guid “00000000-"),
    (' isPermaLink="false"', "", "in the item of 2024-12-06-hama-falls, the guid's isPermaLink is not given"),
    (r"(<item>.*</item>)", r"\1\1", "two items have the guid “00000000-0000-5000-8000-000000000001”"),
    (r"</channel>", "<item><guid>y</guid></item></channel>", "an item has the guid “y”, which is no episode"),
    (r"<item>.*</item>", "", "no item has the guid"),
    (r"<enclosure[^>]*/>", "", "the item has no enclosure"),
    (r"(<enclosure[^>]*/>)", r"\1\1", "the item has 2 enclosures, not one"),
    (
        r'(<enclosure url="[^"]*)episode',
        r"\1other",
        "the enclosure is “other-00000000.mp3”, and should be “episode-00000000.mp3”",
    ),
    ('<enclosure url="https://pod', '<enclosure url="http://pod', "the enclosure's url is “http://pod"),
    (r'(<enclosure .*? length=)"\d+"', r'\1"0"', "its length in bytes is “0”, and should be “750360”"),
    (r' length="\d+"', "", "its length in bytes is not given, and should be “750360”"),
    (r'(<enclosure .*? type=)"[^"]*"', r'\1"audio/mp3"', "its type is “audio/mp3”"),
    (
        r"(<item>.*?<pubDate>).*?<",
        r"\1Fri, 06 Dec 2024 06:00:00 GMT<",
        "and should be Fri, 06 Dec 2024",
    ),
    (r"(<item>.*?<pubDate>).*?<", r"\1yesterday<", "pubDate is “yesterday”"),
    (r"<itunes:duration>\d+", "<itunes:duration>01:02", "itunes:duration is “01:02”, and should be 63"),
    (r"<description><!.*?</description>", "", "there is no description; write <description><![CDATA["),
    (r"(<description><!\[CDATA\[)", r"\1" + "x" * 4000, "bytes, and may have 4,000"),
    (r"<itunes:episode>\d+", "<itunes:episode>0", "itunes:episode is “0”, and should be a number from 1 up"),
    (r"transcript-0+\.vtt", "transcript-0.txt", "links to transcript-0.txt, which is not there"),
    ('type="text/vtt"', 'type="text/plain"', "the type of transcript-00000000.vtt is “text/plain”"),
    (
        r"(<podcast:source uri=.*?)hama",
        r"\1homs",
        "podcast:source points to “https://pod.example/brief/audio/",
    ),
    (
        r"cover\.jpg\"/>",
        'art.jpg"/>',
        "itunes:image points to “https://pod.example/brief/art.jpg”",
    ),
    (
        r'(<podcast:integrity .*?value=")[^"]*',
        r"\1sha256-AAAA",
        "podcast:integrity of episode-00000000.mp3 is “sha256-AAAA”",
    ),
    (r'type="sri"', 'type="pgp"', "the type of podcast:integrity is “pgp”, and should be “sri”"),
    (r'startTime="[^"]*"', 'startTime="soon"', "a podcast:soundbite has the times “soon” and"),
    (r'(<podcast:soundbite .*?duration=)"[^"]*"', r'\1"900"', "for 900 s ends after the sound"),
    (r"(<podcast:guid>)[^<]*", r"\1hello", "the show's podcast:guid is “hello”, and should be"),
    (r'text="News"', 'text="Newz"', "itunes:category is “Newz”, and Apple has no such one"),
    (r"(<item>.*?<title>)[^<]*", r"\1" + "x" * 256, "it has a title of 256 characters, and it may have 255"),
    (r"hama-falls/chapters", "hama-falls/../chapters", "podcast:chapters points to"),
]


@pytest.mark.parametrize(("pattern", "new", "said"), CHANGES, ids=range(len(CHANGES)))
def test_a_feed_that_clients_would_trip_over_is_refused(
    pattern: str, new: str, said: str, station: Station, episode: Episode
) -> None:
    episode = dataclasses.replace(episode, soundbites=(Chapter("Major Victory", 12_345, 29_800),))
    feed = render_feed(station, [episode])
    changed = re.sub(pattern, new, feed, count=1, flags=re.S)
    assert changed != feed

    told = refusal_of(changed, station, episode)
    assert told.startswith("/station/templates/podcast.xml.j2: its feed cannot be published: ")
    assert said in told
    assert told.endswith("; mend the template, or remove it to have the built-in one make the feed")
    assert "\n" not in told


def test_a_feed_that_lacks_an_episode_or_has_one_too_many_is_refused(
    station: Station, episode: Episode, bare_episode: Episode
) -> None:
    both = render_feed(station, [episode, bare_episode])

    assert "which is no episode's" in refusal_of(both, station, episode)
    assert f"no item has the guid “{bare_episode.guid}”, that of {bare_episode.slug}" in refusal_of(
        render_feed(station, [episode]), station, episode, bare_episode
    )


def test_a_feed_without_end_is_refused(station: Station) -> None:
    feed = render_feed(station, [])

    assert "bytes, and may have 1,048,576" in refusal_of(feed + " " * 2**20, station)


def test_entities_that_multiply_are_refused_before_they_do(station: Station) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 50}">' for n in range(1, 20))
    bomb = render_feed(station, []).replace(
        "<rss", f'<!DOCTYPE rss [<!ENTITY e0 "ha">{entities}]><rss x="&e19;"', 1
    )

    assert "cannot be published" in refusal_of(bomb, station)


def test_files_outside_are_never_read(station: Station, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Daily")
    entity = f'<!DOCTYPE rss [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    feed = render_feed(station, []).replace("<rss", f"{entity}<rss", 1).replace("en-US", "&e;")

    assert "it has a <!DOCTYPE>" in refusal_of(feed, station)


def test_lone_surrogates_are_refused_as_any_other_fault(station: Station) -> None:
    assert "not well-formed" in refusal_of(render_feed(station, []).replace("Brief", "\ud800"), station)


def test_a_station_may_offer_files_of_its_own(station: Station, tmp_path: Path) -> None:
    own = dataclasses.replace(station, root=tmp_path)
    feed = render_feed(own, []).replace('cover.jpg"/>', 'art/cover%20one.jpg?v=2"/>', 1)
    assert "art/cover%20one.jpg" in refusal_of(feed, own)

    (tmp_path / "art").mkdir()
    (tmp_path / "art" / "cover one.jpg").write_bytes(b"")
    check_feed(feed, own, [])


@pytest.mark.parametrize("path", ["../secret.jpg", "..%2Fsecret.jpg", "a%00b.jpg", "x" * 5000])
def test_a_path_out_of_the_station_is_no_file_of_it(path: str, station: Station, tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").touch()
    (tmp_path / "station").mkdir()
    own = dataclasses.replace(station, root=tmp_path / "station")
    feed = render_feed(own, []).replace('cover.jpg"/>', f'{path}"/>', 1)

    assert "the station has no such file" in refusal_of(feed, own)


def test_a_service_that_counts_may_stand_before_the_sound(station: Station, episode: Episode) -> None:
    counted = '<enclosure url="https://counts.example/e/pod.example/'
    feed = render_feed(station, [episode]).replace('<enclosure url="https://pod.example/', counted)

    check_feed(feed, station, [episode])


def test_a_template_of_a_few_lines_is_enough(station: Station, episode: Episode, tmp_path: Path) -> None:
    own = dataclasses.replace(station, root=tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "podcast.xml.j2").write_text(SMALL)

    check_feed(render_feed(own, [episode]), own, [episode])


SMALL = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom" xmlns:i="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel>
<title>{{ show.title }}</title>
<link>{{ station.link }}</link>
<description>{{ show.description }}</description>
<language>{{ show.language }}</language>
<a:link rel="self" type="application/rss+xml" href="{{ station.feed_url }}"/>
<i:image href="{{ station.base_url }}cover.jpg"/>
<i:category text="News"/>
<i:explicit>{{ explicit }}</i:explicit>
{% for item in items %}
<item>
<title>{{ item.title }}</title>
<guid isPermaLink="false">{{ item.episode.guid }}</guid>
<pubDate>{{ item.published }}</pubDate>
<description><![CDATA[{{ item.description }}]]></description>
<enclosure url="{{ item.audio }}" length="{{ item.size_bytes }}" type="audio/mpeg"/>
<i:duration>{{ item.seconds }}</i:duration>
</item>
{% endfor %}
</channel>
</rss>
"""


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Give a folder, and the address that it is served at over plain HTTP."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=folder))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_podcast_downloader_fetches_every_episode_whole(
    served: tuple[Path, str], episode: Episode, tmp_path: Path
) -> None:
    folder, address = served
    own = Station(folder, show=Show(title="Brief", base_url=address))
    sounds = [b"\xff\xfb" + bytes([day]) * (20_000 + day) for day in range(2)]
    episodes = []
    for made, sound in zip(number_of_days(2, episode), sounds, strict=True):
        listed = (EpisodeFile("episode.mp3", len(sound), sha256_of(sound)),)
        episodes.append(dataclasses.replace(made, files=listed, title=f"Day {made.number}"))
        episodes[-1].folder(own).mkdir(parents=True)
        (episodes[-1].folder(own) / listed[0].place).write_bytes(sound)
    feed = render_feed(own, episodes)
    check_feed(feed, own, episodes)
    (folder / "podcast.xml").write_text(feed, "utf-8")

    fetched = tmp_path / "fetched"
    fetched.mkdir()
    settings = {
        "if_directory_empty": "download_all_from_feed",
        "file_name_template": "%title%.%file_extension%",
        "podcasts": [{"path": str(fetched), "rss_link": own.feed_url}],
    }
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    command = [sys.executable, "-m", "podcast_downloader", "--config", str(tmp_path / "settings.json")]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    assert {path.name: path.read_bytes() for path in fetched.iterdir()} == {
        f"Day {day + 1}.mp3": sound for day, sound in enumerate(sounds)
    }, said
