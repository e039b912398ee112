"""One voice's model: its settings, and sentences of phonemes spoken with it.

A model is loaded when it first speaks, and once in a process, however many roles and threads speak with
it. It stays until `release_models`.
"""

import json
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morning_edition.errors import VoiceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from piper import PiperVoice

LARGEST_SETTINGS = 1_000_000
INPUTS = {"input", "input_lengths", "scales"}

_loading = threading.Lock()
_loaded: dict[tuple[Path, int, int], "Model"] = {}


def read_settings(path: Path) -> dict[str, Any]:
    """Read what stands beside a model, as far as that is needed; raises `VoiceError` where it is unfit."""
    beside = path.with_name(f"{path.name}.json")
    for file in (path, beside):
        if not file.is_file():
            raise VoiceError(
                f"piper: there is no file {file}; a voice is an .onnx and the .onnx.json beside it"
            )
    try:
        if not path.stat().st_size or beside.stat().st_size > LARGEST_SETTINGS:
            raise ValueError("empty or too long")
        settings = json.loads(beside.read_text("utf-8"))
        _check_settings(settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceError(
            f"piper: {path.name} or its .json is damaged; fetch both files again, or take another voice"
        ) from error
    return dict(settings)


def _check_settings(settings: Any) -> None:  # noqa: ANN401 - a file's
    """Raise as what is missing or of the wrong kind does."""
    rate = settings["audio"]["sample_rate"]
    ids = settings["phoneme_id_map"]
    kinds = (
        isinstance(rate, int) and 8_000 <= rate <= 48_000,
        isinstance(settings["num_symbols"], int),
        isinstance(settings["num_speakers"], int),
        isinstance(settings["espeak"]["voice"], str),
        isinstance(settings.get("speaker_id_map", {}), dict),
        all(isinstance(number, int) for numbers in ids.values() for number in numbers),
        {"_", "^", "$"} <= ids.keys(),
    )
    if not all(kinds):
        raise ValueError("unfit")


def load_model(path: Path) -> "Model":
    """Return the model at *path*, which is loaded the first time; raises `VoiceError`."""
    try:
        state = path.stat()
    except OSError as error:
        raise VoiceError(f"piper: {path} cannot be read: {error.strerror or error}") from error
    key = (path.resolve(), state.st_size, state.st_mtime_ns)
    with _loading:
        if key not in _loaded:
            _loaded[key] = Model(path)
        return _loaded[key]


def release_models() -> None:
    """Let go of all models, once nothing more is to be spoken; the next line loads its own again."""
    from morning_edition.voices.piper.session import trim_memory

    with _loading:
        some = bool(_loaded)
        _loaded.clear()
    if some:
        trim_memory()


class Reader:
    """A voice's way from text to phonemes, apart from its model, which may be let go of."""

    def __init__(self, voice: "PiperVoice") -> None:
        self._voice = voice

    def phonemize(self, text: str) -> list[list[str]]:
        """Return the phonemes of each sentence of *text*."""
        return [list(row) for row in self._voice.phonemize(text)]


class Model:
    """A voice in memory; several threads may use it at the same time."""

    def __init__(self, path: Path) -> None:
        from piper import PiperConfig, PiperVoice

        from morning_edition.voices.piper.session import Network

        settings = read_settings(path)
        self.name = path.stem
        try:
            self._network = Network(path)
            # Its session is for whole models; here it only turns text into phonemes.
            self.voice = PiperVoice(config=PiperConfig.from_dict(settings), session=None)
            self.reader = Reader(self.voice)
        except Exception as error:  # onnxruntime's own are of no common class
            raise VoiceError(
                f"piper: {path} is damaged or no voice of Piper ({_first_line(error)}); fetch it again"
            ) from error
        wanted = INPUTS | ({"sid"} if self.voice.config.num_speakers > 1 else set())
        if self._network.inputs != wanted:
            raise VoiceError(
                f"piper: {path} is no voice of Piper, or not that of its .json; fetch both again"
            )

    def run(
        self, ids: Sequence[int], *, speaker: int | None, length_scale: float
    ) -> tuple["NDArray[np.float32]", "NDArray[np.int64] | None"]:
        """Return the sound of phonemes and how many samples each of *ids* has, where the voice tells it.

        Raises `VoiceError`.
        """
        import numpy as np

        config = self.voice.config
        scales = (config.noise_scale, length_scale, config.noise_w_scale)
        feeds: dict[str, NDArray[np.generic]] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
        }
        if speaker is not None:
            feeds["sid"] = np.array([speaker], np.int64)
        try:
            audio, frames = self._network.run(feeds)
        except Exception as error:  # as above
            raise VoiceError(
                f"piper: {self.name} failed: {_first_line(error)}; take another voice"
            ) from error
        if audio.ndim != 1 or not np.isfinite(audio).all():
            raise VoiceError(f"piper: {self.name} gave no sound; fetch it again, or take another voice")
        if frames is None:
            return audio, None
        lengths = (frames * config.hop_length).astype(np.int64)
        fits = lengths.shape == (len(ids),) and int(lengths.sum()) == len(audio)
        return audio, lengths if fits else None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:120]


def find_speaker(settings: Mapping[str, Any], wanted: str, name: str) -> int | None:
    """Return the number of the speaker called *wanted*, None for a voice that has but one.

    Raises `VoiceError`.
    """
    several = int(settings["num_speakers"])
    names = {str(key): int(number) for key, number in settings.get("speaker_id_map", {}).items()}
    if several <= 1:
        if wanted and wanted != "0" and wanted not in names:
            raise VoiceError(f"piper: {name} has one speaker only; leave out #{wanted}")
        return None
    if not wanted:
        return int(settings.get("default_speaker_id", 0))
    if wanted in names:
        return names[wanted]
    if wanted.isdecimal() and int(wanted) < several:
        return int(wanted)
    shown = ", ".join([*names][:8]) + (", …" if len(names) > 8 else "")
    raise VoiceError(
        f"piper: {name} has no speaker {wanted!r}; it has 0 to {several - 1}{f': {shown}' if shown else ''}"
    )
