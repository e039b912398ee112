"""Transcripts, read back by webvtt-py, an HTML parser, and strict readers written here."""

import html
import io
import json
import re
from collections.abc import Callable, Sequence

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.captions import show_words
from morning_edition.outlets.characters import clean
from morning_edition.outlets.transcripts import (
    HEADINGS,
    LONGEST_MONOLOGUE_MS,
    SPEAKERS,
    draw_tags,
    render_html,
    render_json,
    render_srt,
    render_vtt,
)
from morning_edition.script.script import ROLES, SEGMENT_KINDS
from morning_edition.voices import Word

Card = tuple[int, int, str, list[str]]
"""Start, end, speaker, words."""


def milliseconds(time: str) -> int:
    hours, minutes, seconds, thousandths = map(int, re.split("[:.,]", time))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + thousandths


def read_vtt(text: str) -> list[Card]:
    cards = []
    for nth, block in enumerate(text.removesuffix("\n").split("\n\n")):
        if nth == 0:
            assert block == "WEBVTT"
            continue
        timing, *lines = block.split("\n")
        times = re.fullmatch(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})", timing)
        spoken = re.fullmatch(r"<v ([A-Z][a-z-]+)>([^<>]+)", "\n".join(lines))
        assert times
        assert spoken
        assert len(lines) <= 2
        words = html.unescape(spoken[2]).split()
        cards.append((milliseconds(times[1]), milliseconds(times[2]), spoken[1], words))
    return cards


def read_srt(text: str) -> list[Card]:
    """Read strictly; where a card has ": " in it, take that for a speaker's name as AntennaPod does."""
    cards: list[Card] = []
    speaker = ""
    for nth, block in enumerate(text.removesuffix("\n").split("\n\n") if text else [], 1):
        number, timing, *lines = block.split("\n")
        times = re.fullmatch(r"(\d\d:\d\d:\d\d,\d{3}) --> (\d\d:\d\d:\d\d,\d{3})", timing)
        assert str(nth) == number
        assert times
        assert 1 <= len(lines) <= 2
        body = " ".join(line.strip() for line in lines) + " "
        if ": " in body:
            parts = body.strip().rstrip(":").split(":")
            speaker, body = parts[0], parts[1]
        cards.append((milliseconds(times[1]), milliseconds(times[2]), speaker, body.split()))
    return cards


def read_json(text: str) -> list[Card]:
    record = json.loads(text.encode())
    assert record["version"] == "1.0.0"
    assert all(segment["body"] for segment in record["segments"])
    return [
        (
            round(segment["startTime"] * 1000),
            round(segment["endTime"] * 1000),
            segment["speaker"],
            segment["body"].split(),
        )
        for segment in record["segments"]
    ]


def write_html(cues: Sequence[Cue]) -> str:
    return render_html("Hama’s fall", "en-US", cues)


