"""The encoder that ships: a small BERT over characters, its first state projected and scaled to length one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """How large an encoder is. The defaults ship."""

    vocabulary: int
    width: int = 512
    layers: int = 4
    heads: int = 8
    inner: int = 1536
    positions: int = 128
    output: int = 256

    def to_dict(self) -> dict[str, int]:
        return asdict(self)


class Layer(nn.Module):
    """One layer of BERT: attention and feed-forward, each followed by a sum and a normalisation."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.query = nn.Linear(shape.width, shape.width)
        self.key = nn.Linear(shape.width, shape.width)
        self.value = nn.Linear(shape.width, shape.width)
        self.attended = nn.Linear(shape.width, shape.width)
        self.attention_norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.inner = nn.Linear(shape.width, shape.inner)
        self.outer = nn.Linear(shape.inner, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)

    def split(self, states: torch.Tensor) -> torch.Tensor:
        batch, length, width = states.shape
        return states.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

    def forward(self, states: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
        query, key, value = (self.split(part(states)) for part in (self.query, self.key, self.value))
        weights = torch.softmax(query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5 + bias, dim=-1)
        mixed = (weights @ value).transpose(1, 2).reshape(states.shape)
        states = self.attention_norm(states + self.attended(mixed))
        return self.norm(states + self.outer(functional.gelu(self.inner(states))))


class Student(nn.Module):
    """Token ids and their mask in, vectors of length one out."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.places = nn.Embedding(shape.positions, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.project = nn.Linear(shape.width, shape.output)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        length = input_ids.shape[1]
        mask = attention_mask.to(self.words.weight.dtype)
        states = self.norm(self.words(input_ids) + self.places.weight[:length])
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            states = layer(states, bias)
        return functional.normalize(self.project(states[:, 0]), dim=1)
