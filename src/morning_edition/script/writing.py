"""Article to `script.md`, by a Jinja2 template that a station may replace."""

import datetime as dt
import re
import traceback
from pathlib import Path

import jinja2
import jinja2.sandbox

from morning_edition.articles import Article
from morning_edition.articles.headlines import borrow_headline
from morning_edition.errors import ScriptError
from morning_edition.script.notation import GUIDE, escape_text
from morning_edition.spoken import split_sentences
from morning_edition.station import Station

TEMPLATE_NAME = "script.md.j2"

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
).split()
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
GREETINGS = {"morning": "Good morning", "afternoon": "Good afternoon", "evening": "Good evening"}


class Notation(str):
    """Text that is notation already and must not be escaped again."""

    __slots__ = ()


def write_script(article: Article, station: Station, date: dt.date) -> str:
    """Return the `script.md` of *article* as the edition of *date*.

    Raises `ScriptError` when the station's own template is broken; the message says where.
    """
    templates = station.root / "templates"
    edition = article.edition or station.outlet.edition
    try:
        return (
            _environment(templates)
            .get_template(TEMPLATE_NAME)
            .render(
                guide=Notation(GUIDE),
                article=article,
                headline=_find_headline(article),
                date=date,
                language=article.language or station.show.language,
                greeting=next((said for word, said in GREETINGS.items() if word in edition.lower()), "Hello"),
                edition=edition,
                programme=_name_programme(station.show.title, edition),
                outlet=article.outlet or station.outlet.name,
                show=station.show,
            )
        )
    except jinja2.TemplateSyntaxError as error:
        spot = f"{error.filename or templates / TEMPLATE_NAME}:{error.lineno}"
        raise ScriptError(f"{spot}: {error.message}") from error
    except jinja2.TemplateNotFound as error:
        raise ScriptError(f"{_find_spot(error, templates)}: no template is called {error.name}") from error
    except Exception as error:  # a template can fail in any way that Python can
        raise ScriptError(f"{_find_spot(error, templates)}: {str(error) or type(error).__name__}") from error


def _name_programme(title: str, edition: str) -> str:
    """Return the show's name, and the edition's where it is another."""
    return title if edition.casefold() in title.casefold() else f"{title}, the {edition}"


def _find_headline(article: Article) -> str:
    """Return the headline to say: none where it is only the beginning of what is read next."""
    looks = [look.text for look in article.quick_looks]
    paragraphs = [paragraph for section in article.deep_look for paragraph in section.paragraphs]
    borrowed = borrow_headline([article.lede, *looks, *paragraphs])
    return "" if article.headline == borrowed else article.headline


def _find_spot(error: Exception, templates: Path) -> str:
    """Name the template and the line in it where *error* arose; Jinja puts them on the traceback."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    spots = (f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename.endswith(".j2"))
    return next(spots, str(templates / TEMPLATE_NAME))


def _environment(own_templates: Path) -> jinja2.Environment:
    """Make the environment: a station's template comes first, in a sandbox; its values are escaped."""
    environment = jinja2.sandbox.SandboxedEnvironment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.FileSystemLoader(own_templates),
                jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
            ]
        ),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_escape,
        autoescape=False,  # this is no HTML; `finalize` escapes for the notation
    )
    environment.filters |= {
        "line": format_line,
        "sentences": format_sentences,
        "spell": spell_number,
        "spell_ordinal": spell_ordinal,
        "spoken_date": format_spoken_date,
    }
    return environment


def _escape(value: object) -> str:
    return value if isinstance(value, Notation) else escape_text(str(value))


def format_line(phrase: str, place: str = "") -> Notation:
    """Write *phrase* as one sentence that comes from *place*, with a full stop where it has no end."""
    said = " ".join(phrase.split())
    if said and not re.search(r"[.!?…][\"'”’»)\]]*$", said):
        said = said.rstrip(",;: ") + "."
    return Notation(escape_text(said) + (f" ^{place}" if place else ""))


def format_sentences(text: str, place: str = "") -> Notation:
    """Write each sentence of *text* on a line of its own."""
    return Notation("\n".join(format_line(sentence, place) for sentence in split_sentences(text)))


def spell_number(number: int) -> str:
    """Return "five" for 5; figures above twenty."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def spell_ordinal(number: int) -> str:
    """Return "fifth" for 5 and "21st" for 21."""
    if 0 <= number < len(ORDINALS):
        return ORDINALS[number]
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def format_spoken_date(date: dt.date) -> str:
    """Return "Friday, December 6th"; the names are English whatever the machine's language is."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    months = ("January February March April May June July August September October November December").split()
    suffix = "th" if date.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(date.day % 10, "th")
    return f"{days[date.weekday()]}, {months[date.month - 1]} {date.day}{suffix}"
