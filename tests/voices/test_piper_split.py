"""Voices in two halves: whether the sound stays what it was, and memory within its bounds."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="the voice for these tests is made with onnx")

import onnx
from onnxruntime import InferenceSession

from morning_edition.voices import Utterance
from morning_edition.voices.piper import PiperVoice
from morning_edition.voices.piper import session as piper_session
from morning_edition.voices.piper.model import load_model, release_models
from morning_edition.voices.piper.session import Network
from morning_edition.voices.piper.split import Halves, add_lengths, find_windows, split_model


def _load_maker() -> Any:
    place = Path(__file__).with_name("make_piper_voice.py")
    spec = importlib.util.spec_from_file_location("make_piper_voice", place)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


make = _load_maker()


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(make.write_voice(tmp_path_factory.mktemp("voice") / "small.onnx", size=make.SMALL))


def feeds_of(phonemes: int, speaker: int | None = None) -> dict[str, Any]:
    """Return what a model takes, without the noise that would make two runs differ."""
    ids = np.random.default_rng(1).integers(3, 150, (1, phonemes))
    feeds = {
        "input": ids,
        "input_lengths": np.array([phonemes]),
        "scales": np.array([0.0, 1.0, 0.0], np.float32),
    }
    return feeds if speaker is None else feeds | {"sid": np.array([speaker])}


def run_whole(path: Path, feeds: dict[str, Any]) -> tuple[Any, Any]:
    content = add_lengths(memoryview(path.read_bytes())) or path.read_bytes()
    session = InferenceSession(content, providers=["CPUExecutionProvider"])
    sound, lengths = session.run(None, feeds)
    return sound.reshape(-1), lengths.reshape(-1)


def split(path: Path) -> Halves:
    halves = split_model(memoryview(path.read_bytes()))
    assert halves
    return halves


@pytest.mark.parametrize(("size", "rate"), [("SMALL", 32), ("SMALL_HIGH", 32)])
@pytest.mark.parametrize("phonemes", [1, 40, 250])
def test_the_sound_is_that_of_the_whole(tmp_path: Path, size: str, rate: int, phonemes: int) -> None:
    """Window by window, of both qualities; and phonemes are as long."""
    path = make.write_voice(tmp_path / "voice.onnx", size=getattr(make, size))
    assert rate == split(path).joint.rate
    sound, lengths = run_whole(path, feeds_of(phonemes))
    in_windows, told = Network(path).run(feeds_of(phonemes))
    assert len(sound) > piper_session.WINDOW * 2 or phonemes < 250
    assert sound.std() > 0.1
    assert told is not None
    assert sound.shape == in_windows.shape
    assert np.abs(sound - in_windows).max() < 1e-4
    assert lengths.tolist() == told.tolist()


@pytest.mark.parametrize("window", [32, 96, 1_000, 5_000])
def test_no_window_is_heard(voice: Path, monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    """Even where one is shorter than what a sample depends on."""
    whole, _ = run_whole(voice, feeds_of(25))
    monkeypatch.setattr(piper_session, "WINDOW", window)
    in_windows, _ = Network(voice).run(feeds_of(25))
    assert np.abs(whole - in_windows).max() < 1e-4


def test_windows_overlap_as_far_as_a_sample_sees_and_hardly_further(voice: Path) -> None:
    """With the half of it the windows would be heard, so the sound of the test voice tells."""
    halves = split(voice)
    feeds = feeds_of(120)
    (steps, _), back = (
        InferenceSession(halves.front, providers=["CPUExecutionProvider"]).run(None, feeds),
        InferenceSession(halves.back, providers=["CPUExecutionProvider"]),
    )
    (whole,) = back.run(None, {halves.joint.name: steps})
    rate = halves.joint.rate

    def difference(reach: int) -> float:
        pieces = []
        for taken, skipped, kept in find_windows(steps.shape[-1], reach, 200):
            (made,) = back.run(None, {halves.joint.name: np.ascontiguousarray(steps[..., taken])})
            pieces.append(made.reshape(-1)[skipped * rate : (skipped + kept) * rate])
        return float(np.abs(np.concatenate(pieces) - whole.reshape(-1)).max())

    assert difference(halves.joint.reach) < 1e-4
    assert difference(halves.joint.reach // 2) > 1e-4


@pytest.mark.parametrize("steps", [1, 7, 8, 9, 100])
@pytest.mark.parametrize("reach", [0, 3, 20])
def test_windows_cover_everything_once(steps: int, reach: int) -> None:
    """What is kept of them, one behind the other, is the whole, and none is longer than it may be."""
    kept: list[int] = []
    for taken, skipped, count in find_windows(steps, reach, 8):
        assert 0 < count <= 8
        assert taken.stop <= steps
        assert skipped == min(reach, taken.start + skipped)
        kept += range(steps)[taken][skipped : skipped + count]
    assert kept == list(range(steps))


def test_speakers_are_told_apart_in_both_halves(tmp_path: Path) -> None:
    """Each has the sound that it has in the whole model."""
    path = make.write_voice(tmp_path / "two.onnx", size=make.SMALL, speakers=("anna", "bert"))
    network = Network(path)
    sounds = []
    for speaker in (0, 1):
        sounds.append(network.run(feeds_of(40, speaker))[0])
        whole, _ = run_whole(path, feeds_of(40, speaker))
        assert np.abs(sounds[-1] - whole).max() < 1e-4
    assert np.abs(sounds[0] - sounds[1]).max() > 0.1
    assert PiperVoice(f"{path}#bert").speak(Utterance("Hello there")).words


def test_each_half_has_its_own_weights_only(voice: Path) -> None:
    """Together they are as large as the whole."""
    halves = split(voice)
    size = voice.stat().st_size
    assert size * 0.95 < len(halves.front) + len(halves.back) < size * 1.05
    for half in (halves.front, halves.back):
        model = onnx.load_from_string(half)
        used = {name for node in model.graph.node for name in node.input}
        assert {constant.name for constant in model.graph.initializer} <= used


def test_constants_may_be_nodes(voice: Path, tmp_path: Path) -> None:
    """Exporters write one for a number, and hand on a tensor that equals another."""
    model = onnx.load(str(voice))
    model.graph.node.insert(
        0, onnx.helper.make_node("Identity", [model.graph.initializer[-1].name], ["/Identity_output_0"])
    )
    renamed = model.graph.initializer[-1].name
    for node in model.graph.node[1:]:
        node.input[:] = ["/Identity_output_0" if name == renamed else name for name in node.input]
    path = tmp_path / "other.onnx"
    onnx.save(model, str(path))
    whole, _ = run_whole(voice, feeds_of(30))
    split(path)
    assert np.abs(Network(path).run(feeds_of(30))[0] - whole).max() < 1e-4


def _no_decoder(path: Path) -> None:
    make.write_voice(path)


def _another_operator(path: Path) -> None:
    """Let the sound pass through something that looks at all of it."""
    model = onnx.load(str(path))
    last = model.graph.node[-1]
    model.graph.node.insert(
        len(model.graph.node) - 1, onnx.helper.make_node("Softmax", [last.input[0]], ["/soft"], axis=-1)
    )
    last.input[0] = "/soft"
    onnx.save(model, str(path))


def _another_padding(path: Path) -> None:
    """Make a convolution of the decoder shorten what it takes; another makes up for it."""
    model = onnx.load(str(path))
    *_, conv = (node for node in model.graph.node if node.op_type == "Conv")
    for attribute in conv.attribute:
        if attribute.name == "pads":
            attribute.ints[:] = [0, 0]
    onnx.save(model, str(path))


def _another_output(path: Path) -> None:
    """Ask for a value in the middle of the decoder as well."""
    model = onnx.load(str(path))
    inner = next(node for node in model.graph.node if node.name == "/dec/conv_post/Conv").output[0]
    model.graph.output.append(onnx.helper.make_tensor_value_info(inner, 1, [1, 1, "samples"]))
    onnx.save(model, str(path))


@pytest.mark.parametrize("change", [_no_decoder, _another_operator, _another_padding, _another_output])
def test_a_voice_of_another_make_is_run_as_a_whole(tmp_path: Path, change: Any) -> None:
    """It speaks as it did, if with more memory."""
    path = make.write_voice(tmp_path / "voice.onnx", size=make.SMALL)
    change(path)
    assert split_model(memoryview(path.read_bytes())) is None
    content = path.read_bytes()
    expected = InferenceSession(content, providers=["CPUExecutionProvider"]).run(None, feeds_of(30))[0]
    sound, _ = Network(path).run(feeds_of(30))
    assert np.array_equal(expected.reshape(-1), sound)


def test_a_voice_whose_halves_do_not_open_is_run_as_a_whole(tmp_path: Path) -> None:
    """Here the end of the decoder computes with floats of half the size."""
    path = make.write_voice(tmp_path / "voice.onnx", size=make.SMALL)
    model = onnx.load(str(path))
    nodes = list(model.graph.node)
    at = nodes.index([node for node in nodes if node.op_type == "ConvTranspose"][1])
    weights = {name for node in nodes[at:] for name in node.input}
    for constant in model.graph.initializer:
        if constant.name in weights and constant.data_type == onnx.TensorProto.FLOAT:
            values = onnx.numpy_helper.to_array(constant).astype(np.float16)
            constant.CopyFrom(onnx.numpy_helper.from_array(values, constant.name))
    cast = onnx.helper.make_node("Cast", [nodes[at].input[0]], ["/half"], to=onnx.TensorProto.FLOAT16)
    model.graph.node[at].input[0] = "/half"
    model.graph.node.insert(at, cast)
    model.graph.output[0].type.tensor_type.elem_type = onnx.TensorProto.FLOAT16
    onnx.save(model, str(path))
    split(path)
    assert len(Network(path).run(feeds_of(10))[0]) == 10 * 5 * make.HOP


@pytest.mark.parametrize("seed", range(30))
def test_damage_is_never_more_than_a_voice_that_is_not_split(voice: Path, seed: int) -> None:
    """Bytes that are wrong, or missing at the end, raise nothing here."""
    random = np.random.default_rng(seed)
    content = bytearray(voice.read_bytes())
    for at in random.integers(0, len(content), 20):
        content[at] = random.integers(0, 256)
    del content[random.integers(1, len(content)) :]
    halves = split_model(memoryview(bytes(content)))
    assert halves is None or isinstance(halves, Halves)
    assert isinstance(add_lengths(memoryview(bytes(content))), bytes)


def test_a_model_is_let_go_of(voice: Path) -> None:
    """Once nothing more is to be spoken; a line that comes later loads it again."""
    import gc
    import weakref

    speaker = PiperVoice(str(voice))
    speaker.speak(Utterance("Hello"))
    model = weakref.ref(load_model(voice))
    release_models()
    gc.collect()
    assert model() is None
    assert speaker.speak(Utterance("Hello")).duration_ms > 100


SPEAK = """
import json, resource, sys
from morning_edition.voices import Utterance
from morning_edition.voices.piper import PiperVoice
PiperVoice(sys.argv[1]).speak(Utterance(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in kilobytes on Linux only")
def test_memory_does_not_grow_with_a_line(tmp_path: Path) -> None:
    """One that is ten times as long takes little more than its samples."""
    size = make.replace(make.MEDIUM, channels=64, layers=1)  # quick, with the decoder of a real voice
    path = make.write_voice(tmp_path / "voice.onnx", size=size)
    text = "The river rose in the night, the bridge was closed, and nobody could tell for how long. "

    def peak_mb(times: int) -> float:
        command = [sys.executable, "-c", SPEAK, str(path), text * times]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        return float(json.loads(run.stdout)) / 1024

    assert peak_mb(10) - peak_mb(1) < 60
