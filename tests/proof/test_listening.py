import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from morning_edition.decode import decode_sound
from morning_edition.filters import Samples
from morning_edition.mix.dress import dress_take, fade_edges
from morning_edition.mp3 import encode_mp3
from morning_edition.pronunciation.utterance import Pronounced
from morning_edition.proof.expected import ExpectedLine
from morning_edition.proof.heard import Heard, HeardWord, doubtful_words, is_another, judge_heard
from morning_edition.proof.listening import (
    Listener,
    NotListening,
    Passage,
    find_listener,
    hear_side_by_side,
)
from morning_edition.proof.word_sounds import WordSounds, bend_sounds, guess_sounds, list_words
from morning_edition.spoken import to_spoken
from morning_edition.voices import Utterance, Voice
from morning_edition.voices.espeak import EspeakVoice
from morning_edition.voices.flite import FliteVoice
from morning_edition.voices.flite.libflite import is_installed

pytestmark = pytest.mark.thorough

RATE = 44_100
WRITTEN = Path(__file__).with_name("news_lines.txt").read_text("utf-8").splitlines()
LINES = [to_spoken(line) for line in WRITTEN if 7 <= len(line.split()) <= 9][:15:3]
BROKEN = 2

needs_flite = pytest.mark.skipif(not is_installed("rms"), reason="libflite is not installed here")
voices = pytest.mark.parametrize("engine", ["espeak", pytest.param("flite", marks=needs_flite)])
ENGINES: dict[str, Callable[[], Voice]] = {"espeak": EspeakVoice, "flite": lambda: FliteVoice("rms")}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    pytest.importorskip("pocketsphinx", reason="PocketSphinx has no wheel for this Python")
    found = find_listener()
    assert isinstance(found, Listener)
    yield found


@functools.cache
def record(engine: str, line: Utterance) -> Samples:
    """Return a line's take as it is laid."""
    return dress_take(ENGINES[engine]().speak(line), RATE, -18.0).samples


def air(take: Samples) -> Samples:
    """Return *take* as it comes out of an MP3 of 96 kbit/s."""
    whole = (take.clip(-1, 1) * 32767).astype(np.int16)
    return decode_sound(encode_mp3(whole, sample_rate_hz=RATE, bitrate_kbps=96)).samples[:, 0]


def expect(lines: Sequence[Utterance], **traits: object) -> list[ExpectedLine]:
    """Place lines on rows from 1, five seconds after each other."""
    return [
        ExpectedLine(line, row * 5000, row * 5000 + 4000, "a voice", row, **traits)
        for row, line in enumerate(lines, 1)
    ]


@functools.cache
def good_lines(engine: str) -> tuple[Samples, ...]:
    return tuple(air(record(engine, Utterance(line))) for line in LINES)


@functools.cache
def hear_good_lines(listener: Listener, engine: str) -> tuple[Heard, ...]:
    lines = expect([Utterance(line) for line in LINES])
    return tuple(
        listener.hear(Passage(line, samples, RATE))
        for line, samples in zip(lines, good_lines(engine), strict=True)
    )


def judge_with(listener: Listener, engine: str, take: Samples, **traits: object) -> list[str]:
    """Return what is found where *take* is heard in place of one line."""
    lines = expect([Utterance(line) for line in LINES], **traits)
    heard = list(hear_good_lines(listener, engine))
    heard[BROKEN] = listener.hear(Passage(lines[BROKEN], air(take), RATE))
    return [f"{finding.check} {finding.severity} {finding.row}" for finding in judge_heard(lines, heard)]


