"""What the page does when something is pressed. No layout here, and no HTML."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from onrecord.errors import OnrecordError
from onrecord.ui import words
from onrecord.ui.answer import conversation_html
from onrecord.ui.article import pane_html, problem_html
from onrecord.ui.examples import examples_for
from onrecord.ui.masthead import masthead_html
from onrecord.ui.turns import Turn, Turns, history, is_working

if TYPE_CHECKING:
    from onrecord import Assistant

View = tuple[Any, ...]
"""The turns, the conversation, and which of Ask, Stop, Retry and Clear can be seen."""


class Handlers:
    """Turns presses into what is shown next.

    Args:
        assistant: Who answers, and whose documents are shown.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def open_page(self) -> Iterator[tuple[str, str, Any]]:
        """Yield masthead, article and conversation: at once, and again when all is ready."""
        welcome = self._conversation(())
        yield self._masthead(words.STARTING), self._pane(), welcome
        try:
            report = self._assistant.refresh()
            notice = words.skipped(list(report.skipped.values())) if report.skipped else ""
            yield self._masthead(words.STARTING), self._pane(notice=notice), self._conversation(())
            self._assistant.warm()
        except OnrecordError as error:
            yield self._masthead(), self._pane(notice=str(error)), gr.skip()
            return
        yield self._masthead(), self._pane(notice=notice), gr.skip()

    def add(self, files: Sequence[str] | None) -> Iterator[str]:
        """Yield the pane while files are added, and with the last of them."""
        paths = [Path(file) for file in files or ()]
        yield self._pane(notice=words.adding([path.name for path in paths]))
        added: list[str] = []
        problems: list[str] = []
        for path in paths:
            try:
                added.append(self._assistant.add(path))
            except OnrecordError as error:
                problems.append(str(error))
            path.unlink(missing_ok=True)  # the browser's copy
        try:
            self._assistant.refresh()
        except OnrecordError as error:
            problems.append(str(error))
        shown = added[-1] if added else ""
        yield self._pane(shown, notice=words.added(added, problems))

    def open_document(self, event: gr.EventData) -> str:
        """Return the pane for the document that was chosen, as it is now."""
        return self._pane(str(event._data.get("document", "")))

    def ask(self, question: str, turns: Turns) -> View:
        """Put a question at the end of the conversation; the empty question box comes first."""
        if not question.strip() or is_working(turns):
            return question, *self._view(turns)
        return "", *self._view((*turns, Turn(question.strip())))

    def ask_example(self, turns: Turns, event: gr.EventData) -> View:
        """Put an example question at the end of the conversation."""
        return self.ask(str(event._data.get("question", "")), turns)[1:]

    def ask_again(self, turns: Turns) -> View:
        """Ask the last question once more, in the place of its last answer."""
        if not turns or is_working(turns):
            return self._view(turns)
        return self._view((*turns[:-1], Turn(turns[-1].question)))

    def answer(self, turns: Turns) -> Iterator[View]:
        """Yield the conversation as the answer to its last question comes in."""
        if not is_working(turns) or turns[-1].stage != "waiting":
            yield self._view(turns)
            return
        *earlier, turn = turns
        before = history(earlier)
        events = self._assistant.stream(turn.question, before)
        try:
            for event in events:
                turn = turn.after(event)
                if turn.answer is not None:
                    receipt = self._assistant.receipt(turn.answer, before)
                    turn = replace(turn, receipt=receipt.model_dump_json(indent=2))
                yield self._view((*earlier, turn))
        except OnrecordError as error:
            yield self._view((*earlier, replace(turn, problem=str(error))))
        finally:
            if isinstance(events, Generator):
                events.close()  # Stop has closed this one: no more work for nobody

    def stop(self, turns: Turns) -> View:
        """Leave the answer as far as it has come."""
        if not is_working(turns):
            return self._view(turns)
        return self._view((*turns[:-1], replace(turns[-1], stopped=True)))

    def clear(self) -> View:
        """Begin anew, with an empty question box."""
        return "", *self._view(())

    def _view(self, turns: Turns) -> View:
        working = is_working(turns)
        done = bool(turns) and not working
        return (
            turns,
            self._conversation(turns),
            gr.update(visible=not working),
            gr.update(visible=working),
            gr.update(visible=done),
            gr.update(visible=done),
        )

    def _conversation(self, turns: Turns) -> str:
        return conversation_html(turns, () if turns else examples_for(self._assistant.documents))

    def _masthead(self, doing: str = "") -> str:
        return masthead_html(self._assistant.model_name, self._assistant.is_local, doing)

    def _pane(self, document_id: str = "", notice: str = "") -> str:
        documents = self._assistant.documents
        if not documents:
            return problem_html(notice)
        shown = next((item for item in documents if item.id == document_id), documents[0])
        return pane_html(documents, shown, self._assistant.sentences(shown.id), notice)
