"""Train the reader: a low-rank adapter (LoRA) for the local model, from training/articles.

`python training/train.py OUT` writes OUT/adapter (by peft) and OUT/log.jsonl; `export.py`
makes the file that the engine loads. The model is the product's own GGUF, dequantised, so that
the adapter fits what the engine computes.

A text and all questions about it stand in one sequence, in which each question sees the text and
itself alone: the text, which is nine tenths of the work, is read once for some forty questions.
The loss is the cross-entropy of the letter that answers, or of "None"; where either of two
sentences will do, of both together; where both are needed, the mean of both.

LoRA: Hu et al. 2021, https://arxiv.org/abs/2106.09685.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path
from random import Random

import torch
from articles import DEV, Article, load
from examples import Exercise, exercise, whole
from torch import Tensor

from onrecord.choose import LABELS, NONE, lettered
from onrecord.models.weights import language_model_path
from onrecord.prompts import load_prompt, one_line
from onrecord.settings import Settings

HERE = Path(__file__).resolve().parent
RANK, ALPHA = 16, 32
WARMUP = 10  # steps
LEVEL = 0.2  # share of the time before the rate goes down
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
OPTIONS = [*LABELS, NONE]


class Reader:
    """The model with its adapter, and what it makes of an exercise.

    Args:
        folder: The model, as transformers keeps it.
        resume: An adapter to go on with.
    """

    def __init__(self, folder: Path, resume: Path | None = None) -> None:
        from peft import LoraConfig, PeftModel, get_peft_model
        from transformers import AutoModelForCausalLM, AutoTokenizer

        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        base = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16)
        form = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, task_type="CAUSAL_LM")
        options = {"autocast_adapter_dtype": False}  # all in bfloat16, which the processor is for
        self.peft = (
            PeftModel.from_pretrained(base, resume, is_trainable=True, **options)
            if resume
            else get_peft_model(base, form, **options)
        )
        self.body = base.model
        first_tokens = [self.tokenizer.encode(option)[0] for option in OPTIONS]
        self.head = base.get_output_embeddings().weight[first_tokens].detach()

    def scores(self, asked: Exercise) -> Tensor:
        """Return the log-probabilities of the options for each question: (questions, options)."""
        ids, positions, mask, last = self._sequence(asked)
        hidden = self.body.embed_tokens(ids)
        angles = self.body.rotary_emb(hidden, positions)
        for layer in self.body.layers:
            hidden = layer(
                hidden,
                attention_mask=mask,
                position_ids=positions,
                position_embeddings=angles,
                use_cache=False,
            )
        scores = (self.body.norm(hidden[0, last]) @ self.head.T).float()
        offered = torch.arange(len(OPTIONS)) < len(asked.sentences)
        offered[-1] = True
        return torch.log_softmax(scores.masked_fill(~offered, -1e9), dim=-1)

    def _sequence(self, asked: Exercise) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Return tokens, positions, mask and the places where the questions are answered."""
        system = load_prompt("choose")[0].content
        text = self._turn("system", str(system)) + self._turn("user", lettered(asked.sentences))
        ids, positions, owner, last = list(text), list(range(len(text))), [0] * len(text), []
        for number, question in enumerate(asked.questions, start=1):
            more = self._turn("user", one_line(question))
            more += self.tokenizer.encode("<|im_start|>assistant\n")
            ids += more
            positions += range(len(text), len(text) + len(more))
            owner += [number] * len(more)
            last.append(len(ids) - 1)
        own = torch.tensor(owner)
        sees = (own[:, None] == own[None, :]) | (own[None, :] == 0)
        mask = torch.tril(torch.ones(len(ids), len(ids), dtype=torch.bool)) & sees
        return torch.tensor([ids]), torch.tensor([positions]), mask[None, None], torch.tensor(last)

    def _turn(self, role: str, content: str) -> list[int]:
        return list(self.tokenizer.encode(f"<|im_start|>{role}\n{content}<|im_end|>\n"))


def loss_of(scores: Tensor, asked: Exercise) -> Tensor:
    """Return the mean loss of an exercise's questions, in nats; 0 is the least there can be."""
    losses = []
    for row, parts in zip(scores, asked.wanted, strict=True):
        if not parts:
            losses.append(-row[-1])
            continue
        each = [torch.logsumexp(row[list(part)], dim=0) for part in parts]
        losses.append(-sum(each) / len(each) - math.log(len(each)))
    return torch.stack(losses).mean()


