"""One voice's model: phoneme ids in, samples and the length of each phoneme out.

A model is loaded when it first speaks, and once in a process, however many roles and threads speak with
it. Measured with a voice of medium size (63 MB) and 16 sentences of news on two cores: one run at a time
with a thread for each core takes 350 MB at most, and 10 to 15 % more of the processor than a run on each
core, which takes 540 MB, or 650 with the usual settings. Memory patterns, which pay where all inputs are
of one length, took 170 MB more; threads that spin while they wait took a third more of the processor when
others wanted it too. The memory of a run grows with its length, which is why long sentences are cut
(`piper_phonemes`).
"""

import functools
import json
import mmap
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from morning_edition.errors import VoiceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LARGEST_SETTINGS = 1_000_000
MANY_CORES = 8
"""From here on two runs at once: one run no longer keeps all cores busy."""
MOST_THREADS = 8
QUIET = 3
"""Errors only."""
INPUTS = {"input", "input_lengths", "scales"}
LENGTHS_OPERATOR = b"Ceil"
"""What the lengths of phonemes pass through in a voice; nothing else in it is rounded up."""
# Field numbers and wire types of Protocol Buffers, and of onnx.proto (https://github.com/onnx/onnx).
_MODEL_GRAPH, _GRAPH_NODE, _GRAPH_OUTPUT, _NODE_OUTPUT, _NODE_OPERATOR, _VALUE_NAME = 7, 1, 12, 2, 4, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5

_loading = threading.Lock()
_loaded: dict[tuple[Path, int, int], "Model"] = {}


def count_cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def runs_at_once() -> int:
    """Return how many sentences are computed at the same time, each by several threads."""
    return 2 if count_cores() >= MANY_CORES else 1


_running = threading.BoundedSemaphore(runs_at_once())


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


class Model:
    """A voice in memory; several threads may use it at the same time."""

    def __init__(self, path: Path) -> None:
        from piper import PiperConfig, PiperVoice

        settings = read_settings(path)
        self.name = path.stem
        try:
            self.voice = PiperVoice(config=PiperConfig.from_dict(settings), session=_open_session(path))
        except Exception as error:  # onnxruntime's own are of no common class
            raise VoiceError(
                f"piper: {path} is damaged or no voice of Piper ({_first_line(error)}); fetch it again"
            ) from error
        wanted = INPUTS | ({"sid"} if self.voice.config.num_speakers > 1 else set())
        if {given.name for given in self.voice.session.get_inputs()} != wanted:
            raise VoiceError(
                f"piper: {path} is no voice of Piper, or not that of its .json; fetch both again"
            )

    def phonemize(self, text: str) -> list[list[str]]:
        """Return the phonemes of each sentence of *text*."""
        return [list(row) for row in self.voice.phonemize(text)]

    def run(
        self, ids: Sequence[int], *, speaker: int | None, length_scale: float
    ) -> tuple["NDArray[np.float32]", "NDArray[np.int64] | None"]:
        """Return the sound of phonemes and how many samples each of *ids* has, where the voice tells it.

        Raises `VoiceError`.
        """
        import numpy as np
        from piper import SynthesisConfig

        wanted = SynthesisConfig(speaker_id=speaker, length_scale=length_scale)
        try:
            with _running:
                made = self.voice.phoneme_ids_to_audio(list(ids), wanted, include_alignments=True)
        except Exception as error:  # as above
            raise VoiceError(
                f"piper: {self.name} failed: {_first_line(error)}; take another voice"
            ) from error
        audio, lengths = made
        audio = np.atleast_1d(audio)
        if audio.ndim != 1 or not np.isfinite(audio).all():
            raise VoiceError(f"piper: {self.name} gave no sound; fetch it again, or take another voice")
        fits = lengths is not None and lengths.shape == (len(ids),) and int(lengths.sum()) == len(audio)
        return audio, lengths if fits else None


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:120]


def _open_session(path: Path) -> Any:  # noqa: ANN401 - onnxruntime is untyped
    import onnxruntime

    _share_memory()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, min(count_cores() // runs_at_once(), MOST_THREADS))
    options.inter_op_num_threads = 1
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = QUIET
    options.add_session_config_entry("session.use_env_allocators", "1")
    content = with_lengths(path)
    session = onnxruntime.InferenceSession(
        content or str(path), sess_options=options, providers=["CPUExecutionProvider"]
    )
    if content and hasattr(session, "_model_bytes"):
        session._model_bytes = None  # else a second copy of the model stays in memory
    return session


@functools.cache
def _share_memory() -> None:
    """Let all voices of a process compute in the same memory."""
    import onnxruntime

    place = onnxruntime.OrtMemoryInfo(
        "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
    )
    onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg({"arena_extend_strategy": 0}))


def tells_lengths(path: Path) -> bool:
    """Tell whether the model at *path* can tell how long each phoneme is."""
    try:
        state = path.stat()
        return _look_for_lengths(path, state.st_size, state.st_mtime_ns) is not None
    except OSError:
        return False


def with_lengths(path: Path) -> bytes:
    """Return the content of a model with its phonemes' lengths as a second output.

    Empty where it has one as it is, or can have none. Protocol Buffers merge messages of which one
    is appended to the other, so naming one more output at the end is all that it takes.
    """
    state = path.stat()
    if not (name := _look_for_lengths(path, state.st_size, state.st_mtime_ns)):
        return b""
    output = _write_bytes(_GRAPH_OUTPUT, _write_bytes(_VALUE_NAME, name))
    return path.read_bytes() + _write_bytes(_MODEL_GRAPH, output)


@functools.lru_cache(maxsize=16)
def _look_for_lengths(path: Path, size: int, _changed_ns: int) -> bytes | None:
    """Return the name of the lengths in a model, empty where they are an output, None where there is none."""
    if not size:
        return None
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        try:
            return _find_lengths(content, size)
        except (IndexError, ValueError):
            return None  # damaged; loading it will tell


def _find_lengths(content: mmap.mmap, size: int) -> bytes | None:
    outputs, rounded = 0, []
    for graph in _find(content, 0, size, _MODEL_GRAPH):
        outputs += sum(1 for _ in _find(content, *graph, _GRAPH_OUTPUT))
        for node in _find(content, *graph, _GRAPH_NODE):
            operators = [content[start:end] for start, end in _find(content, *node, _NODE_OPERATOR)]
            if operators == [LENGTHS_OPERATOR]:
                rounded += [content[start:end] for start, end in _find(content, *node, _NODE_OUTPUT)]
    if outputs > 1:
        return b""
    return rounded[0] if outputs == 1 and len(rounded) == 1 else None


def _find(content: mmap.mmap, at: int, end: int, wanted: int) -> Iterator[tuple[int, int]]:
    """Yield where each field of number *wanted* begins and ends, of a message from *at* to *end*."""
    while at < end:
        key, at = _read_varint(content, at)
        kind = key & 7
        if kind == _BYTES:
            length, at = _read_varint(content, at)
            if at + length > end:
                raise ValueError("cut short")
            if key >> 3 == wanted:
                yield at, at + length
            at += length
        elif kind == _VARINT:
            _, at = _read_varint(content, at)
        elif kind in (_FIXED32, _FIXED64):
            at += 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("no message")


def _read_varint(content: mmap.mmap, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise ValueError("no number")


def _write_bytes(field: int, value: bytes) -> bytes:
    return _write_varint(field << 3 | _BYTES) + _write_varint(len(value)) + value


def _write_varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])


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
