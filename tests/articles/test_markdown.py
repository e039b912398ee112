"""Markdown is read as its reader sees it, without its signs."""

import datetime as dt

import pytest

from morning_edition.articles import Article, QuickLook, Section
from morning_edition.articles.markdown import LONGEST_LINE, part_front_matter, read_markdown
from morning_edition.errors import ArticleError

OPENING = "The pier opened again on Tuesday, after two years of repairs that cost less than was feared."
CLOSE = "Ferries will call there from June, the council said."


def paragraphs(article: Article) -> tuple[str, ...]:
    return tuple(paragraph for section in article.deep_look for paragraph in section.paragraphs)


def test_headings_part_the_text() -> None:
    """The first is the headline; a bold line is a subhead too."""
    text = f"# Pier Opens\n\n{OPENING}\n\n## What it cost\n\n{CLOSE}\n\n**What comes next**\n\n{CLOSE}\n"
    article = read_markdown(text)
    assert article.headline == "Pier Opens"
    assert article.deep_look == (
        Section((OPENING,)),
        Section((CLOSE,), "What it cost"),
        Section((CLOSE,), "What comes next"),
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("The [harbour master](https://bay.example) spoke.", "The harbour master spoke."),
        ("The **old** pier is *open*, `for now`.", "The old pier is open, for now."),
        ("The pier[^1] is open.\n\n[^1]: Since Tuesday.", "The pier is open."),
        ("The pier ~~is shut~~ is open.", "The pier is open."),
        ("The pier is open.<!-- check -->", "The pier is open."),
        ("The pier\nis open.", "The pier is open."),
        ("The pier is open. ![A pier](p.jpg)", "The pier is open."),
        ("The pier is <span class=x>open</span>.", "The pier is open."),
        ("> The pier is open.", "The pier is open."),
        ("The pier &amp; the café are open.", "The pier & the café are open."),
        (r"The pier \*is\* open.", "The pier *is* open."),
        ("Write to <https://bay.example> now.", "Write to https://bay.example now."),
    ],
)
def test_signs_are_not_read(written: str, said: str) -> None:
    """Links as their words; notes, comments, pictures and struck words not at all."""
    assert paragraphs(read_markdown(f"# Pier\n\n{OPENING}\n\n{written}\n")) == (OPENING, said)


@pytest.mark.parametrize(
    "extra",
    [
        "![The pier at dawn](pier.jpg)\n*The pier at dawn, by B. Lane*",
        "```\nprint('pier')\n```",
        "    print('pier')",
        "<!-- Not for print:\nask Rosa -->",
        "| tide | hour |\n|---|---|\n| high | 6:40 |",
        "{{< youtube abc >}}",
        "---",
        "Read more: [Lighthouse strike](https://bay.example/strike)",
        "<figure><img src=p.jpg><figcaption>The pier at dawn.</figcaption></figure>",
    ],
)
def test_what_is_no_text_is_not_read(extra: str) -> None:
    """Pictures and their captions, code, comments, tables, other stories."""
    assert paragraphs(read_markdown(f"# Pier\n\n{OPENING}\n\n{extra}\n\n{CLOSE}\n")) == (OPENING, CLOSE)


def test_lists_are_read_item_by_item() -> None:
    """Each is a paragraph."""
    assert paragraphs(read_markdown(f"# Pier\n\n{OPENING}\n\n- Six a day.\n- Two on\n  Sundays.\n")) == (
        OPENING,
        "Six a day.",
        "Two on Sundays.",
    )


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: 'Pier Opens: at last'\nauthor: By Ana Ruiz\ndate: 2024-12-05T06:00:00Z\nlang: en-GB\n"
        "section: Local\ntags: [pier, bay]\nurl: https://bay.example/pier\nimage: https://bay.example/p.jpg\n---\n",
        '+++\ntitle = "Pier Opens: at last"\nauthors = ["Ana Ruiz"]\ndate = 2024-12-05T06:00:00Z\n'
        'language = "en-GB"\n'
        'section = "Local"\ntags = ["pier", "bay"]\nurl = "https://bay.example/pier"\n'
        'image = "https://bay.example/p.jpg"\n+++\n',
        "---\r\ntitle: Pier Opens: at last\r\nauthor:\r\n  - Ana Ruiz\r\ndate: 5 December 2024\r\n"
        "lang: en-GB\r\n"
        "category: Local\r\ntags:\r\n  - pier\r\n  - bay\r\ncanonical_url: https://bay.example/pier\r\n"
        "image: https://bay.example/p.jpg\r\n---\r\n",
    ],
)
def test_front_matter_gives_the_facts(front: str) -> None:
    """As YAML or TOML, as far as front matter uses them."""
    article = read_markdown(f"{front}\n{OPENING}\n")
    assert article == Article(
        "Pier Opens: at last",
        keywords=("pier", "bay"),
        byline="Ana Ruiz",
        deep_look=(Section((OPENING,)),),
        date=dt.date(2024, 12, 5),
        language="en-GB",
        source_url="https://bay.example/pier",
        section="Local",
        image_url="https://bay.example/p.jpg",
    )


def test_the_newsrooms_three_tiers_are_recognised() -> None:
    """In whatever signs of Markdown they stand."""
    text = (
        "# Pier Opens Again\n\nPier/ Bay Post/ R. Okafor/ Morning Edition/ The pier opened on Tuesday.\n\n"
        "## Pier: Quick Looks\n\n- **Open Again:** Four hundred walked it.\n"
        "- **The Bill:** Less than was feared.\n\n"
        f"## Deep Look\n\n{OPENING}\n\n### What it cost\n\n{CLOSE}\n"
    )
    article = read_markdown(text)
    looks = (
        QuickLook("Four hundred walked it.", "Open Again"),
        QuickLook("Less than was feared.", "The Bill"),
    )
    assert article.headline == "Pier Opens Again"
    assert article.byline == "R. Okafor"
    assert article.lede == "The pier opened on Tuesday."
    assert article.quick_looks == looks
    assert article.deep_look == (Section((OPENING,)), Section((CLOSE,), "What it cost"))


@pytest.mark.parametrize("text", ["", "---\ntitle: x\n---\n", "![a](b.jpg)", "<!-- x -->", "```\nx\n```"])
def test_nothing_to_say_is_refused(text: str) -> None:
    """A headline alone is no story."""
    with pytest.raises(ArticleError):
        read_markdown(text)


def test_a_rule_is_no_front_matter() -> None:
    """Text between two rules is text."""
    assert part_front_matter(f"---\n{OPENING}\n---\n{CLOSE}")[0] == {}


def test_a_text_in_one_endless_line_is_read_all_the_same() -> None:
    """As plain text, which has no brackets to match."""
    line = "[" * (LONGEST_LINE + 1)
    assert read_markdown(f"# Pier\n\n{OPENING}\n\n{line} end.\n").text.endswith("end.")
