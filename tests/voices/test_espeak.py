"""How `EspeakVoice` speaks: the same each time, true to its word times, whatever the text."""

import hashlib
import itertools
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import espeakng_loader
import numpy as np
import numpy.typing as npt
import pytest

from morning_edition.errors import VoiceError
from morning_edition.voices import Delivery, Pronounced, Speech, Utterance, Voice, espeak
from morning_edition.voices.espeak import EspeakVoice, default_voice, find_pitch

LINE = "The first boat left the pier at sunrise, its deck full of nurses, students and a brass band."
LINES = (
    LINE,
    "Officials will count passengers until the end of September.",
    "“People here never stopped looking at the water,” said the mayor.",
    "The old line closed after a storm; since then, traffic has grown.",
    "Is it over?",
)
PAUSES = (
    LINE,
    "He stopped. Then he went on: slowly.",
    "The plan, if it passes, is in force from May; nobody knows the cost.",
    "“It is done,” she said – at last – and left the hall.",
    "Ferries, horses, vans, lorries and foxes share the bridge.",
)
STEP_MS = 5
SHORTEST_PAUSE_MS = 120


def samples_of(speech: Speech) -> npt.NDArray[np.float64]:
    return np.frombuffer(speech.pcm, "<i2").astype(np.float64)


def level_db(samples: npt.NDArray[np.float64]) -> float:
    """Return the level in decibels below full scale."""
    return 20 * float(np.log10(np.sqrt(np.mean((samples / 32768) ** 2)) + 1e-9))


def part(speech: Speech, start_ms: float, end_ms: float) -> npt.NDArray[np.float64]:
    first, last = (round(ms * speech.sample_rate_hz / 1000) for ms in (start_ms, end_ms))
    return samples_of(speech)[first:last]


def pauses_heard(speech: Speech) -> list[tuple[float, float]]:
    """Measure in the sound alone where it is silent for long, without its start and its end."""
    step = speech.sample_rate_hz * STEP_MS // 1000
    samples = samples_of(speech)[: len(speech.pcm) // 2 // step * step]
    peaks = np.abs(samples).reshape(-1, step).max(axis=1)
    quiet = "".join(".#"[int(peak > peaks.max() / 100)] for peak in peaks)
    return [
        (match.start() * STEP_MS, match.end() * STEP_MS)
        for match in re.finditer(r"(?<=#)\.+(?=#)", quiet)
        if len(match[0]) * STEP_MS >= SHORTEST_PAUSE_MS
    ]


def run_python(code: str, *arguments: str, scratch: Path | None = None) -> str:
    """Run *code* in another process, with its scratch files in *scratch*, and return what it prints."""
    environment = os.environ | ({name: str(scratch) for name in ("TMPDIR", "TEMP", "TMP")} if scratch else {})
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def fingerprint(speech: Speech) -> str:
    return hashlib.sha256(speech.pcm).hexdigest()


# The same line is the same sound.


def test_a_line_is_the_same_whatever_was_spoken_before() -> None:
    """The same line gives the same bytes and word times, whatever was spoken before it."""
    alone = EspeakVoice().speak(Utterance(LINE))
    voice = EspeakVoice()
    for other in LINES[1:]:
        voice.speak(Utterance(other))
    EspeakVoice("en+f2", Delivery(rate=1.5)).speak(Utterance("Something else."))

    assert voice.speak(Utterance(LINE)) == alone
    assert alone.duration_ms > 4000


def test_lines_spoken_side_by_side_are_the_same_as_alone() -> None:
    """Eight threads give the bytes that one gives."""
    voice = EspeakVoice()
    alone = [voice.speak(Utterance(line)) for line in LINES]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(voice.speak, map(Utterance, LINES * 8)))

    assert together == alone * 8


def test_another_process_gives_the_same_bytes() -> None:
    """A take made on one run is the take that every other run would make."""
    code = (
        "import hashlib, sys; from morning_edition.voices import Utterance; "
        "from morning_edition.voices.espeak import EspeakVoice; "
        "print(hashlib.sha256(EspeakVoice().speak(Utterance(sys.argv[1])).pcm).hexdigest())"
    )

    assert run_python(code, LINE) == fingerprint(EspeakVoice().speak(Utterance(LINE)))


