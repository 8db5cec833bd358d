"""An export has all of a conversation, and no text in it does anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from onrecord import Receipt
from onrecord.conversations import (
    ALTERED_SINCE,
    CHANGED_SINCE,
    Conversation,
    Feedback,
    Quotation,
    alarmed,
    as_html,
    as_json,
    as_markdown,
    gone,
)
from onrecord.sources import BEHIND
from tests.conversations.samples import (
    BRIDGE,
    CLOSED,
    DOCUMENTS,
    FERRY,
    OPENED,
    SANK,
    WHEN,
    WHO,
    answered,
    conversation,
    refused,
)

BRIDGE_TOO = answered("And the bridge?", ("It was opened in 1931.", OPENED), ("It shuts.", CLOSED))
WHOLE = conversation((WHEN, Feedback(liked=True)), (WHO, None), (BRIDGE_TOO, None), title="Two")
HOSTILE = (
    "<script>alert(1)</script>",
    "![](http://evil.example/p.png) [here](javascript:alert(1)) [a]: http://evil.example",
    "see https://evil.example, www.evil.example, evil.example or me@evil.example",
    "# Heading\n\n===\n---\n- item\n1. item\n> quote\n    code\n\n```\nfence\n```",
    "2024. A year",
    "| a | b |\n|-|-|\n| 1 | 2 |",
    "&lt;b&gt; &amp; &#60; \\<b\\>",
    "*a* _b_ **c** ~~d~~ `e` $f$ ^g^ ==h== [^1] :smile: <!-- i -->",
    "`@`@@a@b`",
    "\x1b[2J\x00\u202eevil\ud800",
    "'\"><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% raw %}",
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60) | st.text(
    "<>&#*_`[]()!|~$^=:.-+@\\1a \n", max_size=40
)


def hostile(text: str) -> Conversation:
    """Return a conversation that has a text in every place."""
    cited = conversation(
        (answered(text, (text, SANK)), None), (refused(text, SANK), None)
    ).exchanges
    named = conversation(
        *((_named(exchange.receipt, text), None) for exchange in cited), title=f"T{text}"
    )
    alarms = {"fallen": (gone(1, text),), "altered": (f"[1] adds “{text}”.",)}
    fallen = [each.model_copy(update=alarms) for each in named.exchanges]
    return named.model_copy(update={"exchanges": tuple(fallen)})


def seen(text: str) -> str:
    """Return what a reader sees of a text: no control characters, and one line."""
    hidden = ("Cc", "Cs"), "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    spaced = (" " if category(char) in hidden[0] or char in hidden[1] else char for char in text)
    return " ".join("".join(spaced).split())


def _named(receipt: Receipt, text: str) -> Receipt:
    """Return a receipt whose quotations and titles are a text."""
    answer = receipt.answer
    change = {"text": f"{text}.", "title": text}
    lists = {
        name: tuple(item.model_copy(update=change) for item in getattr(answer, name))
        for name in ("citations", "nearest")
    }
    return receipt.model_copy(update={"answer": answer.model_copy(update=lists)})


def rendered(markdown: str) -> Iterator[Token]:
    reader = MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"])
    for token in reader.parse(markdown):
        yield token
        yield from token.children or ()


class Read(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[str]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [name for name, _ in attrs]))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("write", [as_markdown, as_html])
def test_an_export_has_answers_quotations_and_places(write: object) -> None:
    assert callable(write)
    text = str(write(WHOLE)).replace("\\", "")
    for words in (
        "Two",
        "2025-05-04 12:00 UTC",
        "When did the Aurora sink?",
        "It sank on 3 May [1].",
        SANK,
        "A ferry sinks, sentence 1",
        "None of the 2 documents says.",
        "What comes nearest",
        "A bridge opens, page 1, sentence 2",
    ):
        assert words in text
    assert text.index("When did") < text.index("Who built") < text.index("And the bridge")


def test_markdown_reads_well() -> None:
    assert as_markdown(conversation((WHO, None))) == (
        "# Who built the Aurora?\n"
        "\n"
        "2025-05-04 12:00 UTC\n"
        "\n"
        "## Who built the Aurora?\n"
        "\n"
        "None of the 2 documents says.\n"
        "\n"
        "What comes nearest:\n"
        "\n"
        f"- \\[1\\] “{SANK}” (A ferry sinks, sentence 1)\n"
        "- \\[2\\] “Nobody of the 12 on board was hurt.” (A ferry sinks, sentence 2)\n"
    )


def test_json_has_all_that_is_kept() -> None:
    wrong = Feedback(liked=False, quotations=(Quotation(document_id=FERRY.id, text=SANK),))
    whole = conversation((WHEN, wrong), (WHO, None))
    assert Conversation.model_validate_json(as_json(whole)) == whole
    odd = conversation((answered("\ud800 ü", ("x", SANK)), None))
    assert "ü" in as_json(odd)
    assert Conversation.model_validate(json.loads(as_json(odd).encode())) == odd


@pytest.mark.parametrize("write", [as_markdown, as_html, as_json])
def test_an_export_says_what_no_longer_stands(write: Callable[[Conversation], str]) -> None:
    changed = FERRY.model_copy(update={"text": FERRY.text.replace("3 May", "4 May")})
    said = gone(1, FERRY.title)
    text = write(alarmed(WHOLE, [changed, BRIDGE])).replace("\\", "")
    assert text.count(said) == 2
    assert said not in write(alarmed(WHOLE, DOCUMENTS)).replace("\\", "")
    if write is not as_json:
        lead = "The documents have changed since this was answered"
        assert text.index("It sank on 3 May [1].") < text.index(lead) < text.index(said)
        assert ALTERED_SINCE not in text


@pytest.mark.parametrize("write", [as_markdown, as_html, as_json])
def test_an_export_says_what_was_altered_and_not_that_it_was_the_documents(
    write: Callable[[Conversation], str],
) -> None:
    altered = conversation((answered("When did it sink?", ("It sank on 9 May.", SANK)), None))
    text = write(alarmed(altered, DOCUMENTS)).replace("\\", "")
    assert text.count("is not in the source.") == 2
    assert CHANGED_SINCE not in text
    if write is not as_json:
        assert ALTERED_SINCE in text


@pytest.mark.parametrize("write", [as_markdown, as_html])
def test_an_export_says_which_answers_come_from_what_was_there_before(
    write: Callable[[Conversation], str],
) -> None:
    behind = WHEN.answer.model_copy(update={"is_behind": True})
    both = conversation((WHO, None), (WHEN.model_copy(update={"answer": behind}), None))
    text = write(both).replace("\\", "")
    assert text.count(BEHIND) == 1
    assert text.index("It sank on 3 May [1].") < text.index(BEHIND)
    assert BEHIND not in write(WHOLE)


def check_markdown(text: str) -> None:
    plain = [token.type for token in rendered(as_markdown(hostile("x")))]
    tokens = list(rendered(as_markdown(hostile(text))))
    inline = {"text", "code_inline"}
    structure = [token.type for token in tokens if token.type not in inline]
    assert structure == [name for name in plain if name not in inline]
    assert all(set(token.content) == {"@"} for token in tokens if token.type == "code_inline")
    shown = "".join(token.content for token in tokens if token.type in inline)
    assert shown.count(seen(text)) >= 9


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_markdown(text: str) -> None:
    check_markdown(text)


@given(ANY_TEXT)
@example("1)")
@example("- a")
@example("+ a")
@example("---")
@example("a\n=")
def test_any_text_is_text_in_markdown(text: str) -> None:
    check_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://evil.example/",
        "http://localhost",
        "www.evil.example",
        "evil.example",
        "me@evil.example",
        "@somebody",
        "$x$",
    ],
)
def test_nothing_is_left_that_some_readers_make_a_link_or_a_formula_of(text: str) -> None:
    assert text not in as_markdown(hostile(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_html(text: str) -> None:
    page, plain = Read(as_html(hostile(text))), Read(as_html(hostile("x")))
    assert page.tags == plain.tags
    assert page.text.count(seen(text)) >= 9
    as_html(hostile(text)).encode("utf-8")


def test_a_page_stands_by_itself() -> None:
    page = as_html(WHOLE)
    tags = Read(page).tags
    assert not {"script", "img", "link", "iframe", "a", "form"} & {tag for tag, _ in tags}
    assert not {"src", "href", "style"} & {name for _, names in tags for name in names}
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "@media print" in page
    assert "prefers-color-scheme: dark" in page


@pytest.mark.parametrize("write", [as_markdown, as_html])
def test_an_export_says_how_a_question_was_read(write: Callable[[Conversation], str]) -> None:
    other = WHEN.answer.model_copy(update={"read_as": "When did it sink?"})
    both = conversation((WHO, None), (WHEN.model_copy(update={"answer": other}), None))
    text = write(both).replace("\\", "")
    assert text.count("Read as: “When did it sink?”") == 1
