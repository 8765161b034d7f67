"""Starts a student from the teacher: its vectors for the kept tokens, and some of its layers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from student import Shape, Student


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


def inherit(model: Path, shape: Shape, kept: list[int], layers: tuple[int, ...]) -> Student:
    """A student with the teacher's layers of those numbers. Its width must be the teacher's."""
    weights = {name: torch.from_numpy(np.array(value)) for name, value in teacher_weights(model).items()}
    student = Student(shape)
    with torch.no_grad():
        student.words.weight.copy_(weights["embeddings.word_embeddings.weight"][kept])
        kinds = weights["embeddings.token_type_embeddings.weight"][0]
        student.places.weight.copy_(weights["embeddings.position_embeddings.weight"][: shape.positions] + kinds)
        student.norm.weight.copy_(weights["embeddings.LayerNorm.weight"])
        student.norm.bias.copy_(weights["embeddings.LayerNorm.bias"])
        for layer, number in zip(student.layers, layers, strict=True):
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