def test_the_cores_are_used_up_to_four(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line at once holds a copy of the library; more than four cost memory and save no time."""
    at_once = []
    for cores in (1, 2, 4, 64, None):
        monkeypatch.setattr(os, "cpu_count", lambda cores=cores: cores)
        at_once.append(EspeakVoice().traits.lines_at_once)

    assert at_once == [1, 2, 4, 4, 1]


# Word times.


@pytest.mark.parametrize("line", PAUSES)
def test_the_sound_is_quiet_between_words_that_a_pause_parts(line: str) -> None:
    """A pause belongs to no word: the sound is quiet in it, and loud in the words around it."""
    speech = EspeakVoice().speak(Utterance(line))
    spoken = [word for word in speech.words if word.end_ms > word.start_ms]
    gaps = [pair for pair in itertools.pairwise(spoken) if pair[1].start_ms - pair[0].end_ms >= 50]

    assert len(gaps) >= len(re.findall(r"[,.;:] | – ", line.replace("”", "")))
    for before, after in gaps:
        gap_db = level_db(part(speech, before.end_ms + 5, after.start_ms - 5))
        quieter_db = min(level_db(part(speech, word.start_ms, word.end_ms)) for word in (before, after))
        assert gap_db < quieter_db - 20, (before, after)


@pytest.mark.parametrize("line", PAUSES)
def test_a_word_begins_where_it_is_heard_after_a_pause(line: str) -> None:
    """Where the sound sets in again after a pause, a word begins; where it stopped, one ended."""
    speech = EspeakVoice().speak(Utterance(line))
    heard = pauses_heard(speech)

    assert heard
    for start_ms, end_ms in heard:
        assert min(abs(word.start_ms - end_ms) for word in speech.words) <= 50
        assert min(abs(word.end_ms - start_ms) for word in speech.words) <= 50


HISSED = (
    "We saw you so low, may I say, on a sea or by a sand hill.",
    "No one in sunny May will sail a yellow sea or lay a soggy line.",
    "A silly wall on a sandy lane may soon allow you in.",
)
"""Each s begins a word, follows a voiced sound, and is the only kind of sound above 5 kHz."""


@pytest.mark.parametrize("line", HISSED)
@pytest.mark.parametrize("rate", [0.8, 1.0, 1.4])
def test_a_word_begins_where_it_is_heard_in_the_middle_of_speech(line: str, rate: float) -> None:
    """Measured in the sound alone: each word with an s begins within 50 ms of the hiss."""
    speech = EspeakVoice("", Delivery(rate=rate)).speak(Utterance(line))
    told = [word.start_ms for word in speech.words if word.text.startswith("s")]
    heard = hisses_heard(speech)

    assert len(heard) == len(told), (heard, told)
    assert np.abs(np.subtract(heard, told)).max() <= 50, (heard, told)


def hisses_heard(speech: Speech) -> list[int]:
    """Return where the sound above 5 kHz sets in for 40 ms or longer, in steps of 5 ms."""
    step = speech.sample_rate_hz * STEP_MS // 1000
    samples = samples_of(speech)
    window = np.hanning(2 * step)
    frames = np.array([samples[at : at + 2 * step] for at in range(0, len(samples) - 2 * step, step)])
    spectra = np.abs(np.fft.rfft(frames * window)) ** 2
    first = round(5000 * 2 * step / speech.sample_rate_hz)
    high = spectra[:, first:].sum(axis=1)
    shown = "".join(".#"[int(level > high.max() / 30)] for level in high)
    return [match.start() * STEP_MS for match in re.finditer(r"#(?:\.{0,3}#)*", shown) if len(match[0]) >= 8]


@pytest.mark.parametrize("line", LINES)
def test_words_fill_the_sound(line: str) -> None:
    """The first word begins with the sound, but for the 50 ms of a p's closed lips; the last ends with it."""
    speech = EspeakVoice().speak(Utterance(line))
    loud = np.flatnonzero(np.abs(samples_of(speech)) > 100)
    spoken = [word for word in speech.words if word.end_ms > word.start_ms]

    assert -5 <= loud[0] * 1000 / speech.sample_rate_hz - spoken[0].start_ms <= 55
    assert abs(spoken[-1].end_ms - loud[-1] * 1000 / speech.sample_rate_hz) <= 30


def test_words_that_the_engine_runs_together_share_their_time() -> None:
    """“Had been” is one sound to the engine; the captions still know when each word is heard."""
    words = EspeakVoice().speak(Utterance("They had been at a house.")).words

    assert all(40 <= word.end_ms - word.start_ms <= 500 for word in words if word.text != "a")
    assert all(word.end_ms > word.start_ms for word in words)


def test_a_dash_takes_no_time_from_the_word_before_it() -> None:
    """A dash is in the words, so that they can be matched with the line, but no time is its own."""
    said, dash, slowly = EspeakVoice().speak(Utterance("said — slowly")).words

    assert dash.start_ms == dash.end_ms == said.end_ms < slowly.start_ms


# Any text.


@pytest.mark.parametrize(
    "text",
    [
        *LINES,
        *PAUSES,
        "“Quoted”, 'single', \"double\", «French», it’s o’clock",
        "— dash first, dash last —",
        "An en–dash, a hyphen-ated word, an em—dash",
        "412 people at 6:15 a.m. on 2028-01-02",
        "$38.5 million, €5m, 1,234,567,890 and 10–12",
        "It rose 5% to 3.5 % and fell -5%",
        "Hello 😀 world 😀😀",
        "😀",
        "%",
        "a [[b]] c[[d]]e [[h'0mz]] [[ ]] f",
        "[[[[nested]]]] [ [ apart",
        "nul\0in the\0 middle",
        "lone \ud800 surrogate\udfff here",
        "naïve café, Erdoğan, 日本, мир, ꙮ",
        "<b>bold</b> &amp; <break time='3s'/> AT&T",
        "a\u200bb \u200b c \ufeff d",
        "one\ttwo\nthree\r\nfour\u00a0five\u2028six",
        "  spaces   around  ",
        "http://example.com/x?y=1 @home #tag * end",
        "They had been at a house in the city of the bay",
    ],
)
def test_every_word_of_the_line_has_its_time(text: str) -> None:
    """There is one word for each between spaces, in their order, one after another inside the sound."""
    speech = EspeakVoice().speak(Utterance(text))
    edges = [edge for word in speech.words for edge in (word.start_ms, word.end_ms)]

    assert [word.text for word in speech.words] == text.split()
    assert edges == sorted(edges)
    assert 0 <= edges[0] < edges[-1] <= speech.duration_ms
    assert level_db(samples_of(speech)) > -35


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\0", "...", "?!", "“”", "– – –", "...!! — ,", "\ud800", "[[]]"]
)
def test_a_line_with_nothing_to_say_has_no_sound(text: str) -> None:
    """Marks alone are no sound and no words, rather than a moment of silence."""
    assert EspeakVoice().speak(Utterance(text)) == Speech(b"", 22_050)


