"""What a page holds that holds no article: in words for the producer, and what to do about it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from morning_edition.articles.blocks import Block, all_words, count_words, is_prose, squeeze
from morning_edition.articles.markup import read_blocks, text_of
from morning_edition.articles.page_facts import PageFacts
from morning_edition.patterns import compile_late

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FEWEST_WORDS = 60
"""A page that does not say that it is an article has at least so many words of one."""

FEWEST_DECLARED_WORDS = 20
WALL_BLOCKS = 4
WALL_WORDS = 40
STUB_WORDS = 220
"""The most that a newspaper gives away before its wall."""

MANY_HEADLINES = 12
HEADLINE_WORDS = 4
TEASER_WORDS = 15
"""A front page has no more words of text for each of its headlines."""
COOKIE_WORDS = 3

_PAYWALL = compile_late(
    r"""
    subscribe\s+(?:now\s+)?to\s+(?:continue|read|keep|unlock|access|view)
      | (?:to\s+)?(?:continue|keep)\s+reading\W{0,3}\s*(?:this\s+(?:article|story)\W{0,3}\s*)?
    (?:subscribe|register|log\s*in|sign\s+in|become|with\s+a)
      | (?:this\s+(?:article|story|content)\s+is\s+)?(?:only\s+)?(?:available\s+(?:only\s+)?)?
        (?:for|to)\s+(?:our\s+)?(?:paying\s+)?subscribers(?:\s+only)?
    | subscribers?[\s-]only | already\s+a(?:n?\s+\w+)?\s+(?:subscriber|member)
      | unlock\s+(?:this|the\s+full)\s+(?:article|story)
      | register\s+(?:for\s+free\s+)?to\s+(?:continue|read|keep)
    | you(?:[’']ve|\s+have)\s+(?:reached|used|read)\s+(?:your|all|the)\b.{0,30}\b(?:limit|free|articles?)
      | start\s+your\s+(?:free\s+)?(?:trial|subscription) | get\s+unlimited\s+access
    | log\s*in\s+or\s+subscribe | reserved\s+for\s+(?:our\s+)?subscribers
      | abonn(?:é|ement|ieren|ez)\w*.{0,40}(?:lire|lesen|continu|weiter) | 会員限定 | suscr[ií]bete\s+para
      | solo\s+para\s+suscriptores
    """,
    re.VERBOSE | re.IGNORECASE,
)
_COOKIES = compile_late(
    r"\bcookies?\b|\bconsent\b|\bprivacy\b|\bpartners\b|\bGDPR\b|\bdatenschutz\b", re.IGNORECASE
)
_MISSING = compile_late(
    r"\b(?:404|410)\b|\b(?:page|article|story|content)\b.{0,20}\b(?:not\s+(?:be\s+)?found|no\s+longer|does\s+not\s+exist|doesn[’']t\s+exist|missing)"
    r"|\bcan(?:no|[’'])t\s+find\b|\bnicht\s+gefunden\b|\bintrouvable\b|\bno\s+encontrada\b",
    re.IGNORECASE,
)
_BLOCKED = compile_late(
    r"are\s+you\s+(?:a\s+)?(?:human|robot)|captcha|access\s+denied|unusual\s+traffic|verify(?:ing)?\s+(?:that\s+)?you\s+are"
    r"|checking\s+your\s+browser|just\s+a\s+moment|attention\s+required|request\s+blocked",
    re.IGNORECASE,
)
_SCRIPTED = compile_late(
    r"\b(?:enable|requires?|need|turn\s+on)\b.{0,20}\bjava\s?script\b|\bjava\s?script\b.{0,30}\b(?:enabled?|required|disabled|turned)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Look:
    """What is to be seen on a page, taken before it is pruned."""

    words: int
    """All that it shows, as far as it is counted."""
    characters: int
    start: str
    """The beginning of what it shows, title first."""
    headlines: int
    """Headings that are links to other pages."""
    links: int
    """Links of as many words as a headline has."""
    asks_password: bool
    has_video: bool
    walled: bool
    """Whether it has words of a paywall."""
    is_scripted: bool
    is_marked: bool
    """Whether one element of it is marked as an article, and no other."""


def look_at(root: "HtmlElement") -> Look:
    """See what the page *root* has beside its text."""
    title = root.find(".//title")
    text = " ".join(_shown(root))
    hidden = " ".join(text_of(one) for one in root.iter("noscript"))[:2000]
    return Look(
        words=count_words(text[:200_000]),
        characters=len(text),
        start=f"{text_of(title)[:300] if title is not None else ''} {text[:1500]}",
        headlines=_count_headlines(root),
        links=sum(HEADLINE_WORDS <= len(text_of(link).split()) <= 40 for link in root.iter("a")),
        asks_password=any((one.get("type") or "").lower() == "password" for one in root.iter("input")),
        has_video=next(root.iter("video", "amp-video", "amp-youtube"), None) is not None,
        walled=_PAYWALL.search(text[:400_000]) is not None,
        is_scripted=_SCRIPTED.search(f"{hidden} {text[:2000]}") is not None or _is_empty_shell(root, text),
        is_marked=sum(1 for _ in root.iter("article")) == 1,
    )


def found_instead(blocks: list[Block], page: PageFacts, look: Look, *, cut_off: bool) -> str:
    """Say what the page holds when *blocks* are no article; empty when they are one.

    *cut_off* is what `ends_at_wall` says of the text before its boilerplate was dropped.
    What it says goes on after "holds no article, but …" and ends with the way out.
    """
    words = all_words(blocks)
    prose = all_words(filter(is_prose, blocks))
    declared = page.statement.is_article or page.page_type == "article" or look.is_marked
    if _is_notice(blocks, words, look):
        count = _count(words or look.words)
        return f"a cookie notice of {count}; accept it in your browser, save the page and give that file"
    walled = look.walled or page.statement.is_paid
    if cut_off or (walled and (words < STUB_WORDS or page.statement.words > words * 1.5)):
        given = f"the first {_count(words)} and a paywall"
        return f"{given}; log in with your browser, save the page and give that file"
    if prose >= FEWEST_WORDS and not _is_front_page(page, look, prose, declared=declared):
        return ""
    is_film = look.has_video or page.statement.is_video
    if declared and prose >= FEWEST_DECLARED_WORDS and not look.is_scripted and not is_film:
        return ""
    return _what(words, prose, page, look)


def ends_at_wall(blocks: Sequence[Block]) -> bool:
    """Tell a text that is cut off: what to pay stands where it would go on."""
    return any(_PAYWALL.search(block.text) and block.words <= WALL_WORDS for block in blocks[-WALL_BLOCKS:])


def _what(words: int, prose: int, page: PageFacts, look: Look) -> str:
    short = look.words < 400
    if short and _BLOCKED.search(look.start):
        return "a check that you are a person; open it in your browser, save the page and give that file"
    if short and _MISSING.search(look.start):
        return "the notice that it is not found; check the address"
    if look.asks_password and short:
        return "a form to log in; do so with your browser, save the page and give that file"
    if (headlines := max(look.headlines, look.links if prose < FEWEST_WORDS else 0)) >= MANY_HEADLINES:
        return f"a list of {headlines} headlines; give the address of one story"
    if look.has_video or page.statement.is_video or page.page_type.startswith("video"):
        return f"a video and {_count(words)}; give a story that is written"
    if look.is_scripted and look.words < 150:
        given = f"{_count(look.words)} and a program that loads the rest"
        return f"{given}; save the page from your browser and give that file"
    return (
        f"{_count(prose or words or look.words)} that make no story; give the article's own page or its text"
    )


def _is_notice(blocks: list[Block], words: int, look: Look) -> bool:
    """Tell a page whose text speaks of cookies and little else."""
    text = " ".join(block.text for block in blocks) if blocks else look.start
    if (words or look.words) > 250:
        return False
    return len(_COOKIES.findall(text)) >= COOKIE_WORDS and len(_COOKIES.findall(text)) * 25 >= count_words(
        text
    )


def _is_front_page(page: PageFacts, look: Look, prose: int, *, declared: bool) -> bool:
    """Tell a page of teasers, which may have a good many words."""
    path = urlsplit(page.facts.url).path
    if page.statement.is_listing and not page.statement.is_article:
        return True
    if path in {"", "/"} and page.facts.url and look.headlines >= MANY_HEADLINES:
        return True
    if declared or look.headlines < MANY_HEADLINES:
        return False
    return prose < TEASER_WORDS * look.headlines


def _count_headlines(root: "HtmlElement") -> int:
    seen: set[str] = set()
    for heading in root.iter("h1", "h2", "h3", "h4", "h5"):
        inside = next(heading.iter("a"), None)
        link = inside if inside is not None else next(heading.iterancestors("a"), None)
        text = text_of(heading)
        if link is not None and 3 <= count_words(text) <= 40:
            seen.add(squeeze(text))
    return len(seen)


def _shown(root: "HtmlElement") -> list[str]:
    return [block.text for block in read_blocks(root)]


def _is_empty_shell(root: "HtmlElement", text: str) -> bool:
    scripts = sum(1 for _ in root.iter("script"))
    return scripts >= 1 and count_words(text[:5000]) < 30


def _count(words: int) -> str:
    return "1 word" if words == 1 else f"{words:,} words"
