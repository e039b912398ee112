"""`script.md`: what is written is read again, and what a producer gets wrong is told by line and column."""

import contextlib
import dataclasses
import datetime as dt
import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from morning_edition.errors import ScriptError
from morning_edition.script import LeftOut, Line, Role, Script, Segment
from morning_edition.script.notation import parse_script, render_script
from morning_edition.script.script import ROLES, SEGMENT_KINDS, Opening, SegmentKind

TITLES: dict[SegmentKind, str] = {
    "intro": "Intro",
    "quick_looks": "Quick Looks",
    "deep_look": "Deep Look",
    "outro": "Outro",
}


def say(text: str) -> str:
    """Stand for what makes the spoken form, so that it can be told from the written one."""
    return f"<{text}>"


def parse(text: str) -> Script:
    return parse_script(text, to_spoken=say)


def refusal(text: str) -> str:
    with pytest.raises(ScriptError) as caught:
        parse(text)
    return str(caught.value)


HEAD = "---\ntitle: Ferries return\ndate: 2025-03-11\nlanguage: en-US\n---\n"


def script(body: str) -> Script:
    return parse(HEAD + body)


def intro(line: str) -> Line:
    """Read *line* as the only one of a programme."""
    return script(f"# Intro\n\n{line}\n").lines[0]


SIGNS = [
    *r"# ## - [ ] [quote] < <!-- --> --- { } {pause {pause} {intro} ^ ^look-1 \ \\ \{ : title: * >".split(),
    *"~ ~~ ~~~ = ~~a~~ {left".split(),
    *["{pause 900}", "\u00a0", "\u2028", "\x85", "\x1c", "\t", "\ufeff", "\0"],
]
texts = (
    (st.lists(st.sampled_from(SIGNS) | st.text(max_size=6), min_size=1, max_size=6))
    .flatmap(lambda pieces: st.sampled_from(["", " "]).map(lambda joint: joint.join(pieces)))
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
pauses = st.none() | st.integers(0, 60_000)
sources = st.just("") | st.from_regex(r"[\w.-]{1,12}", fullmatch=True)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    """Draw what a file can hold: what a struck line begins, the next line that is heard begins too."""
    kind = draw(st.sampled_from(SEGMENT_KINDS))
    title = draw(st.just(TITLES[kind]) | texts)
    openings: dict[str, list[Opening]] = {
        "quick_looks": ["", "paragraph", "look"],
        "deep_look": ["", "paragraph", "chapter"],
    }
    lines: list[Line] = []
    left_out: list[LeftOut] = []
    pending: Opening = ""  # what struck lines began, and no line that is heard has taken up
    chapter = ""
    for index in range(draw(st.integers(1, 5))):
        possible = openings.get(kind, ["", "paragraph"])
        opens = draw(st.sampled_from(possible if index else possible[1:]))
        text, role, pause, source = draw(texts), draw(st.sampled_from(ROLES)), draw(pauses), draw(sources)
        if draw(st.booleans()):
            if opens == "chapter":
                chapter = draw(texts)
            title_of = chapter if opens == "chapter" else ""
            reason = draw(st.just("") | texts)
            left_out.append(LeftOut(text, reason, len(lines), role, opens, pause, source, title_of))
            pending = "chapter" if pending == "chapter" else opens or pending
            continue
        if pending == "chapter":
            opens = "chapter"
        elif pending and not opens:
            opens = pending
        elif opens == "chapter":
            chapter = draw(texts)
        lines.append(Line(text, say(text), role, opens, pause, source, chapter if opens == "chapter" else ""))
        pending = ""
    return Segment(kind, title, tuple(lines), tuple(left_out))


scripts = st.builds(
    Script,
    texts,
    st.dates(),
    st.sampled_from(["en-US", "en", "ar", "zh-Hans-CN"]),
    st.lists(segments(), min_size=1, max_size=4).map(tuple).filter(lambda parts: any(p.lines for p in parts)),
    st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)


@given(scripts)
def test_a_script_that_is_written_and_read_again_is_the_same_script(script: Script) -> None:
    assert parse(render_script(script)) == script


@given(scripts)
def test_a_file_that_is_read_and_written_again_is_the_same_file(script: Script) -> None:
    text = render_script(script)

    assert render_script(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "# not a heading",
        "## nor this",
        "#hashtag",
        "- not a look",
        "-",
        "-5 degrees",
        "[bracketed] words",
        "[quote]",
        "<!-- not a comment -->",
        "-->",
        "---",
        "A pause {pause 900}",
        "{pause 900}",
        "A place ^look-1",
        "^",
        "x^2 {y} \\frac",
        "\\",
        "ends in a backslash \\",
        "\\{",
        "title: not the head",
        "10:30",
        "~",
        "~~~",
        "~~struck~~",
        "up to ~~",
        "{left out: why}",
        "a = b",
    ],
)
def test_the_signs_of_the_notation_can_be_said(text: str) -> None:
    first = Line(text, say(text), opens="paragraph")
    second = Line(text, say(text), "quote", "look", 900, "look-1")
    third = Line(text, say(text), "quote", "chapter", None, "deep-1", chapter=text)
    script = Script(
        text,
        dt.date(2025, 3, 11),
        "en",
        (
            Segment("intro", text, (first,)),
            Segment("quick_looks", text, (second,)),
            Segment("deep_look", text, (third,)),
        ),
    )

    assert parse(render_script(script)) == script