def test_brackets_are_not_phonemes() -> None:
    """Double brackets in an article cannot make the voice say something else than what stands there."""
    speech = EspeakVoice().speak(Utterance("The [[word]] [[f'eIk]] [[stands]] on its own."))
    plain = EspeakVoice().speak(Utterance("The   word     f'eIk     stands   on its own."))

    assert speech.pcm == plain.pcm
    assert speech.words[2].text == "[[f'eIk]]"
    assert [word.start_ms for word in speech.words] == [word.start_ms for word in plain.words]


def test_a_nul_does_not_end_the_line() -> None:
    assert (
        EspeakVoice().speak(Utterance("before\0after")).pcm
        == EspeakVoice().speak(Utterance("before after")).pcm
    )


def test_a_line_of_5000_characters_is_spoken_whole() -> None:
    """Nothing of a long line is lost, and its last word is heard at its end."""
    line = ("boats and trains " * 300)[:5000]
    speech = EspeakVoice("", Delivery(rate=2.0)).speak(Utterance(line))

    assert [word.text for word in speech.words] == line.split()
    assert speech.words[-1].end_ms == pytest.approx(speech.duration_ms, abs=50)
    assert all(word.end_ms > word.start_ms for word in speech.words)


# The sound.


@pytest.mark.parametrize("name", ["", "en", "en-us+f2"])
@pytest.mark.parametrize("semitones", [-6, -3, 3, 6])
def test_a_voice_speaks_as_high_as_it_is_asked_to(name: str, semitones: int) -> None:
    """Measured in the sound, within half a semitone, and with the intonation it has at its own pitch."""
    usual, other = (
        np.concatenate(
            [pitches_heard(EspeakVoice(name, delivery).speak(Utterance(line))) for line in LINES[:4]]
        )
        for delivery in (Delivery(), Delivery(pitch_semitones=semitones))
    )

    assert other.mean() - usual.mean() == pytest.approx(semitones, abs=0.5)
    assert other.std() / usual.std() == pytest.approx(1, abs=0.25)


