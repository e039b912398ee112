"""Piper: neural voices on this machine (https://github.com/OHF-Voice/piper1-gpl), sentence by sentence.

A voice samples noise while it speaks, inside its model, to sound alive: the same line sounds a little
different each time it is computed, in its melody and by a few hundredths of its length. So the identity
tells of which voice and settings a take is, not of which bytes, and what was spoken once is kept. Nothing
can be set against it from outside: `onnxruntime.set_seed` counts when a model is loaded, and each line
moves the noise on.
"""

import functools
import hashlib
import itertools
import math
from collections.abc import Iterable, Mapping
from importlib.metadata import version
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
from morning_edition.voices.piper.catalogue import find_model, note_voices
from morning_edition.voices.piper.model import (
    find_speaker,
    load_model,
    read_settings,
    release_models,
)
from morning_edition.voices.piper.session import runs_at_once, tells_lengths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from morning_edition.voices.piper.model import Model
    from morning_edition.voices.piper.phonemes import Phone

WRITING = 2
"""Raised when lines are turned into phonemes, or cut, in another way."""
ESPEAK = "espeak"


class PiperVoice:
    """Reads a line with a voice of Piper: one that is installed, or a file.

    A name is that of a voice, `en_US-john-medium`, or the path of its `.onnx`; behind a `#` comes the name or
    number of a speaker, where a voice has several. The model is loaded when it first speaks.
    """

    def __init__(self, name: str = "", delivery: Delivery = USUAL) -> None:
        named, speaker = _split(name)
        self._path = find_model(named, delivery.language)
        self._settings = read_settings(self._path)
        self._speaker = find_speaker(self._settings, speaker, self._path.stem)
        usual = float(self._settings.get("inference", {}).get("length_scale", 1.0))
        if not math.isfinite(usual) or usual <= 0:
            raise VoiceError(f"piper: {self._path.name}.json has a length_scale of {usual}; fetch it again")
        self._length_scale = usual / delivery.rate

    @property
    def identity(self) -> str:
        """The package's version, the voice, both its files by hash, its speaker and its pace."""
        speaker = "" if self._speaker is None else f" speaker={self._speaker}"
        return (
            f"piper {version('piper-tts')} writing={WRITING} {self._path.stem} {_hash_files(self._path)}"
            f"{speaker} length_scale={self._length_scale:.4g}"
        )

    @property
    def traits(self) -> Traits:
        """One line more than are computed at once, so that no core waits for the next."""
        return Traits(
            takes="phonemes",
            sample_rate_hz=int(self._settings["audio"]["sample_rate"]),
            word_times=self._is_timed,
            sets_rate=True,
            lines_at_once=runs_at_once() + 1,
        )

    @property
    def _is_timed(self) -> bool:
        return self._settings.get("phoneme_type", ESPEAK) == ESPEAK and tells_lengths(self._path)

    @classmethod
    def catalogue(cls, options: Mapping[str, Option] = NO_OPTIONS) -> tuple[VoiceNote, ...]:
        """Name the voices that are installed, then those that can be."""
        return note_voices()

    def release(self) -> None:
        """Let go of all models; whoever speaks later loads its own anew."""
        release_models()

    def speak(self, line: Utterance) -> Speech:
        """Read *line* aloud, in no time at all when nothing in it is said; raises `VoiceError`."""
        import numpy as np

        model = load_model(self._path)
        rate_hz = int(model.voice.config.sample_rate)
        try:
            audio, words = self._speak(model, line)
        except (RuntimeError, ValueError, ImportError) as error:  # of Piper's way to phonemes
            raise VoiceError(
                f"piper: {model.name} cannot read {line.text[:60]!r} ({error}); take another voice"
            ) from error
        samples = (np.clip(audio, -1.0, 1.0) * 32767).round().astype("<i2")
        return Speech(samples.tobytes(), rate_hz, words)

    def _speak(self, model: "Model", line: Utterance) -> tuple["NDArray[np.float32]", tuple[Word, ...]]:
        import numpy as np

        from morning_edition.voices.piper.phonemes import write_phonemes

        if model.voice.config.phoneme_type != ESPEAK:
            rows = [model.voice.phonemes_to_ids(row) for row in model.reader.phonemize(line.respelled) if row]
            pieces = [self._run(model, row)[0] for row in rows]
            return np.concatenate(pieces or [np.zeros(0, np.float32)]), ()
        spoken = write_phonemes(
            line, model.reader, espeak_voice=model.voice.config.espeak_voice, timed=self._is_timed
        )
        return self._sound(model, line.text, spoken.sentences, spoken.words)

    def _run(
        self, model: "Model", ids: list[int]
    ) -> tuple["NDArray[np.float32]", "NDArray[np.int64] | None"]:
        return model.run(ids, speaker=self._speaker, length_scale=self._length_scale)

    def _sound(
        self, model: "Model", text: str, sentences: Iterable[tuple["Phone", ...]], words: tuple[str, ...]
    ) -> tuple["NDArray[np.float32]", tuple[Word, ...]]:
        """Speak sentence after sentence; the times of words only when each sentence tells them."""
        import numpy as np

        from morning_edition.voices.piper.phonemes import find_ids
        from morning_edition.voices.word_times import place_words

        pieces: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]
        spans: dict[int, tuple[int, int]] = {}
        begun = 0
        for sentence in sentences:
            ids, places = find_ids(sentence, model.voice.config.phoneme_id_map)
            audio, lengths = self._run(model, ids)
            if lengths is None:
                words = ()
            else:
                edges = [begun, *itertools.accumulate(lengths.tolist(), initial=begun)][1:]
                for word, first, after in places:
                    spans[word] = (spans.get(word, (edges[first], 0))[0], edges[after])
            pieces.append(audio)
            begun += len(audio)
        rate_hz = model.voice.config.sample_rate
        heard = [
            Word(words[number], *(round(edge * 1000 / rate_hz) for edge in span))
            for number, span in sorted(spans.items())
            if words
        ]
        return np.concatenate(pieces), place_words(text, heard) if heard else ()


def _split(name: str) -> tuple[str, str]:
    """Part the speaker from a voice's name; a file's name may have a # in it."""
    voice, mark, speaker = name.rpartition("#")
    if not mark or name.endswith(".onnx") or Path(name).is_file():
        return name, ""
    return voice, speaker


def _hash_files(path: Path) -> str:
    try:
        return _hash(path, *((file.stat().st_size, file.stat().st_mtime_ns) for file in _files(path)))
    except OSError as error:
        raise VoiceError(f"piper: {path} cannot be read: {error.strerror or error}") from error


@functools.lru_cache(maxsize=16)
def _hash(path: Path, *_states: tuple[int, int]) -> str:
    hashes = hashlib.sha256()
    for file in _files(path):
        with file.open("rb") as content:
            hashes.update(hashlib.file_digest(content, "sha256").digest())
    return hashes.hexdigest()[:16]


def _files(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(f"{path.name}.json")
