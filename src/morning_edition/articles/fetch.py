"""A web address to the bytes behind it, for readers of articles: what `fetching` gives, in their words."""

from dataclasses import replace

from morning_edition.errors import ArticleError, FetchError
from morning_edition.fetching import Fetched, Purpose, public_url, shown_url
from morning_edition.fetching import fetch as fetch_anything

__all__ = ["ARTICLE", "TOTAL_S", "Fetched", "fetch", "public_url", "shown_url"]

TOTAL_S = 30.0

_TEXT_TYPES = ("text/", "application/xhtml", "application/xml", "application/rss", "application/atom")
_MORE_TEXT_TYPES = ("application/json", "application/feed+json", "message/rfc822", "application/octet-stream")


def _refuse_type(media_type: str) -> str:
    if not media_type or media_type.startswith(_TEXT_TYPES + _MORE_TEXT_TYPES) or "xml" in media_type:
        return ""
    shown = media_type if media_type.isprintable() and len(media_type) < 80 else "no text"
    return f"is {shown}, not an article; give the address of the article's page"


ARTICLE = Purpose(
    "page",
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/feed+json,*/*;q=0.5",
    by_hand="open it in your browser, save the page and give that file",
    without_login="log in with your browser, save the page and give that file",
    refuse_type=_refuse_type,
)


def fetch(url: str, name: str) -> Fetched:
    """Return what *url* holds; *name* begins the message of every ArticleError."""
    try:
        return fetch_anything(url, name, replace(ARTICLE, total_s=TOTAL_S))
    except FetchError as error:
        raise ArticleError(str(error)) from error
