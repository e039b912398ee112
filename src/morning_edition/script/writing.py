"""Article to `script.md`, by a Jinja2 template that a station may replace."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

import jinja2

from morning_edition.articles import Article
from morning_edition.errors import ScriptError
from morning_edition.script.extent import Cuts, cut_to_depth, cut_to_minutes, tell_cuts
from morning_edition.script.extracting import pick_sentences, with_quick_looks
from morning_edition.script.lines import LineWriter, Notation
from morning_edition.script.places import drop_empty, find_headline
from morning_edition.script.signs import GUIDE, escape_text, write_say
from morning_edition.script.style import VERBATIM, Airing, leave_out
from morning_edition.script.wording import format_hand_over, format_spoken_date, spell_number, spell_ordinal
from morning_edition.spoken import split_sentences
from morning_edition.station import Station
from morning_edition.station.settings import Style
from morning_edition.templates import (
    OwnTemplates,
    Sandbox,
    find_bytecode_cache,
    render_bounded,
    tell_template_fault,
)

TEMPLATE_NAME = "script.md.j2"
GREETINGS = {"morning": "Good morning", "afternoon": "Good afternoon", "evening": "Good evening"}


@dataclass(frozen=True, slots=True)
class Selection:
    """What of an article is read."""

    article: Article
    """With Quick Looks picked from the story where the newsroom wrote none."""
    origins: tuple[str, ...]
    """The place in the story of each Quick Look that was picked."""
    cuts: Cuts

    @property
    def told(self) -> str:
        """What is left out, in words for the producer; empty where all is read."""
        return tell_cuts(self.article, self.cuts)


def select_reading(article: Article, station: Station, date: dt.date) -> Selection:
    """Choose what of *article* is read, as the station's settings say. Raises `ScriptError`."""
    article = drop_empty(article)
    picks = pick_sentences(article) if _wants_picks(article, station) else []
    if not article.quick_looks:
        article = with_quick_looks(article, picks)
    picked = {text: place for place, text in picks}
    origins = tuple(picked.get(look.text, "") for look in article.quick_looks)
    cuts = cut_to_depth(article, station.script.depth) | _cut_silent(article, station.style)
    if station.script.minutes:
        from morning_edition.script.reading import parse_script
        from morning_edition.spoken import to_spoken

        written = write_script(article, station, date, Selection(article, origins, cuts))
        script = parse_script(
            written, to_spoken=to_spoken, name=f"{station.root / 'templates' / TEMPLATE_NAME}"
        )
        cuts = cut_to_minutes(article, script, station) | cuts
    return Selection(article, origins, cuts)


def _wants_picks(article: Article, station: Station) -> bool:
    if article.quick_looks:
        return any(look.extracted for look in article.quick_looks)
    return station.script.pick_quick_looks


def _cut_silent(article: Article, style: Style) -> dict[str, str]:
    """Cut the titles of chapters below which only the eye finds anything."""
    airing = Airing(dt.date.min, None, style)
    return {
        f"deep-{number}": "nothing below it is read aloud"
        for number, section in enumerate(article.deep_look, 1)
        if section.heading
        and not any(leave_out(split_sentences(text), airing)[0] for text in section.paragraphs)
    }


def write_script(
    article: Article, station: Station, date: dt.date, selection: Selection | None = None
) -> str:
    """Return the `script.md` of *article* as the edition of *date*.

    *selection* says what of it is read; without one, the station's settings do.
    Raises `ScriptError` when the station's own template is broken; the message says where.
    """
    chosen = selection or select_reading(article, station, date)
    templates = station.root / "templates"
    try:
        return _render(chosen, station, date, templates)
    except Exception as error:  # a template can fail in any way that Python can
        raise ScriptError(tell_template_fault(error, templates / TEMPLATE_NAME)) from error


def _render(chosen: Selection, station: Station, date: dt.date, templates: Path) -> str:
    article = chosen.article
    language = station.choose_language(article.language)
    writer = LineWriter(Airing(date, article.date, _choose_style(station.style, language)), chosen.cuts)
    edition = article.edition or station.outlet.edition
    values = {
        "guide": Notation(GUIDE),
        "article": article,
        "headline": find_headline(article),
        "date": date,
        "language": language,
        "greeting": next((said for word, said in GREETINGS.items() if word in edition.lower()), "Hello"),
        "edition": edition,
        "programme": _name_programme(station.show.title, edition),
        "outlet": article.outlet or station.outlet.name,
        "show": station.show,
        "notice": station.voice_notice.text,
        "notice_in": station.voice_notice.spoken if station.voice_notice.text else "nowhere",
        "cuts": dict(chosen.cuts),
        "origins": chosen.origins,
        "says": _SAYS,
    }
    written = render_bounded(_environment(templates, writer).get_template(TEMPLATE_NAME), values)
    says = "".join(f"{write_say(name, said)}\n" for name, said in writer.says.items())
    return written.replace(f"\n{_SAYS}\n", f"\n{says}", 1)


_SAYS = Notation("\0says\0")
"""Stands in the head until all texts are written, and what they say of names is known."""


def _choose_style(style: Style, language: str) -> Style:
    """Return the rules that *language* can do with: most go by English words."""
    if language.partition("-")[0].lower() == "en":
        return style
    return replace(VERBATIM, quotations=style.quotations, slugs=style.slugs, dateline=style.dateline)


def _name_programme(title: str, edition: str) -> str:
    """Return the show's name, and the edition's where it is another."""
    return title if edition.casefold() in title.casefold() else f"{title}, the {edition}"


def _environment(own_templates: Path, writer: LineWriter) -> jinja2.Environment:
    """Make the environment: a station's template comes first, in a sandbox; its values are escaped."""
    environment = Sandbox(
        loader=jinja2.ChoiceLoader(
            [
                OwnTemplates(own_templates),
                jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
            ]
        ),
        undefined=jinja2.StrictUndefined,
        bytecode_cache=None if own_templates.is_dir() else find_bytecode_cache(),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_escape,
        autoescape=False,  # this is no HTML; `finalize` escapes for the notation
    )
    environment.filters |= {
        "hand_over": format_hand_over,
        "headline": writer.headline,
        "line": writer.line,
        "sentences": writer.sentences,
        "spell": spell_number,
        "spell_ordinal": spell_ordinal,
        "spoken_date": format_spoken_date,
        "strike": writer.strike,
        "strike_sentences": writer.strike_sentences,
    }
    return environment


def _escape(value: object) -> str:
    return value if isinstance(value, Notation) else escape_text(str(value))