@torch.no_grad()
def report(reader: Reader, articles: list[Article]) -> dict[str, float]:
    """Return how often a right sentence is chosen, and how well answerable is told from not."""
    chosen, answerable, others = [], [], []
    for article in articles:
        asked = whole(article)
        for row, parts in zip(reader.scores(asked), asked.wanted, strict=True):
            none = row[-1].clamp(max=-1e-6)
            confidence = float(torch.log(-torch.expm1(none)) - none)
            (answerable if parts else others).append(confidence)
            if parts:
                chosen.append(int(row[:-1].argmax()) in {place for part in parts for place in part})
    wins = [(a > b) + (a == b) / 2 for a in answerable for b in others]
    return {
        "chosen": round(sum(chosen) / len(chosen), 4),
        "auc": round(sum(wins) / len(wins), 4),
        "answered": round(sum(c > 0 for c in answerable) / len(answerable), 4),
        "refused": round(sum(c <= 0 for c in others) / len(others), 4),
    }


class Optimiser:
    """AdamW over single-precision copies: in half precision small steps would be lost."""

    def __init__(self, reader: Reader, rate: float, steps: int) -> None:
        self._weights = [p for p in reader.peft.parameters() if p.requires_grad]
        self._copies = [torch.nn.Parameter(w.detach().float().clone()) for w in self._weights]
        self._adam = torch.optim.AdamW(self._copies, lr=rate, betas=(0.9, 0.98), weight_decay=0.0)
        self._pace = torch.optim.lr_scheduler.LambdaLR(self._adam, lambda at: pace(at, steps))

    def step(self) -> None:
        """Take a step along the gradients that are there, and forget them."""
        for copy, weight in zip(self._copies, self._weights, strict=True):
            copy.grad = weight.grad.float()
            weight.grad = None
        torch.nn.utils.clip_grad_norm_(self._copies, 1.0)
        self._adam.step()
        self._pace.step()
        with torch.no_grad():
            for copy, weight in zip(self._copies, self._weights, strict=True):
                weight.copy_(copy)


def pace(step: int, steps: int) -> float:
    """Return the share of the rate at a step: up, level, and down."""
    down = (1 - step / steps) / (1 - LEVEL)
    return min(1.0, (step + 1) / WARMUP, max(0.03, down))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", type=Path, help="the dequantised model; made in OUT if missing")
    parser.add_argument("--resume", type=Path, help="an adapter to go on with")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--steps", type=int, help="so many instead, each of one text")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    log = (asked.out / "log.jsonl").open("a")

    def note(**values: object) -> None:
        log.write(json.dumps(values) + "\n")
        log.flush()
        print(values, flush=True)

    torch.manual_seed(1)
    random = Random(1)  # noqa: S311
    articles = load(HERE / "articles")
    train = [article for article in articles if article.name not in DEV]
    dev = [article for article in articles if article.name in DEV]
    reader = Reader(asked.model or dequantised(asked.out / "model"), asked.resume)
    note(articles=len(train), questions=sum(len(article.questions) for article in train))
    steps = asked.steps or asked.epochs * len(train)
    optimiser = Optimiser(reader, asked.rate, steps)
    began, losses, order = time.time(), [], []
    for step in range(1, steps + 1):
        order = order or random.sample(train, len(train))
        article = order.pop()
        others = [other for other in train if other is not article]
        one = exercise(article, others, random)
        loss = loss_of(reader.scores(one), one)
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
        if step % 10 == 0:
            mean = round(sum(losses) / len(losses), 4)
            note(step=step, of=steps, loss=mean, seconds=round(time.time() - began))
            losses = []
        if step % 50 == 0 or step == steps:
            reader.peft.save_pretrained(asked.out / "adapter")
            note(step=step, **report(reader, dev))


def dequantised(folder: Path) -> Path:
    """Return the product's model as transformers keeps it, made from the GGUF at the first need."""
    if not (folder / "config.json").exists():
        from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

        gguf = language_model_path(Settings())
        AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(folder)
        AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            dtype=torch.bfloat16,
            quantization_config=GgufConfig(dequantize=True),
        ).save_pretrained(folder)
    return folder


if __name__ == "__main__":
    main()
