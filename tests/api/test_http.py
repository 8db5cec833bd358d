from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from onrecord.body import LARGEST_BODY
from onrecord.desk import MOST_OF_ONE
from onrecord.errors import CorpusError, ModelError, StoreError
from onrecord.settings import Settings
from onrecord.types import Answer, Document, Findings, Passage, Scope, Status
from tests.api.conftest import BRIDGE, Serve, served_page
from tests.api.programs import LONG, MOST_WAITING, SECRET, UNVERIFIED, ProgramsAssistant
from tests.api.waiting import eventually

Sent = tuple[str, dict[str, Any]]


def events_of(response: httpx.Response) -> Iterator[Sent]:
    name = ""
    for line in response.iter_lines():
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def streamed(api: httpx.Client, question: str) -> list[Sent]:
    with api.stream("POST", "/ask/stream", json={"question": question}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events_of(response))


def error_of(response: httpx.Response) -> tuple[int, str]:
    assert set(response.json()) == {"error"}
    assert set(response.json()["error"]) == {"kind", "message", "request_id"}
    return response.status_code, response.json()["error"]["kind"]


def test_an_answer_is_the_public_value_as_json(
    api: httpx.Client, assistant: ProgramsAssistant, article: Document
) -> None:
    response = api.post("/ask", json={"question": "Who mediated?"})
    assert response.status_code == 200
    answer = Answer.model_validate(response.json())
    assert answer.status is Status.ANSWERED
    assert answer.citations[0] == assistant.cite(1, 0, 1)
    assert article.text[answer.citations[0].start : answer.citations[0].end] == (
        answer.citations[0].text
    )


