"""How `FliteVoice` speaks: the same each time, names as they are said, words where they are heard."""

import hashlib
import itertools
import re
import string
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from morning_edition.errors import VoiceError
from morning_edition.voices import Delivery, Pronounced, Speech, Utterance, Voice, flite
from morning_edition.voices.flite import VOICES, FliteVoice, libflite
from morning_edition.voices.flite.input import write_tokens
from morning_edition.voices.flite.libflite import open_library

LINE = "The first boat left the pier at sunrise, its deck full of nurses, students and a brass band."
LINES = (
    LINE,
    "Officials will count passengers until the end of September.",
    "“People here never stopped looking at the water,” said the mayor.",
    "The old line closed after a storm; since then, traffic has grown.",
    "Is it over?",
)
needs_flite = pytest.mark.skipif(not FliteVoice.is_available(), reason="libflite is not installed")


def said(text: str, name: str, **forms: Any) -> Utterance:
    """Return *text* with *name* said otherwise wherever it stands."""
    respelling = forms.pop("respelling", name)
    places = [match.span() for match in re.finditer(re.escape(name), text)]
    return Utterance(text, tuple(Pronounced(*place, respelling, **forms) for place in places))


def phones(line: Utterance) -> str:
    """Return what Flite makes of *line*, its pauses left out."""
    heard = open_library("rms").list_phones(write_tokens(line))
    return " ".join(phone for phone in heard if phone != "pau")


def samples_of(speech: Speech) -> npt.NDArray[np.float64]:
    return np.frombuffer(speech.pcm, "<i2").astype(np.float64)


# The same line is the same sound.


@pytest.mark.thorough
@needs_flite
def test_lines_spoken_side_by_side_are_the_same_as_alone() -> None:
    """Threads share the C library's random numbers; a line's sound does not show it."""
    voice = FliteVoice()
    alone = [voice.speak(Utterance(line)) for line in LINES]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(voice.speak, [Utterance(line) for line in LINES * 8]))

    assert together == alone * 8


