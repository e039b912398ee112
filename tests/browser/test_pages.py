"""Every page, in every dress: quiet, whole at every width, quick, light, and fit for everybody."""

import functools
import http.server
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.thorough

Visiting = Callable[..., Any]
Paths = dict[str, str]

PAGES = ("show", "episode", "embed", "proof")
LISTENED_TO = ("show", "episode", "embed")
"""The pages that are for everybody."""

LARGEST_PAGE_BYTES = 150_000
SLOWEST_PAINT_MS = 1_000


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation(visit: Visiting, paths: Paths, page: str) -> None:
    """No page breaks a rule of accessibility that a program can check, light or dark."""
    opened = visit(paths[page], color_scheme="light", reduced_motion="reduce")
    assert opened.find_violations() == []
    opened.tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert opened.find_violations() == []


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_no_violation_on_a_phone(visit: Visiting, paths: Paths, page: str) -> None:
    """Nor on a phone, where targets must be large enough for a thumb."""
    assert visit(paths[page], "phone", reduced_motion="reduce").find_violations() == []


def test_axe_finds_no_violation_while_it_plays(visit: Visiting, paths: Paths) -> None:
    """The marked word, the small player and a search's marks can be read as well as all else."""
    opened = visit(paths["episode"], reduced_motion="reduce")
    opened.tab.get_by_text("with a brass band on deck").first.click()
    opened.wait("!audio.paused && audio.currentTime > 0")
    opened.tab.get_by_role("searchbox").fill("boat")
    opened.tab.locator("mark").first.wait_for()
    assert opened.find_violations() == []


@pytest.mark.parametrize("page", PAGES)
def test_nobody_has_to_scroll_sideways(visit: Visiting, paths: Paths, page: str) -> None:
    """A page is as wide as its window, down to 320 points (WCAG 2.2, 1.4.10)."""
    tab = visit(paths[page], "small-phone").tab
    for width in (320, 360, 820, 1280):
        tab.set_viewport_size({"width": width, "height": 700})
        assert tab.evaluate("document.scrollingElement.scrollWidth") <= width


@pytest.mark.parametrize("page", ["show", "episode", "proof"])
def test_a_page_is_as_dark_or_light_as_the_listener_likes(visit: Visiting, paths: Paths, page: str) -> None:
    """A page follows the system's choice of light or dark, at once."""
    measure = """() => {
        const found = [document.body, document.documentElement]
            .map((element) => getComputedStyle(element).backgroundColor)
            .find((colour) => colour !== "rgba(0, 0, 0, 0)");
        const pixel = new OffscreenCanvas(1, 1).getContext("2d");
        pixel.fillStyle = found;
        pixel.fillRect(0, 0, 1, 1);
        const [red, green, blue] = pixel.getImageData(0, 0, 1, 1).data;
        return (red * 2 + green * 5 + blue) / 8;
    }"""
    tab = visit(paths[page], color_scheme="light").tab
    assert tab.evaluate(measure) > 200
    tab.emulate_media(color_scheme="dark")
    assert tab.evaluate(measure) < 60


@pytest.mark.parametrize("page", LISTENED_TO)
def test_a_page_is_light_and_painted_at_once(visit: Visiting, paths: Paths, page: str) -> None:
    """Without its sound a page is under 150 KB, all of it is there, and it is seen within a second."""
    opened = visit(paths[page])
    painted_ms = opened.tab.evaluate(
        """() => new Promise((tell) => new PerformanceObserver(
            (list) => tell(list.getEntries().pop().startTime)
        ).observe({type: "largest-contentful-paint", buffered: true}))"""
    )
    opened.tab.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    opened.tab.wait_for_load_state("networkidle")
    fetched = [asked for asked in opened.asked if asked.url.startswith("http")]
    missing = [asked.url for asked in fetched if (answer := asked.response()) and answer.status >= 400]
    assert missing == []
    weight = sum(asked.sizes()["responseBodySize"] for asked in fetched if asked.resource_type != "media")
    assert 0 < weight < LARGEST_PAGE_BYTES
    assert painted_ms < SLOWEST_PAINT_MS


def test_nothing_that_the_pages_link_to_is_missing(visit: Visiting, paths: Paths, served: Any) -> None:
    """Whatever a page links to on its own site can be fetched."""
    found: set[str] = set()
    for page in LISTENED_TO:
        tab = visit(paths[page]).tab
        found |= set(
            tab.eval_on_selector_all("a[href]", "links => links.map((link) => link.href.split('#')[0])")
        )
    own = {address for address in found if address.startswith(served.url)}
    assert own
    assert {address for address in own if tab.request.head(address).status != 200} == set()


