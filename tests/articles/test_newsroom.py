"""The newsroom's plain text is read in full, whatever form it comes in."""

import datetime as dt
import textwrap
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest

from morning_edition.articles import Article, QuickLook, Section, read_newsroom_text
from morning_edition.errors import ArticleError

ROOT = Path(__file__).parents[2]
HAMA = ROOT.parent / "shared" / "articles" / "hama.txt"
SAMPLE = ROOT / "src" / "morning_edition" / "starter" / "article.txt"

LEDE = "The library on Mill Street opened again on Tuesday, two years after a flood. People came at 7:30 a.m."
SLUG = f"Library reopens/ Mill Street flood repair/ Harbour Post/ R. Okafor/ Morning Edition/ {LEDE}"
LOOKS = (
    QuickLook("Doors opened on Tuesday after two years.", "Open Again"),
    QuickLook("Repairs cost $4.2 million.", "The Bill"),
    QuickLook("A café opens in June.", "What’s Next"),
)
HEADLINE = "Flooded Library Opens Its Doors Again"
SECTIONS = (
    Section(
        ("The first reader through the door was nine years old.", "She borrowed “The Wide Sea” — twice.")
    ),
    Section(("Water stood a metre deep in the reading room.",), "What the Flood Destroyed"),
    Section(("The city paid half. A donor paid the rest.", "Nobody knows the donor’s name."), "Who Paid?"),
)
WHOLE = Article(
    headline=HEADLINE,
    lede=LEDE,
    keywords=("Library reopens", "Mill Street flood repair"),
    outlet="Harbour Post",
    byline="R. Okafor",
    edition="Morning Edition",
    quick_looks_title="Library Reopens",
    quick_looks=LOOKS,
    deep_look=SECTIONS,
)


def body_lines(sections: Iterable[Section] = SECTIONS) -> list[str]:
    return [line for section in sections for line in (section.heading, *section.paragraphs) if line]


def look_lines(sign: str = "- ") -> list[str]:
    return [f"{sign}{look.label}: {look.text}" for look in LOOKS]


def library(
    *,
    slug: str = SLUG,
    looks_mark: str = "Library Reopens: Quick Looks",
    looks: list[str] | None = None,
    headline: str = HEADLINE,
    deep_mark: str = "Deep Look",
    body: list[str] | None = None,
) -> list[str]:
    lines = [slug, looks_mark, *(look_lines() if looks is None else looks), headline, deep_mark]
    return [line for line in (*lines, *(body_lines() if body is None else body)) if line]


def read(lines: list[str]) -> Article:
    return read_newsroom_text("\n".join(lines))


def test_the_newsrooms_form_is_read_in_full() -> None:
    """Slug line, Quick Looks, headline and Deep Look each fill their fields, and nothing is missing."""
    assert read(library()) == WHOLE
    assert WHOLE.missing == ()


@pytest.mark.skipif(not HAMA.exists(), reason="the seed article is not beside this checkout")
def test_the_seed_article_is_read_in_every_field() -> None:
    """The article that the product was asked for is read word for word."""
    text = HAMA.read_text(encoding="utf-8")
    lines = text.splitlines()
    article = read_newsroom_text(text)
    assert article.headline == "Syrian Insurgents Capture Hama City, Deal Blow to Assad"
    assert article.keywords == (
        "Hama falls to rebels",
        "Syrian insurgency Hama capture",
        "Bashar Assad setbacks",
        "HTS Syrian offensive",
        "Homs rebel target",
        "Aleppo insurgent takeover",
        "Syrian conflict updates",
    )
    assert (article.outlet, article.byline, article.edition) == ("Newslooks", "J. Mansour", "Morning Edition")
    assert lines[0].endswith("/ " + article.lede)
    assert article.lede.startswith("Syrian insurgents captured the key city")
    assert article.quick_looks_title == "Hama Falls to Syrian Insurgents"
    assert [f"- {look.label}: {look.text}" for look in article.quick_looks] == lines[2:7]
    assert [look.label for look in article.quick_looks] == [
        "Major Victory",
        "Strategic Target",
        "Next Objective",
        "Rebel Leadership",
        "Government Response",
    ]
    assert [section.heading for section in article.deep_look] == [
        "",
        "Key Events in Hama’s Capture",
        "Strategic Importance of Hama",
        "Rebel Momentum and Government Challenges",
        "International and Regional Implications",
        "What’s Next for Assad?",
    ]
    assert [len(section.paragraphs) for section in article.deep_look] == [2, 2, 3, 3, 2, 2]
    assert body_lines(article.deep_look) == lines[9:]
    assert (article.date, article.language, article.source_url, article.missing) == (None, "", "", ())


