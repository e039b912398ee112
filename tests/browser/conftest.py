"""A real browser at a real station: headless Chromium, driven by Playwright, at what `serve` gives it.

Every page that a test opens must keep quiet: an error or a warning on its console, or a request to anybody
but the server, fails the test.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import pytest
from sample_station import Served, Site, served, site

__all__ = ["served", "site"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONGEST_WAIT_S = 10.0
ELSEWHERE = ("http:", "file:", "about:")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DRESSES = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "tablet": {"viewport": {"width": 820, "height": 1100}},
    "phone": PHONE,
    "small-phone": PHONE | {"viewport": {"width": 320, "height": 568}},
}


@dataclass
class Visit:
    """One page in a tab of its own, and all that it said and asked for."""

    tab: Any
    said: list[str] = field(default_factory=list)
    """Errors and warnings of its console, and exceptions that nobody caught."""
    asked: list[Any] = field(default_factory=list)
    """Its requests."""

    def read(self, expression: str, tab: Any = None) -> Any:
        """Return what *expression* says, in which the page's player is `audio`."""
        script = f"() => {{ const audio = document.querySelector('audio'); return {expression}; }}"
        return (tab or self.tab).evaluate(script)

    def wait(self, condition: str, tab: Any = None) -> None:
        """Wait until *condition* is true of the page; the page's policy forbids it to look for itself."""
        until = time.monotonic() + LONGEST_WAIT_S
        while not self.read(condition, tab):
            assert time.monotonic() < until, (
                f"{condition}; the player is at {self.read('audio?.currentTime', tab)}"
            )
            (tab or self.tab).wait_for_timeout(20)

    def wait_for_time(self, low_s: float, high_s: float) -> None:
        """Wait until the player is at a time."""
        self.wait(f"!audio.seeking && audio.currentTime >= {low_s} && audio.currentTime <= {high_s}")

    def button(self, name: str) -> Any:
        return self.tab.get_by_role("button", name=name).first

    def play(self) -> None:
        """Press the large button, and wait until something is heard."""
        self.button("Play").click()
        self.wait("!audio.paused && audio.currentTime > 0")

    def find_violations(self) -> list[str]:
        """Have axe look at the page as it stands; return what it objects to, and where."""
        if not self.read("window.axe !== undefined"):
            self.tab.evaluate(_read_axe())
        found = self.tab.evaluate("() => axe.run({resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]


@cache
def _read_axe() -> str:
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Start Chromium. It ends with its module, for Playwright keeps a loop of asyncio running meanwhile."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    flags = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, served: Served) -> Iterator[Callable[..., Visit]]:
    """Open a path of the site: `visit("index.html", "phone", color_scheme="dark")`, options as Playwright's.

    *loud* pages may say and ask what they like: those of other people.
    """
    visits: list[Visit] = []
    with ExitStack() as tabs:

        def open_page(path: str, dress: str = "desktop", *, loud: bool = False, **options: Any) -> Visit:
            context = tabs.enter_context(chromium.new_context(**DRESSES[dress], **options))
            context.set_default_timeout(LONGEST_WAIT_S * 1_000)
            visit = watch(context.new_page())
            visit.tab.goto(path if path.startswith(ELSEWHERE) else served.url + path)
            if not loud:
                visits.append(visit)
            return visit

        yield open_page
        for visit in visits:
            assert visit.said == []
            strangers = [
                asked.url for asked in visit.asked if not asked.url.startswith((served.url, "data:", "file:"))
            ]
            assert strangers == []


def watch(tab: Any) -> Visit:
    """Note what *tab* says and asks for, from now on."""
    visit = Visit(tab)
    tab.on("pageerror", lambda error: visit.said.append(str(error)))
    tab.on("console", lambda line: line.type in ("error", "warning") and visit.said.append(line.text))
    tab.on("request", lambda asked: visit.asked.append(asked))
    return visit


@pytest.fixture
def paths(site: Site) -> dict[str, str]:
    """Return where each kind of page is."""
    folder = site.page(site.newest)
    return {
        "show": "",
        "episode": folder,
        "embed": folder + "embed.html",
        "proof": site.path("proof.html", site.newest).as_uri(),  # for those who make it, and not served
    }
