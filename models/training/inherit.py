"""Starts a student from the teacher: its vectors for the kept tokens, its layers less the neurons that do least."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from student import Shape, Student

TEACHER_INNER = 2048


def teacher_weights(model: Path) -> dict[str, np.ndarray]:
    """The teacher's weights by the names BERT gives them; the export lost those of its matrices, so order tells."""
    graph = onnx.load(str(model)).graph
    named = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    weights = {name: value for name, value in named.items() if not name.startswith("onnx::")}
    matrices = [node.input[1] for node in graph.node if node.op_type == "MatMul" and node.input[1] in named]
    parts = (
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    )
    for place, name in enumerate(matrices):
        weights[f"encoder.layer.{place // len(parts)}.{parts[place % len(parts)]}.weight"] = named[name].T
    return weights


def start(model: Path, shape: Shape, kept: list[int]) -> Student:
    """A student with the teacher's layers, whole. Its width, number of layers and inner width are the teacher's."""
    weights = {name: torch.from_numpy(np.array(value)) for name, value in teacher_weights(model).items()}
    student = Student(shape)
    with torch.no_grad():
        student.words.weight.copy_(weights["embeddings.word_embeddings.weight"][kept])
        kinds = weights["embeddings.token_type_embeddings.weight"][0]
        student.places.weight.copy_(weights["embeddings.position_embeddings.weight"][: shape.positions] + kinds)
        student.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        student.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for number, layer in enumerate(student.layers):
            for ours, theirs in (
                (layer.query, "attention.self.query"),
                (layer.key, "attention.self.key"),
                (layer.value, "attention.self.value"),
                (layer.attended, "attention.output.dense"),
                (layer.attention_norm, "attention.output.LayerNorm"),
                (layer.inner, "intermediate.dense"),
                (layer.outer, "output.dense"),
                (layer.norm, "output.LayerNorm"),
            ):
                ours.weight.copy_(weights[f"encoder.layer.{number}.{theirs}.weight"])
                ours.bias.copy_(weights[f"encoder.layer.{number}.{theirs}.bias"])
    return student


def effects(student: Student, ids: torch.Tensor, mask: torch.Tensor) -> list[torch.Tensor]:
    """How much each inner neuron adds to its layer's states, on these texts."""
    seen: list[torch.Tensor] = []

    def note(layer: torch.nn.Module, given: tuple[torch.Tensor, ...], inner: torch.Tensor) -> None:
        active = functional.gelu(inner).abs() * mask[:, :, None]
        seen.append(active.sum((0, 1)))

    hooks = [layer.inner.register_forward_hook(note) for layer in student.layers]
    with torch.no_grad():
        student(ids, mask)
    for hook in hooks:
        hook.remove()
    return [
        total * layer.outer.weight.norm(dim=0) for total, layer in zip(seen, student.layers, strict=True)
    ]


def slim(student: Student, shape: Shape, ids: torch.Tensor, mask: torch.Tensor) -> Student:
    """The same student with fewer inner neurons: those that do most on these texts."""
    small = Student(shape)
    weights = student.state_dict()
    for number, effect in enumerate(effects(student, ids, mask)):
        best = effect.topk(shape.inner).indices.sort().values
        for name in ("inner.weight", "inner.bias"):
            weights[f"layers.{number}.{name}"] = weights[f"layers.{number}.{name}"][best]
        weights[f"layers.{number}.outer.weight"] = weights[f"layers.{number}.outer.weight"][:, best]
    small.load_state_dict(weights)
    return small


def inherit(model: Path, shape: Shape, kept: list[int], ids: torch.Tensor, mask: torch.Tensor) -> Student:
    """A student of that shape; `ids` and `mask` are the texts by which its neurons are chosen."""
    return slim(start(model, replace(shape, inner=TEACHER_INNER), kept), shape, ids, mask)
