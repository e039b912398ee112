"""A text is parted where its sentences end, and nowhere else."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from morning_edition.spoken import split_sentences

SHARED = Path(__file__).parents[2].parent / "shared" / "tools" / "spoken" / "data" / "seg"
measured = pytest.mark.skipif(not SHARED.exists(), reason="the measuring data is not beside this checkout")


def check(marked: str) -> None:
    """Check that the text is parted at each `|` in *marked*, and only there."""
    sentences = marked.split(" | ")
    assert split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "marked",
    [
        "The ferry left at noon. | Nobody was late.",
        "Who paid for it? | The city did. | Everyone knows!",
        "It was over by 1945. | 3,000 people came. | $40 million was spent.",
        "They lost!! | Really?! | Yes.",
        "Él llegó tarde. | Élan returned.",
    ],
)
def test_a_stop_before_a_capital_or_a_number_ends_a_sentence(marked: str) -> None:
    """So do question and exclamation marks."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Mr. Okafor met Mrs. Lee and Dr. Ruiz. | They spoke.",
        "Gen. Ana Ruiz, Lt. Col. Ben Roy and Sen. Kit Moss, D-Calif., agreed.",
        "Brig. Gen. He Wei met Rep. Will Rose. | Gov. Day did not.",
        "Prof. Smith vs. Prof. Jones, i.e. Physics against Art.",
        "She is a.k.a. The Captain, e.g. Old Salt.",
        "They met Hun Sen. | The talks failed.",
    ],
)
def test_titles_never_end_a_sentence(marked: str) -> None:
    """Unless they are names and what follows is none."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "He flew to the U.S. | It was late.",
        "The U.S. Army and the U.K. Treasury agreed. | Nobody else did.",
        "She moved to Washington, D.C. | However, he stayed.",
        "Police in Washington, D.C. Mayor Ruiz said, were ready.",
        "She works for Bay Ferries Inc. | The firm is small.",
        "She works for Bay Ferries Inc. | Shares fell by half.",
        "Bay Ferries Inc. Chairman Kit Moss resigned.",
        "Bay & Co. of London bought Pier Ltd. | Mr. Moss sold it.",
        "John Day Jr. | He won. | John Day Jr. Park is closed.",
        "It is on Main St. | The road to St. Ives is long, and St. Mary’s is on it.",
        "The fair is in Sept. | It opens on Sept. 11. | On Nov. 27 it ends.",
        "They came from Springfield, Ill. | They left for Portland, Ore. | Nobody stayed.",
        "She has a Ph.D. | Her brother has none. | Ask J. R. Moss, M.D. Ruiz cannot help.",
        "Apples, pears, etc. | All were sold.",
        "Roy et al. | These are the authors.",
        "Ships leave SEPT. 5 and DEC. 9.",
    ],
)
def test_shortened_words_end_a_sentence_only_before_a_likely_beginning(marked: str) -> None:
    """A name goes on, a pronoun or an article begins."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "The ferry leaves at 6 a.m. | Police closed the road at 7 p.m. | Nobody knew.",
        "It begins at 5 p.m. Monday and 9 a.m. Eastern, or 3 p.m. GMT.",
        "At 5 a.m. Mr. Moss went home. | He was back by 6 p.m. | Mr. Moss was early.",
        "Around 10:30 p.m. Police came. | The gate closed at 11 p.m. | 40 people waited.".replace(
            " | 40", " 40"
        ),
    ],
)
def test_the_hour_ends_a_sentence_unless_a_day_or_zone_follows_or_it_opens_one(marked: str) -> None:
    """ "At 5 a.m." at the beginning is no sentence."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "Ask J. Mansour or R. Okafor. | They know.",
        "The book is by J. K. Rowe and C. S. Lane.",
        "That is Plan B. | It failed. | Doctors advise vitamin D. | Patients agree.",
        "World War I. | Germany lost it.",
        "It was only you and I. | Did you see Albert I. Jones?",
        "Franklin D. Rose and George F. Will wrote it.",
    ],
)
def test_initials_are_part_of_a_name(marked: str) -> None:
    """A letter after "Plan" or "vitamin" is none."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "He lives at No. 10. | The team is No. 1. | No. 3 is away.",
        "See p. 55, Fig. 2, Vol. IV and pp. 7-9. | Then stop.",
        "Prices rose 2.5% to $3.50. | That is 0.3 points more.",
        "Version 3.11 is at https://a.example/v3.11/x.html. | Please look.",
        "Write to ana.roy@bay.example. | She answers.",
        "The answer is no. | Dr. No. | He laughed.",
    ],
)
def test_points_in_numbers_and_addresses_are_no_stops(marked: str) -> None:
    """Nor is the point of "No." before a number."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "“We won. | We will stay. | Who else?” she said.",
        "‘It rained. | It was cold.’ | Then it stopped.",
        '"We are done." | He left. | "Yes." | "No."',
        "“Is it safe?” Mr. Jones asked. | “No!” Ana Roy said.",
        "“Is it safe?” | They did not know.",
        "“Stop!” cried the crowd. | “Why?” it asked.",
        "(He left. | She stayed.) | Then it rained.",
        "He taught (He was born to teach.) at the school.",
        "“One saw a light [...]” (Moss 55). | It went out.",
        "They went to the so-called “U.S.” | Nobody came.",
        "« It rained. » | Then it stopped.",
        "It rained.[1] | Then it stopped.[2][13] | “It snowed.”[4] | She left.",
    ],
)
def test_quotations_of_several_sentences_are_parted(marked: str) -> None:
    """Closing quotes and brackets stay with their sentence, and so does who spoke."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "He stopped... | Then he went on. | She did too… | It was late.",
        "I … I cannot say. | No... no.",
        "Well... I know. | The … the boat is gone.",
        "It was the end . . . . | Next came the storm.",
        "He went on ... and on.",
    ],
)
def test_three_points_end_a_sentence_only_before_a_new_one(marked: str) -> None:
    """Somebody who stammers has not finished."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "iPhone sales fell. | eBay rose. | al-Shabab denied it.",
        "Yahoo! Inc. fell. | Yahoo! in the end did not.",
        "The city won. — Reuters",
        "Map of Washington, D.C. | Image: the harbour.",
    ],
)
def test_names_begin_as_they_like(marked: str) -> None:
    """A small letter before a capital begins a sentence; a firm's "Inc." never does."""
    check(marked)