def read_html(text: str) -> list[Card]:
    """Read as the namespace's snippet has it: a cite, a time, a p; each lasts until the next begins."""
    assert text.startswith("<!-- Transcript -->\n<!doctype html>\n")
    body = lxml_html.document_fromstring(text).find("body")
    rows = [row for row in body if row.tag in ("cite", "time", "p")]
    assert [row.tag for row in rows] == ["cite", "time", "p"] * (len(rows) // 3)
    cites, times, paragraphs = rows[::3], rows[1::3], rows[2::3]
    starts = [round(float(time.get("datetime")[2:-1]) * 1000) for time in times]
    ends = [*starts[1:], starts[-1] + 1] if starts else []
    speakers = [cite.text.removesuffix(":") for cite in cites]
    words = ["".join(paragraph.itertext()).split() for paragraph in paragraphs]
    return list(zip(starts, ends, speakers, words, strict=True))


FORMATS: list[tuple[Callable[[Sequence[Cue]], str], Callable[[str], list[Card]]]] = [
    (render_vtt, read_vtt),
    (render_srt, read_srt),
    (render_json, read_json),
]
PAGE = (write_html, read_html)


def spoken_words(cards: list[Card]) -> list[tuple[str, str]]:
    return [(speaker, word.rstrip(":")) for _, _, speaker, words in cards for word in words]


def assert_right(cards: list[Card], cues: Sequence[Cue]) -> None:
    """Cards are in order, without overlap, each inside one cue, and all words are there."""
    edges = [time for start, end, _, _ in cards for time in (start, end)]
    assert sorted(edges) == edges
    assert all(start < end for start, end, _, _ in cards)
    assert all(any(cue.start_ms <= start and end <= cue.end_ms for cue in cues) for start, end, _, _ in cards)
    assert in_srt(said_words(cues)) == in_srt(spoken_words(cards))


def in_srt(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """As SRT has them, which has no sign where a tag could begin."""
    return [(speaker, draw_tags(word)) for speaker, word in words]


def said_words(cues: Sequence[Cue]) -> list[tuple[str, str]]:
    return [(SPEAKERS[cue.role], word.rstrip(":")) for cue in cues for word in show_words(cue.text)]


WORD = st.from_regex(r"[A-Za-z’é日<>&]{1,12}[,.!:]?|[1-9]:[0-5][0-9]", fullmatch=True)


@st.composite
def programmes(draw: st.DrawFn) -> list[Cue]:
    cues = []
    time = draw(st.integers(0, 5000))
    for role in draw(st.lists(st.sampled_from(ROLES), max_size=4)):
        words = ["So", *draw(st.lists(WORD, max_size=40))]
        length = draw(st.integers(len(words) * 20, len(words) * 700))
        edges = sorted(
            draw(st.lists(st.integers(time, time + length), min_size=2 * len(words), max_size=2 * len(words)))
        )
        timed = tuple(map(Word, words, edges[::2], edges[1::2])) if draw(st.booleans()) else ()
        segment = draw(st.sampled_from(SEGMENT_KINDS))
        cues.append(Cue(time, time + length, " ".join(words), role, segment, timed, "voice"))
        time += length + draw(st.integers(0, 900))
    return cues


@given(cues=programmes())
def test_all_formats_carry_the_same_words_speakers_and_time(cues: list[Cue]) -> None:
    for render, read in FORMATS:
        assert_right(read(render(cues)), cues)
    paragraphs = read_html(write_html(cues))
    assert said_words(cues) == spoken_words(paragraphs)
    assert {start for start, _, _, _ in paragraphs} <= {cue.start_ms for cue in cues}


@given(cues=programmes())
def test_timed_words_are_the_body_s_and_lie_in_their_segment(cues: list[Cue]) -> None:
    """Each says, besides, which part of the programme it is in and where its times are from."""
    for segment in json.loads(render_json(cues))["segments"]:
        assert " ".join(word["word"] for word in segment["words"]) == segment["body"]
        edges = [edge for word in segment["words"] for edge in (word["startTime"], word["endTime"])]
        times = [segment["startTime"], *edges, segment["endTime"]]
        assert times == sorted(times)
        assert segment["segment"] in {cue.segment for cue in cues}
        assert segment["timing"] == "voice"


@given(cues=programmes())
def test_lines_are_short_unless_a_word_is_long(cues: list[Cue]) -> None:
    for render, longest in ((render_vtt, 65), (render_srt, 32)):
        assert all(len(html.unescape(line)) <= longest for line in render(cues).split("\n"))


def test_other_readers_see_the_same_captions(cues: tuple[Cue, ...]) -> None:
    text = render_vtt(cues)
    captions = webvtt.from_string(text).captions

    assert [(milliseconds(caption.start), milliseconds(caption.end)) for caption in captions] == [
        (start, end) for start, end, _, _ in read_vtt(text)
    ]
    assert {"Anchor", "Correspondent", "Quotation"} == {caption.voice for caption in captions}
    subtitles = render_srt(cues)
    assert len(read_srt(subtitles)) == len(webvtt.from_buffer(io.StringIO(subtitles), format="srt").captions)


def test_captions_change_where_the_voice_says_the_next_word() -> None:
    text = (
        "They are 40 km south of the city, and the army has said, again and again, that it will not leave it."
    )
    words = tuple(Word(word, 1000 + 200 * nth, 1150 + 200 * nth) for nth, word in enumerate(text.split()))
    starts = {word.text: word.start_ms for word in reversed(words)}

    cards = read_srt(render_srt([Cue(1000, 9000, text, "anchor", "intro", words, "voice")]))

    assert len(cards) > 1
    assert [(start, words[0]) for start, _, _, words in cards] == [
        (starts[card[3][0]], card[3][0]) for card in cards
    ]


def test_without_word_times_captions_share_the_time_by_letters() -> None:
    text = (
        "aaaa bbbb cccc dddd eeee ffff gggg hhhh iiii jjjj kkkk llll mmmm nnnn oooo pppp qqqq rrrr ssss tttt"
    )

    first, second = read_vtt(render_vtt([Cue(0, 10_000, text, "anchor", "intro")]))

    assert (first[0], first[1], second[0], second[1]) == (0, 5000, 5000, 10_000)


def test_a_caption_ends_where_the_sentence_breathes() -> None:
    text = (
        "After three days of intense fighting all around the city, the army said it had pulled its men back."
    )

    first, _ = read_vtt(render_vtt([Cue(0, 8000, text, "anchor", "intro")]))

    assert first[3][-1] == "city,"


def test_a_speaker_is_named_in_srt_only_where_another_begins(cues: tuple[Cue, ...]) -> None:
    text = render_srt([cue for cue in cues if ":" not in cue.text])

    assert re.findall(r"^[A-Z]\w+(?=:)", text, re.MULTILINE) == [
        "Anchor",
        "Correspondent",
        "Quotation",
        "Correspondent",
    ]


@pytest.mark.parametrize(("render", "read"), [*FORMATS, PAGE])
def test_a_silent_programme_has_an_empty_transcript(
    render: Callable[[Sequence[Cue]], str], read: Callable[[str], list[Card]]
) -> None:
    assert read(render([])) == []
    assert read(render([Cue(0, 1000, " \x00 ", "anchor", "intro")])) == []


def test_no_words_break_a_transcript(hostile: str) -> None:
    """All are kept, but for what no format may hold; each is the same in all four."""
    cues = [
        Cue(0, 90_000, "Listen " + hostile, "anchor", "intro"),
        Cue(90_000, 95_000, "And now this.", "quote", "outro"),
    ]

    vtt, srt, segments, page = (spoken_words(read(render(cues))) for render, read in [*FORMATS, PAGE])

    assert vtt == segments == page == said_words(cues)
    assert srt == in_srt(vtt)
    assert "-->" not in " ".join(word for _, word in vtt)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ('<img src="x" onerror="y">', '‹img src="x" onerror="y">'),
        ("<b>5%</b> and <!-- that -->", "‹b>5%‹/b> and ‹!-- that →"),
        ("so x < y, 3 <4 and 5 > 4 & done", "so x < y, 3 <4 and 5 > 4 & done"),
    ],
)
def test_no_player_finds_a_tag_in_an_srt(said: str, shown: str) -> None:
    """Where one could begin stands a sign that looks much the same; a comparison stays as it is."""
    cards = read_srt(render_srt([Cue(0, 9000, said, "anchor", "intro")]))
    assert " ".join(word for card in cards for word in card[3]) == shown


