"""What all pages have in common: colours, styles and script in the page itself, and what it may load.

A page asks nobody else for anything. Its policy (https://www.w3.org/TR/CSP3/) says so to the browser, too: it
names the page's own style sheet and scripts by their checksums, so that no other can run, whatever words are
on the page.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from morning_edition.episode import Episode
from morning_edition.outlets.palette import draw_icon, mix_scheme
from morning_edition.outlets.typeset import typeset
from morning_edition.station import Station

LONGEST_PREVIEW = 200
"""Characters of the description that search results and messages show of a page."""

LONGEST_PAGE_TITLE = 70
"""Characters of a title that search results show."""

FROM_EPISODE_TO_HOME = "../../"

COVER_NAME = "cover.jpg"
SMALL_COVER_NAME = "cover-small.jpg"
SMALL_COVER_PX = 600

STARTER = (
    "{const page=document.documentElement;page.classList.add('scripted');"
    "addEventListener('load',()=>'ready'in page.dataset||page.classList.remove('scripted'))}"
)
"""Runs ahead of everything: what needs the script is laid out from the first, so that nothing moves later.
It is taken back where the script does not come to its end."""

WRITTEN_FROM_THE_RIGHT = frozenset("ar arc ckb dv fa he ks nqo ps sd syr ug ur yi".split())


@dataclass(frozen=True, slots=True)
class Picture:
    """A cover as a page shows it."""

    file: str
    """Seen from the page."""
    address: str
    """On the web."""
    side_px: int = 0
    """Pixels of its width and height; 0 where that is not known."""


def typeset_page(
    template: str,
    station: Station,
    /,
    *,
    language: str,
    styles: Iterable[str],
    scripts: Iterable[str] = (),
    **values: object,
) -> str:
    """Return a page made of *template*, with the templates *styles* and *scripts* set into it.

    Raises `StationError` for a broken template of the station's own.
    """
    own = station.templates_folder
    schemes = {
        "light": mix_scheme(station.artwork, dark=False),
        "dark": mix_scheme(station.artwork, dark=True),
    }
    style = "".join(typeset(name, own, **schemes) for name in styles)
    script = "".join(typeset(name, own) for name in scripts)
    return typeset(
        template,
        own,
        station=station,
        show=station.show,
        artwork=station.artwork,
        language=language,
        direction=direction_of(language),
        locale=_locale_of(language),
        icon=draw_icon(station.artwork),
        policy=_write_policy(style, [STARTER, script] if script else []),
        style=Markup(style),  # noqa: S704 - set by the templates above
        starter=Markup(STARTER) if script else "",  # noqa: S704 - as above
        script=Markup(script),  # noqa: S704 - as above
        **schemes,
        **values,
    )


def find_picture(station: Station, episode: Episode) -> Picture:
    """Return the episode's own cover, the small one if it is there, or else the show's."""
    for file in episode.files:
        if file.name == SMALL_COVER_NAME:
            return Picture(file.place, episode.url(station, file.name), SMALL_COVER_PX)
    if any(file.name == COVER_NAME for file in episode.files):
        return Picture(episode.find_place(COVER_NAME), episode.url(station, COVER_NAME))
    return Picture(
        FROM_EPISODE_TO_HOME + SMALL_COVER_NAME, station.base_url + SMALL_COVER_NAME, SMALL_COVER_PX
    )


def name_page(title: str, station: Station) -> str:
    """Name the show, too, where browsers and search results have room for it."""
    both = f"{title} — {station.show.title}"
    return both if len(both) <= LONGEST_PAGE_TITLE else title


def direction_of(language: str) -> str:
    """Return "rtl" for a language that is written from the right to the left, otherwise "ltr"."""
    parts = language.lower().split("-")
    if "arab" in parts[1:] or "hebr" in parts[1:]:
        return "rtl"
    return "rtl" if parts[0] in WRITTEN_FROM_THE_RIGHT and "latn" not in parts[1:] else "ltr"


def _locale_of(language: str) -> str:
    """Return "en_US", as Open Graph (https://ogp.me/#optional) wants it; empty where no country is named."""
    found = re.fullmatch(r"([a-z]{2,3})(?:-[a-z]{4})?-([a-z]{2})", language.lower())
    return f"{found[1]}_{found[2].upper()}" if found else ""


def _write_policy(style: str, scripts: Iterable[str]) -> str:
    allowed = " ".join(map(_fingerprint, scripts)) or "'none'"
    return "; ".join(
        [
            "default-src 'none'",
            "img-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",  # auditors ask a page's own site for robots.txt through the page
            f"style-src {_fingerprint(style)}",
            f"script-src {allowed}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _fingerprint(text: str) -> str:
    """Return the checksum by which a policy knows an inline script (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
