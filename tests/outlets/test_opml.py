"""The show as a list of one subscription, read by a reader of such lists."""

import dataclasses
import unicodedata
import xml.etree.ElementTree as ET

import listparser

from morning_edition.outlets.opml import render_opml
from morning_edition.station import Station


def test_a_reader_finds_the_feed_under_the_shows_name(station: Station) -> None:
    found = listparser.parse(render_opml(station))
    assert not found.bozo
    assert (found.version, found.meta.title) == ("opml2", "The Morning Brief")
    assert [(feed.title, feed.url) for feed in found.feeds] == [("The Morning Brief", station.feed_url)]


def test_the_outline_says_what_the_specification_names(station: Station) -> None:
    outline = ET.fromstring(render_opml(station).encode()).find("body/outline")  # noqa: S314 - our own
    assert outline is not None
    assert outline.attrib == {
        "type": "rss",
        "text": "The Morning Brief",
        "title": "The Morning Brief",
        "xmlUrl": "https://pod.example/brief/podcast.xml",
        "htmlUrl": "https://pod.example/brief/",
        "description": "News & views: the day’s story in <three> parts.",
        "language": "en-US",
        "version": "RSS",
    }


def test_the_owners_mail_address_is_shown_to_nobody(station: Station) -> None:
    assert "desk@news.example" not in render_opml(station)


def test_the_same_show_gives_the_same_list(station: Station) -> None:
    assert render_opml(station) == render_opml(dataclasses.replace(station))


def test_any_name_is_valid_xml(station: Station, hostile: str) -> None:
    show = dataclasses.replace(station.show, title=hostile, description=hostile)
    body = ET.fromstring(render_opml(dataclasses.replace(station, show=show)).encode())  # noqa: S314
    outline = body.find("body/outline")
    assert outline is not None
    kept = "".join(sign for sign in hostile if unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))
    assert outline.attrib["text"] == (kept.strip() or station.outlet.name)
    assert outline.attrib["description"] == kept.strip()