@given(st.text().filter(str.strip))
def test_any_white_space_is_one_space(text: str) -> None:
    evened = " ".join(text.split())
    script = Script(text, dt.date(2025, 3, 11), "en", (Segment("intro", text, (Line(text, text),)),))

    read = parse(render_script(script))

    assert (read.title, read.segments[0].title, read.lines[0].text) == (evened, evened, evened)


def test_white_space_that_a_producer_left_is_one_space() -> None:
    read = script(" #  Intro \n\n  Forty\u00a0 \tkm\u2003south   {pause  900}\t^lede  \n")

    assert read.segments[0].title == "Intro"
    assert read.lines[0] == Line("Forty km south", "<Forty km south>", "anchor", "paragraph", 900, "lede")
    assert parse(render_script(read)) == read


@given(st.text())
@example("{pause 900}")
@example(f"a {{pause {'9' * 5000}}}")
def test_any_line_is_read_or_refused_with_its_place(text: str) -> None:
    try:
        read = script(f"# Intro\n\nHello. {text}\n")
    except ScriptError as error:
        assert re.match(r"script\.md:\d+:\d+: .", str(error))
    else:
        assert parse(render_script(read)) == read


PIECES = (
    "---\n|title: x\n|date: 2025-03-11\n|language: en\n|# Intro\n|# Quick Looks\n|## A\n|- a|[quote]"
    "|{pause 9}|{intro}|^x|<!--|-->|\\|\n|\r| |\ufeff|Words|~~|~~a~~|{left out: x}|{left out}|say: a = b\n|~"
).split("|")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=25), st.booleans())
def test_any_file_is_a_script_or_refused_with_its_place(parts: list[str], headed: bool) -> None:
    text = (HEAD if headed else "") + "".join(parts)
    try:
        read = parse(text)
    except ScriptError as error:
        assert re.match(r"script\.md:\d+:\d+: .", str(error))
        assert len(str(error).splitlines()) == 1
    else:
        assert parse(render_script(read)) == read


