"""The transcript on pages: paragraphs where the voice pauses, under the titles of their chapters."""

import json

import pytest

from morning_edition.mix.timeline import Chapter, Cue
from morning_edition.outlets.passages import LONGEST_PARAGRAPH, lay_out_passages, write_word_times
from morning_edition.script.script import Role
from morning_edition.voices import Word

CHAPTERS = (Chapter("Intro", 0, 10_000), Chapter("After", 10_000, 60_000))


def say(start_ms: int, end_ms: int, text: str = "So.", role: Role = "anchor") -> Cue:
    return Cue(start_ms, end_ms, text, role, "intro")


def test_a_sentence_stands_in_the_chapter_it_begins_in() -> None:
    first, second = lay_out_passages(CHAPTERS, [say(0, 9_900), say(9_999, 12_000), say(12_100, 13_000)])

    assert (first.title, second.title) == ("Intro", "After")
    assert [cue.start_ms for paragraph in first.paragraphs for cue in paragraph.cues] == [0, 9_999]


@pytest.mark.parametrize(("pause_ms", "paragraphs"), [(350, 1), (599, 1), (600, 2), (800, 2)])
def test_a_longer_pause_begins_a_paragraph(pause_ms: int, paragraphs: int) -> None:
    (passage,) = lay_out_passages((), [say(0, 1_000), say(1_000 + pause_ms, 3_000)])

    assert len(passage.paragraphs) == paragraphs


def test_another_voice_begins_a_paragraph_and_is_named() -> None:
    cues = [say(0, 900), say(1_000, 2_000, role="quote"), say(2_100, 3_000, role="quote"), say(3_100, 4_000)]
    (passage,) = lay_out_passages((), cues)

    assert [paragraph.speaker for paragraph in passage.paragraphs] == ["Anchor", "Quotation", "Anchor"]
    assert [paragraph.clock for paragraph in passage.paragraphs] == ["0:00", "0:01", "0:03"]


def test_a_voice_that_goes_on_in_the_next_chapter_is_not_named_again() -> None:
    _, second = lay_out_passages(CHAPTERS, [say(0, 900), say(11_000, 12_000)])

    assert second.paragraphs[0].speaker == ""


def test_no_paragraph_is_a_wall_of_words() -> None:
    (passage,) = lay_out_passages((), [say(at * 1000, at * 1000 + 900) for at in range(20)])

    assert [len(paragraph.cues) for paragraph in passage.paragraphs] == [
        LONGEST_PARAGRAPH,
        LONGEST_PARAGRAPH,
        4,
    ]


def test_a_line_without_words_is_not_shown() -> None:
    assert lay_out_passages(CHAPTERS, [say(0, 900, " "), say(1_000, 2_000, "\x00")]) == []


def test_times_of_words_do_not_drift_apart() -> None:
    """Each is rounded to a hundredth of a second, and they still come to the sentence's end."""
    words = tuple(Word("a", round(at * 333.3), round((at + 1) * 333.3)) for at in range(60))
    cue = Cue(0, 19_998, " ".join("a" * 60), "anchor", "intro", words)

    (steps,) = json.loads(write_word_times(lay_out_passages((), [cue])))

    assert len(steps) == len(words) + 1
    assert sum(steps) == 2_000
    assert all(abs(sum(steps[: at + 1]) * 10 - word.start_ms) <= 5 for at, word in enumerate(words))


def test_no_transcript_has_no_times() -> None:
    assert write_word_times([]) == "[]"
