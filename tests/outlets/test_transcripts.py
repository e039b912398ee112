"""Transcripts, read back by webvtt-py and by strict readers written here."""

import html
import io
import json
import re
from collections.abc import Callable, Sequence

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st

from morning_edition.mix.timeline import Cue
from morning_edition.outlets.transcripts import SPEAKERS, render_json, render_srt, render_vtt
from morning_edition.script.script import ROLES
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


FORMATS: list[tuple[Callable[[Sequence[Cue]], str], Callable[[str], list[Card]]]] = [
    (render_vtt, read_vtt),
    (render_srt, read_srt),
    (render_json, read_json),
]


def spoken_words(cards: list[Card]) -> list[tuple[str, str]]:
    return [(speaker, word.rstrip(":")) for _, _, speaker, words in cards for word in words]


def assert_right(cards: list[Card], cues: Sequence[Cue]) -> None:
    """Cards are in order, without overlap, each inside one cue, and all words are there."""
    edges = [time for start, end, _, _ in cards for time in (start, end)]
    assert sorted(edges) == edges
    assert all(start < end for start, end, _, _ in cards)
    assert all(any(cue.start_ms <= start and end <= cue.end_ms for cue in cues) for start, end, _, _ in cards)
    said = [(SPEAKERS[cue.role], word.rstrip(":")) for cue in cues for word in cue.text.split()]
    assert said == spoken_words(cards)


WORD = st.from_regex(r"[A-Za-z’é日<>&]{1,12}[,.!:]?|[1-9]:[0-5][0-9]", fullmatch=True)


@st.composite
def programmes(draw: st.DrawFn) -> list[Cue]:
    cues = []
    time = draw(st.integers(0, 5000))
    for role in draw(st.lists(st.sampled_from(ROLES), max_size=4)):
        words = ["So", *draw(st.lists(WORD, max_size=40))]
        length = draw(st.integers(len(words) * 20, len(words) * 700))
        starts = sorted(draw(st.lists(st.integers(time - 50, time + length + 50), max_size=len(words))))
        spoken = tuple(Word(word, start, start + 90) for word, start in zip(words, starts, strict=False))
        cues.append(Cue(time, time + length, " ".join(words), role, "deep_look", spoken))
        time += length + draw(st.integers(0, 900))
    return cues


@given(cues=programmes())
def test_the_three_formats_carry_the_same_words_speakers_and_time(cues: list[Cue]) -> None:
    for render, read in FORMATS:
        assert_right(read(render(cues)), cues)


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
    """The voice read "forty kilometres" for "40 km": the words around it still tell the time."""
    text = (
        "They are 40 km south of the city, and the army has said, again and again, that it will not leave it."
    )
    spoken = text.replace("40 km", "forty long kilometres").rstrip(".").split()
    words = tuple(Word(word, 1000 + 200 * nth, 1150 + 200 * nth) for nth, word in enumerate(spoken))
    starts = {word.text: word.start_ms for word in words}

    cards = read_srt(render_srt([Cue(1000, 9000, text, "anchor", "intro", words)]))

    assert [(1000, "They"), *[(starts[card[3][0]], card[3][0]) for card in cards[1:]]] == [
        (start, words[0]) for start, _, _, words in cards
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


@pytest.mark.parametrize(("render", "read"), FORMATS)
def test_a_silent_programme_has_an_empty_transcript(
    render: Callable[[Sequence[Cue]], str], read: Callable[[str], list[Card]]
) -> None:
    assert read(render([])) == []
    assert read(render([Cue(0, 1000, " \x00 ", "anchor", "intro")])) == []


def test_no_words_break_a_transcript(hostile: str) -> None:
    cues = [
        Cue(0, 90_000, "Listen " + hostile, "anchor", "intro"),
        Cue(90_000, 95_000, "And now this.", "quote", "outro"),
    ]

    vtt, srt, segments = (read(render(cues)) for render, read in FORMATS)

    assert spoken_words(vtt) == spoken_words(srt) == spoken_words(segments)
    assert "-->" not in " ".join(word for _, word in spoken_words(vtt))
