"""What a page tells machines is read in all the shapes it comes in, and damage is nothing."""

import datetime as dt
import json
from typing import Any

import pytest

from morning_edition.articles.blocks import Facts
from morning_edition.articles.json_ld import Statement, read_json_ld

ARTICLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Pier &amp; café open",
    "author": {"@type": "Person", "name": "Ana Ruiz"},
    "publisher": {"@type": "Organization", "name": "Bay Post"},
    "datePublished": "2024-12-05T23:00:00-05:00",
    "articleSection": ["Local", "Ships"],
    "inLanguage": "en-GB",
    "mainEntityOfPage": {"@type": "WebPage", "@id": "https://bay.example/pier"},
    "image": {"@type": "ImageObject", "url": "https://bay.example/p.jpg"},
    "keywords": "pier, café",
    "articleBody": "It is open.",
}
FACTS = Facts(
    headline="Pier & café open",
    byline="Ana Ruiz",
    outlet="Bay Post",
    section="Local",
    language="en-GB",
    url="https://bay.example/pier",
    image_url="https://bay.example/p.jpg",
    keywords=("pier", "café"),
    date=dt.date(2024, 12, 5),
)
STATEMENT = Statement(FACTS, body="It is open.", is_article=True)


def variant(**changes: Any) -> dict[str, Any]:
    return ARTICLE | changes


@pytest.mark.parametrize(
    "value",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "Bay"}, ARTICLE]},
        [{"@type": "BreadcrumbList"}, [ARTICLE]],
        {"@type": "WebPage", "mainEntity": ARTICLE},
        variant(**{"@type": ["Article", "NewsArticle"]}),
        variant(**{"@type": "https://schema.org/ReportageNewsArticle"}),
        variant(author=[{"@type": "Person", "name": "Ana Ruiz"}]),
        variant(author="By Ana Ruiz"),
        variant(author=[{"name": "Ana Ruiz"}, {"@type": "Organization", "name": "Bay Post"}]),
        variant(image=["https://bay.example/p.jpg", "https://bay.example/q.jpg"]),
        variant(mainEntityOfPage="https://bay.example/pier"),
        variant(keywords=["pier", "café"], articleSection="Local"),
        {
            "@graph": [
                variant(author={"@id": "#ana"}, publisher={"@id": "#bay"}),
                {"@id": "#ana", "@type": "Person", "name": "Ana Ruiz"},
                {"@id": "#bay", "@type": "Organization", "name": "Bay Post"},
            ]
        },
    ],
)
def test_every_shape_gives_the_same(value: Any) -> None:
    """Graphs, lists, references, several types."""
    assert read_json_ld([json.dumps(value)]) == STATEMENT


@pytest.mark.parametrize(
    "script",
    [
        f"<!-- {json.dumps(ARTICLE)} -->",
        f"//<![CDATA[\n{json.dumps(ARTICLE)}\n//]]>",
        json.dumps(ARTICLE) + ";",
        json.dumps(ARTICLE)[:-1] + ",}",
    ],
)
def test_the_usual_mistakes_are_forgiven(script: str) -> None:
    """Comments, commas, semicolons."""
    assert read_json_ld(["{broken", script]) == STATEMENT


@pytest.mark.parametrize(
    "script",
    ["", "{", "null", "5", '"x"', "[" * 100_000, '{"@type": 5}', '{"@type": "WebSite"}', '{"@graph": 3}'],
)
def test_what_says_nothing_is_nothing(script: str) -> None:
    """Whatever it is."""
    assert read_json_ld([script]) == Statement()


def test_a_wall_and_a_film_are_told() -> None:
    """They help to say what a page holds."""
    paid = read_json_ld([json.dumps(variant(isAccessibleForFree=False))])
    film = read_json_ld(['{"@type": "VideoObject"}'])
    assert (paid.is_paid, paid.is_video) == (True, False)
    assert (film.is_article, film.is_video) == (False, True)


@pytest.mark.parametrize("key", [key for key in ARTICLE if key != "@type"])
@pytest.mark.parametrize("value", [None, 5, [], {}, [None], [[]], {"name": []}, {"url": {}}, True])
def test_values_of_any_kind_are_survived(key: str, value: Any) -> None:
    """Systems write what they like."""
    assert read_json_ld([json.dumps(variant(**{key: value}))]).is_article
