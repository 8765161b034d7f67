"""Measures an encoder on development data; nothing here trains anything."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import numpy as np

from corpus import jsonl_of, normal

Encode = Callable[[list[str]], np.ndarray]


def ranks(values: np.ndarray) -> np.ndarray:
    """Places in order; equals share the mean of theirs."""
    order = np.argsort(values, kind="stable")
    places = np.empty(len(values))
    places[order] = np.arange(len(values))
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.bincount(inverse, weights=places) / counts)[inverse]


def spearman(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(ranks(one), ranks(other))[0, 1])


def pair_sets(data: Path, most: int = 2000) -> dict[str, list[tuple[str, str, int]]]:
    sets: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    with gzip.open(data / "pairs-zh.tsv.gz", "rt", encoding="utf-8") as file:
        next(file)
        for line in file:
            first, second, label, source = line.rstrip("\n").split("\t")
            sets[source].append((normal(first), normal(second), int(label)))
    random = np.random.default_rng(7)
    return {
        source: [rows[place] for place in random.permutation(len(rows))[:most]]
        for source, rows in sorted(sets.items())
        if len({label for *_, label in rows}) > 1
    }


def on_pairs(encode: Encode, data: Path) -> dict[str, float]:
    """Spearman of cosine and label, by source, and the mean."""
    found = {}
    for source, rows in pair_sets(data).items():
        first = encode([row[0] for row in rows])
        second = encode([row[1] for row in rows])
        found[source] = spearman((first * second).sum(1), np.array([row[2] for row in rows], dtype=float))
    return {**found, "mean": float(np.mean(list(found.values())))}


def retrieval(encode: Encode, known: list[tuple[str, int]], asked: list[tuple[str, int]]) -> float:
    """Share of questions whose closest known wording belongs to their group."""
    there = encode([text for text, _ in known])
    here = encode([text for text, _ in asked])
    groups = np.array([group for _, group in known])
    best = groups[np.argmax(here @ there.T, axis=1)]
    return float((best == np.array([group for _, group in asked])).mean())


def split(groups: list[list[str]], known: int, most: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    random = np.random.default_rng(11)
    there, here = [], []
    for place, texts in enumerate(groups):
        order = [texts[at] for at in random.permutation(len(texts))]
        there += [(text, place) for text in order[:known]]
        here += [(text, place) for text in order[known : known + most]]
    return there, here


def components(data: Path, source: str) -> list[list[str]]:
    """Texts that pairs call the same, directly or through others."""
    parent: dict[str, str] = {}

    def root(text: str) -> str:
        while parent.setdefault(text, text) != text:
            parent[text] = parent[parent[text]]
            text = parent[text]
        return text

    with gzip.open(data / "pairs-zh.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            first, second, label, origin = line.rstrip("\n").split("\t")
            if origin == source and label == "1":
                parent[root(normal(first))] = root(normal(second))
    groups = defaultdict(list)
    for text in parent:
        groups[root(text)].append(text)
    return [texts for texts in groups.values() if 2 < len(texts) < 40]


def on_faq(encode: Encode, data: Path) -> dict[str, float]:
    """P@1 where a few wordings are known and others ask."""
    ths = [list(dict.fromkeys(map(normal, row["paraphrases"]))) for row in jsonl_of(data / "faq-clusters-ths.train.jsonl")]
    found = {"ths": retrieval(encode, *split([texts for texts in ths if len(texts) > 4], 3, 10))}
    for source in ("bq-webank", "atec", "lcqmc"):
        groups = components(data, source)[:1500]
        found[source] = retrieval(encode, *split(groups, 1, 2))
    return {**found, "mean": float(np.mean(list(found.values())))}


def measured_texts(data: Path) -> set[str]:
    """What is measured on; none of it may be learned from."""
    texts = {text for rows in pair_sets(data).values() for first, second, _ in rows for text in (first, second)}
    texts |= {text for source in ("bq-webank", "atec", "lcqmc") for group in components(data, source) for text in group}
    return texts | {normal(text) for row in jsonl_of(data / "faq-clusters-ths.train.jsonl") for text in row["paraphrases"]}


def on_intents(encode: Encode, data: Path) -> dict[str, float]:
    """Accuracy of the nearest training text."""
    found = {}
    for name in ("clinc150", "banking77", "cais", "cic"):
        known = [(normal(row["text"]), row["intent"]) for row in jsonl_of(data / f"intent-{name}.train.jsonl")]
        asked = [(normal(row["text"]), row["intent"]) for row in jsonl_of(data / f"intent-{name}.dev.jsonl")][:1000]
        labels = {label: place for place, label in enumerate(dict.fromkeys(label for _, label in known + asked))}
        found[name] = retrieval(
            encode, [(t, labels[l]) for t, l in known], [(t, labels[l]) for t, l in asked]
        )
    return found


def report(encode: Encode, data: Path) -> str:
    return json.dumps({"pairs": on_pairs(encode, data), "faq": on_faq(encode, data)}, ensure_ascii=False)