@needs_flite
def test_another_process_gives_the_same_bytes() -> None:
    code = (
        "import hashlib, sys; from morning_edition.voices import Utterance; "
        "from morning_edition.voices.flite import FliteVoice; "
        "print(hashlib.sha256(FliteVoice().speak(Utterance(sys.argv[1])).pcm).hexdigest())"
    )
    done = subprocess.run([sys.executable, "-c", code, LINE], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == hashlib.sha256(FliteVoice().speak(Utterance(LINE)).pcm).hexdigest()


# Names, and what is written.


@needs_flite
@pytest.mark.parametrize(
    ("ipa", "heard"),
    [
        ("hoʊmz", "hh ow m z"),
        ("ˌlætəˈkiːə", "l ae t ax k iy ax"),
        ("ˈʃtʃɛtʃin", "sh ch eh ch iy n"),
        ("ˈɑːbuː moʊˈhɑːmɛd", "aa b uw m ow hh aa m eh d"),
        ("dʒʊŋ ˈjuːθ ˈɝːθ ˈvɪʒən", "jh uh ng y uw th er th v ih zh ax n"),
        ("lɔx", "l ao k"),
    ],
)
def test_a_name_is_said_as_its_phones_and_not_as_it_is_written(ipa: str, heard: str) -> None:
    """Inside a sentence, between words that are read as they are written."""
    before, after = phones(Utterance("The boat to")), phones(Utterance("left."))

    assert phones(said("The boat to Xyzzy left.", "Xyzzy", ipa=ipa)) == f"{before} {heard} {after}"


@needs_flite
def test_every_sound_of_a_lexicon_has_a_phone() -> None:
    from morning_edition.pronunciation.phonemes import CONSONANTS, VOWELS

    for phone in CONSONANTS | VOWELS:
        assert phones(said("Xyzzy", "Xyzzy", ipa=f"ˈɑː{phone}")), phone


@needs_flite
@pytest.mark.parametrize(
    "text",
    ["“Homs”", "(Homs)", "‘Homs’,", "pre-Homs", "Homs-backed", "Homs/Homs", "—Homs—", "Homs Homs-Homs"],
)
def test_phones_are_heard_whatever_stands_around_them(text: str) -> None:
    """As often as the name stands there, twice in a row too."""
    heard = phones(said(f"They saw {text} once.", "Homs", ipa="hoʊmz"))

    assert heard.count("hh ow m z") == text.count("Homs")


@needs_flite
def test_a_name_s_possessive_is_said() -> None:
    assert phones(said("Homs’s hills", "Homs", ipa="hoʊmz")).startswith("hh ow m z ax z hh ih l")
    assert phones(said("Hama’s hills", "Hama", ipa="ˈhɑːmə")).startswith("hh aa m ax z hh ih l")


@needs_flite
def test_the_most_exact_form_comes_first() -> None:
    own = said("To Homs.", "Homs", ipa="hɪmz", phonemes=(("flite", "hh AA1 m z"),))
    other = said("To Homs.", "Homs", ipa="hɪmz", phonemes=(("espeak", "h'A:mz"),))
    words = said("To ATACMS.", "ATACMS", respelling="attack [[ems]]")

    assert phones(own).endswith("hh aa m z")
    assert phones(other).endswith("hh ih m z")
    assert phones(words) == phones(Utterance("To attack ems."))


def test_an_unknown_phone_is_refused() -> None:
    """The library would take another for it without a word."""
    line = said("To Homs.", "Homs", phonemes=(("flite", "hh oo1 m z"),))

    with pytest.raises(VoiceError, match=r"^flite knows no phone 'oo1' \(in 'hh oo1 m z'\); it has aa, ae, "):
        write_tokens(line)


@needs_flite
@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("naïve café", "naive cafe"),
        ("Erdoğan’s Łódź", "Erdogan's Lodz"),
        ("“Yes,” she said — slowly…", '"Yes," she said, slowly,'),
        ("the US and the EU", "the U S and the E U"),
        ("He met the Treasury. Or so they say", "He met the treasury. or so they say"),
        ("AT&T", "A T and T"),
        ("日本 said 😀 yes", "said yes"),
        ("a\0b", "a b"),
    ],
)
def test_what_it_cannot_read_becomes_what_it_can(text: str, alike: str) -> None:
    """Flite takes ASCII, has a pronoun for US, and reads an "Or" after a name as Oregon."""
    assert phones(Utterance(text)) == phones(Utterance(alike))


@needs_flite
@pytest.mark.parametrize("text", ["", " \n ", "— …", "日本", "\0", "😀"])
def test_a_line_without_a_word_has_no_sound(text: str) -> None:
    assert FliteVoice().speak(Utterance(text)).pcm == b""


SURVIVE = """
import random, sys
from morning_edition.voices import Utterance
from morning_edition.voices.flite.input import write_tokens
from morning_edition.voices.flite.libflite import open_library
pieces, chance = sys.argv[1].split("|"), random.Random(8)
for _ in range(300):
    text = "".join(chance.choice(pieces) + chance.choice(["", "", " "]) for _ in range(chance.randint(1, 14)))
    if tokens := write_tokens(Utterance(text)):
        open_library("kal16").list_phones(tokens)
print("alive")
"""


@pytest.mark.thorough
@needs_flite
def test_no_text_ends_the_program() -> None:
    """Where Flite meets what it does not expect, it would leave the process without a word."""
    odd = "'s|'ve|1,234|10-12|1/2|$5|%|St|Dr|Or|IV|A|1990s|40km|6:15pm|555-1212|&amp;|--|é|日|“|$.5|007|"
    pieces = (
        f"{odd}x.y.z|$|1%|'tve|"
        + "|".join(set(string.printable) - {"|"})
        + f"|{'x' * 300}|{'9' * 90}|{'-' * 60}|{'1,' * 40}"
    )
    done = subprocess.run(
        [sys.executable, "-c", SURVIVE, pieces.replace("\0", "")], capture_output=True, text=True, check=False
    )

    assert done.stdout == "alive\n", done.stderr


# Words and their times.


