"""What the page does when something is asked. No layout here, and no HTML."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from onrecord.conversations import Conversations, Feedback, Quotation
from onrecord.errors import OnrecordError
from onrecord.observe.request import HEADER, accepted, carried, named, unforeseen
from onrecord.receipt import Receipt
from onrecord.types import EVERYTHING, ClaimDrafted, Passage, Scope
from onrecord.ui import words
from onrecord.ui.masthead import masthead_html
from onrecord.ui.pane import pane
from onrecord.ui.scope import scope_html
from onrecord.ui.session import Session
from onrecord.ui.turns import history
from onrecord.ui.view import View, changed, unchanged, welcome, whole
from onrecord.words import well_formed

if TYPE_CHECKING:
    from onrecord import Assistant

log = logging.getLogger(__name__)

_BETWEEN_WORDS = 0.1  # seconds: words that are not verified need not come one by one
_PASSAGE = ("document_id", "start", "end")
_QUOTATIONS = TypeAdapter(tuple[Quotation, ...])


class Handlers:
    """Turns presses into what is shown next.

    Args:
        assistant: Who answers, and whose documents are shown.
        conversations: Where answers are kept; None keeps none.
    """

    def __init__(self, assistant: Assistant, conversations: Conversations | None = None) -> None:
        self._assistant = assistant
        self._conversations = conversations

    def open_page(self) -> Iterator[tuple[Any, ...]]:
        """Yield masthead, article and view: at once, and again when all is ready."""
        yield self._masthead(words.STARTING), pane(self._assistant), *self._view(Session())
        try:
            report = self._assistant.refresh()
            notice = words.skipped(list(report.skipped.values())) if report.skipped else ""
            shown = pane(self._assistant, notice=notice)
            yield self._masthead(words.STARTING), shown, *welcome(self._assistant.documents)
            self._assistant.warm()
        except OnrecordError as error:
            yield self._masthead(), pane(self._assistant, notice=str(error)), *unchanged()
            return
        yield self._masthead(), gr.skip(), *unchanged()

    def ask(self, question: str, session: Session) -> View:
        """Put a question at the end of the conversation; the empty question box comes first."""
        if not question.strip() or session.is_working:
            return question, *self._view(session)
        # A browser may send half a surrogate.
        return "", *self._view(session.asking(well_formed(question.strip())))

    def press(self, session: Session, event: gr.EventData) -> View:
        """Do what a button in the conversation stands for."""
        said = event._data
        match said.get("do"):
            case "ask":
                return self.ask(str(said.get("question", "")), session)[1:]
            case "like" | "dislike" | "unjudge":
                return self._view(self._judged(session, said))
        return self._view(session)

    def narrow(self, event: gr.EventData) -> tuple[Scope, str]:
        """Return what is asked of from now on, and its words: a selected passage, or everything."""
        said = event._data
        scope = _selected(said) if said.get("do") == "select" else EVERYTHING
        return scope, scope_html(scope, self._assistant.documents)

    def ask_again(self, session: Session) -> View:
        """Ask the last question once more, in the place of its last answer."""
        if not session.can_go_back:
            return self._view(session)
        return self._view(session.without_last().asking(session.turns[-1].question))

    def edit(self, session: Session) -> View:
        """Take the last question back into the question box, which comes first."""
        if not session.can_go_back:
            return gr.skip(), *self._view(session)
        return session.turns[-1].question, *self._view(session.without_last())

    def answer(
        self, session: Session, scope: Scope, request: gr.Request | None = None
    ) -> Iterator[View]:
        """Yield what changes as the answer to the last question, asked of a scope, comes in.

        Gradio hands over the request that asks it, which is over by then, and its name with it.
        """
        if not session.is_working or session.turns[-1].stage != "waiting":
            yield unchanged()  # nothing was asked; what is asked meanwhile is not written over
            return
        *earlier, turn = session.turns
        before = history(earlier)
        name = accepted(request.headers.get(HEADER) if request else None)
        events = carried(name, self._assistant.stream(turn.question, before, scope))
        shown_at = 0.0
        try:
            for event in events:
                turn = turn.after(event)
                session = session.with_last(turn)
                if isinstance(event, ClaimDrafted):
                    if time.monotonic() - shown_at < _BETWEEN_WORDS:
                        continue
                    shown_at = time.monotonic()
                if turn.answer is not None:
                    session = self._kept(session, self._assistant.receipt(turn.answer, before))
                yield changed(session)
        except OnrecordError as error:
            yield changed(session.with_last(replace(turn, problem=str(error))))
        except Exception:
            with named(name):
                log.exception("Request %s failed", name)
                said = unforeseen()
            yield changed(session.with_last(replace(turn, problem=said)))
        finally:
            events.close()  # Stop has closed this one: no more work for nobody

    def stop(self, session: Session) -> View:
        """Leave the answer as far as it has come."""
        if not session.is_working:
            return self._view(session)
        return self._view(session.with_last(replace(session.turns[-1], stopped=True)))

    def begin(self) -> View:
        """Begin a new conversation, with an empty question box."""
        return "", *self._view(Session())

    def _kept(self, session: Session, receipt: Receipt) -> Session:
        """Keep an answer with its conversation; it is shown in any case."""
        turn = replace(session.turns[-1], receipt=receipt.model_dump_json(indent=2))
        session = session.with_last(turn)
        if self._conversations is None:
            return session
        try:
            if not session.conversation:
                begun = self._conversations.begin(receipt)
                kept, session = begun.exchanges[0], replace(session, conversation=begun.id)
            elif session.replaces:
                kept = self._conversations.replace_last(session.conversation, receipt)
            else:
                kept = self._conversations.add(session.conversation, receipt)
        except OnrecordError as error:
            return session.with_last(replace(turn, unkept=words.unkept(str(error))))
        return replace(session.with_last(replace(turn, exchange=kept.id)), replaces=False)

    def _judged(self, session: Session, said: Mapping[str, Any]) -> Session:
        """Keep what the reader says of an answer; where that cannot be, say so under it."""
        kept = (turn for turn in session.turns if turn.exchange)
        turn = next((turn for turn in kept if turn.exchange == said.get("exchange")), None)
        if self._conversations is None or turn is None:
            return session
        try:
            feedback = _feedback(said)
            self._conversations.judge(turn.exchange, feedback)
        except OnrecordError as error:
            return session.with_kept(replace(turn, unkept=words.unkept(str(error))))
        return session.with_kept(replace(turn, feedback=feedback, unkept=""))

    def _view(self, session: Session) -> View:
        return whole(session, self._assistant.documents)

    def _masthead(self, doing: str = "") -> str:
        return masthead_html(self._assistant.model_name, self._assistant.is_local, doing)


def _selected(said: Mapping[str, Any]) -> Scope:
    """Return the passage that was selected in the article; everything, where none was."""
    try:
        return Scope(passage=Passage.model_validate({key: said.get(key) for key in _PASSAGE}))
    except ValidationError:
        return EVERYTHING


def _feedback(said: Mapping[str, Any]) -> Feedback | None:
    """Return what the form under an answer says; None takes back what was said.

    Raises:
        OnrecordError: It is none of the page's forms.
    """
    if said["do"] == "unjudge":
        return None
    if said["do"] == "like":
        return Feedback(liked=True)
    try:
        quotations = _QUOTATIONS.validate_json(str(said.get("quotations", "[]")))
    except ValidationError as error:
        raise OnrecordError(words.MALFORMED) from error
    return Feedback(
        liked=False,
        reason=str(said.get("reason", "")),
        right_answer=str(said.get("right_answer", "")),
        not_in_corpus=bool(said.get("not_in_corpus")),
        quotations=quotations,
    )
