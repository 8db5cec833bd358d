"""Train the reader: a low-rank adapter (LoRA) for the local model, from training/articles.

`python training/train.py OUT` writes OUT/adapter (by peft) and OUT/log.jsonl; `export.py`
makes the file that the engine loads. The model is the product's own GGUF, dequantised, so that
the adapter fits what the engine computes. What has been done is kept every twenty-five steps;
the same command goes on from there.

A text and all questions about it stand in one sequence, in which each question sees the text,
itself and its answer alone: the text, which is nine tenths of the work, is read once for some
forty questions. The loss is the cross-entropy of

- the letter that answers, or of "None"; where either of two sentences will do, of both together;
  where both are needed, the mean of both;
- whether another letter follows, and which;
- the answer in words, where the product would publish it;
- and, once more, the "Yes" or "No" that it begins with: the one word on which all depends.

LoRA: Hu et al. 2021, https://arxiv.org/abs/2106.09685.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import torch
from articles import DEV, Article, load
from examples import Exchange, Exercise, exercise, whole
from squad import load_squad
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from onrecord.choose import LABELS, NONE, claimed, lettered
from onrecord.models.weights import language_model_path
from onrecord.prompts import load_prompt
from onrecord.settings import Settings

HERE = Path(__file__).resolve().parent
RANK, ALPHA = 16, 32
WARMUP = 10  # steps
LEVEL = 0.2  # share of the time before the rate goes down
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
OPTIONS = [*LABELS, NONE]
WEIGHTS = (1.0, 0.3, 0.4, 0.4)  # of the losses: first letters, further letters, words, leads
PIECE = 256  # tokens: sequences are as long as a multiple, so that their memory can be used again
KEPT = 25  # steps
TURNS = 4  # of an article with statements beside its questions, for one of an article without


class Tokens(NamedTuple):
    """An exercise in tokens.

    Attributes:
        ids, positions: (1, length).
        mask: (1, 1, length, length), true where a token sees another.
        last: Of each question, the place where its first letter is said.
        letters, words, leads: Places, and the tokens that come next there; `leads` are those of
            the words that are a "Yes" or a "No".
    """

    ids: Tensor
    positions: Tensor
    mask: Tensor
    last: Tensor
    letters: tuple[Tensor, Tensor]
    words: tuple[Tensor, Tensor]
    leads: tuple[Tensor, Tensor]


class Student:
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
        self.first = [self.tokenizer.encode(option)[0] for option in OPTIONS]
        self.head = base.get_output_embeddings().weight.detach()

    def forward(self, asked: Exercise, answers: Sequence[Answer]) -> tuple[Tensor, ...]:
        """Return what is learned from: see the losses above.

        Args:
            asked: A text and questions.
            answers: Of each question, the answer that the reader is to have begun with.

        Returns:
            The log-probabilities of the options, (questions, options); and the mean loss (nats)
            of a further letter, of a word's token, and of a "Yes" or "No".
        """
        tokens = self._tokens(asked, answers)
        hidden = self.body.embed_tokens(tokens.ids)
        angles = self.body.rotary_emb(hidden, tokens.positions)
        for number, layer in enumerate(self.body.layers):
            seen = partial(
                layer,
                attention_mask=tokens.mask,
                position_ids=tokens.positions,
                position_embeddings=angles,
                use_cache=False,
            )
            # One layer of four is computed again on the way back: memory has an end.
            hidden = (
                checkpoint(seen, hidden, use_reentrant=False) if number % 4 == 0 else seen(hidden)
            )
        hidden = self.body.norm(hidden[0])
        scores = (hidden[tokens.last] @ self.head[self.first].T).float()
        offered = torch.arange(len(OPTIONS)) < len(asked.sentences)
        offered[-1] = True
        chances = torch.log_softmax(scores.masked_fill(~offered, -1e9), dim=-1)
        return chances, *(
            self._loss(hidden, wanted) for wanted in (tokens.letters, tokens.words, tokens.leads)
        )

    def _loss(self, hidden: Tensor, wanted: tuple[Tensor, Tensor]) -> Tensor:
        places, following = wanted
        if not len(places):
            return torch.zeros(())
        return torch.nn.functional.cross_entropy((hidden[places] @ self.head.T).float(), following)

    def _tokens(self, asked: Exercise, answers: Sequence[Answer]) -> Tokens:
        system = load_prompt("choose")[0].content
        ids = self._turn("system", str(system)) + self._turn("user", lettered(asked.sentences))
        text = len(ids)
        positions, owner, last = list(range(text)), [0] * text, []
        letters: tuple[list[int], list[int]] = ([], [])
        words: tuple[list[int], list[int]] = ([], [])
        leads: tuple[list[int], list[int]] = ([], [])
        for number, (question, answer) in enumerate(zip(asked.asked, answers, strict=True), 1):
            more = self._turn("user", question.text)
            more += self.tokenizer.encode("<|im_start|>assistant\n")
            last.append(len(ids) + len(more) - 1)
            head, rest = self._answer(answer)
            for place, token in enumerate(head[1:], last[-1] + 1):
                letters[0].append(place)
                letters[1].append(token)
            for place, token in enumerate(rest, last[-1] + len(head)):
                words[0].append(place)
                words[1].append(token)
            if rest and answer.words[0].startswith(("Yes,", "No,")):
                leads[0].append(last[-1] + len(head))
                leads[1].append(rest[0])
            more += head + rest
            ids += more
            positions += range(text, text + len(more))
            owner += [number] * len(more)
        left = -len(ids) % PIECE
        ids, positions, owner = ids + [0] * left, positions + [0] * left, owner + [-1] * left
        own = torch.tensor(owner)
        sees = (own[:, None] == own[None, :]) | (own[None, :] == 0)
        mask = torch.tril(torch.ones(len(ids), len(ids), dtype=torch.bool)) & sees
        spoken = (letters, words, leads)
        return Tokens(
            torch.tensor([ids]),
            torch.tensor([positions]),
            mask[None, None],
            torch.tensor(last),
            *((torch.tensor(at, dtype=torch.long), torch.tensor(next_)) for at, next_ in spoken),
        )

    def _answer(self, answer: Answer) -> tuple[list[int], list[int]]:
        """Return the tokens of an answer's letters, with the line's end, and of its words."""
        if not answer.letters:
            return [], []
        head = " ".join(answer.letters)
        whole = list(self.tokenizer.encode(head + "\n" + "\n".join(answer.words)))
        count = len(answer.letters) + 1
        rest = whole[count:]
        return whole[:count], rest + self.tokenizer.encode("<|im_end|>") * answer.ends

    def _turn(self, role: str, content: str) -> list[int]:
        return list(self.tokenizer.encode(f"<|im_start|>{role}\n{content}<|im_end|>\n"))


class Answer(NamedTuple):
    """What the reader is to say: the letters, the words as far as they are known, and an end."""

    letters: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    ends: bool = False


def answers_to(asked: Exercise, random: Random) -> list[Answer]:
    """Return an answer to each question that has one, its parts in any order."""
    return [
        _answer_to(question, random) if question.wanted else Answer() for question in asked.asked
    ]


def _answer_to(question: Exchange, random: Random) -> Answer:
    said = dict(question.said)
    places = [
        next((place for place in part if place in said), random.choice(part))
        for part in question.wanted
    ]
    if not any(text.startswith(("Yes,", "No,")) for text in said.values()):
        random.shuffle(places)  # "Yes" and "No" come first
    words = []
    for place in places:
        if place not in said or len(said) < len(question.said):
            break
        words.append(said[place])
    ends = len(words) == len(places) and not words[-1].endswith(",")
    return Answer(tuple(LABELS[place] for place in places), tuple(words), ends)


def loss_of(scores: Tensor, asked: Exercise) -> Tensor:
    """Return the mean loss of an exercise's first letters, in nats; 0 is the least there can be."""
    losses = []
    for row, question in zip(scores, asked.asked, strict=True):
        if not question.wanted:
            losses.append(-row[-1])
            continue
        each = [torch.logsumexp(row[list(part)], dim=0) for part in question.wanted]
        losses.append(-sum(each) / len(each) - math.log(len(each)))
    return torch.stack(losses).mean()


