"""What both steps of learning share: encoding a batch, one step downhill, and keeping what was learned."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer

from student import Student

KEEP_EVERY = 100


def encode(student: Student, tokenizer: Tokenizer, texts: list[str], device: str) -> torch.Tensor:
    encodings = tokenizer.encode_batch(texts)
    ids = torch.tensor([each.ids for each in encodings], device=device)
    mask = torch.tensor([each.attention_mask for each in encodings], device=device)
    with torch.autocast(device, dtype=torch.bfloat16):
        return student(ids, mask).float()


class Learner:
    """A student with its optimiser. Goes on at `saved`, written every hundred steps and at the last, when it is there."""

    def __init__(self, student: Student, rate: float, saved: Path) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.student = student.to(self.device)
        self.student.train()
        self.optimiser = torch.optim.AdamW(self.student.parameters(), lr=rate, weight_decay=0.01)
        self.saved = saved
        self.first = 0
        self.average = 0.0
        if saved.exists():
            state = torch.load(saved, map_location=self.device)
            self.student.load_state_dict(state["student"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.first = state["step"]

    def learn(self, loss: torch.Tensor, rate: float) -> float:
        """Takes one step; gives the moving average of the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.student.parameters(), 1.0)
        self.optimiser.step()
        self.average = loss.item() if self.average == 0 else 0.98 * self.average + 0.02 * loss.item()
        return self.average

    def keep(self, done: int, steps: int) -> None:
        if done % KEEP_EVERY == 0 or done == steps:
            state = {"student": self.student.state_dict(), "optimiser": self.optimiser.state_dict(), "step": done}
            torch.save(state, self.saved)

    def finish(self) -> Student:
        return self.student.cpu().eval()
