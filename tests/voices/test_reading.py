"""What counts as a line read, and what does not."""

import pytest

from morning_edition.errors import VoiceBusyError, VoiceError
from morning_edition.voices import Speech, Traits, Utterance
from morning_edition.voices.reading import read_line
from morning_edition.voices.tone import ToneVoice

RATE_HZ = 24_000


class Fixed:
    """A voice that gives one sound for everything."""

    identity = "fixed 1"

    def __init__(self, speech: Speech, longest_line: int = 0) -> None:
        self.speech = speech
        self.traits = Traits(longest_line=longest_line)

    def speak(self, line: Utterance) -> Speech:
        return self.speech


def sound(seconds: float, level: int = 8000, rate_hz: int = RATE_HZ) -> Speech:
    return Speech(level.to_bytes(2, "little", signed=True) * round(seconds * rate_hz), rate_hz)


LINE = Utterance("The river rose by four feet.")


def test_a_plausible_sound_is_taken_as_it_is() -> None:
    assert read_line(Fixed(sound(2)), LINE) == sound(2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("speech", "message"),
    [
        (sound(120), "fixed went on for 120 s with a line"),
        (Speech(b"\1" * 4001, RATE_HZ), "fixed gave 4001 bytes at 24000 Hz, which is no sound of 16 bits"),
        (sound(2, rate_hz=4_000), "fixed gave 16000 bytes at 4000 Hz"),
        (Speech(b"\1\1" * 400, 0), "fixed gave 800 bytes at 0 Hz"),
    ],
)
def test_what_cannot_be_the_line_is_refused(speech: Speech, message: str) -> None:
    with pytest.raises(VoiceError) as refused:
        read_line(Fixed(speech), LINE)  # type: ignore[arg-type]

    assert str(refused.value).startswith(message)
    assert not isinstance(refused.value, VoiceBusyError)


@pytest.mark.parametrize(
    ("speech", "message"),
    [
        (sound(0.1), "fixed broke off after 0.1 s of a line: 'The river rose by four feet.'"),
        (sound(0), "fixed gave no sound for a line: 'The river rose by four feet.'"),
        (sound(2, level=20), "fixed gave no sound for a line: 'The river rose by four feet.'"),
        (sound(2, level=-20), "fixed gave no sound for a line: 'The river rose by four feet.'"),
    ],
)
def test_a_sound_that_is_not_whole_may_be_the_next_time(speech: Speech, message: str) -> None:
    """It is asked for again, but not often: it may be paid for."""
    with pytest.raises(VoiceBusyError) as busy:
        read_line(Fixed(speech), LINE)  # type: ignore[arg-type]

    assert (str(busy.value), busy.value.paid) == (message, True)


@pytest.mark.parametrize("text", ["", "—", "…", "!"])
def test_a_line_with_nothing_to_say_may_be_silent(text: str) -> None:
    assert read_line(Fixed(sound(0)), Utterance(text)) == sound(0)  # type: ignore[arg-type]


class Short(ToneVoice):
    """Tones, of thirty characters at a time."""

    heard: list[str]

    @property
    def traits(self) -> Traits:
        return Traits(longest_line=30)

    def speak(self, line: Utterance) -> Speech:
        self.heard.append(line.text)
        return super().speak(line)


def test_a_longer_line_than_the_engine_takes_is_read_in_pieces() -> None:
    """The pieces are joined with the pause that they end in, and the word times go on through them."""
    voice = Short()
    voice.heard = []
    line = Utterance("The river rose by four feet, and the old bridge was closed; nobody was hurt.")
    speech = read_line(voice, line)
    whole = ToneVoice().speak(line)

    assert voice.heard == [
        "The river rose by four feet,",
        "and the old bridge was closed;",
        "nobody was hurt.",
    ]
    assert [word.text for word in speech.words] == line.text.split()
    assert speech.duration_ms == whole.duration_ms + 120 + 180
    assert speech.words[6].start_ms == whole.words[6].start_ms + 120
    assert speech.words[-1].end_ms == whole.words[-1].end_ms + 300