@pytest.mark.parametrize(
    "long",
    [
        "a" + " " * 200_000 + "b",
        "a" + "\u00a0" * 200_000 + "{pause",
        "a {pause" + " " * 200_000 + "b",
        " {pause 1" * 20_000,
        " ^a" * 60_000,
        "^a" * 100_000,
        "a ^" + "a" * 200_000 + "!",
        "\\" * 200_000,
        "\\" * 199_999 + "{",
        "[" * 200_000,
        "[quote" + " " * 200_000,
        "# a" + " " * 200_000 + "b",
        "# " + "{a" * 100_000,
        "# " + " {" * 100_000,
        "- " + "- " * 100_000,
        "<!--" + "-" * 200_000,
        "a\n" * 10_000,
        "a\r" * 10_000,
        "~" * 200_000,
        "~~" + "~ " * 100_000,
        "~~" + "\\~" * 100_000,
        "~~a~~" + " " * 200_000 + "b",
        "~~a~~" + " {left out: " * 20_000,
        "~~a~~ {left out: " + "\\" * 200_000,
        "~~a~~\n" * 10_000,
    ],
    ids=lambda long: f"{long[:9]!r}",
)
@pytest.mark.parametrize("before", ["# Intro\n\n", "# Quick Looks\n\n- ", "# Deep Look\n\n## "])
def test_no_line_is_so_odd_that_reading_it_takes_long(before: str, long: str) -> None:
    begun = time.process_time()
    with contextlib.suppress(ScriptError):
        script(before + long)

    assert time.process_time() - begun < 1


PROGRAMME = """\
---
title: Ferries return
date: 2025-03-11
language: en-US
---

<!-- Checked by R. Okafor.
# Not a part of the programme -->

# Intro

Good morning.
This is the harbour news. ^headline

# Quick Looks

Here is the story in two Quick Looks.

- First, the crossing. ^look-1
Two ferries began the service. ^look-1

- Second, the fare. ^look-2
A ticket costs two dollars. {pause 900} ^look-2

# Deep Look

[correspondent]

The first boat left at sunrise. ^deep-1-1

## Why the Boats Came Back

The old line closed after a storm. ^deep-2-1
[quote] “People never stopped looking at the water.” ^deep-2-2

# Goodbye {outro}

Thank you for listening.
"""


def test_a_file_reads_as_the_guide_in_it_says() -> None:
    assert parse(PROGRAMME) == Script(
        "Ferries return",
        dt.date(2025, 3, 11),
        "en-US",
        (
            Segment(
                "intro",
                "Intro",
                (
                    Line("Good morning.", "<Good morning.>", opens="paragraph"),
                    Line("This is the harbour news.", "<This is the harbour news.>", source="headline"),
                ),
            ),
            Segment(
                "quick_looks",
                "Quick Looks",
                (
                    Line(
                        "Here is the story in two Quick Looks.",
                        "<Here is the story in two Quick Looks.>",
                        opens="paragraph",
                    ),
                    Line("First, the crossing.", "<First, the crossing.>", opens="look", source="look-1"),
                    Line(
                        "Two ferries began the service.",
                        "<Two ferries began the service.>",
                        source="look-1",
                    ),
                    Line("Second, the fare.", "<Second, the fare.>", opens="look", source="look-2"),
                    Line(
                        "A ticket costs two dollars.",
                        "<A ticket costs two dollars.>",
                        pause_ms=900,
                        source="look-2",
                    ),
                ),
            ),
            Segment(
                "deep_look",
                "Deep Look",
                (
                    Line(
                        "The first boat left at sunrise.",
                        "<The first boat left at sunrise.>",
                        "correspondent",
                        "paragraph",
                        source="deep-1-1",
                    ),
                    Line(
                        "The old line closed after a storm.",
                        "<The old line closed after a storm.>",
                        "correspondent",
                        "chapter",
                        source="deep-2-1",
                        chapter="Why the Boats Came Back",
                    ),
                    Line(
                        "“People never stopped looking at the water.”",
                        "<“People never stopped looking at the water.”>",
                        "quote",
                        source="deep-2-2",
                    ),
                ),
            ),
            Segment(
                "outro",
                "Goodbye",
                (Line("Thank you for listening.", "<Thank you for listening.>", opens="paragraph"),),
            ),
        ),
    )


