"""A voice parted in two: all of a sentence up to the middle of its decoder, then its sound, piece by piece.

The decoder of a voice (HiFi-GAN, https://arxiv.org/abs/2010.05646) makes a sentence longer and longer, by
transposed convolutions, each of them followed by ordinary ones. Nearly all of a run's memory is taken from
the second transposed convolution on. From there on each sample depends on a few steps to its left and
right only, so the sound can be computed in windows that overlap by those: bit by bit the same sound,
within the rounding of floats.

The place is found by its shape, not by names, which differ between exporters. How far a sample sees is
counted from the convolutions themselves. A voice of medium quality (blocks of 3, 5 and 7 taps, dilated by 1
to 12, behind rates of 8, 8 and 4) has 10 steps of 32 samples, one of high quality (3, 7 and 11 taps, dilated
by 1 to 5, rates of 8, 8, 2 and 2) 16.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from morning_edition.voices.piper.graph import (
    DAMAGED,
    Graph,
    Node,
    read_graph,
    write_input,
    write_model,
    write_output,
)

LENGTHS_OPERATOR = b"Ceil"
"""What the lengths of phonemes pass through in a voice; nothing else in it is rounded up."""
GROWING = b"ConvTranspose"
SEEING = b"Conv"
POINTWISE = frozenset(b"Add Sub Mul Div LeakyRelu Relu Tanh Sigmoid Identity".split())
RESHAPING = frozenset(b"Unsqueeze Squeeze Reshape".split())
"""Allowed at the end only."""
FIXED = frozenset(b"Constant Identity".split())


@dataclass(frozen=True, slots=True)
class Joint:
    """What passes from the front of a voice to its back: floats, shape (1, channels, steps)."""

    name: str
    rate: int
    """Samples a step."""
    reach: int
    """On how many steps to either side of its own a sample depends."""


@dataclass(frozen=True, slots=True)
class Halves:
    """Both parts of a voice, as models of their own."""

    front: bytes
    """From phonemes to the joint; the lengths of the phonemes are a second output, if there are any."""
    back: bytes
    """From the joint to samples."""
    joint: Joint


def find_lengths(graph: Graph) -> bytes | None:
    """Return the name of the phonemes' lengths in frames, None where a voice has none."""
    _, *others = graph.outputs
    rounded = [name for node in graph.nodes if node.operator == LENGTHS_OPERATOR for name in node.outputs]
    found = others or rounded
    return found[0] if len(graph.outputs) <= 2 and len(found) == 1 else None


def add_lengths(content: memoryview) -> bytes:
    """Return a whole model with the lengths of its phonemes as a second output.

    Empty where it has one as it is, or can have none.
    """
    try:
        graph = read_graph(content)
    except DAMAGED:
        return b""  # loading it will tell
    lengths = find_lengths(graph)
    if lengths is None or lengths in graph.outputs:
        return b""
    fields = [node.field for node in graph.nodes]
    fields += [*graph.constants.values(), *graph.inputs.values(), *graph.outputs.values()]
    return write_model(graph, fields, write_output(lengths))


def split_model(content: memoryview) -> Halves | None:
    """Return both halves of a model; None where it is not made as voices are, or damaged."""
    try:
        return _split(read_graph(content))
    except DAMAGED:
        return None


@dataclass(slots=True)
class _Tail:
    """What stands behind the joint: how long each value is, and what it sees of it."""

    graph: Graph
    fixed: set[bytes]
    joint: bytes
    nodes: list[Node] = field(default_factory=list)
    rates: dict[bytes, int] = field(default_factory=dict)
    """Steps of each value to one of the joint's."""
    reaches: dict[bytes, Fraction] = field(default_factory=dict)
    """In steps of the joint."""
    reshaped: set[bytes] = field(default_factory=set)

    def take(self, node: Node) -> None:
        """Add *node*, which takes something of what there is; raises `ValueError` where it does not fit."""
        taken = [name for name in node.inputs if name not in self.fixed]
        if len(node.outputs) != 1 or not self.rates.keys() >= {*taken}:
            raise ValueError("unusual")
        if self.reshaped.intersection(taken) and node.operator not in RESHAPING:
            raise ValueError("reshaped before the end")
        if len({self.rates[name] for name in taken}) != 1:
            raise ValueError("of several lengths")
        name, rate = node.outputs[0], self.rates[taken[0]]
        self.reaches[name] = max(self.reaches[name] for name in taken)
        if node.operator in (SEEING, GROWING):
            seen, growth = _measure(self.graph, node)
            self.reaches[name] += Fraction(seen, rate)
            rate *= growth
        elif node.operator in RESHAPING:
            self.reshaped.add(name)
        elif node.operator not in POINTWISE:
            raise ValueError("no part of a decoder")
        self.rates[name] = rate
        self.nodes.append(node)


