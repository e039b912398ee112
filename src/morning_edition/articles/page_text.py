"""The text of a web page: pruned of what is surely not the article, then found by trafilatura."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from morning_edition.articles.blocks import Block
from morning_edition.articles.markup import read_blocks, text_of
from morning_edition.articles.shapes import ends_sentence, is_subhead
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_NEVER = frozenset(
    """
    aside audio button canvas dialog embed figcaption form iframe input math noscript object option script
    select style svg template textarea video amp-ad amp-social-share amp-embed
    """.split()
)
_NOT_TEXT = compile_late(
    r"""
    (?:^|[\s_-])(?:
      newsletter(?:s|-?sign-?up|-?form)?
      | related(?:-?(?:content|stories|articles|links|posts|topics|news))? | read-?more
    | recirc(?:ulation)? | recommended | share(?:-?bar|-?tools|-?buttons)? | sharing
      | social(?:-?share|-?links|-?media)?
    | (?:image-?|photo-?|media-?|img-?)?(?:caption|credit)s? | cutline | advert(?:isement)?s?
      | ad-?(?:slot|unit|wrapper|container)
    | sponsored | promo(?:-?box|tion)? | pay-?wall | cookie-?(?:banner|notice|consent)? | consent | gdpr
      | comments?(?:-?list|-?section|-?area)?
    | disqus | foot-?notes? | reference-?list | author-?(?:bio|box|info|card) | about-?author | bio-?box
      | breadcrumbs? | tags?-?list | most-?(?:read|popular)
    | trending | outbrain | taboola | pagination | print-?only | screen-?reader-?text | visually-?hidden
      | sr-only | subscribe(?:-?box|-?form)?
    | correction | editor-?note | video-?(?:player|title|caption|headline) | hide-?text
    | donat(?:e|ion)s?(?:-?(?:box|banner|form|text))? | support-?(?:us|pay|banner)(?:-?text)?
    | gallery-?caption | pull-?quote | pullquote
    | twitter-tweet | instagram-media | tiktok-embed | fb-post | bluesky-embed
    )(?:$|[\s_-])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INNER_CAPITAL = compile_late(r"(?<=[a-z])(?=[A-Z])")
_HIDDEN = compile_late(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SHARE_OF_TEXT = 0.3
"""What holds more of a page's text is not pruned for its class: a wrapper may be called anything."""

_BOLD = frozenset({"b", "strong"})
_WRAPPERS = frozenset("article aside blockquote div h1 h2 h3 h4 h5 h6 ol p section table ul".split())
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")


def prune(root: "HtmlElement") -> None:
    """Take out of the tree what is not read: captions, share bars, newsletters, lists of links, notes."""
    _drop(root, lambda element: element.tag in _NEVER)
    most = len(root.text_content()) * _SHARE_OF_TEXT
    _drop(root, lambda element: _is_apart(element) and len(element.text_content()) < most)
    _drop(root, _is_note_mark)
    _drop(root, _is_other_story)


def name_paragraphs(root: "HtmlElement") -> None:
    """Make paragraphs of sections that hold text and no other block, which trafilatura would run together."""
    for element in root.iter("section"):
        if (element.text or "").strip() and not any(child.tag in _WRAPPERS for child in element):
            element.tag = "p"


def promote_subheads(root: "HtmlElement") -> None:
    """Make headings of paragraphs that are one short bold line, as many systems write their subheads."""
    for element in root.iter("p", "div"):
        bold = list(element)
        if (
            len(bold) != 1
            or bold[0].tag not in _BOLD
            or (element.text or "").strip()
            or (bold[0].tail or "").strip()
        ):
            continue
        text = text_of(element)
        ends = ends_sentence(text) and not text.endswith("?")
        if text and is_subhead(text) and not ends and bold[0].find(".//br") is None:
            element.tag = "h3"


def page_blocks(root: "HtmlElement") -> list[Block]:
    """Return the article's blocks as trafilatura finds them in *root*, which was pruned."""
    from trafilatura import bare_extraction

    found = bare_extraction(
        root,
        favor_precision=True,
        include_comments=False,
        include_tables=False,
        include_images=False,
        with_metadata=False,
    )
    body = getattr(found, "body", None)
    return read_blocks(body, html=False) if body is not None else []


def marked_blocks(root: "HtmlElement") -> list[Block]:
    """Return the blocks of what the page itself marks as its article; none where it marks none, or many."""
    for path in ("//*[@itemprop='articleBody']", "//article"):
        marked = root.xpath(path)
        if len(marked) == 1:
            return read_blocks(marked[0])
    return []


def _drop(root: "HtmlElement", is_unwanted: Callable[["HtmlElement"], bool]) -> None:
    """Drop each element that *is_unwanted*, keeping what follows it, outermost first."""
    unwanted = [element for element in root.iter() if isinstance(element.tag, str) and is_unwanted(element)]
    for element in unwanted:
        if element.getparent() is not None:
            element.drop_tree()


def _is_hidden(element: "HtmlElement") -> bool:
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    return hidden or _HIDDEN.search((element.get("style") or "")[:500]) is not None


def _is_apart(element: "HtmlElement") -> bool:
    """Tell by its names, or by being hidden, what stands beside the article."""
    if element.tag in {"html", "body", "article", "main"}:
        return False
    if _is_hidden(element):
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('role') or ''}"[:500]
    return _NOT_TEXT.search(_INNER_CAPITAL.sub("-", names)) is not None


def _is_note_mark(element: "HtmlElement") -> bool:
    """Tell the mark of a footnote: raised, and either a link within the page or a mere number or sign."""
    if element.tag != "sup":
        return element.get("role") in {"doc-noteref", "doc-endnotes", "doc-footnote"}
    text = text_of(element)
    linked = any((link.get("href") or "").startswith("#") for link in element.iter("a"))
    return linked or (text.strip("[]()").isdigit() and "[" in text) or text in {"*", "†", "‡"}


def _is_other_story(element: "HtmlElement") -> bool:
    """Tell a paragraph, heading or list that is links and nothing else: ways to other stories."""
    if element.tag in {"ul", "ol"}:
        items = element.findall("li")
        return len(items) > 1 and all(_is_all_link(item) for item in items)
    if element.tag != "p" and element.tag not in _HEADINGS:
        return False
    return _is_all_link(element) and not ends_sentence(text_of(element))


def _is_all_link(element: "HtmlElement") -> bool:
    links = [link for link in element.iter("a") if not (link.get("href") or "#").startswith("#")]
    if not links:
        return False
    text = text_of(element)
    return bool(text) and sum(len(text_of(link)) for link in links) >= len(text) - 2