def test_a_file_is_read_however_it_was_saved() -> None:
    read = parse(PROGRAMME)

    assert parse("\ufeff" + PROGRAMME) == read
    assert parse(PROGRAMME.replace("\n", "\r\n")) == read
    assert parse(PROGRAMME.replace("\n", "\r")) == read
    assert parse(PROGRAMME.rstrip("\n")) == read
    assert parse("\n\n" + PROGRAMME.replace("\n", "  \n")) == read


def test_a_comment_is_never_read_and_parts_nothing() -> None:
    noted = re.sub(r"^(?=\w|\[|- )", "<!-- a note -->\n<!--\n# Outro\n{ ^\n-->\n", PROGRAMME[60:], flags=re.M)

    assert parse(PROGRAMME[:60] + noted) == parse(PROGRAMME)


def test_a_comments_sign_in_a_line_is_text_behind_a_backslash() -> None:
    """Without one it is refused: a producer's note must not go on air."""
    assert intro("Five \\<!-- or six --> boats.").text == "Five <!-- or six --> boats."


def test_a_role_is_read_in_either_place() -> None:
    above = script("# Intro\n\n[quote]\nOne.\nTwo.\n[anchor]\nThree.\n")
    before = script("# Intro\n\n[ quote ] One.\n[quote]  Two.\nThree.\n")

    assert [line.role for line in above.lines] == ["quote", "quote", "anchor"]
    assert above == before


def test_a_role_ends_with_its_part_of_the_programme() -> None:
    read = script("# Intro\n[quote]\nOne.\n# Outro\nTwo.\n")

    assert [line.role for line in read.lines] == ["quote", "anchor"]


def test_a_look_and_a_chapter_can_begin_with_another_role() -> None:
    look = script("# Quick Looks\n\n- [quote] One.\n").lines[0]
    chapter = script("# Deep Look\n\n## One\n\n[quote]\n\nTwo.\n").lines[0]

    assert (look.opens, look.role, look.text) == ("look", "quote", "One.")
    assert (chapter.opens, chapter.role, chapter.chapter) == ("chapter", "quote", "One")


@pytest.mark.parametrize("end", ["{pause 900} ^lede", "^lede {pause 900}"])
def test_a_pause_and_a_place_stand_in_either_order(end: str) -> None:
    line = intro(f"Good morning. {end}")

    assert (line.text, line.pause_ms, line.source) == ("Good morning.", 900, "lede")


@pytest.mark.parametrize("title", ["quick looks", "Quick Looks", "QUICK LOOKS", "Quick looks {quick_looks}"])
def test_a_part_is_known_by_its_title_in_any_case(title: str) -> None:
    assert script(f"# {title}\n\n- One.\n").segments[0].kind == "quick_looks"


def test_a_part_of_any_title_is_known_by_its_kind() -> None:
    assert script("# Hello & welcome {intro}\n\nOne.\n").segments[0] == Segment(
        "intro", "Hello & welcome", (Line("One.", "<One.>", opens="paragraph"),)
    )


def test_the_same_part_may_come_twice() -> None:
    read = script("# Deep Look\n\nOne.\n\n# Deep Look\n\nTwo.\n")

    assert [segment.kind for segment in read.segments] == ["deep_look", "deep_look"]


def test_the_longest_pause_is_a_minute() -> None:
    assert intro("One. {pause 60000}").pause_ms == 60_000
    assert "a pause of 60001 ms is longer than 60000 ms" in refusal(HEAD + "# Intro\nOne. {pause 60001}\n")


def edited(before: str, after: str) -> Script:
    assert PROGRAMME.count(before) == 1
    return parse(PROGRAMME.replace(before, after))


def lines_of(script: Script) -> list[Line]:
    return list(script.lines)


LINES = lines_of(parse(PROGRAMME))


def test_a_word_that_is_changed_changes_one_line() -> None:
    lines = lines_of(edited("The old line closed", "The old line shut"))

    assert lines.pop(8) == dataclasses.replace(
        LINES[8],
        text="The old line shut after a storm.",
        spoken="<The old line shut after a storm.>",
    )
    assert lines == LINES[:8] + LINES[9:]


