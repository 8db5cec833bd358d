"""Models that refuse, or that answer nonsense: an error that says so, and never an answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.runnables import Runnable, RunnableLambda

from onrecord import Assistant, Document, Settings, library
from onrecord.errors import ModelError
from onrecord.models import open_model
from onrecord.models.base import LanguageModel
from onrecord.models.chat import Backend, ChatLanguageModel
from onrecord.models.providers import openai_compatible
from tests.fakes import FakeEmbeddings
from tests.models.fake_server import FakeServer, fake_server

ASKED = [HumanMessage("Is it so?")]
NOTE = Document(
    id="a",
    title="A bridge",
    text="The bridge was opened in 1931. Nobody knows who drew it. It cost four million euros.",
)
NAN = float("nan")
REFUSES = "refuses to answer this"
NO_VERDICT = "gave no verdict"
OUT_OF_FORM = "answered out of form"
UNUSABLE = "gives nothing that can be used"


@pytest.fixture(scope="module")
def running() -> Iterator[FakeServer]:
    with fake_server() as server:
        yield server


@pytest.fixture
def server(running: FakeServer) -> FakeServer:
    arranged(running, text="Yes", logprobs=None, replies=[], finish=None, refusal=None)
    return running


@pytest.fixture(scope="module")
def assistants(
    running: FakeServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Assistant]]:
    """Two who answer from the note, one with a model that was trained to read."""
    settings = Settings(cache_dir=tmp_path_factory.mktemp("cache"), model_retries=0)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(library, "open_embeddings", lambda *_: FakeEmbeddings())
        patched.setattr(library, "embedder_id", lambda _settings: "fake")
        models = {"reader": reading(running), "served": served(running)}
        yield {name: Assistant([NOTE], model, settings) for name, model in models.items()}


def served(server: FakeServer) -> LanguageModel:
    return open_model(Settings(model=f"{server.url}#m", model_retries=0))


def reading(server: FakeServer) -> LanguageModel:
    def connect() -> Any:
        return openai_compatible(server.url, "m", "none", Settings(model_retries=0))

    return ChatLanguageModel("reader", True, Backend(connect), reading={"id_slot": 1})


def arranged(server: FakeServer, **said: Any) -> None:
    for name, value in said.items():
        setattr(server, name, list(value) if name == "replies" else value)


def refused_with(message: dict[str, Any], reason: str) -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": reason}
    return {"id": "1", "object": "chat.completion", "model": "m", "choices": [choice]}


NONSENSE: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing": ({"text": ""}, OUT_OF_FORM, NO_VERDICT),
    "no probabilities": ({"text": "Perhaps."}, OUT_OF_FORM, NO_VERDICT),
    "garbage": ({"text": "\x00\ufffd<|im_end|>%%%%" * 10}, OUT_OF_FORM, NO_VERDICT),
    "an apology": ({"text": "I'm sorry, I can't help."}, OUT_OF_FORM, NO_VERDICT),
    "not a no": ({"text": "Nothing else."}, OUT_OF_FORM, NO_VERDICT),
    "other tokens": ({"logprobs": {"@": -0.1}, "text": "@"}, OUT_OF_FORM, NO_VERDICT),
    "nan": ({"logprobs": dict.fromkeys(("A", "None", "Yes", "No"), NAN)}, *[OUT_OF_FORM] * 2),
    "inf": ({"logprobs": {"A": 1e999, "Yes": 1e999}}, OUT_OF_FORM, OUT_OF_FORM),
    "a filter": ({"finish": "content_filter", "text": ""}, REFUSES, REFUSES),
    "a refusal": ({"refusal": "I cannot."}, REFUSES, REFUSES),
    "no content": (
        {"replies": [(200, refused_with({"content": None}, "content_filter"))]},
        REFUSES,
        REFUSES,
    ),
    "no form": ({"replies": [(200, {})]}, UNUSABLE, UNUSABLE),
    "no choices": ({"replies": [(200, {"choices": []})]}, UNUSABLE, UNUSABLE),
    "a list": ({"replies": [(200, [])]}, UNUSABLE, UNUSABLE),
    "a filter's status": (
        {"replies": [(400, {"error": {"message": "no", "code": "content_filter"}})] * 2},
        REFUSES,
        REFUSES,
    ),
}


@pytest.mark.parametrize(("said", "of_reader", "of_served"), NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_no_answer(
    server: FakeServer,
    assistants: Mapping[str, Assistant],
    said: dict[str, Any],
    of_reader: str,
    of_served: str,
) -> None:
    for name, words in {"reader": of_reader, "served": of_served}.items():
        arranged(server, **said)
        with pytest.raises(ModelError, match=words):
            assistants[name].ask("Who is the king?")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"finish": "content_filter", "text": '{"1": "The bri'}, REFUSES),
        ({"finish": "content_filter", "text": ""}, REFUSES),
        ({"refusal": "I cannot.", "text": ""}, "answered nothing"),
        ({"text": " "}, "answered nothing"),
        ({"replies": [(200, refused_with({"content": None}, "stop"))]}, UNUSABLE),
    ],
)
def test_a_refusal_to_word_an_answer_is_an_error(
    server: FakeServer, said: dict[str, Any], words: str
) -> None:
    arranged(server, **said)
    with pytest.raises(ModelError, match=words):
        list(served(server).stream_json(ASKED, {"type": "object"}, max_tokens=9))


def test_a_reader_that_stops_to_answer_is_an_error(server: FakeServer) -> None:
    server.finish = "content_filter"
    with pytest.raises(ModelError, match=REFUSES):
        list(reading(server).stream_reader(ASKED, max_tokens=9))


def test_words_without_a_probability_are_the_least_likely(server: FakeServer) -> None:
    server.text = "Yes."
    pieces = list(reading(server).stream_reader(ASKED, max_tokens=9))
    assert "".join(piece.text for piece in pieces) == "Yes."
    assert {piece.chance for piece in pieces if piece} == {-14.0}


def test_a_reader_may_find_both_a_yes_and_a_no_out_of_the_question(server: FakeServer) -> None:
    server.logprobs = {"The": -0.1}
    chances = reading(server).next_token(ASKED, ["Yes", "No"])
    assert chances == {"Yes": -14.0, "No": -14.0}


class Structured(FakeListChatModel):
    """A provider that is no OpenAI, and holds to a form by means of its own."""

    raw: AIMessage
    parsed: Any = None

    def with_structured_output(self, _schema: Any, **_: Any) -> Runnable[Any, Any]:
        return RunnableLambda(lambda _: {"raw": self.raw, "parsed": self.parsed})


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (AIMessage("", response_metadata={"stop_reason": "refusal"}), REFUSES),
        (AIMessage("I'd rather not."), "answered nothing"),
    ],
)
def test_a_refusal_of_another_provider_is_an_error(raw: AIMessage, words: str) -> None:
    chat = Structured(responses=["I'd rather not."], raw=raw)
    model = ChatLanguageModel("another", is_local=False, backend=Backend(lambda: chat))
    with pytest.raises(ModelError, match=words):
        list(model.stream_json(ASKED, {"type": "object"}, max_tokens=9))
    with pytest.raises(ModelError, match=NO_VERDICT):
        model.yes_log_odds(ASKED)


def test_what_another_provider_says_in_form_is_handed_on() -> None:
    chat = Structured(responses=["?"], raw=AIMessage("?"), parsed={"1": "So."})
    model = ChatLanguageModel("another", is_local=False, backend=Backend(lambda: chat))
    assert list(model.stream_json(ASKED, {"type": "object"}, max_tokens=9)) == ['{"1": "So."}']
