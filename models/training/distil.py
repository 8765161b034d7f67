"""Distillation: the student learns to see texts as far apart as the teacher does."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from tqdm import tqdm

from learning import Learner, encode
from student import Student


@dataclass(frozen=True)
class Plan:
    """How long and how hard to learn."""

    texts: int
    batch: int = 128
    rate: float = 1e-4
    warmup: int = 50
    temperature: float = 0.05
    seed: int = 20261126


def principal(vectors: np.ndarray, width: int) -> np.ndarray:
    """The `width` directions in which the teacher's vectors differ most, as columns."""
    sample = np.asarray(vectors[:100_000], dtype=np.float32)
    _, basis = np.linalg.eigh(sample.T @ sample)
    return basis[:, ::-1][:, :width].copy()


def batches(lengths: np.ndarray, plan: Plan) -> Iterator[np.ndarray]:
    """Places of texts, batch by batch: neighbours in length, so that little is padded, in a random order."""
    random = np.random.default_rng(plan.seed)
    seen = 0
    while seen < plan.texts:
        order = random.permutation(len(lengths))
        window = plan.batch * 64
        for start in range(0, len(order) - plan.batch, window):
            piece = order[start : start + window]
            piece = piece[np.argsort(lengths[piece], kind="stable")]
            starts = random.permutation(len(piece) // plan.batch)
            for place in starts:
                yield piece[place * plan.batch : (place + 1) * plan.batch]
                seen += plan.batch
                if seen >= plan.texts:
                    return


def rate_at(step: int, steps: int, plan: Plan) -> float:
    if step < plan.warmup:
        return plan.rate * (step + 1) / plan.warmup
    return plan.rate * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (step - plan.warmup) / max(1, steps - plan.warmup))))


def loss_of(ours: torch.Tensor, theirs: torch.Tensor, target: torch.Tensor, temperature: float) -> torch.Tensor:
    """How far the student's neighbourhoods are from the teacher's, and its vectors from the teacher's main directions."""
    batch = len(ours)
    alone = torch.eye(batch, dtype=torch.bool, device=ours.device)
    near_ours = (ours @ ours.T / temperature).masked_fill(alone, -1e4)
    near_theirs = (theirs @ theirs.T / temperature).masked_fill(alone, -1e4)
    order = functional.kl_div(
        functional.log_softmax(near_ours, dim=1), functional.softmax(near_theirs, dim=1), reduction="batchmean"
    )
    distances = ((ours @ ours.T - theirs @ theirs.T) ** 2).masked_fill(alone, 0).sum() / (batch * (batch - 1))
    return order + 10 * distances + 2 * (1 - (ours * target).sum(1)).mean()


def distil(
    student: Student, tokenizer: Tokenizer, texts: list[str], vectors: np.ndarray, plan: Plan, saved: Path
) -> Student:
    """Teaches in place and returns the student; what is done is kept in `saved`."""
    learner = Learner(student, plan.rate, saved)
    device = learner.device
    steps = math.ceil(plan.texts / plan.batch)
    basis = torch.from_numpy(principal(vectors, student.shape.output)).to(device)
    lengths = np.array([len(text) for text in texts])
    with tqdm(total=steps, initial=learner.first, unit="step", desc="distil") as bar:
        for step, places in enumerate(batches(lengths, plan)):
            if step < learner.first:
                continue
            # In the order of the file, which is memory-mapped.
            places = np.sort(places)
            theirs = torch.from_numpy(np.asarray(vectors[places], dtype=np.float32)).to(device)
            ours = encode(learner.student, tokenizer, [texts[place] for place in places], device)
            loss = loss_of(ours, theirs, functional.normalize(theirs @ basis, dim=1), plan.temperature)
            average = learner.learn(loss, rate_at(step, steps, plan))
            bar.set_postfix(loss=f"{average:.3f}")
            bar.update(1)
            learner.keep(step + 1, steps)
    return learner.finish()
