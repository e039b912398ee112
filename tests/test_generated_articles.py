"""Articles nobody wrote, made from a seed: whatever comes in, nothing is lost on the way to the script.

A hundred are made each time; `GENERATED_ARTICLES=10000` makes as many.
"""

import collections
import datetime as dt
import os
import random
import re
from pathlib import Path

import pytest

from morning_edition.articles import read_newsroom_text
from morning_edition.script.notation import parse_script
from morning_edition.script.style import VERBATIM
from morning_edition.script.truth import check_own
from morning_edition.script.writing import write_script
from morning_edition.spoken import to_spoken
from morning_edition.station import Station

pytestmark = pytest.mark.thorough

COUNT = int(os.environ.get("GENERATED_ARTICLES", "100"))
BATCHES = 20
DAY = dt.date(2025, 3, 11)

NAMES = """
    Mayor|Ana Duarte|Sen. Ruth Okoye, R-Texas,|Lt. Gen. Paul Brandt|Dr. Li Wei|the U.N.|Kestrel Bay|
    St. Maren|J. K. Oduya|Hafen & Söhne GmbH|the Coastal Relief Office (CRO)|José Núñez|
    Al-Nur Hospital|Orla O'Brien|the G7|Flight KX-417|Abu Said al-Masri|Henry VIII|Super Bowl LVIII|
    Boeing 737|NATO|the CRO's chief
"""
FIGURES = """
    300|1,204|2.5 million|$3.5m|£20bn|€1.2 billion|12%|0.25 percentage points|40 km|6 ft 2 in|-5°C|5-4|
    218-212|18-24|2023-24|Dec. 5|Friday, March 7, 2025|4:30 p.m.|7am-9am|mid-1990s|'80s|1914-18|3/4|
    5 1/2|21st|No. 10|9/11|24/7|COVID-19|H5N1|120p|C$40|¥500|100m|1,000,000,000|00705|#3|v2.1|½
"""
VERBS = """
    opened|closed|fell|rose to|met|refused|“seized”|left for|counted|sold|is worth|asked about|voted on
"""
TAILS = """
    on Thursday|, officials said|, said Ana Duarte, the mayor|after 4 a.m.|in the U.S.|
    , according to the CRO|; nobody was hurt|(about 25 miles)|— a first for the coast —|
    despite the rain|and/or later|, and that is that|, up from 1,900 in 2019|today
"""
QUOTES = """
    “We will rebuild,” Duarte said.|
    "Nobody told us. We heard it on the radio," said Li Wei, 42, a fisherman.|
    ‘It’s over,’ he said, ‘and we lost.’|“Who pays?” she asked.|
    “This is $5 a day!” Okoye added. “That is all.”
"""
ODD = [
    "😀 🇫🇷 👍🏽",
    "naïve café — ﬁne",
    "a\u00a0b\u2009c",
    "[sic]",
    "{pause 900}",
    "^look-1",
    "# no heading",
    "- no bullet",
    "~~not struck~~",
    "<!-- x -->",
    "\\",
    "C:\\temp",
    "www.kestrel.example/a?b=1&c",
    "@ana",
    "#Ferry2025",
    "…",
    "“",
    "((",
    "العربية",
    "東京",
    "a" * 300,
    "1" * 60,
    "x̧̌",
]


def choose(chance: random.Random, table: str) -> str:
    """Return one of a table's cells."""
    return chance.choice(table.split("|")).strip()


def make_sentence(chance: random.Random) -> str:
    """Return a sentence with a name, a figure and whatever else."""
    if chance.random() < 0.15:
        return choose(chance, QUOTES)
    parts = [choose(chance, NAMES), choose(chance, VERBS), choose(chance, FIGURES)]
    if chance.random() < 0.6:
        parts.append(choose(chance, TAILS))
    if chance.random() < 0.08:
        parts.append(chance.choice(ODD))
    sentence = re.sub(r" ([,;])", r"\1", " ".join(parts))
    return sentence[0].upper() + sentence[1:] + chance.choice("....!?…")


def make_paragraph(chance: random.Random, most: int = 6) -> str:
    """Return a paragraph of a few sentences."""
    return " ".join(make_sentence(chance) for _ in range(chance.randint(1, most)))


def make_article(chance: random.Random) -> str:
    """Return an article in the newsroom's plain text, with any of its tiers missing."""
    rows = []
    if chance.random() < 0.8:
        rows.append(f"ferries/ harbour/ Harbour Post/ A. Diaz/ Morning Edition/ {make_paragraph(chance, 2)}")
    if chance.random() < 0.7:
        rows.append("Ferries Return: Quick Looks")
        rows += [
            f"- {chance.choice(['Cost: ', 'Next: ', ''])}{make_paragraph(chance, 2)}"
            for _ in range(chance.randint(1, 7))
        ]
    if chance.random() < 0.8:
        rows.append("Ferries Return to the Bay")
    if chance.random() < 0.8:
        rows.append("Deep Look")
    for _ in range(chance.randint(1, 4)):
        if chance.random() < 0.6:
            rows.append(chance.choice(["What Comes Next", "The Cost", "Who Pays?"]))
        rows += [make_paragraph(chance) for _ in range(chance.randint(1, 4))]
    return "\n".join(rows)


def words_of(text: str) -> collections.Counter[str]:
    """Return the words of *text*, whatever marks stand between them."""
    return collections.Counter(re.findall(r"\w+", text.casefold()))


STATIONS = {"for the ear": Station(Path("nowhere")), "verbatim": Station(Path("nowhere"), style=VERBATIM)}


@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("station", STATIONS.values(), ids=STATIONS)
def test_nothing_of_a_generated_article_is_lost(station: Station, batch: int) -> None:
    """Each word of the article is in the script, spoken or struck, and the truth check agrees."""
    for seed in range(batch, COUNT, BATCHES):
        article = read_newsroom_text(make_article(random.Random(seed)))
        script = parse_script(write_script(article, station, DAY), to_spoken=to_spoken)
        paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
        wanted = words_of(" ".join([article.lede, *(look.text for look in article.quick_looks), *paragraphs]))
        there = words_of(" ".join(part.text for part in (*script.lines, *script.left_out)))
        assert collections.Counter() == wanted - there, f"seed {seed}"
        assert not check_own(article, station, DAY), f"seed {seed}"
        assert not re.search(r"\d", " ".join(line.spoken for line in script.lines)), f"seed {seed}"
