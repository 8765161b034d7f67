"""
Trains the encoder that ships, from nothing to a model folder. Every step is kept in the work folder, so that a run that
was broken off goes on where it was. Uses a GPU where there is one; on 2 cores it takes some hours.

    python -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python train.py --data DIR [--work DIR] [--out DIR] [--threads N]

DIR holds queries-zh.txt.gz, utterances-zh.txt.gz, pairs-zh.tsv.gz (measured on, never learned from) and the intent sets
named in groups.py.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import corpus
import distil
import tune
from export import MODEL as SHIPPED_MODEL
from export import PRODUCT, Shipped, check, export, usual_texts
from groups import all_groups, chinese_texts
from inherit import inherit
from measure import report
from student import Shape, Student
from teacher import MODEL, TOKENIZER, Teacher, fetch, vectors_of
from vocabulary import prune

VERSION = "3"
VOCABULARY = 8000
# Share of the tuned weights in the shipped ones; measured: 1 forgets what was not taught, 0 knows nothing of it.
BLEND = 0.5
# Texts by which neurons are chosen.
SAMPLE = 1500


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of training and development data")
    parser.add_argument("--work", type=Path, default=Path("work"), help="keeps what is done")
    parser.add_argument("--out", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--texts", type=int, default=36_864, help="texts the teacher is asked about")
    parser.add_argument("--distil", type=int, default=160_000, help="texts to distil on, repeats counted")
    parser.add_argument("--tune", type=int, default=900, help="steps of fine-tuning")
    parser.add_argument("--blend", type=float, default=BLEND, help="share of the tuned weights in those that are shipped")
    return parser.parse_args()


def tokenizer_of(given: argparse.Namespace, queries: list[str]) -> tuple[dict, list[int]]:
    path = given.work / "tokenizer.json"
    kept = given.work / "kept.json"
    if not path.exists():
        english = [
            corpus.normal(row["text"])
            for name in ("clinc150", "banking77")
            for row in corpus.jsonl_of(given.data / f"intent-{name}.train.jsonl")
        ]
        texts = queries[:300_000] + corpus.utterances(given.data)[:100_000] + english
        description, ids = prune(given.work / "teacher" / TOKENIZER, texts, VOCABULARY)
        kept.write_text(json.dumps(ids))
        path.write_text(json.dumps(description, ensure_ascii=False), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8")), json.loads(kept.read_text())


def begin(given: argparse.Namespace, kept: list[int], tokenizer: Tokenizer, texts: list[str], basis: np.ndarray) -> Student:
    """The teacher with a smaller vocabulary, fewer neurons, and its main directions as output."""
    encodings = tokenizer.encode_batch(texts[:SAMPLE])
    ids = torch.tensor([each.ids for each in encodings])
    mask = torch.tensor([each.attention_mask for each in encodings])
    student = inherit(given.work / "teacher" / MODEL, Shape(vocabulary=VOCABULARY), kept, ids, mask)
    with torch.no_grad():
        student.project.weight.copy_(torch.from_numpy(basis.T.copy()))
        student.project.bias.zero_()
    return student


def main() -> None:
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(given.threads)
    fetch(given.work / "teacher")
    queries = corpus.queries(given.data)
    description, kept = tokenizer_of(given, queries)
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.enable_truncation(64)
    tokenizer.enable_padding()
    texts = queries[: given.texts]
    vectors = vectors_of(texts, "queries", given.work, given.work / "teacher", given.threads)
    student = begin(given, kept, tokenizer, texts, distil.principal(vectors, Shape(VOCABULARY).output))
    plan = distil.Plan(texts=given.distil)
    student = distil.distil(student, tokenizer, texts, vectors, plan, given.work / "distil.pt")
    groups = all_groups(PRODUCT, given.data)
    memory = tune.Memory(texts, np.asarray(vectors))
    taught = chinese_texts(groups)
    theirs = vectors_of(taught, "groups", given.work, given.work / "teacher", given.threads)
    guide = tune.Guide(tune.Memory(taught, np.asarray(theirs)))
    before = {name: weight.clone() for name, weight in student.state_dict().items()}
    student = tune.tune(student, tokenizer, groups, memory, guide, tune.Plan(given.tune), given.work / "tune.pt")
    student = tune.blend(student, before, given.blend)
    export(student, description, given.out, VERSION, usual_texts(given.data))
    check(student, description, given.out, given.data)
    shipped = Shipped(given.out, given.threads)
    print("teacher", report(Teacher(given.work / "teacher", given.threads).encode, given.data))
    print("encoder", report(shipped.encode, given.data))


if __name__ == "__main__":
    main()