def test_the_bundled_sample_is_a_whole_article() -> None:
    """What `init` gives a new station to try has every part."""
    article = read_newsroom_text(SAMPLE.read_text(encoding="utf-8"))
    assert article.missing == ()
    assert (article.outlet, article.byline, article.edition) == (
        "Harbour Post",
        "R. Okafor",
        "Morning Edition",
    )
    assert len(article.keywords) == 5
    assert len(article.quick_looks) == 5
    assert all(look.label for look in article.quick_looks)
    assert [bool(section.heading) for section in article.deep_look] == [False, True, True, True]


SLUG_PARTS = {
    "keywords": "Library reopens/ Mill Street flood repair/ ",
    "outlet": "Harbour Post/ ",
    "byline": "R. Okafor/ ",
    "edition": "Morning Edition/ ",
    "lede": LEDE,
}


@pytest.mark.parametrize("missing", ["keywords", "outlet", "byline", "edition", "lede"])
def test_any_part_of_the_slug_line_may_be_missing(missing: str) -> None:
    """A slug line without one of its parts gives the others; nothing is made up for it."""
    slug = "".join(part for name, part in SLUG_PARTS.items() if name != missing)
    article = read(library(slug=slug))
    for name in SLUG_PARTS:
        expected = getattr(WHOLE, name) if name != missing else type(getattr(WHOLE, name))()
        assert getattr(article, name) == expected, name
    assert len(article.missing) == 1
    assert article.headline == HEADLINE


@pytest.mark.parametrize("missing", ["", "keywords", "byline", "edition", "lede"])
def test_an_outlet_of_any_name_is_known_from_the_stations_settings(missing: str) -> None:
    """The station's own names tell the outlet and edition where their looks do not."""
    parts = SLUG_PARTS | {"outlet": "blue heron/ ", "edition": "Sunrise Briefing/ "}
    slug = "".join(part for name, part in parts.items() if name != missing)
    text = "\n".join(library(slug=slug))
    article = read_newsroom_text(text, outlet="Blue Heron", edition="sunrise briefing")
    assert article.outlet == "blue heron"
    assert article.edition == ("" if missing == "edition" else "Sunrise Briefing")
    assert article.byline == ("" if missing == "byline" else "R. Okafor")
    assert article.lede == ("" if missing == "lede" else LEDE)


def test_the_stations_names_are_not_filled_in() -> None:
    """An article that does not name its outlet and edition goes without."""
    article = read_newsroom_text("A Headline\nA paragraph of prose.", outlet="Blue Heron", edition="Evening")
    assert (article.outlet, article.edition) == ("", "")


@pytest.mark.parametrize(
    "slug",
    [
        SLUG.replace("/ ", " / "),
        SLUG.replace("/ ", "/"),
        SLUG.replace("/ ", " /"),
        SLUG.replace("/ ", "/\n"),
        SLUG.replace("R. Okafor", "By R. Okafor"),
        SLUG.replace("R. Okafor", "by R. Okafor"),
        SLUG.replace("repair/", "repair/ /"),
        SLUG.replace(LEDE, "") + "\n" + LEDE,
        SLUG.replace("/ " + LEDE, "") + "\n\n" + LEDE,
    ],
    ids=["spaced", "tight", "leading", "rows", "By", "by", "empty part", "lede below", "lede apart"],
)
def test_slug_lines_are_written_in_many_ways(slug: str) -> None:
    """However its slashes are set, the slug line says the same."""
    assert read(library(slug=slug)) == WHOLE


