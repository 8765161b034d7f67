"""The texts an encoder learns from, and their normal form."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path


def normal(text: str) -> str:
    """One form for what looks alike: full-width letters plain, all small, runs of space one space."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def lines_of(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [normal(line) for line in file.read().rstrip("\n").split("\n")]


def jsonl_of(path: Path) -> list[dict]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def queries(data: Path) -> list[str]:
    return lines_of(data / "queries-zh.txt.gz")


def utterances(data: Path) -> list[str]:
    return lines_of(data / "utterances-zh.txt.gz")
