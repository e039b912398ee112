"""The flash briefing as it stands on disk, in both of its forms; whatever is in them, reading them ends."""

import datetime as dt
import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from pathlib import Path

from lxml import etree

from morning_edition.checking.own_files import WAY_OUT, read_bounded
from morning_edition.errors import EpisodeError
from morning_edition.outlets.briefing import DATE_FORM

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
LARGEST_BYTES = 1_000_000
"""Five items of the longest text have a fortieth of that."""


def read_json(path: Path) -> object:
    """Return what is in `flash-briefing.json`.

    Raises `EpisodeError` where there is no file that can be read, and ValueError, which says why, for one
    that Alexa cannot parse.
    """
    content = read_bounded(path, LARGEST_BYTES)
    if content.startswith(BYTE_ORDER_MARK):
        raise ValueError("it begins with a byte order mark, and must begin with the JSON")
    try:
        return json.loads(content.decode(), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 ({error.reason}, {error.start:,} bytes in)") from error
    except RecursionError as error:
        raise ValueError("it is no JSON (it is nested too deep)") from error
    except ValueError as error:
        raise ValueError(f"it is no JSON ({error})") from error


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no number")


def read_rss(path: Path) -> list[Mapping[str, str]]:
    """Return the items of `flash-briefing.xml`, named as those of the JSON. Raises `EpisodeError`."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(read_bounded(path, LARGEST_BYTES), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise EpisodeError(f"{path}: is not well-formed XML ({error}); {WAY_OUT}") from error
    if root.tag != "rss" or root.getroottree().docinfo.doctype:
        raise EpisodeError(f"{path}: is not an RSS feed without a document type; {WAY_OUT}")
    return [_name(item) for item in root.iterfind("channel/item")]


def _name(item: etree._Element) -> Mapping[str, str]:
    enclosure = item.find("enclosure")
    named = {
        "uid": item.findtext("guid") or "",
        "updateDate": _read_date(item.findtext("pubDate") or ""),
        "titleText": item.findtext("title") or "",
        "mainText": item.findtext("description") or "",
        "streamUrl": "" if enclosure is None else enclosure.get("url", ""),
        "redirectionUrl": item.findtext("link") or "",
    }
    return {name: value for name, value in named.items() if value}


def _read_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).astimezone(dt.UTC).strftime(DATE_FORM)
    except (ValueError, TypeError, OverflowError):
        return text