def pitches_heard(speech: Speech) -> npt.NDArray[np.float64]:
    """Return the pitch of each 40 ms that are voiced, in semitones over 1 Hz, by autocorrelation."""
    rate_hz, samples = speech.sample_rate_hz, samples_of(speech)
    size, found = rate_hz // 25, []
    window = np.hanning(size)
    own = np.maximum(np.fft.irfft(np.abs(np.fft.rfft(window, 4 * size)) ** 2)[:size], 1e-3)
    for start in range(0, len(samples) - size, rate_hz // 100):
        part = samples[start : start + size]
        power = np.abs(np.fft.rfft((part - part.mean()) * window, 4 * size)) ** 2
        alike = np.fft.irfft(power)[:size] / own
        lags = alike[rate_hz // 400 : rate_hz // 60] / max(alike[0], 1e-9)
        if part.std() > 600 and lags.max() > 0.6:
            tops = [at for at in range(1, len(lags) - 1) if lags[at] == lags[at - 1 : at + 2].max()]
            first = next((at for at in tops if lags[at] > 0.9 * lags.max()), int(lags.argmax()))
            found.append(12 * np.log2(rate_hz / (first + rate_hz // 400)))
    heard: npt.NDArray[np.float64] = np.array(found)
    near: npt.NDArray[np.bool_] = np.abs(heard - np.median(heard)) < 7
    return heard[near]


def test_the_usual_pitch_is_the_usual_one() -> None:
    """No shift is the setting that the voice was tuned with, and none leaves the engine's scale."""
    assert find_pitch(0) == (espeak.PITCH, espeak.RANGE)
    for semitones in (-48, -12, 12, 48):
        assert all(0 <= value <= 99 for value in find_pitch(semitones))


@pytest.mark.parametrize("rate", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("name", ["", "en", "en-us+f2", "en-us+klatt4", "en-gb-x-rp+edward2"])
def test_the_sound_is_clean(name: str, rate: float) -> None:
    """No sample is cut off, no constant lies under the speech, and it begins and ends at once."""
    for line in LINES[:2]:
        speech = EspeakVoice(name, Delivery(rate=rate)).speak(Utterance(line))
        samples = samples_of(speech)
        loud = np.flatnonzero(np.abs(samples) > 300)

        assert np.abs(samples).max() < 32767
        assert abs(samples.mean()) < 10
        assert loud[0] / speech.sample_rate_hz < 0.05
        assert (len(samples) - loud[-1]) / speech.sample_rate_hz < 0.15


def test_a_larger_rate_is_faster() -> None:
    """1.0 is a newsreader's pace, and what is written in station.toml scales it."""
    slow, usual, fast = (
        EspeakVoice("", Delivery(rate=rate)).speak(Utterance(LINE)).duration_ms for rate in (0.5, 1.0, 2.0)
    )

    assert len(LINE.split()) * 60_000 / usual == pytest.approx(170, rel=0.25)
    assert slow / usual == pytest.approx(2.0, rel=0.2)
    assert usual / fast == pytest.approx(2.0, rel=0.2)


# Which voice.


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("en-uz", "espeak has no voice called 'en-uz'; did you mean en-us?"),
        ("en-gb", "espeak has no voice called 'en-gb'; did you mean en-gb-x-rp?"),
        ("qqqq", "espeak has no voice called 'qqqq'"),
        ("+edward", "espeak has no voice called ''"),
        ("fo", "espeak has no voice called 'fo'; did you mean"),
        ("en-us+edwrad", "espeak has no variant called 'edwrad'; did you mean edward?"),
        ("en-us+", "espeak has no variant called ''"),
        ("en-us+../../lang/gmw/de", "espeak has no variant called '../../lang/gmw/de'"),
    ],
)
def test_an_unknown_voice_is_refused_with_the_nearest(name: str, message: str) -> None:
    """The engine would take another voice without a word; the message names the one that was meant."""
    with pytest.raises(VoiceError) as refused:
        EspeakVoice(name)

    assert str(refused.value).startswith(message)
    assert str(refused.value).endswith(" (`morning-edition voices` lists them)")


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("en-US", "en-us"),
        ("en", "en-us"),
        ("EN-us", "en-us"),
        ("en-AU", "en-us"),
        ("en-GB", "en"),
        ("de-AT", "de"),
        ("pt-BR", "pt-BR"),
        ("pt-PT", "pt"),
        ("es-MX", "es-419"),
        ("fr", "fr"),
        ("fr-CH", "fr-CH"),
        ("no", "nb"),
        ("zh-CN", "cmn"),
        ("xx", "en-us"),
    ],
)
def test_the_station_s_language_chooses_the_voice(language: str, name: str) -> None:
    """A language is read by its own voice wherever there is one, and by English otherwise."""
    assert default_voice(language) == f"{name}+edward"
    assert EspeakVoice("", Delivery(language=language)).identity == EspeakVoice(f"{name}+edward").identity


def test_the_catalogue_lists_english_first() -> None:
    """American English leads, then the other Englishes, then all other languages."""
    notes = EspeakVoice.catalogue()
    english = [note.language[:2] == "en" for note in notes]

    assert (notes[0].language, notes[1].language) == ("en-US", "en-GB")
    assert english == sorted(english, reverse=True)
    assert len({note.name for note in notes}) == len(notes) > 100


def test_every_voice_of_the_catalogue_speaks() -> None:
    """What is listed can be used, whatever the language."""
    for note in EspeakVoice.catalogue():
        assert EspeakVoice(note.name).speak(Utterance("radio 12")).duration_ms > 300, note


def test_a_voice_fits_the_seam() -> None:
    voice: Voice = EspeakVoice("", Delivery(language="en-GB", rate=1.0))

    assert voice.identity.startswith("espeak ")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("WORDS_A_MINUTE", 160),
        ("VOLUME", 60),
        ("PITCH", 40),
        ("RANGE", 60),
        ("TONE", (("highpass", "frequency=90"),)),
        ("_version", lambda: "9.9"),
    ],
)
def test_the_identity_changes_with_every_setting(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: Any
) -> None:
    """A take is never reused for a voice that would sound otherwise."""
    before = EspeakVoice().identity
    monkeypatch.setattr(espeak, setting, value)

    assert EspeakVoice().identity != before


