"""The embedded voice: eSpeak NG, called in this process, from the wheel `espeakng-loader`.

The settings follow from listening tests by machine (a speech recogniser on 40 news sentences, word error
rate with a fair noise floor): the stock `en-us` voice is misheard in 64 % of words, the Klatt variant
`edward` in 38 %; no rate from 140 to 200 words a minute is heard better than another, so it reads at a
newsreader's 170; an intonation range of 75 comes closest to a human's (2.3 semitones of deviation against
2.9) without overshooting; above a volume of 80 the synthesiser itself clips. A shelf of -4 dB below 220 Hz
and a wide lift of 4 dB at 3 kHz bring the error in street noise (pink, 15 dB) from 45 % down to 39 %. Its
pulses are all of one phase, with peaks 19 dB over the loudness; four all-pass stages, as radio stations use
them, spread each pulse over time and take 3 dB off the peaks, which a limiter would otherwise cut off.
"""

import bisect
import functools
import itertools
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from morning_edition.errors import VoiceError
from morning_edition.voices import (
    NO_OPTIONS,
    USUAL,
    Delivery,
    Option,
    Speech,
    Traits,
    Utterance,
    VoiceNote,
    Word,
)

if TYPE_CHECKING:
    from morning_edition.filters import Samples
    from morning_edition.voices.espeak.speak_lib import Mark

WORDS_A_MINUTE = 170
VOLUME = 70
PITCH = 50
STEPS_UP, STEPS_DOWN = 5.0, 5.6
"""Of pitch for a semitone, while the range goes with it. Measured: up to 6 semitones either way are right
within half of one, and the intonation stays as wide; with the range left alone, a shift is a fifth too small.
"""
SAMPLE_RATE_HZ = 22_050
MOST_AT_ONCE = 4
"""More threads than these would hold more memory than they save time."""
RANGE = 75
TONE = (
    ("highpass", "frequency=80"),
    ("bass", "gain=-4:frequency=220"),
    ("equalizer", "frequency=3000:width_type=q:width=0.8:gain=4"),
    *[("allpass", "frequency=400:width_type=q:width=0.7")] * 4,
)
VARIANT = "edward"
ENGLISH = {"en": "en-us", "en-us": "en-us", "en-gb": "en", "en-uk": "en"}
"""What the engine calls the two Englishes; for other languages its voices tell which they speak."""
AMERICAN = ("en-us", "en-us-nyc")
"""The voices whose r sounds wherever it is written."""
USUAL_PRIORITY = 5
"""How well a voice speaks a language when its file does not say; lower is better."""
SILENCE = 0.01
"""Of the loudest sample: what is softer is a pause. An f at the end of a word has 0.03, a pause 0.001."""


class EspeakVoice:
    """eSpeak NG: robotic, clear, instant; needs no network and no download."""

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        self._name = name or default_voice(delivery.language)
        self._words_a_minute = round(WORDS_A_MINUTE * delivery.rate)
        self._pitch, self._range = find_pitch(delivery.pitch_semitones)
        _check_voice(self._name)

    @property
    def identity(self) -> str:
        """Engine, version, voice and every setting above."""
        tone = ";".join(f"{name}:{options}" for name, options in TONE)
        return (
            f"espeak {_version()} {self._name} rate={self._words_a_minute} volume={VOLUME} "
            f"pitch={self._pitch} range={self._range} tone={tone}"
        )

    @property
    def traits(self) -> Traits:
        """One line a core: the library lets go of the interpreter while it speaks."""
        return Traits(
            takes="phonemes",
            sample_rate_hz=SAMPLE_RATE_HZ,
            word_times=True,
            sets_rate=True,
            sets_pitch=True,
            lines_at_once=min(os.cpu_count() or 1, MOST_AT_ONCE),
        )

    def speak(self, line: Utterance) -> Speech:
        """Read one line; the same line gives the same bytes, whatever was spoken before."""
        import numpy as np

        from morning_edition.filters import filter_samples
        from morning_edition.voices.espeak import speak_lib
        from morning_edition.voices.espeak.input import write_input

        given = write_input(line, british=self._british)
        settings = (
            (speak_lib.RATE, self._words_a_minute),
            (speak_lib.VOLUME, VOLUME),
            (speak_lib.PITCH, self._pitch),
            (speak_lib.RANGE, self._range),
        )
        with speak_lib.open_library() as library:
            rate_hz, pcm, marks = library.speak(given.text, self._name, settings)
        if not any(pcm):
            return Speech(b"", rate_hz)
        samples = np.frombuffer(pcm, np.int16).astype(np.float32) / np.float32(32768)
        toned = np.clip(filter_samples(samples, rate_hz, TONE), -1, 32767 / 32768)
        words = _time_words(line.text, given.place(marks), toned, rate_hz)
        return Speech((toned * 32768).round().astype("<i2").tobytes(), rate_hz, words)

    def transcribe(self, text: str) -> str:
        """Return in IPA how *text* would be said. Raises `VoiceError`."""
        from morning_edition.voices.espeak import speak_lib
        from morning_edition.voices.espeak.input import write_input

        with speak_lib.open_library() as library:
            return library.transcribe(write_input(Utterance(text)).text, self._name)

    @property
    def _british(self) -> bool:
        return self._name.partition("+")[0].lower() not in AMERICAN

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the English voices first, each in the variant that is heard best; then all others."""
        notes = [_describe(path) for path in _voice_files().values()]
        return tuple(
            sorted(notes, key=lambda note: (note.language != "en-US", note.language[:2] != "en", note.name))
        )


def find_pitch(semitones: float) -> tuple[int, int]:
    """Return pitch and range in the engine's own measure, 0 to 99, for so many semitones above the usual."""
    steps = STEPS_UP if semitones > 0 else STEPS_DOWN
    pitch, span = PITCH + steps * semitones, RANGE * 2 ** (semitones / 12)
    return round(min(max(pitch, 0), 99)), round(min(span, 99))


