"""What the site holds beside the episodes: files that are derived from them, at the station's root."""

FEED_NAME = "podcast.xml"

SITE_NAMES = (
    "cover.jpg",
    "cover-small.jpg",
    "index.html",
    "show.opml",
    "playlist.m3u",
    "feed.json",
    "flash-briefing.xml",
    "flash-briefing.json",
    FEED_NAME,
)
"""In the order in which they are written, so that none names what is not there yet."""
