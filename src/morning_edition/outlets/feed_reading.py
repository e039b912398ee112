"""Feeds as they are read: parsed with nothing but what they hold, and their values taken out one by one."""

import datetime as dt
import re
from collections.abc import Iterator
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import unquote

from lxml import etree

from morning_edition.outlets.characters import LONGEST_VALUE

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "psc": "http://podlove.org/simple-chapters",
}
"""The only addresses that clients know; letter case counts."""

ATOM, ITUNES, PODCAST, PSC = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("atom", "itunes", "podcast", "psc"))

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

LONGEST_SHOWN = 80
"""Characters of a value that a fault shows."""

Element = Any  # lxml has no types


def parse_feed(xml: str) -> Element:
    """Return the root of *xml*; raises ValueError, which says why, for what no feed can be."""
    if not xml.startswith("<?xml "):
        raise ValueError(f"it begins with {show(xml[:20])}, and must begin with {DECLARATION}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml.encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"it is not well-formed XML: {_tell_syntax_fault(error, xml)}") from error
    document = root.getroottree().docinfo
    if document.internalDTD is not None:
        raise ValueError("it has a <!DOCTYPE>, which clients refuse")
    if document.xml_version != "1.0" or (document.encoding or "UTF-8").upper() != "UTF-8":
        raise ValueError(
            f"it says that it is XML {document.xml_version} in {document.encoding}; write {DECLARATION}"
        )
    return root


def _tell_syntax_fault(error: etree.XMLSyntaxError, xml: str) -> str:
    """Show the line at fault, too: it is one of the feed, and its number would be none of the template's."""
    line = xml.split("\n", error.lineno)[max(0, error.lineno - 1)].strip() if error.lineno else ""
    way_out = "; write & as &amp;" if "Entity" in str(error.msg) else ""
    return f"{error.msg}, where it says {show(line)}{way_out}"


def read_once(parent: Element, name: str, where: str) -> tuple[str, list[str]]:
    """Return the text of the one element of that name, and what is wrong with it."""
    told = spell(name)
    found = parent.findall(name)
    if len(found) != 1:
        return "", [f"{where} has {len(found) or 'no'} {told}, and should have one"]
    text = found[0].text or ""
    if not text.strip():
        return "", [f"{where} has an empty {told}"]
    if text != text.strip():
        return text, [f"{where} has white space around the text of {told}; write it without"]
    if len(text) > LONGEST_VALUE and name not in _ANY_LENGTH:
        return text, [f"{where} has a {told} of {len(text)} characters, and it may have {LONGEST_VALUE}"]
    return text, []


_ANY_LENGTH = {"link"}
"""A title is cut by those who want it short; itunes:title is there for them."""


def read_date(text: str) -> dt.datetime | None:
    """Return the moment that RFC 2822 means; None for anything else, as with a weekday that is another."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    has_weekday = "," not in text or text[:3] == format_datetime(moment)[:3]
    return moment if moment.tzinfo and has_weekday else None


def find_addresses(root: Element) -> Iterator[tuple[str, str]]:
    """Give every address that clients follow, after the name of the element that has it."""
    for element in root.iter("*"):
        for name, value in element.items():
            if name in {"url", "href", "uri"}:
                yield element.tag, value
        if element.tag in {"link", "url"}:
            yield element.tag, element.text or ""


def spell(name: str) -> str:
    """Write an element's name as a template does."""
    address, _, local = name.rpartition("}")
    prefixes = (prefix for prefix, known in NAMESPACES.items() if "{" + known == address)
    return ":".join([*prefixes, local])


def path_in(address: str) -> str:
    """Return *address* without its query and fragment, its escapes undone."""
    return unquote(_AFTER_PATH.split(address, maxsplit=1)[0])


_AFTER_PATH = re.compile("[?#]")


def name_in(address: str | None) -> str:
    """Return the name of the file that an address leads to."""
    return path_in(address or "").rpartition("/")[2]


def differ(what: str, found: str | None, expected: str) -> Iterator[str]:
    """Give a fault where *found* is not what is *expected*."""
    if found != expected:
        yield f"{what} is {show(found)}, and should be {show(expected)}"


def show(value: str | None) -> str:
    """Quote a value, at most its beginning."""
    if value is None:
        return "not given"
    return f"“{value[:LONGEST_SHOWN]}{'…' if len(value) > LONGEST_SHOWN else ''}”"
