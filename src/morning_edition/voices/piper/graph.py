"""The graph of an ONNX model, read and written as Protocol Buffers, without a package for either.

Only what parts a voice in two is read (`split`): nodes, constants, inputs and outputs by name.
Everything is copied as it stands in the file. Field numbers are those of onnx.proto
(https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), the wire types those of
https://protobuf.dev/programming-guides/encoding.
"""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

MODEL_GRAPH, MODEL_FUNCTIONS = 7, 25
GRAPH_NODE, GRAPH_CONSTANT, GRAPH_INPUT, GRAPH_OUTPUT, GRAPH_VALUE, GRAPH_SPARSE = 1, 5, 11, 12, 13, 15
NODE_INPUT, NODE_OUTPUT, NODE_OPERATOR, NODE_ATTRIBUTE, NODE_DOMAIN = 1, 2, 4, 5, 7
ATTRIBUTE_NAME, ATTRIBUTE_TEXT, ATTRIBUTE_GRAPH, ATTRIBUTE_NUMBERS, ATTRIBUTE_GRAPHS = 1, 4, 6, 8, 11
CONSTANT_NAME = 8
VALUE_NAME, VALUE_TYPE, TYPE_TENSOR, TENSOR_ELEMENT = 1, 2, 1, 1
FLOAT = 1
"""The type of an element, in TensorProto.DataType."""
DAMAGED = (IndexError, ValueError, RecursionError)
"""What reading raises where a model is damaged, or of an unusual kind."""
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class Field(NamedTuple):
    """A field of a message: where it begins and ends, without its key and length from *at* on."""

    number: int
    begin: int
    at: int
    end: int
    kind: int


class Node(NamedTuple):
    """An operation: what it is, and the names of what it takes and makes."""

    field: Field
    operator: bytes
    inputs: tuple[bytes, ...]
    outputs: tuple[bytes, ...]
    outer: tuple[bytes, ...]
    """What the graphs within it take; some of it may be their own."""


@dataclass(frozen=True, slots=True)
class Graph:
    """A model's only graph; the fields are places in its content."""

    content: memoryview
    others: tuple[Field, ...]
    """The model's, without the graph."""
    details: tuple[Field, ...]
    """The graph's name and the like."""
    nodes: tuple[Node, ...]
    constants: dict[bytes, Field]
    inputs: dict[bytes, Field]
    outputs: dict[bytes, Field]

    def numbers(self, node: Node, name: bytes) -> list[int]:
        """Return an attribute that is a list of numbers; empty where it is left out."""
        for field in _find(self.content, node.field, NODE_ATTRIBUTE):
            if _texts(self.content, field, ATTRIBUTE_NAME) == (name,):
                return list(_read_numbers(self.content, field))
        return []

    def text(self, node: Node, name: bytes) -> bytes:
        """Return an attribute that is a text; empty where it is left out."""
        for field in _find(self.content, node.field, NODE_ATTRIBUTE):
            if _texts(self.content, field, ATTRIBUTE_NAME) == (name,):
                return b"".join(_texts(self.content, field, ATTRIBUTE_TEXT))
        return b""


def read_graph(content: memoryview) -> Graph:
    """Read a model; raises one of `DAMAGED`."""
    fields = list(_read_fields(content, 0, len(content)))
    graphs = [field for field in fields if field.number == MODEL_GRAPH]
    if len(graphs) != 1 or any(field.number == MODEL_FUNCTIONS for field in fields):
        raise ValueError("not one graph")
    parts: dict[int, list[Field]] = {}
    for field in _read_fields(content, graphs[0].at, graphs[0].end):
        parts.setdefault(field.number, []).append(field)
    if GRAPH_SPARSE in parts or GRAPH_OUTPUT not in parts:
        raise ValueError("unusual")
    known = (GRAPH_NODE, GRAPH_CONSTANT, GRAPH_INPUT, GRAPH_OUTPUT, GRAPH_VALUE)
    return Graph(
        content,
        tuple(field for field in fields if field.number != MODEL_GRAPH),
        tuple(field for number in parts if number not in known for field in parts[number]),
        tuple(_read_node(content, field) for field in parts.get(GRAPH_NODE, ())),
        *(
            {_name(content, field, place): field for field in parts.get(number, ())}
            for number, place in (
                (GRAPH_CONSTANT, CONSTANT_NAME),
                (GRAPH_INPUT, VALUE_NAME),
                (GRAPH_OUTPUT, VALUE_NAME),
            )
        ),
    )


