"""Groups of texts that mean the same, from which an encoder learns what is near and what only looks so."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import yaml

from corpus import jsonl_of, normal
from measure import measured_texts


@dataclass(frozen=True)
class Group:
    """Wordings of one need. `near` look alike and mean something else; `domain` groups those hardest to tell apart."""

    domain: str
    texts: tuple[str, ...]
    near: tuple[str, ...] = ()


def distinct(texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in map(normal, texts) if text))


def of_clusters(folder: Path) -> list[Group]:
    """Paraphrases written for this project."""
    return [
        Group(path.stem, distinct(row["texts"]), distinct(row.get("near", [])))
        for path in sorted(folder.glob("*.jsonl"))
        for row in jsonl_of(path)
    ]


def of_articles(folder: Path) -> list[Group]:
    """Standard and similar questions of the demo's articles."""
    groups = []
    for path in sorted(folder.rglob("*.md")):
        front = yaml.safe_load(path.read_text(encoding="utf-8").split("---\n")[1])
        english = [front["en"]["question"]] if front.get("en") else []
        groups.append(Group("articles", distinct([front["question"], *front["similar"], *english])))
    return groups


def of_intents(folder: Path) -> list[Group]:
    """Examples of the demo's intents."""
    return [
        Group("intents", distinct(intent["examples"]))
        for path in sorted(folder.glob("*.yaml"))
        for intent in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def of_labels(path: Path) -> list[Group]:
    """Texts of a permissively licensed set under one label each; what is out of scope is no group."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for row in jsonl_of(path):
        if row["intent"] not in (None, "oos"):
            by_label[row["intent"]].append(row["text"])
    return [Group(path.stem, distinct(texts)) for texts in by_label.values()]


def without(groups: list[Group], texts: set[str]) -> list[Group]:
    """The groups less what happens to stand in `texts`, word for word."""
    return [
        Group(
            group.domain,
            tuple(text for text in group.texts if text not in texts),
            tuple(text for text in group.near if text not in texts),
        )
        for group in groups
    ]


def chinese_texts(groups: list[Group]) -> list[str]:
    """Everything in them that has Chinese characters, once."""
    texts = [text for group in groups for text in (*group.texts, *group.near)]
    return [text for text in dict.fromkeys(texts) if any("\u4e00" <= letter <= "\u9fff" for letter in text)]


def all_groups(product: Path, data: Path) -> list[Group]:
    """Everything whose licence lets a model trained on it be shipped; see the model card."""
    groups = [
        *of_clusters(product / "models/training/clusters"),
        *of_articles(product / "knowledge/articles"),
        *of_intents(product / "intents/taxonomy"),
        *of_labels(data / "intent-clinc150.train.jsonl"),
        *of_labels(data / "intent-banking77.train.jsonl"),
    ]
    return [group for group in without(groups, measured_texts(data)) if len(group.texts) > 1]