@pytest.mark.parametrize(
    "marked",
    [
        "1. The first | 2. The second | 3. The third",
        "1) The first. | 2) The second.",
        "a. one thing | b. another thing",
        "• 9. Boats | • 10. Piers",
        "• Boats sail | • Piers stand",
        "He came 2. in the race and 3. in the next.",
    ],
)
def test_lists_inside_a_line_are_parted_at_their_items(marked: str) -> None:
    """An item keeps its sign."""
    check(marked)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n", "\u2028"])
def test_a_line_always_ends_a_sentence(end: str) -> None:
    """A heading needs no full stop."""
    assert split_sentences(f"Who Pays{end}The city of{end}Bay pays. It does.{end}") == [
        "Who Pays",
        "The city of",
        "Bay pays.",
        "It does.",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n \n", "\u00a0"])
def test_nothing_has_no_sentences(text: str) -> None:
    """White space alone is nothing."""
    assert split_sentences(text) == []


SHARDS = 'Mr. The U.S. ran 3.5 No. 10 p.m. J. Inc. “Yes.” (No.) ... … . ! ? • 1. 2) a. - said e.g. x " ” « »'
shards = st.lists(st.sampled_from([*SHARDS.split(), ". .", "\n", "\t", "https://a.example/."])).map(" ".join)


@given(shards | st.text())
@settings(max_examples=400, deadline=None)
def test_the_sentences_together_are_the_text(text: str) -> None:
    """Nothing is lost, added or moved; only white space is evened out. No sentence is without a word."""
    sentences = split_sentences(text)
    assert " ".join(sentences) == " ".join(text.split())
    assert all(sentences)
    for line in text.splitlines():
        if any(map(str.isalnum, line)):
            assert all(any(map(str.isalnum, sentence)) for sentence in split_sentences(line))


@given(
    st.lists(
        st.sampled_from(["The ferry left", "Nobody saw it", "It cost $3.5 million", "He’s Mr. Roy’s son"])
    )
)
def test_plain_sentences_come_back_as_they_were(parts: list[str]) -> None:
    """However many there are."""
    sentences = [f"{part}." for part in parts]
    assert split_sentences(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. team of J. Roy left at 5 p.m. on Nov. 5. It won. " * 4000,
        "A. " * 50_000,
        "(He. (" * 30_000,
        ". " * 80_000,
    ],
)
def test_long_texts_take_no_longer_by_the_word(text: str) -> None:
    """Half a million characters a second, and nothing that grows faster than the text."""
    began = time.process_time()
    split_sentences(text)
    assert time.process_time() - began < len(text) / 100_000 + 0.5


@measured
def test_all_golden_rules_hold() -> None:
    """The 48 rules by which splitters are compared."""
    rules = json.loads((SHARED / "golden.json").read_text(encoding="utf-8"))
    failed = [text for text, sentences in rules if split_sentences(text) != sentences]
    assert failed == []


@measured
def test_news_is_parted_as_people_part_it() -> None:
    """At least 98.3 of 100 by the F1 measure on news that people have parted."""
    paragraphs = json.loads((SHARED / "gum_news.json").read_text(encoding="utf-8"))["paras"]
    right = wrong = missed = 0
    for sentences in paragraphs:
        expected, found = _ends(sentences), _ends(split_sentences(" ".join(sentences)))
        right += len(expected & found)
        wrong += len(found - expected)
        missed += len(expected - found)
    assert 2 * right / (2 * right + wrong + missed) >= 0.983


def _ends(sentences: list[str]) -> set[int]:
    ends, count = set(), 0
    for sentence in sentences:
        count += len("".join(sentence.split()))
        ends.add(count)
    return ends - {count}


@measured
def test_the_seed_article_has_its_sentences() -> None:
    """Every one of its lines is parted right."""
    lines = json.loads((SHARED / "seed_article.json").read_text(encoding="utf-8"))["paras"]
    for sentences in lines:
        assert split_sentences(" ".join(sentences)) == sentences