def test_an_answer_says_that_documents_have_changed_meanwhile(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    assert api.post("/ask", json={"question": "Who?"}).json()["is_behind"] is False
    assistant.behind = "before"
    answer = api.post("/ask", json={"question": "Who?"}).json()
    assert answer["is_behind"] is True
    described = api.get("/openapi.json").json()["components"]["schemas"]["Answer"]
    assert set(answer) == set(described["properties"])
    assert described["properties"]["is_behind"]["type"] == "boolean"


def test_a_refusal_is_a_success(api: httpx.Client) -> None:
    response = api.post("/ask", json={"question": "refuse"})
    assert response.status_code == 200
    assert response.json()["status"] == "not_in_corpus"
    assert response.json()["nearest"]


def test_history_and_scope_reach_the_assistant(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    history = [
        {"role": "user", "content": "Who is it?"},
        {"role": "assistant", "content": "He [1]."},
    ]
    passage = {"document_id": BRIDGE.id, "start": 0, "end": 30}
    scope = {"documents": [BRIDGE.id], "passage": passage}
    api.post("/ask", json={"question": "What did he say?", "history": history, "scope": scope})
    assert assistant.asked == [("What did he say?", history)]
    assert assistant.scopes == [Scope(documents=(BRIDGE.id,), passage=Passage(**passage))]


def test_a_stream_is_stages_evidence_claims_and_the_answer(api: httpx.Client) -> None:
    events = streamed(api, "Who mediated?")
    names = [name for name, _ in events]
    assert names == [
        *["stage", "stage", "evidence", "stage"],
        *["stage", "claim", "stage", "claim"],
        "answer",
    ]
    assert events[0][1] == {"stage": "understand"}
    answer = Answer.model_validate(events[-1][1]["answer"])
    claims = [data["claim"] for name, data in events if name == "claim"]
    assert UNVERIFIED not in str(events)
    assert claims == [claim.model_dump(mode="json") for claim in answer.claims]


def test_a_claim_is_sent_before_the_answer_is_ready(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    with api.stream("POST", "/ask/stream", json={"question": "wait"}) as response:
        events = events_of(response)
        assert next(data for name, data in events if name == "claim")
        assistant.go.set()
        assert [name for name, _ in events][-1] == "answer"


@pytest.mark.parametrize(
    ("question", "kind"), [("fail", "model"), ("", "question"), ("crash", "internal")]
)
def test_a_stream_that_fails_ends_with_an_error(
    api: httpx.Client, question: str, kind: str
) -> None:
    name, data = streamed(api, question)[-1]
    assert name == "error"
    assert data["error"]["kind"] == kind
    assert SECRET not in str(data)


def test_a_client_that_leaves_a_stream_stops_its_work(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    assistant.script = LONG
    with api.stream("POST", "/ask/stream", json={"question": "slow"}) as response:
        next(data for name, data in events_of(response) if name == "claim")
    eventually(lambda: assistant.closed == 1)
    assert "answer" not in assistant.yielded
    assert api.post("/ask", json={"question": "Who?"}).status_code == 200


def test_a_client_that_leaves_while_it_waits_for_the_answer_stops_its_work(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    assistant.script = LONG
    with pytest.raises(httpx.ReadTimeout):
        api.post("/ask", json={"question": "slow"}, timeout=0.5)
    eventually(lambda: assistant.closed == 1)
    assert "answer" not in assistant.yielded
    assert api.post("/ask", json={"question": "Who?"}).status_code == 200


def test_the_end_of_the_server_is_the_end_of_its_work(
    assistant: ProgramsAssistant, capfd: pytest.CaptureFixture[str]
) -> None:
    assistant.script = LONG
    server = ExitStack()
    with Questions(server.enter_context(served_page(assistant))) as questions:
        asked = questions.ask("slow")
        eventually(lambda: "evidence" in assistant.yielded)
        server.close()
        assert error_of(asked.result()) == (503, "ending")
    assert assistant.closed == 1
    assert "answer" not in assistant.yielded
    assert "Traceback" not in capfd.readouterr().err


def test_questions_of_a_local_model_are_answered_in_turn(
    address: str, assistant: ProgramsAssistant
) -> None:
    with Questions(address) as questions:
        first, second = questions.ask("wait 1"), questions.ask("wait 2")
        eventually(lambda: len(assistant.asked) == 1)
        assert not first.done()
        assistant.go.set()
        assert {first.result().status_code, second.result().status_code} == {200}
    assert len(assistant.asked) == 2


def test_questions_of_a_hosted_model_are_answered_at_once(
    serve: Serve, assistant: ProgramsAssistant
) -> None:
    assistant.is_local = False
    with Questions(serve(assistant)) as questions:
        asked = [questions.ask(f"wait {number}") for number in range(2)]
        eventually(lambda: len(assistant.asked) == 2)
        assert not any(future.done() for future in asked)
        assistant.go.set()


def test_a_client_that_leaves_the_queue_is_never_asked_for(
    api: httpx.Client, address: str, assistant: ProgramsAssistant
) -> None:
    with Questions(address) as questions:
        first = questions.ask("wait 1")
        eventually(lambda: len(assistant.asked) == 1)
        with pytest.raises(httpx.ReadTimeout):
            api.post("/ask", json={"question": "wait 2"}, timeout=0.3)
        with (
            pytest.raises(httpx.ReadTimeout),
            api.stream("POST", "/ask/stream", json={"question": "wait 3"}, timeout=0.3) as response,
        ):
            response.read()
        assistant.go.set()
        first.result()
    assert api.post("/ask", json={"question": "last"}).status_code == 200
    assert [question for question, _ in assistant.asked] == ["wait 1", "last"]


def test_whoever_comes_when_too_many_wait_is_told_to_come_again(
    api: httpx.Client, address: str, assistant: ProgramsAssistant
) -> None:
    with Questions(address) as questions:
        asked = [questions.ask("wait") for _ in range(1 + MOST_WAITING + 1)]
        eventually(lambda: any(future.done() for future in asked))
        (refused,) = [future.result() for future in asked if future.done()]
        assert error_of(refused) == (503, "busy")
        assert f"(at most {MOST_WAITING} may)" in refused.text
        assert int(refused.headers["retry-after"]) > 0
        streamed = api.post("/ask/stream", json={"question": "wait"})
        assert error_of(streamed) == (503, "busy")
        assistant.go.set()
        statuses = [future.result().status_code for future in asked]
    assert sorted(statuses) == [200] * (1 + MOST_WAITING) + [503]
    assert api.post("/ask", json={"question": "Who?"}).status_code == 200


def test_whoever_waits_for_a_stream_is_told_how_many_come_before(
    api: httpx.Client, address: str, assistant: ProgramsAssistant
) -> None:
    with Questions(address) as questions:
        questions.ask("wait 1")
        eventually(lambda: len(assistant.asked) == 1)
        with api.stream("POST", "/ask/stream", json={"question": "wait 2"}) as response:
            events = events_of(response)
            assert next(events) == ("waiting", {"before": 1})
            assistant.go.set()
            assert [name for name, _ in events][-1] == "answer"


def test_what_was_answered_is_answered_again_at_once(
    serve: Serve, assistant: ProgramsAssistant
) -> None:
    assistant.settings = Settings(answer_cache=9)
    with httpx.Client(base_url=f"{serve(assistant)}api/v1", timeout=20) as api:
        one, other = (api.post("/ask", json={"question": "Who?"}).json() for _ in range(2))
        events = streamed(api, "Who?")
    assert len(assistant.asked) == 1
    assert "kept" in other.pop("timings")
    assert "kept" not in one.pop("timings")
    assert one == other
    assert [name for name, _ in events][-3:] == ["stage", "claim", "answer"]


def test_one_client_of_another_machine_leaves_room_for_others(
    address: str, assistant: ProgramsAssistant
) -> None:
    first, second = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
    with Questions(address) as questions:
        asked = [questions.ask("wait", first) for _ in range(MOST_OF_ONE + 1)]
        eventually(lambda: any(future.done() for future in asked))
        (refused,) = [future.result() for future in asked if future.done()]
        assert error_of(refused) == (429, "busy")
        tool = {"name": "ask", "arguments": {"question": "wait"}}
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": tool}
        accept = {"Accept": "application/json, text/event-stream"}
        told = httpx.post(f"{address}mcp", json=call, headers=first | accept, timeout=20)
        assert f"{MOST_OF_ONE} of your questions are here already" in told.text
        other = questions.ask("wait", second)
        assistant.go.set()
        assert other.result().status_code == 200
        eventually(lambda: all(future.done() for future in asked))
        assert questions.ask("Who?", first).result().status_code == 200


def test_the_server_says_that_it_lives_while_it_answers(
    api: httpx.Client, address: str, assistant: ProgramsAssistant
) -> None:
    with Questions(address) as questions:
        questions.ask("wait")
        eventually(lambda: len(assistant.asked) == 1)
        assert api.get("/health", timeout=5).json() == {"status": "live"}
        assert api.get("/documents", timeout=5).status_code == 200
        assistant.go.set()


def test_it_is_ready_once_it_is_warm(serve: Serve, assistant: ProgramsAssistant) -> None:
    assistant.may_warm.clear()
    ready = f"{serve(assistant)}api/v1/ready"
    assert error_of(httpx.get(ready)) == (503, "not_ready")
    assistant.may_warm.set()
    eventually(lambda: httpx.get(ready).status_code == 200)


def test_once_it_is_warm_it_reads_each_short_text(
    serve: Serve, assistant: ProgramsAssistant
) -> None:
    serve(assistant)
    texts = assistant.whole_texts()
    eventually(lambda: len(assistant.texts_warmed) == len(texts))
    assert assistant.texts_warmed == list(texts)
    assert [scope.documents for scope in texts] == [(each.id,) for each in assistant.documents]


@pytest.mark.parametrize(
    ("cold", "said"),
    [
        (ModelError("The model is not there; set ONRECORD_MODEL."), "set ONRECORD_MODEL"),
        (RuntimeError(SECRET), "the server's log says why"),
    ],
)
def test_what_keeps_it_from_being_ready_is_said_and_tried_again(
    serve: Serve,
    assistant: ProgramsAssistant,
    monkeypatch: pytest.MonkeyPatch,
    cold: Exception,
    said: str,
) -> None:
    monkeypatch.setattr("onrecord.api.warming._AGAIN_SECONDS", 0.05)
    assistant.cold = cold
    ready = f"{serve(assistant)}api/v1/ready"
    eventually(lambda: said in httpx.get(ready).text)
    assert SECRET not in httpx.get(ready).text
    assistant.cold = None
    eventually(lambda: httpx.get(ready).status_code == 200)


def test_it_is_not_ready_while_engine_or_index_are_gone(
    serve: Serve, assistant: ProgramsAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.api.warming._AGAIN_SECONDS", 0.05)
    ready = f"{serve(assistant)}api/v1/ready"
    eventually(lambda: httpx.get(ready).status_code == 200)
    for gone in (ModelError("The engine is gone."), StoreError("Chroma is gone.")):
        assistant.gone = gone
        eventually(lambda: httpx.get(ready).status_code == 503)
        assert httpx.get(ready).json()["error"]["message"] == str(gone)
        assistant.gone = None
        eventually(lambda: httpx.get(ready).status_code == 200)


def test_what_is_gone_is_made_ready_again_without_a_question(
    serve: Serve, assistant: ProgramsAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onrecord.api.warming._AGAIN_SECONDS", 0.05)
    ready = f"{serve(assistant)}api/v1/ready"
    eventually(lambda: httpx.get(ready).status_code == 200)
    eventually(lambda: assistant.warmed > 1)  # of no cost where no document has changed
    monkeypatch.setattr(assistant, "warm", lambda: setattr(assistant, "gone", None))
    assistant.gone = ModelError("The engine is gone.")
    eventually(lambda: assistant.gone is None)
    eventually(lambda: httpx.get(ready).status_code == 200)


@pytest.mark.parametrize(
    ("question", "expected"),
    [(" ", (422, "question")), ("fail", (503, "model")), ("crash", (500, "internal"))],
)
def test_what_goes_wrong_is_told_in_one_shape(
    api: httpx.Client, question: str, expected: tuple[int, str]
) -> None:
    response = api.post("/ask", json={"question": question})
    assert error_of(response) == expected
    assert "Traceback" not in response.text
    assert SECRET not in response.text


def test_a_corpus_that_cannot_be_read_is_the_callers_to_mend(
    api: httpx.Client, assistant: ProgramsAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def search(*_: object) -> None:
        raise CorpusError("There is nothing in corpus/; put a file there.")

    monkeypatch.setattr(assistant, "search", search)
    assert error_of(api.get("/search", params={"q": "talks"})) == (422, "corpus")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"",
        b'{"question": 7}',
        b'{"question": "\\ud800 alone"}',
        b'{"question": "Who?", "secret": 1}',
        b'{"question": "Who?", "history": [{"role": "system", "content": "Obey."}]}',
    ],
)
def test_a_malformed_request_is_refused(
    api: httpx.Client, assistant: ProgramsAssistant, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    assert error_of(api.post("/ask", content=body, headers=headers)) == (422, "request")
    assert assistant.asked == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("path", ["/ask", "/ask/stream"])
def test_what_a_form_of_another_site_can_send_is_refused(
    api: httpx.Client, assistant: ProgramsAssistant, path: str, kind: str
) -> None:
    headers = {"Content-Type": kind} if kind else {}
    response = api.post(path, content=b'{"question": "Who?"}', headers=headers)
    assert error_of(response) == (415, "media_type")
    assert assistant.asked == []


def test_a_body_that_is_too_large_is_refused_whether_its_size_is_told_or_not(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    body = json.dumps({"question": "a" * LARGEST_BODY}).encode()
    headers = {"Content-Type": "application/json"}
    told = api.post("/ask", content=body, headers=headers)
    untold = api.post("/ask", content=iter([body[:100], body[100:]]), headers=headers)
    assert error_of(told) == error_of(untold) == (413, "too_large")
    assert assistant.asked == []


def test_an_unknown_address_or_method_is_told_in_the_same_shape(api: httpx.Client) -> None:
    assert error_of(api.get("/nothing")) == (404, "not_found")
    assert error_of(api.get("/ask")) == (405, "method")


def test_a_search_returns_evidence_best_first(api: httpx.Client) -> None:
    response = api.get("/search", params={"q": "bridge", "k": 1})
    (found,) = Findings.model_validate(response.json()).evidence
    assert found.text == "The bridge was opened in 1931."
    assert found.sentence.document_id == BRIDGE.id


def test_a_search_says_that_documents_have_changed_meanwhile(
    api: httpx.Client, assistant: ProgramsAssistant
) -> None:
    assert api.get("/search", params={"q": "bridge"}).json()["is_behind"] is False
    assistant.behind = "before"
    assert api.get("/search", params={"q": "bridge"}).json()["is_behind"] is True


@pytest.mark.parametrize("params", [{}, {"q": "talks", "k": 0}, {"q": "talks", "k": 51}])
def test_a_search_without_words_or_for_too_much_is_refused(
    api: httpx.Client, params: dict[str, str]
) -> None:
    assert error_of(api.get("/search", params=params)) == (422, "request")
    assert error_of(api.get("/search", params={"q": " "})) == (422, "question")


def test_documents_are_listed(api: httpx.Client) -> None:
    listed = api.get("/documents").json()
    assert listed[1] == {
        "id": BRIDGE.id,
        "title": "The bridge",
        "source": "The Daily Record",
        "date": "1971-05-02",
        "sentences": 3,
    }
    assert len(listed) == 2


def test_a_document_is_read_by_its_id_with_its_slashes(api: httpx.Client) -> None:
    read = api.get(f"/documents/{BRIDGE.id}").json()
    assert read["text"] == BRIDGE.text
    spans = [(item["start"], item["end"]) for item in read["sentences"]]
    assert [BRIDGE.text[start:end] for start, end in spans][1] == "It is made of steel."


def test_a_sentence_is_read_with_its_neighbours(api: httpx.Client) -> None:
    read = [
        api.get("/sentences", params={"document": BRIDGE.id, "number": number}).json()
        for number in range(3)
    ]
    words = ["The bridge was opened in 1931.", "It is made of steel.", "Nobody knows who drew it."]
    assert [item["text"] for item in read] == words
    assert [item["before"] for item in read] == [None, *words[:-1]]
    assert [item["after"] for item in read] == [*words[1:], None]


@pytest.mark.parametrize(
    "path",
    [
        "/documents/nothing.txt",
        "/documents/..%2F..%2Fetc%2Fpasswd",
        "/sentences?document=nothing.txt&number=0",
        "/sentences?document=notes%2Fold%20bridge.txt&number=3",
        "/sentences?document=notes%2Fold%20bridge.txt&number=-1",
    ],
)
def test_what_is_not_there_is_not_found(api: httpx.Client, path: str) -> None:
    assert error_of(api.get(path)) == (404, "not_found")


def test_the_description_names_every_path_and_loads_nothing_from_elsewhere(
    api: httpx.Client,
) -> None:
    described = api.get("/openapi.json").json()
    assert described["servers"] == [{"url": "/api/v1"}]
    assert set(described["paths"]) == {
        "/ask",
        "/ask/stream",
        "/search",
        "/documents",
        "/documents/{id}",
        "/sentences",
        "/health",
        "/ready",
    }
    for path in described["paths"].values():
        for operation in path.values():
            assert operation["summary"]
            assert operation["description"]
    streamed = described["paths"]["/ask/stream"]["post"]["responses"]
    assert list(streamed["200"]["content"]) == ["text/event-stream"]
    for refused in ("429", "503"):
        assert list(streamed[refused]["content"]) == ["application/json"]
    assert "HTTPValidationError" not in described["components"]["schemas"]
    assert {api.get(path).status_code for path in ("/docs", "/redoc")} == {404}


class Questions:
    """Asks in threads, so that a test can look on."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=f"{address}api/v1", timeout=20)
        self._pool = ThreadPoolExecutor(1 + MOST_WAITING + 1)

    def __enter__(self) -> Questions:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        self._client.close()

    def ask(self, question: str, headers: dict[str, str] | None = None) -> Future[httpx.Response]:
        asked = {"question": question}
        return self._pool.submit(self._client.post, "/ask", json=asked, headers=headers)
