"""The podcast feed as it stands on disk, read as a directory reads it; whatever is in it, reading it ends.

Follows RSS 2.0 and Apple's "Podcast requirements" (https://podcasters.apple.com/support/823-podcast-requirements).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from morning_edition.checking.own_files import read_bounded
from morning_edition.outlets.feed_reading import NAMESPACES, Element, parse_feed, show

LARGEST_BYTES = 16_000_000
"""An episode of ours takes about 6,000: seven years of one a day."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that could be parsed."""

    channel: Element
    faults: tuple[str, ...]
    """What is wrong with what stands around the channel."""


def read_feed(path: Path) -> Feed:
    """Read the feed at *path*.

    Raises `EpisodeError` where there is no file that can be read, and ValueError, which says why, for one
    that no directory can parse.
    """
    content = read_bounded(path, LARGEST_BYTES)
    if content.startswith(BYTE_ORDER_MARK):
        raise ValueError("it begins with a byte order mark, and must begin with its declaration")
    try:
        root = parse_feed(content.decode())
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 ({error.reason}, {error.start:,} bytes in)") from error
    channels = root.findall("channel")
    if root.tag != "rss" or len(channels) != 1:
        held = f"{len(channels) or 'no'} channel{'' if len(channels) == 1 else 's'}"
        raise ValueError(f"it is {show(root.tag)} with {held}, and must be an rss with one")
    return Feed(channels[0], tuple(_find_root_faults(root)))


def _find_root_faults(root: Element) -> Iterator[str]:
    if root.get("version") != "2.0":
        yield f"its RSS has the version {show(root.get('version'))}, and Apple reads 2.0"
    for prefix, address in root.nsmap.items():
        if prefix in NAMESPACES and address != NAMESPACES[prefix]:
            yield f"xmlns:{prefix} is {show(address)}, and Apple knows {show(NAMESPACES[prefix])} alone"
