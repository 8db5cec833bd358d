from __future__ import annotations

from onrecord.types import Document
from onrecord.ui import words
from onrecord.ui.examples import about, examples_for


def test_examples_come_from_the_corpus(article: Document) -> None:
    assert examples_for([article]) == words.SHIPPED_EXAMPLES
    other = article.model_copy(update={"id": "other.txt"})
    questions = examples_for([other])
    assert "What is said about European Council President Charles Michel?" in questions
    assert len(questions) == 4
    assert examples_for([]) == ()


def test_the_shipped_article_among_others_is_one_of_them(article: Document) -> None:
    other = Document(id="b.txt", title="B", text="They saw Ada Lovelace, and Ada Lovelace spoke.")
    assert examples_for([article, other]) != words.SHIPPED_EXAMPLES


def test_what_is_mentioned_most_comes_first() -> None:
    texts = ["They met Ada Lovelace and Charles Babbage.", "They heard Charles Babbage."]
    assert about(texts) == (
        "What is said about Charles Babbage?",
        "What is said about Ada Lovelace?",
    )
    assert about(["nobody of name"]) == ()


def test_what_a_name_owns_is_no_part_of_it() -> None:
    assert about(["They noted President Lovelace’s intention."]) == (
        "What is said about President Lovelace?",
    )
