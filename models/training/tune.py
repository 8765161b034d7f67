"""Contrastive fine-tuning: wordings of one need move together, what only looks alike moves apart."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch.nn import functional
from tqdm import tqdm

from distil import loss_of, principal
from groups import Group
from learning import Learner, encode
from student import Student


@dataclass(frozen=True)
class Plan:
    """How long and how hard to learn."""

    steps: int
    groups: int = 48
    kept: int = 64
    rate: float = 8e-5
    warmup: int = 50
    temperature: float = 0.05
    # Weight of what the teacher says, so that what was not taught here is not forgotten.
    faith: float = 1.0
    seed: int = 20261126


@dataclass(frozen=True)
class Memory:
    """Texts with the teacher's vectors."""

    texts: list[str]
    vectors: np.ndarray


class Guide:
    """Says by the teacher which wordings of other groups say the same, so that they are not pushed apart."""

    def __init__(self, memory: Memory, limit: float = 0.95) -> None:
        self.place = {text: place for place, text in enumerate(memory.texts)}
        self.vectors = memory.vectors
        self.limit = limit

    def vectors_of(self, texts: list[str]) -> np.ndarray:
        """Zeros for what the teacher was not asked about: it is like nothing."""
        found = np.zeros((len(texts), self.vectors.shape[1]), dtype=np.float32)
        for row, text in enumerate(texts):
            if text in self.place:
                found[row] = self.vectors[self.place[text]]
        return found

    def same(self, texts: list[str], others: list[str]) -> np.ndarray:
        return self.vectors_of(texts) @ self.vectors_of(others).T > self.limit


@dataclass(frozen=True)
class Batch:
    """Two wordings of each group, and what looks like one of them and is none; `owner` says whose near miss it is."""

    first: list[str]
    second: list[str]
    near: list[str]
    owner: list[int]

    def rivals(self, one: list[str], other: list[str], guide: Guide) -> torch.Tensor:
        """What each of `one` is to be told from, among `other` and the near misses; its own partner among it."""
        groups = len(one)
        rivals = ~guide.same(one, [*other, *self.near])
        rivals[np.arange(groups), np.arange(groups)] = True
        for place, owner in enumerate(self.owner):
            rivals[owner, groups + place] = True
        return torch.from_numpy(rivals)


PUNCTUATION = str.maketrans("", "", "，。！？、；：,.!?;:~～…")


def roughen(text: str, random: np.random.Generator) -> str:
    """Now and then as people type: no punctuation, a character missing, twice, or two exchanged."""
    if random.random() < 0.3:
        text = text.translate(PUNCTUATION) or text
    if len(text) < 5 or random.random() > 0.2:
        return text
    at = int(random.integers(1, len(text) - 1))
    kind = random.integers(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


class Draw:
    """Draws groups: every second time all from one domain, where they are hardest to tell apart."""

    def __init__(self, groups: list[Group], random: np.random.Generator) -> None:
        self.random = random
        self.groups = groups
        self.by_domain: dict[str, list[int]] = defaultdict(list)
        for place, group in enumerate(groups):
            self.by_domain[group.domain].append(place)
        # Large domains would drown the others.
        sizes = np.array([len(places) ** 0.5 for places in self.by_domain.values()])
        self.share = sizes / sizes.sum()

    def choose(self, count: int) -> list[Group]:
        names = list(self.by_domain)
        if self.random.random() < 0.5:
            places = self.by_domain[names[self.random.choice(len(names), p=self.share)]]
            if len(places) >= count // 2:
                chosen = self.random.choice(places, size=min(count, len(places)), replace=False)
                return [self.groups[place] for place in chosen]
        chosen = set()
        while len(chosen) < count:
            places = self.by_domain[names[self.random.choice(len(names), p=self.share)]]
            chosen.add(int(self.random.choice(places)))
        return [self.groups[place] for place in sorted(chosen)]

    def batch(self, count: int) -> Batch:
        first, second, near, owner = [], [], [], []
        for place, group in enumerate(self.choose(count)):
            one, other = self.random.choice(len(group.texts), size=2, replace=False)
            first.append(group.texts[one])
            second.append(group.texts[other])
            if group.near:
                near.append(group.near[self.random.integers(len(group.near))])
                owner.append(place)
        return Batch(first, second, near, owner)


def choose_partner(one: torch.Tensor, others: torch.Tensor, rivals: torch.Tensor, temperature: float) -> torch.Tensor:
    """Each wording finds its other one among its rivals."""
    scores = (one @ others.T / temperature).masked_fill(~rivals, -1e4)
    return functional.cross_entropy(scores, torch.arange(len(one), device=one.device))


def contrast(ours: torch.Tensor, batch: Batch, guide: Guide, temperature: float) -> torch.Tensor:
    """Both ways; `ours` are the vectors of first and second wordings and near misses."""
    groups = len(batch.first)
    first, second, near = ours[:groups], ours[groups : 2 * groups], ours[2 * groups :]
    there = batch.rivals(batch.first, batch.second, guide).to(ours.device)
    back = batch.rivals(batch.second, batch.first, guide).to(ours.device)
    return choose_partner(first, torch.cat((second, near)), there, temperature) + choose_partner(
        second, torch.cat((first, near)), back, temperature
    )


def rate_at(step: int, plan: Plan) -> float:
    warm = min(1.0, (step + 1) / plan.warmup)
    return plan.rate * warm * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / plan.steps)))


def tune(
    student: Student,
    tokenizer: Tokenizer,
    groups: list[Group],
    memory: Memory,
    guide: Guide,
    plan: Plan,
    saved: Path,
) -> Student:
    """Teaches in place and returns the student; what is done is kept in `saved`."""
    learner = Learner(student, plan.rate, saved)
    device = learner.device
    random = np.random.default_rng(plan.seed + learner.first)
    draw = Draw(groups, random)
    basis = torch.from_numpy(principal(memory.vectors, student.shape.output)).to(device)
    with tqdm(total=plan.steps, initial=learner.first, unit="step", desc="tune") as bar:
        for step in range(learner.first, plan.steps):
            batch = draw.batch(plan.groups)
            typed = [roughen(text, random) for text in [*batch.first, *batch.second]]
            places = np.sort(random.choice(len(memory.texts), size=plan.kept, replace=False))
            kept = [memory.texts[place] for place in places]
            ours = encode(learner.student, tokenizer, [*typed, *batch.near, *kept], device)
            taught = len(typed) + len(batch.near)
            theirs = torch.from_numpy(np.asarray(memory.vectors[places], dtype=np.float32)).to(device)
            target = functional.normalize(theirs @ basis, dim=1)
            loss = contrast(ours[:taught], batch, guide, plan.temperature)
            loss = loss + plan.faith * loss_of(ours[taught:], theirs, target, plan.temperature)
            average = learner.learn(loss, rate_at(step, plan))
            bar.set_postfix(loss=f"{average:.3f}")
            bar.update(1)
            learner.keep(step + 1, plan.steps)
    return learner.finish()


def blend(student: Student, before: dict[str, torch.Tensor], share: float) -> Student:
    """
    Weights between those before fine-tuning and those after. What was taught pulls a network from all that it knew; half
    way it has most of what was taught and all of the rest (Wortsman et al., Robust fine-tuning of zero-shot models, 2022).
    """
    after = student.state_dict()
    student.load_state_dict({name: share * after[name] + (1 - share) * before[name] for name in before})
    return student