@pytest.mark.parametrize(
    "lede",
    [
        "Staff and/or visitors may use either door, the council said.",
        "Tickets are at https://library.example/open/ from Tuesday, the council said.",
        "The train runs at 120 km/h and is open 24/7 from Monday.",
        "He/she who borrows a book must return it within 3/4 of a month.",
        "Readers may choose and / or swap their books.",
        "It reopens.",
    ],
)
@pytest.mark.parametrize("separator", ["/ ", " / ", "/"])
def test_slashes_in_the_lede_are_its_own(lede: str, separator: str) -> None:
    """Only the slashes before the lede part the slug line."""
    slug = separator.join(
        ["Library reopens", "Flood repair", "Harbour Post", "R. Okafor", "Morning Edition", lede]
    )
    article = read(library(slug=slug))
    assert article.lede == lede
    assert article.edition == "Morning Edition"
    assert article.keywords == ("Library reopens", "Flood repair")


@pytest.mark.parametrize(
    "byline", ["R. Okafor", "Rosa Okafor", "J.-P. Roux", "Ana de la Cruz", "Yusuf al-Amin"]
)
def test_writers_have_all_kinds_of_names(byline: str) -> None:
    """A writer's name is told from a keyword by its form and place."""
    article = read(library(slug=SLUG.replace("R. Okafor", byline)))
    assert (article.byline, article.outlet) == (byline, "Harbour Post")


def test_a_country_with_points_is_no_writer() -> None:
    """ "U.S. Senate" has the form of an initial and a surname, and is a keyword."""
    article = read(library(slug=f"Budget vote/ U.S. Senate/ Morning Edition/ {LEDE}"))
    assert article.keywords == ("Budget vote", "U.S. Senate")
    assert article.byline == ""


def test_a_byline_may_have_a_line_of_its_own() -> None:
    """ "By R. Okafor" under the headline names the writer."""
    article = read([HEADLINE, "By R. Okafor", LEDE, *body_lines()])
    assert (article.headline, article.byline, article.lede) == (HEADLINE, "R. Okafor", LEDE)
    assert article.deep_look == SECTIONS


@pytest.mark.parametrize(
    "mark",
    [
        "Library Reopens: Quick Looks",
        "Library Reopens: QUICK LOOKS",
        "Library Reopens: Quick Look",
        "Library Reopens: quick looks:",
        "Library Reopens – Quick Looks",
        "Library Reopens: **Quick Looks**",
        "Quick Looks: Library Reopens",
        "Quick Look – Library Reopens",
    ],
)
def test_the_quick_looks_mark_may_have_a_title(mark: str) -> None:
    """Before or after, in capitals or not."""
    assert read(library(looks_mark=mark)) == WHOLE


@pytest.mark.parametrize(
    "mark", ["Quick Looks", "QUICK LOOK", "Quick Looks:", "— Quick looks —", "[Quick Looks]"]
)
def test_the_quick_looks_mark_may_stand_alone(mark: str) -> None:
    """Then there is no title."""
    article = read(library(looks_mark=mark))
    assert article.quick_looks_title == ""
    assert article.quick_looks == LOOKS


@pytest.mark.parametrize("line", ["We took quick looks at the plans.", "A quick look inside the new library"])
def test_a_quick_look_in_prose_is_no_mark(line: str) -> None:
    """The words mark a part only where they stand alone or beside a colon."""
    article = read([SLUG, line, "Prose that follows it."])
    assert article.quick_looks == ()


@pytest.mark.parametrize("sign", ["- ", "• ", "* ", "– ", "· ", "— ", "•", "-", "▪ "])
def test_bullets_have_many_signs(sign: str) -> None:
    """The sign of a bullet is not part of it."""
    assert read(library(looks=look_lines(sign))) == WHOLE


@pytest.mark.parametrize("form", ["{}. ", "{}) ", "({}) ", "{}.) "])
def test_bullets_may_be_numbered(form: str) -> None:
    """Nor is its number."""
    looks = [form.format(count) + line for count, line in enumerate(look_lines(""), 1)]
    assert read(library(looks=looks)) == WHOLE


def test_quick_looks_need_no_signs() -> None:
    """Lines with labels under the mark are Quick Looks too."""
    assert read(library(looks=look_lines(""))) == WHOLE


def test_signs_may_be_mixed() -> None:
    """A word processor that turns some hyphens into dashes does not part the list."""
    first, *others = look_lines("- ")
    assert read(library(looks=[first, *(f"–{line[1:]}" for line in others)])) == WHOLE


def test_blank_lines_between_bullets_do_not_count() -> None:
    """A list stays one list."""
    assert read(library(looks=[f"\n{line}\n" for line in look_lines()])) == WHOLE