def default_voice(language: str) -> str:
    """Return the voice for a language tag: its own where there is one, else its language's, else English."""
    tag = language.lower()
    for wanted in (tag, tag.split("-")[0]):
        if found := ENGLISH.get(wanted) or _languages().get(wanted):
            return f"{found}+{VARIANT}"
    return f"en-us+{VARIANT}"


def _describe(path: Path) -> VoiceNote:
    """Read the head of one of the engine's voice files."""
    keys = dict(re.findall(r"^(name|language)\s+([^\n/]+)", path.read_text("utf-8"), re.MULTILINE)[::-1])
    primary, *rest = keys.get("language", path.name).split()[0].split("-")
    language = "-".join([primary, *(part.upper() if len(part) == 2 else part for part in rest)])
    title = keys.get("name", path.name).strip()
    return VoiceNote(
        f"{path.name}+{VARIANT}", language, f"eSpeak NG {title}, embedded", "robotic", "GPL-3.0-or-later"
    )


@functools.cache
def _version() -> str:
    """Return the wheel's version, as the name of its folder tells it: all else takes 15 ms."""
    import espeakng_loader

    packages = Path(espeakng_loader.__file__).parents[1]
    found = [path.stem.partition("-")[2] for path in packages.glob("espeakng_loader-*.dist-info")]
    return found[0] if len(found) == 1 else _look_up_version()


def _look_up_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("espeakng-loader")
    except PackageNotFoundError:
        return "unknown"


@functools.cache
def _data_folder() -> Path:
    import espeakng_loader

    return Path(espeakng_loader.get_data_path())


@functools.cache
def _all_files() -> tuple[Path, ...]:
    """Return the file of each voice, in the order of their paths."""
    return tuple(sorted(path for path in (_data_folder() / "lang").rglob("*") if path.is_file()))


@functools.cache
def _voice_files() -> dict[str, Path]:
    """Return the file of each voice, without those whose dictionary the wheel lacks: they say nothing."""
    return {path.name: path for path in _all_files() if _dictionary(path).exists()}


def _dictionary(voice: Path) -> Path:
    named = re.search(r"^dictionary[ \t]+(\S+)", voice.read_text("utf-8"), re.MULTILINE)
    return _data_folder() / f"{named[1] if named else voice.name.split('-')[0]}_dict"


@functools.cache
def _languages() -> dict[str, str]:
    """Return the voice that speaks each language best."""
    spoken = [
        (int(priority or USUAL_PRIORITY), name, tag.lower())
        for name, path in _voice_files().items()
        for tag, priority in re.findall(
            r"^language[ \t]+(\S+)[ \t]*(\d*)", path.read_text("utf-8"), re.MULTILINE
        )
    ]
    return {tag: name for _, name, tag in sorted(spoken, reverse=True)}


@functools.cache
def _check_voice(name: str) -> None:
    """Refuse a voice or variant that the engine lacks: it would take another without a word."""
    language, plus, variant = name.partition("+")
    meant = [path for path in _all_files() if path.name.lower() == language.lower()]
    if not any(_dictionary(path).exists() for path in meant):  # reading all of them takes time
        _check_known("voice", language.lower(), {name.lower() for name in _voice_files()})
    if plus:
        _check_known("variant", variant, {path.name for path in (_data_folder() / "voices" / "!v").iterdir()})


def _check_known(what: str, wanted: str, names: set[str]) -> None:
    if wanted not in names:
        import difflib

        near = difflib.get_close_matches(wanted, sorted(names), n=1, cutoff=0.5)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise VoiceError(
            f"espeak has no {what} called {wanted!r}{hint} (`morning-edition voices` lists them)"
        )


def _time_words(text: str, marks: "list[Mark]", samples: "Samples", rate_hz: int) -> tuple[Word, ...]:
    """Give each word of *text* its time; words that the engine runs together share theirs by letters.

    The engine tells where words begin; they end where the next one does, or before that with the sound.
    """
    import numpy as np

    tokens = list(re.finditer(r"\S+", text))
    starts = [token.start() for token in tokens]
    begun = {0: 0}  # a dash before the first word comes without a mark
    for mark in reversed(marks):
        begun[max(bisect.bisect_right(starts, mark.position) - 1, 0)] = mark.frame
    loudness = np.abs(samples)
    loud = np.flatnonzero(loudness > loudness.max() * SILENCE)
    words = []
    for first, after in itertools.pairwise([*sorted(begun), len(tokens)]):
        start = begun[first]
        heard = loud[np.searchsorted(loud, start) : np.searchsorted(loud, begun.get(after, len(samples)))]
        stop = int(heard[-1]) + 1 if len(heard) else start
        # A mark that is not said, such as a dash, has no share; a lone emoji or sign has all.
        letters = [sum(map(str.isalnum, token.group())) for token in tokens[first:after]]
        shares = [0, *itertools.accumulate([max(letters[0], 1), *letters[1:]])]
        for token, edges in zip(tokens[first:after], itertools.pairwise(shares), strict=True):
            times = (start + (stop - start) * edge / shares[-1] for edge in edges)
            words.append(Word(token.group(), *(round(frame * 1000 / rate_hz) for frame in times)))
    return tuple(words)