def test_a_line_that_is_added_is_said_in_its_place() -> None:
    lines = lines_of(edited("Good morning.\n", "Good morning.\nIt is {cold}.\n".replace("{", "\\{")))

    assert lines.pop(1) == Line("It is {cold}.", "<It is {cold}.>")
    assert lines == LINES


def test_an_empty_line_begins_a_paragraph() -> None:
    lines = lines_of(edited("Good morning.\nThis is", "Good morning.\n\n\nThis is"))

    assert lines.pop(1) == dataclasses.replace(LINES[1], opens="paragraph")
    assert lines == LINES[:1] + LINES[2:]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_is_changed_holds_until_the_next(role: Role) -> None:
    roles = [line.role for line in edited("[correspondent]", f"[{role}]").lines]

    assert roles == ["anchor"] * 7 + [role, role, "quote", "anchor"]


def test_a_pause_that_is_set_is_kept_after_its_line() -> None:
    lines = lines_of(edited("at sunrise. ^deep-1-1", "at sunrise. ^deep-1-1 {pause 1200}"))

    assert lines.pop(7) == dataclasses.replace(LINES[7], pause_ms=1200)
    assert lines == LINES[:7] + LINES[8:]


def test_a_quick_look_that_is_deleted_is_gone() -> None:
    look = "- First, the crossing. ^look-1\nTwo ferries began the service. ^look-1\n\n"

    assert lines_of(edited(look, "")) == LINES[:3] + LINES[5:]


def test_a_chapter_mark_that_is_deleted_leaves_its_lines() -> None:
    lines = lines_of(edited("## Why the Boats Came Back\n", ""))

    assert lines.pop(8) == dataclasses.replace(LINES[8], opens="paragraph", chapter="")
    assert lines == LINES[:8] + LINES[9:]


def test_an_edit_outlives_the_next_writing() -> None:
    script = edited("Good morning.", "- is a hyphen".replace("-", "\\-"))

    assert parse(render_script(script)) == script


BEGIN = "the file begins with its head: title, date and language between two ---"
KEYS = "the head holds title, date, language, as in `title: …`, and `say: …`"
HEADING = "a heading is # or ##, a space, and its title"
NO_TEXT = "there is no text on this line; remove it"
LOOKS_ONLY = "only Quick Looks begin with a hyphen; write \\- for a hyphen that is text"
DEEP_ONLY = "only the Deep Look has chapters (##)"
NO_PART = "there is no part to read; begin one with # Intro and put a line under it"
EMPTY_PART = "the part 'Intro' has no line; remove it or give it one"
EMPTY_CHAPTER = "the chapter 'One' has no line; remove it or give it one"


def stray(sign: str) -> str:
    return f"write \\{sign} for the sign itself; {{pause 900}} and ^place end a line"