@torch.no_grad()
def report(student: Student, articles: list[Article]) -> dict[str, float]:
    """Return how often a right sentence is chosen, how well answerable is told from not, losses.

    Claims count apart: `claims_auc`, of those that a sentence carries against the others.
    """
    chosen, letters, words, leads = [], [], [], []
    answerable: list[float] = []
    others: list[float] = []
    carried: list[float] = []
    uncarried: list[float] = []
    for article in articles:
        asked = whole(article)
        scores, *losses = student.forward(asked, answers_to(asked, Random(1)))  # noqa: S311
        for kept, loss in zip((letters, words, leads), losses, strict=True):
            kept.append(float(loss))
        for row, question in zip(scores, asked.asked, strict=True):
            none = row[-1].clamp(max=-1e-6)
            confidence = float(torch.log(-torch.expm1(none)) - none)
            if question.text.startswith(claimed("")):
                (carried if question.wanted else uncarried).append(confidence)
                continue
            (answerable if question.wanted else others).append(confidence)
            if question.wanted:
                gold = {place for part in question.wanted for place in part}
                chosen.append(int(row[:-1].argmax()) in gold)
    return {
        "chosen": round(sum(chosen) / len(chosen), 4),
        "auc": round(_auc(answerable, others), 4),
        "claims_auc": round(_auc(carried, uncarried), 4),
        "answered": round(sum(c > 0 for c in answerable) / len(answerable), 4),
        "refused": round(sum(c <= 0 for c in others) / len(others), 4),
        "letters": round(sum(letters) / len(letters), 4),
        "words": round(sum(words) / len(words), 4),
        "leads": round(sum(leads) / len(leads), 4),
    }