@pytest.mark.parametrize("indent", ["", "  ", "\t"])
def test_a_bullet_may_go_on_over_several_lines(indent: str) -> None:
    """In the middle of the list and at its end."""
    looks = [line.replace(": ", f":\n{indent}", 1).replace(" in ", f"\n{indent}in ") for line in look_lines()]
    looks = [line.replace(" after ", f"\n{indent}after ") for line in looks]
    assert read(library(looks=looks)) == WHOLE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Major Victory: Insurgents take the city.", "Major Victory"),
        ("Next objective: the port.", "Next objective"),
        ("What’s Next: A vote in June.", "What’s Next"),
        ("Why?: Nobody knows.", ""),
        ("COST: $4.2 million.", "COST"),
        ("Police and Fire: Both came.", "Police and Fire"),
        ("2027 Plan: More boats.", "2027 Plan"),
        ("Cost : half a million.", "Cost"),
        ("Talks resume at 10:30 on Friday.", ""),
        ("The vote was close: 51 to 49.", ""),
        ("Police say: stay away.", ""),
        ("The council has one plan for the harbour: sell it.", ""),
        ("no capital: no label.", ""),
        ("See https://library.example/ for hours.", ""),
        ("Simply a sentence without any label.", ""),
        ("Label without text:", ""),
    ],
)
def test_a_label_is_told_from_a_sentence_with_a_colon(text: str, label: str) -> None:
    """A label is short, has a title's capitals or no verb, and a colon with a space after it."""
    (look,) = read(library(looks=[f"- {text}"])).quick_looks
    assert look.label == label
    spoken = text.removeprefix(label).lstrip(" :") if label else text
    assert look.text == spoken


def test_without_a_line_of_its_own_the_headline_is_the_quick_looks_title() -> None:
    """The story's short headline is better than none."""
    assert read(library(headline="")).headline == "Library Reopens"


def test_without_any_headline_the_ledes_first_sentence_is_borrowed() -> None:
    """Without its full stop; and its first words if it is long."""
    lines = library(headline="", looks_mark="Quick Looks")
    assert read(lines).headline == LEDE.split(". ")[0]
    long = LEDE.replace(
        "after a flood.", "after a flood that took its roof, its windows and most of its books."
    )
    assert read([lines[0].replace(LEDE, long), *lines[1:]]).headline == " ".join(long.split()[:14]) + "…"


def test_the_first_line_of_an_article_without_a_slug_is_its_headline() -> None:
    """With marks, and without."""
    assert read([HEADLINE, *library(slug="", headline="")]).headline == HEADLINE
    article = read([HEADLINE, LEDE, *body_lines()])
    assert (article.headline, article.lede, article.deep_look) == (HEADLINE, LEDE, SECTIONS)


def test_a_headline_may_be_a_question_or_close_with_initials() -> None:
    """Only a sentence's full stop makes a line prose."""
    for headline in ("Will the Library Ever Close Again?", "Library Deal Is Signed in the U.S."):
        assert read(library(headline=headline)).headline == headline


@pytest.mark.parametrize(
    "mark", ["Deep Look", "DEEP LOOK", "deep look:", "Deep Look —", "Deep Looks", "## Deep Look"]
)
def test_the_deep_look_mark_has_many_forms(mark: str) -> None:
    """In capitals or not, with a colon or without."""
    assert read(library(deep_mark=mark)) == WHOLE


def test_the_deep_looks_title_is_its_first_subhead_or_the_headline() -> None:
    """A headline before it keeps its place."""
    article = read(library(deep_mark="Deep Look: Inside the Library"))
    assert article.headline == HEADLINE
    assert article.deep_look == (Section(SECTIONS[0].paragraphs, "Inside the Library"), *SECTIONS[1:])
    article = read(library(deep_mark="Deep Look: Inside the Library", headline=""))
    assert (article.headline, article.deep_look) == ("Inside the Library", SECTIONS)


@pytest.mark.parametrize(
    "subhead",
    [
        "What the Flood Destroyed",
        "Who paid for it?",
        "A City Under Water in 2024",
        "WHAT NEXT",
        "Reaction from readers",
    ],
)
def test_subheads_are_told_from_paragraphs(subhead: str) -> None:
    """Short, without a closing full stop, with a paragraph after it."""
    article = read(library(body=["An opening paragraph.", subhead, "A paragraph below."]))
    assert article.deep_look == (
        Section(("An opening paragraph.",)),
        Section(("A paragraph below.",), subhead),
    )