def test_voices_and_paces_have_identities_of_their_own() -> None:
    voices = [
        EspeakVoice(),
        EspeakVoice("", Delivery(rate=1.1)),
        EspeakVoice("", Delivery(pitch_semitones=-1)),
        EspeakVoice("en"),
        EspeakVoice("en-us+f2"),
        EspeakVoice("de"),
    ]

    assert len({voice.identity for voice in voices}) == len(voices)
    assert EspeakVoice().identity == EspeakVoice("en-us+edward").identity


# The library.


SPEAK_WITH_DATA_IN = """
import errno, hashlib, pathlib, sys, tempfile
import espeakng_loader
from concurrent.futures import ThreadPoolExecutor
data, links, line = sys.argv[1:]
def refuse(*arguments, **options):
    raise OSError(errno.EPERM, "A required privilege is not held by the client")
if links == "refused":
    pathlib.Path.symlink_to = refuse
espeakng_loader.get_data_path = lambda: data
from morning_edition.voices import Utterance
from morning_edition.voices.espeak import EspeakVoice
with ThreadPoolExecutor(4) as pool:
    for speech in pool.map(EspeakVoice().speak, [Utterance(line)] * 4):
        print(hashlib.sha256(speech.pcm).hexdigest())
"""


@pytest.mark.parametrize("links", ["allowed", "refused"])
def test_a_data_path_too_long_for_the_library_is_shortened(tmp_path: Path, links: str) -> None:
    """The voice speaks from the deepest folder, also where links are refused, as on Windows."""
    scratch, deep = tmp_path / "scratch", tmp_path.joinpath(*["a-folder-of-a-deep-environment"] * 6)
    scratch.mkdir()
    deep.mkdir(parents=True)
    data = deep / "espeak-ng-data"
    data.symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)

    printed = run_python(SPEAK_WITH_DATA_IN, str(data), links, LINE, scratch=scratch)

    assert len(str(data)) > 160
    assert printed.split() == [fingerprint(EspeakVoice().speak(Utterance(LINE)))] * 4
    assert list(scratch.iterdir()) == []
    assert (data / "phontab").exists()