def headed(*, title: str = "title: x", date: str = "date: 2025-03-11", language: str = "language: en") -> str:
    return "\n".join(["---", *filter(None, (title, date, language)), "---", "# Intro", "Hello."])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", f"1:1: {BEGIN}"),
        ("# Intro\n\nHello.\n", f"1:1: {BEGIN}"),
        ("---\ntitle: x\ndate: 2025-03-11\n", f"1:1: {BEGIN}"),
        ("Hello.\n" + headed(), f"1:1: {BEGIN}"),
        (headed(title="titel: x"), f"2:1: {KEYS}"),
        (headed(title="Ferries return"), f"2:1: {KEYS}"),
        (headed(language="language: en\n# Intro"), f"5:1: {KEYS}"),
        (headed(title=""), "1:1: the head lacks title"),
        (headed(date="", language=""), "1:1: the head lacks date and language"),
        (headed(title="title: "), "1:1: the head lacks title"),
        (headed(date="date: tomorrow"), "3:1: the date must be like 2024-12-31, not 'tomorrow'"),
        (headed(date="date: 2025-02-30"), "3:1: the date must be like 2024-12-31, not '2025-02-30'"),
        (headed(date="\ndate: 11/3/2025"), "4:1: the date must be like 2024-12-31, not '11/3/2025'"),
    ],
)
def test_a_head_that_is_wrong_is_refused_at_its_line(text: str, said: str) -> None:
    assert refusal(text) == f"script.md:{said}"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("", f"6:1: {NO_PART}"),
        ("\n<!-- nothing\nto read -->\n", f"9:1: {NO_PART}"),
        (
            "# Weather\nHello.",
            "6:1: no part of the programme is called 'Weather'; "
            "there are: intro, quick looks, deep look, outro",
        ),
        (
            "# Hello {weather}\nHello.",
            "6:1: no part of the programme is called 'weather'; "
            "there are: intro, quick looks, deep look, outro",
        ),
        ("#Intro\nHello.", f"6:1: {HEADING}"),
        ("### Intro\nHello.", f"6:1: {HEADING}"),
        ("#\nHello.", f"6:1: {HEADING}"),
        ("# {intro}\nHello.", f"6:1: {HEADING}"),
        ("# Deep Look\nHello.\n##\nHello.", f"8:1: {HEADING}"),
        ("# Intro\n", f"6:1: {EMPTY_PART}"),
        ("# Intro\n\n[quote]\n\n# Outro\nHello.", f"6:1: {EMPTY_PART}"),
        ("# Intro\n\n## One\n\nHello.", f"8:1: {DEEP_ONLY}"),
        ("## One\n\nHello.", f"6:1: {DEEP_ONLY}"),
        ("# Deep Look\n\nHello.\n\n## One\n", f"10:1: {EMPTY_CHAPTER}"),
        ("# Deep Look\n\n## One\n\n# Outro\n\nHello.", f"8:1: {EMPTY_CHAPTER}"),
        (
            "# Deep Look\n\n## One\n\n## Two\n\nHello.",
            "10:1: the chapter 'One' before it has no line; remove it or give it one",
        ),
        ("# Intro\n\n- Hello.", f"8:1: {LOOKS_ONLY}"),
        ("# Deep Look\n\n## One\n\n- Hello.", f"10:1: {LOOKS_ONLY}"),
        ("# Intro\n\n-", f"8:1: {LOOKS_ONLY}"),
        ("# Quick Looks\n\n-\nHello.", f"8:1: {NO_TEXT}"),
        ("# Quick Looks\n\n- [quote]\nHello.", f"8:1: {NO_TEXT}"),
        ("# Intro\n\n{pause 900}", f"8:1: {NO_TEXT}"),
        ("# Intro\n\n[quote] {pause 900} ^lede", f"8:1: {NO_TEXT}"),
        ("# Intro\n\n  ^lede", f"8:1: {NO_TEXT}"),
        (
            "Hello.\n# Intro\n",
            "6:1: this line stands before the first part of the programme; begin with # Intro",
        ),
        (
            "# Intro\n\n[editor] Hello.",
            "8:1: no role is called 'editor'; there are: anchor, co_anchor, correspondent, quote "
            "(write \\[ for a bracket)",
        ),
        (
            "# Intro\n\n[]\nHello.",
            "8:1: no role is called ''; there are: anchor, co_anchor, correspondent, quote "
            "(write \\[ for a bracket)",
        ),
        (
            "# Intro\n\n[quote It is old.",
            "8:1: this bracket has no end; close it behind the role, or write \\[ for a bracket",
        ),
        ("# Intro\n\nOne { two.", f"8:5: {stray('{')}"),
        ("# Intro\n\nOne \\{ two { three.", f"8:12: {stray('{')}"),
        ("# Intro\n\n  x^2 is five. ^lede", f"8:4: {stray('^')}"),
        ("# Intro\n\n[quote]  One {pause 900} two.  ", f"8:14: {stray('{')}"),
        ("# Quick Looks\n\n- One {pause} ^look-1", f"8:7: {stray('{')}"),
        ("# Intro\n\nOne {pause -1}", f"8:5: {stray('{')}"),
        ("# Intro\n\nOne ^a ^b", f"8:5: {stray('^')}"),
        ("# Intro\n\nOne {pause 1} {pause 2}", f"8:5: {stray('{')}"),
        ("# Intro\n\nOne \\\\{pause 1}", f"8:7: {stray('{')}"),
        ("# Intro\n\nOne {pause 60001}", "8:1: a pause of 60001 ms is longer than 60000 ms"),
        (
            "# Intro\n\nFive <!-- or six --> boats.",
            "8:6: a comment takes whole lines; put it on a line of its own, "
            "or write \\<!-- for the sign itself",
        ),
        ("# Intro\nHello.\n<!-- a note\n\n# Outro", "8:1: this comment has no end; close it with -->"),
    ],
)
def test_what_is_wrong_is_refused_at_its_line_and_column(body: str, said: str) -> None:
    assert refusal(HEAD + body) == f"script.md:{said}"


