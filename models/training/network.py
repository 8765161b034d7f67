"""
The student as a quantised ONNX graph, written node by node: matrix products of 8-bit numbers, everything between them in
as few nodes as ONNX Runtime has fast code for.

Rounding never depends on more than one token. Where inputs are even (after a normalisation, after attention) their range
is measured beforehand; where they are not (after GELU) each token has its own. So texts that go through together have
the same vectors as alone, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from torch import nn

from student import Student

CONTRIBUTED = "com.microsoft"
OPSET = 21
IR = 10
# Weights have seven bits: on processors without VNNI two products of 8 by 8 bits overflow the 16 they are added in.
WEIGHT_LEVELS = 63
TOKEN_LEVELS = 127
TOKEN_ZERO = 128
# How much of the differences between channels goes from the inputs to the weights.
SMOOTHING = 0.7
# Above what was measured: unusual texts reach farther.
MARGIN = 1.1


@dataclass
class Range:
    """The least and largest numbers each channel had."""

    low: np.ndarray
    high: np.ndarray

    @property
    def largest(self) -> np.ndarray:
        return np.maximum(np.maximum(-self.low, self.high), 1e-6)

    def by(self, factors: np.ndarray) -> Range:
        return Range(self.low * factors, self.high * factors)


def batches_of(tokenizer: Tokenizer, texts: list[str]) -> list[tuple[list[int], torch.Tensor]]:
    """Token ids of texts of one length, with the texts' places: nothing needs padding."""
    lengths: dict[int, list[tuple[int, list[int]]]] = {}
    for place, encoding in enumerate(tokenizer.encode_batch(texts)):
        lengths.setdefault(len(encoding.ids), []).append((place, encoding.ids))
    return [([place for place, _ in rows], torch.tensor([ids for _, ids in rows])) for rows in lengths.values()]