def _measure(graph: Graph, node: Node) -> tuple[int, int]:
    """Return how many steps a convolution sees to one side, and how many it makes of one.

    Raises `ValueError` where its output is not just so many times as long as what it takes.
    """
    (taps,) = graph.numbers(node, b"kernel_shape")
    (dilation,) = graph.numbers(node, b"dilations") or [1]
    (stride,) = graph.numbers(node, b"strides") or [1]
    left, right = graph.numbers(node, b"pads") or [0, 0]
    (more,) = graph.numbers(node, b"output_padding") or [0]
    span = (taps - 1) * dilation
    if graph.text(node, b"auto_pad") not in (b"", b"NOTSET") or graph.numbers(node, b"output_shape"):
        raise ValueError("unusual padding")
    if node.operator == SEEING:
        if stride != 1 or left + right != span:
            raise ValueError("another length")
        return max(left, right), 1
    if stride < 1 or span + 1 + more - left - right != stride:
        raise ValueError("another length")
    return math.ceil(Fraction(max(left, span - left), stride)), stride


def _split(graph: Graph) -> Halves | None:
    sound = next(iter(graph.outputs))
    growing = [node for node in graph.nodes if node.operator == GROWING]
    if len(growing) < 2:
        return None
    tail = _follow(graph, growing[1].inputs[0])
    made = {name for node in tail.nodes for name in node.outputs}
    if made & graph.outputs.keys() != {sound} or not {node.outputs[0] for node in growing[1:]} <= made:
        return None
    return Halves(
        _write_front(graph, tail, find_lengths(graph)),
        _write_back(graph, tail, sound),
        Joint(tail.joint.decode(), tail.rates[sound], math.ceil(tail.reaches[sound])),
    )


def _follow(graph: Graph, joint: bytes) -> _Tail:
    """Return all that depends on the value called *joint*; nodes stand behind what they take."""
    fixed = {b"", *graph.constants}
    tail = _Tail(graph, fixed, joint, rates={joint: 1}, reaches={joint: Fraction(0)})
    for node in graph.nodes:
        if tail.rates.keys() & {*node.inputs, *node.outer}:
            tail.take(node)
        elif node.operator in FIXED and fixed.issuperset(node.inputs):
            fixed.update(node.outputs)
    return tail


def _write_front(graph: Graph, tail: _Tail, lengths: bytes | None) -> bytes:
    """Return the model up to the joint, without the constants that only the other half takes."""
    kept = set(graph.nodes) - set(tail.nodes)
    used = {name for node in kept for name in (*node.inputs, *node.outer)}
    dropped = {name for node in tail.nodes for name in node.inputs} - used
    fields = [node.field for node in graph.nodes if node in kept]
    fields += [place for name, place in graph.constants.items() if name not in dropped]
    fields += [place for name, place in graph.inputs.items() if name not in dropped]
    outputs = [tail.joint, *([lengths] if lengths else [])]
    return write_model(graph, fields, b"".join(map(write_output, outputs)))


def _write_back(graph: Graph, tail: _Tail, sound: bytes) -> bytes:
    wanted = {name for node in tail.nodes for name in node.inputs}
    nodes = list(tail.nodes)
    for node in reversed(graph.nodes):
        if node.operator in FIXED and wanted.intersection(node.outputs) and node not in tail.nodes:
            nodes.append(node)
            wanted.update(node.inputs)
    fields = [node.field for node in sorted(nodes, key=lambda node: node.field.begin)]
    fields += [place for name, place in graph.constants.items() if name in wanted]
    fields.append(graph.outputs[sound])
    return write_model(graph, fields, write_input(tail.joint))


def find_windows(steps: int, reach: int, longest: int) -> Iterator[tuple[slice, int, int]]:
    """Yield what of *steps* is computed at once, and which steps of that are kept: from, and how many.

    The kept parts are at most *longest* steps and of about the same length.
    """
    count = max(1, -(-steps // longest))
    for number in range(count):
        begin, end = steps * number // count, steps * (number + 1) // count
        first = max(0, begin - reach)
        yield slice(first, min(steps, end + reach)), begin - first, end - begin
