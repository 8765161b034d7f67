"""Writes a student as a model folder: int8 network, tokenizer, descriptions; and checks that both agree."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

from student import Student

MAX_TOKENS = 128
OPSET = 17


def write_network(student: Student, path: Path) -> None:
    """The network with float weights."""
    ids = torch.ones((2, 8), dtype=torch.long)
    torch.onnx.export(
        student,
        (ids, ids),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=["sentence_embedding"],
        dynamic_axes={
            "input_ids": {0: "batch", 1: "length"},
            "attention_mask": {0: "batch", 1: "length"},
            "sentence_embedding": {0: "batch"},
        },
        opset_version=OPSET,
        dynamo=False,
    )


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


def export(student: Student, tokenizer: dict, folder: Path, version: str) -> Path:
    """Writes everything the product reads; gives the network's path."""
    (folder / "onnx").mkdir(parents=True, exist_ok=True)
    network = folder / "onnx" / "model_quantized.onnx"
    with tempfile.TemporaryDirectory() as work:
        plain = Path(work) / "model.onnx"
        write_network(student, plain)
        quantize_dynamic(
            plain,
            network,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
        )
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
            "sha256": hashlib.sha256(network.read_bytes()).hexdigest(),
            "licence": "MIT",
        },
    )
    return network


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


def agreement(student: Student, shipped: Shipped, texts: list[str]) -> np.ndarray:
    """Cosines between the trained model's vectors and the written one's."""
    theirs = shipped.encode(texts)
    cosines = []
    with torch.no_grad():
        for place, text in enumerate(texts):
            encoding = shipped.tokenizer.encode(text)
            ids = torch.tensor([[each for each in encoding.ids if each != 0]])
            ours = student(ids, torch.ones_like(ids))[0].numpy()
            cosines.append(float(ours @ theirs[place]))
    return np.array(cosines)
