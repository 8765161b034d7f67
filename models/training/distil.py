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
    """Teaches in place and returns the student. Goes on at `saved`, written every 100 steps, when it is there."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    student = student.to(device)
    student.train()
    optimiser = torch.optim.AdamW(student.parameters(), lr=plan.rate, weight_decay=0.01)
    steps = math.ceil(plan.texts / plan.batch)
    first = 0
    if saved.exists():
        state = torch.load(saved, map_location=device)
        student.load_state_dict(state["student"])
        optimiser.load_state_dict(state["optimiser"])
        first = state["step"]
    basis = torch.from_numpy(principal(vectors, student.shape.output)).to(device)
    lengths = np.array([len(text) for text in texts])
    average = 0.0
    with tqdm(total=steps, initial=first, unit="step", desc="distil") as bar:
        for step, places in enumerate(batches(lengths, plan)):
            if step < first:
                continue
            for group in optimiser.param_groups:
                group["lr"] = rate_at(step, steps, plan)
            encodings = tokenizer.encode_batch([texts[place] for place in places])
            ids = torch.tensor([each.ids for each in encodings], device=device)
            mask = torch.tensor([each.attention_mask for each in encodings], device=device)
            theirs = torch.from_numpy(np.asarray(vectors[np.sort(places)], dtype=np.float32))
            theirs = theirs[np.argsort(np.argsort(places))].to(device)
            with torch.autocast(device, dtype=torch.bfloat16):
                ours = student(ids, mask)
            loss = loss_of(ours.float(), theirs, functional.normalize(theirs @ basis, dim=1), plan.temperature)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(student.parameters(), 1.0)
            optimiser.step()
            average = loss.item() if average == 0 else 0.98 * average + 0.02 * loss.item()
            bar.set_postfix(loss=f"{average:.3f}")
            bar.update(1)
            if (step + 1) % 100 == 0 or step + 1 == steps:
                torch.save(
                    {"student": student.state_dict(), "optimiser": optimiser.state_dict(), "step": step + 1}, saved
                )
    return student.cpu().eval()