def ranges_of(student: Student, tokenizer: Tokenizer, texts: list[str]) -> dict[str, Range]:
    """What goes into each linear step of the student while it encodes the texts."""
    found: dict[str, Range] = {}

    def watch(name: str):
        def see(_module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            rows = inputs[0].detach().flatten(0, -2).numpy()
            low, high = rows.min(0), rows.max(0)
            if name in found:
                low, high = np.minimum(low, found[name].low), np.maximum(high, found[name].high)
            found[name] = Range(low, high)

        return see

    hooks = [
        module.register_forward_pre_hook(watch(name))
        for name, module in student.named_modules()
        if isinstance(module, nn.Linear)
    ]
    with torch.no_grad():
        for _, ids in batches_of(tokenizer, texts):
            student(ids, torch.ones_like(ids))
    for hook in hooks:
        hook.remove()
    return found


class Graph:
    """Nodes and constants under way."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, np.ndarray] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants[name] = np.asarray(value)
        return name

    def numbers(self, *values: int) -> str:
        return self.constant("_".join(map(str, ("numbers", *values))), np.array(values, dtype=np.int64))

    def node(self, kind: str, inputs: list[str], outputs: int = 1, domain: str = "", **attributes) -> list[str]:
        name = f"{kind}_{len(self.nodes)}"
        names = [f"{name}_{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, name=name, domain=domain, **attributes))
        return names

    def one(self, kind: str, inputs: list[str], domain: str = "", **attributes) -> str:
        return self.node(kind, inputs, domain=domain, **attributes)[0]

    def first(self, states: str) -> str:
        """The states of each text's first token."""
        return self.one("Slice", [states, self.numbers(0), self.numbers(1), self.numbers(1)])


def smoothing(inputs: Range, weight: np.ndarray) -> np.ndarray:
    """What each input is divided by and its weights are multiplied with, so that both round well."""
    factors = inputs.largest**SMOOTHING / np.maximum(np.abs(weight).max(1), 1e-6) ** (1 - SMOOTHING)
    return (factors / np.exp(np.log(factors).mean())).astype(np.float32)


class Writer:
    """Writes a student's parts into a graph."""

    def __init__(self, student: Student, ranges: dict[str, Range]) -> None:
        self.shape = student.shape
        self.ranges = dict(ranges)
        self.values = {name: value.detach().numpy().copy() for name, value in student.state_dict().items()}
        self.graph = Graph()

    def weight(self, names: list[str]) -> np.ndarray:
        return np.concatenate([self.values[f"{name}.weight"] for name in names]).T

    def bias(self, *names: str) -> str:
        value = np.concatenate([self.values[f"{name}.bias"] for name in names])
        return self.graph.constant(f"{names[0]}.bias{len(names)}", value)

    def product(self, rounded: str, scale: str, zero: str, names: list[str], weight: np.ndarray) -> str:
        """Rounded inputs times the rounded weight, as floats."""
        scales = (np.abs(weight).max(0) / WEIGHT_LEVELS).astype(np.float32)
        levels = np.round(weight / scales).astype(np.int8)
        constant = self.graph.constant
        inputs = [
            rounded,
            constant(f"{names[0]}.levels", levels),
            scale,
            constant(f"{names[0]}.scales", scales),
            zero,
            constant("zero", np.int8(0)),
        ]
        return self.graph.one("MatMulIntegerToFloat", inputs, CONTRIBUTED)

    def measured(self, inputs: str, names: list[str], factors: np.ndarray | None = None) -> str:
        """A linear step without its bias, its inputs rounded within their measured range."""
        weight = self.weight(names)
        spread = self.ranges[names[0]]
        constant = self.graph.constant
        if factors is not None:
            weight = weight * factors[:, None]
            spread = spread.by(1 / factors)
            inputs = self.graph.one("Mul", [inputs, constant(f"{names[0]}.even", 1 / factors)])
        low, high = min(0.0, spread.low.min() * MARGIN), max(0.0, spread.high.max() * MARGIN)
        scale = constant(f"{names[0]}.scale", np.float32((high - low) / 255))
        zero = constant(f"{names[0]}.zero", np.uint8(round(-low / (high - low) * 255)))
        return self.product(self.graph.one("QuantizeLinear", [inputs, scale, zero]), scale, zero, names, weight)

    def smoothed(self, inputs: str, names: list[str], like: list[str] | None = None) -> str:
        """`measured`, its inputs evened out; by the weights of `like` where several steps read the same inputs."""
        return self.measured(inputs, names, smoothing(self.ranges[names[0]], self.weight(like or names)))

    def by_token(self, inputs: str, names: list[str]) -> str:
        """A linear step without its bias, each token rounded by its own largest number."""
        graph = self.graph
        one = graph.constant("one", np.float32(1))
        zero = graph.constant("token.zero", np.uint8(TOKEN_ZERO))
        largest = graph.one("ReduceMax", [graph.one("Abs", [inputs]), graph.numbers(-1)], keepdims=1)
        scale = graph.one("Mul", [largest, graph.constant("token.level", np.float32(1 / TOKEN_LEVELS))])
        rounded = graph.one("QuantizeLinear", [graph.one("Div", [inputs, scale]), one, zero])
        return graph.one("Mul", [self.product(rounded, one, zero, names, self.weight(names)), scale])

    def normalised(self, parts: list[str], name: str) -> str:
        # Sum and not Add: Runtime would fuse Add into SkipLayerNormalization, which is three times as slow as the two.
        graph = self.graph
        scale = graph.constant(f"{name}.weight", self.values[f"{name}.weight"])
        shift = graph.constant(f"{name}.bias", self.values[f"{name}.bias"])
        return graph.one("LayerNormalization", [graph.one("Sum", parts), scale, shift], axis=-1, epsilon=1e-12)

    def embedded(self) -> str:
        """Words and places; each word's row has its own scale."""
        graph = self.graph
        words = self.values["words.weight"]
        scales = np.maximum(np.abs(words).max(1, keepdims=True), 1e-6).astype(np.float32) / TOKEN_LEVELS
        levels = graph.constant("words.levels", np.round(words / scales).astype(np.int8))
        rows = graph.one("Cast", [graph.one("Gather", [levels, "input_ids"])], to=TensorProto.FLOAT)
        row_scales = graph.one("Gather", [graph.constant("words.scales", scales), "input_ids"])
        length = graph.one("Shape", ["input_ids"], start=1, end=2)
        places = graph.constant("places", self.values["places.weight"])
        here = graph.one("Slice", [places, graph.numbers(0), length])
        return self.normalised([graph.one("Mul", [rows, row_scales]), here], "norm")

    def even_values(self, value: str, attended: str) -> None:
        """Smooths what attention mixes: the values' own weights can do it."""
        factors = smoothing(self.ranges[attended], self.weight([attended]))
        self.values[f"{value}.weight"] /= factors[:, None]
        self.values[f"{value}.bias"] /= factors
        self.values[f"{attended}.weight"] *= factors
        self.ranges[attended] = self.ranges[attended].by(1 / factors)

    def attention(self, states: str, asking: str, mask: str, layer: str) -> str:
        """What the asking states take from all; these are the states themselves, or each text's first."""
        graph = self.graph
        names = [f"{layer}.query", f"{layer}.key", f"{layer}.value"]
        self.even_values(names[2], f"{layer}.attended")
        if asking == states:
            split = graph.node("Split", [self.smoothed(states, names)], 3, axis=-1, num_outputs=3)
        else:
            keys = graph.node("Split", [self.smoothed(states, names[1:], names)], 2, axis=-1, num_outputs=2)
            split = [self.smoothed(asking, names[:1], names), *keys]
        mixed = graph.one(
            "MultiHeadAttention", [*split, self.bias(*names), mask], CONTRIBUTED, num_heads=self.shape.heads
        )
        return self.measured(mixed, [f"{layer}.attended"])

    def layer(self, states: str, mask: str, name: str, last: bool) -> str:
        # Only the first state is read in the end: the last layer makes no other.
        asking = self.graph.first(states) if last else states
        mixed = self.attention(states, asking, mask, name)
        states = self.normalised([mixed, self.bias(f"{name}.attended"), asking], f"{name}.attention_norm")
        inner = [self.smoothed(states, [f"{name}.inner"]), self.bias(f"{name}.inner")]
        active = self.graph.one("BiasGelu", inner, CONTRIBUTED)
        outer = self.by_token(active, [f"{name}.outer"])
        return self.normalised([outer, self.bias(f"{name}.outer"), states], f"{name}.norm")

    def write(self) -> None:
        graph = self.graph
        mask = graph.one("Cast", ["attention_mask"], to=TensorProto.INT32)
        states = self.embedded()
        for place in range(self.shape.layers):
            states = self.layer(states, mask, f"layers.{place}", place == self.shape.layers - 1)
        first = graph.one("Squeeze", [states, graph.numbers(1)])
        weight = graph.constant("project.weight", self.values["project.weight"])
        projected = graph.one("Gemm", [first, weight, self.bias("project")], transB=1)
        graph.nodes.append(
            helper.make_node("LpNormalization", [projected], ["sentence_embedding"], "length", axis=1, p=2)
        )


def write_network(student: Student, ranges: dict[str, Range], path: Path) -> None:
    """The student's quantised network as an ONNX file."""
    writer = Writer(student, ranges)
    writer.write()
    tokens = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in ("input_ids", "attention_mask")]
    vectors = helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["batch", student.shape.output])
    constants = [numpy_helper.from_array(value, name) for name, value in writer.graph.constants.items()]
    graph = helper.make_graph(writer.graph.nodes, "encoder", tokens, [vectors], constants)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIBUTED, 1)]
    onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=IR, producer_name="tongda"), path)