def test_a_refusal_names_the_file_that_was_read() -> None:
    with pytest.raises(ScriptError, match=r"^audio/2025-03-11-ferries/script\.md:1:1: "):
        parse_script("", to_spoken=say, name="audio/2025-03-11-ferries/script.md")


def struck(line: str) -> LeftOut:
    """Read *line* as the one that is struck."""
    (found,) = script(f"# Intro\n\nHello.\n{line}\n").left_out
    return found


def test_a_struck_line_is_kept_and_not_read() -> None:
    read = script("# Intro\n\nOne.\n~~Two.~~ {left out: past 3 minutes} ^lede\nThree.\n")

    assert [line.text for line in read.lines] == ["One.", "Three."]
    assert [line.opens for line in read.lines] == ["paragraph", ""]
    assert read.left_out == (LeftOut("Two.", "past 3 minutes", 1, source="lede"),)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("~~Two.~~", LeftOut("Two.", before=1)),
        ("  ~~ Two.  ~~  ", LeftOut("Two.", before=1)),
        ("~~Two.~~{left out}", LeftOut("Two.", before=1)),
        (
            "~~Two.~~ ^lede {left out: why} {pause 900}",
            LeftOut("Two.", "why", 1, pause_ms=900, source="lede"),
        ),
        ("[quote] ~~Two.~~", LeftOut("Two.", before=1, role="quote")),
        ("~~\\# Two \\~~ {and} ^three~~", LeftOut("# Two ~~ {and} ^three", before=1)),
        ("~~Two.~~ {left out: a \\{brace\\} and ~~ signs}", LeftOut("Two.", "a {brace} and ~~ signs", 1)),
        ("\n~~Two.~~", LeftOut("Two.", before=1, opens="paragraph")),
    ],
)
def test_a_strike_may_have_a_reason_and_all_that_a_line_has(line: str, expected: LeftOut) -> None:
    assert struck(line) == expected


def test_a_struck_line_that_is_freed_is_read_as_before() -> None:
    """Taking the two signs and the reason away is all that it takes."""
    body = "# Deep Look\n\n[correspondent]\n\nOne. ^deep-1-1\n\n## Who Pays\n\n{}Two.{} ^deep-2-1\n"
    cut, whole = script(body.format("~~", "~~ {left out: why}")), script(body.format("", ""))

    assert (cut.left_out[0].chapter, cut.left_out[0].role) == ("Who Pays", "correspondent")
    assert (whole.lines[1].chapter, whole.lines[1].role) == ("Who Pays", "correspondent")


def test_what_a_struck_line_would_have_begun_the_next_one_begins() -> None:
    read = script(
        "# Quick Looks\n\n- ~~First, the crossing.~~\nTwo boats.\n\n- Second.\n"
        "# Deep Look\n\n## Why\n\n~~One.~~\n\nTwo.\n\n~~Three.~~\nFour.\n"
    )

    assert [(line.text, line.opens, line.chapter) for line in read.lines] == [
        ("Two boats.", "look", ""),
        ("Second.", "look", ""),
        ("Two.", "chapter", "Why"),
        ("Four.", "paragraph", ""),
    ]


