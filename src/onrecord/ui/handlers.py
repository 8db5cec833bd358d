"""What the page does when something is asked. No layout here, and no HTML."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import gradio as gr
from anyio import to_thread

from onrecord.api.people import person_of, user
from onrecord.conversations import Conversations
from onrecord.desk import Ask, Desk
from onrecord.errors import OnrecordError
from onrecord.observe.request import HEADER, accepted, named, unforeseen
from onrecord.types import EVERYTHING, Answer, AnswerReady, ClaimDrafted, Message, Scope
from onrecord.ui import words
from onrecord.ui.keeping import owned
from onrecord.ui.masthead import masthead_html
from onrecord.ui.pane import pane
from onrecord.ui.receipts import parcel_html
from onrecord.ui.reopening import reopened
from onrecord.ui.scope import chosen, name_of, scope_html, wished
from onrecord.ui.sent import Sent
from onrecord.ui.session import Session
from onrecord.ui.turns import Turn, history
from onrecord.ui.view import COMING, View, changed, moved, unchanged, welcome, whole
from onrecord.words import well_formed

log = logging.getLogger(__name__)

_GLANCE = 0.25  # seconds: the question is shown at once, and what is likely to be read with it
_BETWEEN_WORDS = 0.1  # seconds: words that are not verified need not come one by one


class Handlers:
    """Turns presses into what is shown next.

    Args:
        desk: Where questions are put, and whose assistant's documents are shown.
        conversations: Where answers are kept; None keeps none.
    """

    def __init__(self, desk: Desk, conversations: Conversations | None = None) -> None:
        self._desk = desk
        self._assistant = desk.assistant
        self._conversations = conversations

    def open_page(self) -> Iterator[tuple[Any, ...]]:
        """Yield masthead, article, notice and view: at once, and again when all is ready.

        Once the files are looked through, the reader may have chosen another document, or opened a
        conversation: so there is a notice alone, for `look_again`, empty where only documents have
        changed.
        """
        documents = self._assistant.documents
        shown = pane(self._assistant)
        yield self._masthead(words.STARTING), shown, gr.skip(), *self._view(Session())
        same = unchanged()
        try:
            left_out = self._assistant.left_out()
            notice = words.skipped([*left_out.values()]) if left_out else ""
            are_others = self._assistant.documents != documents
            told = notice if notice or are_others else gr.skip()
            yield self._masthead(words.STARTING), gr.skip(), told, *same
            self._assistant.warm()
        except OnrecordError as error:
            yield self._masthead(), gr.skip(), str(error), *same
            return
        yield self._masthead(), gr.skip(), gr.skip(), *same

    def leave_unready(self) -> tuple[str, str]:
        """Return masthead and notice where something unforeseen came between."""
        return self._masthead(), words.UNREADY

    def look_again(self, notice: str, shown: str, session: Session) -> tuple[str, Any]:
        """Return the pane with the document that it shows already, as it is now; and examples.

        What was asked or opened meanwhile is not written over by these.
        """
        examples = gr.skip() if session.turns else welcome(self._assistant.documents)
        return pane(self._assistant, shown, notice), examples

    async def ask(self, question: str, session: Session, sent: str, request: gr.Request) -> View:
        """Put a question at the end of the conversation; the page takes it out of its box.

        Args:
            question: As it was typed.
            session: The conversation.
            sent: What the page says of itself; see `Sent`.
            request: Who asks.

        Raises:
            QuestionError: What it is to be asked of is not there; the page puts it back.
        """
        if not question.strip() or session.is_working:
            return unchanged()
        told = Sent.of(sent)
        scope = chosen(told.scope, self._assistant.documents)
        session = await to_thread.run_sync(self._found_again, session, told, request)
        return await self._asking(session, question.strip(), scope, told)

    async def press(
        self, session: Session, sent: str, event: gr.EventData, request: gr.Request
    ) -> View:
        """Ask what a button in the conversation stands for."""
        said = event._data
        if said.get("do") != "ask":
            return unchanged()
        return await self.ask(str(said.get("question", "")), session, sent, request)

    async def ask_again(self, session: Session, sent: str, request: gr.Request) -> View:
        """Ask the last question once more, of what it was asked of, in the place of its answer."""
        told = Sent.of(sent)
        session = await to_thread.run_sync(self._found_again, session, told, request)
        if not session.can_go_back:
            return unchanged()
        last = session.turns[-1]
        return await self._asking(session.without_last(), last.question, last.scope, told)

    def narrow(self, event: gr.EventData) -> tuple[Scope, str]:
        """Return what is chosen to be asked of from now on, and its words."""
        documents = self._assistant.documents
        scope = wished(event._data.get("scope"), documents) or EVERYTHING
        return scope, scope_html(scope, documents)

    def edit(self, typed: str, session: Session, sent: str, request: gr.Request) -> View:
        """Take the last question back into the question box, before what has been typed into it.

        Where it was not asked of everything, what it was asked of is chosen again.
        """
        told = Sent.of(sent)
        session = self._found_again(session, told, request)
        if not session.can_go_back:
            return gr.skip(), *unchanged(), *self._chosen_again(EVERYTHING)
        last = session.turns[-1]
        box = f"{last.question}\n{typed}".strip()
        shown = self._moved(session.without_last(), told)
        return box, *shown, *self._chosen_again(last.scope)

    async def answer(self, session: Session, request: gr.Request) -> AsyncGenerator[View]:
        """Yield what changes as the answer to the last question comes in.

        Gradio hands over the request that asks it, which is over by then, and its name with it.
        """
        if not session.is_working or session.turns[-1].stage != "waiting":
            yield unchanged(COMING)  # nothing was asked; what is asked meanwhile stays
            return
        *earlier, turn = session.turns
        turn = replace(turn, stage="asked")
        yield changed(session.with_last(turn))  # at once: nothing is asked twice
        asked = _asked(earlier, turn)
        name = accepted(request.headers.get(HEADER) if request.request else None)
        shown_at = 0.0
        try:
            async with self._desk.asking(asked, _person(request), name) as events:
                async for event in events:
                    turn = turn.after(event)
                    session = session.with_last(turn)
                    if isinstance(event, ClaimDrafted):
                        if time.monotonic() - shown_at < _BETWEEN_WORDS:
                            continue
                        shown_at = time.monotonic()
                    if isinstance(event, AnswerReady):
                        session = await to_thread.run_sync(
                            self._kept, session, event.answer, asked.messages, request
                        )
                    yield changed(session)
        except OnrecordError as error:
            yield changed(session.with_last(replace(turn, problem=str(error))))
        except Exception:
            with named(name):
                log.exception("Request %s failed", name)
                said = unforeseen()
            yield changed(session.with_last(replace(turn, problem=said)))

    def fail(self, session: Session, stopped: str) -> View:
        """Say of an answer that it will not come, where nobody was there to say why.

        Args:
            session: The conversation.
            stopped: Not empty where it was the reader who ended it: `stop` says so.
        """
        if stopped or not session.is_working:
            return unchanged(COMING)
        return changed(session.with_last(replace(session.turns[-1], problem=words.FAILED)))

    def stop(self, session: Session) -> View:
        """Leave the answer as far as it has come.

        It may be complete by now: then it is shown, since its own last view is broken off.
        """
        if not session.turns:
            return unchanged(COMING)
        if not session.is_working:
            return changed(session)
        return changed(session.with_last(replace(session.turns[-1], stopped=True)))

    def begin(self) -> View:
        """Begin a new conversation; what is typed already is for it."""
        return self._view(Session())

    def hand_over(
        self, session: Session, sent: str, event: gr.EventData, request: gr.Request
    ) -> str:
        """Return the receipt that is wanted, as a file to be saved.

        Raises:
            OnrecordError: It is none of this conversation's.
        """
        session = self._found_again(session, Sent.of(sent), request)
        return parcel_html(session.turns, str(event._data.get("receipt", "")))

    def _kept(
        self,
        session: Session,
        answer: Answer,
        before: Sequence[Mapping[str, str]],
        request: gr.Request,
    ) -> Session:
        """Keep an answer with its conversation; it is shown in any case."""
        receipt = self._assistant.receipt(answer, before)
        turn = replace(session.turns[-1], receipt=receipt.model_dump_json(indent=2))
        session = session.with_last(turn)
        if self._conversations is None:
            return session
        conversations = owned(self._conversations, request)
        try:
            if not (name := session.conversation):
                begun = conversations.begin(receipt, turn.dropped)
                kept, session = begun.exchanges[0], replace(session, conversation=begun.id)
            elif session.replaces:
                old = session.replaces
                kept = conversations.replace_last(name, old, receipt, turn.dropped)
            else:
                kept = conversations.add(name, receipt, turn.dropped)
        except OnrecordError as error:
            return session.with_last(replace(turn, unkept=words.unkept(str(error))))
        return replace(session.with_last(replace(turn, exchange=kept.id)), replaces="")

    def _found_again(self, session: Session, told: Sent, request: gr.Request) -> Session:
        """Return the conversation that the page shows.

        Gradio forgets sessions: of a server that was started again, and of a page that slept.
        """
        is_whole = bool(session.turns) or not told.shown
        if is_whole or not told.conversation or self._conversations is None:
            return session
        try:
            mine = owned(self._conversations, request)
            return reopened(mine, told.conversation, self._assistant.documents)
        except OnrecordError:
            return session

    async def _asking(self, session: Session, question: str, scope: Scope, told: Sent) -> View:
        # A browser may send half a surrogate.
        turn = Turn(well_formed(question), scope, name_of(scope, self._assistant.documents))
        turn = replace(turn, is_cut_off=bool(told.shown) and not session.turns)
        evidence = await self._desk.glance(_asked(session.turns, turn), _GLANCE)
        return self._moved(session.asking(replace(turn, evidence=evidence)), told)

    def _chosen_again(self, scope: Scope) -> tuple[Any, Any]:
        """Return what is asked of next, and its words, if that is not everything."""
        if scope == EVERYTHING:
            return gr.skip(), gr.skip()
        return scope, scope_html(scope, self._assistant.documents)

    def _view(self, session: Session) -> View:
        return whole(session, self._assistant.documents)

    def _moved(self, session: Session, told: Sent) -> View:
        """Return what has changed by a question, for a page that shows the conversation so far."""
        is_in_step = len(session.turns) <= told.shown + 1
        return (moved if is_in_step else whole)(session, self._assistant.documents)

    def _masthead(self, doing: str = "") -> str:
        return masthead_html(self._assistant.model_name, self._assistant.is_local, doing)


def _asked(earlier: Sequence[Turn], turn: Turn) -> Ask:
    said = ({**each, "content": well_formed(each["content"])} for each in history(earlier))
    messages = tuple(map(Message.model_validate, said))
    return Ask(question=turn.question, history=messages, scope=turn.scope)


def _person(request: gr.Request) -> str:
    """Return who asks, as `person_of` does; at this machine, the page that somebody has opened."""
    if request.username:
        return user(request.username)
    machine = person_of(request.request) if request.request else None
    return machine or f"page {request.session_hash}"