def test_no_title_breaks_the_page(hostile: str) -> None:
    document = lxml_html.document_fromstring(render_html(hostile, "ar", []))
    (heading,) = document.findall("body/h1")
    assert heading.text_content() == document.findtext("head/title")
    assert heading.text_content().split() == clean(hostile).split() or ["Transcript"]
    assert [element.tag for element in document.iter(etree.Element)] == [
        *("html", "head", "meta", "meta", "title", "body", "h1")
    ]
    assert document.get("lang") == "ar"


def test_a_page_has_a_heading_for_each_part_and_a_paragraph_for_each_turn(cues: tuple[Cue, ...]) -> None:
    page = lxml_html.document_fromstring(write_html(cues))
    assert [heading.text for heading in page.findall("body/h2")] == [
        HEADINGS[kind] for kind in ("intro", "quick_looks", "deep_look")
    ]
    told = [(card[2], card[0]) for card in read_html(write_html(cues))]
    assert told == [
        ("Anchor", 900),
        ("Anchor", 13_000),
        ("Correspondent", 40_800),
        ("Quotation", 49_500),
        ("Correspondent", 55_100),
    ]
    assert [time.text for time in page.findall("body/time")][:2] == ["00:00", "00:13"]


def test_a_long_turn_is_cut_at_a_sentence() -> None:
    """So that no more than half a minute goes by without a time."""
    cues = [Cue(at * 7000, at * 7000 + 6500, f"Sentence {at}.", "anchor", "deep_look") for at in range(20)]
    cards = read_html(write_html(cues))
    assert len(cards) == 5
    assert all(words[0] == "Sentence" for *_, words in cards)
    assert all(end - start <= LONGEST_MONOLOGUE_MS for start, end, _, _ in cards)


def test_a_page_in_another_language_says_which() -> None:
    text = render_html("حماة", "ar", [Cue(0, 900, "سقطت حماة.", "anchor", "intro")])
    assert '<html lang="ar">' in text
    assert '<body dir="auto">' in text


def test_an_hour_is_written_in_a_moment() -> None:
    """Each sentence is divided once for two formats, and none of it grows faster than the programme."""
    words = tuple(Word(f"word{at},", at * 300, at * 300 + 250) for at in range(12))
    text = " ".join(word.text for word in words)
    cues = [Cue(at * 3600, at * 3600 + 3600, text, "anchor", "deep_look", words) for at in range(1000)]
    assert len(read_json(render_json(cues))) == len(read_vtt(render_vtt(cues))) >= 1000
    assert len(spoken_words(read_html(write_html(cues)))) == 12_000