def test_data_that_cannot_be_read_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A broken installation is one line with its remedy, and does not end the program."""
    voice = EspeakVoice()
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(tmp_path))

    with pytest.raises(
        VoiceError, match=r"^espeak cannot read its data in .*; install espeakng-loader again$"
    ):
        voice.speak(Utterance(LINE))


SPEAK_WITHOUT_PROGRAMS_IN = """
import ctypes, hashlib, sys
from concurrent.futures import ThreadPoolExecutor
from morning_edition.errors import VoiceError
from morning_edition.voices import Utterance
from morning_edition.voices.espeak import EspeakVoice
line, *refused = sys.argv[1:]
load = ctypes.CDLL
def load_unless_refused(name, *arguments, **options):
    if any(str(name).startswith(folder) for folder in refused):
        raise OSError(f"{name}: failed to map segment from shared object: Operation not permitted")
    return load(name, *arguments, **options)
ctypes.CDLL = load_unless_refused
try:
    with ThreadPoolExecutor(4) as pool:
        for speech in pool.map(EspeakVoice().speak, [Utterance(line)] * 4):
            print(hashlib.sha256(speech.pcm).hexdigest())
except VoiceError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the user's cache is named by a variable on Linux")
@pytest.mark.parametrize("refused", [("scratch",), ("scratch", "cache")])
def test_where_no_program_runs_in_the_temporary_folder_it_speaks_from_the_cache(
    tmp_path: Path, refused: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some machines mount it so (noexec). Else the way out is told; nothing is left behind."""
    scratch, cache = tmp_path / "scratch", tmp_path / "cache"
    scratch.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))

    folders = [str(tmp_path / name) for name in refused]
    printed = run_python(SPEAK_WITHOUT_PROGRAMS_IN, LINE, *folders, scratch=scratch)

    if "cache" in refused:
        assert "set TMPDIR to a folder where programs may run" in printed
    else:
        assert printed.split() == [fingerprint(EspeakVoice().speak(Utterance(LINE)))] * 4
    assert [*scratch.iterdir(), *(cache / "morning-edition").iterdir()] == []


SPEAK_300_LINES = """
import os, tempfile
from pathlib import Path
from morning_edition.voices import Utterance
from morning_edition.voices.espeak import EspeakVoice
def in_use_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
voice = EspeakVoice()
for number in range(20):
    voice.speak(Utterance(f"Boat {number} left."))
before = in_use_mb()
for number in range(300):
    voice.speak(Utterance(f"Boat {number} left."))
left = list(Path(tempfile.gettempdir()).glob("*/*"))
mapped = Path("/proc/self/maps").read_text().count(tempfile.gettempdir())
print(in_use_mb() - before, len(left), mapped)
"""


@pytest.mark.thorough
@pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="the memory in use is read as Linux tells it"
)
def test_300_lines_leave_nothing_behind(tmp_path: Path) -> None:
    """A long programme takes no more memory than a short one, and leaves no scratch files."""
    grown_mb, left, mapped = map(float, run_python(SPEAK_300_LINES, scratch=tmp_path).split())

    assert grown_mb < 20
    assert left == mapped == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("forms", [{}, {"ipa": "ˈhɑːmə"}, {"respelling": "hah mah"}])
def test_a_name_of_nothing_but_space_is_no_failure(forms: dict[str, str]) -> None:
    """A plug-in may have found one; there is nothing in it to say."""
    line = Utterance("Good  morning.", (Pronounced(4, 6, **{"respelling": " ", **forms}),))

    assert [word.text for word in EspeakVoice().speak(line).words] == ["Good", "morning."]


# Names, as a lexicon has them.


def said(text: str, name: str, **forms: Any) -> Utterance:
    """Return *text* with *name* said otherwise wherever it stands."""
    places = [match.start() for match in re.finditer(re.escape(name), text)]
    respelling = forms.pop("respelling", name)
    return Utterance(text, tuple(Pronounced(at, at + len(name), respelling, **forms) for at in places))


@pytest.mark.parametrize(
    ("name", "ipa"),
    [("Homs", "hoʊmz"), ("Aqaba", "ˈʌkəbə"), ("Szczecin", "ˈʃtʃɛtʃin"), ("Oaxaca", "wəˈhɑːkə")],
)
def test_a_name_is_said_as_its_phonemes_and_not_as_it_is_written(name: str, ipa: str) -> None:
    """Whatever the letters, one pronunciation is one sound."""
    one = EspeakVoice().speak(said(f"The boat to {name} left.", name, ipa=ipa))
    other = EspeakVoice().speak(said("The boat to Xyzzy left.", "Xyzzy", ipa=ipa))
    plain = EspeakVoice().speak(Utterance(f"The boat to {name} left."))

    assert one.pcm == other.pcm
    assert one.pcm != plain.pcm
    assert [word.text for word in one.words] == ["The", "boat", "to", name, "left."]


@pytest.mark.parametrize(
    "text", ["“Homs”", "(Homs)", "‘Homs’,", "pre-Homs", "Homs-backed", "Homs/Homs", "—Homs—", "Homs’"]
)
def test_phonemes_are_heard_whatever_stands_around_them(text: str) -> None:
    """The engine drops phonemes that touch a quotation mark; none of ours may be lost."""
    line = f"They saw {text} once more."
    with_name = EspeakVoice().speak(said(line, "Homs", ipa="ˈhɒmzəlɑːfəˌtiːdə"))
    without = EspeakVoice().speak(Utterance(line.replace("Homs", "")))

    assert with_name.duration_ms > without.duration_ms + 500


def test_words_keep_their_times_around_a_name_in_phonemes() -> None:
    """Each word of the text has its place, those of a name of three words too."""
    text = "Then Abu Mohammed al-Golani, their leader, spoke of Homs."
    line = Utterance(
        text,
        (
            Pronounced(5, 27, "x", "ˈɑːbuː moʊˈhɑːmɛd ælɡoʊˈlɑːni"),
            Pronounced(text.index("Homs"), text.index("Homs") + 4, "homz", ""),
        ),
    )
    words = EspeakVoice().speak(line).words

    assert [word.text for word in words] == text.split()
    assert all(before.end_ms <= after.start_ms + 1 for before, after in itertools.pairwise(words))
    assert all(word.end_ms - word.start_ms > 80 for word in words if len(word.text) > 3)


def test_an_engine_s_own_phonemes_come_first() -> None:
    own = EspeakVoice().speak(said("To Homs.", "Homs", ipa="hɪmz", phonemes=(("espeak", "h'A:mz"),)))
    ipa = EspeakVoice().speak(said("To Homs.", "Homs", ipa="ˈhɑːmz"))
    other = EspeakVoice().speak(said("To Homs.", "Homs", ipa="ˈhɑːmz", phonemes=(("polly", "x"),)))

    assert own.pcm == ipa.pcm == other.pcm


def test_other_words_take_a_name_s_place() -> None:
    """With no sounds given, the respelling is read, its brackets harmless."""
    line = said("Two ATACMS fell.", "ATACMS", respelling="attack [[ems]]")

    assert EspeakVoice().speak(line).pcm == EspeakVoice().speak(Utterance("Two attack   ems fell.")).pcm
    assert [word.text for word in EspeakVoice().speak(line).words] == ["Two", "ATACMS", "fell."]


def test_british_voices_leave_an_r_out_and_american_ones_do_not() -> None:
    american = [
        EspeakVoice("en-us+edward").speak(said("A Bard.", "Bard", ipa=ipa)).pcm for ipa in ("ˈbeɪrd", "ˈbeɪd")
    ]
    british = [
        EspeakVoice("en+edward").speak(said("A Bard.", "Bard", ipa=ipa)).pcm for ipa in ("ˈbeɪrd", "ˈbeɪd")
    ]

    assert american[0] != american[1]
    assert british[0] == british[1]


@pytest.mark.parametrize(
    ("text", "ipa"),
    [
        ("Latakia", "lætˈækiə"),
        ("The mayor, of Homs. He left", "ðə mˈeɪɚ ʌv hˈɑːmz hiː lˈɛft"),
        ("", ""),
        ("…", ""),
        ("a\0b [[h'eI]]", "ɐ bˈiː ˈeɪtʃˈɛ ˈaɪ"),
    ],
)
def test_a_text_is_transcribed(text: str, ipa: str) -> None:
    """In IPA, all its clauses; phonemes in brackets are letters like any others."""
    assert EspeakVoice().transcribe(text) == ipa