@needs_flite
@pytest.mark.parametrize(
    "line", [*LINES, "It rose $38.5 million at 6:15, the US said — again — to 412 people."]
)
def test_every_word_has_its_time_in_order(line: str) -> None:
    """However many words Flite makes of one: "$38.5" is five, "6:15" two, a dash none."""
    speech = FliteVoice().speak(Utterance(line))

    assert [word.text for word in speech.words] == line.split()
    assert all(before.end_ms <= after.start_ms for before, after in itertools.pairwise(speech.words))
    assert all(word.end_ms - word.start_ms > 30 for word in speech.words if word.text != "—")
    assert speech.words[-1].end_ms <= speech.duration_ms


@needs_flite
@pytest.mark.parametrize("name", VOICES)
def test_words_are_where_they_are_heard(name: str) -> None:
    """Measured in the sound alone: where it sets in and dies away around a pause, a word begins and ends."""
    lines = [
        Utterance(f"{first}, {second}.")
        for first, second in itertools.permutations(("news", "mills", "money", "rooms"), 2)
    ]
    for line in lines:
        speech = FliteVoice(name).speak(line)
        (first, second), heard = speech.words, loud_stretches_ms(speech)

        assert len(heard) == 2, heard
        edges = [edge for stretch in heard for edge in stretch]
        told = [first.start_ms, first.end_ms, second.start_ms, second.end_ms]
        assert np.abs(np.subtract(edges, told)).max() <= 50, (edges, told)