def write_model(graph: Graph, fields: Iterable[Field], added: bytes) -> bytes:
    """Return a model like that of *graph*, with those *fields* of it only and what is *added*."""
    pieces = [graph.content[field.begin : field.end] for field in (*graph.details, *fields)]
    size = sum(map(len, pieces)) + len(added)
    others = [graph.content[field.begin : field.end] for field in graph.others]
    return b"".join((*others, _write_key(MODEL_GRAPH), _write_varint(size), *pieces, added))


def write_output(name: bytes) -> bytes:
    """Return a graph's output; its type is that of the value."""
    return _write_bytes(GRAPH_OUTPUT, _write_bytes(VALUE_NAME, name))


def write_input(name: bytes) -> bytes:
    """Return a graph's input: floats, of any shape."""
    element = _write_varint(TENSOR_ELEMENT << 3 | _VARINT) + _write_varint(FLOAT)
    kind = _write_bytes(VALUE_TYPE, _write_bytes(TYPE_TENSOR, element))
    return _write_bytes(GRAPH_INPUT, _write_bytes(VALUE_NAME, name) + kind)


def _read_node(content: memoryview, field: Field) -> Node:
    operator = b"".join(_texts(content, field, NODE_OPERATOR))
    if domain := b"".join(_texts(content, field, NODE_DOMAIN)):
        operator = domain + b":" + operator
    return Node(
        field,
        operator,
        _texts(content, field, NODE_INPUT),
        _texts(content, field, NODE_OUTPUT),
        tuple(_read_outer(content, field)),
    )


def _read_outer(content: memoryview, node: Field) -> Iterator[bytes]:
    """Yield what the nodes of the graphs in a node's attributes take."""
    for attribute in _find(content, node, NODE_ATTRIBUTE):
        for number in (ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS):
            for graph in _find(content, attribute, number):
                yield from _texts_of_values(content, graph)
                for inner in _find(content, graph, GRAPH_NODE):
                    yield from _texts(content, inner, NODE_INPUT)
                    yield from _read_outer(content, inner)


def _texts_of_values(content: memoryview, graph: Field) -> Iterator[bytes]:
    """Yield the names of a graph's outputs, which may be what is outside of it."""
    for output in _find(content, graph, GRAPH_OUTPUT):
        yield from _texts(content, output, VALUE_NAME)


def _name(content: memoryview, field: Field, number: int) -> bytes:
    (name,) = _texts(content, field, number)
    return name


def _texts(content: memoryview, message: Field, number: int) -> tuple[bytes, ...]:
    return tuple(bytes(content[field.at : field.end]) for field in _find(content, message, number))


def _find(content: memoryview, message: Field, number: int) -> Iterator[Field]:
    """Yield the fields of a message that are texts or messages and have that number."""
    for field in _read_fields(content, message.at, message.end):
        if field.number == number and field.kind == _BYTES:
            yield field


def _read_numbers(content: memoryview, attribute: Field) -> Iterator[int]:
    """Yield a list's numbers, which stand one by one, or all together."""
    for field in _read_fields(content, attribute.at, attribute.end):
        at = field.at
        while field.number == ATTRIBUTE_NUMBERS and at < field.end:
            number, at = _read_varint(content, at)
            yield number


def _read_fields(content: memoryview, at: int, end: int) -> Iterator[Field]:
    while at < end:
        begin = at
        key, at = _read_varint(content, at)
        kind = key & 7
        if kind == _BYTES:
            length, at = _read_varint(content, at)
        elif kind == _VARINT:
            length = _read_varint(content, at)[1] - at
        elif kind in (_FIXED32, _FIXED64):
            length = 4 if kind == _FIXED32 else 8
        else:
            raise ValueError("no message")
        if at + length > end:
            raise ValueError("cut short")
        yield Field(key >> 3, begin, at, at + length, kind)
        at += length


def _read_varint(content: memoryview, at: int) -> tuple[int, int]:
    value = 0
    for shift in itertools.count(0, 7):
        byte = content[at]
        value |= (byte & 0x7F) << shift
        at += 1
        if byte < 0x80:
            return value, at
        if shift > 63:
            break
    raise ValueError("no number")


def _write_bytes(field: int, value: bytes) -> bytes:
    return _write_key(field) + _write_varint(len(value)) + value


def _write_key(field: int) -> bytes:
    return _write_varint(field << 3 | _BYTES)


def _write_varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