def test_a_part_and_a_chapter_of_struck_lines_alone_are_silent() -> None:
    read = script("# Intro\n\n~~One.~~\n\n# Deep Look\n\n## A\n\n~~Two.~~\n\n## B\n\nThree.\n")

    assert [segment.kind for segment in read.segments] == ["deep_look"]
    assert [part.kind for part in read.parts] == ["intro", "deep_look"]
    assert [line.chapter for line in read.lines] == ["B"]
    assert parse(render_script(read)) == read


WHOLE = "only a whole line can be struck, from its first word to its last; write \\~~ for the sign itself"
TAIL = "a strike takes a whole line; after it stand only {left out: why}, {pause 900} and ^place"
NO_END = "this strike has no end; put ~~ before and after the whole text, or write \\~~ for the sign"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("~~Two.", f"1: {NO_END}"),
        ("~~Two.~", f"1: {NO_END}"),
        ("[quote] ~~Two. ^lede", f"9: {NO_END}"),
        ("~~ ~~", "1: there is no text between these ~~; remove them"),
        ("~~~~", "1: there is no text between these ~~; remove them"),
        ("~~One~~ two ~~three~~", f"9: {TAIL}"),
        ("~~One~~ {left out: why", f"9: {TAIL}"),
        ("~~One~~ {left out: why} {left out: again}", f"25: {TAIL}"),
        ("~~One~~ ^lede more", f"15: {TAIL}"),
        ("One ~~two~~ three.", f"5: {WHOLE}"),
        ("One two~~", f"8: {WHOLE}"),
        (
            "One two. {left out: why}",
            "10: {left out: why} stands after a struck text: ~~text~~ {left out: why}",
        ),
        ("## ~~Title~~", "1: only the Deep Look has chapters (##)"),
        ("# ~~Outro~~", "3: a heading cannot be struck; strike the lines under it"),
        ("~~One.~~ {pause 99999}", "1: a pause of 99999 ms is longer than 60000 ms"),
    ],
)
def test_a_broken_strike_is_told_with_line_and_column(line: str, said: str) -> None:
    row = HEAD.count("\n") + 4

    assert refusal(HEAD + f"# Intro\n\nHello.\n{line}\n") == f"script.md:{row}:{said}"


def test_a_script_of_struck_lines_alone_is_refused() -> None:
    assert "every line in it is struck" in refusal(HEAD + "# Intro\n\n~~Hello.~~\n")


def test_the_head_says_how_names_are_said() -> None:
    head = HEAD.removesuffix("---\n")
    read = parse(head + "say: Latakia = lah-tah-KEE-ah\nsay: a \\= b = ay = bee\n---\n# Intro\n\nHello.\n")

    assert read.says == (("Latakia", "lah-tah-KEE-ah"), ("a = b", "ay = bee"))
    assert parse(render_script(read)) == read


@pytest.mark.parametrize("value", ["", "Latakia", "Latakia =", "= lah-tah-KEE-ah", "a \\= b"])
def test_a_name_without_its_sound_is_refused(value: str) -> None:
    head = HEAD.removesuffix("---\n")

    assert refusal(head + f"say: {value}\n---\n# Intro\n\nHello.\n") == (
        "script.md:5:5: write a name and how it is said, as in `say: Latakia = lah-tah-KEE-ah`"
    )


def test_a_line_knows_its_row() -> None:
    text = HEAD + "# Intro\n\nOne.\n~~Two.~~\n\nThree.\n"
    read = parse(text)
    rows = text.splitlines()

    assert [rows[line.row - 1] for line in read.lines] == ["One.", "Three."]
    assert [rows[one.row - 1] for one in read.left_out] == ["~~Two.~~"]
