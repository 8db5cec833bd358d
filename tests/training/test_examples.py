"""What the reader is trained on: sound articles, right labels, nothing of what it is held to."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.check import foreign
from onrecord.choose import LABELS, claimed
from onrecord.evals import load_facts
from onrecord.ground import bare

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "training"))

from articles import DEV, Article, FormatError, load, parse  # noqa: E402
from examples import ELSEWHERE, Exchange, exercise, made_of_answers, whole  # noqa: E402

ARTICLES = load(ROOT / "training" / "articles")
FACTS = [
    fact
    for name in ("article", "news", "wire")
    for fact in load_facts(ROOT / "evals" / f"{name}.jsonl").facts
    if not fact.history  # "How old is she?" is anybody's
]


def test_the_articles_for_measuring_are_there() -> None:
    assert set(DEV) <= {article.name for article in ARTICLES}


@given(st.integers(0, 10_000), st.sampled_from(ARTICLES))
def test_a_label_is_a_sentence_that_answers_and_none_is_missed(seed: int, article: Article) -> None:
    others = [other for other in ARTICLES if other is not article]
    asked = exercise(article, others, Random(seed))
    assert 0 < len(asked.sentences) <= len(LABELS)
    shown = {sentence for title, sentence in asked.sentences if title == article.title}
    for exchange in asked.asked:
        wanted = {asked.sentences[place][1] for part in exchange.wanted for place in part}
        right = [
            {article.sentences[number] for number in gold} for gold in golds(article, exchange)
        ]
        assert wanted in [sentences & shown for sentences in right]


def golds(article: Article, exchange: Exchange) -> list[set[int]]:
    """Return what may answer an exchange; the same words may be written for two sentences."""
    said = [*article.statements, *made_of_answers(article)]
    claims = [set(one.carried_by) for one in said if claimed(one.text) == exchange.text]
    text = exchange.text.rpartition("\nQ: ")[2]
    asked = [
        {number for part in question.gold for number in part}
        for question in article.questions
        if text in (question.standalone, question.text)
    ]
    return claims or asked or [set()]


def test_a_whole_article_has_all_of_its_questions_answered() -> None:
    article = ARTICLES[0]
    asked = whole(article)
    questions = len(article.questions)
    assert len(asked.asked) == questions + len(article.statements)
    for question, exchange in zip(article.questions, asked.asked[:questions], strict=True):
        assert len(exchange.wanted) == len(question.gold)
    for statement, exchange in zip(article.statements, asked.asked[questions:], strict=True):
        assert bool(exchange.wanted) == bool(statement.carried_by)


@given(st.integers(0, 10_000), st.sampled_from(ARTICLES))
def test_what_is_learned_to_be_said_would_be_published(seed: int, article: Article) -> None:
    others = [other for other in ARTICLES if other is not article]
    asked = exercise(article, others, Random(seed))
    for exchange in asked.asked:
        for place, text in exchange.said:
            assert place in {place for part in exchange.wanted for place in part}
            assert text in ("Yes,", "No,") or not foreign(bare(text), asked.sentences[place][1])


def test_nothing_that_is_measured_on_is_trained_on() -> None:
    trained = {q.text.casefold() for article in ARTICLES for q in article.questions}
    trained |= {text.casefold() for text in ELSEWHERE}
    measured = {fact.question.casefold() for fact in FACTS}
    assert not measured & trained


def test_no_article_is_about_the_shipped_one() -> None:
    people_and_places = ("Karabakh", "Yerevan", "Baku", "Pashinyan", "Aliyev", "Mirzoyan")
    for article in ARTICLES:
        text = " ".join(article.sentences)
        assert not any(name in text for name in people_and_places), article.name
        assert not ("Armenia" in text and "Azerbaijan" in text), article.name


def test_no_known_question_or_answer_is_in_the_code_or_its_prompts() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8").casefold()
        for path in (ROOT / "src").rglob("*")
        if path.suffix in (".py", ".md")
    )
    for fact in FACTS:
        assert fact.question.casefold() not in code, fact.id


@pytest.mark.parametrize(
    "text",
    [
        "# T\n1. One.\n\nQ plain: Who?\nG: 2\nA: One. [2]\n",
        "# T\n1. One.\n\nQ plain: Who?\nG: 1\n",
        "# T\n2. One.\n",
        "# T\n1. One.\n",
    ],
)
def test_what_is_no_sound_article_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FormatError):
        parse(path)
