"""Markup that has far more in it than any paper writes: parsers would be busy with it for hours."""

import itertools

from morning_edition.errors import ArticleError
from morning_edition.patterns import compile_late

MOST_ATTRIBUTES = 2000
"""Of one element: libxml2 and feedparser compare each with all before it (0.1 s for 2,000, 12 s for 20,000).
Pages have 30 or so."""
MOST_TAGS = 200_000
"""In one feed: feedparser takes 7 s for so many, and full-text feeds of 10 MB have fewer."""

_LONG_TAG = compile_late(rf"<[^<>]{{{2 * MOST_ATTRIBUTES},}}")
_ENTRY = compile_late(r"<(?:[A-Za-z][\w.-]{0,20}:)?(?:item|entry)[\s/>]")


def refuse_crowded(markup: str) -> None:
    """See that no element of *markup* has more attributes than can be read in a moment; raises ArticleError.

    Each attribute has its equals sign; those without a value are read quickly.
    """
    for tag in _LONG_TAG.finditer(markup):
        if tag[0].count("=") > MOST_ATTRIBUTES:
            raise ArticleError(
                f"has an element with more than {MOST_ATTRIBUTES:,} attributes, which no page has; "
                "save the article as plain text and give that"
            )


def cut_feed(markup: str, most_entries: int) -> str:
    """Return a feed's *markup* without what follows its first entries; raises ArticleError for too much."""
    refuse_crowded(markup)
    after = next(itertools.islice(_ENTRY.finditer(markup), most_entries, None), None)
    if after:
        end = "</feed>" if "entry" in after[0] else "</channel></rss>"
        markup = markup[: after.start()] + end
    if markup.count("<") > MOST_TAGS:
        raise ArticleError(
            f"has more than {MOST_TAGS:,} elements, which no feed has; give the story's address"
        )
    return markup
