"""Where listeners can follow the show."""

import dataclasses
from urllib.parse import parse_qs, urlsplit

import pytest

from morning_edition.outlets.subscribing import list_apps
from morning_edition.station import Station
from morning_edition.station.publishing import Links

FEED = "https://pod.example/brief/podcast.xml"
BARE = "pod.example/brief/podcast.xml"
SCHEMES = {"https", "podcast", "overcast", "pktc", "castros", "gpodder"}


def url_of(name: str, station: Station) -> str:
    return {app.name: app.url for app in list_apps(station)}[name]


def with_address(station: Station, address: str) -> Station:
    return dataclasses.replace(station, show=dataclasses.replace(station.show, base_url=address))


@pytest.mark.parametrize("name", ["Apple Podcasts", "Pocket Casts", "Castro", "gPodder"])
def test_some_apps_take_the_feed_in_place_of_a_host(station: Station, name: str) -> None:
    assert url_of(name, station).endswith("/" + BARE)


@pytest.mark.parametrize(("name", "field"), [("Overcast", "url"), ("AntennaPod", "url"), ("Player FM", "id")])
def test_some_apps_take_the_feed_as_a_value(station: Station, name: str, field: str) -> None:
    assert parse_qs(urlsplit(url_of(name, station)).query, strict_parsing=True) == {field: [FEED]}


def test_podcast_addict_takes_the_feed_as_one_step_of_a_path(station: Station) -> None:
    assert url_of("Podcast Addict", station).count("/") == 4


def test_an_address_has_no_sign_that_ends_it_early(station: Station) -> None:
    """Whatever stands in the show's address: each is plain ASCII and of a scheme that an app has."""
    for app in list_apps(with_address(station, "https://pod.example/a&b/ü ö/100%/'\"<x>")):
        assert app.url.isascii()
        assert not set("\"'<> ") - {"'"} & set(app.url)
        assert urlsplit(app.url).scheme in SCHEMES


def test_castro_is_told_whether_the_feed_is_encrypted(station: Station) -> None:
    assert url_of("Castro", with_address(station, "http://pod.example/")).startswith("castro://subscribe/")


def test_directories_come_first_in_their_order_and_no_app_twice(station: Station) -> None:
    links = Links(
        apple="https://podcasts.apple.com/us/podcast/id1",
        spotify="https://open.spotify.com/show/1",
        amazon="https://music.amazon.com/podcasts/1",
        youtube="https://www.youtube.com/playlist?list=1",
        alexa="https://www.amazon.com/dp/B0",
    )
    apps = list_apps(dataclasses.replace(station, links=links))
    assert [app.name for app in apps][:6] == [
        "Apple Podcasts",
        "Spotify",
        "Amazon Music",
        "YouTube",
        "Alexa",
        "Overcast",
    ]
    assert apps[0].url == links.apple
    assert len({app.name for app in apps}) == len(apps)


def test_a_station_in_no_directory_is_followed_by_its_feed(station: Station) -> None:
    assert list_apps(station)[0].url == "podcast://" + BARE
    assert not {"Spotify", "Amazon Music", "YouTube", "Alexa"} & {app.name for app in list_apps(station)}


@pytest.mark.parametrize("link", ["javascript:alert(1)", " ", "data:text/html,x", "//evil.example/"])
def test_a_link_that_is_no_web_address_is_left_out(station: Station, link: str) -> None:
    apps = list_apps(dataclasses.replace(station, links=Links(spotify=link)))
    assert "Spotify" not in [app.name for app in apps]