@pytest.mark.parametrize(
    "paragraph",
    [
        "It rained.",
        "Nobody was hurt, the council said.",
        "“We are back,” she said",
        "The council met on Monday and on Tuesday and found no money for it",
        "The Council Listed Them:",
        "He stopped …",
        "Read more: Ferries Return to the Bay",
        "Related Stories",
    ],
)
def test_short_paragraphs_are_no_subheads(paragraph: str) -> None:
    """A sentence stays a sentence however short."""
    article = read(library(body=["An opening paragraph.", paragraph, "A paragraph below."]))
    assert article.deep_look == (Section(("An opening paragraph.", paragraph, "A paragraph below.")),)


def test_of_two_subheads_in_a_row_the_second_heads_the_section() -> None:
    """The first has no paragraph after it, and is kept as one."""
    article = read(
        library(body=["An opening paragraph.", "The First Subhead", "The Second Subhead", "More prose."])
    )
    assert article.deep_look == (
        Section(("An opening paragraph.", "The First Subhead")),
        Section(("More prose.",), "The Second Subhead"),
    )


def test_a_subhead_with_nothing_after_it_is_kept_as_a_paragraph() -> None:
    """So nothing is lost."""
    article = read(library(body=["An opening paragraph.", "What Happens Next"]))
    assert article.deep_look == (Section(("An opening paragraph.", "What Happens Next")),)


def test_lists_in_the_deep_look_lose_their_signs_but_not_their_numbers() -> None:
    """A number says something, a bullet does not."""
    article = read(library(body=["They ask for:", "- More books.", "• More light.", "1. A roof."]))
    assert article.deep_look == (Section(("They ask for:", "More books.", "More light.", "1. A roof.")),)


def test_rows_of_signs_are_left_out() -> None:
    """A line without a word is not read aloud."""
    lines = [line for content in library() for line in (content, "* * *", "———")]
    assert read(lines) == WHOLE


def test_an_article_may_lack_its_quick_looks() -> None:
    """Then the line before the Deep Look is the headline all the same."""
    article = read([SLUG, HEADLINE, "Deep Look", *body_lines()])
    assert (article.headline, article.lede, article.deep_look) == (HEADLINE, LEDE, SECTIONS)
    assert article.missing == ("Quick Looks",)


def test_an_article_may_lack_its_deep_look_mark() -> None:
    """What follows the headline is the Deep Look."""
    assert read(library(deep_mark="")) == WHOLE


def test_an_article_may_lack_its_deep_look() -> None:
    """The Quick Looks and the headline are read all the same."""
    article = read(library(deep_mark="", body=[]))
    assert (article.headline, article.quick_looks) == (HEADLINE, LOOKS)
    assert article.missing == ("a Deep Look",)


def test_the_quick_looks_may_come_last() -> None:
    """The order of the two parts does not matter."""
    lines = [SLUG, HEADLINE, "Deep Look", *body_lines(), "Library Reopens: Quick Looks", *look_lines()]
    assert read(lines) == WHOLE


def test_a_single_paragraph_is_an_article() -> None:
    """It is the lede, and its first sentence the headline."""
    article = read_newsroom_text("The library opened on Tuesday. Readers queued from dawn.")
    assert article == Article(
        headline="The library opened on Tuesday",
        lede="The library opened on Tuesday. Readers queued from dawn.",
    )


@pytest.mark.parametrize(
    "text", ["", "  \n\t", "…", "* * *\n—\n", "\ufeff\u200b", "Quick Looks", "Deep Look\n- \n"]
)
def test_a_text_without_a_word_is_no_article(text: str) -> None:
    """The producer is told in one line, with the way out."""
    with pytest.raises(ArticleError, match=r"^there is not one word .* give the article's text$"):
        read_newsroom_text(text)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\u2028", "\x85", "\n\n", "\r\n\r\n", "\n \n\n", " \n"])
def test_lines_end_in_many_ways(end: str) -> None:
    """Windows, old Macs and word processors; one or several at a time."""
    assert read_newsroom_text(end.join(library()) + end) == WHOLE


