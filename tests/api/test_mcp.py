from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal, TypeVar

import anyio
import pytest
from mcp import Client, StdioServerParameters
from mcp.types import CallToolResult, TextContent, Tool

from onrecord.types import Scope
from tests.api.conftest import BRIDGE
from tests.api.programs import LONG, SECRET, ProgramsAssistant
from tests.api.waiting import eventually

T = TypeVar("T")

STDIO = StdioServerParameters(
    command=sys.executable,
    args=["-m", "tests.api.stdio_server"],
    cwd=Path(__file__).parents[2],
    env={"PYTHONPATH": ":".join(sys.path)},
)


def with_client(
    server: str | StdioServerParameters,
    do: Callable[[Client], Awaitable[T]],
    mode: Literal["auto", "legacy"] = "auto",
) -> T:
    async def run() -> T:
        async with Client(server, mode=mode) as client:
            return await do(client)

    return asyncio.run(run())


def call(address: str, tool: str, **arguments: Any) -> CallToolResult:
    return with_client(f"{address}mcp", lambda client: client.call_tool(tool, arguments))


def said(result: CallToolResult) -> str:
    return "".join(part.text for part in result.content if isinstance(part, TextContent))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_describe_themselves(address: str, mode: Literal["auto", "legacy"]) -> None:
    async def tools_of(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in with_client(f"{address}mcp", tools_of, mode)}
    assert set(tools) == {"ask", "search", "get_sentence", "list_documents"}
    for tool in tools.values():
        assert tool.description
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.output_schema
        for parameter in tool.input_schema["properties"].values():
            assert parameter["description"]
    assert tools["ask"].input_schema["required"] == ["question"]
    said_of = tools["ask"].output_schema["properties"]  # type: ignore[index]
    assert set(said_of) == {"status", "text", "citations", "nearest", "is_behind"}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_answer_has_its_citations(
    address: str, assistant: ProgramsAssistant, mode: Literal["auto", "legacy"]
) -> None:
    result = with_client(
        f"{address}mcp", lambda client: client.call_tool("ask", {"question": "Who?"}), mode
    )
    assert result.structured_content is not None
    assert result.structured_content["status"] == "answered"
    assert "[1]" in result.structured_content["text"]
    assert result.structured_content["citations"][0] == assistant.cite(1, 0, 1).model_dump()


def test_a_refusal_says_so_and_cites_nothing(address: str) -> None:
    result = call(address, "ask", question="refuse").structured_content
    assert result is not None
    nearest = result.pop("nearest")
    assert result == {
        "status": "not_in_corpus",
        "text": "The article does not say.",
        "citations": [],
        "is_behind": False,
    }
    assert [each["number"] for each in nearest] == [1, 2, 3]


def test_an_answer_says_that_documents_have_changed_meanwhile(
    address: str, assistant: ProgramsAssistant
) -> None:
    assistant.behind = "before"
    for tool, asked in (("ask", {"question": "Who?"}), ("search", {"query": "steel"})):
        result = call(address, tool, **asked).structured_content
        assert result is not None
        assert result["is_behind"] is True


def test_the_documents_that_may_answer_are_chosen_among_those_that_are_listed(
    address: str, assistant: ProgramsAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = call(address, "list_documents", find="BRIDGE").structured_content
    assert listed is not None
    (entry,) = listed["documents"]
    assert (entry["id"], entry["sentences"], listed["count"]) == (BRIDGE.id, 3, 1)
    call(address, "ask", question="Who?", documents=[entry["id"]])
    assert assistant.scopes == [Scope(documents=(BRIDGE.id,))]
    monkeypatch.setattr("onrecord.api.mcp._MOST_LISTED", 1)
    listed = call(address, "list_documents").structured_content
    assert listed is not None
    assert (len(listed["documents"]), listed["count"]) == (1, 2)


def test_the_conversation_reaches_the_assistant(address: str, assistant: ProgramsAssistant) -> None:
    history = [{"role": "user", "content": "Who is it?"}]
    call(address, "ask", question="And then?", history=history)
    assert assistant.asked == [("And then?", history)]


def test_a_search_and_a_sentence_lead_to_each_other(address: str) -> None:
    found = call(address, "search", query="steel").structured_content
    assert found is not None
    (sentence,) = found["sentences"]
    assert found["is_behind"] is False
    assert sentence["text"] == "It is made of steel."
    read = call(
        address, "get_sentence", document=sentence["document_id"], number=sentence["sentence"]
    ).structured_content
    assert read is not None
    assert read["text"] == sentence["text"]
    assert read["before"] == "The bridge was opened in 1931."


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        ("ask", {"question": "fail"}, "set ONRECORD_MODEL"),
        ("ask", {"question": " "}, "ask something in words"),
        ("search", {"query": ""}, "ask something in words"),
        ("search", {"query": "talks", "k": 51}, "less than or equal to 50"),
        ("get_sentence", {"document": "nothing.txt", "number": 0}, "no document 'nothing.txt'"),
        ("get_sentence", {"document": BRIDGE.id, "number": 3}, "has 3 sentences"),
        ("ask", {"question": "crash"}, "Error executing tool ask"),
    ],
)
def test_what_goes_wrong_is_told_to_who_asks(
    address: str, tool: str, arguments: dict[str, Any], message: str
) -> None:
    result = call(address, tool, **arguments)
    assert result.is_error
    assert message in said(result)
    assert SECRET not in said(result)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_who_leaves_stops_the_work(
    address: str, assistant: ProgramsAssistant, mode: Literal["auto", "legacy"]
) -> None:
    assistant.script = LONG

    async def leave(client: Client) -> None:
        with anyio.move_on_after(0.5):
            await client.call_tool("ask", {"question": "slow"})

    with_client(f"{address}mcp", leave, mode)
    eventually(lambda: assistant.closed == 1)
    assert "answer" not in assistant.yielded


def test_over_stdio_nothing_but_the_protocol_is_written() -> None:
    async def ask(client: Client) -> CallToolResult:
        return await client.call_tool("ask", {"question": "Who?"})

    result = with_client(STDIO, ask)
    assert result.structured_content is not None
    assert result.structured_content["text"] == "Yes [1]."


def test_over_stdio_other_output_goes_to_the_log_and_the_end_of_input_is_the_end() -> None:
    ended = subprocess.run(
        [STDIO.command, *STDIO.args],
        cwd=STDIO.cwd,
        env=STDIO.env,
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert ended.stdout == ""
    assert "opening" in ended.stderr
