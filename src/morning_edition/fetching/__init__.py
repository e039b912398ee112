"""The one way to fetch anything from the web: articles, the feeds that are watched, what was published.

http and https only, bounded in time and size, and never from inside the newsroom's network unless
MORNING_EDITION_ALLOW_PRIVATE=1 allows it: a name is asked for once, all machines that have it are looked at,
and one of them is connected to. What is unpacked is bounded as well, and each redirect is looked at.
"""

from morning_edition.fetching.fetch import Fetched, fetch, fetch_if_changed
from morning_edition.fetching.purpose import FEED, Purpose
from morning_edition.fetching.web_addresses import public_url, shown_url

__all__ = ["FEED", "Fetched", "Purpose", "fetch", "fetch_if_changed", "public_url", "shown_url"]
