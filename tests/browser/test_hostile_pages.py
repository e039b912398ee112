"""Pages of hostile words, in a browser: built as they should be, and quiet."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hostile import ADDRESSES, HOSTILE, legible
from hostile_edition import make_edition, render_pages
from sample_station import Served, serve

pytestmark = pytest.mark.thorough

BUILD = """(pages) => pages.map((page) => Array.from(
    new DOMParser().parseFromString(page, "text/html").querySelectorAll("*"),
    (element) => [element.localName, ...element.getAttributeNames().sort()].join(" "),
))"""

FIND_SCHEMES = """(page) => Array.from(
    new DOMParser().parseFromString(page, "text/html").querySelectorAll("a[href]"),
    (link) => link.protocol,
)"""


@pytest.fixture(scope="module")
def hostile_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the page of an episode of each of the hostile words: `0.html`, `1.html` …."""
    root = tmp_path_factory.mktemp("hostile")
    (root / "station.toml").touch()
    for number, words in enumerate(HOSTILE):
        _write_page(root / "audio" / str(number), words)
    with serve(root) as served:
        yield served


def _write_page(folder: Path, words: str) -> None:
    folder.mkdir(parents=True)
    pages = render_pages(make_edition(words))
    (folder / "index.html").write_text(pages["episode.html"], "utf-8")
    (folder / "episode.json").touch()  # a folder without a record is none of the site's


def test_words_never_become_elements(visit: Callable[..., Any]) -> None:
    """The browser builds each page of the same elements and attributes as with plain words."""
    tab = visit("about:blank", loud=True).tab
    plain = _build(tab, "Plain")
    for words in filter(legible, HOSTILE):
        for name, built in _build(tab, words).items():
            assert built == plain[name], (words, name)


def _build(tab: Any, words: str) -> dict[str, list[str]]:
    rendered = render_pages(make_edition(words))
    pages = {name: rendered[name] for name in ("show.html", "episode.html", "embed.html")}
    return dict(zip(pages, tab.evaluate(BUILD, list(pages.values())), strict=True))


def test_no_words_break_a_page(visit: Callable[..., Any], hostile_site: Served) -> None:
    """Opened, a page of hostile words asks nobody anything, reports no error, and its player is ready."""
    opened = visit("about:blank", loud=True)
    asked: list[str] = []
    opened.tab.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    for number, words in enumerate(HOSTILE):
        if words.isprintable() and not set(words) & set("<>&\"'{\\"):
            continue
        opened.tab.goto(f"{hostile_site.url}audio/{number}/", wait_until="domcontentloaded")
        assert opened.button("Play").is_visible()
    assert asked == []
    assert [said for said in opened.said if "404" not in said] == []  # there are no covers here
    assert [
        asked.url for asked in opened.asked if not asked.url.startswith((hostile_site.url, "data:"))
    ] == []


def test_no_address_becomes_a_link_that_runs(visit: Callable[..., Any]) -> None:
    """As the browser reads them, all links lead to the web or to an app that opens feeds."""
    tab = visit("about:blank", loud=True).tab
    for address in ADDRESSES:
        page = render_pages(make_edition("Plain", address))["episode.html"]
        assert not set(tab.evaluate(FIND_SCHEMES, page)) & {"javascript:", "data:", "file:", "vbscript:"}