def loud_stretches_ms(speech: Speech) -> list[tuple[int, int]]:
    """Return where the sound is within 34 dB of its peak, with gaps of up to 40 ms, in steps of 5 ms."""
    step = speech.sample_rate_hz // 200
    samples = np.abs(samples_of(speech))
    peaks = samples[: len(samples) // step * step].reshape(-1, step).max(axis=1)
    shown = "".join("#" if peak > samples.max() / 50 else "." for peak in peaks)
    return [(match.start() * 5, match.end() * 5) for match in re.finditer(r"#(?:\.{0,8}#)*", shown)]


# Pace, pitch, level.


@needs_flite
@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("rate", [0.5, 0.8, 1.25, 2.0])
def test_a_larger_rate_is_faster(name: str, rate: float) -> None:
    usual, other = (FliteVoice(name, Delivery(rate=given)).speak(Utterance(LINE)) for given in (1.0, rate))

    assert usual.duration_ms / other.duration_ms == pytest.approx(rate, rel=0.03)


@needs_flite
@pytest.mark.parametrize("name", VOICES)
def test_all_voices_read_at_a_newsreader_s_pace(name: str) -> None:
    spoken = [FliteVoice(name).speak(Utterance(line)).words for line in LINES[:4]]
    minutes = sum(words[-1].end_ms - words[0].start_ms for words in spoken) / 60_000

    assert sum(map(len, spoken)) / minutes == pytest.approx(170, abs=12)


@needs_flite
@pytest.mark.parametrize("name", [name for name, model in VOICES.items() if model.shifts])
@pytest.mark.parametrize("semitones", [-4, 4])
def test_a_voice_that_sets_its_pitch_does(name: str, semitones: int) -> None:
    usual, other = (
        FliteVoice(name, Delivery(pitch_semitones=given)).speak(Utterance(LINE)) for given in (0, semitones)
    )

    assert 12 * np.log2(pitch_hz(other) / pitch_hz(usual)) == pytest.approx(semitones, abs=0.7)
    assert other.duration_ms == pytest.approx(usual.duration_ms, rel=0.01)


def pitch_hz(speech: Speech) -> float:
    """Return the middle pitch of the voiced parts, by autocorrelation of 40 ms at a time."""
    rate_hz, samples = speech.sample_rate_hz, samples_of(speech)
    size, found = rate_hz // 25, []
    window = np.hanning(size)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, 4 * size)) ** 2)[:size]
    for start in range(0, len(samples) - size, rate_hz // 100):
        part = samples[start : start + size]
        power = np.abs(np.fft.rfft((part - part.mean()) * window, 4 * size)) ** 2
        alike = np.fft.irfft(power)[:size] / np.maximum(own, 1e-3)
        lags = alike[rate_hz // 400 : rate_hz // 60] / max(alike[0], 1e-9)
        if part.std() > 600 and lags.max() > 0.7:
            first = next(
                at
                for at in range(len(lags))
                if lags[at] > 0.9 * lags.max() and lags[at] == lags[at : at + 9].max()
            )
            found.append(rate_hz / (first + rate_hz // 400))
    return float(np.median(found))


@needs_flite
def test_what_cannot_set_its_pitch_says_so() -> None:
    """The model of `rms` has each pitch in itself; its sound is shifted afterwards."""
    higher = FliteVoice("rms", Delivery(pitch_semitones=3))

    assert not higher.traits.sets_pitch
    assert FliteVoice("slt").traits.sets_pitch
    assert higher.identity == FliteVoice("rms").identity
    assert higher.speak(Utterance(LINE)) == FliteVoice("rms").speak(Utterance(LINE))


@needs_flite
@pytest.mark.parametrize("name", VOICES)
def test_a_voice_is_not_clipped(name: str) -> None:
    for line in LINES:
        peak = np.abs(samples_of(FliteVoice(name).speak(Utterance(line)))).max()

        assert 3_000 < peak < 32_000


# Which voices there are.


@needs_flite
def test_voices_and_settings_have_identities_of_their_own() -> None:
    voices = [FliteVoice(name, Delivery(rate=rate)) for name in VOICES for rate in (1.0, 1.1)]
    voices.append(FliteVoice("slt", Delivery(pitch_semitones=1)))

    assert len({voice.identity for voice in voices}) == len(voices)
    assert FliteVoice().identity == FliteVoice("rms").identity
    assert re.match(r"flite \d\S*/\d\S* rms ", FliteVoice().identity)


@needs_flite
@pytest.mark.parametrize(
    ("setting", "value"), [("TONE", ()), ("VOICES", {**VOICES, "rms": flite._Model("", 1.3)})]
)
def test_the_identity_changes_with_every_setting(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: Any
) -> None:
    before = FliteVoice().identity
    monkeypatch.setattr(flite, setting, value)

    assert FliteVoice().identity != before


def test_the_voice_of_telephones_is_not_offered() -> None:
    """`kal` has 8 kHz."""
    with pytest.raises(VoiceError, match=r"^flite has no voice called 'kal'; it has rms, kal16, awb, slt$"):
        FliteVoice("kal")


def test_it_does_not_read_another_language_as_english() -> None:
    """Unless a voice is named, which is to say that it is wanted all the same."""
    with pytest.raises(
        VoiceError, match=r"^flite speaks English, not de-AT; use espeak or a voice of piper$"
    ):
        FliteVoice("", Delivery(language="de-AT"))


def test_where_flite_is_not_installed_it_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the constructor, before any line is read; the catalogue still lists what there could be."""
    for cached in (libflite._load, libflite.open_library, libflite.is_installed):
        cached.cache_clear()

    def refuse(*arguments: object) -> None:
        raise OSError("libflite_cmu_us_rms.so.1: cannot open shared object file")

    with monkeypatch.context() as patched:
        patched.setattr("ctypes.CDLL", refuse)
        with pytest.raises(
            VoiceError, match=r"^flite's voice rms is not installed \(.*\); install libflite1 "
        ):
            FliteVoice()
        available, notes = FliteVoice.is_available(), FliteVoice.catalogue()
    for cached in (libflite._load, libflite.is_installed):
        cached.cache_clear()

    assert not available
    assert [note.installed for note in notes] == [False] * len(VOICES)


@needs_flite
def test_the_catalogue_leads_with_the_voice_that_is_heard_best() -> None:
    notes = FliteVoice.catalogue()
    voice: Voice = FliteVoice(notes[0].name)

    assert voice.identity == FliteVoice().identity
    assert [note.name for note in notes] == list(VOICES)
    assert all(note.installed and note.language == "en-US" for note in notes)


@pytest.mark.thorough
@needs_flite
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read as Linux tells it")
def test_a_long_programme_takes_no_more_memory() -> None:
    voice = FliteVoice()

    def in_use_mb() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

    for number in range(20):
        voice.speak(Utterance(f"Boat {number} left."))
    before_mb = in_use_mb()
    for number in range(100):
        voice.speak(Utterance(f"Boat {number} left."))

    assert in_use_mb() - before_mb < 8