def join(*pieces: Samples) -> Samples:
    """Put pieces end to end without a click."""
    faded = [piece.copy() for piece in pieces]
    for piece in faded:
        fade_edges(piece, RATE // 200)
    return np.concatenate(faded)


def find_word(listener: Listener, engine: str) -> slice:
    """Return where the longest word inside the broken line stands, in samples."""
    words = hear_good_lines(listener, engine)[BROKEN].words[1:-1]
    word = max(words, key=lambda word: word.phones)
    return slice(word.start_ms * RATE // 1000, word.end_ms * RATE // 1000)


@voices
def test_good_lines_raise_nothing(listener: Listener, engine: str) -> None:
    """A gate that cries wolf is turned off: of lines that say their text, none is named."""
    lines = expect([Utterance(line) for line in LINES])
    heard = hear_good_lines(listener, engine)
    assert all(one.aligned for one in heard)
    assert judge_heard(lines, heard) == ()


@voices
def test_words_are_found_where_they_are_said(listener: Listener, engine: str) -> None:
    """Each word of a line is heard, in order, inside the line."""
    heard = hear_good_lines(listener, engine)[0]
    assert [word.text for word in heard.words] == [word.text for word in list_words(Utterance(LINES[0]))]
    times = [at for word in heard.words for at in (word.start_ms, word.end_ms)]
    assert times == sorted(times)
    assert times[-1] <= len(good_lines(engine)[0]) * 1000 // RATE + 20


@voices
def test_a_line_that_breaks_off_is_named(listener: Listener, engine: str) -> None:
    """With its last quarter cut off, a line is no longer whole."""
    take = record(engine, Utterance(LINES[BROKEN]))
    (found,) = judge_with(listener, engine, join(take[: len(take) * 3 // 4]))
    assert found == f"line cut short failure {BROKEN + 1}"


def test_a_line_without_its_beginning_is_named(listener: Listener) -> None:
    """With its first quarter cut off, it is not whole either."""
    take = record("espeak", Utterance(LINES[BROKEN]))
    (found,) = judge_with(listener, "espeak", join(take[len(take) // 4 :]))
    assert found.endswith(f"failure {BROKEN + 1}")


def test_a_silenced_stretch_is_named(listener: Listener) -> None:
    """A second without sound takes words with it."""
    take = record("espeak", Utterance(LINES[BROKEN]))
    third = len(take) // 3
    hole = join(take[:third], np.zeros(RATE, np.float32), take[third + RATE :])
    (found,) = judge_with(listener, "espeak", hole)
    assert found.endswith(f"failure {BROKEN + 1}")


@voices
@pytest.mark.parametrize("instead", ["", "umbrella"])
def test_a_word_that_is_not_said_is_named(listener: Listener, engine: str, instead: str) -> None:
    """A content word that was cut out leaves no place for itself; another in its place sounds unlike it."""
    take, word = record(engine, Utterance(LINES[BROKEN])), find_word(listener, engine)
    pieces = [take[: word.start], take[word.stop :]]
    if instead:
        pieces.insert(1, record(engine, Utterance(instead)))
    (found,) = judge_with(listener, engine, join(*pieces))
    assert found.endswith((f"failure {BROKEN + 1}", f"warning {BROKEN + 1}"))


def test_two_lines_that_changed_places_are_told_apart(listener: Listener) -> None:
    """A line that says another's text is named, and whose text it is."""
    lines = expect([Utterance(line) for line in LINES[:2]])
    first, second = good_lines("espeak")[:2]
    passages = [Passage(line, one, RATE) for line, one in zip(lines, (second, first), strict=True)]
    heard = hear_side_by_side(passages)
    assert all(map(is_another, heard))
    said = {passage.line: listener.recognise(passage, lines) for passage in passages}
    found = judge_heard(lines, heard, {line: other for line, other in said.items() if other})
    assert [(finding.check, finding.severity, finding.row) for finding in found] == [
        ("another line", "failure", 1),
        ("another line", "failure", 2),
    ]
    assert "what row 2 should say" in found[0].text


def test_a_line_of_another_programme_is_not_taken_for_one_of_this(listener: Listener) -> None:
    """What fits no text of the programme is told as it is."""
    lines = expect([Utterance(line) for line in LINES[:2]])
    passage = Passage(lines[0], good_lines("espeak")[2], RATE)
    assert listener.recognise(passage, lines[1:]) is None


@pytest.mark.parametrize("sound", ["noise", "nothing"])
def test_what_is_no_speech_is_no_line(listener: Listener, sound: str) -> None:
    """In noise and in no sound at all, nothing is heard."""
    frames = 0 if sound == "nothing" else RATE
    noise = np.random.default_rng(1).standard_normal(frames, np.float32) * np.float32(0.05)
    (line,) = expect([Utterance(LINES[0])])
    heard = listener.hear(Passage(line, noise, RATE))
    (finding,) = judge_heard([line], [heard])
    assert (finding.check, finding.severity) == ("line not heard", "failure")


def test_under_music_a_finding_is_a_warning(listener: Listener) -> None:
    """Music may hide what is said, so that it is worth a look and no more."""
    take, word = record("espeak", Utterance(LINES[BROKEN])), find_word(listener, "espeak")
    cut = join(take[: word.start], take[word.stop :])
    assert all("warning" in found for found in judge_with(listener, "espeak", cut, under_music=True))
    other = record("espeak", Utterance(LINES[0]))
    assert judge_with(listener, "espeak", other, under_music=True) == [f"line not heard warning {BROKEN + 1}"]


def test_speech_that_is_not_in_the_text_is_named() -> None:
    """What is said between two words is not taken for a pause."""
    gap = HeardWord("", 2000, 2300, 0, 84.0)
    (line,) = expect([Utterance("one two three four")])
    quiet = HeardWord("", 2000, 2300, 0, 30.0)
    words = (good_word("one"), good_word("two"))
    assert judge_heard([line], [Heard(True, words, (quiet,))]) == ()
    (finding,) = judge_heard([line], [Heard(True, words, (quiet, gap))])
    assert (finding.check, finding.severity) == ("word in doubt", "warning")
    assert "at 00:07 that is not in its text" in finding.text


def test_a_name_of_the_lexicon_is_heard_as_it_is_said(listener: Listener) -> None:
    """A name that no dictionary has fits where it is said as the lexicon has it, and not where it is not."""
    text = "The prize went to Saoirse Ngcobo of Llanelli."
    start = text.index("Saoirse")
    said = Pronounced(start, start + len("Saoirse Ngcobo"), "SEER-shuh nGOH-boh", "ˈsɪrʃə nˈɡoʊboʊ")
    named, plain = Utterance(text, (said,)), Utterance(text)
    samples = air(record("espeak", named))
    heard = listener.hear(Passage(expect([named])[0], samples, RATE))
    assert "saoirse" in [word.text for word in heard.words]
    assert not {"saoirse", "ngcobo"} & set(doubtful_words(heard, 45))
    assert listener.hear(Passage(expect([plain])[0], samples, RATE)).misfit > heard.misfit


def test_a_word_that_no_dictionary_has_is_known_as_a_guess(listener: Listener) -> None:
    """What is guessed is told apart from what the dictionary or the line itself tells."""
    text = "The old harbour of Qxandor."
    said = Pronounced(text.index("Qxandor"), len(text) - 1, "KAN-dor", "ˈkændɔɹ")
    for utterance, guessed in ((Utterance(text), ["qxandor"]), (Utterance(text, (said,)), [])):
        samples = air(record("espeak", utterance))
        heard = listener.hear(Passage(expect([utterance])[0], samples, RATE))
        assert [word.text for word in heard.words if word.guessed] == guessed


def test_lines_in_other_processes_are_heard_alike(listener: Listener) -> None:
    """Several lines at once are heard as one by one, and in their order."""
    lines, samples = expect([Utterance(line) for line in LINES]), good_lines("espeak")
    passages = [Passage(line, one, RATE) for line, one in zip(lines, samples, strict=True)]
    assert hear_side_by_side(passages) == hear_good_lines(listener, "espeak")
    assert hear_side_by_side([]) == ()


def test_a_line_without_a_known_word_is_let_pass(listener: Listener) -> None:
    """What cannot be listened for raises no alarm."""
    (line,) = expect([Utterance("…")])
    heard = listener.hear(Passage(line, good_lines("espeak")[0], RATE))
    assert judge_heard([line], [heard]) == ()


def test_another_language_is_not_listened_to() -> None:
    """The model knows English alone, and that is said."""
    found = find_listener("de-DE")
    assert isinstance(found, NotListening)
    assert "English" in found.reason


def test_without_the_package_the_reason_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has no recogniser is told how to get it."""
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    found = find_listener()
    assert isinstance(found, NotListening)
    assert "morning-edition[listen]" in found.reason


def good_word(
    text: str = "harbour",
    misfit: float = 40.0,
    length_ms: int = 400,
    phones: int = 6,
    guessed: bool = False,
) -> HeardWord:
    return HeardWord(text, 1000, 1000 + length_ms, phones, misfit, guessed)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        (good_word(), ""),
        (good_word(misfit=60), ""),
        (good_word(misfit=80), "word in doubt warning"),
        (good_word(misfit=130), "word in doubt failure"),
        (good_word(length_ms=200), "word not heard failure"),
        (good_word(misfit=100, guessed=True), ""),
        (good_word(misfit=140, guessed=True), "word in doubt warning"),
        (good_word(length_ms=200, guessed=True), "word not heard failure"),
        (good_word(misfit=130, phones=2), ""),
        (good_word(misfit=90, phones=3), ""),
        (good_word(misfit=130, phones=3), "word in doubt warning"),
    ],
)
def test_how_sure_a_finding_is(word: HeardWord, found: str) -> None:
    """A word that has no room is missing for certain; one that fits badly may be said oddly.

    A name that no dictionary has, and a word of two sounds, are not held to how they are said.
    """
    (line,) = expect([Utterance("one two three four")])
    heard = Heard(True, (good_word("one"), good_word("two"), word, good_word("four")))
    findings = [f"{finding.check} {finding.severity}" for finding in judge_heard([line], [heard])]
    assert findings == ([found] if found else [])


def test_a_finding_says_where_and_what_to_do() -> None:
    """The line's time and row, the word, when it should be heard, and the way out."""
    (line,) = expect([Utterance("The harbour bridge will close to lorries.")])
    heard = Heard(True, (good_word("the"), good_word("bridge", length_ms=150), good_word("will")))
    (finding,) = judge_heard([line], [heard])
    assert finding.text.startswith("The line at 00:05, row 1 of script.md, “The harbour bridge will close…”,")
    assert "lacks “bridge”, which should be heard at 00:06" in finding.text
    assert finding.text.endswith("produce again.")


def test_words_are_listed_with_what_the_line_says_of_them() -> None:
    """Hyphens part words, accents and curly apostrophes go, and a name has the sounds that the line gives."""
    text = "Zoë’s forty-two cafés in Hama"
    start = text.index("Hama")
    line = Utterance(text, (Pronounced(start, len(text), "HAH-mah", "ˈhɑːmɑː"),))
    assert list_words(line) == (
        WordSounds("zoe's"),
        WordSounds("forty"),
        WordSounds("two"),
        WordSounds("cafes"),
        WordSounds("in"),
        WordSounds("hama", ("HH AA M AA",)),
    )


def test_a_name_of_other_words_than_its_sounds_is_one_word() -> None:
    """What is written as two words and said as three stays together."""
    line = Utterance("in Foo Bar", (Pronounced(3, 10, "a b c", "eɪ biː siː"),))
    assert list_words(line)[1] == WordSounds("foo_bar", ("EY B IY S IY",))


def test_sounds_are_guessed_by_dictionary_and_voice() -> None:
    """A word has every pronunciation that is known of it; one in another script has none."""
    transcribe = EspeakVoice().transcribe
    assert guess_sounds("record", transcribe)[:2] == ("R AH K AO R D", "R EH K ER D")
    assert guess_sounds("llanelli", transcribe)
    assert "S K UW AH L" in bend_sounds("S K UW L")
    assert "AA F T AH" in bend_sounds("AE F T ER")
    assert "K AA R T" in bend_sounds("K AO R T")
    assert bend_sounds("K AE T") == ()