def _auc(higher: Sequence[float], lower: Sequence[float]) -> float:
    wins = [(a > b) + (a == b) / 2 for a in higher for b in lower]
    return sum(wins) / len(wins)


class Optimiser:
    """AdamW over single-precision copies: in half precision small steps would be lost."""

    def __init__(self, student: Student, rate: float, steps: int) -> None:
        self._weights = [p for p in student.peft.parameters() if p.requires_grad]
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
        self._copy_back()

    def state(self) -> dict[str, object]:
        """Return what is needed to go on."""
        return {
            "copies": self._copies,
            "adam": self._adam.state_dict(),
            "pace": self._pace.last_epoch,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""
        with torch.no_grad():
            for copy, kept in zip(self._copies, state["copies"], strict=True):
                copy.copy_(kept)
        self._adam.load_state_dict(state["adam"])
        self._pace.last_epoch = state["pace"]
        self._copy_back()

    def _copy_back(self) -> None:
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
    parser.add_argument("--resume", type=Path, help="another adapter to begin with")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--steps", type=int, help="so many instead, each of one text")
    parser.add_argument(
        "--chiefly",
        nargs="+",
        default=(),
        metavar="NAME",
        help="how the articles' names begin of which all texts are made but some",
    )
    parser.add_argument("--rest", type=int, default=3, help="of so many, one is of the others then")
    parser.add_argument("--squad", type=Path, help="a file in the form of SQuAD 2.0, too")
    parser.add_argument("--titles", nargs="+", default=(), help="what of it")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    kept, adapter = asked.out / "state.pt", asked.out / "adapter"
    log = (asked.out / "log.jsonl").open("a")

    def note(**values: object) -> None:
        log.write(json.dumps(values) + "\n")
        log.flush()
        print(values, flush=True)

    torch.manual_seed(1)
    articles = load(HERE / "articles")
    train = [article for article in articles if article.name not in DEV]
    dev = [article for article in articles if article.name in DEV]
    if asked.squad:
        train += load_squad(asked.squad, asked.titles)
    steps = asked.steps or asked.epochs * len(train)
    state = torch.load(kept, weights_only=False) if kept.exists() else {"step": 0}
    student = Student(
        asked.model or dequantised(asked.out / "model"), adapter if kept.exists() else asked.resume
    )
    optimiser = Optimiser(student, asked.rate, steps)
    if kept.exists():
        optimiser.restore(state["optimiser"])
    note(articles=len(train), questions=sum(len(article.questions) for article in train))
    began = time.time()
    losses: list[list[float]] = []
    for step in range(state["step"] + 1, steps + 1):
        article, random = _turn_of(step, train, tuple(asked.chiefly), asked.rest)
        one = exercise(article, _others(article, train), random)
        scores, *others = student.forward(one, answers_to(one, random))
        each = [loss_of(scores, one), *others]
        sum(w * loss for w, loss in zip(WEIGHTS, each, strict=True)).backward()
        optimiser.step()
        losses.append([float(loss.detach()) for loss in each])
        if step % 10 == 0:
            means = [round(sum(one) / len(one), 4) for one in zip(*losses, strict=True)]
            note(step=step, of=steps, losses=means, seconds=round(time.time() - began))
            losses = []
        if step % KEPT == 0 or step == steps:
            student.peft.save_pretrained(adapter)
            torch.save({"step": step, "optimiser": optimiser.state()}, kept.with_suffix(".tmp"))
            kept.with_suffix(".tmp").replace(kept)
        if step % (2 * KEPT) == 0 or step == steps:
            note(step=step, **report(student, dev))


def _others(article: Article, train: Sequence[Article]) -> Sequence[Article]:
    """Return what an article's sentences may stand beside: what has the same title, or all else."""
    others = [other for other in train if other is not article]
    return [other for other in others if other.title == article.title] or others


def _turn_of(
    step: int, train: Sequence[Article], chiefly: tuple[str, ...], rest: int
) -> tuple[Article, Random]:
    """Return the article of a step, and its dice: the same whenever the step is made of these."""
    if chiefly:
        chief = [article for article in train if article.name.startswith(chiefly)]
        others = [article for article in train if not article.name.startswith(chiefly)]
        rounds, turn = divmod(step, rest)
        train, place = (chief, (rest - 1) * rounds + turn - 1) if turn else (others, rounds - 1)
    else:
        place = step - 1
    turns = [article for article in train for _ in range(TURNS if article.statements else 1)]
    epoch, place = divmod(place, len(turns))
    order = Random(epoch).sample(range(len(turns)), len(turns))  # noqa: S311
    return turns[order[place]], Random(step)  # noqa: S311


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