@pytest.mark.parametrize("space", ["\u00a0", "\u2009", "\u202f", "\u3000", "\t", "  ", "\u00a0 "])
def test_spaces_of_all_kinds_are_one_space(space: str) -> None:
    """No-break and thin spaces are spaces."""
    assert read_newsroom_text("\n".join(library()).replace(" ", space)) == WHOLE


@pytest.mark.parametrize(
    "mark", ["\ufeff", "\u200b", "\u200d", "\u2060", "\u00ad", "\x00", "\x07", "\x7f", "\u200e"]
)
def test_invisible_characters_are_removed(mark: str) -> None:
    """Byte order marks, zero-width spaces, soft hyphens and control characters, wherever they stand."""
    text = "\n".join(library())
    assert read_newsroom_text(mark + text.replace("a", f"a{mark}") + mark) == WHOLE


def test_letters_are_composed() -> None:
    """A letter and its accent are one character, so that equal words are equal."""
    text = unicodedata.normalize("NFD", "\n".join(library()))
    assert "é" not in text
    assert read_newsroom_text(text) == WHOLE


def wrapped(lines: Iterable[str], width: int) -> str:
    """Break each line at *width*, a blank line after each, as a mail program does."""
    return "\n\n".join("\n".join(textwrap.wrap(line, width)) for line in lines)


@pytest.mark.parametrize("width", [50, 66, 72, 79, 100])
def test_paragraphs_broken_to_a_width_are_made_whole(width: int) -> None:
    """Mail and terminals break lines; the voice does not stop there."""
    assert read_newsroom_text(wrapped(library(), width)) == WHOLE


def test_a_compound_broken_at_its_hyphen_is_one_word() -> None:
    """But "two- and three-year" keeps its space."""
    rows = [
        "A very long plan needs a long-",
        "term loan for all of the read-",
        "ers in town, on terms of two-",
        "and four-year spans.",
    ]
    article = read([HEADLINE, "", *rows])
    assert article.lede.startswith("A very long plan needs a long-term loan for all of the read-ers in town,")
    assert article.lede.endswith(", on terms of two- and four-year spans.")


def test_a_headline_wider_than_the_lines_does_not_matter() -> None:
    """Only what was broken is joined."""
    text = wrapped(library(headline=""), 66).replace(
        "Deep Look", "Deep Look: A Long Title That Nobody Ever Broke Into Several Lines Before"
    )
    article = read_newsroom_text(text)
    assert (article.lede, article.quick_looks) == (LEDE, LOOKS)
    assert body_lines(article.deep_look) == body_lines()


def test_short_paragraphs_are_not_mistaken_for_broken_lines() -> None:
    """Lines that begin with capitals are lines of their own, full or not."""
    paragraphs = [
        "The first of the lines is this one.",
        "The second of them is like it.",
        "Third, and all is said.",
    ]
    assert read([HEADLINE, LEDE[:77] + ".", *paragraphs]).deep_look == (Section(tuple(paragraphs)),)


@pytest.mark.parametrize(
    "day",
    [
        "Tuesday, December 3, 2024",
        "December 3, 2024",
        "Dec. 3rd 2024",
        "3 December 2024",
        "Tuesday 3 Dec 2024",
        "2024-12-03",
    ],
)
@pytest.mark.parametrize("at", [0, 1])
def test_a_line_that_is_nothing_but_the_day_is_the_date(day: str, at: int) -> None:
    """It is no headline and not read."""
    lines = [HEADLINE, LEDE, *SECTIONS[0].paragraphs]
    lines.insert(at, day)
    dated = read_newsroom_text("\n\n".join(lines))

    assert (dated.date, dated.headline) == (dt.date(2024, 12, 3), HEADLINE)
    assert day not in dated.text


@pytest.mark.parametrize(
    "line", ["December 3", "Tuesday", "Monday, Bloody Monday", "May 45, 2024", "12/03/2024"]
)
def test_a_line_that_tells_no_day_for_certain_is_kept(line: str) -> None:
    kept = read_newsroom_text(f"{HEADLINE}\n\n{line}\n\n{LEDE}\n\n{SECTIONS[0].paragraphs[0]}")

    assert (kept.date, kept.deep_look[0].heading) == (None, line)
