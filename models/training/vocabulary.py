"""A tokenizer with the part of the teacher's vocabulary that users need, in the Hugging Face file format."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def always(token: str) -> bool:
    """Single printable ASCII characters, alone or within a word: nothing of that kind is ever unknown."""
    bare = token.removeprefix("##")
    return len(bare) == 1 and 33 <= ord(bare) < 127


def prune(teacher_tokenizer: Path, texts: list[str], size: int) -> tuple[dict, list[int]]:
    """
    The tokenizer's description with its `size` most frequent tokens, and for each the teacher's id. Rare characters
    become `[UNK]`.
    """
    description = json.loads(teacher_tokenizer.read_text(encoding="utf-8"))
    tokenizer = Tokenizer.from_str(json.dumps(description))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    counts: Counter[int] = Counter()
    for start in range(0, len(texts), 10_000):
        for encoding in tokenizer.encode_batch(texts[start : start + 10_000], add_special_tokens=False):
            counts.update(encoding.ids)
    known: dict[str, int] = description["model"]["vocab"]
    names = {place: token for token, place in known.items()}
    kept = [known[token] for token in SPECIAL]
    kept += [place for token, place in known.items() if always(token)]
    chosen = set(kept)
    for place, _ in counts.most_common():
        if len(kept) >= size:
            break
        if place not in chosen:
            chosen.add(place)
            kept.append(place)
    description["model"]["vocab"] = {names[place]: new for new, place in enumerate(kept)}
    ids = description["model"]["vocab"]
    for token in description.get("added_tokens", []):
        token["id"] = ids[token["content"]]
    post = description.get("post_processor") or {}
    for token, entry in (post.get("special_tokens") or {}).items():
        entry["ids"] = [ids[token]]
    for name in ("sep", "cls"):
        if isinstance(post.get(name), list):
            post[name][1] = ids[post[name][0]]
    # The teacher was made for small letters but its tokenizer leaves that to the caller.
    description["normalizer"]["lowercase"] = True
    description["truncation"] = None
    description["padding"] = None
    return description, kept
