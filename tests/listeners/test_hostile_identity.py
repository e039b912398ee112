"""What tells an episode from others is text as well: a GUID, an outlet's uid, the address of the page."""

import dataclasses
import json

import lxml.etree
import lxml.html
import pytest
from hostile import ADDRESSES, HOSTILE, legible
from hostile_edition import Edition, make_edition, render_files, render_pages, tag_edition


def identify(edition: Edition, words: str) -> Edition:
    """Return *edition* with *words* for every GUID and uid."""
    flash = tuple(dataclasses.replace(item, uid=words) for item in edition.episode.flash)
    episode = dataclasses.replace(edition.episode, guid=words, flash=flash)
    return dataclasses.replace(edition, episode=episode)


@pytest.fixture(scope="module")
def plain() -> Edition:
    return make_edition("Plain")


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_guid_of_any_words_is_text_everywhere(plain: Edition, words: str) -> None:
    """No element comes out of it, in a feed or on a page, and it is read as it was written."""
    edition = identify(plain, words)
    files, plain_files = render_files(edition), render_files(plain)
    for name in ("podcast.xml", "flash-briefing.xml"):
        root, plain_root = (lxml.etree.fromstring(one[name].encode()) for one in (files, plain_files))
        assert [one.tag for one in root.iter()] == [one.tag for one in plain_root.iter()]
    guid = lxml.etree.fromstring(files["podcast.xml"].encode()).findtext("channel/item/guid") or ""
    assert legible(guid) == legible(words)
    for name in ("feed.json", "flash-briefing.json", "oembed.json"):
        assert json.loads(files[name])
    assert tag_edition(edition)
    for page, plain_page in zip(render_pages(edition).values(), render_pages(plain).values(), strict=True):
        built, plain_built = (
            [
                (one.tag, sorted(one.keys()))
                for one in lxml.html.document_fromstring(text.encode()).iter(lxml.etree.Element)
            ]
            for text in (page, plain_page)
        )
        assert built == plain_built


@pytest.mark.parametrize("address", ADDRESSES, ids=range(len(ADDRESSES)))
def test_the_pages_address_is_an_address_of_the_web_or_none_in_every_file(address: str) -> None:
    """Feeds, JSON and the MP3's tag lead nowhere else, and tell no password."""
    edition = make_edition("Plain", address)
    files = dict(render_files(edition))
    del files["episode.json"]  # our own record, which nobody follows
    told = [*files.values(), tag_edition(edition).decode("latin-1")]
    for text in told:
        assert "secret" not in text
        assert not [word for word in ("javascript:", "vbscript:", "file:///") if word in text.lower()]
    root = lxml.etree.fromstring(files["podcast.xml"].encode())
    links = [value for one in root.iter("*") for key, value in one.items() if key in ("href", "url", "uri")]
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in links)
