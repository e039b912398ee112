"""How much of an article is read: by depth, and by the minutes that there are.

What is cut is named by its place, with the reason; it is whole paragraphs and Quick Looks, from the end.
A story is never cut so far that nothing of it is read but its headline.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from morning_edition.articles.article import Article
from morning_edition.script.places import read_paragraphs
from morning_edition.script.script import Line, Script
from morning_edition.station import Part, Pauses, Station

Cuts = Mapping[str, str]
"""What is not read, by its place (`look-2`, `deep-1-3`, and `deep-2` for a title): the reason."""


def cut_to_depth(article: Article, depth: str) -> dict[str, str]:
    """Cut what lies deeper than *depth*: "brief" is headline and lede, "quick" the Quick Looks too."""
    looks = [f"look-{number}" for number, _ in enumerate(article.quick_looks, 1)]
    deep = [place for place, _ in read_paragraphs(article)]
    cut = {"brief": [*looks, *deep], "quick": deep}.get(depth, [])
    return _with_titles(article, _keep_something(article, dict.fromkeys(cut, f"the depth is {depth}")))


def cut_to_minutes(article: Article, full: Script, station: Station) -> dict[str, str]:
    """Cut what would be heard after the station's minutes; *full* is the script without that cut."""
    minutes = station.script.minutes
    spent_ms, by_place = measure_places(full, station)
    cut: dict[str, str] = {}
    for place in _units(article):
        spent_ms += by_place.get(place, 0)
        if cut or spent_ms > minutes * 60_000:
            cut[place] = f"past {minutes:g} minute{'' if minutes == 1 else 's'}"
    return _with_titles(article, _keep_something(article, cut))


def _units(article: Article) -> Iterator[str]:
    yield from (f"look-{number}" for number, _ in enumerate(article.quick_looks, 1))
    yield from (place for place, _ in read_paragraphs(article))


def _keep_something(article: Article, cut: dict[str, str]) -> dict[str, str]:
    """Leave one paragraph, or else one Quick Look, of a story that has no lede."""
    if article.lede or any(place not in cut for place in _units(article)):
        return cut
    first = next((place for place, _ in read_paragraphs(article)), "look-1")
    return {place: reason for place, reason in cut.items() if place != first}


def _with_titles(article: Article, cut: dict[str, str]) -> dict[str, str]:
    """Cut the titles too of what is cut as a whole."""
    for number, section in enumerate(article.deep_look, 1):
        places = [f"deep-{number}-{nth}" for nth, _ in enumerate(section.paragraphs, 1)]
        if all(place in cut for place in places):
            cut[f"deep-{number}"] = cut[places[0]] if places else next(iter(cut.values()), "")
    looks = [f"look-{number}" for number, _ in enumerate(article.quick_looks, 1)]
    if looks and all(place in cut for place in looks):
        cut["looks-title"] = cut[looks[0]]
    return {place: reason for place, reason in cut.items() if reason}


def measure_places(script: Script, station: Station) -> tuple[int, dict[str, int]]:
    """Estimate how long each Quick Look and paragraph takes, in milliseconds; first, how long the rest does.

    A chapter's title counts with its first paragraph, an announced number with its Quick Look.
    """
    by_place: Counter[str] = Counter()
    rest_ms = 0
    for part in script.segments:
        looks, waiting_ms = 0, 0
        for line in part.lines:
            looks += line.opens == "look"
            length_ms = estimate_ms(line, station)
            if part.kind == "quick_looks" and looks:
                by_place[f"look-{looks}"] += length_ms
            elif part.kind == "deep_look" and line.source.count("-") == 2:
                by_place[line.source] += length_ms + waiting_ms
                waiting_ms = 0
            elif part.kind == "deep_look" and line.source:
                waiting_ms += length_ms
            else:
                rest_ms += length_ms
        rest_ms += waiting_ms
    return rest_ms, dict(by_place)


def estimate_ms(line: Line, station: Station) -> int:
    """Estimate how long *line* takes, with the silence before it, in milliseconds."""
    pauses: Pauses = station.sound.pauses
    part: Part = getattr(station.cast, line.role)
    usual_ms = {"": pauses.sentence_ms, "chapter": pauses.chapter_ms}.get(line.opens, pauses.paragraph_ms)
    pause_ms = usual_ms if line.pause_ms is None else line.pause_ms
    words_a_minute = part.rate * station.script.words_a_minute
    return round(len(line.spoken.split()) * 60_000 / words_a_minute) + pause_ms


def tell_cuts(article: Article, cuts: Cuts) -> str:
    """Say how much is left out, and why; nothing where all is read."""
    texts = {
        f"look-{number}": f"{look.label} {look.text}" for number, look in enumerate(article.quick_looks, 1)
    }
    texts |= dict(read_paragraphs(article))
    left = [place for place in texts if place in cuts]
    if not left:
        return ""
    kinds = {
        "Quick Look": sum(place.startswith("look-") for place in left),
        "paragraph": sum(place.startswith("deep-") for place in left),
    }
    said = " and ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items() if count)
    words = sum(len(texts[place].split()) for place in left)
    reasons = "; ".join(dict.fromkeys(cuts[place] for place in left))
    return f"left out {said}, {words} word{'s' if words != 1 else ''}: {reasons}"
