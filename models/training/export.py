"""
Writes a student as a model folder: int8 network, tokenizer, descriptions; then has the product encode texts with it and
compares them with the student's own vectors.

    python export.py --weights FILE.pt --tokenizer FILE.json --data DIR --version VERSION [--out DIR]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

import corpus
from network import batches_of, ranges_of, write_network
from student import Shape, Student

PRODUCT = Path(__file__).resolve().parents[2]
MODEL = PRODUCT / "models/tongda-encoder-zh"
MAX_TOKENS = 128
# Texts by which the ranges of numbers are measured; as many questions as other utterances.
MEASURED = 1000
# Texts the product encodes; the last ones, which nothing else looks at.
CHECKED = 1000
LEAST_AGREEMENT = 0.99


def usual_texts(data: Path) -> list[str]:
    """What contacts write, to measure ranges by."""
    return corpus.queries(data)[: MEASURED // 2] + corpus.utterances(data)[: MEASURED // 2]


def truncating(description: dict) -> Tokenizer:
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def config_of(student: Student) -> dict[str, object]:
    shape = student.shape
    return {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "max_position_embeddings": shape.positions,
        "vocab_size": shape.vocabulary,
        "type_vocab_size": 1,
        "pad_token_id": 0,
    }


TOKENIZER_CONFIG = {
    "tokenizer_class": "BertTokenizer",
    "do_lower_case": True,
    "model_max_length": MAX_TOKENS,
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def export(student: Student, tokenizer: dict, folder: Path, version: str, texts: list[str]) -> None:
    """Writes everything the product reads; ranges of numbers are measured on `texts`."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    network = folder / "onnx" / "model_quantized.onnx"
    write_network(student, ranges_of(student, truncating(tokenizer), texts), network)
    (folder / "tokenizer.json").write_text(
        json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    write_json(folder / "tokenizer_config.json", TOKENIZER_CONFIG)
    write_json(folder / "config.json", config_of(student))
    write_json(
        folder / "tongda.json",
        {
            "name": "tongda-encoder-zh",
            "version": version,
            "dimensions": student.shape.output,
            "pooling": "cls",
            "maxTokens": MAX_TOKENS,
            "output": "sentence_embedding",
            "together": True,
            "sha256": hashlib.sha256(network.read_bytes()).hexdigest(),
            "tokenizerSha256": hashlib.sha256((folder / "tokenizer.json").read_bytes()).hexdigest(),
            "licence": "MIT",
        },
    )


class Shipped:
    """Encodes with the written files, as the product does."""

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        path = folder / "onnx" / "model_quantized.onnx"
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.tokenizer.enable_padding()

    def encode(self, texts: list[str], batch: int = 64) -> np.ndarray:
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors: np.ndarray | None = None
        for start in range(0, len(texts), batch):
            places = order[start : start + batch]
            encodings = self.tokenizer.encode_batch([texts[place] for place in places])
            ids = np.array([each.ids for each in encodings], dtype=np.int64)
            mask = np.array([each.attention_mask for each in encodings], dtype=np.int64)
            (found,) = self.session.run(None, {"input_ids": ids, "attention_mask": mask})
            if vectors is None:
                vectors = np.empty((len(texts), found.shape[1]), dtype=np.float32)
            vectors[places] = found
        return np.empty((0, 0), dtype=np.float32) if vectors is None else vectors


def trained_vectors(student: Student, tokenizer: dict, texts: list[str]) -> np.ndarray:
    vectors = np.empty((len(texts), student.shape.output), dtype=np.float32)
    with torch.no_grad():
        for places, ids in batches_of(truncating(tokenizer), texts):
            vectors[places] = student(ids, torch.ones_like(ids)).numpy()
    return vectors


def product_vectors(folder: Path, texts: list[str], dimensions: int) -> np.ndarray:
    """What the product's encoder makes of the texts: Transformers.js in a process of its own."""
    script = Path(__file__).parent / "encode.ts"
    command = ["node", "--import", "tsx", str(script), str(folder.resolve())]
    done = subprocess.run(command, input=json.dumps(texts).encode(), stdout=subprocess.PIPE, cwd=PRODUCT, check=True)
    return np.frombuffer(done.stdout, dtype="<f4").reshape(len(texts), dimensions)


def check(student: Student, tokenizer: dict, folder: Path, data: Path) -> None:
    """Ends the command when the product's vectors are others than the student's."""
    texts = corpus.queries(data)[-CHECKED:]
    ours = trained_vectors(student, tokenizer, texts)
    cosines = (product_vectors(folder, texts, student.shape.output) * ours).sum(1)
    print(f"{len(texts)} texts, trained model and product agree: mean {cosines.mean():.4f}, least {cosines.min():.4f}")
    if cosines.min() < LEAST_AGREEMENT:
        raise SystemExit(f"the product's vectors differ from the trained model's (cosine below {LEAST_AGREEMENT})")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True, help="what train.py keeps: tune.pt")
    parser.add_argument("--tokenizer", type=Path, required=True, help="its tokenizer.json")
    parser.add_argument("--data", type=Path, required=True, help="folder of training and development data")
    parser.add_argument("--version", required=True, help="goes up whenever the weights change")
    parser.add_argument("--out", type=Path, default=MODEL)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    given = arguments()
    torch.set_num_threads(given.threads)
    tokenizer = json.loads(given.tokenizer.read_text(encoding="utf-8"))
    weights = torch.load(given.weights, map_location="cpu", weights_only=True)
    student = Student(Shape(vocabulary=len(tokenizer["model"]["vocab"])))
    student.load_state_dict(weights.get("student", weights))
    student.eval()
    export(student, tokenizer, given.out, given.version, usual_texts(given.data))
    check(student, tokenizer, given.out, given.data)


if __name__ == "__main__":
    main()