def test_without_scripts_an_episode_is_whole(visit: Visiting, paths: Paths, site: Any) -> None:
    """Where scripts are off there are the browser’s own controls, the chapters and the transcript."""
    tab = visit(paths["episode"], java_script_enabled=False).tab
    assert tab.locator("audio[controls]").is_visible()
    for chapter in site.newest.chapters:
        link = tab.get_by_role("link", name=chapter.title).first
        assert "#t=" in link.get_attribute("href")
    assert "with a brass band on deck" in tab.inner_text("main")
    assert _find_dead_controls(tab) == []


def test_without_scripts_the_show_is_whole(visit: Visiting, paths: Paths, site: Any) -> None:
    """Where scripts are off the show's page lists all episodes and the feed's address."""
    tab = visit(paths["show"], java_script_enabled=False).tab
    for episode in site.episodes:
        assert tab.get_by_role("link", name=episode.title).first.is_visible()
    assert site.station.feed_url in tab.content()
    assert _find_dead_controls(tab) == []


def test_without_scripts_the_embed_plays(visit: Visiting, paths: Paths) -> None:
    """Where scripts are off the embedded player is the browser's own."""
    tab = visit(paths["embed"], java_script_enabled=False).tab
    assert tab.locator("audio[controls]").is_visible()
    assert _find_dead_controls(tab) == []


def _find_dead_controls(tab: Any) -> list[str]:
    """Return what is seen and does nothing without its script."""
    roles = ("button", "slider", "searchbox", "combobox")
    return [found.inner_text() for role in roles for found in tab.get_by_role(role).all()]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_newsroom_writes_is_text_and_never_markup(visit: Visiting, paths: Paths, page: str) -> None:
    """Tags in headlines and labels are shown as they were written."""
    tab = visit(paths[page]).tab
    assert tab.locator("b:text-is('Bring'), b:text-is('Brief'), b:text-is('Crossing')").count() == 0
    assert "<b>" in tab.inner_text("body") + tab.title()


def test_the_newest_headline_reads_as_it_was_written(visit: Visiting, paths: Paths, site: Any) -> None:
    """Quotes, ampersands, tags, Arabic and emoji of a headline come through to both pages."""
    assert visit(paths["episode"]).tab.inner_text("h1").strip() == site.newest.title
    assert site.newest.title in visit(paths["show"]).tab.inner_text("main")


def test_the_show_leads_to_its_episodes_and_back(
    visit: Visiting, paths: Paths, site: Any, served: Any
) -> None:
    """A click on a headline opens the episode, and its page leads home."""
    tab = visit(paths["show"]).tab
    tab.get_by_role("link", name=site.newest.title).first.click()
    tab.wait_for_url(served.url + paths["episode"] + "**")
    tab.get_by_role("link", name=site.station.show.title).first.click()
    tab.wait_for_url(served.url)


def test_the_feeds_address_can_be_copied(visit: Visiting, paths: Paths, site: Any) -> None:
    """A button of the show's page puts the feed's address on the clipboard."""
    tab = visit(paths["show"], permissions=["clipboard-read", "clipboard-write"]).tab
    tab.get_by_role("button", name="copy").first.click()
    tab.get_by_role("status").get_by_text("copied").wait_for()
    assert tab.evaluate("() => navigator.clipboard.readText()") == site.station.feed_url


def test_the_show_has_a_code_for_phones_to_scan(visit: Visiting, paths: Paths) -> None:
    """An address is on the show's page as a QR code, which has a name for those who cannot see it."""
    tab = visit(paths["show"]).tab
    for summary in tab.locator("summary").all():
        summary.click()
    assert tab.get_by_role("img", name="QR").or_(tab.locator("svg.qr[role=img]")).first.is_visible()


def test_the_embed_plays_in_a_page_of_another_site(
    visit: Visiting, paths: Paths, served: Any, tmp_path: Path
) -> None:
    """The newspaper's own page can frame the player, and a click there plays."""
    frame = f'<iframe src="{served.url + paths["embed"]}" title="Listen" width="600" height="200">'
    article = f"<!DOCTYPE html><html lang=en><title>News</title><link rel=icon href=data:,>{frame}</iframe>"
    (tmp_path / "index.html").write_text(article)
    serving = functools.partial(_Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serving) as newspaper:
        thread = threading.Thread(target=newspaper.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            opened = visit(f"http://localhost:{newspaper.server_port}/", loud=True)
            player = opened.tab.frames[1]
            player.get_by_role("button", name="Play").first.click()
            opened.wait("!audio.paused && audio.currentTime > 0.1", player)
        finally:
            newspaper.shutdown()
            thread.join()
    assert opened.said == []
    assert {asked.url.split(":")[1] for asked in opened.asked} == {"//localhost", "//127.0.0.1"}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass
