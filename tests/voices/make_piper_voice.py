"""Write a voice file for Piper that sounds tones, so that what goes in can be read off what comes out.

    python tests/voices/make_piper_voice.py en_US-tone-medium.onnx [--medium]

Each phoneme is a tone of its own, a whole number of waves to a frame of 256 samples; pauses and
punctuation are silent. The inputs and outputs are those of the voices that Piper's training exports
(`input`, `input_lengths`, `scales`, and `sid` where there are several speakers); the lengths of the phonemes
pass through a `Ceil`, as there.

`--medium` makes a voice with layers of the size and the shapes of one of medium quality instead (VITS as
Piper trains it: 192 channels, a flow of four couplings, a decoder of 256 channels whose rate grows by 8, 8
and 4, its nodes named as there), which babbles, and takes as long and as much memory as one. It needs `onnx`.
"""

import argparse
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

SAMPLE_RATE_HZ = 22_050
HOP = 256
SYMBOLS = 256
SHORT_FRAMES = 1
"""Of padding and of the marks at both ends."""
LONG_FRAMES = 5
PEAK = 0.25
SILENT = "_^$ !,-.:;?\"'()"
CHANNELS = 192
OPSET = 15


@dataclass(frozen=True)
class Size:
    """How large the layers of a voice are (VITS as Piper trains it)."""

    channels: int
    layers: int
    widest: int
    """Channels at the decoder's beginning."""
    rates: Sequence[int]
    blocks: Mapping[int, Sequence[int]]
    """The dilations of the convolutions of so many taps."""
    doubled: bool = False
    """Whether each dilated convolution is followed by one that is not."""


MEDIUM = Size(192, 6, 256, (8, 8, 4), {3: (1, 2), 5: (2, 6), 7: (3, 12)})
HIGH = Size(192, 6, 512, (8, 8, 2, 2), dict.fromkeys((3, 7, 11), (1, 3, 5)), doubled=True)
SMALL = replace(MEDIUM, channels=8, layers=1, widest=16)
SMALL_HIGH = replace(HIGH, channels=8, layers=1, widest=32)


def tone_of(phoneme_id: int) -> int:
    """Return how many waves of this phoneme's tone fit a frame; 0 is silence."""
    silent = {ids[0] for sign, ids in DEFAULT_PHONEME_ID_MAP.items() if sign in SILENT}
    return 0 if phoneme_id in silent else 4 + phoneme_id % 120


def write_voice(
    path: Path,
    *,
    size: Size | None = None,
    alignments: bool = False,
    noise: bool = False,
    speakers: Sequence[str] = (),
    espeak_voice: str = "en-us",
    dropped: str = "",
) -> Path:
    """Write the model at *path* and its settings beside it.

    Of a *size*, it has layers as a voice, and sounds a babble instead of tones. *alignments* tells how long
    each phoneme is, in a second output; *noise* is added to tones; each of the *speakers* is louder than the
    one before; *dropped* phonemes are not known.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    graph = _Graph()
    frames = _time_phonemes(graph)
    if size:
        audio = _speak_as_voices_do(graph, frames, size, len(speakers))
    else:
        audio = _sound_tones(graph, frames, speakers=len(speakers), noise=noise)
    graph.node("Reshape", audio, graph.constant(np.array([1, 1, 1, -1])), output="output")
    _save(graph, path, several=bool(speakers), alignments=alignments)
    ids = {sign: ids for sign, ids in DEFAULT_PHONEME_ID_MAP.items() if sign not in dropped or not sign}
    settings = {
        "audio": {"sample_rate": SAMPLE_RATE_HZ, "quality": "medium"},
        "espeak": {"voice": espeak_voice},
        "phoneme_type": "espeak",
        "num_symbols": SYMBOLS,
        "num_speakers": max(len(speakers), 1),
        "speaker_id_map": {name: at for at, name in enumerate(speakers)},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": ids,
        "hop_length": HOP,
    }
    path.with_name(f"{path.name}.json").write_text(json.dumps(settings, indent=1), "utf-8")
    return path


class _Graph:
    """Nodes and constants, named as they come."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []
        self._names = (f"/value_{number}" for number in itertools.count())
        self._random = np.random.default_rng(1)

    def node(self, kind: str, *inputs: str, output: str = "", **attributes: object) -> str:
        output = output or next(self._names)
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, values: Any) -> str:
        name = next(self._names)
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def number(self, value: float) -> str:
        return self.constant(np.float32(value))

    def gather(self, table: Any, indices: str) -> str:
        return self.node("Gather", self.constant(table), indices)

    def part(self, vector: str, at: int) -> str:
        return self.node("Gather", vector, self.constant(np.int64(at)))

    def conv(
        self,
        values: str,
        inputs: int,
        outputs: int,
        size: int = 1,
        dilation: int = 1,
        *,
        name: str = "",
        gain: float = 1.0,
    ) -> str:
        bound = np.float32(gain * np.sqrt(3 / (inputs * size)))
        weights = self._random.uniform(-bound, bound, (outputs, inputs, size)).astype(np.float32)
        pad = (size - 1) * dilation // 2
        return self.node(
            "Conv",
            values,
            self.constant(weights),
            self.constant(np.zeros(outputs, np.float32)),
            name=name,
            kernel_shape=[size],
            pads=[pad, pad],
            dilations=[dilation],
        )

    def upsample(self, values: str, inputs: int, outputs: int, by: int, *, name: str) -> str:
        bound = np.float32(np.sqrt(3 / inputs))
        weights = self._random.uniform(-bound, bound, (inputs, outputs, 2 * by)).astype(np.float32)
        return self.node(
            "ConvTranspose",
            values,
            self.constant(weights),
            name=name,
            kernel_shape=[2 * by],
            strides=[by],
            pads=[by // 2, by // 2],
        )

    def halves(self, values: str, channels: int) -> tuple[str, str]:
        middle, end = self.constant(np.array([channels // 2])), self.constant(np.array([channels]))
        start, axis = self.constant(np.array([0])), self.constant(np.array([1]))
        return self.node("Slice", values, start, middle, axis), self.node("Slice", values, middle, end, axis)


def _time_phonemes(graph: _Graph) -> str:
    """Return the phoneme of each frame, by its place."""
    usual = np.array([LONG_FRAMES if at > 2 else SHORT_FRAMES for at in range(SYMBOLS)], np.float32)
    scaled = graph.node("Mul", graph.gather(usual, "input"), graph.part("scales", 1))
    lengths = graph.node("Ceil", scaled, output="/Ceil_output_0")  # shape (1, phonemes)
    ends = graph.node("CumSum", lengths, graph.constant(np.int64(1)))
    total = graph.node("ReduceSum", lengths, keepdims=0)
    times = graph.node("Range", graph.number(0), total, graph.number(1))
    column = graph.node("Unsqueeze", times, graph.constant(np.array([1])))
    passed = graph.node("Cast", graph.node("GreaterOrEqual", column, ends), to=TensorProto.INT64)
    return graph.node("ReduceSum", passed, graph.constant(np.array([1])), keepdims=0)


def _sound_tones(graph: _Graph, frames: str, *, speakers: int, noise: bool) -> str:
    """Return the sound, a tone in each frame: shape (samples,)."""
    waves = np.array([tone_of(at) for at in range(SYMBOLS)], np.float32)
    ids = graph.node("Reshape", "input", graph.constant(np.array([-1])))
    of_frames = graph.gather(waves, graph.node("Gather", ids, frames))
    column = graph.node("Unsqueeze", of_frames, graph.constant(np.array([1])))
    phase = graph.constant(np.arange(HOP, dtype=np.float32)[None] * np.float32(2 * np.pi / HOP))
    tones = graph.node("Sin", graph.node("Mul", column, phase))
    flat = graph.node("Reshape", tones, graph.constant(np.array([-1])))
    audio = graph.node("Mul", flat, graph.number(PEAK))
    if speakers:
        loudness = graph.gather(np.linspace(0.5, 1.0, speakers, dtype=np.float32), "sid")
        audio = graph.node("Mul", audio, loudness)
    if noise:
        random = graph.node("RandomNormalLike", audio)
        hiss = graph.node("Mul", random, graph.node("Mul", graph.part("scales", 0), graph.number(0.01)))
        audio = graph.node("Add", audio, hiss)
    return audio


def _speak_as_voices_do(graph: _Graph, frames: str, size: Size, speakers: int) -> str:
    """Return a babble, shape (1, 1, samples), made with layers of the names and shapes of a voice's."""
    channels = size.channels
    table = np.random.default_rng(2).standard_normal((SYMBOLS, channels)).astype(np.float32)
    values = graph.node("Transpose", graph.gather(table, "input"), perm=[0, 2, 1])
    for _ in range(size.layers):  # the text's encoder
        for _ in range(4):
            values = graph.conv(values, channels, channels)
        wide = graph.node("Relu", graph.conv(values, channels, 4 * channels, 3))
        values = graph.node("Add", values, graph.node("Tanh", graph.conv(wide, 4 * channels, channels, 3)))
    for _ in range(size.layers - 1):  # where a voice guesses the lengths
        values = graph.node("Tanh", graph.conv(values, channels, channels, 3))
    values = graph.node("Gather", values, frames, axis=2)
    hiss = graph.node("Mul", graph.node("RandomNormalLike", values), graph.part("scales", 0))
    values = graph.node("Add", values, hiss)
    for _ in range(4):
        values = _couple(graph, values, channels)
    return _decode(graph, values, size, speakers)


def _couple(graph: _Graph, values: str, channels: int) -> str:
    kept, changed = graph.halves(values, channels)
    hidden = graph.conv(kept, channels // 2, channels)
    for _ in range(4):
        left, right = graph.halves(graph.conv(hidden, channels, 2 * channels, 5), 2 * channels)
        gated = graph.node("Mul", graph.node("Tanh", left), graph.node("Sigmoid", right))
        residual, _ = graph.halves(graph.conv(gated, channels, 2 * channels), 2 * channels)
        hidden = graph.node("Add", hidden, residual)
    changed = graph.node("Sub", changed, graph.conv(hidden, channels, channels // 2))
    return graph.node("Concat", changed, kept, axis=1)


def _decode(graph: _Graph, values: str, size: Size, speakers: int) -> str:
    """Return what a decoder makes of frames; its nodes have the names that Piper's training gives them."""
    channels = size.widest
    values = graph.conv(values, size.channels, channels, 7, name="/dec/conv_pre/Conv")
    if speakers:
        table = np.random.default_rng(3).standard_normal((speakers, size.channels, 1)).astype(np.float32)
        of_speaker = graph.conv(graph.gather(table, "sid"), size.channels, channels, name="/dec/cond/Conv")
        values = graph.node("Add", values, of_speaker, name="/dec/Add")
    for stage, by in enumerate(size.rates):
        bent = graph.node("LeakyRelu", values, alpha=0.1, name=f"/dec/LeakyRelu_{stage}")
        name = f"/dec/ups.{stage}/ConvTranspose"
        values = graph.upsample(bent, channels, channels // 2, by, name=name)
        channels //= 2
        blocks = [
            _block(graph, values, channels, size, taps, f"/dec/resblocks.{3 * stage + number}")
            for number, taps in enumerate(size.blocks)
        ]
        total = graph.node("Add", graph.node("Add", *blocks[:2]), blocks[2], name=f"/dec/Add_{stage}")
        values = graph.node("Div", total, graph.number(3), name=f"/dec/Div_{stage}")
    bent = graph.node("LeakyRelu", values, alpha=0.01, name="/dec/LeakyRelu_last")
    sound = graph.conv(bent, channels, 1, 7, name="/dec/conv_post/Conv", gain=0.3)
    return graph.node("Tanh", sound, name="/dec/Tanh")


def _block(graph: _Graph, values: str, channels: int, size: Size, taps: int, name: str) -> str:
    """Add what dilated convolutions make of *values*, one after another or, in a high voice, two."""
    for number, dilation in enumerate(size.blocks[taps]):
        bent = graph.node("LeakyRelu", values, alpha=0.1)
        made = graph.conv(bent, channels, channels, taps, dilation, name=f"{name}/convs.{number}/Conv")
        if size.doubled:
            bent = graph.node("LeakyRelu", made, alpha=0.1)
            made = graph.conv(bent, channels, channels, taps, name=f"{name}/convs2.{number}/Conv")
        values = graph.node("Add", values, made, name=f"{name}/Add_{number}")
    return values


def _save(graph: _Graph, path: Path, *, several: bool, alignments: bool) -> None:
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if several:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, [1]))
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])]
    if alignments:
        outputs.append(helper.make_tensor_value_info("/Ceil_output_0", TensorProto.FLOAT, [1, "phonemes"]))
    made = helper.make_graph(graph.nodes, "tones", inputs, outputs, graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description="Write a Piper voice of tones.")
    arguments.add_argument("path", type=Path)
    arguments.add_argument(
        "--medium", action="store_true", help="As large and slow as a voice of medium quality."
    )
    given = arguments.parse_args()
    write_voice(given.path, size=MEDIUM if given.medium else None)
